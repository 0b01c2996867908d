"""A scenario that was played, as an event. Rule: it takes what is there, and judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from tallystick.dataflow.model import POLICY_CHOICES, Dataflow
from tallystick.journal.journal import Journal
from tallystick.laws.verdict import Judgement, Violation
from tallystick.results.events import Figures, PlayedStep, ScenarioEnded
from tallystick.results.situations import situations_of
from tallystick.vocabulary.gherkin import Feature, Line, Scenario
from tallystick.vocabulary.script import Script

__all__ = ["PlayedScenario", "is_about", "scenario_ended"]


class PlayedScenario(Protocol):
    """What whoever plays scenarios hands over, for an event or for a story.

    `failure` is None, or the counterexample that random edits found: an object with `script`,
    `violations`, `journal` and `seed`, which then is the story.
    """

    @property
    def feature(self) -> Feature:
        """The feature that it stands in."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What came to light."""

    @property
    def judgement(self) -> Judgement:
        """What it was judged."""

    @property
    def dataflow(self) -> Dataflow:
        """What was agreed in it."""

    @property
    def script(self) -> Script:
        """The steps that were played, the failing one last."""

    @property
    def journal(self) -> Journal | None:
        """What happened."""

    @property
    def failure(self) -> Any:
        """The counterexample of a search, if that is what failed."""

    @property
    def line(self) -> Line | None:
        """The step at which something came to light."""


def is_about(theirs: Dataflow, dataflow: Dataflow) -> bool:
    """Tell whether a scenario's dataflow says the same; its systems may speak other dialects."""
    return theirs.pairs == dataflow.pairs and all(
        getattr(theirs.policies, name) == getattr(dataflow.policies, name)
        for name in POLICY_CHOICES
    )


def scenario_ended(
    played: PlayedScenario, dataflow: Dataflow, *, weather: Iterable[str], duration_ms: int = 0
) -> ScenarioEnded:
    """Give the event for a scenario of a run about `dataflow`."""
    scenario = played.scenario
    return ScenarioEnded(
        feature=played.feature.file,
        name=scenario.name,
        line=scenario.line,
        own=is_about(played.dataflow, dataflow),
        weather="+".join(sorted(weather)) or "fine",
        figures=Figures.of(played.judgement),
        violations=tuple(played.judgement.violations) or played.violations,
        tags=scenario.tags,
        steps=tuple(
            PlayedStep(keyword=step.keyword, text=step.text, line=step.line, table=step.table)
            for step in scenario.steps
        ),
        failed_line=played.line.line if played.line is not None else 0,
        situations=situations_of((played.failure or played).script) if played.violations else (),
        duration_ms=duration_ms,
    )
