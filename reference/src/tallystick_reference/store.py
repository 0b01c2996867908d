"""What the connector knows, in one SQLite file: it survives a kill at any moment.

Every method that changes something is one transaction. What is about to be sent is written down
before, and what came of it after; a cursor moves in the same transaction that notes the records it
has passed. So nothing is ever known only to the process.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

from .records import SIDES, Side
from .values import Json

Base: TypeAlias = dict[str, list[Json]]
"""For each row the values last agreed: source, target, and the side that still waits, if any."""

Cursors: TypeAlias = tuple[str | None, str | None]
"""Where the last two readings of a type have ended, the older one first."""

SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS cursor (side, type, older, newer, PRIMARY KEY (side, type));
CREATE TABLE IF NOT EXISTS todo (side, type, id, PRIMARY KEY (side, type, id));
CREATE TABLE IF NOT EXISTS seen (side, type, id, mark, PRIMARY KEY (side, type, id));
CREATE TABLE IF NOT EXISTS link (
    pair, source, target, state, base, sent, PRIMARY KEY (pair, source), UNIQUE (pair, target));
CREATE TABLE IF NOT EXISTS intent (pair, side, id, data, base, mark, PRIMARY KEY (pair, side, id));
CREATE TABLE IF NOT EXISTS parked (pair, side, ids, mark, PRIMARY KEY (pair, side, ids));
CREATE TABLE IF NOT EXISTS refers (
    side, type, id, to_type, to_id, PRIMARY KEY (side, type, id, to_type, to_id));
CREATE INDEX IF NOT EXISTS referred ON refers (side, to_type, to_id);
COMMIT;
"""

_text = json.JSONEncoder(sort_keys=True).encode


class Item(NamedTuple):
    """A record by its side, type and key."""

    side: Side
    type: str
    id: Json


Marks: TypeAlias = Iterable[tuple[Item, str]]


@dataclass(frozen=True, kw_only=True)
class Link:
    """Two records that are each other's counterpart; `state` is live, dead or detached.

    `sent` holds, for each side, what is agreed once a write has landed whose outcome is in doubt.
    """

    pair: int
    source: Json
    target: Json
    state: str = "live"
    base: Base = field(default_factory=dict)
    sent: dict[Side, Base] = field(default_factory=dict)

    @property
    def ids(self) -> dict[Side, Json]:
        """The keys by side."""
        return {"source": self.source, "target": self.target}


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A create that may have been sent: the counterpart of the record `id` on `side`."""

    pair: int
    side: Side
    id: Json
    data: Json
    base: Base
    mark: str


class Store:
    """The link store. Values are kept as JSON text: a key keeps its type, whatever its size."""

    def __init__(self, folder: str) -> None:
        self._db = sqlite3.connect(Path(folder) / "links.sqlite3")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def cursors(self, side: Side, type_: str) -> Cursors:
        """Give the last two cursors, the older one first."""
        found = self._find("cursor", side=side, type=type_)
        return (found[0]["older"], found[0]["newer"]) if found else (None, None)

    def received(self, side: Side, type_: str, cursors: Cursors, keys: Iterable[Json]) -> None:
        """Move the cursors, and note which records have to be looked at."""
        with self._db:
            self._put("cursor", side=side, type=type_, older=cursors[0], newer=cursors[1])
            for key in keys:
                self._put("todo", side=side, type=type_, id=key)

    def todo(self) -> list[Item]:
        """Give the records that have to be looked at: sources first, lower keys first."""
        items = [Item(**row) for row in self._find("todo")]
        return sorted(items, key=lambda item: (SIDES.index(item.side), item.type, item.id))

    def done(self, item: Item, mark: str | None) -> None:
        """Note that a record has been dealt with, and in which state."""
        with self._db:
            self._drop("todo", **item._asdict())
            if mark:
                self._put("seen", **item._asdict(), mark=mark)

    def seen(self, item: Item) -> str | None:
        """Give the mark of the state in which a record was dealt with last."""
        return next((row["mark"] for row in self._find("seen", **item._asdict())), None)

    def link(self, pair: int, side: Side, key: Json) -> Link | None:
        """Give a record's link in a pair, also when it has ended."""
        found = self._find("link", **{"pair": pair, side: key})
        return Link(**found[0]) if found else None

    def linked(self, pair: int) -> list[Link]:
        """Give a pair's live links."""
        return [Link(**row) for row in self._find("link", pair=pair, state="live")]

    def save(self, link: Link, *, seen: Marks = (), wake: Iterable[Item] = ()) -> None:
        """Save a link, the states of records in which that is so, and what has to be looked at.

        A link is for life: it is kept when it ends, so that neither record is ever taken for new.
        """
        with self._db:
            self._put("link", **vars(link))
            for side, key in link.ids.items():
                self._drop("intent", pair=link.pair, side=side, id=key)
            for item, mark in seen:
                self._put("seen", **item._asdict(), mark=mark)
            for item in wake:
                self._put("todo", **item._asdict())

    def intend(self, intent: Intent) -> None:
        """Write down a create that is about to be sent."""
        with self._db:
            self._put("intent", **vars(intent))

    def intents(self) -> list[Intent]:
        """Give the creates whose outcome is not known."""
        return [Intent(**row) for row in self._find("intent")]

    def park(self, pair: int, side: Side, ids: dict[Side, Json], mark: str) -> None:
        """Note that a write was refused; if it was a create, it is not in doubt any more."""
        with self._db:
            self._put("parked", pair=pair, side=side, ids=ids, mark=mark)
            for origin, key in ids.items():
                self._drop("intent", pair=pair, side=origin, id=key)

    def parked(self, pair: int, side: Side, ids: dict[Side, Json]) -> str | None:
        """Give the mark of the write that was refused last."""
        found = self._find("parked", pair=pair, side=side, ids=ids)
        return found[0]["mark"] if found else None

    def refer(self, item: Item, to: set[Item]) -> set[Item]:
        """Note which records a record refers to, and give those that it did not before."""
        found = self._find("refers", **item._asdict())
        before = {Item(item.side, row["to_type"], row["to_id"]) for row in found}
        if before != to:
            with self._db:
                self._drop("refers", **item._asdict())
                for other in to:
                    self._put("refers", **item._asdict(), to_type=other.type, to_id=other.id)
        return to - before

    def referrers(self, item: Item) -> list[Item]:
        """Give the records that refer to one."""
        found = self._find("refers", side=item.side, to_type=item.type, to_id=item.id)
        return [Item(item.side, row["type"], row["id"]) for row in found]

    def _find(self, table: str, **where: Json) -> list[dict[str, Json]]:
        tests = " AND ".join(f"{name}=?" for name in where) or "1"
        rows = self._db.execute(f"SELECT * FROM {table} WHERE {tests}", _texts(where))
        names = [column[0] for column in rows.description]
        return [dict(zip(names, map(json.loads, row), strict=True)) for row in rows]

    def _put(self, table: str, **values: Json) -> None:
        names, marks = ",".join(values), ",".join("?" * len(values))
        self._db.execute(f"REPLACE INTO {table} ({names}) VALUES ({marks})", _texts(values))

    def _drop(self, table: str, **where: Json) -> None:
        tests = " AND ".join(f"{name}=?" for name in where)
        self._db.execute(f"DELETE FROM {table} WHERE {tests}", _texts(where))


def _texts(values: dict[str, Json]) -> list[str]:
    return [_text(value) for value in values.values()]
