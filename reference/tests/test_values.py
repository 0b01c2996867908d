"""JSON values and paths."""

from __future__ import annotations

import pytest

from tallystick_reference.storefront import merge_patch
from tallystick_reference.values import digest, empty, get, put, same


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, "1", False),
        (1, True, False),
        (0, False, False),
        (None, "", False),
        ([1, {"a": 2.0}], [1.0, {"a": 2}], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": None}, {}, False),
        ("é", "e\u0301", False),
        (2**53 + 1, 2**53, False),
    ],
)
def test_values_are_the_same_as_in_json(one, other, equal):
    assert same(one, other) is equal
    assert (digest(one) == digest(other)) is equal


@pytest.mark.parametrize("value", [None, "", []])
def test_empty(value):
    assert empty(value)


@pytest.mark.parametrize("value", [0, False, " ", {}, [None]])
def test_not_empty(value):
    assert not empty(value)


@pytest.mark.parametrize(
    ("data", "path", "value", "after"),
    [
        ({}, "a", 1, {"a": 1}),
        ({}, "a.b", 1, {"a": {"b": 1}}),
        ({"a": {"c": 2}}, "a.b", 1, {"a": {"b": 1, "c": 2}}),
        ({"a": 5}, "a.b", 1, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, "a.b", None, {"a": {}}),
        ({"x": 1}, "a.b", None, {"x": 1}),
        ({"a": None}, "a", None, {"a": None}),
        ({}, "a", "", {"a": ""}),
    ],
)
def test_put_writes_along_a_path_and_null_removes(data, path, value, after):
    put(data, path.split("."), value)
    assert data == after
    assert get(data, path.split(".")) == value


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        ({"a": 1}, {"a": 1.0}, {}),
        ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": None}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, {"a": {"c": None}}),
        ({"a": {"b": 1}}, {"a": {"b": 1}, "d": {"e": 1}}, {"d": {"e": 1}}),
        ({"a": [1, 2]}, {"a": [2]}, {"a": [2]}),
        ({"keep": None}, {"keep": None}, {}),
    ],
)
def test_a_merge_patch_holds_what_changed_and_nothing_more(before, after, patch):
    assert merge_patch(before, after) == patch
