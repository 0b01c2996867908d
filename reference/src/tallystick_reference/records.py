"""Records, and where a property sits in one.

A lens reads one property out of a record and writes it in: merging needs to know nothing of paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .values import Json, NoValue, Steps, digest, get, put, same

Side: TypeAlias = Literal["source", "target"]
SIDES: tuple[Side, Side] = ("source", "target")


def opposite(side: Side) -> Side:
    """Name the other side."""
    return "target" if side == "source" else "source"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record as a system gave it; one that is yet to be created has no key."""

    id: Json = None
    modified_at: str = ""
    data: dict[str, Json] = field(default_factory=dict)
    etag: str = ""
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
    """A property that is one value at the end of a path; `node` is its name."""

    node: str
    steps: Steps

    @property
    def places(self) -> set[Steps]:
        """The paths that it sees and writes, whichever element of a list they are in."""
        return {tuple(self.steps)}

    def values(self, record: Record) -> list[Json]:
        """Give every value that would satisfy the property, the first one first."""
        return [get(record.data, self.steps)]

    def read(self, record: Record, old: Json) -> Json:
        """Give the property's value: the old one where that still stands."""
        values = self.values(record)
        return next((value for value in values if same(value, old)), values[0])

    def write(self, record: Record, value: Json, old: Json) -> None:  # noqa: ARG002
        """Set the property, in place of its old value."""
        put(record.data, self.steps, value)

    def items(self, record: Record) -> list[Json]:
        """Give a copy of the list at the end of the path."""
        found = get(record.data, self.steps)
        return [*found] if isinstance(found, list) else []


class KeyLens(Lens):
    """The record's own key, which only its system writes."""

    def values(self, record: Record) -> list[Json]:
        """Give the key."""
        return [record.id]

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Leave it alone."""


@dataclass(frozen=True, kw_only=True)
class ElementLens(Lens):
    """A property of one element of a list: the one that fulfils the conditions, or has held it."""

    rest: Steps
    conditions: tuple[Condition, ...]

    @property
    def places(self) -> set[Steps]:
        """The path to the list, and on inside its elements."""
        return {(*self.steps, *self.rest)}

    def values(self, record: Record) -> list[Json]:
        """Give the chosen element's value; without conditions any element's will do."""
        found = [get(item, self.rest) for item in self.items(record) if self._chosen(item)]
        return (found[:1] if self.conditions else found) or [None]

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Write into the chosen element, which is made where there is none."""
        items = self.items(record)
        chosen = [index for index, item in enumerate(items) if self._chosen(item)]
        if not chosen and value is None:
            return
        if not chosen:
            chosen, made = [len(items)], None
            for condition in self.conditions:
                made = put(made, condition.steps, condition.equals)
            items.append(made)
        held = [index for index in chosen if same(get(items[index], self.rest), old)]
        index = chosen[0] if self.conditions or not held else held[0]
        items[index] = put(items[index], self.rest, value)
        if items[index] is None:
            del items[index]
        put(record.data, self.steps, items)

    def _chosen(self, item: Json) -> bool:
        return all(condition.holds(item) for condition in self.conditions)


@dataclass(frozen=True, kw_only=True)
class TableLens(Lens):
    """A whole list as one property: a row of cells for each element, matched by position."""

    columns: tuple[Steps, ...]

    @property
    def places(self) -> set[Steps]:
        """The path to the list, and on along each column."""
        return {(*self.steps, *column) for column in self.columns}

    def values(self, record: Record) -> list[Json]:
        """Give the list as rows of cells, or null where there is no list."""
        if not isinstance(get(record.data, self.steps), list):
            return [None]
        return [[[get(item, column) for column in self.columns] for item in self.items(record)]]

    def write(self, record: Record, value: Json, old: Json) -> None:  # noqa: ARG002
        """Make the list as long as `value`; elements keep what no column speaks of."""
        items = [*self.items(record), *({} for _ in value or [])][: len(value or [])]
        for index, cells in enumerate(value or []):
            for column, cell in zip(self.columns, cells, strict=True):
                if not isinstance(cell, NoValue):
                    items[index] = put(items[index], column, cell)
        put(record.data, self.steps, None if value is None else items)
