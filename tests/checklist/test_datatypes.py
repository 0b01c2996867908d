from __future__ import annotations

import pytest

from tallystick.checklist.datatypes import expression_problem, read_data_type


@pytest.mark.parametrize(
    "cast", ["string", "integer", "float", "decimal", "boolean", "list", "first"]
)
def test_plain_casts(cast):
    found = read_data_type(f' "{cast}" ')
    assert (found.state, found.expression, found.reason) == ("printed", cast, "")


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ('["decimal","_."]', "decimal"),
        ('["list", "_."]', "list"),
        (
            '["datetime-format", "%Y-%m-%d", "_."]',
            ["datetime-format", "%Y-%m-%d", "_."],
        ),
        ('["integer",["decimal","_."]]', ["integer", ["decimal", "_."]]),
        (
            '["replace"," ","",["string","_."]]',
            ["replace", " ", "", ["string", "_."]],
        ),
        (
            '["integer","_."]',
            "integer",
        ),
    ],
)
def test_expressions_printed_in_full(text, expression):
    found = read_data_type(text)
    assert (found.state, found.expression) == ("printed", expression)
    assert expression_problem(found.expression) == ""


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (
            '["if",["neq","_.","X"],"integer","string"]',
            ["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]],
        ),
        (
            '["if",["is-boolean","boolean"],"boolean","string"]',
            ["if", ["is-boolean", ["boolean", "_."]], ["boolean", "_."], ["string", "_."]],
        ),
        (
            '["if","is-empty",true,"boolean"]',
            ["if", ["is-empty", "_."], True, ["boolean", "_."]],
        ),
    ],
)
def test_bare_names_stand_for_calls_and_are_no_constants(text, expression):
    found = read_data_type(text)
    assert (found.state, found.expression) == ("repaired", expression)
    assert expression_problem(found.expression) == ""


def test_na_is_a_conversion_that_is_not_printed():
    for text in ("N/A", " n/a\t"):
        found = read_data_type(text)
        assert (found.state, found.expression) == ("hidden", "unknown")
        assert "does not print" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NA",
        "string",
        '"strin"',
        '"_."',
        "17",
        "[]",
        "{}",
        '["frobnicate", "_."]',
        '["integer"]',
        '[["integer"], "_."]',
        '["if",["is-null","_.DefaultValue"],"a","_."]',
        '"datetime-format","%Y-%m-%d","_."]]',
        '["datetime-format", 5, "_."]',
        "[" * 100_000,
    ],
)
def test_everything_else_is_opaque_and_says_why(text):
    found = read_data_type(text)
    assert (found.state, found.expression) == ("opaque", "unknown")
    assert found.reason.startswith("the data type can't be understood: ")
