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
            '["if",["neq","_.","X"],"integer","string"]',
            ["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]],
        ),
        (
            '["if",["is-boolean","boolean"],"boolean","string"]',
            ["if", ["is-boolean", ["boolean", "_."]], ["boolean", "_."], ["string", "_."]],
        ),
        (
            '["if",["is-empty","_."],true,["boolean","_."]]',
            ["if", ["is-empty", "_."], True, ["boolean", "_."]],
        ),
    ],
)
def test_expressions_printed_in_full_or_partly(text, expression):
    found = read_data_type(text)
    assert (found.state, found.expression) == ("printed", expression)
    assert expression_problem(found.expression) == ""


def test_na_is_a_conversion_that_is_not_printed():
    found = read_data_type("N/A")
    assert (found.state, found.expression) == ("hidden", "unknown")
    assert "does not print" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
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
        '"datetime-format","%Y-%m-%d","_."]',
        '["datetime-format", 5, "_."]',
        "[" * 100_000,
    ],
)
def test_everything_else_is_opaque_and_says_why(text):
    found = read_data_type(text)
    assert (found.state, found.expression) == ("opaque", "unknown")
    assert found.reason.startswith("the data type can't be understood: ")
