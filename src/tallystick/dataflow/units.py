"""Units: what of two linked records is compared as one. Rule: it compares, and accuses nobody.

Most rows are a unit of their own. Rows that share a list on both sides are one unit, because the
list is one property; rows into one target property are one unit, because the target need only
equal one of its sources. A unit's *view* of a record is always in the target's terms: on the
source side the image that the data types give, on the target side what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, Protocol

from tallystick.canonical import MISSING, Json, is_empty, same
from tallystick.dataflow.casts import image, is_judged
from tallystick.dataflow.model import SIDES, Condition, Pair, Reference, Row, Side
from tallystick.dataflow.paths import elements, read

__all__ = [
    "NOT_APPLICABLE",
    "Atom",
    "Difference",
    "FanInUnit",
    "Keys",
    "Unit",
    "fulfils",
    "own_conditions",
    "units_of",
]


class _NotApplicable:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_APPLICABLE"

    def __reduce__(self) -> str:
        return "NOT_APPLICABLE"  # there is one only, in any process


NOT_APPLICABLE: Final = _NotApplicable()
"""A view where the row's condition is not fulfilled by the record."""


Atom = tuple[int, Json]
"""A single value in a view, with the index of the row that it belongs to."""


class Keys(Protocol):
    """What a unit must be told to compare references: who is whose counterpart."""

    def agree(self, reference: Reference, source_key: Json, target_key: Json) -> bool | None:
        """Tell whether two keys name counterparts; None where that cannot be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row (its index in the pair) that disagrees; `place` is the element (from 1), 0 for none."""

    row: int
    expected: Json
    found: Json
    place: int = 0


@dataclass(frozen=True)
class Unit:
    """One row compared by itself."""

    rows: tuple[tuple[int, Row], ...]

    @cached_property
    def row(self) -> Row:
        """The unit's first row."""
        return self.rows[0][1]

    @cached_property
    def number(self) -> int:
        """The index of the unit's first row in its pair: what identifies the unit there."""
        return self.rows[0][0]

    @cached_property
    def is_reference(self) -> bool:
        """Whether the unit is one row that holds a key."""
        return self.row.reference is not None

    @property
    def is_list(self) -> bool:
        """Whether the unit is a whole list."""
        return False

    @cached_property
    def judged(self) -> bool:
        """Whether the value can be judged at all."""
        return any(_is_judged(row) for _, row in self.rows)

    @property
    def is_comparable(self) -> bool:
        """Whether two views that agree are equal, so that records can be found by them."""
        row = self.row
        keyed = row.source.is_key or row.target.is_key or self.is_reference
        return self.judged and not keyed and not row.when

    def holds_nothing(self, _side: Side, view: Json) -> bool:
        """Tell whether a view counts as empty for the `empty` policy."""
        return is_empty(view)

    def is_emptying(self, side: Side, _before: Json, after: Json) -> bool:
        """Tell whether an edit that left one view for another did nothing but empty."""
        return self.holds_nothing(side, after)

    @property
    def may_lack_place(self) -> bool:
        """Whether it lies in an element that need not be there for an empty value."""
        return bool(self.row.when) and (self.row.source.in_list or self.row.target.in_list)

    @cached_property
    def heads(self) -> Mapping[Side, frozenset[str]]:
        """The outermost names of the properties that a view rests on, by side."""
        return {side: frozenset(self._heads(side)) for side in SIDES}

    def _heads(self, side: Side) -> Iterator[str]:
        for _, row in self.rows:
            conditions = (condition.path for condition in own_conditions(row, side))
            yield from (path.head[0] for path in (row.path(side), *conditions) if path.head)

    def view(self, side: Side, data: Json, key: Json) -> Json:
        """Give what the unit sees of a record (`key` is the record's own) in the target's terms."""
        return _view(self.row, side, data, key)

    def agrees(self, source: Json, target: Json, keys: Keys) -> bool | None:
        """Tell whether two views agree; None where it cannot, or need not, be known."""
        return _agrees(self.row, source, target, keys)

    @cached_property
    def has_references(self) -> bool:
        """Whether some row of the unit holds keys."""
        return any(row.reference is not None for _, row in self.rows)

    def referred(self, side: Side, view: Json) -> Iterator[tuple[Reference, Json]]:
        """Give the keys in a view of one side, each with the types that it may name."""
        for each in self.columns(side, view):
            for (_, row), key in zip(self.rows, each, strict=False):
                if row.reference is not None and key is not NOT_APPLICABLE and not is_empty(key):
                    yield row.reference, key

    def columns(self, _side: Side, view: Json) -> list[Any]:
        """Give a view as a list of tuples, one value for each row."""
        return [(view,)]

    def atoms(self, _side: Side, view: Json) -> tuple[Atom, ...]:
        """Give the values in a view, each of which somebody must have given."""
        return () if self.is_reference else ((self.number, view),)

    def dormant(self, side: Side, data: Json) -> Iterator[Atom]:
        """Give the values that a row with conditions would see, fulfilled or not."""
        row = self.row
        path = row.path(side)
        if not own_conditions(row, side) or path.is_key:
            return
        held = [read(data, path.head)]
        if path.in_list:
            held = [read(element, path.tail or ()) for element in elements(data, path) or []]
        for value in held:
            known = None if value is MISSING else value
            yield self.number, known if side == "target" else image(row.type, value)

    def moved(self, before: Json, after: Json) -> frozenset[int]:
        """Give the indexes of the rows whose values differ between two views of one side."""
        return frozenset() if same(before, after) else frozenset(number for number, _ in self.rows)

    def differences(self, source: Json, target: Json, keys: Keys) -> Iterator[Difference]:
        """Give the rows that disagree; `expected` is the source's view, `found` the target's."""
        if self.agrees(source, target, keys) is False:
            yield Difference(row=self.number, expected=source, found=target)


@dataclass(frozen=True)
class FanInUnit(Unit):
    """Several source properties into one target property: the target equals one of them."""

    @property
    def is_comparable(self) -> bool:
        """Never: the target equals one of several."""
        return False

    def view(self, side: Side, data: Json, key: Json) -> Json:
        """Give the target's value, or every source's image."""
        if side == "target":
            return _view(self.row, side, data, key)
        return [_view(row, side, data, key) for _, row in self.rows]

    def holds_nothing(self, side: Side, view: Json) -> bool:
        """Tell whether the target, or every source, is empty."""
        return all(map(is_empty, view)) if side == "source" else is_empty(view)

    def is_emptying(self, side: Side, before: Json, after: Json) -> bool:
        """Tell whether all that an edit changed in the target, or in the sources, is empty now."""
        if side == "target" or before is None:
            return self.holds_nothing(side, after)
        return all(is_empty(now) or same(was, now) for was, now in zip(before, after, strict=True))

    def agrees(self, source: Json, target: Json, keys: Keys) -> bool | None:
        """Tell whether the target equals one of its sources."""
        answers = [
            _agrees(row, view, target, keys)
            for (_, row), view in zip(self.rows, source, strict=True)
        ]
        if True in answers:
            return True
        return None if None in answers else False

    def columns(self, side: Side, view: Json) -> list[Any]:
        """Give one value for each source row, or the one of the target."""
        return [view] if side == "source" else [(view,)]

    def atoms(self, side: Side, view: Json) -> tuple[Atom, ...]:
        """Give each source's image by itself."""
        return tuple((self.number, item) for item in (view if side == "source" else (view,)))


@dataclass(frozen=True)
class ListUnit(Unit):
    """All rows between one pair of lists; elements are matched by position."""

    @property
    def is_list(self) -> bool:
        """Always: the list is one property."""
        return True

    @property
    def is_reference(self) -> bool:
        """Never: the list holds references among other things."""
        return False

    def view(self, side: Side, data: Json, _key: Json) -> Json:
        """Give one list of views for each element; a missing list is an empty one."""
        found = elements(data, self.row.path(side)) or []
        return [[_element_view(row, side, element) for _, row in self.rows] for element in found]

    def agrees(self, source: Json, target: Json, keys: Keys) -> bool | None:
        """Tell whether the lists are equally long and agree element by element."""
        if len(source) != len(target):
            return False
        return not any(self.differences(source, target, keys))

    def columns(self, _side: Side, view: Json) -> list[Any]:
        """Give the elements."""
        return list(view)

    def atoms(self, _side: Side, view: Json) -> tuple[Atom, ...]:
        """Give every element's values row by row, keys of other records left out."""
        rows = [
            (at, number)
            for at, (number, row) in enumerate(self.rows)
            if row.reference is None and _is_judged(row)
        ]
        return tuple((number, element[at]) for element in view for at, number in rows)

    def moved(self, before: Json, after: Json) -> frozenset[int]:
        """Give the rows whose column differs; all of them where the length does."""
        if len(before) != len(after):
            return frozenset(number for number, _ in self.rows)
        return frozenset(
            number
            for at, (number, _) in enumerate(self.rows)
            if not all(same(x[at], y[at]) for x, y in zip(before, after, strict=True))
        )

    def differences(self, source: Json, target: Json, keys: Keys) -> Iterator[Difference]:
        """Give the elements' rows that disagree, or the lengths where they differ."""
        if len(source) != len(target):
            yield Difference(row=self.number, expected=source, found=target)
            return
        for place, (left, right) in enumerate(zip(source, target, strict=True), 1):
            for (number, row), one, other in zip(self.rows, left, right, strict=True):
                if _agrees(row, one, other, keys) is False:
                    yield Difference(row=number, expected=one, found=other, place=place)


@dataclass(frozen=True)
class AnyElementUnit(Unit):
    """Exactly one side passes a list: any element that holds the value satisfies the row."""

    @property
    def is_comparable(self) -> bool:
        """Never: one of several elements will do."""
        return False

    def view(self, side: Side, data: Json, key: Json) -> Json:
        """Give the value, or the views of all elements that have one.

        Elements without are other rows' business: they may come and go.
        """
        if not self.row.path(side).in_list:
            return _view(self.row, side, data, key)
        found = elements(data, self.row.path(side)) or []
        views = (_element_view(self.row, side, element) for element in found)
        return [view for view in views if view is not None]

    def columns(self, side: Side, view: Json) -> list[Any]:
        """Give every element's value, or the single one."""
        return [(item,) for item in view] if self.row.path(side).in_list else [(view,)]

    def atoms(self, side: Side, view: Json) -> tuple[Atom, ...]:
        """Give every element's value by itself."""
        items = view if self.row.path(side).in_list else (view,)
        return tuple((self.number, item) for item in items)

    def agrees(self, source: Json, target: Json, keys: Keys) -> bool | None:
        """Tell whether some element agrees; nothing on the other side asks for nothing."""
        many, one = (source, target) if self.row.source.in_list else (target, source)
        if is_empty(one):
            return True
        answers = [
            _agrees(self.row, item, one, keys)
            if many is source
            else _agrees(self.row, one, item, keys)
            for item in many
        ]
        undecided = None in answers or not _is_judged(self.row)
        return True if True in answers else None if undecided else False


def _is_judged(row: Row) -> bool:
    if row.unspecified or row.type is None:
        return not row.unspecified
    return _is_plain(row.type) if isinstance(row.type, str) else is_judged(row.type)


_is_plain = lru_cache(maxsize=64)(is_judged)


def _view(row: Row, side: Side, data: Json, key: Json) -> Json:
    raw = _raw(row, side, data, key)
    if raw is NOT_APPLICABLE:
        return raw
    if side == "target" or row.reference is not None:
        return None if raw is MISSING else raw
    return image(row.type, raw)


def _raw(row: Row, side: Side, data: Json, key: Json) -> Any:
    path = row.path(side)
    if path.is_key:
        return key
    if row.when and not _applies(row, side, data):
        return NOT_APPLICABLE
    if not path.in_list:
        return read(data, path.head)
    for element in elements(data, path) or []:
        if fulfils(row, side, element):
            return read(element, path.tail or ())
    return MISSING


def _applies(row: Row, side: Side, data: Json) -> bool:
    return all(
        same(read(data, condition.path.head), condition.equals)
        for condition in own_conditions(row, side)
        if condition.of_record
    )


def own_conditions(row: Row, side: Side) -> tuple[Condition, ...]:
    """Give the conditions of a row that ask something of `side`."""
    return tuple(condition for condition in row.when if condition.side == side)


def fulfils(row: Row, side: Side, element: Json) -> bool:
    """Tell whether an element of a row's list on `side` fulfils its conditions there."""
    return all(
        same(read(element, condition.path.tail or ()), condition.equals)
        for condition in own_conditions(row, side)
        if not condition.of_record
    )


def _element_view(row: Row, side: Side, element: Json) -> Json:
    raw = read(element, row.path(side).tail or ())
    if side == "target" or row.reference is not None:
        return None if raw is MISSING else raw
    return image(row.type, raw)


def _agrees(row: Row, source: Json, target: Json, keys: Keys) -> bool | None:
    if source is NOT_APPLICABLE or target is NOT_APPLICABLE or not _is_judged(row):
        return None
    if row.reference is not None:
        return keys.agree(row.reference, source, target)
    return same(source, target)


def units_of(pair: Pair) -> tuple[Unit, ...]:
    """Give the units of a pair, in the order of their first rows. Costly: keep the answer."""
    groups: dict[Any, list[tuple[int, Row]]] = {}
    for number, row in enumerate(pair.rows):
        if not (row.source.is_key and row.target.is_key):
            groups.setdefault(_group(number, row), []).append((number, row))
    return tuple(_unit(tuple(group)) for group in groups.values())


def _group(number: int, row: Row) -> Any:
    if row.when:
        return ("alone", number)
    if row.source.in_list and row.target.in_list:
        return ("list", row.source.head, row.target.head)
    if row.source.in_list or row.target.in_list:
        return ("alone", number)
    return ("into", row.target.head)


def _unit(rows: tuple[tuple[int, Row], ...]) -> Unit:
    first = rows[0][1]
    if first.source.in_list and first.target.in_list and not first.when:
        return ListUnit(rows)
    if len(rows) > 1:
        return FanInUnit(rows)
    if (first.source.in_list or first.target.in_list) and not first.when:
        return AnyElementUnit(rows)
    return Unit(rows)
