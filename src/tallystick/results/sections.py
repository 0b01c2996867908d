"""Ticks as they stand in a result. Rule: it copies what was ticked, and counts scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tallystick.dataflow.model import Pair, Side, StatementKind
from tallystick.laws.ticks import (
    LAWS_OF,
    PolicyTick,
    RowTick,
    SentenceTick,
    Tick,
    TickedChecklist,
    TickedPair,
)
from tallystick.laws.verdict import Judgement
from tallystick.results.checks import Checks
from tallystick.results.result import (
    PolicyResult,
    RowResult,
    SectionResult,
    SentenceResult,
    TickResult,
)
from tallystick.vocabulary.rows import row_type

__all__ = ["Sections"]


class Sections:
    """Makes the parts of a result that are ticked, from the judgements of the run's scenarios."""

    def __init__(
        self, ticked: TickedChecklist, checks: Checks, judgements: Sequence[Judgement]
    ) -> None:
        self._ticked = ticked
        self._checks = checks
        self._judgements = judgements

    def all(self) -> tuple[SectionResult, ...]:
        """Give the sections of the checklist."""
        return tuple(self._section(pair) for pair in self._ticked.pairs)

    def policies(self) -> tuple[PolicyResult, ...]:
        """Give the policies."""
        return tuple(self._policy(policy) for policy in self._ticked.policies)

    def general(self) -> dict[str, TickResult]:
        """Give what concerns the connector as a whole, by law."""
        return {law: self._tick(tick) for law, tick in self._ticked.general.items()}

    def _tick(self, tick: Tick, laws: Mapping[str, int] | None = None, met: int = 0) -> TickResult:
        return TickResult(
            status=tick.status,
            count=tick.count,
            note=tick.note,
            laws=laws or {},
            scenarios=met,
            checks=tuple(dict.fromkeys(map(self._checks.of, tick.violations))),
        )

    def _section(self, ticked: TickedPair) -> SectionResult:
        pair = ticked.pair
        return SectionResult(
            name=pair.name,
            source=pair.source,
            target=pair.target,
            sentences=tuple(self._sentence(each, pair) for each in ticked.sentences),
            rows=tuple(self._row(each, pair) for each in ticked.rows),
            file=pair.origin.file,
            line=pair.origin.line,
        )

    def _policy(self, policy: PolicyTick) -> PolicyResult:
        return PolicyResult(
            name=policy.name, choice=policy.choice, by=policy.by, tick=self._tick(policy.tick)
        )

    def _sentence(self, ticked: SentenceTick, pair: Pair) -> SentenceResult:
        statement = ticked.statement
        laws = self._laws(statement.kind, pair.number)
        met = sum(
            any(judgement.tested[law, pair.number] for law in laws)
            for judgement in self._judgements
        )
        return SentenceResult(
            kind=statement.kind,
            text=statement.text,
            tick=self._tick(ticked.tick, laws, met),
            file=statement.origin.file,
            line=statement.origin.line,
            by=statement.origin.by,
        )

    def _laws(self, kind: StatementKind, pair: int) -> dict[str, int]:
        """Give the laws that put a sentence to the test, and how often."""
        counted = {
            law: sum(judgement.tested[law, pair] for judgement in self._judgements)
            for law in LAWS_OF.get(kind, ())
        }
        return {law: times for law, times in counted.items() if times}

    def _row(self, ticked: RowTick, pair: Pair) -> RowResult:
        row = ticked.row
        return RowResult(
            source="(key)" if row.source.is_key else row.source.plain,
            target="(key)" if row.target.is_key else row.target.plain,
            type=row_type(row),
            to_target=self._row_tick(ticked, pair, "target"),
            to_source=self._row_tick(ticked, pair, "source"),
            file=row.origin.file,
            line=row.origin.line,
            by=row.origin.by,
        )

    def _row_tick(self, ticked: RowTick, pair: Pair, side: Side) -> TickResult:
        met = sum(
            bool(judgement.arrived[pair.number, ticked.number, side])
            for judgement in self._judgements
        )
        return self._tick(ticked.ticks[side], None, met)
