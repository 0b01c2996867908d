"""Cells: every value survives a table, and everything in a cell can be seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.canonical import MISSING
from tallystick.vocabulary.cells import (
    parse_cell,
    parse_table,
    render_cell,
    render_table,
    visible,
)
from tallystick.vocabulary.gherkin import read_feature, table_lines
from tallystick.vocabulary.script import KeyOf

HOSTILE = {
    "quotes": '"',
    "a quoted cell": '"nothing"',
    "a pipe": "a|b",
    "pipes only": "||",
    "a backslash": "\\",
    "a backslash before a pipe": "\\|",
    "an escape that is none": "\\n",
    "newlines": "one\ntwo\r\nthree\r",
    "a tab": "\t",
    "NUL": "\x00",
    "delete": "\x7f",
    "next line": "a\x85b",
    "line separator": "a\u2028b\u2029c",
    "right to left": "\u202eabc",
    "zero width": "a\u200bb\ufeff",
    "no-break space": "\xa0a\xa0",
    "blanks around": "  a  ",
    "a blank": " ",
    "nothing at all": "",
    "four bytes": "\U0001f9fe",
    "decomposed": "Zoe\u0308",
    "composed": "Zo\u00eb",
    "half a pair": "\ud83e",
    "private": "\ue000",
    "the word nothing": "nothing",
    "the words for a key": 'the key of "Ann"',
    "a placeholder": "<name>",
    "a comment": "# no comment",
    "digits": "0017",
    "the word null": "null",
}
VALUES = [
    *HOSTILE.values(),
    *(None, True, False, 0, -1, 1.5, 1e300, 10**20, [], {}, ["a", {"b": None}]),
    *(MISSING, KeyOf("Ann"), KeyOf("\U0001f9fe \u00eb")),
]


def through_a_feature(values):
    lines = ["Feature: F", "Scenario: S", "* a step", *table_lines(render_table(values), "  ")]
    [scenario] = read_feature("\n".join(lines), file="f").scenarios
    return parse_table(scenario.steps[0].table)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_cell_says_its_value(value):
    read = parse_cell(render_cell(value))
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_values_go_through_a_feature(text):
    values = (("name", text), ("deep", [{text: text}]), (f"a{text}".strip(), 1))
    if not text.isprintable():  # a property's name is no value: it stands there as it is
        values = values[:2]
    assert through_a_feature(values) == values


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_everything_in_a_cell_can_be_seen(text):
    cell = render_cell(text)
    assert cell.isprintable()
    assert not any(unicodedata.combining(character) for character in cell)
    assert "\n" not in visible(text)


def test_any_text_goes_through_a_feature():
    met = set()

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.text(st.characters(), max_size=6))
    def check(text):
        met.update(unicodedata.category(character)[0] for character in text)
        assert through_a_feature((("p", text),)) == (("p", text),)

    check()
    assert met >= {"L", "C"}


def test_blanks_around_a_cell_say_nothing():
    assert parse_cell('  "a"  ') == "a"
    assert parse_cell(" nothing ") is MISSING
    assert parse_table([[" property ", "value "], [" a ", " 1 "]]) == (("a", 1),)


@pytest.mark.parametrize("cell", ["Ann", "", "'a'", "True", "0017", "the key of Ann", '"a" "b"'])
def test_a_bad_cell_says_what_could_stand_there(cell):
    with pytest.raises(ValueError, match="is no value") as caught:
        parse_cell(cell)
    for part in (repr(cell), "double quotes", "null", "nothing", 'the key of "LABEL"'):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    "rows", [[], [["value", "property"]], [["property"]], [["property", "value", "more"]]]
)
def test_a_table_needs_its_two_columns(rows):
    with pytest.raises(ValueError, match=r"\| property \| value \|"):
        parse_table(rows)


def test_a_bad_cell_in_a_table():
    with pytest.raises(ValueError, match="'Ann' is no value"):
        parse_table([["property", "value"], ["name", "Ann"]])


def test_what_a_person_sees():
    assert render_cell("Zoe\u0308") == '"Zoe\\u0308"'
    assert render_cell("Zo\u00eb") == '"Zo\u00eb"'
    assert render_cell("a\xa0b") == '"a\\u00a0b"'
    assert visible("a\nb") == "a\\nb"
