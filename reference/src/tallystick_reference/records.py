"""Records, and where a property sits in one.

A lens reads one property out of a record and writes it in; merging needs to know no more of paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tallystick_reference.values import Data, Json, NoValue, Steps, digest, get, put, same

Side: TypeAlias = Literal["source", "target"]
SIDES: tuple[Side, Side] = ("source", "target")


def opposite(side: Side) -> Side:
    """Name the other side."""
    return "target" if side == "source" else "source"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record as a system gave it; a record yet to be created has no key."""

    id: Json = None
    modified_at: str = ""
    data: Data = field(default_factory=dict)
    etag: str | None = None
    reference: str | None = None
    gone: bool = False

    @property
    def mark(self) -> str:
        """Tells this state of the record from its others."""
        return "gone" if self.gone else digest([self.modified_at, self.data])


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A value that a record, or an element of a list in it, has to hold."""

    steps: Steps
    equals: Json

    def holds(self, data: Json) -> bool:
        """Tell whether `data` holds the value."""
        return same(get(data, self.steps), self.equals)


@dataclass(frozen=True, kw_only=True)
class Lens:
    """A property that is one value at the end of a path."""

    node: str
    steps: Steps

    def values(self, record: Record) -> list[Json]:
        """Give every value that would satisfy the property, the first one first."""
        return [get(record.data, self.steps)]

    def read(self, record: Record, old: Json = None) -> Json:
        """Give the property's value: the old one where that still stands."""
        values = self.values(record)
        return next((value for value in values if same(value, old)), values[0])

    def write(self, record: Record, value: Json, old: Json = None) -> None:
        """Set the property, in place of its old value."""
        del old
        put(record.data, self.steps, value)


class KeyLens(Lens):
    """The record's own key, which only its system writes."""

    def values(self, record: Record) -> list[Json]:
        """Give the key."""
        return [record.id]

    def write(self, record: Record, value: Json, old: Json = None) -> None:
        """Leave it alone."""


@dataclass(frozen=True, kw_only=True)
class ElementLens(Lens):
    """A property in one element of a list: the one that fulfils the conditions, or held it."""

    rest: Steps
    conditions: tuple[Condition, ...]

    def values(self, record: Record) -> list[Json]:
        """Give the chosen element's value; without conditions any element may satisfy."""
        items = [item for item in _items(record, self.steps) if self._chosen(item)]
        return [get(item, self.rest) for item in items[: 1 if self.conditions else None]] or [None]

    def write(self, record: Record, value: Json, old: Json = None) -> None:
        """Write into the chosen element, which is made where there is none."""
        items = [*_items(record, self.steps)]
        chosen = [index for index, item in enumerate(items) if self._chosen(item)]
        if not chosen and value is None:
            return
        if not chosen:
            chosen = [len(items)]
            items.append({})
            for condition in self.conditions:
                put(items[-1], condition.steps, condition.equals)
        held = (i for i in chosen if not self.conditions and same(get(items[i], self.rest), old))
        index = next(held, chosen[0])
        if value is None and not self.rest:
            del items[index]
        else:
            items[index] = _with(items[index], self.rest, value)
        put(record.data, self.steps, items)

    def _chosen(self, item: Json) -> bool:
        return all(condition.holds(item) for condition in self.conditions)


@dataclass(frozen=True, kw_only=True)
class TableLens(Lens):
    """A whole list as one property: a row of cells for each element, matched by position."""

    columns: tuple[Steps, ...]

    def values(self, record: Record) -> list[Json]:
        """Give the list as rows of cells, or null where there is no list."""
        if not isinstance(get(record.data, self.steps), list):
            return [None]
        items = _items(record, self.steps)
        return [[[get(item, column) for column in self.columns] for item in items]]

    def write(self, record: Record, value: Json, old: Json = None) -> None:
        """Make the list as long as `value`; elements keep what no column speaks of."""
        del old
        items = [*_items(record, self.steps), *({} for _ in value or [])][: len(value or [])]
        for index, cells in enumerate(value or []):
            for column, cell in zip(self.columns, cells, strict=True):
                if not isinstance(cell, NoValue):
                    items[index] = _with(items[index], column, cell)
        put(record.data, self.steps, None if value is None else items)


def _items(record: Record, steps: Steps) -> list[Json]:
    items = get(record.data, steps)
    return items if isinstance(items, list) else []


def _with(item: Json, steps: Steps, value: Json) -> Json:
    if not steps:
        return value
    item = item if isinstance(item, dict) else {}
    put(item, steps, value)
    return item
