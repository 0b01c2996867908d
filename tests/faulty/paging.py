"""Faults of reading page by page: what moves, breaks or stands still on the way."""

from __future__ import annotations

from tallystick_reference import Parts
from tallystick_reference.dialect import Batch
from tallystick_reference.errors import GaveUp, Unavailable
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record
from tallystick_reference.storefront import BEGINNING, Storefront
from tallystick_reference.values import Json
from tests.faulty.fault import FAULTS, RACES, Faulty, changing
from tests.faulty.reading import NoLag


class ImportsInPages(Storefront):
    """Reads in small pages the first time, and later on as ever: what it misses is new."""

    size = 1
    is_healed = False  # by the next reading, which begins with the newest second

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._missed: dict[tuple[str, Json], str] = {}

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Never come to what the first reading did not show, until it is saved again."""
        batch = super().changes(type_, cursor)
        if cursor is None and not self.is_healed:
            shown = {record.id for record in batch.records}
            behind = Storefront.pages(self, type_, {"modified_since": "1970-01-01T00:00:01Z"})
            self._missed |= {(type_, r.id): r.modified_at for r in behind if r.id not in shown}
        kept = [r for r in batch.records if self._missed.get((type_, r.id)) != r.modified_at]
        return batch._replace(records=kept)

    def pages(self, type_: str, params: dict[str, str]) -> list[Record]:
        """Read the first time in a way of its own."""
        if params.get("modified_since") != BEGINNING:
            return super().pages(type_, params)
        return [self.record(item) for item in self.imported(type_)]

    def imported(self, type_: str) -> list[Json]:
        """Give what the first reading shows."""
        raise NotImplementedError

    def small(self, type_: str, number: int, since: str = BEGINNING) -> Json:
        """Read one small page."""
        params = {"modified_since": since, "page": str(number), "per_page": str(self.size)}
        return self.read(self.transport.send("GET", self.path(type_), params=params))


class Forwards(ImportsInPages):
    """Reads the first page first: a record that moves to the end draws another past it."""

    is_healed = True

    def imported(self, type_: str) -> list[Json]:
        """Read page after page, for as many as there are by then."""
        found, number, last = {}, 1, 1
        while number <= last:
            body = self.small(type_, number)
            found.update((item["id"], item) for item in body["items"])
            number, last = number + 1, body["pages"]
        return list(found.values())


class StuckInOneSecond(ImportsInPages):
    """Goes on from the newest time it has seen: a second that fills a page is never left."""

    size = 2

    def imported(self, type_: str) -> list[Json]:
        """Read the first page from ever later times, for as long as that shows something new."""
        found, since, count = {}, BEGINNING, -1
        while len(found) > count:
            count = len(found)
            found.update((item["id"], item) for item in self.small(type_, 1, since)["items"])
            since = self.newest(since, [self.record(item) for item in found.values()])
        return list(found.values())


class ErrorEndsListing(ImportsInPages):
    """Takes an error amid the pages for their end."""

    def imported(self, type_: str) -> list[Json]:
        """Read the newest page first, and no more once one does not come."""
        found: dict[Json, Json] = {}
        last = self.small(type_, 1)["pages"]
        self.transport.attempts = 1
        try:
            for number in range(last, 0, -1):
                page = self.small(type_, number)
                found.update((item["id"], item) for item in page["items"])
        except Unavailable:
            pass
        finally:
            del self.transport.attempts
        return list(found.values())


class StuckAtTheLastPage(Ledger):
    """Goes on from the link to the last page of its first reading: what stood before is no news."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._before: dict[str, set[Json]] = {}

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Leave out what stood on earlier pages, as long as it lives."""
        batch = super().changes(type_, cursor)
        if type_ not in self._before:
            if batch.records:
                self._before[type_] = {record.id for record in batch.records[:-1]}
            return batch
        known = self._before[type_]
        return batch._replace(records=[r for r in batch.records if r.gone or r.id not in known])


class ResyncsFromTheBeginning(Ledger):
    """Reads one small page at a time once a link has expired, and begins anew each time."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._begun: set[str] = set()

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read in full once that fits into one page."""
        if type_ not in self._begun and cursor:
            if self.transport.send("GET", cursor).status != 410:
                return super().changes(type_, cursor)
            self._begun.add(type_)
        if type_ in self._begun:
            body = self.read(self.transport.send("GET", self.path(type_) + "?top=1"))
            if "nextLink" in body:
                raise GaveUp("the rest comes next time")
            self._begun.discard(type_)
        return super().changes(type_, cursor)


FAULTY = (
    Faulty(
        name="pages-forwards",
        law="linked",
        story="A customer is saved while the first import runs, and another one never arrives.",
        failure="records move between pages",
        parts=Parts(storefront=Forwards, connector=NoLag),
        weather=RACES,
    ),
    Faulty(
        name="stuck-in-one-second",
        law="linked",
        story="Of many records of one second the first import brings two, and is stuck there.",
        failure="cursor stuck",
        parts=Parts(storefront=StuckInOneSecond, connector=NoLag),
    ),
    Faulty(
        name="stuck-at-last-page",
        law="in-sync",
        story="Of the ERP's records only the last page's edits ever reach the shop.",
        failure="next link kept instead of the delta link",
        parts=Parts(ledger=StuckAtTheLastPage, connector=NoLag),
    ),
    Faulty(
        name="error-ends-listing",
        law="linked",
        story="The shop failed amid the first import; what was on the other pages never arrives.",
        failure="an error amid the pages taken for their end",
        parts=Parts(storefront=ErrorEndsListing, connector=NoLag),
        weather=FAULTS,
    ),
    changing(
        "resync-from-the-beginning",
        "runs",
        ResyncsFromTheBeginning,
        "a resync that starts at zero each time",
        "The ERP's link has expired, and reading everything anew never comes to its end.",
        weather=FAULTS,
    ),
)
