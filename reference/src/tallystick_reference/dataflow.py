"""What was agreed, read once from dataflow.json: pairs of types, their rows, rules and policies.

Rows that share a list on both sides become one row, for there the list is one property.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from tallystick_reference.records import (
    SIDES,
    Condition,
    ElementLens,
    KeyLens,
    Lens,
    Record,
    Side,
    TableLens,
)
from tallystick_reference.values import Json, Steps, canonical


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a value travels: by a data type, or, being a key, to the counterpart's key."""

    expression: Json
    schema: Json
    reference: dict[Side, str] | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One property and its counterpart; a row of tables has one way for each column."""

    name: str
    lenses: dict[Side, Lens]
    ways: tuple[Way, ...]
    conditions: tuple[tuple[Side, Condition], ...]

    @property
    def is_table(self) -> bool:
        """Whether the values are whole lists."""
        return isinstance(self.lenses["source"], TableLens)

    @property
    def key_side(self) -> Side | None:
        """The side, if any, on which this row is the record's own key, which always stands."""
        return next((side for side in SIDES if isinstance(self.lenses[side], KeyLens)), None)

    def references(self, side: Side, record: Record) -> Iterator[tuple[str, Json]]:
        """Give type and key of every record that this one refers to here."""
        for column, way in enumerate(self.ways):
            if way.reference:
                values = self.lenses[side].values(record)
                if self.is_table:
                    values = [cells[column] for cells in values[0] or []]
                yield from ((way.reference[side], value) for value in values)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A source type and the target type that it is kept in sync with."""

    number: int
    types: dict[Side, str]
    create: str
    condition: tuple[Condition, ...]
    by: tuple[str, ...]
    merge: tuple[tuple[Row, ...], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What was agreed for all pairs."""

    conflicts: str = "latest-wins"
    deletions: str = "propagate"
    empty: str = "propagate"
    create: str = "source"


@dataclass(frozen=True, kw_only=True)
class Dataflow:
    """The whole agreement."""

    dialects: dict[Side, str]
    paths: dict[Side, dict[str, str]]
    pairs: tuple[Pair, ...]
    policies: Policies

    def types(self, side: Side) -> list[str]:
        """Give the types that any pair speaks of, each once, in the file's order."""
        return list(dict.fromkeys(pair.types[side] for pair in self.pairs))

    def pairs_of(self, side: Side, type_: str) -> list[Pair]:
        """Give the pairs in which a type takes part."""
        return [pair for pair in self.pairs if pair.types[side] == type_]


def read_dataflow(path: str) -> Dataflow:
    """Read dataflow.json; names that are not known are ignored."""
    file = json.loads(Path(path).read_text(encoding="utf-8"))
    agreed, known = file.get("policies", {}), {field.name for field in fields(Policies)}
    return Dataflow(
        dialects={side: file[side]["api"] for side in SIDES},
        paths={side: {n: t["path"] for n, t in file["types"][side].items()} for side in SIDES},
        pairs=tuple(_pair(number, pair, file["types"]) for number, pair in enumerate(file["pairs"])),
        policies=Policies(**{name: agreed[name] for name in known & agreed.keys()}),
    )


def _pair(number: int, pair: Json, types: Json) -> Pair:
    schema = types["source"].get(pair["source"], {}).get("schema") or {}
    rule, specs = pair.get("create", {"when": "always"}), pair.get("properties", [])
    by_paths = {canonical(_paths(spec)): spec for spec in reversed(specs)}
    rows: dict[str, list[Json]] = {}
    for spec in specs:
        if not all(isinstance(path, dict) for path in _paths(spec)):
            rows.setdefault(_name(spec), []).append(spec)
    return Pair(
        number=number,
        types={side: pair[side] for side in SIDES},
        create=rule["when"],
        condition=tuple(_condition(spec) for spec in rule.get("condition", [])),
        by=tuple(rule.get("by", [])),
        merge=tuple(
            tuple(_row([by_paths.get(canonical(_paths(spec)), spec)], schema) for spec in specs)
            for specs in pair.get("merge", [])
        ),
        rows=tuple(_row(specs, schema) for specs in rows.values()),
    )


def _row(specs: list[Json], schema: Json) -> Row:
    """Make a row of one spec, or of all that share a table."""
    return Row(
        name=_name(specs[0]),
        lenses={side: _lens(side, specs) for side in SIDES},
        ways=tuple(_way(spec, schema) for spec in specs),
        conditions=tuple(
            (when["side"], _condition(when))
            for when in specs[0].get("when", [])
            if not _picks(when, specs[0])
        ),
    )


def _way(spec: Json, schema: Json) -> Way:
    for step in spec["source"].split(".") if isinstance(spec["source"], str) else ():
        schema = schema.get("properties", {}).get(step.removesuffix("[]"), {})
        schema = schema.get("items", {}) if step.endswith("[]") else schema
    return Way(expression=spec.get("type"), schema=schema, reference=spec.get("reference"))


def _lens(side: Side, specs: list[Json]) -> Lens:
    spec = specs[0]
    if isinstance(spec[side], dict):
        return KeyLens(node="key", steps=())
    steps, rest = _split(spec[side])
    if rest is None:
        return Lens(node=spec[side], steps=steps)
    if _is_table(spec):
        columns = tuple(_split(spec[side])[1] or () for spec in specs)
        return TableLens(node=".".join(steps), steps=steps, columns=columns)
    picks = [when for when in spec.get("when", []) if when["side"] == side and _picks(when, spec)]
    conditions = tuple(Condition(steps=_split(w["path"])[1] or (), equals=w["equals"]) for w in picks)
    node = canonical([spec[side], picks])
    return ElementLens(node=node, steps=steps, rest=rest, conditions=conditions)


def _is_table(spec: Json) -> bool:
    """Tell whether elements are matched by position: there are lists on both sides, none picked."""
    listed = all(isinstance(path, str) and "[]" in path for path in _paths(spec))
    return listed and not any(_picks(when, spec) for when in spec.get("when", []))


def _picks(when: Json, spec: Json) -> bool:
    """Tell whether a condition picks elements of the row's own list, or is about the record."""
    path = spec[when["side"]]
    both = isinstance(path, str) and "[]" in path and "[]" in when["path"]
    return both and _split(path)[0] == _split(when["path"])[0]


def _name(spec: Json) -> str:
    paths = _paths(spec)
    if _is_table(spec):
        paths = [path.partition("[]")[0] for path in paths]
    return canonical([*paths, *spec.get("when", [])])


def _paths(spec: Json) -> list[Json]:
    return [spec[side] for side in SIDES]


def _condition(spec: Json) -> Condition:
    return Condition(steps=tuple(spec["path"].split(".")), equals=spec["equals"])


def _split(path: str) -> tuple[Steps, Steps | None]:
    """Split at the list: lines[].price is lines and price; a path without list has no rest."""
    way, mark, rest = path.partition("[]")
    return tuple(way.split(".")), (tuple(filter(None, rest.split("."))) if mark else None)
