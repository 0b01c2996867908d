"""A suite: many scenarios played for one connector. Rule: it plays and gathers; others render.

Smoke first: one record over, or nothing else is tried, so that a connector which is wired wrongly
gets one clear answer instead of fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tallystick.dataflow.model import Dataflow
from tallystick.derive.scripts import WEATHER
from tallystick.errors import BadInput, Problem
from tallystick.journal.journal import Journal
from tallystick.laws.verdict import Judgement, Violation
from tallystick.run.actions import StepImpossible
from tallystick.run.backstage import NotRun
from tallystick.run.stage import Stage, Theatre
from tallystick.vocabulary.gherkin import Feature, Line, Scenario
from tallystick.vocabulary.script import Script

__all__ = [
    "Played",
    "Playing",
    "SuiteResult",
    "is_search",
    "play_features",
    "play_scenario",
    "weather_of",
]


_DERIVED: Final = "@derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One scenario that was played: what came to light, and at which line.

    `failure` is the shrunk counterexample of an exploration, if that is what failed. `not_run` says
    why the scenario could not be played to its end with this connector ("" if it was).
    """

    feature: Feature
    scenario: Scenario
    violations: tuple[Violation, ...]
    judgement: Judgement
    dataflow: Dataflow
    script: Script
    journal: Journal | None = None
    line: Line | None = None
    failure: Any = None
    not_run: str = ""


@dataclass(slots=True)
class SuiteResult:
    """Everything that a run gave."""

    played: list[Played] = field(default_factory=list)
    judgement: Judgement = field(default_factory=Judgement)

    @property
    def failed(self) -> list[Played]:
        """The scenarios in which something came to light."""
        return [played for played in self.played if played.violations]


_SEARCH: Final = "people make random edits"

Progress = Callable[[int, int, Scenario], None]
"""Is told, before each scenario, how many were played, how many there are, and which is next."""

Listener = Callable[[Played], None]
"""Is told of each scenario once it was played."""


class Playing:
    """One scenario being played, line by line; whoever feeds the lines gets the same outcome."""

    def __init__(self, theatre: Theatre, feature: Feature, scenario: Scenario) -> None:
        beside = Path(feature.file).parent if feature.file else None
        self.feature = feature
        self.scenario = scenario
        self.stage = Stage(
            theatre, title=scenario.name, beside=beside, weather=weather_of(scenario.tags)
        )
        self.violations: list[Violation] = []
        self.at: Line | None = None
        self.not_run = ""

    def say(self, line: Line) -> bool:
        """Play one line; tell whether nothing came to light.

        BadInput, with file and line, where it cannot be understood or carried out. What cannot be
        done with this connector ends the scenario: it is not run; nor is a derived scenario, of
        which a step proves impossible.
        """
        if self.not_run:
            return True
        try:
            found = self.stage.say(line.text, line.table)
        except NotRun as reason:
            self.not_run = str(reason)
            return True
        except BadInput as error:
            if _DERIVED in self.feature.tags and isinstance(error.__cause__, StepImpossible):
                self.not_run = str(error.__cause__)  # nobody's mistake whom we could tell of it
                return True
            raise BadInput([self._placed(problem, line) for problem in error.problems]) from error
        if found and not self.violations:
            self.violations, self.at = found, line
        return not found

    def go_on(self, line: Line) -> bool:
        """Play one more line after something came to light; tell whether the scenario can go on.

        What else can be put to the test still is; what is no longer possible ends the scenario.
        """
        try:
            self.say(line)
        except BadInput:
            return False
        return all(violation.law != "runs" for violation in self.violations)

    def _placed(self, problem: Problem, line: Line) -> Problem:
        file, number = problem.file or self.feature.file, problem.line or line.line
        return replace(problem, file=file, line=number)

    def end(self) -> Played:
        """End the scenario and give what came of it."""
        journal = self.stage.close()
        if self.stage.dataflow is None:
            raise BadInput(
                Problem(
                    file=self.feature.file,
                    line=self.scenario.line,
                    text=f"the scenario {self.scenario.name!r} never says which checklist it is"
                    " about",
                    remedy='begin with: Given the checklist "NAME" with the agreement "NAME"',
                )
            )
        return Played(
            feature=self.feature,
            scenario=self.scenario,
            violations=tuple(self.violations),
            judgement=self.stage.judgement,
            dataflow=self.stage.dataflow,
            script=tuple(self.stage.steps),
            journal=journal,
            line=self.at,
            failure=self.stage.failure,
            not_run=self.not_run,
        )

    def close(self) -> None:
        """Let go of the scenario's world, if it was not ended."""
        self.stage.close()


def weather_of(tags: Iterable[str]) -> frozenset[str]:
    """Give the weather that a scenario's tags ask for: `@faults`, `@kills`, and so on."""
    return frozenset(tag.removeprefix("@") for tag in tags) & WEATHER


def is_search(scenario: Scenario) -> bool:
    """Tell whether a scenario draws random edits, and so takes longer than others."""
    return any(_SEARCH in line.text for line in scenario.steps)


def play_scenario(theatre: Theatre, feature: Feature, scenario: Scenario) -> Played:
    """Play one scenario to its end; what first comes to light is what it tells.

    BadInput, with file and line, where a step cannot be understood or carried out.
    """
    playing = Playing(theatre, feature, scenario)
    try:
        for line in scenario.steps:
            if not playing.violations:
                playing.say(line)
            elif not playing.go_on(line):
                break
        return playing.end()
    finally:
        playing.close()


def play_features(
    theatre: Theatre,
    features: Iterable[Feature],
    *,
    progress: Progress | None = None,
    listener: Listener | None = None,
) -> SuiteResult:
    """Play all scenarios of all features, one after the other; `listener` hears of each at once."""
    plan = [(feature, scenario) for feature in features for scenario in feature.scenarios]
    result = SuiteResult()
    for done, (feature, scenario) in enumerate(plan):
        if progress is not None:
            progress(done, len(plan), scenario)
        played = play_scenario(theatre, feature, scenario)
        result.played.append(played)
        result.judgement.add(played.judgement)
        if listener is not None:
            listener(played)
    return result
