"""Faults that show where two things meet: a refusal and a birth, an edit and a deletion, twins."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from tallystick_reference import Connector
from tallystick_reference.dataflow import Pair, Row
from tallystick_reference.ledger import Ledger
from tallystick_reference.merge import Merge
from tallystick_reference.records import SIDES, Lens, Record, Side, opposite
from tallystick_reference.store import Item, Link
from tallystick_reference.values import Json, empty, same
from tests.faulty.fault import changing


class NeverBorn(Connector):
    """Creates nothing that was refused once, mended or not."""

    def create(self, pair: Pair, side: Side, record: Record) -> None:
        """Look first whether it was refused, in whatever state."""
        if not self.store.parked(pair.number, opposite(side), {side: record.id}):
            super().create(pair, side, record)


class NeverCompleted(Merge):
    """Takes a reference for settled although what it names has no counterpart yet."""

    def waits(self, row: Row, values: list[Json]) -> list[Side]:
        """Let only lines wait."""
        return super().waits(row, values) if row.is_table else []


class UndoesBeforeDetaching(Connector):
    """Puts the record that stays back to what was agreed, as its counterpart is found deleted."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Undo, then end the link."""
        for at, side in enumerate(SIDES):
            agreed = replace(records[side], data=deepcopy(records[side].data))
            for row in self.dataflow.pairs[link.pair].rows:
                plain = type(row.lenses[side]) is Lens and not row.ways[0].reference
                if plain and row.name in link.base:
                    row.lenses[side].write(agreed, link.base[row.name][at], None)
            if not records[side].gone and not same(agreed.data, records[side].data):
                type_ = self.item(link, side).type
                self.systems[side].update(type_, records[side], agreed.data)
        super().end(link, records)


class TwinsAreOne(Connector):
    """Takes a record that says the same as a linked one for sent twice, and creates it once."""

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Compare with all that are linked."""
        covered = super().covers(pair, item, record)
        if not covered or item.side == "target":
            return covered
        rows = [row for row in pair.rows if not any(way.reference for way in row.ways)]
        said = self.said(rows, record)
        linked = (self.reread(link, "source") for link in self.store.linked(pair.number))
        return not rows or not any(same(self.said(rows, o), said) for o in linked if not o.gone)

    @staticmethod
    def said(rows: list[Row], record: Record) -> list[Json]:
        """Give all that a record says of properties that are listed."""
        return [row.lenses["source"].read(record, None) for row in rows]


class PlusIsABlank(Ledger):
    """Looks up what is not quoted for a URL: a plus is a blank there."""

    def find(self, type_: str, path: str, value: str) -> list[Record]:
        """Ask for what arrives."""
        return super().find(type_, path, value.replace("+", " "))


class ShopWinsMerges(Merge):
    """Knows the policy for conflicts, but not when two records are linked that were there."""

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Let the shop's value stand."""
        found = super().stands(row, records, base)
        if not found or base or row.key_side or any(r.id is None for r in records.values()):
            return found
        return found if any(map(empty, self.values(row, records, {}))) else "source"


class SameAddressSkipped(Connector):
    """Believes that no two customers of the ERP can have the same address."""

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Leave out what matches a record that is taken."""
        if item.side == "source" and pair.merge and self.candidates(pair, item, record):
            return False
        return super().covers(pair, item, record)


class OrderlessDeleted(Connector):
    """Deletes the counterpart of a customer to whom no order refers any more."""

    def visit(self, item: Item) -> None:
        """Look at all that is linked because something referred to it."""
        super().visit(item)
        for pair in self.dataflow.pairs:
            for link in self.store.linked(pair.number) if pair.create == "connected" else ():
                target = self.reread(link, "target")
                if not target.gone and not self.store.referrers(self.item(link, "source")):
                    self.systems["target"].delete(pair.types["target"], target)
                    self.store.save(replace(link, state="detached"))


class MovedBringsNobody(Connector):
    """Looks at what an order refers to when the order is new, and never again."""

    def follow(self, item: Item, record: Record) -> None:
        """Follow nothing from what is linked."""
        if not any(self.links(item)):
            super().follow(item, record)


class ConditionOnceOnly(Connector):
    """Looks at a record's condition when the record is new, and never again."""

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Leave out what has been looked at."""
        if pair.create == "condition" and self.store.seen(item):
            return False
        return super().covers(pair, item, record)


class BothGoneBreaks(Connector):
    """Does not expect that both records of a link were deleted."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Break."""
        if all(record.gone for record in records.values()):
            raise RuntimeError("neither record is there")
        super().end(link, records)


class RefusedBothWays(Connector):
    """Once the ERP has refused a record, takes no edit of it from there, either."""

    def write(self, link: Link, before: dict[Side, Record]) -> None:
        """Leave alone what was refused."""
        if self.store.parked(link.pair, "target", link.ids):
            self.store.save(link, seen=[(self.item(link, s), before[s].mark) for s in SIDES])
        else:
            super().write(link, before)


FAULTY = (
    changing(
        "refused-at-birth",
        "linked",
        NeverBorn,
        "a refused create is never tried again",
        "A customer whom the ERP refused at first never arrives, although the mistake is mended.",
    ),
    changing(
        "reference-never-completed",
        "references",
        NeverCompleted,
        "an order is not completed when its customer comes",
        "An order whose customer was refused never gets the customer, once that has arrived.",
    ),
    changing(
        "undone-when-detaching",
        "deletions",
        UndoesBeforeDetaching,
        "an edit undone as the link ends",
        "What was edited in one system is undone there when the other one's record is deleted.",
        policies={"deletions": "detach"},
    ),
    changing(
        "twins-are-one",
        "linked",
        TwinsAreOne,
        "duplicates told by what they hold",
        "Of two orders that say the same only one arrives.",
    ),
    changing(
        "plus-is-a-blank",
        "merged",
        PlusIsABlank,
        "a value not quoted in a URL",
        "A customer with a plus in the address is in the ERP twice.",
    ),
    changing(
        "shop-wins-merges",
        "latest-wins",
        ShopWinsMerges,
        "conflict policy not followed at a merge",
        "When two known records are linked, older values of the shop replace newer ones.",
    ),
    changing(
        "same-address-skipped",
        "linked",
        SameAddressSkipped,
        "a key property taken for unique",
        "Of two customers with one address only one is in the ERP.",
    ),
    changing(
        "orderless-deleted",
        "deletions",
        OrderlessDeleted,
        "a link ended with what it was made for",
        "A customer whose last order was moved to another is deleted from the books.",
        checklist="connected",
    ),
    changing(
        "moved-brings-nobody",
        "linked",
        MovedBringsNobody,
        "an edit that calls for a record is overlooked",
        "A customer to whom an order was moved never arrives.",
        checklist="connected",
    ),
    changing(
        "won-later",
        "linked",
        ConditionOnceOnly,
        "a condition that is met later is overlooked",
        "A deal that is won after it was entered never becomes a project.",
        checklist="conditional",
    ),
    changing(
        "both-gone",
        "runs",
        BothGoneBreaks,
        "deleted on both sides",
        "A record deleted in both systems stops everything.",
    ),
    changing(
        "refused-both-ways",
        "in-sync",
        RefusedBothWays,
        "a refusal holds up the other direction",
        "After the ERP has refused an edit, what is edited there does not reach the shop.",
    ),
)
