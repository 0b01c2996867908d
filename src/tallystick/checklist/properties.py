"""What a JSON Schema says about a property path. Rule: where it says nothing, all is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tallystick.canonical import Json
from tallystick.dataflow.paths import LIST_MARK

__all__ = ["mark_lists", "path_problem", "types_at"]

_Schemas = list[Mapping[str, Json]]


def path_problem(schema: Mapping[str, Json], text: str) -> str:
    """Say why `text` (`lines[].price`) is no property of records of `schema`; "" if it is one."""
    level: _Schemas = _meant(schema, schema)
    done: list[str] = []
    for segment in text.split("."):
        name, marked = segment.removesuffix(LIST_MARK), segment.endswith(LIST_MARK)
        if done and _is_list(level):
            here = ".".join(done)
            return f"{here!r} is a list: write {here + LIST_MARK + text[len(here) :]!r}"
        known, level = _step(schema, level, name)
        done.append(name)
        if not known:
            return f"the schema knows no property {'.'.join(done)!r}"
        if marked:
            if level and not _is_list(level):
                return f"{'.'.join(done)!r} is no list in the schema"
            level = _meant(schema, *(one.get("items", {}) for one in level))
    return ""


def mark_lists(schema: Mapping[str, Json], text: str) -> str:
    """Give a plain path with the lists marked that the schema knows: `lines.price` gets its []."""
    level: _Schemas = _meant(schema, schema)
    marked: list[str] = []
    segments = text.split(".")
    for index, segment in enumerate(segments):
        _, level = _step(schema, level, segment)
        passes = index < len(segments) - 1 and _is_list(level)
        marked.append(segment + LIST_MARK if passes else segment)
        if passes:
            level = _meant(schema, *(one.get("items", {}) for one in level))
    return ".".join(marked)


def types_at(schema: Mapping[str, Json], text: str) -> tuple[str, ...]:
    """Give the JSON types, without null, of the values at a plain path; () if nothing is said."""
    level: _Schemas = _meant(schema, schema)
    for segment in text.split("."):
        if _is_list(level):
            level = _meant(schema, *(one.get("items", {}) for one in level))
        _, level = _step(schema, level, segment)
    named = [str(name) for one in level for name in _types(one)]
    return tuple(name for name in dict.fromkeys(named) if name != "null")


def _meant(root: Mapping[str, Json], *schemas: Json) -> _Schemas:
    """Give all that `schemas` stand for: references and combinations taken apart, each once."""
    found: _Schemas = []
    todo = list(schemas)
    while todo:
        schema = todo.pop()
        if not isinstance(schema, Mapping) or any(schema is one for one in found):
            continue
        found.append(schema)
        reference = schema.get("$ref")
        if isinstance(reference, str):
            todo.append(_target(root, reference))
        for word in ("allOf", "anyOf", "oneOf"):
            todo.extend(schema.get(word, ()))
    return found


def _target(root: Json, reference: str) -> Json:
    found = root
    for part in reference.lstrip("#/").split("/") if reference != "#" else ():
        name = part.replace("~1", "/").replace("~0", "~")
        found = found.get(name, {}) if isinstance(found, Mapping) else {}
    return found


def _step(root: Mapping[str, Json], level: _Schemas, name: str) -> tuple[bool, _Schemas]:
    """Go down to property `name`: whether it is known, and its schemas ([]: anything goes)."""
    listing = [schema for schema in level if "properties" in schema]
    found = [schema["properties"][name] for schema in listing if name in schema["properties"]]
    if found:
        return True, _meant(root, *found)
    others = [schema.get("additionalProperties", False) for schema in listing]
    open_ = [one for one in others if one is not False]
    known = not listing or bool(open_)
    return known, _meant(root, *open_)


def _is_list(level: Iterable[Mapping[str, Json]]) -> bool:
    return any("items" in schema or "array" in _types(schema) for schema in level)


def _types(schema: Mapping[str, Json]) -> list[Json]:
    given = schema.get("type", [])
    return given if isinstance(given, list) else [given]
