"""What a law is: a fold over the journal. Rule: a law sees a `Scene` and gives violations as data.

Most laws only claim what the shared reading of the journal already found (endings of units,
oddities of links); some watch every event. A law never asks another law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tallystick.canonical import Json
from tallystick.dataflow.model import Dataflow, Origin, Pair, StatementKind, other_side
from tallystick.laws.cases import Case
from tallystick.laws.coverage import Coverage
from tallystick.laws.excuses import Excuses
from tallystick.laws.history import History, Record
from tallystick.laws.leftovers import Oddity
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.outcomes import Ending
from tallystick.laws.verdict import Judgement, Violation
from tallystick.vocabulary.events import Event

__all__ = ["STATEMENTS_OF", "Judged", "Law", "OddityLaw", "Scene", "UnitLaw"]

STATEMENTS_OF: dict[str, tuple[StatementKind, ...]] = {
    "linked": ("connected", "no-match", "lead-always", "lead-condition", "lead-link"),
    "one-to-one": ("lead-always", "lead-condition", "lead-link"),
    "merged": ("merge", "no-match"),
    "references": ("properties",),
    "untouched": ("properties",),
    "in-sync": ("in-sync",),
    "latest-wins": ("in-sync",),
    "no-lost-edit": ("in-sync",),
    "no-invention": ("in-sync",),
    "for-life": ("in-sync",),
    "deletions": ("in-sync",),
    "quiet": ("in-sync",),
    "economical": ("in-sync",),
    "runs": (),
    "polite": (),
    "discreet": ("properties",),
}
"""The sentences of a pair that a law rests on; the first that the pair has is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One unit of one link as it was found at this settle, with its ending if that was wrong."""

    case: Case
    ending: Ending | None


@dataclass(slots=True)
class Scene:
    """All that laws may look at. What belongs to one settle is replaced at each."""

    dataflow: Dataflow
    history: History
    book: LinkBook
    coverage: Coverage
    excuses: Excuses
    judgement: Judgement
    links: list[Link] = field(default_factory=list)  # made at this settle
    dirty: list[Link] = field(default_factory=list)  # whose records changed, new ones included
    veiled: list[Link] = field(default_factory=list)  # kept from the connector by faulty listings
    oddities: list[Oddity] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    invented: set[tuple[int, int, int]] = field(default_factory=set)  # record, pair's number, unit
    accused: set[int] = field(default_factory=set)  # links (by identity) already spoken about

    def origin(self, law: str, pair: Pair, row: int = -1) -> Origin:
        """Give the line of the checklist (or agreement) that a law rests on."""
        if row >= 0:
            return pair.rows[row].origin
        statement = pair.statement(*STATEMENTS_OF[law])
        return statement.origin if statement else pair.origin

    def violation(
        self, law: str, anomaly: str, pair: Pair | None, *records: Record, **facts: Any
    ) -> Violation:
        """Make a violation at this moment of the journal."""
        row: int = facts.get("row", -1)
        return Violation(
            law=law,
            anomaly=anomaly,
            event=self.history.event,
            pair=pair.number if pair else 0,
            records=tuple(record.name for record in records),
            origin=self.origin(law, pair, row) if pair else Origin(),
            situation="; ".join(self.history.situations),
            **facts,
        )

    def named(self, record: Record | None) -> list[Record]:
        """Give a record, if there is one; with it, where it has no name, a counterpart that has."""
        if record is None:
            return []
        links = self.book.links_of(record) if not record.label else []
        others = [link.record(other_side(record.side)) for link in links]
        return [record, *[other for other in others if other.label][:1]]

    def is_spoken_about(self, record: Record) -> bool:
        """Tell whether a stronger law has said already what is wrong with a record."""
        if any(record in oddity.records for oddity in self.oddities):
            return True
        return any(id(link) in self.accused for link in self.book.links_of(record))

    def test(self, law: str, pair: Pair | None = None, times: int = 1) -> None:
        """Note that a law was put to the test."""
        self.judgement.tested[law, pair.number if pair else 0] += times


class Law:
    """One law; `name` is its name everywhere."""

    name: ClassVar[str] = ""
    hears: ClassVar[frozenset[type]] = frozenset()
    """The kinds of events that it is told of."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def on_event(self, _event: Event) -> Iterable[Violation]:
        """Look at one event (already taken into the history) of a kind that it hears."""
        return ()

    def on_settle(self) -> Iterable[Violation]:
        """Look at the scene of a settle."""
        return ()


class OddityLaw(Law):
    """A law that is broken by some kinds of oddity."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def on_settle(self) -> Iterable[Violation]:
        """Claim this law's oddities."""
        for oddity in self.scene.oddities:
            if oddity.kind in self.kinds:
                yield self.scene.violation(self.name, oddity.kind, oddity.pair, *oddity.records)


class UnitLaw(Law):
    """A law about how the units of linked records end."""

    def on_settle(self) -> Iterable[Violation]:
        """Claim the wrong endings that break this law."""
        for judged in self.scene.judged:
            self.note(judged.case)
            if judged.ending is not None and judged.ending.law == self.name:
                yield from self.explain(judged.case, judged.ending)

    def note(self, case: Case) -> None:
        """Count what puts this law to the test."""
        raise NotImplementedError

    def explain(self, case: Case, ending: Ending) -> Iterable[Violation]:
        """Give one violation for each row at fault."""
        link, unit = case.link, case.unit
        accused = (link.source, link.target)
        differences = list(unit.differences(*case.found, self.scene.book))
        for difference in differences:
            wanted, found = difference.expected, difference.found
            if ending.direction == "source":
                wanted, found = found, wanted
            yield self.scene.violation(
                self.name,
                ending.anomaly,
                link.pair,
                *accused,
                row=difference.row,
                direction=ending.direction if ending.one_way else None,
                expected=wanted,
                found=found,
                place=difference.place,
            )
        if not differences:
            yield self._as_a_whole(case, ending)

    def _as_a_whole(self, case: Case, ending: Ending) -> Violation:
        return self.scene.violation(
            self.name,
            ending.anomaly,
            case.link.pair,
            case.link.source,
            case.link.target,
            row=case.unit.number,
            direction=ending.direction,
            expected=self.expected(case),
            found=case.found_on(ending.direction),
        )

    @staticmethod
    def expected(case: Case) -> Json:
        """Give the value that should stand: an allowed winner's, or the base."""
        for side in sorted(case.winners & frozenset(case.edits)):
            value = case.edits[side].value
            if not case.unit.holds_nothing(side, value) or not case.finds_nothing(other_side(side)):
                return value  # else the emptying overwrote what was to be kept
        return case.base_on("target")
