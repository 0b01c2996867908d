"""A journal as a sequence diagram: people, one system, the connector, the other system.

Rule: every request, fault, kill and edit has its line, in order; it places them and explains
nothing. Where there are too many lines, those far from the violation are counted, not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tallystick.dataflow.model import Dataflow
from tallystick.report.html.details import Detail, detail_of, headline, is_bad, outcome
from tallystick.report.html.text import short
from tallystick.vocabulary.events import (
    Edited,
    Event,
    Exchange,
    Killed,
    Settled,
    Skipped,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.sentences import Names

__all__ = ["Diagram", "Line", "diagram"]

WIDTH: Final = 1040
LANES: Final[Mapping[str, int]] = {"people": 60, "source": 270, "connector": 630, "target": 985}
_TOP: Final = 4
_STEP: Final = 30
_CHARACTERS: Final = 38
_EDIT_CHARACTERS: Final = 64
_NARROW_CHARACTERS: Final = 28

Kind = Literal["edit", "read", "write", "mark", "settle", "gap"]


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
        """Draw one event below those before."""
        self.y += _STEP
        kind, lane, to = _place(event)
        most = _CHARACTERS if kind in ("read", "write", "mark") else _EDIT_CHARACTERS
        if lane == "people" and to in ("people", "source"):
            most = _NARROW_CHARACTERS
        self._line(
            kind,
            lane,
            to,
            label=short(headline(event), most),
            detail=detail_of(event, self.names, self.bodies),
            note=outcome(event),
            bad=is_bad(event),
            lost=isinstance(event, Exchange) and not event.answered,
            violated=violated,
        )
        if isinstance(event, SyncBegan):
            self.began = self.y
        elif isinstance(event, (SyncEnded, Killed)):
            if self.began:
                self.work.append((self.began, self.y))
            self.began = 0

    def gap(self, count: int) -> None:
        """Draw that events are left out."""
        self.y += _STEP
        said = f"… {count} events left out …"
        self._line("gap", "connector", "connector", label=said, detail=Detail(title=said))

    def _line(
        self, kind: Kind, lane: str, to: str, *, label: str, detail: Detail, **more: Any
    ) -> None:
        x1, x2 = LANES[lane], LANES[to]
        self.lines.append(
            Line(
                kind=kind,
                y=self.y,
                x1=x1,
                x2=x2,
                label=label,
                left=min(x1, x2) + 12,
                right=max(x1, x2) - 12,
                detail=detail,
                **more,
            )
        )


def _place(event: Event) -> tuple[Kind, str, str]:
    """Give the kind of an event's line, and the lanes that it goes from and to."""
    match event:
        case Edited(change=change):
            return "edit", "people", change.side
        case Exchange(method=method, side=side):
            return "read" if method == "GET" else "write", "connector", side
        case Settled():
            return "settle", "people", "target"
        case Skipped():
            return "mark", "people", "people"
        case _:
            return "mark", "connector", "connector"
