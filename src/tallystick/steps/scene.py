"""One scenario while pytest-bdd plays it. Rule: it feeds the same `Playing` as every other way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from tallystick.run.suite import Played, Playing
from tallystick.steps.company import Company
from tallystick.steps.words import says
from tallystick.vocabulary.gherkin import Feature, Line, Scenario

__all__ = ["COMPANY", "SCENARIO", "UNDECIDED", "Cue", "ScenarioFailed", "playing", "say"]

COMPANY: Final = pytest.StashKey[Company]()
SCENARIO: Final = pytest.StashKey[str]()
"""The name of the scenario that an item plays, its example filled in."""

SEED: Final = "tallystick_seed"
"""The property under which a report says where random edits began."""

UNDECIDED: Final = "tallystick_undecided"
"""The property under which a scenario's report says what it should have met and did not."""


class ScenarioFailed(Exception):
    """Something came to light in a scenario; `played` says what."""

    def __init__(self, played: Played) -> None:
        self.played = played
        super().__init__(f"{played.scenario.name}: {len(played.violations)} violations")


class Cue:
    """What the step function gets: it follows the lines, and has each said on the stage."""

    def __init__(self, now: Playing) -> None:
        self.now = now
        self.ended = False
        self._left = iter(now.scenario.steps)

    def say(self, sentence: str, table: list[list[str]] | None) -> None:
        """Play the next line; raise where something comes to light."""
        place = next(self._left, None)
        line = Line(
            keyword=place.keyword if place else "",
            text=sentence,
            table=tuple(tuple(row) for row in table or ()),
            line=place.line if place else 0,
        )
        if not self.now.say(line):
            self.ended = True
            raise ScenarioFailed(self.now.end())


@pytest.fixture(name="tallystick_playing")
def playing(request: pytest.FixtureRequest) -> Iterator[Cue]:
    """The scenario that is being played."""
    company = request.config.stash[COMPANY]
    feature: Feature = request.node.parent.feature
    name = request.node.stash[SCENARIO]
    scenario: Scenario = next(s for s in feature.scenarios if s.name == name)
    with company.theatre() as theatre:
        if says(scenario, "explore"):
            request.node.user_properties.append((SEED, str(company.seed)))
        cue = Cue(Playing(theatre, feature, scenario))
        try:
            yield cue
        finally:
            cue.now.close()


def say(
    sentence: str,
    tallystick_playing: Cue,
    request: pytest.FixtureRequest,
    datatable: list[list[str]] | None = None,
) -> None:
    """The one step there is."""
    tallystick_playing.say(sentence, datatable)
    properties = request.node.user_properties
    for text in tallystick_playing.now.stage.judgement.unreached:
        if (UNDECIDED, text) not in properties:
            properties.append((UNDECIDED, text))
