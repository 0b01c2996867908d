"""A run's events folded into one result. Rule: only events count, so whoever plays, and in however
many processes, gives the same result. What has no footer is incomplete, whatever it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tallystick.dataflow.json import from_json
from tallystick.dataflow.model import Dataflow
from tallystick.laws.ticks import TickedChecklist
from tallystick.laws.verdict import Judgement, Violation, merge_judgements
from tallystick.levels.assess import assess, level_of
from tallystick.levels.model import Evidence, Stumble
from tallystick.levels.sets import CURRENT
from tallystick.results.checks import Check, Checks, scenario_check
from tallystick.results.events import (
    Declined,
    Failure,
    FailureFound,
    FeatureRead,
    RunEnded,
    RunEvent,
    RunStarted,
    ScenarioEnded,
    judgement_of,
)
from tallystick.results.reachable import reachable
from tallystick.results.result import CheckResult, Counts, RunResult, Weathered
from tallystick.results.sections import Sections
from tallystick.results.standing import Stand, Standing, covers
from tallystick.results.status import status_name
from tallystick.results.ticking import tick_declared
from tallystick.results.verdict import Verdict, count_ticks, verdict_of
from tallystick.vocabulary.laws import LAWS

__all__ = ["Tally"]

_STATUSES: dict[Stand, str] = {
    "counts": "violated",
    "expected": "expected",
    "declined": "declined",
    "unscored": "unscored",
}
"""What a check is called whose gravest violation stands so; the gravest first."""


@dataclass(frozen=True, slots=True)
class _Played:
    """A scenario, its judgement, and for each violation the check and how it stands."""

    scenario: ScenarioEnded
    judgement: Judgement
    stands: tuple[tuple[str, Stand], ...]


class Tally:
    """Adds up the events of one run."""

    def __init__(self, started: RunStarted, dataflow: Dataflow | None = None) -> None:
        self.about = started.about
        self.dataflow = dataflow or from_json(started.dataflow, file="the run's dataflow")
        self.checks = Checks(self.dataflow)
        self.standing = Standing(
            level_set=CURRENT,
            declines=started.declines,
            expected=started.expected,
            today=started.about.date[:10],
        )
        self.features: dict[str, str] = {}
        self.failures: list[Failure] = []
        self._planned = started.scenarios
        self._assumed = started.assumed
        self._played: list[_Played] = []
        self._footer: RunEnded | None = None

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
                self._played.append(_Played(event, judgement, tuple(self._stands(event))))
            case FeatureRead(file=file, text=text):
                self.features[file] = text
            case FailureFound(failure=failure):
                self.failures.append(failure)
            case RunEnded():
                self._footer = event
            case _:
                raise ValueError("a run starts once")

    def counts(self, event: RunEvent) -> bool:
        """Tell whether an event is a scenario in which anything counts against the connector."""
        if not isinstance(event, ScenarioEnded):
            return False
        return any(stand == "counts" for _, stand in self._stands(event))

    def _stands(self, event: ScenarioEnded) -> Iterator[tuple[str, Stand]]:
        whole = scenario_check(event.feature, event.name)
        for violation in event.violations:
            check = self.checks.of(violation) if event.own else whole
            yield check, self.standing.of(violation, check, event.situations)

    @property
    def scenarios(self) -> list[ScenarioEnded]:
        """The scenarios that were played."""
        return [played.scenario for played in self._played]

    def _own(self) -> list[_Played]:
        return [played for played in self._played if played.scenario.own]

    @property
    def ticked(self) -> TickedChecklist:
        """The checklist, ticked by what has come in so far."""
        own = self._own()
        excused = {
            id(violation): self._why(check, stand, played.scenario.situations)
            for played in own
            for violation, (check, stand) in _with_stands(played)
            if stand in ("declined", "unscored")
        }
        judgement = merge_judgements(played.judgement for played in own)
        return tick_declared(self.dataflow, judgement, excused)

    def _why(self, check: str, stand: Stand, situations: tuple[str, ...]) -> str:
        declined = self.standing.declined(check, situations)
        if stand == "declined" and declined is not None:
            return f"declined: {declined.reason}"
        return f"no part of the levels {CURRENT.date}"

    @property
    def verdict(self) -> Verdict:
        """What has come in so far amounts to."""
        return self._verdict(self.ticked, tuple(self._checks()))

    def _verdict(self, ticked: TickedChecklist, checks: tuple[CheckResult, ...]) -> Verdict:
        whole = merge_judgements(played.judgement for played in self._played)
        counted = [
            violation
            for played in self._played
            for violation, (_, stand) in _with_stands(played)
            if stand == "counts"
        ]
        wrong, untested = self.standing.complaints({check.id: check.status for check in checks})
        return verdict_of(
            ticked, replace(whole, violations=counted), wrong=wrong, untested=untested
        )

    def result(self) -> RunResult:
        """Give everything as one value."""
        footer = self._footer or RunEnded(complete=False, why="the run was cut short")
        ticked, checks = self.ticked, tuple(self._checks())
        verdict = self._verdict(ticked, checks)
        status = int(verdict.status) if footer.complete else footer.exit_status
        sections = Sections(ticked, self.checks, [played.judgement for played in self._own()])
        total = merge_judgements(played.judgement for played in self._played)
        return RunResult(
            about=self.about,
            status=status_name(status) if footer.complete or status else "incomplete",
            exit_status=status,
            complete=footer.complete,
            counts=self._counts(total),
            source=self.dataflow.source.system,
            target=self.dataflow.target.system,
            why=footer.why,
            reasons=verdict.reasons,
            notes=tuple(self._notes(total, checks)),
            levels=assess(CURRENT, self._evidence(footer, total)),
            sections=sections.all(),
            policies=sections.policies(),
            general=sections.general(),
            ticks={str(status): n for status, n in count_ticks(ticked).items()},
            checks=checks,
            failures=tuple(self.failures),
            reach=self._reach(total),
            weather=self._weather(),
            duration_ms=footer.duration_ms,
        )

    def _counts(self, total: Judgement) -> Counts:
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

    def _reach(self, total: Judgement) -> dict[str, int]:
        """Give how often each situation occurred, those that can and did not with 0."""
        met = {name: total.reach[name] for name in reachable(self.dataflow)}
        return met | {name: n for name, n in sorted(total.reach.items()) if n}

    def _evidence(self, footer: RunEnded, total: Judgement) -> Evidence:
        laws = {check.law for check in self.checks.all}
        tested: Counter[str] = Counter(dict.fromkeys(laws, 0))
        for (law, _), times in total.tested.items():
            tested[law] += times
        declined = [
            Stumble(said=f"{each.capability} is declined: {each.reason}", about=_about(each))
            for each in self.standing.declines
        ]
        failed = [
            Stumble(
                said=f"{failure.check} fails{_met(failure)}",
                about=(failure.law, *failure.situations),
            )
            for failure in self.failures
        ]
        return Evidence(
            tested=tested,
            reach=self._reach(total),
            stumbles=(*declined, *failed),
            incomplete="" if footer.complete else footer.why or "it was cut short",
        )

    def _notes(self, total: Judgement, checks: tuple[CheckResult, ...]) -> Iterator[str]:
        unscored = sum(check.status == "unscored" for check in checks)
        if unscored:
            yield f"{unscored} failed checks are newer than the levels {CURRENT.date}: unscored"
        expected = sum(check.status == "expected" for check in checks)
        if expected:
            noun = "check fails" if expected == 1 else "checks fail"
            yield f"{expected} {noun} as expected"
        for decline in self.standing.declines:
            if self._works(decline, total, checks):
                yield f"{decline.capability} is declined, but works"
        yield from self._assumed

    def _works(self, decline: Declined, total: Judgement, checks: tuple[CheckResult, ...]) -> bool:
        """Tell whether what is declined was put to the test, and did not fail."""
        asked = [check for check in checks if covers(decline.capability, check.id)]
        failed = any(
            covers(decline.capability, check, scenario.situations)
            for scenario, check in self._broken()
        )
        tested = any(check.tested for check in asked) or total.reach[decline.capability] > 0
        return tested and not failed

    def _broken(self) -> Iterator[tuple[ScenarioEnded, str]]:
        for played in self._played:
            for check, _ in played.stands:
                yield played.scenario, check

    def _checks(self) -> Iterator[CheckResult]:
        stands: dict[str, Counter[Stand]] = {}
        for played in self._played:
            for id_, stand in played.stands:
                stands.setdefault(id_, Counter())[stand] += 1
        own = merge_judgements(played.judgement for played in self._own())
        known = {check.id for check in self.checks.all}
        for check in self.checks.all:
            yield self._check(check, _tested(check, own), stands.get(check.id, Counter()))
        for id_ in [each for each in stands if each not in known and not _is_scenario(each)]:
            law = id_.partition("/")[0]
            yield self._check(Check(id=id_, law=law, title=LAWS.get(law, law)), 1, stands[id_])
        for played in self._played:
            if not played.scenario.own:
                check = _scenario_as_check(played.scenario)
                of_it = stands.get(check.id, Counter())
                yield self._check(check, played.judgement.settles, of_it)

    def _check(self, check: Check, tested: int, stands: Counter[Stand]) -> CheckResult:
        broken = [status for stand, status in _STATUSES.items() if stands[stand]]
        declined, expected = self.standing.declined(check.id), self.standing.expectation(check.id)
        return CheckResult(
            id=check.id,
            law=check.law,
            title=check.title,
            status=broken[0] if broken else "holds" if tested else "undecided",
            tested=tested,
            violations=stands.total(),
            level=level_of(CURRENT, check.law),
            expected=expected.reason if expected is not None else "",
            declined=declined.reason if declined is not None else "",
            file=check.file,
            line=check.line,
        )

    def _weather(self) -> dict[str, dict[str, Weathered]]:
        """Give, for each law and weather, how often it was put to the test and broken."""
        by: dict[str, Judgement] = {}
        for played in self._played:
            by.setdefault(played.scenario.weather, Judgement()).add(played.judgement)
        found: dict[str, dict[str, Weathered]] = {}
        for law in LAWS:
            for weather, judgement in by.items():
                tested = sum(n for (of, _), n in judgement.tested.items() if of == law)
                violated = sum(violation.law == law for violation in judgement.violations)
                if tested or violated:
                    found.setdefault(law, {})[weather] = Weathered(tested=tested, violated=violated)
        return found


def _with_stands(played: _Played) -> Iterator[tuple[Violation, tuple[str, Stand]]]:
    return zip(played.judgement.violations, played.stands, strict=True)


def _about(decline: Declined) -> tuple[str, ...]:
    """Give the law, or the situation, that a declined capability is about."""
    return (decline.capability.partition("/")[0],)


def _met(failure: Failure) -> str:
    return f" ({', '.join(failure.situations)})" if failure.situations else ""


def _tested(check: Check, own: Judgement) -> int:
    if check.direction is not None:
        return own.arrived[check.pair, check.row, check.direction]
    return own.tested[check.law, check.pair]


def _is_scenario(check: str) -> bool:
    return check.startswith("scenario/")


def _scenario_as_check(scenario: ScenarioEnded) -> Check:
    return Check(
        id=scenario_check(scenario.feature, scenario.name),
        law="scenario",
        title=scenario.name,
        file=scenario.feature,
        line=scenario.line,
    )
