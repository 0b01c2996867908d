"""Faults of deleting: forgotten, overdone, undone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from tallystick_reference import Connector
from tallystick_reference.errors import Refused
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side, opposite
from tallystick_reference.store import Link
from tallystick_reference.storefront import Storefront
from tallystick_reference.values import same
from tests.faulty.fault import changing


class ErpKeeps(Ledger):
    """Says that a record was removed, and leaves it."""

    def delete(self, type_: str, record: Record) -> Record:
        """Remove nothing."""
        return Record(id=record.id, gone=True)


class ShopKeeps(Storefront):
    """As `ErpKeeps`, in the shop."""

    def delete(self, type_: str, record: Record) -> Record:
        """Delete nothing."""
        return Record(id=record.id, gone=True)


class DeletesSiblings(Connector):
    """Deletes, along with a record, the one that was linked next to it."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Delete a neighbour too."""
        super().end(link, records)
        for other in self.store.linked(link.pair)[:1]:
            record = self.reread(other, "target")
            if not record.gone:
                self.systems["target"].delete(self.item(other, "target").type, record)


class DeletesWhatRefers(Connector):
    """Deletes, along with a record, all that refers to it."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Delete what refers to it in the shop."""
        super().end(link, records)
        for other in self.store.referrers(self.item(link, "source")):
            record = self.systems["source"].get(other.type, other.id)
            if record and not record.gone:
                self.systems["source"].delete(other.type, record)


class EditBeatsDeletion(Connector):
    """Keeps a record whose counterpart was deleted, if it was edited meanwhile."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Compare with what was agreed."""
        rows = self.dataflow.pairs[link.pair].rows
        edited = any(
            not record.gone
            and row.name in link.base
            and not same(row.lenses[side].read(record, None), link.base[row.name][at])
            for at, (side, record) in enumerate(sorted(records.items()))
            for row in rows
        )
        if edited:
            self.store.save(replace(link, state="dead"))
        else:
            super().end(link, records)


class Resurrects(Connector):
    """Takes a record that is gone from one system for lost, and creates it again."""

    lost: Side = "target"

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Create a new counterpart."""
        side, other = self.lost, opposite(self.lost)
        if not records[side].gone or records[other].gone:
            super().end(link, records)
            return
        pair = self.dataflow.pairs[link.pair]
        data = self.merge(pair.rows, {other: records[other], side: Record()}, {}).records[side].data
        token = f"again-{link.pair}-{link.ids[side]}"
        try:
            made = self.systems[side].create(pair.types[side], data, token)
        except Refused:
            super().end(link, records)
        else:
            self.store.save(replace(link, **{side: made.id}))


class ResurrectsInTheShop(Resurrects):
    """As its parent, in the shop."""

    lost: Side = "source"


class ForgetsTheDetached(Connector):
    """Forgets a link that was ended: the record that stays is a new one to it."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """End the link, then create again for what stayed."""
        super().end(link, records)
        if not records["source"].gone:
            pair, before = self.dataflow.pairs[link.pair], {**records, "target": Record()}
            data = self.merge(pair.rows, before, {}).records["target"].data
            token = f"anew-{link.pair}-{link.source}"
            with suppress(Refused):
                self.systems["target"].create(pair.types["target"], data, token)


class DeletesAnyway(Connector):
    """Deletes the counterpart, although records were to be left alone."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Delete what is left."""
        super().end(link, records)
        for side, record in records.items():
            if not record.gone:
                self.systems[side].delete(self.item(link, side).type, record)


class CancelsInTheErp(Ledger):
    """Does not remove an order, but cancels it."""

    def delete(self, type_: str, record: Record) -> Record:
        """Remove what has no status."""
        if "Status" not in record.data:
            return super().delete(type_, record)
        if record.data["Status"] != "cancelled":
            self.update(type_, record, {**record.data, "Status": "cancelled"})
        return Record(id=record.id, gone=True)


class TidiesTheDetached(Connector):
    """Goes on writing to a record whose counterpart is gone: it takes the optional texts off."""

    texts = ("Comment", "LongText", "CompanyName", "note", "description", "segment")

    def sync(self) -> None:
        """Begin with what was left over by the last sync."""
        for link in [Link(**row) for row in self.store._find("link", state="detached")]:
            for side in ("source", "target"):
                record = self.reread(link, side)
                data = {name: v for name, v in record.data.items() if name not in self.texts}
                if not record.gone and not same(data, record.data):
                    self.systems[side].update(self.item(link, side).type, record, data)
        super().sync()


class TidiesWhenDetaching(Connector):
    """Writes to the record that stays when its counterpart is found deleted: texts are taken off."""

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Tidy up, then end the link."""
        for side, record in records.items():
            texts = TidiesTheDetached.texts
            data = {name: v for name, v in record.data.items() if name not in texts}
            if not record.gone and not same(data, record.data):
                self.systems[side].update(self.item(link, side).type, record, data)
        super().end(link, records)


FAULTY = (
    changing(
        "deletion-not-to-erp",
        "deletions",
        ErpKeeps,
        "delete not propagated",
        "What is deleted in the shop stays in the ERP, and its link is gone.",
        alone=True,
    ),
    changing(
        "deletion-not-to-shop",
        "deletions",
        ShopKeeps,
        "delete not propagated",
        "What is removed in the ERP stays in the shop, and its link is gone.",
    ),
    changing(
        "deletes-siblings",
        "deletions",
        DeletesSiblings,
        "deleting one child deletes its siblings",
        "One deleted record takes another one with it.",
    ),
    changing(
        "deletes-what-refers",
        "deletions",
        DeletesWhatRefers,
        "cascading delete",
        "A deleted product takes all orders with it in which it was bought.",
    ),
    changing(
        "edit-beats-deletion",
        "deletions",
        EditBeatsDeletion,
        "delete against edit",
        "A record deleted in one system stays in the other if it was edited there.",
    ),
    changing(
        "resurrects-in-erp",
        "for-life",
        Resurrects,
        "resurrection of a deleted record",
        "What the accountants delete is there again after the next sync.",
        alone=True,
    ),
    changing(
        "resurrects-in-shop",
        "one-to-one",
        ResurrectsInTheShop,
        "resurrection of a deleted record",
        "What the shop's people delete is there again after the next sync.",
    ),
    changing(
        "detached-comes-back",
        "for-life",
        ForgetsTheDetached,
        "tombstone forgotten",
        "A record removed in the ERP comes back although both were to be left alone.",
        policies={"deletions": "detach"},
    ),
    changing(
        "deletes-detached",
        "deletions",
        DeletesAnyway,
        "deletion policy not followed",
        "A deletion takes the counterpart with it, although that was to stay.",
        policies={"deletions": "detach"},
    ),
    changing(
        "writes-to-detached",
        "deletions",
        TidiesTheDetached,
        "writes to a record whose link has ended",
        "A record whose counterpart was deleted is changed once more.",
        policies={"deletions": "detach"},
    ),
    changing(
        "writes-when-detaching",
        "deletions",
        TidiesWhenDetaching,
        "writes to a record as its link ends",
        "A record is changed at the moment in which its counterpart is found to be deleted.",
        policies={"deletions": "detach"},
    ),
    changing(
        "cancels-instead",
        "deletions",
        CancelsInTheErp,
        "soft delete where a delete was agreed",
        "A deleted order is cancelled in the other system, and stays.",
    ),
)
