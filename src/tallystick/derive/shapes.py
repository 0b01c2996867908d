"""JSON Schemas as shapes to be filled. Rule: it reads schemas, and judges and makes no value.

References inside the document are written out, so that every part of a schema can be used by
itself; a reference that leads back to itself ends in LOOP.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.canonical import Json
from tallystick.dataflow.paths import Path

__all__ = [
    "LOOP",
    "Spot",
    "choose",
    "items_of",
    "json_types",
    "properties_of",
    "spot_at",
    "written_out",
]

Schema = Mapping[str, Json]

LOOP: Final[Schema] = {"$comment": "leads back to itself"}
"""What a reference to a schema inside itself becomes: it allows anything, and nobody fills it."""

_OF_SCHEMAS: Final = ("items", "contains", "additionalProperties", "not", "if", "then", "else")
_OF_MANY: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
_OF_NAMED: Final = ("properties", "patternProperties", "dependentSchemas")
_DROPPED: Final = frozenset({"$schema", "$id", "$defs", "definitions", "$ref"})


def written_out(schema: Json, root: Schema | None = None, above: tuple[str, ...] = ()) -> Schema:
    """Give `schema` with every `$ref` into `root` (by default itself) written out.

    `above` holds the references that led here: one that leads back to itself becomes LOOP.
    """
    if schema is False:
        return {"not": {}}
    if not isinstance(schema, Mapping):
        return {}
    top = schema if root is None else root
    plain: dict[str, Json] = {}
    ref = schema.get("$ref")
    if isinstance(ref, str):
        if ref in above:
            return LOOP
        above = (*above, ref)
        plain.update(written_out(_pointed(ref, top), top, above))
    for name, value in schema.items():
        if name not in _DROPPED:
            plain[name] = _part(name, value, top, above)
    return plain


def _part(name: str, value: Json, root: Schema, above: tuple[str, ...]) -> Json:
    if name in _OF_SCHEMAS:
        return written_out(value, root, above)
    if name in _OF_MANY and isinstance(value, list):
        return [written_out(item, root, above) for item in value]
    if name in _OF_NAMED and isinstance(value, Mapping):
        return {key: written_out(item, root, above) for key, item in value.items()}
    return value


def _pointed(ref: str, root: Schema) -> Json:
    found: Json = root
    for part in ref.removeprefix("#").split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, Mapping):
            found = found.get(name, {})
        else:
            return {}
    return found


def choose(schema: Schema) -> Schema:
    """Give one plain schema to fill: all of `allOf`, of `anyOf` and `oneOf` the first non-null."""
    chosen = schema
    for name in ("allOf", "anyOf", "oneOf"):
        for part in _taken(name, schema.get(name, ())):
            chosen = _both(chosen, choose(part))
    return chosen


def _taken(name: str, parts: Json) -> Iterator[Schema]:
    given = [part for part in parts if isinstance(part, Mapping)]
    if name == "allOf":
        yield from given
    else:
        yield from [part for part in given if json_types(part) != ("null",)][:1]


def _both(left: Schema, right: Schema) -> Schema:
    both = {**left, **right}
    if "properties" in left and "properties" in right:
        both["properties"] = {**left["properties"], **right["properties"]}
    if "required" in left and "required" in right:
        both["required"] = [*left["required"], *right["required"]]
    return both


def json_types(schema: Schema) -> tuple[str, ...]:
    """Give the JSON types that a plain schema names; () where it does not say."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    if isinstance(named, list):
        return tuple(named)
    if "properties" in schema:
        return ("object",)
    return ("array",) if "items" in schema else ()


def properties_of(schema: Schema) -> Mapping[str, Schema]:
    """Give the properties that an object's schema lists; {} where it lists none."""
    found = choose(schema).get("properties", {})
    return found if isinstance(found, Mapping) else {}


def items_of(schema: Schema) -> Schema | None:
    """Give the schema of a list's elements; None where the schema is no list's."""
    chosen = choose(schema)
    if "array" not in json_types(chosen):
        return None
    found = chosen.get("items", {})
    return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a record: its schema, and whether it has to be there."""

    schema: Schema
    required: bool


def spot_at(schema: Schema, path: Path) -> Spot | None:
    """Give the spot that `path` names in a written-out schema; None where it does not list it.

    For `lines[].price` that is the place in each element.
    """
    spot = _step_down(Spot(schema=schema, required=True), path.head)
    if spot is None or path.tail is None:
        return spot
    element = items_of(spot.schema)
    if element is None:
        return None
    return _step_down(Spot(schema=element, required=True), path.tail)


def _step_down(spot: Spot | None, segments: tuple[str, ...]) -> Spot | None:
    for segment in segments:
        if spot is None:
            return None
        listed = properties_of(spot.schema)
        required = segment in choose(spot.schema).get("required", ())
        found = listed.get(segment)
        spot = None if found is None else Spot(schema=found, required=required)
    return spot
