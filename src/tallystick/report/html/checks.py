"""The checklist as the page shows it: every check with its mark, its words and what stood behind.

Rule: the order is the document's; marks are those of the ticks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tallystick.dataflow.model import SIDES, Side
from tallystick.laws.ticks import (
    LAWS_OF,
    POLICY_LAWS,
    PolicyTick,
    Tick,
    TickedChecklist,
    TickedPair,
)
from tallystick.laws.verdict import Status
from tallystick.report.checklist import MARKS, POLICY_WORDS, SAID_BY
from tallystick.report.html.evidence import Behind, Evidence
from tallystick.report.html.text import shown
from tallystick.report.plain import place_text
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.rows import row_type
from tallystick.vocabulary.sentences import Names

__all__ = ["Check", "Checklist", "RowView", "Section", "SentenceView", "checklist_view"]

_WORDS: Final[dict[Status, str]] = {
    "holds": "holds",
    "violated": "violated",
    "undecided": "not put to the test",
    "unspecified": "not specified",
    "declined": "declined",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One tick: `id` is its fragment; `count` how often it was tested (0: not shown)."""

    id: str
    status: Status
    mark: str
    words: str
    count: int
    note: str
    behind: Behind


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """A sentence with its check; `by` is "" where the checklist says it."""

    text: str
    check: Check
    by: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A property row with a check for each direction, towards the target first."""

    id: str
    source: str
    target: str
    type: str
    to_target: Check
    to_source: Check
    by: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the checklist."""

    id: str
    heading: str
    source: str
    target: str
    line: int
    sentences: tuple[SentenceView, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The whole checklist, and the two lists that follow it."""

    source: str
    target: str
    sections: tuple[Section, ...]
    policies: tuple[SentenceView, ...]
    general: tuple[SentenceView, ...]


def checklist_view(
    ticked: TickedChecklist, evidence: Evidence, name: Callable[..., str]
) -> Checklist:
    """Lay out a ticked checklist; `name` gives fragments."""
    names = Names.of(ticked.dataflow)
    view = _View(evidence, name, names)
    return Checklist(
        source=shown(names.source),
        target=shown(names.target),
        sections=tuple(map(view.section, ticked.pairs)),
        policies=tuple(map(view.policy, ticked.policies)),
        general=tuple(view.general(law, tick) for law, tick in ticked.general.items()),
    )


@dataclass(frozen=True, slots=True)
class _View:
    evidence: Evidence
    name: Callable[..., str]
    names: Names

    def section(self, ticked: TickedPair) -> Section:
        pair = ticked.pair
        place = self.name("check", pair.name)
        systems = shown(self.names.source), shown(self.names.target)
        source, target = shown(pair.source), shown(pair.target)
        return Section(
            id=place,
            heading=f"{systems[0]} {source} to {systems[1]} {target}",
            source=f"{systems[0]} {source}",
            target=f"{systems[1]} {target}",
            line=pair.origin.line,
            sentences=tuple(self._sentences(ticked, place)),
            rows=tuple(self._rows(ticked, place)),
        )

    def _sentences(self, ticked: TickedPair, place: str) -> Iterable[SentenceView]:
        for one in ticked.sentences:
            said = one.statement
            laws = LAWS_OF.get(said.kind, ())
            behind = self.evidence.of_laws(laws, ticked.pair.number, one.tick.violations)
            yield SentenceView(
                text=shown(said.text, 2000),
                check=_check(
                    self.name(place, said.kind), one.tick, behind, said.unspecified or one.tick.note
                ),
                by=SAID_BY[said.origin.by],
                place=place_text(said.origin),
            )

    def _rows(self, ticked: TickedPair, place: str) -> Iterable[RowView]:
        for one in ticked.rows:
            row = one.row
            checks: dict[Side, Check] = {}
            own = self.name(place, row.source.plain, row.target.plain)
            for side in SIDES:
                tick = one.ticks[side]
                behind = self.evidence.of_row(ticked.pair.number, one.number, side, tick.violations)
                to = self.names.on(side)
                checks[side] = _check(self.name(own, f"to-{to}"), tick, behind, tick.note)
            yield RowView(
                id=own,
                source="(key)" if row.source.is_key else shown(row.source.plain),
                target="(key)" if row.target.is_key else shown(row.target.plain),
                type=shown(row_type(row)),
                to_target=checks["target"],
                to_source=checks["source"],
                by=SAID_BY[row.origin.by],
                place=place_text(row.origin),
            )

    def policy(self, policy: PolicyTick) -> SentenceView:
        said = POLICY_WORDS[policy.name, policy.choice]
        behind = self.evidence.of_laws((POLICY_LAWS[policy.name],), None, policy.tick.violations)
        return SentenceView(
            text=said.format(source=shown(self.names.source), target=shown(self.names.target)),
            check=_check(self.name("policy", policy.name), policy.tick, behind, policy.tick.note),
            by=SAID_BY[policy.by],
        )

    def general(self, law: str, tick: Tick) -> SentenceView:
        behind = self.evidence.of_laws((law,), 0, tick.violations)
        said = LAWS.get(law, law)
        return SentenceView(
            text=f"{said[:1].upper()}{said[1:]}",
            check=_check(self.name("law", law), tick, behind, tick.note),
        )


def _check(place: str, tick: Tick, behind: Behind, note: str) -> Check:
    return Check(
        id=place,
        status="unspecified" if tick.status == "declined" else tick.status,
        mark=MARKS[tick.status][0],
        words=_WORDS[tick.status],
        count=tick.count,
        note="" if tick.status in ("holds", "violated") else shown(note),
        behind=behind,
    )
