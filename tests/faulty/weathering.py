"""Faults that show while a system is in trouble: lost answers, refusals for a while, lying listings."""

from __future__ import annotations

from tallystick_reference import Connector, Parts
from tallystick_reference.dialect import Batch
from tallystick_reference.errors import DecideAgain, GaveUp, Unavailable
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Intent, Item, Link
from tallystick_reference.storefront import Storefront
from tallystick_reference.transport import Answer, Transport
from tallystick_reference.values import Json
from tests.faulty.fault import FAULTS, troubled
from tests.faulty.reading import NoLag


class NoReference(Ledger):
    """Creates without external reference: sent again, it is another record."""

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create."""
        path = self.path(type_)
        answer = self.transport.send("POST", path, body={"data": data}, repeatable=True)
        return self.record(self.written(answer))


class NoReferenceOfOrders(NoReference):
    """Creates orders so. (Of other types, the second record could be matched by another one.)"""

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create."""
        if type_ != "Order":
            return Ledger.create(self, type_, data, token)
        return super().create(type_, data, token)


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
    """Takes a create that was turned away for refused, and ticks the record off."""

    def finish(self, intent: Intent) -> None:
        """Give up for good."""
        other: Side = "target" if intent.side == "source" else "source"
        transport = self.systems[other].transport
        transport.was_turned_away = False
        try:
            super().finish(intent)
        except Unavailable:
            if not transport.was_turned_away:
                raise
            self.store.park(intent.pair, other, {intent.side: intent.id}, intent.mark)


class OneAttempt(Transport):
    """Tries each request once, and knows whether it was turned away (429, 503)."""

    attempts = 1
    was_turned_away = False

    def hold(self, retry_after: str) -> None:
        """Remember that it was to wait."""
        self.was_turned_away |= bool(retry_after)
        super().hold(retry_after)


class Believed(Record):
    """A record as it was to be, with the mark of what it was."""

    @property
    def mark(self) -> str:
        """Give the mark that it had."""
        return self.etag


class UnsureIsDone(Connector):
    """Takes an update that got no answer for made, and looks no more until somebody edits.

    (It finds out then: otherwise it would take the old value for an edit, and undo the new one.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._believed: dict[Json, tuple[dict[Side, str], Link]] = {}

    def write(self, link: Link, before: dict[Side, Record]) -> None:
        """Leave alone what stands as it was left."""
        left, link = self._believed.pop((link.pair, link.source), ({}, link))
        if left == {side: record.mark for side, record in before.items()}:
            self._believed[link.pair, link.source] = left, link
            self.store.save(link, seen=[(self.item(link, s), before[s].mark) for s in before])
            return
        self._left = {side: record.mark for side, record in before.items()}
        self._is_unsure = False
        super().write(link, before)
        if self._is_unsure:
            self._believed[link.pair, link.source] = self._left, link

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Go on as if it had been made."""
        try:
            after = super().update(link, side, before, data)
        except DecideAgain:
            self._is_unsure = True
            return Believed(**{**vars(before[side]), "data": data, "etag": before[side].mark})
        self._left[side] = (after or before[side]).mark
        return after


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


_READINGS_OF_A_RESYNC = 8


class Resyncs(Ledger):
    """Tells whether its link had expired of late, so that it had to read everything once more."""

    resynced = 0  # for how many more readings

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read what has changed, or everything."""
        batch = super().changes(type_, cursor)
        expired = batch.complete and cursor is not None
        self.resynced = _READINGS_OF_A_RESYNC if expired else max(0, self.resynced - 1)
        return batch


class ResyncSkips(NoLag):
    """Takes what it knows for unchanged where everything has just been read once more.

    (But not what refers to others than before: it would want its references.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._refers: dict[Item, set[Item]] = {}

    def is_news(self, item: Item, record: Record) -> bool:
        """See births (and deletions, which are what is missing), but no edits."""
        before, after = self._refers.get(item), self.references(item, record)
        self._refers[item] = after
        if getattr(self.systems[item.side], "resynced", 0) and before == after:
            return False
        return super().is_news(item, record)


FAULTY = (
    troubled(
        "duplicate-after-timeout",
        "one-to-one",
        FAULTS,
        Parts(ledger=NoReferenceOfOrders),
        "duplicate after an ambiguous create",
        "The answer to a create was lost, and now the order is there twice.",
    ),
    troubled(
        "mass-delete-in-erp",
        "deletions",
        FAULTS,
        Parts(connector=ListingIsTruth, storefront=ShopInFull),
        "mass delete from a partial or empty listing",
        "The shop was in trouble and listed nothing; the ERP is empty now.",
    ),
    troubled(
        "mass-delete-in-shop",
        "deletions",
        FAULTS,
        Parts(connector=ListingIsTruth, ledger=ReadsInFull),
        "mass delete from a partial or empty listing",
        "The ERP was in trouble and listed half; the shop has lost the other half.",
    ),
    troubled(
        "retry-after-ignored",
        "polite",
        FAULTS,
        Parts(transport=Impatient),
        "Retry-After ignored",
        "Told to wait for five seconds, the connector asks again at once.",
    ),
    troubled(
        "retry-after-in-milliseconds",
        "polite",
        FAULTS,
        Parts(transport=Milliseconds),
        "Retry-After in the wrong unit",
        "Told to wait for five seconds, the connector waits for five thousandths.",
    ),
    troubled(
        "waits-half",
        "polite",
        FAULTS,
        Parts(transport=HalfTheTime),
        "Retry-After cut short",
        "Told to wait for five seconds, the connector waits for two.",
    ),
    troubled(
        "only-that-request-waits",
        "polite",
        FAULTS,
        Parts(transport=OnlyThatRequest),
        "rate limit taken for one request's",
        "Told to wait, the connector goes on with other requests.",
    ),
    troubled(
        "hammers",
        "polite",
        FAULTS,
        Parts(transport=Hammers),
        "endless retry",
        "A system in trouble gets the same request a hundred times a second.",
    ),
    troubled(
        "first-503-is-final",
        "linked",
        FAULTS,
        Parts(connector=FirstErrorIsFinal, transport=OneAttempt),
        "429 or 503 treated as final",
        "The ERP was away for a second, and the new customer never arrives.",
    ),
    troubled(
        "unsure-is-done",
        "in-sync",
        FAULTS,
        Parts(connector=UnsureIsDone),
        'error swallowed, "synced" reported',
        "An update got no answer, and was never sent again.",
    ),
    troubled(
        "unsure-is-refused",
        "in-sync",
        FAULTS,
        Parts(connector=TurnedAwayIsRefused),
        "gives up after the first error and never heals",
        "An update met a busy ERP, and waits for somebody to mend what is not broken.",
    ),
    troubled(
        "never-resyncs",
        "runs",
        FAULTS,
        Parts(ledger=NeverResyncs),
        "expired delta link",
        "The ERP's link has expired, and since then the connector only fails.",
    ),
    troubled(
        "resync-skips",
        "in-sync",
        FAULTS,
        Parts(ledger=Resyncs, connector=ResyncSkips),
        "expired delta link",
        "The ERP's link had expired; what was edited before the next one is lost.",
    ),
)
