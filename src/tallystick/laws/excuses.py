"""What can be demanded of nobody. Rule: it is asked only when something would be held against one.

A record that the other system refuses (its schema would not have it), or that refers to one that
is refused, may be held back; a value that is no image of any value of the other side need not
travel. Everything here is told from the data, not from what the connector tried.
"""

from __future__ import annotations

from collections import Counter

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.model import Pair, Side, other_side
from tallystick.dataflow.paths import read, write
from tallystick.dataflow.projection import Projection, projected
from tallystick.dataflow.schemas import compile_schema
from tallystick.laws.coverage import Coverage, referred_keys
from tallystick.laws.history import Record
from tallystick.laws.links import Link, LinkBook

__all__ = ["Excuses"]


class Excuses:
    """Tells what a connector may hold back, and why."""

    def __init__(self, book: LinkBook, coverage: Coverage) -> None:
        self.book = book
        self.coverage = coverage
        self._asked: set[int] = set()
        self._shared: dict[tuple[int, Side], tuple[int, ...]] = {}
        self._refused: dict[tuple[int, int, int, int], bool] = {}
        self._refused_at = (-1, -1)

    def may_withhold(self, record: Record, pair: Pair, onto: Record | None) -> bool:
        """Tell whether `record` need not reach its counterpart in `pair` as it stands now."""
        return any(
            self._is_refused(record, data, pair, onto) for data in self.coverage.recent(record)
        ) or self._leans_on_withheld(record)

    def no_image(self, link: Link, data: Json, rows: frozenset[int]) -> bool:
        """Tell whether the values of `rows` in a target record's data cannot be had in the source.

        The other way round there is always an image: null, where nothing else will do.
        """
        return bool(self._project(link.target, data, link.pair, link.source).without & rows)

    def _project(
        self,
        origin: Record,
        data: Json,
        pair: Pair,
        onto: Record | None,
        last: int | None = None,
    ) -> Projection:
        to = other_side(origin.side)
        kind = self.book.history.dataflow.types(to)[pair.type_on(to)]
        return projected(
            pair,
            to,
            data,
            onto.data if onto else {},
            schema=kind.schema,
            resolve=lambda row, key: self.book.resolve(to, row, key),
            key=origin.key,
            last=last,
        )

    def _is_refused(self, record: Record, data: Json, pair: Pair, onto: Record | None) -> bool:
        """Tell it, and keep the answer while nothing happens: each unit of a link asks anew."""
        at = (self.book.history.event, self.book.revision)
        if self._refused_at != at:
            self._refused_at, self._refused = at, {}
        place = (id(record), id(data), pair.number, id(onto))
        if place not in self._refused:
            self._refused[place] = self._would_be_refused(record, data, pair, onto)
        return self._refused[place]

    def _would_be_refused(
        self, record: Record, data: Json, pair: Pair, onto: Record | None
    ) -> bool:
        to = other_side(record.side)
        kind = self.book.history.dataflow.types(to)[pair.type_on(to)]
        if not kind.schema:
            return False
        accepts = compile_schema(kind.schema).accepts
        wishes = (
            self._project(record, data, pair, onto, last).data
            for last in (None, *self._sharing(pair, to))
        )
        return any(
            not accepts(wanted) or not accepts(_with_nulls(pair, to, wanted)) for wanted in wishes
        )

    def _sharing(self, pair: Pair, side: Side) -> tuple[int, ...]:
        """Give the rows (by index) that share a property on `side`: any of them may fill it."""
        known = self._shared.get((pair.number, side))
        if known is None:
            paths = [row.path(side).text for row in pair.rows]
            counts = Counter(paths)
            known = tuple(number for number, path in enumerate(paths) if counts[path] > 1)
            self._shared[pair.number, side] = known
        return known

    def _leans_on_withheld(self, record: Record) -> bool:
        if id(record) in self._asked:
            return False
        self._asked.add(id(record))
        try:
            return any(self._is_withheld(other) for other in self._referred(record))
        finally:
            self._asked.discard(id(record))

    def _is_withheld(self, record: Record) -> bool:
        if self.book.links_of(record):
            return False
        side = record.side
        pairs = self.book.pairs.get((side, record.type), ())
        return any(self.may_withhold(record, pair, None) for pair in pairs)

    def _referred(self, record: Record) -> list[Record]:
        side = record.side
        found = []
        for pair in self.book.pairs.get((side, record.type), ()):
            for row in pair.rows:
                if row.reference is None:
                    continue
                name = row.reference.source if side == "source" else row.reference.target
                for key in referred_keys(row, side, record.data):
                    other = self.book.history.record(side, name, key)
                    if other is not None:
                        found.append(other)
        return found


def _with_nulls(pair: Pair, side: Side, data: Json) -> Json:
    """Give the same record with a null where a listed property is missing."""
    for row in pair.rows:
        path = row.path(side)
        if not path.is_key and not path.in_list and read(data, path.head) is MISSING:
            holder = read(data, path.head[:-1])
            if isinstance(holder, dict):
                data = write(data, path.head, None)
    return data
