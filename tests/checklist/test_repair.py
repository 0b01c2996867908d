"""Data types that lost their brackets: restored where one expression fits, and only there."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.checklist.datatypes import read_data_type
from tallystick.checklist.repair import expressions_that_lost
from tests.dialect.datatypes import EXPRESSIONS

SPACED, TIGHT = (", ", ": "), (",", ":")


def lost(expression, separators=SPACED) -> str:
    printed = json.dumps(expression, separators=separators)
    return printed.replace(', "_."]', "").replace("[", "")


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=json.dumps)
def test_whatever_kept_its_values_is_restored(expression):
    text = lost(expression, TIGHT)
    assert expressions_that_lost(text) == [expression]
    assert read_data_type(text).state == "repaired"


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ('"datetime-format", "%Y-%m-%d"', ["datetime-format", "%Y-%m-%d", "_."]),
        ('"datetime-format","%Y-%m-%d","_."]', ["datetime-format", "%Y-%m-%d", "_."]),
        (
            '"if", "neq", "_.", "X"], "integer", "string"]',
            ["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]],
        ),
        ('"string", "integer", "decimal"]]', ["string", ["integer", ["decimal", "_."]]]),
        (
            '"if-null", "integer", "string"], "decimal"]',
            ["if-null", ["integer", ["string", "_."]], ["decimal", "_."]],
        ),
        (
            '"if", "gt", "abs", "datetime-diff", "year", "_.", "now"]]], 100], "1935-01-01", "datetime-format", "%Y-%m-%d"]',
            [
                "if",
                ["gt", ["abs", ["datetime-diff", "year", "_.", ["now"]]], 100],
                "1935-01-01",
                ["datetime-format", "%Y-%m-%d", "_."],
            ],
        ),
        ('"decimal","_."]', "decimal"),
    ],
)
def test_a_single_solution_is_taken(text, expression):
    found = read_data_type(text)
    assert (found.state, found.expression, found.reason) == ("repaired", expression, "")


@pytest.mark.parametrize(
    "text",
    [
        '""if", "eq"]]"',
        '"if", "eq", "", "-"',  # only functions of one value lose it
        '"if", "or", "is-empty", "eq", ""], "-"',
        '"frobnicate", "_."]',
        '"integer", "decimal"]]',
        '"datetime-format", "%Q", "_."]',
        '["datetime-format", "%Y-%m-%d"',
        '"or", "integer", "string", "boolean"], "decimal"]]',
    ],
)
def test_otherwise_the_text_is_opaque(text):
    assert read_data_type(text).state == "opaque"


def test_several_solutions_are_none():
    text = '"or", "string", "or", "a", "integer", "a"]]]'
    assert len(expressions_that_lost(text)) == 2
    found = read_data_type(text)
    assert found.state == "opaque"
    assert "2 expressions fit" in found.reason


PIECES = st.sampled_from(
    ['"or"', '"if"', '"string"', '"integer"', '"_."', '"X"', '"now"', '"datetime-format"', "1"]
)


@given(st.lists(st.tuples(PIECES, st.integers(0, 3)), max_size=30))
def test_whatever_is_found_loses_its_brackets_to_the_text(parts):
    text = ", ".join(piece + "]" * closed for piece, closed in parts)
    found = read_data_type(text)
    if found.state == "repaired":
        assert len(expressions_that_lost(text)) == 1
        assert lost(expressions_that_lost(text)[0]).replace(', "_."', "").replace(
            "]", ""
        ) == text.replace(', "_."', "").replace("]", "")
