"""A suite: many scenarios played for one connector. Rule: it plays and gathers; others render.

Smoke first: one record over, or nothing else is tried, so that a connector which is wired wrongly
gets one clear answer instead of fifty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tallystick.dataflow.model import Dataflow
from tallystick.errors import BadInput, Problem
from tallystick.journal.journal import Journal
from tallystick.laws.verdict import Judgement, Violation
from tallystick.run.stage import Stage, Theatre
from tallystick.vocabulary.gherkin import Feature, Line, Scenario
from tallystick.vocabulary.script import Script

__all__ = ["Played", "SuiteResult", "play_features", "play_scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One scenario that was played: what came to light, and at which line.

    `failure` is the shrunk counterexample of an exploration, if that is what failed.
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


@dataclass(slots=True)
class SuiteResult:
    """Everything that a run gave."""

    played: list[Played] = field(default_factory=list)
    judgement: Judgement = field(default_factory=Judgement)

    @property
    def failed(self) -> list[Played]:
        """The scenarios in which something came to light."""
        return [played for played in self.played if played.violations]


Progress = Callable[[int, int, Scenario], None]
"""Is told, before each scenario, how many were played, how many there are, and which is next."""


def play_scenario(theatre: Theatre, feature: Feature, scenario: Scenario) -> Played:
    """Play one scenario to its end, or to the first step that brings something to light.

    BadInput, with file and line, where a step cannot be understood or carried out.
    """
    beside = Path(feature.file).parent if feature.file else None
    stage = Stage(theatre, title=scenario.name, beside=beside)
    violations: list[Violation] = []
    at: Line | None = None
    try:
        for line in scenario.steps:
            violations = _say(stage, feature, line)
            if violations:
                at = line
                break
    finally:
        journal = stage.close()
    if stage.dataflow is None:
        raise BadInput(
            Problem(
                file=feature.file,
                line=scenario.line,
                text=f"the scenario {scenario.name!r} never says which checklist it is about",
                remedy='begin with: Given the checklist "NAME" with the agreement "NAME"',
            )
        )
    return Played(
        feature=feature,
        scenario=scenario,
        violations=tuple(violations),
        judgement=stage.judgement,
        dataflow=stage.dataflow,
        script=tuple(stage.steps),
        journal=journal,
        line=at,
        failure=stage.failure,
    )


def _say(stage: Stage, feature: Feature, line: Line) -> list[Violation]:
    try:
        return stage.say(line.text, line.table)
    except BadInput as error:
        problems = [
            Problem(
                text=problem.text,
                remedy=problem.remedy,
                file=problem.file or feature.file,
                line=problem.line or line.line,
            )
            for problem in error.problems
        ]
        raise BadInput(problems) from error


def play_features(
    theatre: Theatre, features: Iterable[Feature], *, progress: Progress | None = None
) -> SuiteResult:
    """Play all scenarios of all features, one after the other."""
    plan = [(feature, scenario) for feature in features for scenario in feature.scenarios]
    result = SuiteResult()
    for done, (feature, scenario) in enumerate(plan):
        if progress is not None:
            progress(done, len(plan), scenario)
        played = play_scenario(theatre, feature, scenario)
        result.played.append(played)
        result.judgement.add(played.judgement)
    return result
