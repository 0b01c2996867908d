"""Faults of writing: what else a write takes along, and how often it is made."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from tallystick_reference import Connector, Parts
from tallystick_reference.dataflow import Row
from tallystick_reference.ledger import Ledger
from tallystick_reference.merge import Merge, Merged
from tallystick_reference.records import Record, Side, TableLens
from tallystick_reference.store import Base, Link
from tallystick_reference.values import Json, NoValue, same
from tests.faulty.fault import Faulty
from tests.faulty.lenses import with_lenses


class ListedOnly(Merge):
    """What it writes is built from the listed properties alone."""

    side: Side = "target"

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Merge, and leave the unlisted out on one side wherever something is written there."""
        merged = super().__call__(rows, before, base)
        if merged.wrote[self.side] and before[self.side].id is not None:
            whole = merged.records[self.side]
            bare = replace(whole, data=self.ground(whole))
            for row in rows:
                lens = row.lenses[self.side]
                lens.write(bare, lens.read(whole, None), None)
            merged.records[self.side] = self.built(whole, bare)
        return merged

    def ground(self, whole: Record) -> Json:
        """Give what the listed properties are written on."""
        return {}

    def built(self, whole: Record, bare: Record) -> Record:
        """Give what is sent."""
        return bare


class ListedOnlyToTheShop(ListedOnly):
    """As its parent, on the source: unlisted properties become null in the patch."""

    side: Side = "source"


class FlatPut(ListedOnly):
    """Keeps what it doesn't know at the top, but builds nested objects anew."""

    def built(self, whole: Record, bare: Record) -> Record:
        """Take nested objects from what was built, all else from the record."""
        data = {
            name: bare.data.get(name, {}) if isinstance(value, dict) else value
            for name, value in whole.data.items()
        }
        return replace(whole, data=data)


class PutFromAnOldCopy(ListedOnly):
    """Fills in what is not listed from the copy that it kept when it last wrote."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._copies: dict[Json, Json] = {}

    def name(self, whole: Record) -> Json:
        """Name a record of whatever type."""
        return whole.id, *(key for key in ("ItemNumber", "ExternalNumber") if key in whole.data)

    def ground(self, whole: Record) -> Json:
        """Give the copy."""
        return deepcopy(self._copies.get(self.name(whole), whole.data))

    def built(self, whole: Record, bare: Record) -> Record:
        """Keep a copy of what is sent."""
        self.keep(bare)
        return bare

    def keep(self, whole: Record) -> None:
        """Keep a copy."""
        self._copies[self.name(whole)] = deepcopy(whole.data)


class KeepsWhatItLinks(Connector):
    """Has a copy kept of each record as it was when it was linked."""

    merge: PutFromAnOldCopy

    def join(self, link: Link, origin: Side) -> None:
        """Read it once more."""
        super().join(link, origin)
        self.merge.keep(self.reread(link, "target"))


class FreshLines(TableLens):
    """Builds the elements of a list anew, of the listed columns alone."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Empty the list first."""
        value = self.full(record, value)
        if value:
            super().write(record, [], old)
        super().write(record, value, old)

    def full(self, record: Record, value: Json) -> Json:
        """Give the cells that stay as they are, too."""
        there = self.values(record)[0] or []
        more = [[None] * len(self.columns) for _ in value or []]
        return value and [
            [was if isinstance(cell, NoValue) else cell for cell, was in zip(*rows, strict=True)]
            for rows in zip(value, [*there, *more], strict=False)
        ]


class OneWriteAProperty(Ledger):
    """Saves one property after the other."""

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Write each top-level property that changed by a write of its own."""
        for name in sorted({*record.data, *data}):
            wanted = {k: v for k, v in record.data.items() if k != name}
            if name in data:
                wanted[name] = data[name]
            if not same(wanted, record.data):
                record = super().update(type_, record, wanted)
        return record


class CreatesInTwoSteps(Ledger):
    """Creates a record without its last optional property, and adds that by a second write."""

    late = ("Comment", "LongText", "CompanyName", "Summary", "summary")

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create, then complete."""
        first = {name: value for name, value in data.items() if name not in self.late}
        made = super().create(type_, first, token)
        return made if made.gone or same(made.data, data) else self.update(type_, made, data)


class SavesTwice(Ledger):
    """Sends each update a second time, to be sure."""

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Write, and write again."""
        return super().update(type_, super().update(type_, record, data), data)


class WritesBack(Connector):
    """Writes both records whenever it has looked at one, whether they differ or not."""

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Write without comparing."""
        if same(data, before[side].data):
            type_ = self.dataflow.pairs[link.pair].types[side]
            return self.systems[side].update(type_, before[side], data)
        return super().update(link, side, before, data)


class SavesWhenIdle(Connector):
    """At the end of each sync it saves the record that it linked last once more."""

    def sync(self) -> None:
        """Sync, then write what is there already."""
        super().sync()
        for pair in self.dataflow.pairs:
            for link in self.store.linked(pair.number)[-1:]:
                record = self.reread(link, "target")
                if not record.gone:
                    self.systems["target"].update(pair.types["target"], record, record.data)


class StampsItsVisit(Ledger):
    """Writes a stamp of its own into an unlisted property when it updates a record of the ERP."""

    stamps = {"Customer": "InternalNote", "Product": "Buyer", "Order": "Approver"}  # noqa: RUF012

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Add the stamp to what is written."""
        name = self.stamps.get(type_)
        return super().update(type_, record, {**data, name: "synchronized"} if name else data)


class CarriesBesides(Merge):
    """Also carries a remark that nobody listed, whenever it writes the other side."""

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Copy the ERP's internal note into the shop's password hint."""
        merged = super().__call__(rows, before, base)
        note = before["target"].data.get("InternalNote")
        if note and merged.wrote["source"] and "locale" in before["source"].data:
            merged.records["source"].data["passwordHint"] = note
        return merged


class LinesTurned(FreshLines):
    """Takes the unlisted columns along with the line at the same position from the bottom."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Turn the old lines round before they are filled."""
        value, items = self.full(record, value), self.items(record)
        if len(items) > 1:
            items.reverse()
            record.data[self.steps[0]] = items
        TableLens.write(self, record, value, old)


FAULTY = (
    Faulty(
        name="put-without-unlisted",
        law="untouched",
        story="Each update from the shop empties what the ERP's people keep beside it.",
        failure="PUT wipes what it doesn't send",
        parts=Parts(merge=ListedOnly),
        alone=True,
    ),
    Faulty(
        name="patch-nulls-unlisted",
        law="untouched",
        story="Each update from the ERP nulls what the shop keeps for itself.",
        failure="PATCH sends all, the unlisted as null",
        parts=Parts(merge=ListedOnlyToTheShop),
    ),
    Faulty(
        name="put-nested-replaced",
        law="untouched",
        story="An edit of an address empties what else the ERP keeps beside it.",
        failure="nested objects replaced whole",
        parts=Parts(merge=FlatPut),
    ),
    Faulty(
        name="put-from-old-copy",
        law="untouched",
        story="An update puts back what an accountant had changed meanwhile in an unlisted field.",
        failure="read-then-write lost update",
        parts=Parts(merge=PutFromAnOldCopy, connector=KeepsWhatItLinks),
    ),
    Faulty(
        name="lines-built-anew",
        law="untouched",
        story="After an edit of one order line in the ERP the engravings of all lines are gone.",
        failure="nested lists rewritten",
        parts=Parts(read_dataflow=with_lenses(TableLens, FreshLines, "source")),
        alone=True,
    ),
    Faulty(
        name="lines-mixed-up",
        law="untouched",
        story="After an edit of a line the engravings stand beside other lines.",
        failure="lines merged by the wrong position",
        parts=Parts(read_dataflow=with_lenses(TableLens, LinesTurned, "source")),
    ),
    Faulty(
        name="stamps-its-visit",
        law="untouched",
        story="The connector leaves its own remark in a field that belongs to the accountants.",
        failure="an unlisted property written",
        parts=Parts(ledger=StampsItsVisit),
    ),
    Faulty(
        name="carries-besides",
        law="untouched",
        story="The accountants' internal note turns up in the shop.",
        failure="an unmapped property carried along",
        parts=Parts(merge=CarriesBesides),
    ),
    Faulty(
        name="one-write-a-property",
        law="economical",
        story="Two properties saved together arrive by two updates, and both are billed.",
        failure="a write for each property",
        parts=Parts(ledger=OneWriteAProperty),
    ),
    Faulty(
        name="creates-in-two-steps",
        law="economical",
        story="A new record is created and at once updated.",
        failure="create, then complete",
        parts=Parts(ledger=CreatesInTwoSteps),
        alone=True,
    ),
    Faulty(
        name="saves-twice",
        law="quiet",
        story="Each update of the ERP is sent twice.",
        failure="the same event handled twice",
        parts=Parts(ledger=SavesTwice),
    ),
    Faulty(
        name="writes-back",
        law="quiet",
        story="An edit in one system is written back to where it came from.",
        failure="echo",
        parts=Parts(connector=WritesBack),
    ),
    Faulty(
        name="saves-when-idle",
        law="quiet",
        story="Every sync saves a record again although nobody touched it.",
        failure="idle writes",
        parts=Parts(connector=SavesWhenIdle),
        alone=True,
    ),
)
