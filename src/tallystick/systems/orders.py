"""The orders in which records are listed and found. Rule: each follows the changes one by one.

An order is made when it is first asked for and kept up from then on, so that a listing costs what
it lists, and a write costs only the orders that somebody uses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from typing import Any, Protocol

from tallystick.canonical import MISSING, Json
from tallystick.clock import SECOND_MS
from tallystick.dataflow.paths import read
from tallystick.vocabulary.events import Snapshot

__all__ = ["ByKey", "ByReference", "ByTime", "ByValue", "Entry", "Key", "Order"]

Key = str | int


class Entry:
    """One state of one record: its key, the snapshot, and the store's mark when it came to be.

    `answer` and `wire` keep what the system made of it for its API: an entry never changes.
    """

    __slots__ = ("answer", "key", "mark", "snapshot", "wire")

    def __init__(self, key: Key, snapshot: Snapshot, mark: int) -> None:
        self.key = key
        self.snapshot = snapshot
        self.mark = mark
        self.answer: dict[str, Json] | None = None
        self.wire: bytes | None = None


class Order(Protocol):
    """Something that is told of each change of a table."""

    def update(self, before: Entry | None, after: Entry) -> None:
        """Take note that a record's state `before` (None: it is new) became `after`."""
        ...


class ByTime:
    """Records by the whole second of their last change, then by key; deleted ones if asked for."""

    __slots__ = ("_deleted", "rows")

    def __init__(self, *, deleted: bool) -> None:
        self._deleted = deleted
        self.rows: list[tuple[int, Any, Entry]] = []

    def update(self, before: Entry | None, after: Entry) -> None:
        """See `Order`."""
        if before is not None and (self._deleted or before.snapshot.live):
            at = (before.snapshot.modified_ms // SECOND_MS, before.key)
            del self.rows[bisect_left(self.rows, at)]
        if self._deleted or after.snapshot.live:
            insort(self.rows, (after.snapshot.modified_ms // SECOND_MS, after.key, after))

    def position(self, second: int) -> int:
        """Give the place of the first record changed in `second` or later."""
        return bisect_left(self.rows, (second,))


class ByKey:
    """Live records by key: a cursor over keys misses no record that lives throughout a read."""

    __slots__ = ("_entries", "_keys")

    def __init__(self) -> None:
        self._keys: list[Any] = []
        self._entries: dict[Key, Entry] = {}

    def update(self, before: Entry | None, after: Entry) -> None:
        """See `Order`."""
        if after.snapshot.live:
            if before is None:
                insort(self._keys, after.key)
            self._entries[after.key] = after
        elif before is not None:
            del self._keys[bisect_left(self._keys, after.key)]
            del self._entries[after.key]

    def after(self, key: Key | None, count: int) -> list[Entry]:
        """Give the next `count` records whose keys come after `key` (None: from the first)."""
        start = 0 if key is None else bisect_right(self._keys, key)
        return [self._entries[key] for key in self._keys[start : start + count]]


def _scalar(value: Json) -> tuple[str, Json] | None:
    """Give what two equal scalars have in common, by type; None for a list or an object."""
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float)):
        return ("number", value)
    return ("null", None) if value is None or value is MISSING else None


class ByValue:
    """Live records by the scalar at one path that passes no list; null and missing are the same."""

    __slots__ = ("_found", "_segments")

    def __init__(self, segments: tuple[str, ...]) -> None:
        self._segments = segments
        self._found: dict[tuple[str, Json], dict[Key, Entry]] = {}

    def _at(self, entry: Entry) -> tuple[str, Json] | None:
        value = read(entry.snapshot.data, self._segments)
        return _scalar(value)

    def update(self, before: Entry | None, after: Entry) -> None:
        """See `Order`."""
        if before is not None and before.snapshot.live:
            at = self._at(before)
            if at is not None:
                del self._found[at][before.key]
        if after.snapshot.live:
            at = self._at(after)
            if at is not None:
                self._found.setdefault(at, {})[after.key] = after

    def equal_to(self, values: Iterable[Json]) -> list[Entry]:
        """Give the records that hold one of `values`, in no particular order."""
        found: dict[Key, Entry] = {}
        for value in values:
            at = _scalar(value)
            if at is not None:
                found.update(self._found.get(at, {}))
        return list(found.values())


class ByReference:
    """Records, deleted ones too, by the external reference that they were created with."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, Entry] = {}

    def update(self, before: Entry | None, after: Entry) -> None:  # noqa: ARG002
        """See `Order`."""
        if after.snapshot.reference is not None:
            self._found[after.snapshot.reference] = after

    def get(self, reference: str) -> Entry | None:
        """Give the record that took `reference`."""
        return self._found.get(reference)
