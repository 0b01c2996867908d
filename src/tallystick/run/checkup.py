"""A quick look at a connector's wiring: one record over, one edit back. Rule: it says what was
seen, and how to mend it; it judges no law.

It stops at the first thing that does not work, for whatever comes after that follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tallystick.connectors.address import Launch
from tallystick.connectors.command import Command
from tallystick.connectors.environment import TAKE_URLS
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Row, Side
from tallystick.derive.labels import counterpart_of
from tallystick.derive.samples import sample_value
from tallystick.errors import ConnectorUnavailable
from tallystick.run.actions import StepImpossible, perform
from tallystick.run.smoke import creating_pair
from tallystick.run.stage import Theatre
from tallystick.run.world import World
from tallystick.vocabulary.events import Exchange, Strayed, SyncEnded
from tallystick.vocabulary.script import ONLY, Arrived, Create, Edit, Ref, Settle, Start

__all__ = ["Checkup", "Finding", "Look", "check_up", "hurried"]

_LABEL: Final = "Doctor"
_STARTED: Final = "it can be started"
_START_S: Final = 5.0
_LIMIT_S: Final = 2.0  # for each other thing that is waited for: all of it takes less than 10 s
_MOST_FINDINGS: Final = 5
_ANSWER: Final = (
    'Answer {"id": 1, "do": "sync"} by {"id": 1, "did": "sync"} on standard output once nothing is'
    " left to do, and print nothing else there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One thing that was looked at, whether it works; if not, what was seen and how to mend it."""

    name: str
    works: bool
    seen: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wired wrongly, and how to mend it."""

    text: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """All that was looked at, in order; `reached` tells whether either system was asked at all."""

    looks: tuple[Look, ...]
    findings: tuple[Finding, ...]
    reached: bool

    @property
    def works(self) -> bool:
        """Whether everything works."""
        return all(look.works for look in self.looks)


def hurried(launch: Launch) -> Launch:
    """Give a way to run a connector that waits for nothing longer than a doctor would.

    An attached connector is started by hand: for that there is all the time that it takes.
    """
    if isinstance(launch, Command):
        return replace(
            launch, start_s=_START_S, sync_s=_LIMIT_S, deadline_s=_LIMIT_S, stop_s=1.0, reuse=False
        )
    return launch


def check_up(theatre: Theatre, dataflow: Dataflow) -> Checkup:
    """Look at this run's connector. Only the first pair that creates records is tried."""
    looks: list[Look] = []
    world = theatre.world(dataflow, title="doctor")
    try:
        for look in _looks(world, dataflow):
            looks.append(look)
            if not look.works:
                break
    except ConnectorUnavailable as error:
        # One that works by itself shows that it runs by its first request, when others wait for it.
        failed = Look(name=_STARTED, works=False, seen=str(error), remedy=error.remedy)
        looks = [*(look for look in looks if look.name != _STARTED), failed]
    finally:
        events = world.close().events
    exchanges = [event for event in events if isinstance(event, Exchange)]
    strayed = [event.origin for event in events if isinstance(event, Strayed)]
    works = all(look.works for look in looks)
    findings = [] if works else [*_findings(exchanges, dataflow), *_elsewhere(strayed)]
    return Checkup(
        looks=tuple(looks), findings=tuple(findings[:_MOST_FINDINGS]), reached=bool(exchanges)
    )


def _looks(world: World, dataflow: Dataflow) -> Iterator[Look]:
    pair = creating_pair(dataflow)
    perform(world, Start())
    yield Look(name=_STARTED, works=True)
    if pair is None:
        yield _settles(world, "it synchronizes")
        return
    record = Ref(_LABEL, pair.source)
    given = tuple((term.path.text, term.equals) for term in pair.create.condition)
    perform(world, Create(side="source", record=record, values=given))
    yield _settles(world, "it synchronizes, and says so")
    for side in SIDES:
        yield _reaches(world, side)
    made = world.judge.book.links_of(world.labels[_LABEL])
    yield Look(
        name=f"a new {pair.source} becomes a {pair.target}",
        works=bool(made),
        seen="" if made else f"no {pair.target} was created for it",
    )
    row = _row(pair)
    if row is not None:
        yield from _back(world, dataflow, pair, row)


def _settles(world: World, name: str) -> Look:
    perform(world, Settle())
    ended = [event for event in world.journal.events if isinstance(event, SyncEnded)]
    if ended[-1].outcome == "did":
        return Look(name=name, works=True)
    asked = any(isinstance(event, Exchange) for event in world.journal.events)
    remedy = "" if asked else f"No request of it has reached either system. {TAKE_URLS}"
    if ended[-1].outcome == "crashed" and not world.wiring.driver.by_itself:
        remedy = f"{_ANSWER} {remedy}".rstrip()
    return Look(name=name, works=False, seen=ended[-1].why, remedy=remedy)


def _reaches(world: World, side: Side) -> Look:
    asked = [e for e in world.journal.events if isinstance(e, Exchange) and e.side == side]
    good = [e for e in asked if e.status < 400 and e.answered]
    system = world.dataflow.system(side).system or f"the {side} system"
    seen = "" if good else "none of its requests was understood" if asked else "it never asked"
    remedy = "" if asked else TAKE_URLS
    return Look(name=f"it reaches {system}", works=bool(good), seen=seen, remedy=remedy)


def _row(pair: Pair) -> Row | None:
    """Give a row whose edit can be seen on the other side without doubt."""
    for row in pair.rows:
        plain = not (row.source.is_key or row.target.is_key or row.source.in_list)
        free = not (row.target.in_list or row.reference or row.when)
        if plain and free and row.type in (None, "string"):
            return row
    return None


def _back(world: World, dataflow: Dataflow, pair: Pair, row: Row) -> Iterator[Look]:
    hers = counterpart_of(dataflow, pair, Ref(_LABEL, pair.source), only=ONLY)
    value = sample_value(dataflow, "target", pair.target, row.target.text, "Patient")
    try:
        perform(world, Edit(side="target", record=hers, values=((row.target.text, value),)))
    except StepImpossible:
        return
    yield _settles(world, "it synchronizes again")
    arrived = Arrived(side="source", record=Ref(_LABEL, pair.source), path=row.source.text)
    violations = perform(world, arrived)
    yield Look(
        name=f"an edit of {row.target.text} comes back as {row.source.text}",
        works=not violations,
        seen="it did not arrive" if violations else "",
    )


# What the traffic says.


def _findings(exchanges: Sequence[Exchange], dataflow: Dataflow) -> Iterator[Finding]:
    """Give what requests were refused for, each cause once."""
    said: set[object] = set()
    for exchange in exchanges:
        advise = _ADVICE.get(exchange.status)
        if advise is None or exchange.fault:
            continue
        finding = advise(exchange, dataflow)
        if finding.remedy not in said:
            said.add(finding.remedy)
            yield finding


def _told(exchange: Exchange) -> str:
    answer = exchange.answer if isinstance(exchange.answer, dict) else {}
    path = exchange.target.partition("?")[0]
    detail = answer.get("detail", "")
    return f"{exchange.method} {path} was answered {exchange.status}: {detail}"


def _unauthorized(exchange: Exchange, _: Dataflow) -> Finding:
    name = f"TALLYSTICK_{exchange.side.upper()}_TOKEN"
    carried = {
        "none": "no token was sent",
        "unknown": "a token was sent that is nobody's",
    }.get(exchange.token, f"the {exchange.token} system's token was sent")
    return Finding(
        text=f"{exchange.method} {exchange.target.partition('?')[0]} to the {exchange.side} system"
        f" was answered 401: {carried}",
        remedy=f"Send `Authorization: Bearer …` with the value of {name}.",
    )


def _nothing_there(exchange: Exchange, dataflow: Dataflow) -> Finding:
    paths = ", ".join(f"/{kind.path}" for kind in dataflow.types(exchange.side).values())
    return Finding(
        text=_told(exchange),
        remedy=f"The {exchange.side} system has {paths}: take the paths from dataflow.json,"
        " relative to the base URL.",
    )


def _invalid(exchange: Exchange, _: Dataflow) -> Finding:
    answer = exchange.answer if isinstance(exchange.answer, dict) else {}
    errors = answer.get("errors") or []
    places = "; ".join(f"{each['path'] or 'data'}: {each['message']}" for each in errors[:3])
    return Finding(
        text=_told(exchange) + (f" ({places})" if places else ""),
        remedy="Write values in the JSON types that the type's schema in dataflow.json says.",
    )


def _plainly(remedy: str) -> Callable[[Exchange, Dataflow], Finding]:
    return lambda exchange, _: Finding(text=_told(exchange), remedy=remedy)


_ADVICE: Final[dict[int, Callable[[Exchange, Dataflow], Finding]]] = {
    400: _plainly('Send a JSON object with "data", and only parameters that the API knows.'),
    401: _unauthorized,
    404: _nothing_there,
    405: _plainly("storefront/1 is written to with PATCH, ledger/1 with PUT."),
    409: _plainly("The reference was used before: go on with the record of `existing_id`."),
    412: _plainly("Send If-Match with the etag exactly as it was served last, quotes included."),
    415: _plainly("Send `Content-Type: application/json`."),
    422: _invalid,
    428: _plainly("Send If-Match with the etag that the record was served with."),
}


def _elsewhere(origins: Iterable[str]) -> Iterator[Finding]:
    for origin in dict.fromkeys(origins):
        yield Finding(
            text=f"it asked {origin}, which is neither system",
            remedy=TAKE_URLS,
        )
