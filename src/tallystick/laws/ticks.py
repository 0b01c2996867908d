"""The checklist, ticked: what a judgement says of each sentence, row and policy. Rule: nothing
that was never put to the test is ticked as holding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.dataflow.casts import is_judged
from tallystick.dataflow.model import (
    SIDES,
    Authority,
    Dataflow,
    Pair,
    Row,
    Side,
    Statement,
    StatementKind,
)
from tallystick.laws.verdict import Judgement, Status, Violation

__all__ = [
    "GENERAL_LAWS",
    "LAWS_OF",
    "POLICY_LAWS",
    "PolicyTick",
    "RowTick",
    "SentenceTick",
    "Tick",
    "TickedChecklist",
    "TickedPair",
    "tick_checklist",
]

LAWS_OF: Final[Mapping[StatementKind, tuple[str, ...]]] = {
    "lead-always": ("linked", "one-to-one"),
    "lead-condition": ("linked", "one-to-one"),
    "lead-link": ("linked", "one-to-one"),
    "connected": ("linked",),
    "no-match": ("linked", "merged"),
    "merge": ("merged",),
    "in-sync": (
        "in-sync",
        "latest-wins",
        "no-lost-edit",
        "no-invention",
        "for-life",
        "deletions",
        "quiet",
        "economical",
    ),
    "properties": ("untouched", "references"),
}
"""The laws that put a sentence to the test."""

_DEMANDED: Final[Mapping[StatementKind, tuple[str, ...]]] = {
    "merge": ("merged",),
    "in-sync": ("in-sync",),
    "properties": ("untouched",),
}
"""The laws without whose test a sentence is undecided, where not any of its laws will do."""

GENERAL_LAWS: Final = ("discreet", "polite", "runs")
"""Laws that belong to no sentence: they are about the connector as a whole."""

POLICY_LAWS: Final[Mapping[str, str]] = {
    "conflicts": "latest-wins",
    "deletions": "deletions",
    "empty": "in-sync",
    "create": "linked",
}
"""The law that puts a policy to the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What is known of one statement; `count` says how often it was put to the test."""

    status: Status
    count: int = 0
    note: str = ""
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTick:
    """A sentence of the checklist, ticked."""

    statement: Statement
    tick: Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTick:
    """A property row, ticked in both directions (by the side that edits should reach)."""

    row: Row
    number: int
    ticks: Mapping[Side, Tick]


@dataclass(frozen=True, slots=True, kw_only=True)
class TickedPair:
    """One section of the checklist, ticked."""

    pair: Pair
    sentences: tuple[SentenceTick, ...]
    rows: tuple[RowTick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTick:
    """A policy, ticked; `by` tells an agreed one from a default."""

    name: str
    choice: str
    by: Authority
    tick: Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class TickedChecklist:
    """A whole dataflow, ticked."""

    dataflow: Dataflow
    pairs: tuple[TickedPair, ...]
    policies: tuple[PolicyTick, ...]
    general: Mapping[str, Tick]

    def all_ticks(self) -> Iterable[Tick]:
        """Give every tick, in the order of the checklist."""
        for pair in self.pairs:
            yield from (sentence.tick for sentence in pair.sentences)
            for row in pair.rows:
                yield from row.ticks.values()
        yield from (policy.tick for policy in self.policies)
        yield from self.general.values()


def tick_checklist(dataflow: Dataflow, judgement: Judgement) -> TickedChecklist:
    """Tick every sentence, row, policy and general law of a dataflow."""
    return TickedChecklist(
        dataflow=dataflow,
        pairs=tuple(_ticked_pair(pair, judgement) for pair in dataflow.pairs),
        policies=tuple(_policy(name, dataflow, judgement) for name in POLICY_LAWS),
        general={law: _general(law, judgement) for law in GENERAL_LAWS},
    )


def _ticked_pair(pair: Pair, judgement: Judgement) -> TickedPair:
    return TickedPair(
        pair=pair,
        sentences=tuple(
            SentenceTick(statement=statement, tick=_sentence(statement, pair, judgement))
            for statement in pair.statements
        ),
        rows=tuple(
            RowTick(
                row=row,
                number=number,
                ticks={side: _row(row, number, side, pair, judgement) for side in SIDES},
            )
            for number, row in enumerate(pair.rows)
        )
        + tuple(
            RowTick(row=row, number=number, ticks=dict.fromkeys(SIDES, _left_out(row)))
            for number, row in enumerate(pair.left_out, len(pair.rows))
        ),
    )


def _sentence(statement: Statement, pair: Pair, judgement: Judgement) -> Tick:
    laws = LAWS_OF.get(statement.kind, ())
    broken = tuple(v for v in judgement.violations if v.pair == pair.number and v.law in laws)
    if statement.kind == "properties":
        broken = tuple(
            v for v in judgement.violations if v.pair == pair.number and _is_about_rows(v)
        )
    if broken:
        return Tick(status="violated", violations=broken, count=len(broken))
    if statement.kind in ("in-sync", "properties") and not pair.rows:
        return Tick(status="unspecified", note="no properties are agreed")
    if statement.kind == "lead-condition" and not pair.create.condition:
        return Tick(status="unspecified", note="the condition is prose: agree on one")
    tested = sum(judgement.tested[law, pair.number] for law in laws)
    wanted = _DEMANDED.get(statement.kind, laws)
    if not any(judgement.tested[law, pair.number] for law in wanted):
        return Tick(status="undecided", note="was never put to the test")
    return Tick(status="holds", count=tested)


def _is_about_rows(violation: Violation) -> bool:
    return violation.row >= 0 or violation.law in LAWS_OF["properties"]


def _row(row: Row, number: int, side: Side, pair: Pair, judgement: Judgement) -> Tick:
    broken = tuple(
        v
        for v in judgement.violations
        if v.pair == pair.number and v.row == number and v.direction == side
    )
    if broken:
        return Tick(status="violated", violations=broken, count=len(broken))
    arrived = judgement.arrived[pair.number, number, side]
    other: Side = "source" if side == "target" else "target"
    if row.path(other).is_key:
        return _key_row(pair, judgement)
    if row.path(side).is_key:
        return Tick(status="unspecified", note="a key is read only")
    if row.unspecified or not is_judged(row.type):
        note = row.unspecified or "the conversion is not known"
        return Tick(status="unspecified", count=arrived, note=note)
    if not arrived:
        return Tick(status="undecided", note="no edit arrived with a changed value")
    return Tick(status="holds", count=arrived)


def _left_out(row: Row) -> Tick:
    return Tick(status="unspecified", note=row.unspecified)


def _key_row(pair: Pair, judgement: Judgement) -> Tick:
    tested = judgement.tested["in-sync", pair.number]
    return Tick(status="holds" if tested else "undecided", count=tested)


def _policy(name: str, dataflow: Dataflow, judgement: Judgement) -> PolicyTick:
    law = POLICY_LAWS[name]
    broken = tuple(
        v for v in judgement.violations if v.law == law and name in {"conflicts", "deletions"}
    )
    tested = sum(count for (tested_law, _), count in judgement.tested.items() if tested_law == law)
    if name not in {"conflicts", "deletions"}:
        tick = Tick(status="unspecified", note="judged with the laws that rest on it")
    elif name == "conflicts" and not any(pair.rows for pair in dataflow.pairs):
        tick = Tick(status="unspecified", note="no properties are agreed")
    elif broken:
        tick = Tick(status="violated", violations=broken, count=len(broken))
    elif tested:
        tick = Tick(status="holds", count=tested)
    else:
        tick = Tick(status="undecided", note="was never put to the test")
    agreed = dataflow.policies.agreed.get(name)
    return PolicyTick(
        name=name,
        choice=str(getattr(dataflow.policies, name)),
        by=agreed.by if agreed else "default",
        tick=tick,
    )


def _general(law: str, judgement: Judgement) -> Tick:
    broken = tuple(v for v in judgement.violations if v.law == law)
    if broken:
        return Tick(status="violated", violations=broken, count=len(broken))
    tested = judgement.tested[law, 0]
    if not tested:
        return Tick(status="undecided", note="was never put to the test")
    return Tick(status="holds", count=tested)
