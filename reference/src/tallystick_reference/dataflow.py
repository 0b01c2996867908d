"""What was agreed, read once from dataflow.json: pairs of types, their rows, rules and policies.

Rows that share a list on both sides become one row, for there the list is one property.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .records import SIDES, Condition, ElementLens, KeyLens, Lens, Record, Side, TableLens
from .values import Json, Steps, canonical

POLICIES = {
    "conflicts": "latest-wins",
    "deletions": "propagate",
    "empty": "propagate",
    "create": "source",
}
"""What holds where nobody agreed on anything else."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a value travels: by a data type or, being a key, to the key of the counterpart."""

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
            values = self.lenses[side].values(record) if way.reference else []
            if values and self.is_table:
                values = [cells[column] for cells in values[0] or []]
            for value in values:
                if way.reference and type(value) in (str, int) and value != "":
                    yield way.reference[side], value


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A source type and the target type that it is kept in sync with; `create` is the rule."""

    number: int
    types: dict[Side, str]
    create: str
    condition: tuple[Condition, ...]
    by: tuple[str, ...]
    merge: tuple[tuple[Row, ...], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Dataflow:
    """The whole agreement."""

    dialects: dict[Side, str]
    paths: dict[Side, dict[str, str]]
    pairs: tuple[Pair, ...]
    policies: dict[str, str]

    def types(self, side: Side) -> list[str]:
        """Give the types that any pair speaks of, each once, in the file's order."""
        return list(dict.fromkeys(pair.types[side] for pair in self.pairs))

    def pairs_of(self, side: Side, type_: str) -> list[Pair]:
        """Give the pairs in which a type takes part."""
        return [pair for pair in self.pairs if pair.types[side] == type_]


def read_dataflow(path: str) -> Dataflow:
    """Read dataflow.json; names that are not known are ignored."""
    file = json.loads(Path(path).read_text(encoding="utf-8"))
    types = file["types"]
    return Dataflow(
        dialects={side: file[side]["api"] for side in SIDES},
        paths={
            side: {name: type_["path"] for name, type_ in types[side].items()} for side in SIDES
        },
        pairs=tuple(_pair(number, pair, types) for number, pair in enumerate(file["pairs"])),
        policies=POLICIES | file.get("policies", {}),
    )


def _pair(number: int, pair: Json, types: Json) -> Pair:
    schema = types["source"].get(pair["source"], {}).get("schema") or {}
    rule, specs = pair.get("create", {"when": "always"}), pair.get("properties", [])
    rows: dict[str, list[Json]] = {}
    for spec in specs:
        if not all(isinstance(spec[side], dict) for side in SIDES):
            rows.setdefault(_name(spec), []).append(spec)
    return Pair(
        number=number,
        types={side: pair[side] for side in SIDES},
        create=rule["when"],
        condition=tuple(_condition(spec) for spec in rule.get("condition", [])),
        by=tuple(rule.get("by", [])),
        merge=tuple(
            tuple(_row([_typed(spec, specs)], schema) for spec in alternative)
            for alternative in pair.get("merge", [])
        ),
        rows=tuple(_row(specs, schema) for specs in rows.values()),
    )


def _typed(spec: Json, specs: list[Json]) -> Json:
    """Give the property of the same two paths, if there is one: it knows their data type."""
    return next((row for row in specs if all(row[side] == spec[side] for side in SIDES)), spec)


def _row(specs: list[Json], schema: Json) -> Row:
    """Make a row of one spec, or of all that share a table."""
    whens = [when for when in specs[0].get("when", []) if not _picks(when, specs[0])]
    return Row(
        name=_name(specs[0]),
        lenses={side: _lens(side, specs) for side in SIDES},
        ways=tuple(_way(spec, schema) for spec in specs),
        conditions=tuple((when["side"], _condition(when)) for when in whens),
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
    return ElementLens(
        node=canonical([spec[side], picks]),
        steps=steps,
        rest=rest,
        conditions=tuple(_condition(when, _split(when["path"])[1]) for when in picks),
    )


def _condition(spec: Json, steps: Steps | None = None) -> Condition:
    return Condition(
        steps=spec["path"].split(".") if steps is None else steps, equals=spec["equals"]
    )


def _is_table(spec: Json) -> bool:
    """Tell whether elements are matched by position: there are lists on both sides, none picked."""
    listed = all(isinstance(spec[side], str) and "[]" in spec[side] for side in SIDES)
    return listed and not any(_picks(when, spec) for when in spec.get("when", []))


def _picks(when: Json, spec: Json) -> bool:
    """Tell whether a condition picks elements of the row's own list, or is about the record."""
    lists = [str(path).partition("[]") for path in (when["path"], spec[when["side"]])]
    return all(mark for _, mark, _ in lists) and lists[0][0] == lists[1][0]


def _name(spec: Json) -> str:
    paths = [spec[side] for side in SIDES]
    if _is_table(spec):
        paths = [path.partition("[]")[0] for path in paths]
    return canonical([*paths, *spec.get("when", [])])


def _split(path: str) -> tuple[Steps, Steps | None]:
    """Split at the list: lines[].price is lines and price; a path without list has no rest."""
    way, mark, rest = path.partition("[]")
    if not mark:
        return way.split("."), None
    return way.split("."), rest[1:].split(".") if rest else []
