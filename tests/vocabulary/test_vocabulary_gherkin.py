"""Features as text: tags, rules and outlines are laid out, and what is broken says where."""

from __future__ import annotations

import pytest

from tallystick.errors import BadInput
from tallystick.vocabulary.gherkin import escape_cell, read_feature, table_lines

WHOLE = """\
@tallystick @nightly
Feature: Orders

  Background:
    Given a shop

  @first
  Scenario: One
    When it opens
      | property | value |
      | a\\|b     | "\\\\"  |
    Then it is open

  @drawn
  Scenario Outline: <count> of them
    When <count> come
    And they say "<word>"

    @some
    Examples:
      | count | word |
      | 2     | yes  |
      | 3     | no   |

  Rule: Only then

    @ruled
    Example: Later
      * it closes
"""


def test_a_whole_feature():
    feature = read_feature(WHOLE, file="orders.feature")
    assert (feature.file, feature.name) == ("orders.feature", "Orders")
    assert feature.tags == ("@tallystick", "@nightly")
    assert feature.ours
    one, two, three, later = feature.scenarios
    assert [scenario.name for scenario in feature.scenarios] == [
        *("One", "2 of them", "3 of them", "Later")
    ]
    assert one.tags == ("@tallystick", "@nightly", "@first")
    assert two.tags == three.tags == ("@tallystick", "@nightly", "@drawn", "@some")
    assert [scenario.rule for scenario in feature.scenarios] == ["", "", "", "Only then"]
    assert later.tags[-1] == "@ruled"


def test_steps_keep_keyword_table_and_line():
    one, two, three, later = read_feature(WHOLE, file="f").scenarios
    assert [(step.keyword, step.text, step.line) for step in one.steps] == [
        *(("Given", "a shop", 5), ("When", "it opens", 9), ("Then", "it is open", 12))
    ]
    assert one.steps[1].table == (("property", "value"), ("a|b", '"\\"'))
    assert one.line == 8
    assert [step.text for step in two.steps] == ["a shop", "2 come", 'they say "yes"']
    assert [step.keyword for step in two.steps] == ["Given", "When", "And"]
    assert (two.line, three.line) == (22, 23)
    assert [step.keyword for step in later.steps] == ["Given", "*"]


@pytest.mark.parametrize("tags", ["", "@nightly @tallystick\n", "@tallystick-like\n"])
def test_a_feature_of_somebody_else(tags):
    assert not read_feature(f"{tags}Feature: F\n  Scenario: S\n    * a\n", file="f").ours


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_no_feature(text):
    with pytest.raises(BadInput, match=r"empty\.feature:1: the file holds no feature"):
        read_feature(text, file="empty.feature")


def test_broken_gherkin_says_every_place():
    text = "Feature: F\n  Scenario: S\n    Given a\n    nonsense\n    Then b\n    more of it\n"
    with pytest.raises(BadInput) as caught:
        read_feature(text, file="broken.feature")
    assert [problem.line for problem in caught.value.problems] == [4, 6]
    for problem in caught.value.problems:
        assert str(problem).startswith(f"broken.feature:{problem.line}: not Gherkin: ")
    assert "'nonsense'" in caught.value.problems[0].text


def test_rows_of_unlike_length_are_broken():
    text = "Feature: F\n  Scenario: S\n    * a\n      | a | b |\n      | a |\n"
    with pytest.raises(BadInput, match=r"f:5: not Gherkin: .*"):
        read_feature(text, file="f")


def test_two_scenarios_of_one_name():
    text = "Feature: F\n" + "".join(f"  Scenario: {name}\n    * a\n" for name in "ABAB")
    with pytest.raises(BadInput) as caught:
        read_feature(text, file="twins.feature")
    first, second = caught.value.problems
    assert str(first).startswith("twins.feature:6: two scenarios are called 'A'")
    assert "line 2" in first.text
    assert "a name of its own" in first.remedy
    assert second.line == 8


def test_rows_of_an_outline_need_names_of_their_own():
    outline = "Feature: F\n  Scenario Outline: S\n    * <a>\n    Examples:\n      | a |\n"
    with pytest.raises(BadInput, match="two scenarios are called 'S'"):
        read_feature(f"{outline}      | 1 |\n      | 2 |\n", file="f")


def test_a_table_is_aligned():
    lines = table_lines([("property", "value"), ("a", '"x|y"'), ("b\\", "1\n2")], "  ")
    assert lines == [
        "  | property | value  |",
        '  | a        | "x\\|y" |',
        "  | b\\\\      | 1\\n2   |",
    ]


@pytest.mark.parametrize("text", ["|", "\\", "\n", "\\n", "\\|", "a\\\n|b"])
def test_what_is_escaped_is_read_again(text):
    cell = escape_cell(text)
    assert "\n" not in cell
    feature = read_feature(f"Feature: F\nScenario: S\n* a\n| x{cell}y |\n", file="f")
    assert feature.scenarios[0].steps[0].table == ((f"x{text}y",),)
