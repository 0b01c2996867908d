"""Faults of the three-way merge: bases, conflicts, directions, whose edit stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from tallystick_reference import Connector, Parts
from tallystick_reference.dataflow import Dataflow, Row
from tallystick_reference.merge import Merge, Merged, Records, Rows
from tallystick_reference.records import SIDES, Lens, Record, Side, opposite
from tallystick_reference.store import Base, Link
from tallystick_reference.values import Json, NoValue, empty, same
from tests.faulty.fault import Faulty, changing
from tests.faulty.lenses import with_rows


class Ignores(Merge):
    """Leaves the edits of one property, made on one side, where they are."""

    path = ""
    edited: Side = "source"

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Say that nothing happened to that property."""
        found = super().stands(row, records, base)
        linked = all(record.id is not None for record in records.values())
        if linked and found == self.edited and row.lenses[found].node == self.path:
            return None
        return found


class IgnoresSurname(Ignores):
    """A scalar, shop to ERP."""

    path = "lastName"


class IgnoresCity(Ignores):
    """A nested one, ERP to shop."""

    path = "Address.City"
    edited: Side = "target"


class NeverClears(Merge):
    """An emptied property doesn't empty the other side's."""

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Carry values only."""
        if not empty(self.values(row, merged.records, merged.base)[SIDES.index(side)]):
            super().carry(row, side, merged)


class RefillsCleared(Merge):
    """What was emptied on one side, and nothing else edited, is filled again from the other.

    (With other edits beside it, the write that fills it could be refused for their sake.)
    """

    refills = False

    def __call__(self, rows: Rows, before: Records, base: Base) -> Merged:
        """See whether there is more than one edit."""
        self.refills = False
        found = [self.stands(row, before, base.get(row.name)) for row in rows]
        linked = all(record.id is not None for record in before.values())
        self.refills = linked and sum(1 for side in found if side) == 1
        return super().__call__(rows, before, base)

    def stands(self, row: Row, records: Records, base: list[Json] | None) -> Side | None:
        """Let the filled side stand."""
        found = super().stands(row, records, base)
        values = self.values(row, records, {row.name: base} if base else {})
        bare = [empty(value) for value in values]
        alone = base and any(same(*both) for both in zip(values, base, strict=False))
        if self.refills and found and alone and bare[0] != bare[1]:
            return "target" if bare[0] else "source"
        return found


class SourceIsMaster(Merge):
    """Whatever is edited on the target alone is put back; merges and conflicts go as agreed."""

    decided = False

    def winner(self, records: dict[Side, Record]) -> Side:
        """Note that both sides were edited."""
        self.decided = True
        return super().winner(records)

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Let the source stand wherever only one side was edited."""
        self.decided = False
        found = super().stands(row, records, base)
        return "source" if found and base and not self.decided else found


class SourceWins(Merge):
    """Conflicts go to the source, whoever was later."""

    def winner(self, records: dict[Side, Record]) -> Side:
        """Give the source."""
        return "source"


class TargetWins(Merge):
    """Conflicts go to the target, whoever was later."""

    def winner(self, records: dict[Side, Record]) -> Side:
        """Give the target."""
        return "target"


class OldestWins(Merge):
    """Compares times the wrong way round."""

    def winner(self, records: dict[Side, Record]) -> Side:
        """Give the earlier one."""
        return opposite(super().winner(records))


class LatestAnyway(Merge):
    """Lets the later edit win, although another rule was agreed."""

    def winner(self, records: dict[Side, Record]) -> Side:
        """Give the later one."""
        times = [datetime.fromisoformat(records[side].modified_at) for side in SIDES]
        return "source" if times[0] >= times[1] else "target"


class OneSideResolves(Merge):
    """Decides a conflict, but tells nobody: the loser's value stays where it is."""

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Take a conflict for settled."""
        found = super().stands(row, records, base)
        return None if found and self.is_conflict(row, records, base) else found

    def is_conflict(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> bool:
        """Tell whether both sides changed a property."""
        if not base or row.key_side:
            return False
        values = self.values(row, records, {row.name: base})
        return not any(same(value, old) for value, old in zip(values, base, strict=False))


class FlipFlop(OneSideResolves):
    """In a conflict each side takes over what the other one says."""

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Swap the values of what is in conflict."""
        merged = super().__call__(rows, before, base)
        for row in rows:
            if all(r.id for r in before.values()) and self.is_conflict(
                row, before, base.get(row.name)
            ):
                left, right = self.values(row, before, base)
                image, back = self.image(row, left), self.preimage(row, right, left)
                if not isinstance(image, NoValue) and not isinstance(back, NoValue):
                    row.lenses["target"].write(merged.records["target"], image, right)
                    row.lenses["source"].write(merged.records["source"], back, left)
        return merged


class WholeRecordWins(Merge):
    """Edits on both sides of one record: the record that was saved last wins in everything."""

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Look whether both sides were edited, then merge."""
        self._whole = False
        found = {super(WholeRecordWins, self).stands(r, before, base.get(r.name)) for r in rows}
        self._whole = {*SIDES} <= found and bool(base)
        return super().__call__(rows, before, base)

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Let the later record stand in everything."""
        if self._whole and not row.key_side:
            return self.winner(records)
        return super().stands(row, records, base)


class NoBase(Merge):
    """Compares the two records without remembering what was agreed."""

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Where they differ, the later record stands."""
        if base and not row.key_side and all(record.id for record in records.values()):
            return None if self.meeting(row, records) else self.winner(records)
        return super().stands(row, records, base)


class TouchIsEdit(Merge):
    """Takes a record that was saved for one of which everything was edited."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._last: dict[Json, list[Json]] = {}

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Look which records were saved since, then merge."""
        keys = {side: (side, before[side].id, id(rows)) for side in SIDES}
        self._touched = [
            side
            for side in SIDES
            if keys[side] in self._last
            and not any(same(data, before[side].data) for data in self._last[keys[side]])
        ]
        merged = super().__call__(rows, before, base)
        self._last |= {
            keys[side]: [record.data for record in (before[side], merged.records[side])]
            for side in SIDES  # as it was read: a write may be refused
        }
        return merged

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Where both were saved, the later one stands."""
        found = super().stands(row, records, base)
        if found and base and len(self._touched) == len(SIDES):
            return self.winner(records)
        return found


class StaleBase(Merge):
    """Remembers what was agreed when a record was read, and not what it wrote then.

    (But not of a record whose own name was written: another may have matched it meanwhile.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._stale: dict[Json, list[Json]] = {}
        self._renamed: set[Json] = set()

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Keep the old base of what is written."""
        merged, origin = super().__call__(rows, before, base), before["source"].id
        wrote = [
            row
            for row in rows
            if any(row.lenses[side].node in merged.wrote[side] for side in SIDES)
        ]
        known = [row for row in wrote if row.name in base]
        if any(name in row.name for row in known for name in ("email", "sku")):
            self._renamed.add(origin)
        self._stale |= {(origin, row.name): base[row.name] for row in known}
        return merged

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Where one side was edited, compare both with the old base."""
        found = super().stands(row, records, base)
        stale = self._stale.get((records["source"].id, row.name))
        if not found or not base or not stale or records["source"].id in self._renamed:
            return found
        values = self.values(row, records, {row.name: base})
        both = not any(same(value, old) for value, old in zip(values, base, strict=False))
        return found if both else super().stands(row, records, stale)


class DirectionSwapped(Merge):
    """Carries the old value to the edited side."""

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Give the other side than the edited one."""
        found = super().stands(row, records, base)
        linked = base and all(record.id for record in records.values()) and not row.key_side
        return (
            opposite(found) if found and linked and not self.is_both(row, records, base) else found
        )

    def is_both(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> bool:
        """Tell whether both sides changed a property."""
        values = self.values(row, records, {row.name: base} if base else {})
        return not any(same(v, old) for v, old in zip(values, base or [], strict=False))


class EmptyWins(Merge):
    """Just merged, the empty side empties the other one."""

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Let the empty side stand."""
        if not base and not row.key_side and all(record.id for record in records.values()):
            bare = [empty(value) for value in self.values(row, records, {})]
            if bare[0] != bare[1]:
                return "source" if bare[0] else "target"
        return super().stands(row, records, base)


class MergedAndLeft(Connector):
    """Links records that match, and leaves them as they differ."""

    def join(self, link: Link, origin: Side) -> None:
        """Take for agreed whatever stands on both sides."""
        rows = self.dataflow.pairs[link.pair].rows
        if not link.base:
            records = {side: self.reread(link, side) for side in SIDES}
            base = {row.name: self.merge.values(row, records, {}) for row in rows}
            link = replace(link, base=base)
        super().join(link, origin)


class OnceRefused(Connector):
    """Never again writes to a record that was refused once."""

    def attempt(self, link: Link, side: Side, mark: str, write: Json) -> Record | None:
        """Look whether anything was ever refused."""
        if self.store.parked(link.pair, side, link.ids) is not None:
            return None
        return super().attempt(link, side, mark, write)


# Lists


def _swapped(first: str, second: str) -> Callable[[str], Dataflow]:
    """Swap the target sides of two properties."""

    def change(row: Row) -> Row:
        lens = row.lenses["target"]
        other = {first: second, second: first}.get(lens.node)
        if other is None:
            return row
        swapped = Lens(node=other, steps=other.split("."))
        return replace(row, lenses={**row.lenses, "target": swapped})

    return with_rows(change)


class EmptyOverwrites(Merge):
    """Carries an emptying over, although filled properties were to be kept."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self.policies = {**self.policies, "empty": "propagate"}

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Decide conflicts as agreed."""
        wrong, self.policies = self.policies, {**self.policies, "empty": "keep"}
        try:
            return super().stands(row, records, base)
        finally:
            self.policies = wrong


FAULTY = (
    changing(
        "surname-ignored-to-erp",
        "in-sync",
        IgnoresSurname,
        "one property not mapped in one direction",
        "A customer who marries keeps the old surname in the ERP.",
        alone=True,
    ),
    changing(
        "city-ignored-to-shop",
        "in-sync",
        IgnoresCity,
        "one nested property not mapped in one direction",
        "A city that is corrected in the ERP stays wrong in the shop.",
    ),
    changing(
        "never-clears",
        "in-sync",
        NeverClears,
        "a cleared field stays",
        "What is emptied on one side stays filled on the other.",
    ),
    changing(
        "refills-cleared",
        "no-lost-edit",
        RefillsCleared,
        "a cleared property refilled",
        "What somebody emptied is filled again a moment later.",
    ),
    changing(
        "source-is-master",
        "no-lost-edit",
        SourceIsMaster,
        "one side always overwrites",
        "Whatever the accountants edit is put back to what the shop says.",
    ),
    changing(
        "shop-wins-conflicts",
        "latest-wins",
        SourceWins,
        "conflict policy not followed",
        "Edited on both sides, the shop's value stands although the ERP's is newer.",
        alone=True,
    ),
    changing(
        "erp-wins-conflicts",
        "latest-wins",
        TargetWins,
        "conflict policy not followed",
        "Edited on both sides, the ERP's value stands although the shop's is newer.",
    ),
    changing(
        "oldest-wins",
        "latest-wins",
        OldestWins,
        "times compared the wrong way round",
        "Edited on both sides, the older value stands.",
    ),
    changing(
        "latest-where-shop-was-agreed",
        "latest-wins",
        LatestAnyway,
        "conflict policy not followed",
        "The shop was to win conflicts, but the later edit does.",
        policies={"conflicts": "source-wins"},
    ),
    changing(
        "conflict-left-standing",
        "in-sync",
        OneSideResolves,
        "conflict resolved on one side only",
        "Edited on both sides, each side keeps its own value.",
    ),
    changing(
        "flip-flop",
        "in-sync",
        FlipFlop,
        "flip-flop: each side prefers the other",
        "Edited on both sides, the two values change places.",
    ),
    changing(
        "whole-record-wins",
        "no-lost-edit",
        WholeRecordWins,
        "last writer by record, not by property",
        "Two people edit different properties, and one of the edits is gone.",
        alone=True,
    ),
    changing(
        "no-base",
        "no-lost-edit",
        NoBase,
        "two-way merge without a base",
        "An edit is lost because the other record was saved later.",
    ),
    changing(
        "touch-is-edit",
        "no-lost-edit",
        TouchIsEdit,
        "touch counted as edit",
        "Saving a record without listed changes undoes the other side's edit.",
    ),
    changing(
        "stale-base",
        "no-lost-edit",
        StaleBase,
        "stale base after a push",
        "A value changed and then changed back is changed once more, by the connector.",
    ),
    changing(
        "direction-swapped",
        "no-lost-edit",
        DirectionSwapped,
        "direction swapped",
        "An edit is overwritten with the other side's old value.",
    ),
    changing(
        "empty-wins-at-merge",
        "latest-wins",
        EmptyWins,
        "a blank automatic value overwrites a manual one",
        "When two known records are linked, empty fields wipe filled ones.",
    ),
    Faulty(
        name="merged-and-left",
        law="in-sync",
        story="Records that were there on both sides are linked, but their differences stay.",
        failure="no comparison after matching",
        parts=Parts(connector=MergedAndLeft),
    ),
    Faulty(
        name="names-swapped",
        law="no-invention",
        story="First name and surname have changed places in the ERP.",
        failure="two properties mixed up",
        parts=Parts(read_dataflow=_swapped("FirstName", "LastName")),
    ),
    changing(
        "empty-overwrites",
        "no-lost-edit",
        EmptyOverwrites,
        "a missing field wipes a filled one",
        "A field left empty in one system wipes the other, although that was ruled out.",
        checklist="no-match",
        alone=True,
    ),
    Faulty(
        name="once-refused",
        law="in-sync",
        story="A record of which one change was refused gets no other change, either.",
        failure="permanently failed, never healed",
        parts=Parts(connector=OnceRefused),
    ),
)
