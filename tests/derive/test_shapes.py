"""Reading JSON Schemas: references written out, places found."""

from __future__ import annotations

from tallystick.dataflow.paths import parse_path
from tallystick.derive.shapes import LOOP, choose, items_of, json_types, spot_at, written_out


def test_references_are_written_out():
    schema = {
        "$defs": {"a/b": {"type": "string"}, "list": [{"type": "integer"}]},
        "properties": {
            "x": {"$ref": "#/$defs/a~1b", "maxLength": 5},
            "y": {"$ref": "#/$defs/list/0"},
            "z": {"$ref": "#/$defs/nowhere/at/all"},
            "w": {"$ref": "#/$defs/list/7"},
            "all": {"$ref": "#"},
            "no": False,
            "yes": True,
        },
        "anyOf": [{"$ref": "#/$defs/a~1b"}],
    }
    found = written_out(schema)["properties"]
    assert found["x"] == {"type": "string", "maxLength": 5}
    assert found["y"] == {"type": "integer"}
    assert found["z"] == found["w"] == found["yes"] == {}
    assert found["no"] == {"not": {}}
    assert found["all"]["properties"]["all"] is LOOP
    assert written_out(schema)["anyOf"] == [{"type": "string"}]
    assert written_out({"allOf": 5, "properties": 5}) == {"allOf": 5, "properties": 5}


def test_one_plain_schema_is_chosen():
    schema = {
        "properties": {"a": {}},
        "required": ["a"],
        "allOf": [{"properties": {"b": {}}, "required": ["b"]}, True],
        "anyOf": [{"type": "null"}, {"maxProperties": 5}],
    }
    assert choose(schema)["required"] == ["a", "b"]
    assert set(choose(schema)["properties"]) == {"a", "b"}
    assert choose(schema)["maxProperties"] == 5
    assert choose({"oneOf": [{"type": "null"}]}) == {"oneOf": [{"type": "null"}]}


def test_types_are_seen_from_what_else_is_said():
    assert json_types({"properties": {}}) == ("object",)
    assert json_types({"items": {}}) == ("array",)
    assert json_types({}) == ()
    assert items_of({"type": "string"}) is None
    assert items_of({"type": "array"}) == {}
    assert items_of({"type": "array", "items": True}) == {}


def test_places_in_records_and_lists():
    line = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    schema = {"type": "object", "properties": {"lines": {"type": "array", "items": line}}}
    spot = spot_at(schema, parse_path("lines[].a"))
    assert spot.required
    assert spot.schema == {"type": "string"}
    assert spot_at(schema, parse_path("lines[]")).schema == line
    assert spot_at(schema, parse_path("lines")).required is False
    assert spot_at(schema, parse_path("lines[].b")) is None
    assert spot_at(schema, parse_path("nothing[].b")) is None
    assert spot_at(schema, parse_path("lines.a[].b")) is None
    assert spot_at({"properties": {"a": {"type": "string"}}}, parse_path("a[].b")) is None
    assert spot_at({"properties": 5}, parse_path("a.b")) is None
