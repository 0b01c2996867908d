"""What the connector knows, in one SQLite file: it survives a kill at any moment.

Every method that changes something is one transaction. What is about to be done is written down
before the request, what came of it after the answer, and a cursor moves in the same transaction
that notes the changes seen, so that nothing is ever known only to the process.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tallystick_reference.merge import Base
from tallystick_reference.records import SIDES, Side
from tallystick_reference.values import Data, Json

SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS cursor (side, type, older, newer, PRIMARY KEY (side, type));
CREATE TABLE IF NOT EXISTS todo (side, type, id, PRIMARY KEY (side, type, id));
CREATE TABLE IF NOT EXISTS seen (side, type, id, mark, PRIMARY KEY (side, type, id));
CREATE TABLE IF NOT EXISTS link (
    pair, source, target, state, base, sent, PRIMARY KEY (pair, source), UNIQUE (pair, target));
CREATE TABLE IF NOT EXISTS intent (pair, side, id, data, base, mark, PRIMARY KEY (pair, side, id));
CREATE TABLE IF NOT EXISTS parked (pair, side, source, target, mark,
    PRIMARY KEY (pair, side, source, target));
CREATE TABLE IF NOT EXISTS refers (
    side, type, id, to_type, to_id, PRIMARY KEY (side, type, id, to_type, to_id));
CREATE INDEX IF NOT EXISTS referred ON refers (side, to_type, to_id);
CREATE TABLE IF NOT EXISTS hope (pair, id, match, PRIMARY KEY (pair, id, match));
CREATE INDEX IF NOT EXISTS hoping ON hope (pair, match);
COMMIT;
"""


@dataclass(frozen=True, kw_only=True)
class Link:
    """Two records that are each other's counterpart: live, dead, or detached."""

    pair: int
    ids: dict[Side, Json]
    state: str
    base: Base
    sent: dict[Side, Base]


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A create that may have been sent: on the other side of the record it is made for."""

    pair: int
    side: Side
    id: Json
    data: Data
    base: Base
    mark: str


class Store:
    """The link store."""

    def __init__(self, folder: str) -> None:
        self._db = sqlite3.connect(Path(folder) / "links.sqlite3")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _all(self, query: str, *values: Json) -> list[tuple[Json, ...]]:
        rows = self._db.execute(query, [_text(value) for value in values])
        return [tuple(json.loads(cell) for cell in row) for row in rows]

    def _run(self, query: str, *values: Json) -> None:
        self._db.execute(query, [_text(value) for value in values])

    # What was read, and what is to be looked at because of it

    def cursor(self, side: Side, type_: str) -> tuple[Json, Json]:
        """Give the last two cursors, the older one first."""
        rows = self._all("SELECT older, newer FROM cursor WHERE side=? AND type=?", side, type_)
        return (rows[0][0], rows[0][1]) if rows else (None, None)

    def received(self, side: Side, type_: str, cursors: tuple[Json, Json], ids: Iterable[Json]) -> None:
        """Move the cursor and note what has to be looked at."""
        with self._db:
            self._run("REPLACE INTO cursor VALUES (?,?,?,?)", side, type_, *cursors)
            for key in ids:
                self._run("REPLACE INTO todo VALUES (?,?,?)", side, type_, key)

    def todo(self) -> list[tuple[Side, str, Json]]:
        """Give what has to be looked at: sources first, lower keys first."""
        rows = self._all("SELECT side, type, id FROM todo")
        return sorted(((side, type_, key) for side, type_, key in rows), key=_order)

    def done(self, side: Side, type_: str, key: Json, mark: str | None) -> None:
        """Note that a record has been dealt with, in the state that `mark` tells."""
        with self._db:
            self._run("DELETE FROM todo WHERE side=? AND type=? AND id=?", side, type_, key)
            if mark:
                self._run("REPLACE INTO seen VALUES (?,?,?,?)", side, type_, key, mark)

    def seen(self, side: Side, type_: str, key: Json) -> str | None:
        """Give the mark of the state in which a record was last dealt with."""
        rows = self._all("SELECT mark FROM seen WHERE side=? AND type=? AND id=?", side, type_, key)
        return rows[0][0] if rows else None

    # Links

    def link(self, pair: int, side: Side, key: Json) -> Link | None:
        """Give a record's link in a pair, ended ones too."""
        query = f"SELECT pair, source, target, state, base, sent FROM link WHERE pair=? AND {side}=?"
        for number, source, target, state, base, sent in self._all(query, pair, key):
            ids: dict[Side, Json] = {"source": source, "target": target}
            return Link(pair=number, ids=ids, state=state, base=base, sent=sent)
        return None

    def keys(self, pair: int, side: Side, key: Json) -> dict[Side, Json] | None:
        """Give the keys of both records of a link, by one of them."""
        link = self.link(pair, side, key)
        return link.ids if link else None

    def linked(self, pair: int, side: Side) -> list[Json]:
        """Give the keys of a pair's live links on one side."""
        query = f"SELECT {side} FROM link WHERE pair=? AND state=?"
        return [key for (key,) in self._all(query, pair, "live")]

    def join(self, pair: int, ids: dict[Side, Json], base: Base, wake: Iterable[Json]) -> None:
        """Link two records for life; `wake` are the records that waited for it."""
        with self._db:
            values = (pair, ids["source"], ids["target"], "live", base, {})
            self._run("INSERT INTO link VALUES (?,?,?,?,?,?)", *values)
            self._run("DELETE FROM hope WHERE pair=? AND id=?", pair, ids["source"])
            for side in SIDES:
                self._run("DELETE FROM intent WHERE pair=? AND side=? AND id=?", pair, side, ids[side])
            for item in wake:
                self._run("REPLACE INTO todo VALUES (?,?,?)", *item)

    def sending(self, link: Link, base: Base, sent: dict[Side, Base]) -> None:
        """Note the values that are about to be written, and where."""
        with self._db:
            query = "UPDATE link SET base=?, sent=? WHERE pair=? AND source=?"
            self._run(query, base, sent, link.pair, link.ids["source"])

    def agree(self, link: Link, base: Base, marks: Iterable[tuple[Side, str, str]]) -> None:
        """Note what is agreed now, and the states of the records that it was agreed on."""
        with self._db:
            query = "UPDATE link SET base=?, sent=? WHERE pair=? AND source=?"
            self._run(query, base, {}, link.pair, link.ids["source"])
            for side, type_, mark in marks:
                self._run("REPLACE INTO seen VALUES (?,?,?,?)", side, type_, link.ids[side], mark)

    def end(self, link: Link, state: str) -> None:
        """End a link: it is kept, so that neither record is ever taken for new."""
        with self._db:
            query = "UPDATE link SET state=? WHERE pair=? AND source=?"
            self._run(query, state, link.pair, link.ids["source"])

    # Creates, and writes that were refused

    def intend(self, intent: Intent) -> None:
        """Write a create down before it is sent."""
        with self._db:
            values = (intent.pair, intent.side, intent.id, intent.data, intent.base)
            self._run("REPLACE INTO intent VALUES (?,?,?,?,?,?)", *values, intent.mark)

    def intents(self) -> list[Intent]:
        """Give the creates whose outcome is not known."""
        rows = self._all("SELECT pair, side, id, data, base, mark FROM intent")
        names = ("pair", "side", "id", "data", "base", "mark")
        return [Intent(**dict(zip(names, row, strict=True))) for row in rows]

    def park(self, pair: int, side: Side, ids: dict[Side, Json], mark: str) -> None:
        """Note a refusal, and give a refused create up."""
        with self._db:
            values = (pair, side, ids.get("source"), ids.get("target"), mark)
            self._run("REPLACE INTO parked VALUES (?,?,?,?,?)", *values)
            for origin, key in ids.items():
                self._run("DELETE FROM intent WHERE pair=? AND side=? AND id=?", pair, origin, key)

    def parked(self, pair: int, side: Side, ids: dict[Side, Json]) -> str | None:
        """Give the mark of the write that was refused last."""
        query = "SELECT mark FROM parked WHERE pair=? AND side=? AND source=? AND target=?"
        rows = self._all(query, pair, side, ids.get("source"), ids.get("target"))
        return rows[0][0] if rows else None

    # References, and records that hope for a match

    def refer(self, side: Side, type_: str, key: Json, to: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Note which records a record refers to, and give those that it did not before."""
        query = "SELECT to_type, to_id FROM refers WHERE side=? AND type=? AND id=?"
        before = {(name, _text(other)) for name, other in self._all(query, side, type_, key)}
        if before != to:
            with self._db:
                query = "DELETE FROM refers WHERE side=? AND type=? AND id=?"
                self._run(query, side, type_, key)
                for to_type, to_id in to:
                    values = (side, type_, key, to_type, json.loads(to_id))
                    self._run("INSERT INTO refers VALUES (?,?,?,?,?)", *values)
        return to - before

    def referrers(self, side: Side, type_: str, key: Json) -> list[tuple[str, Json]]:
        """Give type and key of the records that refer to one."""
        query = "SELECT type, id FROM refers WHERE side=? AND to_type=? AND to_id=?"
        return [(name, other) for name, other in self._all(query, side, type_, key)]

    def hope(self, pair: int, key: Json, matches: Iterable[str]) -> None:
        """Note what a source record without counterpart would match."""
        with self._db:
            self._run("DELETE FROM hope WHERE pair=? AND id=?", pair, key)
            for match in matches:
                self._run("INSERT INTO hope VALUES (?,?,?)", pair, key, match)

    def hoping(self, pair: int, match: str) -> list[Json]:
        """Give the source records that would match."""
        return [key for (key,) in self._all("SELECT id FROM hope WHERE pair=? AND match=?", pair, match)]


def _text(value: Json) -> str:
    """Store everything as JSON text: keys keep their type, and no number is too long."""
    return json.dumps(value, sort_keys=True)


def _order(item: tuple[Side, str, Json]) -> tuple[int, str, Json]:
    side, type_, key = item
    return (SIDES.index(side), type_, key)
