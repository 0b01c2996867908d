"""A journal as a sequence diagram: people, one system, the connector, the other system.

Rule: every request, fault, kill and edit has its line, in order; it places them and explains
nothing. Where there are too many lines, those far from the violation are counted, not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from tallystick.canonical import Json
from tallystick.dataflow.model import Dataflow
from tallystick.report.html.changes import changed_paths, lines_of, verb_of
from tallystick.report.html.text import pretty, short, shown
from tallystick.vocabulary.events import (
    CALM,
    Change,
    Edited,
    Event,
    Exchange,
    Killed,
    Printed,
    Settled,
    Skipped,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.sentences import Names
from tallystick.vocabulary.weather import fault_words

__all__ = ["Detail", "Diagram", "Line", "diagram"]

WIDTH: Final = 1040
LANES: Final[Mapping[str, int]] = {"people": 60, "source": 270, "connector": 630, "target": 985}
_TOP: Final = 4
_STEP: Final = 30
_CHARACTERS: Final = 38
_EDIT_CHARACTERS: Final = 64
_COUNTED: Final = ("items", "value")

Kind = Literal["edit", "read", "write", "mark", "settle", "violation", "gap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is shown of one line when somebody looks at it."""

    title: str
    asked: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: an arrow from `x1` to `x2`, or a mark at `x1` (`x2` equal), at height `y`.

    `label` stands at `left`, `note` (an answer's status) at `right`; `bad` where something failed,
    `lost` where no answer arrived.
    """

    kind: Kind
    y: int
    x1: int
    x2: int
    label: str
    left: int
    right: int
    note: str = ""
    bad: bool = False
    lost: bool = False
    violated: bool = False
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """Lines in order, and the stretches of height in which the connector was at work."""

    width: int
    height: int
    lanes: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    work: tuple[tuple[int, int], ...]
    violation_y: int


def diagram(
    events: Sequence[Event], at: int, dataflow: Dataflow, *, room: int = 200_000
) -> Diagram:
    """Draw a journal; `at` is the event of the violation, `room` about how many characters it may
    take.
    """
    drawing = _Drawing(names=Names.of(dataflow))
    drawing.bodies = max(160, min(2400, room // max(2 * len(events), 1) - 400))
    first, last = _span(len(events), at, max(60, room // 900))
    if first:
        drawing.gap(first)
    for number in range(first, last):
        drawing.event(events[number], violated=number == at)
    if last < len(events):
        drawing.gap(len(events) - last)
    names = drawing.names
    titles = {
        "people": "People",
        "source": short(names.source, 24),
        "connector": "Connector",
        "target": short(names.target, 24),
    }
    return Diagram(
        width=WIDTH,
        height=drawing.y + _STEP,
        lanes=tuple((titles[lane], x) for lane, x in LANES.items()),
        lines=tuple(drawing.lines),
        work=tuple(drawing.work),
        violation_y=next((line.y for line in drawing.lines if line.violated), 0),
    )


def _span(count: int, at: int, most: int) -> tuple[int, int]:
    """Give which events are shown: all, or as many as fit, most of them before the violation."""
    if count <= most:
        return 0, count
    last = min(count, at + 1 + most // 6)
    return max(0, last - most), last


@dataclass(slots=True)
class _Drawing:
    names: Names
    y: int = _TOP
    bodies: int = 1000
    lines: list[Line] = field(default_factory=list)
    work: list[tuple[int, int]] = field(default_factory=list)
    began: int = 0

    def event(self, event: Event, *, violated: bool) -> None:
        known = len(self.lines)
        match event:
            case Edited():
                self._edited(event, violated=violated)
            case Exchange():
                self._exchanged(event, violated=violated)
            case _:
                self._marked(event, violated=violated)
        if violated and len(self.lines) == known:
            self._line("violation", "connector", label="here", detail="here", violated=True)

    def gap(self, count: int) -> None:
        self._line("gap", "connector", label=f"… {count} events left out …", detail="left out")

    def _line(
        self,
        kind: Kind,
        lane: str,
        *,
        label: str,
        detail: str | Detail,
        to: str = "",
        note: str = "",
        bad: bool = False,
        lost: bool = False,
        violated: bool = False,
    ) -> None:
        self.y += _STEP
        x1, x2 = LANES[lane], LANES[to or lane]
        self.lines.append(
            Line(
                kind=kind,
                y=self.y,
                x1=x1,
                x2=x2,
                label=label,
                left=min(x1, x2) + 12,
                right=max(x1, x2) - 12,
                note=note,
                bad=bad,
                lost=lost,
                violated=violated,
                detail=Detail(title=detail) if isinstance(detail, str) else detail,
            )
        )

    def _edited(self, event: Edited, *, violated: bool) -> None:
        change = event.change
        called = f'{change.type} "{event.label}"' if event.label else f"{change.type} {change.key}"
        paths = changed_paths(change) if verb_of(change) == "edits" else []
        what = f": {', '.join(paths)}" if paths else ""
        said = f"{verb_of(change)} {called}{what}"
        self._line(
            "edit",
            "people",
            to=change.side,
            label=short(said, 28 if change.side == "source" else _EDIT_CHARACTERS),
            detail=Detail(
                title=shown(f"People: {verb_of(change)} {called} in {self.names.on(change.side)}"),
                asked="\n".join(lines_of(change)),
            ),
            violated=violated,
        )

    def _exchanged(self, event: Exchange, *, violated: bool) -> None:
        note, bad = _outcome(event)
        method, target = event.method, shown(event.target, 400)
        self._line(
            "read" if method == "GET" else "write",
            "connector",
            to=event.side,
            label=short(f"{method} {event.target}", _CHARACTERS),
            note=note,
            bad=bad,
            lost=not event.answered,
            violated=violated,
            detail=Detail(
                title=f"Request {event.number}: {shown(method)} {target}",
                asked="\n".join(self._asked(event)),
                answered="\n".join(self._answered(event)),
            ),
        )

    def _asked(self, event: Exchange) -> list[str]:
        headers = [f"{shown(name)}: {shown(value)}" for name, value in event.headers.items()]
        if event.token != "none":  # noqa: S105  (whose it is)
            whose = "<unknown-token>" if event.token == "unknown" else f"<{event.token}-token>"  # noqa: S105
            headers.insert(0, f"authorization: Bearer {whose}")
        return [*headers, *self._json(event.body)]

    def _answered(self, event: Exchange) -> list[str]:
        status = str(event.status) if event.answered else "No answer arrived."
        lines = [status, *self._json(event.answer)]
        if event.retry_after_s is not None:
            lines.insert(1, f"retry-after: {event.retry_after_s}")
        if event.fault:
            words = fault_words(event.fault, event.retry_after_s or 0)
            lines.insert(0, f"Fault: the request {words}.")
        for change in event.changes:
            lines += ["", f"{_called(change)}:", *lines_of(change)]
        return lines

    def _json(self, value: Json) -> list[str]:
        return [pretty(value, self.bodies)] if value is not None else []

    def _marked(self, event: Event, *, violated: bool) -> None:
        match event:
            case SyncBegan(number=number):
                self.began = self.y + _STEP
                self._line(
                    "mark", "connector", label=f"sync {number} begins", detail=f"Sync {number}"
                )
            case SyncEnded(number=number, outcome=outcome, why=why):
                said = {"did": "ends", "failed": "asks to be called again", "crashed": "breaks"}
                title = shown(f"Sync {number} {said[outcome]}{': ' if why else ''}{why}", 400)
                self._line(
                    "mark",
                    "connector",
                    label=short(title.lower(), _CHARACTERS),
                    detail=title,
                    bad=outcome == "crashed",
                    violated=violated,
                )
                self._rest()
            case Killed():
                self._line(
                    "mark",
                    "connector",
                    label="✕ killed",
                    detail="The connector is killed",
                    bad=True,
                )
                self._rest()
            case Started(process=process):
                again = "started" if process == 1 else "started again"
                self._line("mark", "connector", label=again, detail=f"The connector is {again}")
            case Settled(number=number, calm=calm):
                judged = "the laws are judged" if calm >= CALM else "not calm yet"
                said_ = f"settle {number}: {judged}"
                self._line(
                    "settle",
                    "people",
                    to="target",
                    label=said_,
                    detail=said_.capitalize(),
                    violated=violated,
                )
            case Strayed(origin=origin):
                self._line(
                    "mark",
                    "connector",
                    label=short(f"asks {origin}", _CHARACTERS),
                    detail=shown(f"A request to a stranger: {origin}"),
                    bad=True,
                    violated=violated,
                )
            case Printed(text=text):
                self._line(
                    "mark",
                    "connector",
                    label=short(f"says: {text}", _CHARACTERS),
                    detail=Detail(title="The connector printed", asked=shown(text, 1000)),
                    violated=violated,
                )
            case Skipped(why=why):
                self._line("mark", "people", label=short(f"skipped: {why}", 26), detail=shown(why))
            case _:
                pass

    def _rest(self) -> None:
        if self.began:
            self.work.append((self.began, self.y))
        self.began = 0


def _called(change: Change) -> str:
    return shown(f"{change.type} {change.key}")


def _outcome(event: Exchange) -> tuple[str, bool]:
    """Give what stands at the end of a request's arrow, and whether that is bad."""
    if not event.answered:
        return event.fault.replace("-", " ") or "no answer", True
    status = str(event.status)
    if event.fault:
        return f"{event.fault.replace('-', ' ')} {status}", True
    answer = event.answer if isinstance(event.answer, Mapping) else {}
    counted = next((answer[name] for name in _COUNTED if isinstance(answer.get(name), list)), None)
    if counted is not None and event.method == "GET":
        return f"{status} · {len(counted)}", False
    return status, event.status >= 400
