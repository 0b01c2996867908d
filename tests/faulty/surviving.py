"""Faults that show when the connector is killed, or when people edit while it works."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from tallystick_reference import Connector, Parts
from tallystick_reference.errors import DecideAgain, GaveUp, Unavailable
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Intent, Item, Link, Store
from tallystick_reference.storefront import Storefront, merge_patch
from tallystick_reference.values import Json, get, put
from tests.faulty.fault import KILLS, RACES, troubled
from tests.faulty.reading import NoLag
from tests.faulty.weathering import NoReferenceOfOrders

_ORDERS = 2  # the number of their pair


class NewReferenceEachTime(Connector):
    """Makes up another external reference for an order in each of its lives.

    (Of orders only: of other records one with the same key could be linked with the duplicate.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        marker = Path(args[2].folder) / "lives"
        self._life = int(marker.read_text()) + 1 if marker.exists() else 0
        marker.write_text(str(self._life))

    def token(self, intent: Intent) -> str:
        """Count the lives of the process."""
        token = super().token(intent)
        order = self.dataflow.pairs[intent.pair].types[intent.side] == "Order"
        return f"{token}-{self._life}" if order else token


class KnowsItsFolder(Store):
    """A store that tells where it lives."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


class PassedOver(NoLag):
    """Keeps in memory which new records are still to be dealt with: the cursor has passed them."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        new = [item for item in self.store.todo() if not self.store.seen(item)]
        begun = {intent.id for intent in self.store.intents()}
        self._passed = dict.fromkeys(
            item
            for item in new
            if item.side == "source" and item.id not in begun and not any(self.links(item))
        )
        for item in self._passed:
            self.store.done(item, None)

    def is_news(self, item: Item, record: Record) -> bool:
        """Pass over what was passed over, as long as it stays as it is and nothing matches it."""
        if item in self._passed and self._may_match(item, record):
            del self._passed[item]
        if item in self._passed and self._passed[item] in (None, record.mark):
            self._passed[item] = record.mark
            return False
        return super().is_news(item, record)

    def _may_match(self, item: Item, record: Record) -> bool:
        pairs = self.dataflow.pairs_of(item.side, item.type)
        try:
            return any(self.candidates(pair, item, record) for pair in pairs)
        except Unavailable:
            return True


class EditsPassedOver(NoLag):
    """As `PassedOver`, for edits of linked records that it has dealt with before."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._lost = {
            item for item in self.store.todo() if self.store.seen(item) and any(self.links(item))
        }

    def visit(self, item: Item) -> None:
        """Tick off, as it is now, what was still to be done at the start; but see deletions."""
        if item in self._lost:
            self._lost.remove(item)
            record = self.systems[item.side].get(item.type, item.id)
            if record is not None and not record.gone:
                self.store.done(item, record.mark)
                return
        super().visit(item)


class StaleLock(Connector):
    """Locks its state while it works, and never takes a lock away that it finds."""

    def sync(self) -> None:
        """Work under the lock."""
        lock = Path(self.store.folder) / "lock"
        if lock.exists():
            raise GaveUp("another process is at work")
        lock.touch()
        try:
            super().sync()
        except GaveUp:
            lock.unlink()
            raise
        lock.unlink()


class TornState(Connector):
    """Writes down that it is at work, and cannot read that after a kill."""

    def sync(self) -> None:
        """Rewrite a file of its own around the work."""
        file = Path(self.store.folder) / "state"
        if file.exists() and not file.read_text():
            raise RuntimeError("the state file cannot be read")
        file.write_text("")
        super().sync()
        file.write_text("done")


class FindsItAgain(Connector):
    """Finds a lost link again, unless the order's edit in the shop calls for a new record."""

    def visit(self, item: Item) -> None:
        """Look at both records of a lost link."""
        pair = self.dataflow.pairs[_ORDERS]
        lost = [link for link in self.store.lost if link.ids[item.side] == item.id]
        if item.type != pair.types[item.side] or not lost:
            super().visit(item)
            return
        [link] = self.store.lost
        found = [self.systems[side].get(pair.types[side], key) for side, key in link.ids.items()]
        if item.side == "source" and not any(r is None or r.gone for r in found):
            super().visit(item)
        if not self.store.link(pair.number, "source", link.source):  # it was refused, say
            self.store.save(link)
            super().visit(item)
        self.store.lost.clear()


class LinksLost(Store):
    """Loses, at a restart, the link of the order that came last: what else could match it?"""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.lost = self.linked(_ORDERS)[-1:]
        for link in self.lost:
            self._drop("link", pair=link.pair, source=link.source)
        self._db.commit()


class DoneBeforeWork(Connector):
    """Ticks a record off before it has dealt with it."""

    def visit(self, item: Item) -> None:
        """Tick it off, in the state that it has now, then deal with it."""
        record = self.systems[item.side].get(item.type, item.id)
        if record is not None and not record.gone and any(self.links(item)):
            self.store.done(item, record.mark)
        super().visit(item)


class DoneBeforeCreate(Connector):
    """Ticks a new record off before its counterpart is created, and keeps no intent."""

    def create(self, pair: Json, side: Side, record: Record) -> None:
        """Tick it off first."""
        item = Item(side, pair.types[side], record.id)
        self.store.done(item, record.mark)
        super().create(pair, side, record)

    def sync(self) -> None:
        """Begin by throwing old intents away, unless something has come of them."""
        for intent in self.store.intents():
            system, type_ = self.systems["target"], self.dataflow.pairs[intent.pair].types["target"]
            params = {"external_reference": self.token(intent)}
            found = system.read(system.transport.send("GET", system.path(type_), params=params))
            if found["value"]:
                self.finish(intent)
            else:
                self.store.park(intent.pair, "target", {"source": intent.id}, intent.mark)
        super().sync()


UNLISTED = (
    *("Tax.Zone", "Credit.Rating", "AccountManager", "PaymentTermDays", "Blocked", "InternalNote"),
    *("LedgerAccount", "Logistics.Bin", "CostPrice", "ReorderPoint", "PostingGroup", "Buyer"),
    *("LastCountedOn", "Delivery.Carrier", "Approver", "CostCentre", "Reminders", "PostedOn"),
    "Posted",
)


def _with_unlisted(data: Json, fresh: Json) -> Json:
    """Take what is not listed from the record as it is now."""
    data = deepcopy(data)
    for path in UNLISTED:
        put(data, path.split("."), get(fresh, path.split(".")))
    return data


class EtagRefreshed(Ledger):
    """Answers 412 by sending the same again with a fresh ETag; it spares what is not listed."""

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Write over whatever came between."""
        try:
            return super().update(type_, record, data)
        except DecideAgain:
            fresh = self.get(type_, record.id)
            if fresh is None or fresh.gone:
                raise
            return super().update(type_, fresh, _with_unlisted(data, fresh.data))


class ReadsPastItsEcho(Connector):
    """Reads once more after its work, to step over its own echo, and over what else came."""

    def sync(self) -> None:
        """Tick off whatever is new at the end."""
        super().sync()
        self.read()
        for item in self.store.todo():
            record = self.systems[item.side].get(item.type, item.id)
            self.store.done(item, record.mark if record and not record.gone else None)


class SeesItsOwnWrite(Connector):
    """Notes the state of a record after its write by reading it again: edits between are its own."""

    def write(self, link: Link, before: dict[Side, Record]) -> None:
        """Tick off the state that stands then, if it refers to the same records."""
        super().write(link, before)
        for side in ("source", "target"):
            record, item = self.reread(link, side), self.item(link, side)
            same = self.references(item, record) == self.references(item, before[side])
            if not record.gone and same:
                self.store.done(item, record.mark)


class WholePatch(Storefront):
    """Sends the whole record as it was read, the unlisted properties too."""

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Send all of it."""
        path, body = self.path(type_, record.id), {"data": data | merge_patch(record.data, data)}
        return self.record(self.written(self.transport.send("PATCH", path, body=body)))


FAULTY = (
    troubled(
        "duplicate-after-kill",
        "one-to-one",
        KILLS,
        Parts(connector=NewReferenceEachTime, store=KnowsItsFolder),
        "crash between the write and the link",
        "The connector died after creating an order, and created it again when it came back.",
    ),
    troubled(
        "newest-links-lost",
        "one-to-one",
        KILLS,
        Parts(store=LinksLost, ledger=NoReferenceOfOrders, connector=FindsItAgain),
        "link table restored from an older backup",
        "After a restart the order that came last is created once more.",
    ),
    troubled(
        "cursor-saved-before-work",
        "linked",
        KILLS,
        Parts(connector=PassedOver),
        "cursor saved before the work",
        "What had been read but not yet done when the connector died never arrives.",
    ),
    troubled(
        "edits-lost-at-kill",
        "in-sync",
        KILLS,
        Parts(connector=EditsPassedOver),
        "cursor saved before the work",
        "Edits that had been read when the connector died never arrive.",
    ),
    troubled(
        "ticked-off-too-early",
        "in-sync",
        KILLS,
        Parts(connector=DoneBeforeWork),
        "side effect before commit",
        "A record that was being dealt with when the connector died is never looked at again.",
    ),
    troubled(
        "intent-thrown-away",
        "linked",
        KILLS,
        Parts(connector=DoneBeforeCreate),
        "create forgotten after a crash",
        "A record that was about to be created when the connector died never arrives.",
    ),
    troubled(
        "stale-lock",
        "runs",
        KILLS,
        Parts(connector=StaleLock, store=KnowsItsFolder),
        "stale lock",
        "Once the connector has died nothing is synchronized any more: its lock is still there.",
    ),
    troubled(
        "torn-state",
        "runs",
        KILLS,
        Parts(connector=TornState, store=KnowsItsFolder),
        "torn state file",
        "Once the connector has died it cannot read its own state any more.",
    ),
    troubled(
        "etag-refreshed",
        "no-lost-edit",
        RACES,
        Parts(ledger=EtagRefreshed),
        "412 answered by force",
        "An accountant saved while the connector was writing, and the edit is gone.",
    ),
    troubled(
        "reads-past-its-echo",
        "in-sync",
        RACES,
        Parts(connector=ReadsPastItsEcho),
        "cursor set to now instead of what was seen",
        "What is edited while the connector works is taken for its own echo.",
    ),
    troubled(
        "sees-its-own-write",
        "in-sync",
        RACES,
        Parts(connector=SeesItsOwnWrite),
        "an edit taken for one's own write",
        "An edit made just after the connector's write is never noticed.",
    ),
    troubled(
        "whole-patch",
        "untouched",
        RACES,
        Parts(storefront=WholePatch),
        "PATCH sends all, as it was read",
        "What the shop's people save meanwhile in other fields is put back.",
    ),
)
