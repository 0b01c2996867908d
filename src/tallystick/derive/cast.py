"""The records that a script has made so far, and draws of what may happen to them.

Rule: whatever is drawn collides with something drawn before, or crosses the link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

from tallystick.canonical import MISSING
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Row, Side
from tallystick.derive.crossing import Place, atlas_of
from tallystick.derive.labels import counterpart_of
from tallystick.derive.pools import pool_of
from tallystick.derive.values import drawn_from, one_of
from tallystick.vocabulary.script import (
    ONLY,
    Edit,
    KeyOf,
    Ref,
    Value,
    Values,
)

__all__ = [
    "ALL",
    "Cast",
    "Draw",
    "draw_place",
    "draw_row",
    "draw_side",
    "edit_of",
    "filled",
    "head_of",
    "lists_of",
    "plain_rows",
    "values_of",
]

Draw = Callable[[st.SearchStrategy[Any]], Any]


T = TypeVar("T")
ALL: Final = -1
_EITHER: Final = st.booleans()
_numbers = lru_cache(maxsize=256)(st.integers)  # a new strategy for each draw costs more than it


@dataclass(slots=True)
class Cast:
    """The records that a script has made so far; `labels` by side and type of their birth."""

    dataflow: Dataflow
    pair: Pair
    draw: Draw
    waits: tuple[int, ...]
    wanted: frozenset[str] = frozenset()  # situations to be met
    labels: dict[tuple[Side, str], list[str]] = field(default_factory=dict)
    born: dict[str, Side] = field(default_factory=dict)
    drawn: dict[tuple[str, Side, str], list[Value]] = field(default_factory=dict)

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several, the first of them the simplest."""
        return options[self.number(0, len(options) - 1)]

    def number(self, least: int, most: int) -> int:
        """Draw a number, both bounds included."""
        drawn: int = self.draw(_numbers(least, most))
        return drawn

    def toss(self) -> bool:
        """Draw whether; not is the simpler one."""
        drawn: bool = self.draw(_EITHER)
        return drawn

    def new_label(self, side: Side, type_name: str) -> str:
        """Give a label that no record has: short, and of its type's letter."""
        label = f"{type_name[:1].upper()}{len(self.born) + 1}"
        self.labels.setdefault((side, type_name), []).append(label)
        self.born[label] = side
        return label

    def one_of(self, side: Side, type_name: str) -> str | None:
        """Give the label of some record that was born on `side`."""
        known = self.labels.get((side, type_name))
        return self.pick(known) if known else None

    def one_of_pair(self) -> str:
        """Give the label of some record of the pair, wherever it was born."""
        known = [label for side in SIDES for label in self.labels.get(self._kind(side), ())]
        return self.pick(known)

    def _kind(self, side: Side) -> tuple[Side, str]:
        return side, self.pair.type_on(side)

    def ref(self, label: str, side: Side) -> Ref:
        """Give how the pair's record labelled `label` is named on `side`."""
        born = self.born[label]
        kind = self.pair.type_on(born)
        if side == born:
            return Ref(label, kind)
        if born == "source":
            return counterpart_of(self.dataflow, self.pair, Ref(label, kind), only=ONLY)
        several = len(self.dataflow.pairs_of(born, kind)) > 1
        return Ref(label, kind, self.pair.source if several else ONLY)

    def place(self, side: Side, path: str) -> Place:
        """Give the place of a property of the pair's type."""
        return atlas_of(self.dataflow).place(side, self.pair.type_on(side), path)


@lru_cache(maxsize=1024)
def values_of(place: Place) -> st.SearchStrategy[Any]:
    """Give the values of a property, made once for each place."""
    return drawn_from(place, refusals=True, uncastable=True)


@lru_cache(maxsize=1024)
def crossing_of(place: Place) -> st.SearchStrategy[Any]:
    """Give values that the other system takes: mostly ones that hurt, where there are any."""
    pool = pool_of(place)
    return one_of([*pool.ordinary, *pool.empty * 3, *pool.hurtful] or [MISSING])


def plain_rows(pair: Pair) -> list[Row]:
    """Give the rows that no key stands in."""
    return [row for row in pair.rows if not row.source.is_key and not row.target.is_key]


def draw_row(cast: Cast) -> Row:
    """Draw a row; those with references count three times, for few values go with them."""
    rows = plain_rows(cast.pair)
    return cast.pick(rows + [row for row in rows if row.reference] * 2)


def draw_place(cast: Cast, row: Row, side: Side) -> str:
    """Give the row's path on `side` as scripts write it: in a list, of one of its elements."""
    text = row.path(side).text
    return text.replace("[]", f"[{cast.pick((1, 2))}]") if "[]" in text else text


def draw_value(cast: Cast, row: Row, side: Side) -> Value:
    """Draw a value for a row: a key of a record that is there, or one of the property's values."""
    if row.reference is not None:
        label = cast.one_of("source", row.reference.source)
        return KeyOf(label) if label is not None else MISSING
    drawn: Value = cast.draw(values_of(cast.place(side, row.path(side).text)))
    return drawn


def edit_of(cast: Cast, label: str, side: Side, row: Row) -> Edit:
    """Draw an edit of one row of a record, and remember its value."""
    path = draw_place(cast, row, side)
    value = draw_value(cast, row, side)
    cast.drawn.setdefault((label, side, path), []).append(value)
    return Edit(side=side, record=cast.ref(label, side), values=((path, value),))


def draw_side(cast: Cast) -> Side:
    """Draw a side."""
    return cast.pick(SIDES)


def filled(cast: Cast, side: Side, count: int) -> Values:
    """Draw values for some plain properties outside of lists, or for `ALL` of them."""
    rows = [r for r in plain_rows(cast.pair) if r.reference is None and not r.path(side).in_list]
    if count != ALL:
        rows = [cast.pick(rows) for _ in range(count if rows else 0)]
    paths = [row.path(side).text for row in rows]
    return tuple({path: cast.draw(crossing_of(cast.place(side, path))) for path in paths}.items())


def head_of(row: Row, side: Side) -> str:
    """Give the path of the property that a row passes: of the list, where there is one."""
    return row.path(side).text if not row.path(side).in_list else row.path(side).list_text


def lists_of(pair: Pair, side: Side) -> list[str]:
    """Give the paths of the lists that rows pass on a side."""
    return sorted({row.path(side).list_text for row in pair.rows if row.path(side).in_list})
