"""One scenario while pytest-bdd plays it. Rule: it feeds the same `Playing` as every other way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from tallystick.report.scenario import SAVED
from tallystick.run.again import play_again, plays_for, said
from tallystick.run.suite import Played, Playing
from tallystick.steps.company import Company
from tallystick.steps.words import says
from tallystick.vocabulary.gherkin import Feature, Line, Scenario

__all__ = [
    "COMPANY",
    "PLAYED",
    "REPLAYED",
    "SCENARIO",
    "UNDECIDED",
    "Cue",
    "ScenarioFailed",
    "playing",
    "say",
]

COMPANY: Final = pytest.StashKey[Company]()
SCENARIO: Final = pytest.StashKey[str]()
"""The name of the scenario that an item plays, its example filled in."""

PLAYED: Final = pytest.StashKey[Played]()
"""What came of the scenario that an item plays."""

SEED: Final = "tallystick_seed"
"""The property under which a report says where random edits began."""

UNDECIDED: Final = "tallystick_undecided"
"""The property under which a scenario's report says what it should have met and did not."""


REPLAYED: Final = "tallystick_replayed"
"""The property under which a saved scenario's report says whether it still fails."""


class ScenarioFailed(Exception):
    """Something came to light in a scenario; `played` says what."""

    def __init__(self, played: Played) -> None:
        self.played = played
        super().__init__(f"{played.scenario.name}: {len(played.violations)} violations")


class Cue:
    """What the step function gets: it follows the lines, and has each said on the stage.

    `played` is what came of it, once it is over; `replayed` says what became of a scenario that was
    saved because it failed, once that is known.
    """

    def __init__(self, now: Playing) -> None:
        self.now = now
        self.played: Played | None = None
        self.replayed = ""
        self._left = list(reversed(now.scenario.steps))

    def say(self, sentence: str, table: list[list[str]] | None) -> None:
        """Play the next line; raise where something comes to light."""
        place = self._left.pop() if self._left else None
        line = Line(
            keyword=place.keyword if place else "",
            text=sentence,
            table=tuple(tuple(row) for row in table or ()),
            line=place.line if place else 0,
        )
        goes_on = self.now.say(line)
        if not goes_on or not self._left:
            while self._left and self.now.go_on(self._left.pop()):
                pass
            saved = SAVED in self.now.scenario.tags
            self.played = self._played_again() if saved else self.now.end()
            if self.played.violations:
                raise ScenarioFailed(self.played)

    def _played_again(self) -> Played:
        """End a saved scenario; play it as often as it takes to know whether it still fails."""
        played = self.now.end()
        theatre = self.now.stage.theatre
        plays = plays_for(theatre.connector)
        more = [
            play_again(
                theatre, played.script, title=played.scenario.name, beside=self.now.stage.beside
            )
            for _ in range(plays - 1)
        ]
        failed = [play for play in more if play.violations]
        self.replayed = said(len(failed) + bool(played.violations), plays)
        if played.violations or not failed:
            return played
        again = failed[0]
        return replace(
            played, violations=again.violations, script=again.script, journal=again.journal
        )


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
    properties = request.node.user_properties
    try:
        tallystick_playing.say(sentence, datatable)
    finally:
        if tallystick_playing.played is not None:
            request.node.stash[PLAYED] = tallystick_playing.played
        if tallystick_playing.replayed:
            properties.append((REPLAYED, tallystick_playing.replayed))
    for text in tallystick_playing.now.stage.judgement.unreached:
        if (UNDECIDED, text) not in properties:
            properties.append((UNDECIDED, text))
