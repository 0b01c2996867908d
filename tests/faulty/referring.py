"""Faults of references: keys that lead nowhere, elsewhere, or come too late."""

from __future__ import annotations

from tallystick_reference import Connector, Parts
from tallystick_reference.dataflow import Row
from tallystick_reference.merge import Merge, Merged
from tallystick_reference.records import Record, Side, opposite
from tallystick_reference.store import Item, Link
from tallystick_reference.values import Json
from tests.faulty.fault import Faulty


class FirstOfAll(Merge):
    """Books every new record on the one that was linked first."""

    first = 1001
    books = False

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Carry the first one's key to a new record."""
        self.books = merged.records[opposite(side)].id is None
        super().carry(row, side, merged)
        self.books = False

    def image(self, row: Row, value: Json) -> Json:
        """Give the first one's key, where it is to be carried."""
        found = super().image(row, value)
        plain = row.ways[0].reference and not row.is_table and isinstance(found, int)
        return self.first if self.books and plain else found


class KeyAsItIs(Merge):
    """Writes the digits of the shop's key where the ERP's own key belongs."""

    def image(self, row: Row, value: Json) -> Json:
        """Leave the key untranslated."""
        found = super().image(row, value)
        plain = row.ways[0].reference and not row.is_table and isinstance(found, int)
        return int("".join(c for c in value if c.isdigit())) if plain else found


class NoReferences(Merge):
    """Leaves references out when a record is created, and takes them for settled."""

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Carry none to a new record."""
        new = merged.records[opposite(side)].id is None
        if not new or row.is_table or not row.ways[0].reference:
            super().carry(row, side, merged)


class RepointingIgnored(Merge):
    """Never changes a reference once it is there."""

    edited: Side = "source"

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Say that nothing happened to it."""
        found = super().stands(row, records, base)
        linked = all(record.id is not None for record in records.values())
        if linked and base and found == self.edited and row.ways[0].reference and not row.is_table:
            return None
        return found


class RepointingIgnoredToTheShop(RepointingIgnored):
    """As its parent, from the ERP."""

    edited: Side = "target"


class OrderFirst(Connector):
    """Creates a record before what it refers to, and never completes it."""

    def follow(self, item: Item, record: Record) -> None:
        """Look at nothing else first."""

    def create(self, pair: Json, side: Side, record: Record) -> None:
        """Create, and take what is missing in lines for agreed."""
        super().create(pair, side, record)
        link = self.store.link(pair.number, side, record.id)
        if link:
            tables = {row.name for row in pair.rows if row.is_table}
            base = {n: agreed[:2] if n in tables else agreed for n, agreed in link.base.items()}
            self.store.save(Link(**{**vars(link), "base": base}))


class OrderCompletedLater(Connector):
    """Creates a record before what it refers to, and completes it by a second write."""

    def follow(self, item: Item, record: Record) -> None:
        """Note what it refers to, but look at none of it first."""
        pairs = self.dataflow.pairs_of(item.side, item.type)
        rows = [row for pair in pairs for row in pair.rows]
        to = {Item(item.side, *f) for row in rows for f in row.references(item.side, record)}
        self.store.refer(item, to)


class FirstLineForAll(Merge):
    """Books all lines that it writes to the ERP on the article of the first one."""

    carrying = False

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Note which way a list goes: what is edited in the ERP is not touched there."""
        self.carrying = side == "source"
        super().carry(row, side, merged)
        self.carrying = False

    def meeting(self, row: Row, records: dict[Side, Record]) -> list[Json] | None:
        """Compare line by line, as ever."""
        carrying, self.carrying = self.carrying, False
        found = super().meeting(row, records)
        self.carrying = carrying
        return found

    def image(self, row: Row, value: Json) -> Json:
        """Repeat the first line's article in what is written."""
        found = super().image(row, value)
        if not (self.carrying and row.is_table and row.ways[0].reference and found):
            return found
        return [[found[0][0], *cells[1:]] for cells in found]


def _fault(
    name: str,
    failure: str,
    story: str,
    parts: Parts,
    law: str = "references",
    *,
    alone: bool = False,
) -> Faulty:
    return Faulty(name=name, law=law, story=story, failure=failure, parts=parts, alone=alone)


FAULTY = (
    _fault(
        "first-customer-for-all",
        "wrongly merged customer",
        "All orders are booked on the same customer.",
        Parts(merge=FirstOfAll),
    ),
    _fault(
        "key-untranslated",
        "a foreign key written as it is",
        "Orders in the ERP name a customer number that does not exist there.",
        Parts(merge=KeyAsItIs),
    ),
    _fault(
        "references-left-out",
        "guest orders, customer null",
        "New orders have no customer in the ERP.",
        Parts(merge=NoReferences),
    ),
    _fault(
        "repointing-ignored-to-erp",
        "changes after import not reflected",
        "An order that is moved to another customer in the shop stays with the old one.",
        Parts(merge=RepointingIgnored),
        alone=True,
    ),
    _fault(
        "repointing-ignored-to-shop",
        "changes after import not reflected",
        "An order that is moved to another customer in the ERP stays with the old one.",
        Parts(merge=RepointingIgnoredToTheShop),
    ),
    _fault(
        "order-before-article",
        "order before its customer or product",
        "An order that comes over before its articles never gets them.",
        Parts(connector=OrderFirst),
        law="in-sync",
    ),
    _fault(
        "order-completed-later",
        "order before its customer or product",
        "Orders are created without their articles, which are added afterwards.",
        Parts(connector=OrderCompletedLater),
    ),
    _fault(
        "first-article-for-all",
        "a line's product mixed up",
        "All lines of an order name the article of the first one.",
        Parts(merge=FirstLineForAll),
        law="in-sync",
    ),
)
