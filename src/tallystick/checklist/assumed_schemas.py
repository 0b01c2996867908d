"""JSON Schemas for records known from a checklist only. Rule: data types decide, names never.

A source property gets the JSON type that most of its rows can convert, a target property the types
of what they give there. Nothing is required, everything may be null, and more may be there: what is
assumed shall be in nobody's way. One property of each type belongs to no row, so that it can be
seen whether it is left alone.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from tallystick.canonical import Json, same
from tallystick.checklist.assumed import Kind
from tallystick.dataflow.casts import back, image, is_certain, is_judged
from tallystick.dataflow.model import Dataflow, Expression, Pair, Row
from tallystick.dataflow.paths import Path

__all__ = ["UNLISTED", "assume_schemas"]

UNLISTED: Final = "internalNote"
"""The property that belongs to nobody's mapping."""

Schema = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """What a source property may be, with samples that tell whether a data type takes them."""

    schema: Schema
    samples: tuple[Json, ...]


_TEXT: Final[Schema] = {"type": ["string", "null"]}
_TEXTS: Final = _Candidate(
    schema={"type": ["array", "null"], "items": {"type": "string"}},
    samples=(["Ann", "Bo"], ["Cleo", "Dee"]),
)
_CANDIDATES: Final = (
    _Candidate(schema=_TEXT, samples=("Ann Lee", "Bo May")),
    _Candidate(
        schema={"type": ["string", "null"], "format": "date-time"},
        samples=("2024-05-01T08:00:00Z", "2024-06-02T09:30:00Z"),
    ),
    _Candidate(schema={"type": ["number", "null"]}, samples=(7.5, 12)),
    _Candidate(schema={"type": ["integer", "null"]}, samples=(7, 12)),
    _Candidate(schema={"type": ["boolean", "null"]}, samples=(True, False)),
    _Candidate(
        schema={
            "type": ["string", "null"],
            "examples": [f"2024-05-0{day}T08:00:00.000000Z" for day in range(1, 10)],
        },
        samples=("2024-05-01T08:00:00.000000Z", "2024-05-02T08:00:00.000000Z"),
    ),
    _TEXTS,
)
_ANYTHING: Final = _Candidate(schema={}, samples=_CANDIDATES[0].samples)
_TYPES: Final = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


def assume_schemas(dataflow: Dataflow, agreed: Container[Kind]) -> Dataflow:
    """Give the dataflow with a schema for every record type that has none.

    `agreed` are the types whose schemas were agreed.
    """
    sources = {
        name: _source_leaves(dataflow.pairs_of("source", name))
        for name in dataflow.source_types
        if ("source", name) not in agreed
    }
    source_types = {
        name: replace(
            entry,
            schema=_record({path: one.schema for path, one in sources[name].items()}),
        )
        if name in sources
        else entry
        for name, entry in dataflow.source_types.items()
    }
    target_types = {
        name: entry
        if ("target", name) in agreed
        else replace(
            entry, schema=_record(_target_leaves(dataflow.pairs_of("target", name), sources))
        )
        for name, entry in dataflow.target_types.items()
    }
    return replace(dataflow, source_types=source_types, target_types=target_types)


# -- what stands at the ends of paths

_Leaves = dict[Path, _Candidate]


def _source_leaves(pairs: tuple[Pair, ...]) -> _Leaves:
    types: dict[Path, list[Expression]] = {}
    texts: set[Path] = set()
    for pair in pairs:
        for row in pair.rows:
            known = types.setdefault(row.source, [])
            known += [row.type] if _is_plain(row) else []
            texts.update(one.path for one in row.when if one.side == "source")
        texts.update(one.path for one in pair.create.condition)
        for terms in pair.merge:
            for term in terms:
                types.setdefault(term.source, [])
    found = {path: _chosen(tuple(map(_frozen, known))) for path, known in types.items()}
    return found | dict.fromkeys(texts, _CANDIDATES[0])


def _is_plain(row: Row) -> bool:
    return not row.unspecified and row.reference is None and is_judged(row.type)


def _frozen(expression: Expression) -> Expression:
    return tuple(map(_frozen, expression)) if isinstance(expression, list) else expression


@lru_cache(maxsize=1024)
def _chosen(types: tuple[Expression, ...]) -> _Candidate:
    """Give what a source property with rows of these types is: anything where no type is known.

    What the more rows can convert is taken; of several what also comes back as it went.
    """
    if not types:
        return _ANYTHING
    first = "first" in types

    def rank(candidate: _Candidate) -> tuple[int, bool, int]:
        images = [
            [image(one, value) if is_certain(one, value) else None for value in candidate.samples]
            for one in types
        ]
        there = [None not in values for values in images]
        back_again = [
            all(
                map(
                    same, (back(one, v, schema=candidate.schema) for v in values), candidate.samples
                )
            )
            for one, values in zip(types, images, strict=True)
        ]
        return sum(there), first and candidate is _TEXTS, sum(back_again)

    return max(_CANDIDATES, key=rank)


def _target_leaves(pairs: tuple[Pair, ...], sources: Mapping[str, _Leaves]) -> dict[Path, Schema]:
    kinds: dict[Path, set[str]] = {}
    anything: set[Path] = set()
    for pair in pairs:
        leaves = sources.get(pair.source, {})
        for row in pair.rows:
            names = kinds.setdefault(row.target, set())
            if _is_plain(row):
                names |= _image_types(row.type, leaves.get(row.source))
            else:
                anything.add(row.target)
            for one in row.when:
                if one.side == "target":
                    kinds.setdefault(one.path, set()).add("string")
        for terms in pair.merge:
            for term in terms:
                kinds.setdefault(term.target, set()).update(
                    _image_types(None, leaves.get(term.source, _CANDIDATES[0]))
                )
    return {path: {} if path in anything else _leaf(names) for path, names in kinds.items()}


def _image_types(type_: Expression | None, candidate: _Candidate | None) -> set[str]:
    """Give the JSON types of what a data type makes of a source property."""
    if candidate is None:  # its schema was agreed
        candidate = _chosen((_frozen(type_),))
    images = [image(type_, value) for value in candidate.samples]
    return {_TYPES[type(value)] for value in images if type(value) in _TYPES}


def _leaf(names: set[str]) -> Schema:
    if not names:
        return {}
    if "number" in names:
        names = names - {"integer"}
    return {"type": [*sorted(names), "null"]}  # of a list's elements nobody knows anything


# -- records


@dataclass(slots=True)
class _Node:
    """A property with others inside it; `elements` where it is a list of such."""

    inside: dict[str, _Node] = field(default_factory=dict)
    leaf: Schema | None = None
    elements: bool = False

    def at(self, segments: tuple[str, ...]) -> _Node:
        node = self
        for segment in segments:
            node = node.inside.setdefault(segment, _Node())
        return node

    def schema(self) -> Schema:
        properties = {name: node.schema() for name, node in self.inside.items()}
        inner = {"type": ["object", "null"], "properties": properties} if properties else self.leaf
        return {"type": ["array", "null"], "items": inner or {}} if self.elements else inner or {}


def _record(leaves: Mapping[Path, Schema]) -> Schema:
    root = _Node()
    for path, schema in leaves.items():
        if path.is_key:
            continue
        node = root.at(path.head)
        if path.tail is not None:
            node.elements = True
            node = node.at(path.tail)
        node.leaf = schema
    root.inside.setdefault(UNLISTED, _Node(leaf=_TEXT))
    return {**root.schema(), "type": "object"}
