"""Faults of reading: pages, cursors, ties, listings, and what counts as news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tallystick_reference import Connector, Parts
from tallystick_reference.dialect import Batch
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Item, Link
from tallystick_reference.storefront import BEGINNING, Storefront
from tallystick_reference.values import Json, digest
from tests.faulty.fault import Faulty


class FirstPageOfTheShop(Storefront):
    """Reads the first page of two, and believes that this is all."""

    def pages(self, type_: str, params: dict[str, str]) -> list[Record]:
        """Read one page."""
        return [self.record(item) for item in self.page(type_, params, 1)["items"]]

    def page(self, type_: str, params: dict[str, str], number: int) -> Json:
        """Ask for small pages."""
        params = {**params, "page": str(number), "per_page": "2"}
        return self.read(self.transport.send("GET", self.path(type_), params=params))


class FirstOfTheErp(Ledger):
    """Reads changes in pages of one, and the first page only."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Keep one record of those that live."""
        batch = super().changes(type_, cursor)
        live = [record for record in batch.records if not record.gone]
        gone = [record for record in batch.records if record.gone]
        return batch._replace(records=[*live[:1], *gone], complete=False)


class LastPageLost(Storefront):
    """Counts pages from zero: the last of several is never read."""

    def pages(self, type_: str, params: dict[str, str]) -> list[Record]:
        """Read pages 1 to n - 1."""
        body = self.page(type_, params, 1)
        items = list(body["items"])
        for number in range(2, body["pages"]):
            items += self.page(type_, params, number)["items"]
        return [self.record(item) for item in items]

    def page(self, type_: str, params: dict[str, str], number: int) -> Json:
        """Ask for small pages."""
        params = {**params, "page": str(number), "per_page": "2"}
        return self.read(self.transport.send("GET", self.path(type_), params=params))


class OneARecordASecond(Storefront):
    """Keeps new orders by their time: of two that are placed in one second one is dropped."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._met: dict[tuple[str, Json], bool] = {}

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read as ever, and keep one new order for each second."""
        batch = super().changes(type_, cursor)
        if type_ != "Order":
            return batch
        new = [record for record in batch.records if (type_, record.id) not in self._met]
        kept = {record.id for record in {r.modified_at: r for r in new}.values()}
        self._met |= {(type_, record.id): record.id in kept for record in new}
        return batch._replace(records=[r for r in batch.records if self._met[type_, r.id]])


class StrictlyAfter(Storefront):
    """Asks for what is later than the last second seen, that second left out."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read, and drop the cursor's own second."""
        batch = super().changes(type_, cursor)
        late = [r for r in batch.records if r.modified_at != cursor or self.is_kept(r)]
        return batch._replace(records=late)

    def is_kept(self, record: Record) -> bool:
        """Keep nothing of that second."""
        return record.gone


class NoLag(Connector):
    """Trusts the newest cursor at once."""

    def next_cursors(self, newer: str | None, newest: str) -> tuple[str | None, str]:
        """Go on from the newest cursor."""
        return newest, newest


class RoundedUp(Storefront):
    """Rounds the cursor up to the next full minute."""

    def newest(self, since: str, records: list[Record]) -> str:
        """Go on from the minute after the newest change."""
        found = super().newest(since, records)
        if found == BEGINNING:
            return found
        moment = datetime.fromisoformat(found).astimezone(UTC).replace(second=0)
        return (moment + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")


class SecondsOnly(Record):
    """A record whose state is told by its time alone, in whole seconds."""

    @property
    def mark(self) -> str:
        """Tell states apart by time."""
        return "gone" if self.gone else digest([self.modified_at])


class TimeTellsAll(Storefront):
    """Takes a record for unchanged when its time is: two edits in one second are one."""

    def record(self, envelope: Json) -> Record:
        """Give a record that knows its time only."""
        return SecondsOnly(**vars(super().record(envelope)))


class SeesWhatIsRefused(Connector):
    """Looks each time at the shop's records without a counterpart."""

    def is_news(self, item: Item, record: Record) -> bool:
        """Look at what has no link, whatever its time."""
        waits = item.side == "source" and not record.gone and not any(self.links(item))
        return waits or super().is_news(item, record)


class KnownIsKnown(Connector):
    """Has a record been dealt with once, its later edits are no news on one side."""

    deaf: Side = "source"

    def is_news(self, item: Item, record: Record) -> bool:
        """Take linked records of that side for dealt with."""
        if item.side == self.deaf and not record.gone and any(self.links(item)):
            return False
        return super().is_news(item, record)


class DeafToTheErp(KnownIsKnown):
    """As its parent, on the target."""

    deaf: Side = "target"


class EchoWindow(Connector):
    """Takes whatever changes within 2 seconds of its own write for an echo of it."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._written: dict[Item, float] = {}

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Remember when a record was written."""
        after = super().update(link, side, before, data)
        if after is not None and after is not before[side]:
            item = Item(side, self.dataflow.pairs[link.pair].types[side], link.ids[side])
            self._written[item] = datetime.fromisoformat(after.modified_at).timestamp()
        return after

    def is_news(self, item: Item, record: Record) -> bool:
        """Ignore what is close to an own write."""
        written = self._written.get(item)
        if written is not None and not record.gone:
            changed = datetime.fromisoformat(record.modified_at).timestamp()
            if changed <= written + 2:
                return False
        return super().is_news(item, record)


class ShopDeletionsOverlooked(Connector):
    """Never notices that a record of the shop was deleted."""

    unseen: Side = "source"

    def is_news(self, item: Item, record: Record) -> bool:
        """Leave deleted ones out."""
        return not (record.gone and item.side == self.unseen) and super().is_news(item, record)


class ErpDeletionsOverlooked(ShopDeletionsOverlooked):
    """As its parent, on the target."""

    unseen: Side = "target"


class OldestFirstOnly(Connector):
    """Deals with at most one record of a type in a sync, and forgets about the others."""

    def read(self) -> None:
        """Read, and keep the first of each type."""
        super().read()
        kept: set[tuple[Side, str]] = set()
        for item in self.store.todo():
            if (item.side, item.type) in kept:
                record = self.systems[item.side].get(item.type, item.id)
                self.store.done(item, record.mark if record else None)
            kept.add((item.side, item.type))


FAULTY = (
    Faulty(
        name="shop-first-page",
        law="linked",
        story="Of several new customers only the first page arrives.",
        failure="only the first page",
        parts=Parts(storefront=FirstPageOfTheShop),
    ),
    Faulty(
        name="shop-last-page",
        law="linked",
        story="The last page of a longer listing is never read.",
        failure="off by one in paging",
        parts=Parts(storefront=LastPageLost),
    ),
    Faulty(
        name="erp-first-page",
        law="in-sync",
        story="Of several records edited in the ERP only the first one's edit reaches the shop.",
        failure="only the first page",
        parts=Parts(ledger=FirstOfTheErp, connector=NoLag),
    ),
    Faulty(
        name="one-record-a-second",
        law="linked",
        story="Of two orders placed in the same second one never arrives.",
        failure="ties in one second",
        parts=Parts(storefront=OneARecordASecond),
    ),
    Faulty(
        name="strictly-after",
        law="in-sync",
        story="What is edited in the second of the last sync is never noticed.",
        failure="strict > at ties",
        parts=Parts(storefront=StrictlyAfter, connector=NoLag),
    ),
    Faulty(
        name="cursor-rounded-up",
        law="in-sync",
        story="After a sync the shop's edits are not noticed for up to a minute, and then lost.",
        failure="rounded-up cursor",
        parts=Parts(storefront=RoundedUp, connector=NoLag),
    ),
    Faulty(
        name="time-tells-all",
        law="in-sync",
        story="The second of two edits within one second is lost.",
        failure="a change without a new timestamp",
        parts=Parts(storefront=TimeTellsAll, connector=SeesWhatIsRefused),
    ),
    Faulty(
        name="drops-shop-edits",
        law="in-sync",
        story="Once a record has come over, later edits in the shop stay there.",
        failure="changes after import not reflected",
        parts=Parts(connector=KnownIsKnown),
    ),
    Faulty(
        name="drops-erp-edits",
        law="in-sync",
        story="What is edited in the ERP never reaches the shop.",
        failure="one-way sync where two-way was promised",
        parts=Parts(connector=DeafToTheErp),
    ),
    Faulty(
        name="echo-window",
        law="in-sync",
        story="An edit made within two seconds of the connector's own write is taken for its echo.",
        failure="a time window as echo filter",
        parts=Parts(connector=EchoWindow),
    ),
    Faulty(
        name="shop-deletions-overlooked",
        law="deletions",
        story="A record that was deleted in the shop lives on in the ERP.",
        failure="delete not propagated",
        parts=Parts(connector=ShopDeletionsOverlooked),
    ),
    Faulty(
        name="erp-deletions-overlooked",
        law="deletions",
        story="A record that was removed in the ERP lives on in the shop.",
        failure="delete not propagated",
        parts=Parts(connector=ErpDeletionsOverlooked),
    ),
    Faulty(
        name="one-of-each-type",
        law="linked",
        story="Of several new records of a type only the first arrives; the job is green.",
        failure="silent skip",
        parts=Parts(connector=OldestFirstOnly),
    ),
)
