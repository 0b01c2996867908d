"""The records of one system. Rule: it knows keys, states and their history, and no wire.

People edit here directly (`create`, `replace`, `delete`); an API commits what it has checked
itself (`add`, `change`, `remove`). Data objects are shared with every snapshot that holds them
and are never changed in place. The clock is read and never moved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar, cast

from tallystick.canonical import Json
from tallystick.clock import Clock
from tallystick.dataflow.model import RecordType, Side
from tallystick.dataflow.schemas import SchemaViolation, compile_schema
from tallystick.errors import BadInput, Problem
from tallystick.systems.acceptance import quick_acceptance
from tallystick.systems.figures import unfit_values
from tallystick.systems.orders import Entry, Key, Order
from tallystick.vocabulary.events import Change, Snapshot

__all__ = ["EditRefused", "KeyMaker", "Store", "Table", "opaque_key"]

_Order = TypeVar("_Order", bound=Order)


class KeyMaker(Protocol):
    """Gives the key of the `count`-th record (from 1) of the type whose slug is `path`."""

    def __call__(self, path: str, count: int) -> Key:
        """Give the key; later ones sort after earlier ones."""
        ...


class EditRefused(BadInput):
    """A person's edit that their own system would not take; `violations` says where and why."""

    def __init__(self, text: str, violations: tuple[SchemaViolation, ...] = ()) -> None:
        self.violations = violations
        places = "; ".join(f"{path or 'the record'}: {message}" for path, message in violations)
        super().__init__(Problem(text=f"{text}: {places}" if places else text))


class Table:
    """The records of one type: the newest state of each, and every state that there ever was."""

    __slots__ = ("_orders", "accepts", "log", "name", "newest", "path", "violations")

    def __init__(self, record_type: RecordType) -> None:
        self.name = record_type.name
        self.path = record_type.path
        self.accepts = quick_acceptance(record_type.schema)
        self.violations = compile_schema(record_type.schema).violations
        self.newest: dict[Key, Entry] = {}
        self.log: list[Entry] = []
        self._orders: dict[str, Order] = {}

    def put(self, entry: Entry) -> None:
        """Make `entry` the newest state of its record."""
        before = self.newest.get(entry.key)
        self.newest[entry.key] = entry
        self.log.append(entry)
        for order in self._orders.values():
            order.update(before, entry)

    def order(self, name: str, make: Callable[[], _Order]) -> _Order:
        """Give the order called `name`, made by `make` and kept up from now on."""
        known = self._orders.get(name)
        if known is None:
            known = self._orders[name] = make()
            for entry in self.newest.values():
                known.update(None, entry)
        return cast("_Order", known)

    def changed_since(self, position: int) -> Iterator[Entry]:
        """Give the records changed after the log's first `position` states, each once, newest."""
        newest = self.newest
        return (entry for entry in self.log[position:] if newest[entry.key] is entry)


def opaque_key(path: str, count: int) -> str:
    """Give a storefront's key: opaque, with letters, sorting in the order of creation."""
    letters = "".join(letter for letter in path.lower() if letter.isascii() and letter.isalpha())
    return f"{letters[:3] or 'rec'}-{count:07d}"


class Store:
    """The records of the system on `side`, by type.

    `clock` is the world's; the system's own is `skew_ms` ahead of it, and records carry its time.
    """

    def __init__(
        self, side: Side, types: Mapping[str, RecordType], clock: Clock, *, skew_ms: int = 0
    ) -> None:
        self.side: Side = side
        self.clock = clock
        self.skew_ms = skew_ms
        self.exact_numbers = False
        self.mark = 0
        self.tables = {name: Table(record_type) for name, record_type in types.items()}
        self._types = types
        self._new_key: KeyMaker = opaque_key

    def use(self, new_key: KeyMaker, *, exact_numbers: bool) -> None:
        """Take the habits of the API that serves this store: its keys, and its numbers."""
        self._new_key = new_key
        self.exact_numbers = exact_numbers

    @property
    def now_ms(self) -> int:
        """The system's own time."""
        return self.clock.now_ms + self.skew_ms

    # People's side.

    def create(self, type_: str, data: Mapping[str, Json], key: Key | None = None) -> Change:
        """Create a record as a person does; `EditRefused` if the system would not take it."""
        table = self._table(type_)
        self._check(table, data)
        if key is not None and key in table.newest:
            raise EditRefused(
                f"the key {key!r} of {type_} was used before, and keys are not reused"
            )
        return self.add(table, data, key=key)

    def replace(self, type_: str, key: Key, data: Mapping[str, Json]) -> Change:
        """Save a record's new data as a person does; `EditRefused` if that cannot be."""
        table = self._table(type_)
        entry = self._live(table, key)
        self._check(table, data)
        return self.change(table, entry, data)

    def delete(self, type_: str, key: Key) -> Change:
        """Delete a record as a person does; `EditRefused` if it is not there."""
        table = self._table(type_)
        return self.remove(table, self._live(table, key))

    def snapshot(self, type_: str, key: Key) -> Snapshot | None:
        """Give a record's newest state, deleted or not; None if it was never there."""
        entry = self._table(type_).newest.get(key)
        return entry.snapshot if entry is not None else None

    def live(self, type_: str) -> dict[Key, Snapshot]:
        """Give the records of a type that are there, by key, in the order of their creation."""
        newest = self._table(type_).newest
        return {key: entry.snapshot for key, entry in newest.items() if entry.snapshot.live}

    def violations(self, type_: str, data: Mapping[str, Json]) -> list[SchemaViolation]:
        """Give what the system would refuse in `data`: one entry for each path, in their order."""
        return self._violations(self._table(type_), data)

    # The API's side: what is committed was checked before.

    def add(
        self,
        table: Table,
        data: Mapping[str, Json],
        *,
        key: Key | None = None,
        reference: str | None = None,
    ) -> Change:
        """Commit a new record."""
        key = self._next_key(table) if key is None else key
        made = Snapshot(data=data, modified_ms=self.now_ms, version=1, reference=reference)
        return self._commit(table, key, None, made)

    def change(self, table: Table, entry: Entry, data: Mapping[str, Json]) -> Change:
        """Commit new data of a live record."""
        before = entry.snapshot
        after = Snapshot(
            data=data,
            modified_ms=self.now_ms,
            version=before.version + 1,
            reference=before.reference,
        )
        return self._commit(table, entry.key, before, after)

    def remove(self, table: Table, entry: Entry) -> Change:
        """Commit the deletion of a live record; its last data stay in the snapshot."""
        before, now_ms = entry.snapshot, self.now_ms
        after = Snapshot(
            data=before.data,
            modified_ms=now_ms,
            version=before.version + 1,
            deleted_ms=now_ms,
            reference=before.reference,
        )
        return self._commit(table, entry.key, before, after)

    def as_of(self, mark: int) -> Store:
        """Give the store as it was when `self.mark` was `mark`; it shares the states' entries."""
        past = Store(self.side, self._types, self.clock, skew_ms=self.skew_ms)
        past.use(self._new_key, exact_numbers=self.exact_numbers)
        past.mark = mark
        for name, table in self.tables.items():
            for entry in table.log[: bisect_right(table.log, mark, key=_mark_of)]:
                past.tables[name].put(entry)
        return past

    def _commit(self, table: Table, key: Key, before: Snapshot | None, after: Snapshot) -> Change:
        self.mark += 1
        table.put(Entry(key, after, self.mark))
        return Change(side=self.side, type=table.name, key=key, before=before, after=after)

    def _next_key(self, table: Table) -> Key:
        count = len(table.newest) + 1
        while (key := self._new_key(table.path, count)) in table.newest:
            count += 1
        return key

    def _table(self, type_: str) -> Table:
        table = self.tables.get(type_)
        if table is None:
            raise EditRefused(f"the {self.side} system has no type {type_!r}")
        return table

    def _live(self, table: Table, key: Key) -> Entry:
        entry = table.newest.get(key)
        if entry is None or not entry.snapshot.live:
            state = "was never there" if entry is None else "is deleted"
            raise EditRefused(f"the {table.name} {key!r} {state}")
        return entry

    def _violations(self, table: Table, data: Any) -> list[SchemaViolation]:
        found = dict(table.violations(data)) if not table.accepts(data) else {}
        for path, message in unfit_values(data, exact=self.exact_numbers):
            found[path] = message
        return [SchemaViolation(item) for item in sorted(found.items())]

    def _check(self, table: Table, data: Mapping[str, Json]) -> None:
        violations = self._violations(table, data)
        if violations:
            text = f"the {self.side} system does not take this {table.name}"
            raise EditRefused(text, tuple(violations))


def _mark_of(entry: Entry) -> int:
    return entry.mark
