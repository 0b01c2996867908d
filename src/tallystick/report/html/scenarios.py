"""The list of all scenarios: what stands behind the ticks, one by one. Rule: it lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tallystick.report.html.text import shown
from tallystick.results.events import ScenarioEnded

__all__ = ["FeatureView", "ScenarioView", "scenario_views"]

_MOST_TOLD: Final = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioView:
    """One scenario; `own` tells whether the ticks count it."""

    number: int
    name: str
    line: int
    failed: bool
    own: bool
    edits: int
    requests: int
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureView:
    """A feature's file with its scenarios, in the order in which they were played."""

    file: str
    scenarios: tuple[ScenarioView, ...]

    @property
    def failed(self) -> int:
        """How many of the scenarios failed."""
        return sum(scenario.failed for scenario in self.scenarios)


def scenario_views(scenarios: Sequence[ScenarioEnded]) -> list[FeatureView]:
    """Give the scenarios under their features, numbered from 1 through all of them.

    Where there are very many, their steps are left to the features' own files.
    """
    told = len(scenarios) <= _MOST_TOLD
    return [
        FeatureView(
            file=shown(file),
            scenarios=tuple(_view(number, one, told=told) for number, one in of_feature),
        )
        for file, of_feature in groupby(enumerate(scenarios, 1), key=lambda one: one[1].feature)
    ]


def _view(number: int, scenario: ScenarioEnded, *, told: bool) -> ScenarioView:
    return ScenarioView(
        number=number,
        name=shown(scenario.name),
        line=scenario.line,
        failed=bool(scenario.violations),
        own=scenario.own,
        edits=scenario.figures.edits,
        requests=scenario.figures.exchanges,
        steps=tuple(_steps(scenario)) if told else (),
    )


def _steps(scenario: ScenarioEnded) -> Iterator[str]:
    for step in scenario.steps:
        yield shown(f"{step.keyword.strip()} {step.text}", 400)
        for row in step.table:
            yield f"    | {' | '.join(shown(cell, 200) for cell in row)} |"
