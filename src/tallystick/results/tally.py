"""A run's events folded into one result. Rule: only events count, so whoever plays, and in however
many processes, gives the same result. What has no footer is incomplete, whatever it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tallystick.dataflow.json import from_json
from tallystick.dataflow.model import Dataflow, Side, StatementKind
from tallystick.laws.ticks import (
    LAWS_OF,
    RowTick,
    Tick,
    TickedChecklist,
    TickedPair,
    tick_checklist,
)
from tallystick.laws.verdict import Judgement
from tallystick.results.checks import Check, Checks, scenario_check
from tallystick.results.events import (
    Failure,
    FailureFound,
    RunEnded,
    RunEvent,
    RunStarted,
    ScenarioEnded,
    judgement_of,
)
from tallystick.results.result import (
    CheckResult,
    Counts,
    PolicyResult,
    RowResult,
    RunResult,
    SectionResult,
    SentenceResult,
    TickResult,
    Weathered,
)
from tallystick.results.status import status_name
from tallystick.results.verdict import Verdict, count_ticks, verdict_of
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.rows import row_type

__all__ = ["Tally"]


class Tally:
    """Adds up the events of one run."""

    def __init__(self, started: RunStarted, dataflow: Dataflow | None = None) -> None:
        self.about = started.about
        self.dataflow = dataflow or from_json(started.dataflow, file="the run's dataflow")
        self.checks = Checks(self.dataflow)
        self.judgement = Judgement()
        self.own = Judgement()
        self.failures: list[Failure] = []
        self._planned = started.scenarios
        self._scenarios: list[tuple[ScenarioEnded, Judgement]] = []
        self._footer: RunEnded | None = None
        self._ticked: TickedChecklist | None = None

    @classmethod
    def of(cls, events: Iterable[RunEvent]) -> Tally:
        """Fold a whole stream; ValueError where it does not begin as one."""
        given = iter(events)
        started = next(given, None)
        if not isinstance(started, RunStarted):
            raise ValueError("the stream does not begin with the start of a run")  # noqa: TRY004
        tally = cls(started)
        for event in given:
            tally.add(event)
        return tally

    def add(self, event: RunEvent) -> None:
        """Take one event in."""
        match event:
            case ScenarioEnded():
                judgement = judgement_of(event.figures, event.violations)
                self._scenarios.append((event, judgement))
                self.judgement.add(judgement)
                if event.own:
                    self.own.add(judgement)
                self._ticked = None
            case FailureFound(failure=failure):
                self.failures.append(failure)
            case RunEnded():
                self._footer = event
            case _:
                raise ValueError("a run starts once")

    @property
    def scenarios(self) -> list[ScenarioEnded]:
        """The scenarios that were played."""
        return [scenario for scenario, _ in self._scenarios]

    @property
    def ticked(self) -> TickedChecklist:
        """The checklist, ticked by what has come in so far."""
        if self._ticked is None:
            self._ticked = tick_checklist(self.dataflow, self.own)
        return self._ticked

    @property
    def verdict(self) -> Verdict:
        """What has come in so far amounts to."""
        return verdict_of(self.ticked, self.judgement)

    def result(self) -> RunResult:
        """Give everything as one value."""
        footer = self._footer or RunEnded(complete=False, why="the run was cut short")
        verdict = self.verdict
        status = int(verdict.status) if footer.complete else footer.exit_status
        return RunResult(
            about=self.about,
            status=status_name(status) if footer.complete or status else "incomplete",
            exit_status=status,
            complete=footer.complete,
            counts=self._counts(),
            source=self.dataflow.source.system,
            target=self.dataflow.target.system,
            why=footer.why,
            reasons=verdict.reasons,
            sections=tuple(self._section(pair) for pair in self.ticked.pairs),
            policies=tuple(
                PolicyResult(
                    name=policy.name,
                    choice=policy.choice,
                    by=policy.by,
                    tick=self._tick(policy.tick),
                )
                for policy in self.ticked.policies
            ),
            general={law: self._tick(tick) for law, tick in self.ticked.general.items()},
            ticks={str(status): n for status, n in count_ticks(self.ticked).items()},
            checks=tuple(self._checks()),
            failures=tuple(self.failures),
            reach={name: n for name, n in sorted(self.judgement.reach.items()) if n},
            weather=self._weather(),
            duration_ms=footer.duration_ms,
        )

    def _counts(self) -> Counts:
        total = self.judgement
        played = self.scenarios
        return Counts(
            scenarios=len(played),
            planned=max(self._planned, len(played)),
            failed=sum(bool(scenario.violations) for scenario in played),
            others=sum(not scenario.own for scenario in played),
            edits=total.edits,
            exchanges=total.exchanges,
            settles=total.settles,
            worlds=total.journals,
        )

    def _tick(self, tick: Tick, laws: Mapping[str, int] | None = None, met: int = 0) -> TickResult:
        return TickResult(
            status=tick.status,
            count=tick.count,
            note=tick.note,
            laws=laws or {},
            scenarios=met,
            checks=tuple(dict.fromkeys(map(self.checks.of, tick.violations))),
        )

    def _section(self, ticked: TickedPair) -> SectionResult:
        pair = ticked.pair
        return SectionResult(
            name=pair.name,
            source=pair.source,
            target=pair.target,
            sentences=tuple(
                SentenceResult(
                    kind=each.statement.kind,
                    text=each.statement.text,
                    tick=self._sentence_tick(each.tick, pair.number, each.statement.kind),
                    file=each.statement.origin.file,
                    line=each.statement.origin.line,
                    by=each.statement.origin.by,
                )
                for each in ticked.sentences
            ),
            rows=tuple(
                RowResult(
                    source="(key)" if each.row.source.is_key else each.row.source.plain,
                    target="(key)" if each.row.target.is_key else each.row.target.plain,
                    type=row_type(each.row),
                    to_target=self._row_tick(each, pair.number, "target"),
                    to_source=self._row_tick(each, pair.number, "source"),
                    file=each.row.origin.file,
                    line=each.row.origin.line,
                    by=each.row.origin.by,
                )
                for each in ticked.rows
            ),
            file=pair.origin.file,
            line=pair.origin.line,
        )

    def _sentence_tick(self, tick: Tick, pair: int, kind: StatementKind) -> TickResult:
        laws = {
            law: times for law in LAWS_OF.get(kind, ()) if (times := self.own.tested[law, pair])
        }
        met = sum(
            any(judgement.tested[law, pair] for law in laws)
            for scenario, judgement in self._scenarios
            if scenario.own
        )
        return self._tick(tick, laws, met)

    def _row_tick(self, row: RowTick, pair: int, side: Side) -> TickResult:
        met = sum(
            bool(judgement.arrived[pair, row.number, side])
            for scenario, judgement in self._scenarios
            if scenario.own
        )
        return self._tick(row.ticks[side], None, met)

    def _checks(self) -> Iterable[CheckResult]:
        broken = Counter(map(self.checks.of, self.own.violations))
        known = {check.id for check in self.checks.all}
        for check in self.checks.all:
            yield self._check(check, broken[check.id])
        for id_ in broken.keys() - known:
            law = id_.partition("/")[0]
            yield self._check(Check(id=id_, law=law, title=f"{id_}: {LAWS.get(law, '')}"), 1)
        for scenario, judgement in self._scenarios:
            if not scenario.own:
                yield _scenario_result(scenario, judgement)

    def _check(self, check: Check, violations: int) -> CheckResult:
        if check.direction is not None:
            tested = self.own.arrived[check.pair, check.row, check.direction]
        else:
            tested = self.own.tested[check.law, check.pair]
        return CheckResult(
            id=check.id,
            law=check.law,
            title=check.title,
            status="violated" if violations else "holds" if tested else "undecided",
            tested=tested,
            violations=violations,
            file=check.file,
            line=check.line,
        )

    def _weather(self) -> dict[str, dict[str, Weathered]]:
        """Give, for each law and weather, how often it was put to the test and broken."""
        by: dict[str, Judgement] = {}
        for scenario, judgement in self._scenarios:
            by.setdefault(scenario.weather, Judgement()).add(judgement)
        found: dict[str, dict[str, Weathered]] = {}
        for law in LAWS:
            for weather, judgement in by.items():
                tested = sum(n for (of, _), n in judgement.tested.items() if of == law)
                violated = sum(violation.law == law for violation in judgement.violations)
                if tested or violated:
                    found.setdefault(law, {})[weather] = Weathered(tested=tested, violated=violated)
        return found


def _scenario_result(scenario: ScenarioEnded, judgement: Judgement) -> CheckResult:
    violations = len(judgement.violations)
    return CheckResult(
        id=scenario_check(scenario.feature, scenario.name),
        law="scenario",
        title=scenario.name,
        status="violated" if violations else "holds" if judgement.settles else "undecided",
        tested=judgement.settles,
        violations=violations,
        file=scenario.feature,
        line=scenario.line,
    )
