"""What is told of a run while it goes on, as frozen values and as JSON lines. Rule: no footer, no
verdict: a stream whose last event is not a complete `RunEnded` is half a run, and stays one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

from tallystick.canonical import Json, compact
from tallystick.laws.verdict import Judgement, Violation
from tallystick.results.shape import build, plain

__all__ = [
    "FORMAT",
    "About",
    "Connector",
    "Declined",
    "Expected",
    "Failure",
    "FailureFound",
    "FeatureRead",
    "Figures",
    "PlayedStep",
    "RunEnded",
    "RunEvent",
    "RunStarted",
    "ScenarioEnded",
    "Writer",
    "event_from_json",
    "event_to_json",
    "judgement_of",
]

FORMAT: Final = "tallystick-run/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """The connector under test: its address, and what its declaration says of it."""

    address: str
    name: str = ""
    version: str = ""
    mode: str = "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a run was asked for. Expectations expire by `date` (RFC 3339); nothing else asks it."""

    connector: Connector
    checklist: str = ""
    agreement: str = ""
    seed: int | None = None
    edits: int = 0
    max_time_s: float | None = None
    command: str = ""
    date: str = ""
    tallystick: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A `Judgement` without its violations, in a form that JSON can hold.

    `tested` holds (law, pair's number, times), `arrived` (pair's number, row, side, times).
    """

    tested: tuple[tuple[Any, ...], ...] = ()
    arrived: tuple[tuple[Any, ...], ...] = ()
    reach: Mapping[str, int] = field(default_factory=dict)
    settles: int = 0
    edits: int = 0
    exchanges: int = 0
    journals: int = 0
    unreached: tuple[str, ...] = ()

    @classmethod
    def of(cls, judgement: Judgement) -> Figures:
        """Take the figures of a judgement."""
        return cls(
            tested=tuple((law, pair, n) for (law, pair), n in judgement.tested.items() if n),
            arrived=tuple((*key, n) for key, n in judgement.arrived.items() if n),
            reach={name: n for name, n in judgement.reach.items() if n},
            settles=judgement.settles,
            edits=judgement.edits,
            exchanges=judgement.exchanges,
            journals=judgement.journals,
            unreached=tuple(judgement.unreached),
        )


def judgement_of(figures: Figures, violations: Iterable[Violation] = ()) -> Judgement:
    """Give the judgement that the figures were taken of."""
    return Judgement(
        violations=list(violations),
        tested=Counter({(law, pair): n for law, pair, n in figures.tested}),
        arrived=Counter({(pair, row, side): n for pair, row, side, n in figures.arrived}),
        reach=Counter(figures.reach),
        settles=figures.settles,
        edits=figures.edits,
        exchanges=figures.exchanges,
        journals=figures.journals,
        unreached=list(figures.unreached),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStep:
    """One line of a scenario as it was played; `line` counts from 1."""

    keyword: str
    text: str
    line: int = 0
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A capability that the connector's declaration says is not offered, and why."""

    capability: str
    reason: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A check that may fail until a day (ISO date), and why; `file` and `line` say who says so."""

    check: str
    reason: str
    until: str
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it is said."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run begins: what it is about, what was declared, how many scenarios there are to play.

    `partial` says why these cannot be the whole of what a checklist asks for ("": they can be),
    `assumed` what had to be assumed of the two systems.
    """

    about: About
    dataflow: Mapping[str, Any]
    scenarios: int = 0
    partial: str = ""
    declines: tuple[Declined, ...] = ()
    expected: tuple[Expected, ...] = ()
    assumed: tuple[str, ...] = ()
    format: str = FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRead:
    """A feature of which a scenario is about to be told: its file, and its text."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioEnded:
    """A scenario was played to its end.

    `own` tells whether it is about the run's own checklist and policies, so that the ticks count
    it; `weather` is what befell the connector in it ("fine", or the kinds joined by "+");
    `failed_line` is the line at which something came to light (0: nothing did), `situations` is
    what it takes for that (see `situations_of`).
    """

    feature: str
    name: str
    line: int
    own: bool
    weather: str
    figures: Figures
    violations: tuple[Violation, ...] = ()
    tags: tuple[str, ...] = ()
    steps: tuple[PlayedStep, ...] = ()
    failed_line: int = 0
    situations: tuple[str, ...] = ()
    duration_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One scenario in which something came to light, told.

    `check` is the check that its first violation belongs to, `checks` all of them. `situations`
    are what its script needs besides calm edits (`kill`, `fault`, `conflict`, …). `files` are
    named as seen from the folder of results.
    """

    check: str
    checks: tuple[str, ...]
    scenario: str
    feature: str
    line: int
    law: str
    anomaly: str
    sentence: str
    story: str
    script: tuple[Any, ...]
    gherkin: str
    situation: str = ""
    situations: tuple[str, ...] = ()
    pair: str = ""
    row: str = ""
    direction: str = ""
    agreed_file: str = ""
    agreed_line: int = 0
    records: tuple[str, ...] = ()
    expected: str = ""
    found: str = ""
    seed: int | None = None
    reproduce: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureFound:
    """A failure was told; it follows the end of its scenario."""

    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The footer: what the process ends with, and for a run that was cut short, why."""

    complete: bool
    events: int = 0
    why: str = ""
    exit_status: int = 0
    duration_ms: int = 0


RunEvent = RunStarted | FeatureRead | ScenarioEnded | FailureFound | RunEnded

_KINDS: Final[Mapping[str, type[Any]]] = {
    "run-started": RunStarted,
    "feature": FeatureRead,
    "scenario-ended": ScenarioEnded,
    "failure": FailureFound,
    "run-ended": RunEnded,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


def event_to_json(event: RunEvent) -> dict[str, Json]:
    """Give an event as JSON: `{"event": kind, …}`."""
    return {"event": _NAMES[type(event)], **plain(event)}


def event_from_json(document: Mapping[str, Json]) -> RunEvent:
    """Read what `event_to_json` wrote; ValueError, KeyError or TypeError where it is none."""
    made: RunEvent = build(_KINDS[document["event"]], document)
    return made


class Writer:
    """Writes events to a text stream as they come, a line each, so that a crash loses none."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __call__(self, event: RunEvent) -> None:
        """Write one event; half a surrogate pair stands there as its JSON escape."""
        line = compact(event_to_json(event))
        self._stream.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
        self._stream.flush()
