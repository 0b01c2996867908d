from __future__ import annotations

import pytest

from tallystick.checklist.properties import mark_lists, path_problem

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "home": {"type": ["object", "null"], "properties": {"city": {"type": "string"}}},
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "free": {"type": "object"},
        "open": {
            "type": "object",
            "properties": {"a": {}},
            "additionalProperties": {"type": "object", "properties": {"b": {}}},
        },
        "either": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/line"}]},
        "loop": {"$ref": "#"},
        "odd/name": {"$ref": "#/properties/odd~1name/x"},
        "circle": {"$ref": "#/$defs/circle"},
        "nowhere": {"$ref": "#/$defs/none/of/it"},
    },
    "$defs": {
        "circle": {"anyOf": [{"$ref": "#/$defs/circle"}] * 3},
        "line": {"type": "object", "properties": {"price": {"type": "number"}}},
    },
}


@pytest.mark.parametrize(
    "path",
    [
        "name",
        "home.city",
        "tags",
        "tags[]",
        "lines[].price",
        "free.anything.at.all",
        "open.a",
        "open.x.b",
        "either.price",
        "loop.loop.lines[].price",
        "odd/name.x",
        "nowhere.x",
        "circle.x",
    ],
)
def test_known_paths(path):
    assert path_problem(SCHEMA, path) == ""
    assert path_problem({}, path) == ""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nmae", "the schema knows no property 'nmae'"),
        ("home.town", "the schema knows no property 'home.town'"),
        ("lines.price", "'lines' is a list: write 'lines[].price'"),
        ("lines[].cost", "the schema knows no property 'lines.cost'"),
        ("name[]", "'name' is no list in the schema"),
        ("open.x.c", "the schema knows no property 'open.x.c'"),
    ],
)
def test_unknown_paths(path, words):
    assert path_problem(SCHEMA, path) == words


@pytest.mark.parametrize(
    ("plain", "marked"),
    [
        ("lines.price", "lines[].price"),
        ("tags", "tags"),
        ("home.city", "home.city"),
        ("nothing.known", "nothing.known"),
    ],
)
def test_lists_are_marked_where_the_schema_knows_them(plain, marked):
    assert mark_lists(SCHEMA, plain) == marked
