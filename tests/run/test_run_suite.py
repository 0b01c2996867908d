"""Suites: every scenario is played, to its end if that can be, and mistakes carry their line."""

from __future__ import annotations

import pytest
from run_agreed import small

from tallystick.errors import BadInput
from tallystick.run.explore import explore
from tallystick.run.smoke import smoke
from tallystick.run.stage import Effort, Theatre
from tallystick.run.suite import Playing, play_features, play_scenario, weather_of
from tallystick.vocabulary.gherkin import read_feature

HEAD = """\
@tallystick
Feature: Things
  Background:
    Given the checklist "small" with the agreement "small"
"""
ONE = """
  Scenario: It comes over
    When Thing "Ann" is created in Shop
    And the connector synchronizes
    Then Thing "Ann" has one counterpart in ERP
    And all laws hold
"""
TWO = """
  @faults @kills @slow
  Scenario: Anything may happen
    Then people make random edits to Thing records on either side
    And all laws hold
"""
THREE = """
  Scenario: It comes over twice
    When Thing "Ann" is created in Shop
    And the connector synchronizes
    And Thing "Bob" is created in Shop
    And Thing "Ann" is edited in ERP:
      | property | value |
      | name     | "A"   |
    And the connector synchronizes
    Then all laws hold
"""
IDLE = "python:run_connectors:idle"


@pytest.fixture
def playing(network):
    theatres = []

    def play(text, connector="reference", *, head=HEAD, whole=False, **more):
        theatre = Theatre(network, connector=connector, **more)
        theatre.dataflows["small", "small"] = small()
        theatres.append(theatre)
        feature = read_feature(head + text, file="things.feature")
        if whole:
            return play_features(theatre, [feature])
        return play_scenario(theatre, feature, feature.scenarios[0])

    yield play
    for theatre in theatres:
        theatre.close()


def test_a_scenario_that_passes(playing):
    played = playing(ONE)
    assert (played.violations, played.line, played.failure) == ((), None, None)
    assert played.scenario.name == "It comes over"
    assert played.dataflow == small()
    assert played.judgement.edits == 1
    assert played.journal.complete
    assert played.journal.header.title == "It comes over"
    assert len(played.script) == 5


def test_the_first_that_comes_to_light_is_told_with_its_line(playing):
    played = playing(ONE, IDLE)
    assert [violation.law for violation in played.violations] == ["linked"]
    assert (played.line.text, played.line.line) == ("the connector synchronizes", 8)


def test_it_plays_on_after_a_violation(playing):
    played = playing(ONE, IDLE)
    assert len(played.script) == 5
    assert len(played.judgement.violations) > len(played.violations)


def test_it_plays_on_as_far_as_that_is_possible(playing):
    text = 'the counterpart of Thing "Ann" is edited in ERP'
    played = playing(THREE.replace('Thing "Ann" is edited in ERP', text), IDLE)
    assert [violation.law for violation in played.violations] == ["linked"]
    assert played.judgement.edits == 2
    assert played.journal.complete


def test_it_stops_when_the_connector_breaks(playing):
    played = playing(THREE, "python:run_connectors:breaks")
    assert {violation.law for violation in played.violations} == {"runs"}
    assert played.line.line == 8
    assert played.judgement.edits == 2
    assert len(played.script) == 4


def test_a_whole_suite(playing, network):
    told = []
    theatre = Theatre(network, effort=Effort(edits=5, seed=1), explorer=explore)
    theatre.dataflows["small", "small"] = small()
    first = read_feature(HEAD + ONE + TWO, file="a.feature")
    second = read_feature(HEAD + ONE, file="b.feature")
    result = play_features(
        theatre,
        [first, second],
        progress=lambda done, of, scenario: told.append((done, of, scenario.name)),
    )
    theatre.close()
    assert result.failed == []
    assert told == [
        *((0, 3, "It comes over"), (1, 3, "Anything may happen"), (2, 3, "It comes over"))
    ]
    assert [bool(played.journal.events) for played in result.played] == [True, False, True]
    assert result.judgement.edits == sum(played.judgement.edits for played in result.played)
    assert result.judgement.edits > 2


def test_a_suite_goes_on_with_the_next_scenario(playing):
    result = playing(ONE + THREE, IDLE, whole=True)
    assert len(result.failed) == len(result.played) == 2
    assert len(result.judgement.violations) >= 2


def test_an_exploration_that_fails_gives_its_story(playing):
    played = playing(TWO, IDLE, effort=Effort(edits=20, seed=1), explorer=explore)
    assert played.violations[0].law == "linked"
    assert played.failure.violations == played.violations
    assert played.journal.events == []
    assert played.failure.journal.events
    assert played.line.line == 8


@pytest.mark.parametrize(
    ("text", "head", "line", "message"),
    [
        ("  Scenario: S\n    * the moon rises\n", HEAD, 6, "no step"),
        ('  Scenario: S\n    * Thing "B" is deleted in Shop\n', HEAD, 6, "no record is called"),
        ("  Scenario: S\n    * the connector synchronizes\n", "Feature: F\n", 3, "must first say"),
        (
            '  Scenario: S\n    * the checklist "none" without an agreement\n',
            "Feature: F\n",
            3,
            "there is no checklist 'none'",
        ),
    ],
)
def test_a_mistake_carries_its_file_and_line(playing, text, head, line, message):
    with pytest.raises(BadInput, match=message) as caught:
        playing(text, head=head)
    assert str(caught.value).startswith(f"things.feature:{line}: ")


def test_a_checklists_own_mistake_keeps_its_own_place(playing, tmp_path):
    (tmp_path / "bad.rst").write_text("nothing\n", encoding="utf-8")
    text = f'  Scenario: S\n    * the checklist "{tmp_path}/bad.rst" without an agreement\n'
    with pytest.raises(BadInput) as caught:
        playing(text, head="Feature: F\n")
    assert str(caught.value).startswith(f"{tmp_path}/bad.rst")


def test_a_scenario_about_nothing(playing):
    with pytest.raises(BadInput, match="never says which checklist it is about") as caught:
        playing("  Scenario: S\n", head="Feature: F\n")
    assert caught.value.problems[0].line == 2


def test_feeding_it_line_by_line_is_the_same(playing, network):
    theatre = Theatre(network, connector=IDLE)
    theatre.dataflows["small", "small"] = small()
    feature = read_feature(HEAD + ONE, file="things.feature")
    one = Playing(theatre, feature, feature.scenarios[0])
    told = [one.say(line) for line in one.scenario.steps]
    assert told == [True, True, False, False, True]  # the last brings nothing new to light
    played = one.end()
    one.close()
    theatre.close()
    again = playing(ONE, IDLE)
    assert played.violations == again.violations
    assert played.line == again.line


def test_weather_is_asked_for_by_tags():
    assert weather_of(["@tallystick", "@faults", "@races", "@slow"]) == {"faults", "races"}
    assert weather_of([]) == frozenset()


# smoke


def test_smoke_of_one_that_works(theatre):
    seen = smoke(theatre, small())
    assert (seen.wired, seen.reached, seen.why, seen.strayed) == (True, True, "", ())
    assert seen.journal.complete
    assert seen.pair.number == 1


@pytest.mark.parametrize(
    ("connector", "why"), [("idle", ""), ("breaks", "ValueError: I give up"), ("lost", "")]
)
def test_smoke_of_one_that_does_not(network, connector, why):
    theatre = Theatre(network, connector=f"python:run_connectors:{connector}")
    seen = smoke(theatre, small())
    theatre.close()
    assert (seen.wired, seen.reached, seen.why) == (False, False, why)
    assert seen.strayed == (("http://home.test",) if connector == "lost" else ())
