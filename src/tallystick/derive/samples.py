"""Sample records. Rule: no chance in it; a label and a path always give the same value.

Every value is valid for its own system and, wherever the agreement leaves room for it, one that
can cross: what becomes of it is valid for the other system, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.model import Dataflow, Side, other_side
from tallystick.dataflow.paths import Path, parse_path, write
from tallystick.derive.alternatives import alternative
from tallystick.derive.crossing import Atlas, Place, atlas_of
from tallystick.derive.naturals import Subject, naturals
from tallystick.derive.shapes import LOOP, choose, items_of, properties_of, spot_at

__all__ = ["sample_element", "sample_record", "sample_value"]

_MOST: Final = 200


def sample_record(dataflow: Dataflow, side: Side, type_name: str, label: str) -> dict[str, Json]:
    """Give a complete record of a type: the `data` that a person called it `label` would enter.

    References to other records, and what shows a counterpart's key, stay empty where they may.
    Where rows or the creation depend on values, the record has them.
    """
    atlas = atlas_of(dataflow)
    builder = _Builder(atlas, side, type_name, label)
    data = builder.object_at("", atlas.schema(side, type_name), 0)
    for path in builder.unlisted_paths():
        data = builder.written(data, path)
    for path, value in builder.demands():
        if atlas.place(side, type_name, path).accepts(value):
            data = write(data, path.head, value)
    return dict(data) if data else {"name": f"{label}'s name"}


def sample_value(
    dataflow: Dataflow, side: Side, type_name: str, path: Path | str, label: str, n: int = 0
) -> Json:
    """Give the `n`-th alternative for one property, as `label` would have it; 0 is the sample's.

    Two successive ones differ on both sides, where there are two at all. For `lines[].price` it is
    a price; for a reference it is null.
    """
    place = atlas_of(dataflow).place(side, type_name, path)
    return None if place.refers else alternative(place, label, n)


def sample_element(
    dataflow: Dataflow, side: Side, type_name: str, path: Path | str, label: str, n: int = 0
) -> Json:
    """Give the `n`-th alternative for an element of the list that `path` passes or names."""
    atlas = atlas_of(dataflow)
    text = path if isinstance(path, str) else path.text
    list_text = text.partition("[]")[0]
    spot = spot_at(atlas.schema(side, type_name), parse_path(list_text))
    items = None if spot is None else items_of(spot.schema)
    return _Builder(atlas, side, type_name, label).element_at(list_text, items or {}, n)


class _Builder:
    """Builds one record; its places come from the schema, and from rows where that lacks them."""

    def __init__(self, atlas: Atlas, side: Side, type_name: str, label: str) -> None:
        self.atlas = atlas
        self.side = side
        self.type_name = type_name
        self.label = label
        self.rows = [row for _, row in atlas.rows(side, type_name)]
        self.mapped = {row.path(side).text for row in self.rows}

    def place(self, text: str) -> Place:
        return self.atlas.place(self.side, self.type_name, text)

    def object_at(self, prefix: str, schema: Mapping[str, Json], n: int) -> dict[str, Json]:
        found = {}
        for name, part in properties_of(schema).items():
            value = self.property_at(prefix, name, part, n)
            if value is not MISSING:
                found[name] = value
        return found

    def property_at(self, prefix: str, name: str, schema: Mapping[str, Json], n: int) -> Json:
        """Give a property's value; a name that no path can hold is filled by its schema alone."""
        text = f"{prefix}.{name}" if prefix else name
        if schema is LOOP:
            return MISSING
        if not name or "." in name or "[]" in name or text.count("[]") > 1:
            return next(naturals(schema, self.subject(text)), MISSING)
        return self.value_at(text, schema, n)

    def value_at(self, text: str, schema: Mapping[str, Json], n: int) -> Json:
        if text not in self.mapped:
            if properties_of(schema):
                return self.object_at(text, schema, n)
            items = items_of(schema)
            if (
                items is not None
                and "[]" not in text
                and (properties_of(items) or self.inside(text))
            ):
                return self.list_at(text, schema, items)
        return self.leaf_at(text, n)

    def subject(self, text: str) -> Subject:
        return Subject(label=self.label, path=text, name=text.rpartition(".")[2])

    def leaf_at(self, text: str, n: int) -> Json:
        place = self.place(text)
        if place.refers or place.mirrors:
            if place.accepts(None):
                return None
            if not place.required:
                return MISSING
        return alternative(place, self.label, n)

    def list_at(self, text: str, schema: Mapping[str, Json], items: Mapping[str, Json]) -> Json:
        return [self.element_at(text, items, n) for n in range(self.size_of(text, schema))]

    def element_at(self, text: str, items: Mapping[str, Json], n: int) -> Json:
        """Give one element; what its rows depend on is set in turn, one case an element."""
        inside = self.inside(text)
        if f"{text}[]" in self.mapped or not self.is_built(text, items):
            return alternative(self.place(f"{text}[]"), self.label, n)
        element: Json = self.object_at(f"{text}[]", items, n)
        for path in inside:
            if spot_at({"type": "array", "items": items}, Path("", (), path.tail)) is None:
                element = write(element, path.tail or (), self.leaf_at(path.text, n))
        cases = self.cases_of(text)
        for tail, value in cases[n] if n < len(cases) else ():
            element = write(element, tail, value)
        return element

    def is_built(self, text: str, items: Mapping[str, Json]) -> bool:
        """Tell whether the list at `text` is built element by element."""
        return bool(properties_of(items) or f"{text}[]" in self.mapped or self.inside(text))

    def inside(self, text: str) -> list[Path]:
        """Give the rows' paths that lead into the list at `text`."""
        paths = dict.fromkeys(row.path(self.side) for row in self.rows)
        return [path for path in paths if path.tail and path.list_text == text]

    def size_of(self, text: str, schema: Mapping[str, Json]) -> int:
        least, most = choose(schema).get("minItems", 0), choose(schema).get("maxItems", _MOST)
        there = other_side(self.side)
        for pair, row in self.atlas.rows(self.side, self.type_name):
            path, across = row.path(self.side), row.path(there)
            if path.in_list and across.in_list and path.list_text == text:
                facing = self.atlas.schema(there, pair.type_on(there))
                spot = spot_at(facing, parse_path(across.list_text))
                most = min(
                    most, _MOST if spot is None else choose(spot.schema).get("maxItems", _MOST)
                )
        return int(min(max(2, least, len(self.cases_of(text))), max(most, least)))

    def cases_of(self, text: str) -> list[tuple[tuple[tuple[str, ...], Json], ...]]:
        """Give, for the list at `text`, what its rows depend on: (path in an element, value)."""
        cases = []
        for row in self.rows:
            case = tuple(
                (term.path.tail or (), term.equals)
                for term in row.when
                if term.side == self.side and term.path.in_list and term.path.list_text == text
            )
            if case and case not in cases:
                cases.append(case)
        return cases

    def demands(self) -> Iterator[tuple[Path, Json]]:
        """Give the values of the record itself on which rows, or its creation, depend."""
        wanted: dict[str, tuple[Path, Json]] = {}
        for pair, row in self.atlas.rows(self.side, self.type_name):
            for term in row.when:
                if term.side == self.side and not term.path.in_list:
                    wanted.setdefault(term.path.text, (term.path, term.equals))
            if self.side == "source":
                for part in pair.create.condition:
                    wanted.setdefault(part.path.text, (part.path, part.equals))
        yield from wanted.values()

    def unlisted_paths(self) -> list[Path]:
        """Give the paths of rows and merge terms that the type's schema does not list."""
        schema = self.atlas.schema(self.side, self.type_name)
        if "not" in choose(schema).get("additionalProperties", {}):
            return []
        paths = [row.path(self.side) for row in self.rows]
        for pair in self.atlas.dataflow.pairs_of(self.side, self.type_name):
            for terms in pair.merge:
                paths += [t.source if self.side == "source" else t.target for t in terms]
        found = dict.fromkeys(path for path in paths if not path.is_key)
        return [path for path in found if spot_at(schema, path) is None]

    def written(self, data: Json, path: Path) -> Json:
        if path.in_list:
            listed = spot_at(
                self.atlas.schema(self.side, self.type_name), parse_path(path.list_text)
            )
            if listed is not None:
                return data
            return write(data, path.head, self.list_at(path.list_text, {}, {}))
        return write(data, path.head, self.leaf_at(path.text, 0))
