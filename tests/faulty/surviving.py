"""Faults that take weather: lost answers, refusals for a while, kills, edits made meanwhile."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from tallystick_reference import Connector, Parts
from tallystick_reference.dialect import Batch
from tallystick_reference.errors import DecideAgain, GaveUp, Unavailable
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Intent, Item, Link, Store
from tallystick_reference.storefront import Storefront, merge_patch
from tallystick_reference.transport import Answer, Transport
from tallystick_reference.values import Json, get, put
from tests.faulty.fault import FAULTS, KILLS, RACES, Faulty
from tests.faulty.reading import NoLag


class NoReference(Ledger):
    """Creates without external reference: sent again, it is another record."""

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create."""
        path = self.path(type_)
        answer = self.transport.send("POST", path, body={"data": data}, repeatable=True)
        return self.record(self.written(answer))


class NewReferenceEachTime(Connector):
    """Makes up another external reference for each attempt in a process's life."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        marker = Path(args[2].folder) / "lives"
        self._life = int(marker.read_text()) + 1 if marker.exists() else 0
        marker.write_text(str(self._life))

    def token(self, intent: Intent) -> str:
        """Count the lives of the process."""
        return f"{super().token(intent)}-{self._life}"


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
        self._passed = dict.fromkeys(item for item in new if item.side == "source")
        for item in self._passed:
            self.store.done(item, None)

    def is_news(self, item: Item, record: Record) -> bool:
        """Pass over what was passed over, as long as it stays as it is."""
        if item in self._passed and self._passed[item] in (None, record.mark):
            self._passed[item] = record.mark
            return False
        return super().is_news(item, record)


class KnownWorkInMemory(Store):
    """As `PassedOver`, for records that it has dealt with before."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        known = [item for item in self.todo() if self.seen(item)]
        for item in known:
            self.done(item, None)


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


class MatchesAtFirst(Connector):
    """Looks for matches in its first life only."""

    def match(self, pair: Json, item: Item, record: Record) -> None:
        """Match nothing in a later life."""
        if not self.store.restarted:
            super().match(pair, item, record)


class LinksLost(Store):
    """Loses, at a restart, the links that were made last."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        fresh = [link for number in range(8) for link in self.linked(number)][-1:]
        self.restarted = bool(fresh)
        for link in fresh:
            self._drop("link", pair=link.pair, source=link.source)
        self._db.commit()


class DoneBeforeWork(Connector):
    """Ticks a record off before it has dealt with it."""

    def visit(self, item: Item) -> None:
        """Tick it off, in the state that it has now, then deal with it."""
        record = self.systems[item.side].get(item.type, item.id)
        if record is not None and any(self.links(item)):
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


class ListingIsTruth(Connector):
    """Deletes what a full listing doesn't show."""

    def missing(self, side: Side, type_: str, batch: Batch) -> set[Json]:
        """Delete the counterparts of what is missing."""
        for key in super().missing(side, type_, batch):
            for link in self.links(Item(side, type_, key)):
                other: Side = "target" if side == "source" else "source"
                self.write_off(link, side, other)
        return set()

    def write_off(self, link: Link, side: Side, other: Side) -> None:
        """Take a record for deleted."""
        gone = Record(id=link.ids[side], gone=True)
        self.end(link, {side: gone, other: self.reread(link, other)})


class ReadsInFull(Ledger):
    """Reads everything each time."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read without cursor."""
        return super().changes(type_, None)


class ShopInFull(Storefront):
    """Lists what is live, each time, and takes that for complete."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """List everything."""
        return Batch(records=self.pages(type_, {}), cursor="", complete=True)


class Impatient(Transport):
    """Never waits, whatever it is told."""

    def hold(self, retry_after: str) -> None:
        """Take no notice."""


class Milliseconds(Transport):
    """Takes `Retry-After` for milliseconds."""

    def hold(self, retry_after: str) -> None:
        """Wait a thousandth of it."""
        if retry_after.isdecimal():
            self._not_before = self._now() + int(retry_after) / 1000


class HalfTheTime(Transport):
    """Waits half as long as it was told."""

    def hold(self, retry_after: str) -> None:
        """Wait half of it."""
        super().hold(str(int(retry_after) // 2) if retry_after.isdecimal() else retry_after)


class OnlyThatRequest(Transport):
    """Waits before the same request only, and sends others meanwhile."""

    def __init__(self, *args: Json, **rest: Json) -> None:
        super().__init__(*args, **rest)
        self._held: dict[str, float] = {}
        self._path = ""

    def send(self, method: str, path: str, **rest: Json) -> Answer:
        """Remember which request it is."""
        self._path = f"{method} {path}"
        return super().send(method, path, **rest)

    def hold(self, retry_after: str) -> None:
        """Hold this request back, and no other."""
        if retry_after.isdecimal():
            self._held[self._path] = self._now() + int(retry_after) + 0.01

    def wait(self) -> None:
        """Wait for this request's own time."""
        seconds = self._held.get(self._path, 0.0) - self._now()
        if seconds > 0:
            self._sleep(seconds)


class Hammers(Transport):
    """Tries again at once and without end."""

    attempts = 1_000
    retries = 1_000

    def hold(self, retry_after: str) -> None:
        """Take no notice."""

    def _failed(self, request: str) -> None:
        super()._failed(request)
        self._not_before = 0.0


class FirstErrorIsFinal(Connector):
    """Takes a create for refused that got no answer, and ticks the record off."""

    def finish(self, intent: Intent) -> None:
        """Give up for good."""
        try:
            super().finish(intent)
        except Unavailable:
            other: Side = "target" if intent.side == "source" else "source"
            self.store.park(intent.pair, other, {intent.side: intent.id}, intent.mark)


class OneAttempt(Transport):
    """Tries each request once."""

    attempts = 1


class Believed(Record):
    """A record as it was to be, with the mark of what it was."""

    @property
    def mark(self) -> str:
        """Give the mark that it had."""
        return self.etag


class UnsureIsDone(Connector):
    """Takes an update that got no answer for made."""

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Go on as if it had been made."""
        try:
            return super().update(link, side, before, data)
        except DecideAgain:
            self._visited[self.item(link, side)] = True
            self.store.done(self.item(link, side), None)
            return Believed(**{**vars(before[side]), "data": data, "etag": before[side].mark})


class TurnedAwayIsRefused(Connector):
    """Takes an update that got no answer for refused, and waits for people to mend it."""

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Park it."""
        try:
            return super().update(link, side, before, data)
        except DecideAgain:
            return None


class NeverResyncs(Ledger):
    """Goes on with an expired link for ever."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Let 410 be an error like any other."""
        if cursor:
            answer = self.transport.send("GET", cursor)
            if answer.status == 410:
                raise GaveUp("the link has expired")
        return super().changes(type_, cursor)


class ResyncSkips(Ledger):
    """After an expired link takes a new one, and leaves out what happened in between."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read in full for the new link alone."""
        batch = super().changes(type_, cursor)
        if batch.complete and cursor:
            return batch._replace(records=[], complete=False)
        return batch


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
        """Tick off the state that stands then."""
        super().write(link, before)
        for side in ("source", "target"):
            record = self.reread(link, side)
            if not record.gone:
                self.store.done(self.item(link, side), record.mark)


class WholePatch(Storefront):
    """Sends the whole record as it was read, the unlisted properties too."""

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Send all of it."""
        path, body = self.path(type_, record.id), {"data": data | merge_patch(record.data, data)}
        return self.record(self.written(self.transport.send("PATCH", path, body=body)))


def _fault(
    name: str, law: str, weather: frozenset[str], parts: Parts, failure: str, story: str
) -> Faulty:
    return Faulty(name=name, law=law, weather=weather, parts=parts, failure=failure, story=story)


FAULTY = (
    _fault(
        "duplicate-after-timeout",
        "one-to-one",
        FAULTS,
        Parts(ledger=NoReference),
        "duplicate after an ambiguous create",
        "The answer to a create was lost, and now the order is there twice.",
    ),
    _fault(
        "duplicate-after-kill",
        "one-to-one",
        KILLS,
        Parts(connector=NewReferenceEachTime, store=KnowsItsFolder),
        "crash between the write and the link",
        "The connector died after creating an order, and created it again when it came back.",
    ),
    _fault(
        "newest-links-lost",
        "one-to-one",
        KILLS,
        Parts(store=LinksLost, ledger=NoReference, connector=MatchesAtFirst),
        "link table restored from an older backup",
        "After a restart the customer who came last is created once more.",
    ),
    _fault(
        "cursor-saved-before-work",
        "linked",
        KILLS,
        Parts(connector=PassedOver),
        "cursor saved before the work",
        "What had been read but not yet done when the connector died never arrives.",
    ),
    _fault(
        "edits-lost-at-kill",
        "in-sync",
        KILLS,
        Parts(store=KnownWorkInMemory, connector=NoLag),
        "cursor saved before the work",
        "Edits that had been read when the connector died never arrive.",
    ),
    _fault(
        "ticked-off-too-early",
        "in-sync",
        KILLS,
        Parts(connector=DoneBeforeWork),
        "side effect before commit",
        "A record that was being dealt with when the connector died is never looked at again.",
    ),
    _fault(
        "intent-thrown-away",
        "linked",
        KILLS,
        Parts(connector=DoneBeforeCreate),
        "create forgotten after a crash",
        "A record that was about to be created when the connector died never arrives.",
    ),
    _fault(
        "stale-lock",
        "runs",
        KILLS,
        Parts(connector=StaleLock, store=KnowsItsFolder),
        "stale lock",
        "Once the connector has died nothing is synchronized any more: its lock is still there.",
    ),
    _fault(
        "torn-state",
        "runs",
        KILLS,
        Parts(connector=TornState, store=KnowsItsFolder),
        "torn state file",
        "Once the connector has died it cannot read its own state any more.",
    ),
    _fault(
        "mass-delete-in-erp",
        "deletions",
        FAULTS,
        Parts(connector=ListingIsTruth, storefront=ShopInFull),
        "mass delete from a partial or empty listing",
        "The shop was in trouble and listed nothing; the ERP is empty now.",
    ),
    _fault(
        "mass-delete-in-shop",
        "deletions",
        FAULTS,
        Parts(connector=ListingIsTruth, ledger=ReadsInFull),
        "mass delete from a partial or empty listing",
        "The ERP was in trouble and listed half; the shop has lost the other half.",
    ),
    _fault(
        "retry-after-ignored",
        "polite",
        FAULTS,
        Parts(transport=Impatient),
        "Retry-After ignored",
        "Told to wait for five seconds, the connector asks again at once.",
    ),
    _fault(
        "retry-after-in-milliseconds",
        "polite",
        FAULTS,
        Parts(transport=Milliseconds),
        "Retry-After in the wrong unit",
        "Told to wait for five seconds, the connector waits for five thousandths.",
    ),
    _fault(
        "waits-half",
        "polite",
        FAULTS,
        Parts(transport=HalfTheTime),
        "Retry-After cut short",
        "Told to wait for five seconds, the connector waits for two.",
    ),
    _fault(
        "only-that-request-waits",
        "polite",
        FAULTS,
        Parts(transport=OnlyThatRequest),
        "rate limit taken for one request's",
        "Told to wait, the connector goes on with other requests.",
    ),
    _fault(
        "hammers",
        "polite",
        FAULTS,
        Parts(transport=Hammers),
        "endless retry",
        "A system in trouble gets the same request a hundred times a second.",
    ),
    _fault(
        "first-503-is-final",
        "linked",
        FAULTS,
        Parts(connector=FirstErrorIsFinal, transport=OneAttempt),
        "429 or 503 treated as final",
        "The ERP was away for a second, and the new customer never arrives.",
    ),
    _fault(
        "unsure-is-done",
        "in-sync",
        FAULTS,
        Parts(connector=UnsureIsDone),
        'error swallowed, "synced" reported',
        "An update got no answer, and was never sent again.",
    ),
    _fault(
        "unsure-is-refused",
        "in-sync",
        FAULTS,
        Parts(connector=TurnedAwayIsRefused),
        "gives up after the first error and never heals",
        "An update met a busy ERP, and waits for somebody to mend what is not broken.",
    ),
    _fault(
        "never-resyncs",
        "runs",
        FAULTS,
        Parts(ledger=NeverResyncs),
        "expired delta link",
        "The ERP's link has expired, and since then the connector only fails.",
    ),
    _fault(
        "resync-skips",
        "in-sync",
        FAULTS,
        Parts(ledger=ResyncSkips, connector=NoLag),
        "expired delta link",
        "The ERP's link had expired; what was edited before the next one is lost.",
    ),
    _fault(
        "etag-refreshed",
        "no-lost-edit",
        RACES,
        Parts(ledger=EtagRefreshed),
        "412 answered by force",
        "An accountant saved while the connector was writing, and the edit is gone.",
    ),
    _fault(
        "reads-past-its-echo",
        "in-sync",
        RACES,
        Parts(connector=ReadsPastItsEcho),
        "cursor set to now instead of what was seen",
        "What is edited while the connector works is taken for its own echo.",
    ),
    _fault(
        "sees-its-own-write",
        "in-sync",
        RACES,
        Parts(connector=SeesItsOwnWrite),
        "an edit taken for one's own write",
        "An edit made just after the connector's write is never noticed.",
    ),
    _fault(
        "whole-patch",
        "untouched",
        RACES,
        Parts(storefront=WholePatch),
        "PATCH sends all, as it was read",
        "What the shop's people save meanwhile in other fields is put back.",
    ),
)
