"""Faults of records that take another's place: made anew, made for nobody, taken for another."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from tallystick_reference import Connector
from tallystick_reference.errors import Refused
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Item, Link
from tallystick_reference.values import Json, digest, same
from tests.faulty.fault import RACES, changing


class MakesAnew(Connector):
    """Deletes the ERP's record and creates another, instead of updating it."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._made: Record | None = None

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Delete, then create with all that the record held."""
        if side == "source" or same(data, before[side].data):
            return super().update(link, side, before, data)
        type_, system = self.item(link, side).type, self.systems[side]
        token = f"anew-{link.pair}-{link.source}-{digest([data, before[side].mark])}"
        system.delete(type_, before[side])
        self._made = system.create(type_, data, token)
        return self._made

    def write(self, link: Link, before: dict[Side, Record]) -> None:
        """Link the new one."""
        self._made = None
        super().write(link, before)
        found = self.store.link(link.pair, "source", link.source)
        if found and self._made:
            found = replace(found, target=self._made.id)
            self.store.save(found, seen=[(self.item(found, "target"), self._made.mark)])


class MakesGhosts(Connector):
    """Creates what a listing has shown, although it has been deleted since; and never looks again."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._listed: dict[Item, Record] = {}

    def is_news(self, item: Item, record: Record) -> bool:
        """Keep what is listed."""
        if not record.gone:
            self._listed[item] = record
        return super().is_news(item, record)

    def visit(self, item: Item) -> None:
        """Create what was there when it was listed."""
        listed = self._listed.get(item)
        pairs = self.dataflow.pairs_of(item.side, item.type)
        new = item.side == "source" and listed and not any(self.is_linked(p, item) for p in pairs)
        super().visit(item)
        new = new and not any(self.is_linked(pair, item) for pair in pairs)
        record = self.systems[item.side].get(item.type, item.id) if new else None
        if record and listed and record.gone:
            pair = pairs[0]
            data = self.merge(pair.rows, {"source": listed, "target": Record()}, {}).records
            with suppress(Refused):
                token = f"ghost-{pair.number}-{item.id}"
                self.systems["target"].create(pair.types["target"], data["target"].data, token)


class TakesForTheSame(Connector):
    """Takes a new record that matches the counterpart of a deleted one for the deleted one."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Hand the counterpart over."""
        pair, target = self.dataflow.pairs[link.pair], records["target"]
        if records["source"].gone and not target.gone:
            for other, found in self.candidates(pair, self.item(link, "target"), target):
                if not found.gone and not self.is_linked(pair, other):
                    self.store.save(replace(link, source=other.id), wake=[other])
                    return
        super().end(link, records)


FAULTY = (
    changing(
        "made-anew",
        "for-life",
        MakesAnew,
        "deleted and created instead of updated",
        "A record that was edited in the shop has another number in the ERP.",
    ),
    changing(
        "ghosts",
        "deletions",
        MakesGhosts,
        "create and delete within one window leave a ghost",
        "A customer who was deleted while the connector worked is in the ERP for good.",
        weather=RACES,
    ),
    changing(
        "taken-for-the-same",
        "deletions",
        TakesForTheSame,
        "delete and re-create taken for one record",
        "A customer deleted in the shop lives on in the ERP, as the counterpart of another.",
    ),
)
