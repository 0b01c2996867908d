"""Faults of creating and matching: too many, too few, the wrong ones."""

from __future__ import annotations

from dataclasses import replace

from tallystick_reference import Connector
from tallystick_reference.dataflow import Pair
from tallystick_reference.records import Record, Side
from tallystick_reference.store import Intent, Item, Link
from tallystick_reference.values import Json, empty, get
from tests.faulty.fault import changing


class CreatesTwice(Connector):
    """Creates each record by two workers at once."""

    def finish(self, intent: Intent) -> None:
        """Create once more beforehand."""
        pair, other = self.dataflow.pairs[intent.pair], "target"
        if intent.side == "source":
            token = f"{self.token(intent)}-second-worker"
            self.systems[other].create(pair.types[other], intent.data, token)
        super().finish(intent)


class CreatesAtEachEdit(Connector):
    """Knows a record by its key and its time: edited, it is a new one."""

    def visit(self, item: Item) -> None:
        """Create again what was edited in the shop."""
        seen, record = self.store.seen(item), None
        if item.side == "source" and seen and any(self.links(item)):
            record = self.systems["source"].get(item.type, item.id)
        super().visit(item)
        if record is not None and not record.gone and record.mark != seen:
            for link in self.links(item)[:1]:
                other, pair = self.reread(link, "target"), self.dataflow.pairs[link.pair]
                alone = link.pair not in {p.pair for p in self.links(item)[1:]}
                if not other.gone and alone and not pair.merge:  # which might take it for another's
                    type_ = pair.types["target"]
                    token = f"again-{link.pair}-{item.id}-{record.mark}"
                    self.systems["target"].create(type_, other.data, token)


class CreatesBack(Connector):
    """Its table of links is read in one direction only: what it made itself is new to it."""

    def visit(self, item: Item) -> None:
        """Take a linked target record that was edited there for a new one."""
        edited = item.side == "target" and any(self.links(item)) and self.store.seen(item)
        super().visit(item)
        if edited:
            for link in self.links(item)[:1]:
                pair, target = self.dataflow.pairs[link.pair], self.reread(link, "target")
                if not target.gone:
                    before = {"source": Record(), "target": target}
                    data = self.merge(pair.rows, before, {}).records["source"].data
                    token = f"back-{link.pair}-{item.id}"
                    self.systems["source"].create(pair.types["source"], data, token)


class CoversAll(Connector):
    """Creates a counterpart for every record, whatever the rule says."""

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Say yes."""
        return item.side == "source" or super().covers(pair, item, record)


class MatchesLater(Connector):
    """Creates at once, and looks for matches never."""

    def match(self, pair: Pair, item: Item, record: Record) -> None:
        """Match nothing."""


class GuestOrdersSkipped(Connector):
    """Skips orders without customer."""

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Leave out what names no customer."""
        if pair.types["source"] == "Order" and empty(get(record.data, ["customerId"])):
            return False
        return super().covers(pair, item, record)


class HalfFilledSkipped(Connector):
    """Skips records in which something is null."""

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Leave out what has a property that is empty."""
        if item.side == "source" and pair.types["source"] != "Order" and "" in record.data.values():
            return False
        return super().covers(pair, item, record)


class LinkLapses(Connector):
    """Drops a link once its record's condition is no longer fulfilled."""

    def reconcile(self, link: Link) -> None:
        """Look at the condition each time."""
        pair = self.dataflow.pairs[link.pair]
        source, target = (self.reread(link, side) for side in ("source", "target"))
        holds = all(condition.holds(source.data) for condition in pair.condition)
        if source.gone or target.gone or holds:
            super().reconcile(link)
            return
        for side in ("source", "target"):
            self.store.done(self.item(link, side), self.reread(link, side).mark)


class LapsedIsDeleted(Connector):
    """Deletes the counterpart of a record whose condition is no longer fulfilled."""

    def reconcile(self, link: Link) -> None:
        """Look at the condition each time."""
        pair = self.dataflow.pairs[link.pair]
        source = self.reread(link, "source")
        if not source.gone and not all(c.holds(source.data) for c in pair.condition):
            self.systems["target"].delete(pair.types["target"], self.reread(link, "target"))
            self.store.save(replace(link, state="detached"))
        else:
            super().reconcile(link)


class LinkedIsTaken(Connector):
    """Merges with records that are somebody's counterpart already, where no other matches."""

    def is_taken(self, target: Item) -> bool:
        """Say no."""
        return False

    def candidates(self, pair: Pair, item: Item, record: Record) -> list[tuple[Item, Record]]:
        """Prefer those that are nobody's."""
        found = super().candidates(pair, item, record)
        return [each for each in found if not super(LinkedIsTaken, self).is_taken(each[0])] or found


class LooseMatch(Connector):
    """Compares merge properties loosely, over a full listing."""

    @staticmethod
    def loose(value: Json) -> Json:
        """Give what is compared."""
        return value.casefold() if isinstance(value, str) else value

    def candidates(self, pair: Pair, item: Item, record: Record) -> list[tuple[Item, Record]]:
        """Look through all records of the other side."""
        exact = super().candidates(pair, item, record)
        if exact or item.side != "source":
            return exact
        type_ = pair.types["target"]
        found = [r for r in self.systems["target"].changes(type_, None).records if not r.gone]
        return [
            (Item("target", type_, other.id), other)
            for other in sorted(found, key=lambda r: r.id)
            if self.is_match(pair, record, other)
        ]

    def is_match(self, pair: Pair, record: Record, other: Record) -> bool:
        """Tell whether one alternative matches loosely."""
        return any(
            all(
                self.loose(self.merge.image(row, row.lenses["source"].read(record, None)))
                == self.loose(row.lenses["target"].read(other, None))
                for row in rows
            )
            for rows in pair.merge
        )


class BlanksIgnored(LooseMatch):
    """Compares without blanks."""

    @staticmethod
    def loose(value: Json) -> Json:
        """Take blanks off."""
        return value.strip() if isinstance(value, str) else value


class EmptyMatches(LooseMatch):
    """Takes two empty values for a match."""

    @staticmethod
    def loose(value: Json) -> Json:
        """Leave it as it is; None equals None."""
        return value


class MatchesByTheKeyAgain(Connector):
    """Knows a record by its merge property: where that changes, it looks for a match again."""

    def reconcile(self, link: Link) -> None:
        """Create another counterpart where the key property was edited in the shop."""
        pair = self.dataflow.pairs[link.pair]
        records = {side: self.reread(link, side) for side in ("source", "target")}
        if pair.merge and not any(record.gone for record in records.values()):
            row = next((r for r in pair.rows if r.name == pair.merge[0][0].name), None)
            base = link.base.get(row.name) if row else None
            value = row.lenses["source"].read(records["source"], None) if row else None
            if row and base and value != base[0]:
                token = f"key-{link.pair}-{link.source}-{records['source'].mark}"
                data = self.merge(pair.rows, {"source": records["source"], "target": Record()}, {})
                self.systems["target"].create(
                    pair.types["target"], data.records["target"].data, token
                )
        super().reconcile(link)


class SwappedAnswers(Connector):
    """Zips the answers of a batch with the wrong records: new links are crossed two by two."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._known: set[tuple[int, Json]] = set()
        self._crossed: dict[tuple[int, Json], Json] = {}

    def sync(self) -> None:
        """Sync, then cross what is new."""
        super().sync()
        for pair in self.dataflow.pairs:
            links = [
                link
                for link in sorted(self.store.linked(pair.number), key=lambda one: one.source)
                if (pair.number, link.source) not in self._known
            ]
            for one, two in zip(links[::2], links[1::2], strict=False):
                self.cross(one, two)
                self._crossed |= {(one.pair, one.source): two.source}
                self._crossed |= {(two.pair, two.source): one.source}
            self._known |= {(pair.number, link.source) for link in links}

    def end(self, link: Link, records: dict[Side, Record]) -> None:
        """Set a mistake right before anything is deleted."""
        if (link.pair, link.source) not in self._crossed:
            super().end(link, records)
            return
        partner = self._crossed.pop((link.pair, link.source))
        del self._crossed[link.pair, partner]
        both = [self.store.link(link.pair, "source", key) for key in (link.source, partner)]
        self.cross(*(one for one in both if one))
        for key in (link.source, partner):
            self.reconcile(self.store.link(link.pair, "source", key) or link)

    def cross(self, one: Link, two: Link) -> None:
        """Let two links change their targets, and what was agreed with them."""
        self.store.save(replace(one, target=-1))
        for link, other in ((two, one), (one, two)):
            base = {
                name: [agreed[0], other.base[name][1], *agreed[2:]]
                for name, agreed in link.base.items()
                if name in other.base
            }
            self.store.save(replace(link, target=other.target, base=base))


FAULTY = (
    changing(
        "creates-twice",
        "one-to-one",
        CreatesTwice,
        "two workers import the same thing",
        "Each new customer of the shop is in the ERP twice.",
    ),
    changing(
        "creates-at-each-edit",
        "one-to-one",
        CreatesAtEachEdit,
        "repeat orders duplicate the contact",
        "Each edit of an order in the shop makes another order in the ERP.",
    ),
    changing(
        "creates-back",
        "one-to-one",
        CreatesBack,
        "one-way link map, the way back creates",
        "A record edited in the ERP appears in the shop a second time.",
    ),
    changing(
        "key-property-edited",
        "one-to-one",
        MatchesByTheKeyAgain,
        "e-mail or SKU changed while used as key",
        "A customer with a new e-mail address is in the ERP twice.",
        alone=True,
    ),
    changing(
        "creates-uncovered",
        "linked",
        CoversAll,
        "wrong-stage records (drafts, failed, trash)",
        "Deals that nobody has won yet are projects already.",
        checklist="conditional",
    ),
    changing(
        "creates-unconnected",
        "linked",
        CoversAll,
        "records imported that nothing refers to",
        "Customers who never ordered anything are in the books.",
        checklist="connected",
    ),
    changing(
        "guest-orders-skipped",
        "linked",
        GuestOrdersSkipped,
        "guest orders, customer null",
        "Orders of guests never arrive.",
        alone=True,
    ),
    changing(
        "half-filled-skipped",
        "linked",
        HalfFilledSkipped,
        "silent skip",
        "A record with an empty field never arrives; the job is green.",
    ),
    changing(
        "link-lapses",
        "in-sync",
        LinkLapses,
        "link follows its condition",
        "A deal that is reopened is no longer kept in sync with its project.",
        checklist="conditional",
    ),
    changing(
        "lapsed-is-deleted",
        "deletions",
        LapsedIsDeleted,
        "narrowed filter read as deletions",
        "A deal that is reopened loses its project.",
        checklist="conditional",
    ),
    changing(
        "never-matches",
        "merged",
        MatchesLater,
        "wrong matching at the first sync, duplicate catalogue",
        "Customers who were in both systems already are in the ERP twice.",
    ),
    changing(
        "case-ignored",
        "merged",
        LooseMatch,
        "e-mail case",
        "Two customers whose addresses differ in case are linked.",
        alone=True,
    ),
    changing(
        "blanks-ignored",
        "merged",
        BlanksIgnored,
        "blanks around a SKU",
        "Two products whose numbers differ by a blank are linked.",
    ),
    changing(
        "empty-matches",
        "merged",
        EmptyMatches,
        "matching on empty values",
        "Two people without address are taken for the same.",
        checklist="onboarding",
    ),
    changing(
        "taken-is-matched",
        "linked",
        LinkedIsTaken,
        "duplicate or wrongly merged customer",
        "Two customers with one address share one record in the ERP.",
    ),
    changing(
        "answers-zipped",
        "in-sync",
        SwappedAnswers,
        "values swap between records of a batch",
        "Edits of one new record arrive at another that was created with it.",
    ),
)
