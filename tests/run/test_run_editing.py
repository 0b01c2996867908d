"""People's edits of data: what is there afterwards, and that nothing else is touched."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.canonical import MISSING
from tallystick.run.editing import (
    EditImpossible,
    assign,
    insert_element,
    move_element,
    remove_element,
    value_at,
)

DATA = {
    "name": "Ann",
    "nothing": None,
    "billing": {"city": "Delft"},
    "tags": ["a", "b", "c"],
    "lines": [{"sku": "1"}, {"sku": "2", "deep": {"x": 1}}],
    "in": {"lines": [{"sku": "3"}]},
    "empty": [],
}


@pytest.fixture
def data():
    given = deepcopy(DATA)
    yield given
    assert given == DATA


def changed(**properties):
    return {**deepcopy(DATA), **properties}


@pytest.mark.parametrize(
    ("path", "value", "result"),
    [
        ("name", "Bob", changed(name="Bob")),
        ("new", 1, changed(new=1)),
        ("nothing", {"a": 1}, changed(nothing={"a": 1})),
        ("billing.city", None, changed(billing={"city": None})),
        ("billing.street", "s", changed(billing={"city": "Delft", "street": "s"})),
        ("deep.er.still", [], changed(deep={"er": {"still": []}})),
        ("name.first", "A", changed(name={"first": "A"})),
        ("tags[1]", "z", changed(tags=["z", "b", "c"])),
        ("tags[3]", None, changed(tags=["a", "b", None])),
        ("lines[1].sku", "9", changed(lines=[{"sku": "9"}, DATA["lines"][1]])),
        ("lines[2].deep.x", 2, changed(lines=[DATA["lines"][0], {"sku": "2", "deep": {"x": 2}}])),
        ("lines[1].new", 1, changed(lines=[{"sku": "1", "new": 1}, DATA["lines"][1]])),
        ("in.lines[1].sku", "4", changed(**{"in": {"lines": [{"sku": "4"}]}})),
        ("billing.city", MISSING, changed(billing={})),
        ("billing.street", MISSING, changed()),
        ("lines[1].sku", MISSING, changed(lines=[{}, DATA["lines"][1]])),
        ("tags", ["x"], changed(tags=["x"])),
    ],
)
def test_assign(data, path, value, result):
    given = assign(data, path, value)
    assert given == result
    assert value_at(given, path) == value


def test_a_property_is_taken_away(data):
    assert "name" not in assign(data, "name", MISSING)
    assert assign(data, "no.such.thing", MISSING) == DATA
    assert assign({}, "name", MISSING) == {}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("name", "Ann"),
        ("nothing", None),
        ("billing.city", "Delft"),
        ("billing.street", MISSING),
        ("name.first", MISSING),
        ("tags[2]", "b"),
        ("tags[0]", MISSING),
        ("tags[4]", MISSING),
        ("lines[2].deep.x", 1),
        ("lines[2].deep.y", MISSING),
        ("in.lines[1].sku", "3"),
        ("name[1]", MISSING),
        ("nobody[1]", MISSING),
        ("empty[1]", MISSING),
    ],
)
def test_value_at(data, path, found):
    assert value_at(data, path) == found


def test_elements(data):
    assert insert_element(data, "tags", "d")["tags"] == ["a", "b", "c", "d"]
    assert insert_element(data, "empty", {})["empty"] == [{}]
    assert insert_element(data, "nothing", 1)["nothing"] == [1]
    assert insert_element(data, "new.list", 1)["new"] == {"list": [1]}
    assert remove_element(data, "tags", 1)["tags"] == ["b", "c"]
    assert remove_element(data, "in.lines", 1)["in"] == {"lines": []}
    assert move_element(data, "tags", 1, 3)["tags"] == ["b", "c", "a"]
    assert move_element(data, "tags", 3, 1)["tags"] == ["c", "a", "b"]
    assert move_element(data, "tags", 2, 2) == DATA


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda d: assign(d, "tags[0]", 1), "tags has 3 elements and none at place 0"),
        (lambda d: assign(d, "tags[4]", 1), "tags has 3 elements and none at place 4"),
        (lambda d: assign(d, "empty[1]", 1), "empty has 0 elements and none at place 1"),
        (lambda d: assign(d, "nobody[1].x", 1), "nobody has 0 elements"),
        (lambda d: assign(d, "in.lines[2].x", 1), "in.lines has 1 elements and none at place 2"),
        (lambda d: assign(d, "name[1]", 1), "name is no list"),
        (lambda d: insert_element(d, "billing", 1), "billing is no list"),
        (lambda d: insert_element(d, "billing.city", 1), "billing.city is no list"),
        (lambda d: remove_element(d, "tags", 4), "none at place 4"),
        (lambda d: remove_element(d, "name", 1), "name is no list"),
        (lambda d: move_element(d, "tags", 4, 1), "none at place 4"),
        (lambda d: move_element(d, "tags", 1, 4), "tags has no place 4"),
        (lambda d: move_element(d, "tags", 1, 0), "tags has no place 0"),
        (lambda d: move_element(d, "empty", 1, 1), "empty has 0 elements"),
    ],
)
def test_impossible_places(data, edit, message):
    with pytest.raises(EditImpossible, match=message):
        edit(data)


def test_lists_behave_as_lists_do():
    met = set()

    @settings(max_examples=80, deadline=None, database=None)
    @given(st.lists(st.integers(), max_size=4), st.integers(1, 5), st.integers(1, 5))
    def check(items, position, to):
        data = {"a": {"b": items}}
        assert insert_element(data, "a.b", 7)["a"]["b"] == [*items, 7]
        if position > len(items):
            met.add("no such place")
            for edit in (remove_element, lambda *given: move_element(*given, to)):
                with pytest.raises(EditImpossible):
                    edit(data, "a.b", position)
            return
        left = items[: position - 1] + items[position:]
        assert remove_element(data, "a.b", position)["a"]["b"] == left
        if to <= len(items):
            met.add("moved")
            moved = move_element(data, "a.b", position, to)
            assert value_at(moved, f"a.b[{to}]") == items[position - 1]
            assert remove_element(moved, "a.b", to)["a"]["b"] == left
        else:
            met.add("moved too far")
            with pytest.raises(EditImpossible):
                move_element(data, "a.b", position, to)

    check()
    assert met == {"no such place", "moved", "moved too far"}
