"""A system that speaks another API than was agreed. Rule: only keys change, and what holds them.

storefront/1 has texts for keys, ledger/1 has numbers: where a JSON Schema asks for the one, records
that refer to others could not be stored under the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from tallystick.canonical import Json
from tallystick.dataflow.model import SIDES, Api, Dataflow, RecordType, Side
from tallystick.dataflow.paths import Path

__all__ = ["speaking"]

_KEYS: Final[Mapping[str, str]] = {"storefront/1": "string", "ledger/1": "integer"}
_KEPT: Final = ("title", "description")


def speaking(dataflow: Dataflow, side: Side, api: Api) -> Dataflow:
    """Give the same dataflow, with the system on `side` speaking `api`: its records' keys, and the
    properties on either side that hold them, are of that API's kind.
    """
    changed: dict[str, Any] = {side: replace(dataflow.system(side), api=api)}
    if dataflow.system(side).api != api:
        for holder in SIDES:
            changed[f"{holder}_types"] = {
                name: _holding(kind, _paths_of_keys(dataflow, side, holder, name), _KEYS[api])
                for name, kind in dataflow.types(holder).items()
            }
    return replace(dataflow, **changed)


def _paths_of_keys(dataflow: Dataflow, side: Side, holder: Side, name: str) -> Iterator[Path]:
    """Give where records of a type on the side `holder` hold keys of records on `side`."""
    for row in (row for pair in dataflow.pairs_of(holder, name) for row in pair.rows):
        refers = holder == side and row.reference is not None
        is_told = holder != side and row.path(side).is_key and row.type is None
        if refers or is_told:
            yield row.path(holder)


def _holding(kind: RecordType, paths: Iterator[Path], key: str) -> RecordType:
    schema: Json = kind.schema
    for path in paths:
        steps = [*path.head, "[]", *path.tail] if path.tail is not None else list(path.head)
        schema = _with_key(schema, steps, key)
    return replace(kind, schema=schema)


def _with_key(schema: Json, steps: list[str], key: str) -> Json:
    """Give a schema in which what is found by `steps` is a key; unchanged where nothing is."""
    if not isinstance(schema, Mapping):
        return schema
    if not steps:
        return _of_kind(schema, key)
    if steps[0] == "[]":
        return {**schema, "items": _with_key(schema.get("items"), steps[1:], key)}
    inside = schema.get("properties")
    if not isinstance(inside, Mapping) or steps[0] not in inside:
        return schema
    changed = {**inside, steps[0]: _with_key(inside[steps[0]], steps[1:], key)}
    return {**schema, "properties": changed}


def _of_kind(schema: Mapping[str, Json], key: str) -> Json:
    types = schema.get("type")
    known = [types] if isinstance(types, str) else types
    if not isinstance(known, list) or not set(known) & set(_KEYS.values()):
        return schema
    others = [name for name in known if name not in _KEYS.values()]
    kept = {name: schema[name] for name in _KEPT if name in schema}
    return {**kept, "type": [key, *others] if others else key}
