"""The sets of levels, and who may be told what."""

from __future__ import annotations

from tallystick.laws.reach import SITUATIONS
from tallystick.laws.words import WORDS
from tallystick.levels.assess import assess, level_of
from tallystick.levels.model import Evidence, Level, LevelSet, Stumble
from tallystick.levels.sets import CURRENT, SETS
from tallystick.vocabulary.laws import LAWS

TWO = LevelSet(
    date="2030-01",
    levels=(
        Level(name="low", about="a", laws=("linked",), situations=("merge",)),
        Level(name="high", about="b", laws=("polite",)),
    ),
)


def test_sets_are_dated_and_only_the_newest_is_a_draft() -> None:
    dates = [each.date for each in SETS]
    assert dates == sorted(set(dates))
    assert CURRENT is SETS[-1]
    assert not [each.date for each in SETS[:-1] if each.draft]


def test_the_current_set_asks_for_every_law_once_and_for_known_situations() -> None:
    laws = [law for level in CURRENT.levels for law in level.laws]
    assert sorted(laws) == sorted(LAWS)
    situations = [each for level in CURRENT.levels for each in level.situations]
    assert len(situations) == len(set(situations))
    assert set(SITUATIONS) - set(situations) == {
        "unseen-edit",  # the connector's own doing
        "unconvertible",  # not every checklist has such values
        "skew",  # neither has every run
    }
    assert set(situations) <= set(SITUATIONS)


def test_a_frozen_set_knows_only_breaches_that_there_are() -> None:
    for each in SETS:
        assert (each.breaches or set()) <= {f"{law}/{anomaly}" for law, anomaly in WORDS}


def test_the_level_of_something_is_the_highest_that_it_needs() -> None:
    assert level_of(TWO, "linked") == "low"
    assert level_of(TWO, "linked", "polite") == "high"
    assert level_of(TWO, "quiet") == ""


def reached(**evidence) -> str:
    tested = {"linked": 1, "polite": 1} | evidence.pop("tested", {})
    return assess(TWO, Evidence(tested=tested, **evidence)).reached


def test_what_applies_must_have_been_met() -> None:
    assert reached() == "high"
    assert reached(reach={"merge": 1}) == "high"
    assert reached(reach={"merge": 0}) == ""
    assert reached(tested={"polite": 0}) == "low"
    assert reached(stumbles=[Stumble(said="x", about=("polite",))]) == "low"
    assert reached(stumbles=[Stumble(said="x", about=("quiet",))]) == "high"
    assert reached(incomplete="gone") == ""


def test_a_level_stands_on_those_before_it() -> None:
    levels = assess(TWO, Evidence(tested={"linked": 0, "polite": 1})).levels
    assert levels[0].missing == ("linked was never put to the test",)
    assert levels[1].missing == ("the level low is not reached",)
