"""The three-way merge: what each property becomes, from both records and what was last agreed.

Pure: it reads two records and gives two. A property that only one side changed is carried over;
where both changed it, the policy's winner stands. The base tells "changed here" from "gone there".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from .casts import Casts
from .dataflow import Dataflow, Row, Way
from .records import SIDES, Record, Side, opposite
from .store import Base, Link
from .values import Json, NoValue, empty, get, put, same

Rows: TypeAlias = Sequence[Row]
Records: TypeAlias = dict[Side, Record]
LinkOf: TypeAlias = Callable[[int, Side, Json], Link | None]

EDITED: dict[tuple[bool, bool], Side | None] = {
    # on the source, on the target: whose value stands. Where both were edited the policies say.
    (False, False): None,
    (True, False): "source",
    (False, True): "target",
}


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Both records as they shall be, what is agreed then, and the nodes written on each side."""

    records: Records
    base: Base
    wrote: dict[Side, set[str]] = field(default_factory=lambda: {side: set() for side in SIDES})


class Merge:
    """Merges two linked records property by property; `link` gives a record's link in a pair."""

    def __init__(self, dataflow: Dataflow, casts: Casts, link: LinkOf) -> None:
        self.dataflow, self.policies = dataflow, dataflow.policies
        self.casts, self.link = casts, link

    def __call__(self, rows: Rows, before: Records, base: Base) -> Merged:
        """Merge: first what people did on the target goes up, then what the source says goes down.

        The second pass also carries what the first one wrote to the source's other targets.
        """
        records = {side: replace(r, data=deepcopy(r.data)) for side, r in before.items()}
        merged = Merged(records=records, base=dict(base))
        stands = {row.name: self.stands(row, before, base.get(row.name)) for row in rows}
        for row in rows:
            if stands[row.name] == "target":
                self.carry(row, "target", merged)
        lenses = [row.lenses["source"] for row in rows]
        wrote = [lens.places for lens in lenses if lens.node in merged.wrote["source"]]
        written = {place for places in wrote for place in places}
        for row in rows:
            passed_on = not written.isdisjoint(row.lenses["source"].places)
            if stands[row.name] == "source" or (passed_on and not self.is_fed(row, rows, records)):
                self.carry(row, "source", merged)
        for row in rows:
            if all(condition.holds(records[side].data) for side, condition in row.conditions):
                values = self.values(row, records, base)
                values += self.waits(row, values)
                merged.base[row.name] = self.meeting(row, records) or values
        return merged

    def is_fed(self, row: Row, rows: Rows, records: Records) -> bool:
        """Tell whether a row's target already equals another of its sources: then it may stay."""
        node = row.lenses["target"].node
        return any(
            other is not row
            and other.lenses["target"].node == node
            and all(condition.holds(records[side].data) for side, condition in other.conditions)
            and self.meeting(other, records)
            for other in rows
        )

    def stands(self, row: Row, records: Records, base: list[Json] | None) -> Side | None:
        """Say whose value of a property stands, or neither's: nothing happened."""
        for side in SIDES:
            if records[side].id is None:  # a record yet to be created has nothing to say
                return opposite(side)
        if row.key_side:
            return row.key_side
        values = self.values(row, records, {row.name: base} if base else {})
        if base:
            edited = [not same(value, old) for value, old in zip(values, base, strict=False)]
            edited = edited if any(edited) else [side in base[2:] for side in SIDES]
        else:  # just linked, nothing agreed yet: whatever is there counts as an edit
            bare = [empty(value) for value in values]
            edited = [not bare[0] or bare[1], not bare[1] or bare[0]]
        if not all(edited):
            return EDITED[edited[0], edited[1]]
        if self.policies["empty"] == "keep" and empty(values[0]) != empty(values[1]):
            return "target" if empty(values[0]) else "source"
        return self.winner(records)

    def winner(self, records: Records) -> Side:
        """Say which side wins a conflict; a tie goes to the source, which is as good as any."""
        if self.policies["conflicts"] == "latest-wins":
            times = [datetime.fromisoformat(records[side].modified_at) for side in SIDES]
            return "source" if times[0] >= times[1] else "target"
        return "source" if self.policies["conflicts"] == "source-wins" else "target"

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Write one side's value on the other, where that differs and the conditions hold."""
        records, other, base = merged.records, opposite(side), merged.base
        node = row.lenses[other].node
        if node in merged.wrote[other] or self.meeting(row, records):
            return
        source, target = self.values(row, records, base)
        if side == "source":
            value, present = self.image(row, source), target
            emptied = empty(value)
        else:
            value, present = self.preimage(row, target, source, self.old(row, side, base)), source
            emptied = empty(target)
        kept = self.policies["empty"] == "keep" and emptied and not empty(present)
        if not (kept or isinstance(value, NoValue)) and self.applies(row, records, value):
            row.lenses[other].write(records[other], value, self.old(row, other, base))
            merged.wrote[other].add(node)

    def waits(self, row: Row, values: list[Json]) -> list[Side]:
        """Give the sides that refer here to a record without counterpart: they wait for one."""
        if not any(way.reference for way in row.ways):
            return []
        found = (self.image(row, values[0]), self.preimage(row, values[1], values[0]))
        tables = [value or [] if row.is_table else [[value]] for value in found]
        cells = [[cell for cells in table for cell in cells] for table in tables]
        return [side for side, all_ in zip(SIDES, cells, strict=True) if NoValue.UNKNOWN in all_]

    def applies(self, row: Row, records: Records, value: Json) -> bool:
        """Tell whether both records fulfil the row's conditions; a new one is made to."""
        for side, condition in row.conditions:
            data, new = records[side].data, records[side].id is None
            if new and get(data, condition.steps) is None and not empty(value):
                put(data, condition.steps, condition.equals)
            if not condition.holds(data):
                return False
        return True

    def meeting(self, row: Row, records: Records) -> list[Json] | None:
        """Give the two values by which a property agrees, if it does."""
        for value in row.lenses["source"].values(records["source"]):
            image = self.image(row, value)
            for other in row.lenses["target"].values(records["target"]):
                if same(image, other):
                    return [value, other]
        return None

    def values(self, row: Row, records: Records, base: Base) -> list[Json]:
        """Give a property's present values."""
        return [row.lenses[s].read(records[s], self.old(row, s, base)) for s in SIDES]

    def old(self, row: Row, side: Side, base: Base) -> Json:
        """Give the value that was last agreed, null if none was."""
        return base[row.name][SIDES.index(side)] if row.name in base else None

    def image(self, row: Row, value: Json) -> Json:
        """Say what a source value is on the target."""
        if not row.is_table:
            return self.over(row.ways[0], value)
        return value and [list(map(self.over, row.ways, cells)) for cells in value]

    def preimage(self, row: Row, value: Json, old: Json = None, agreed: Json = None) -> Json:
        """Say which source value a target value stands for.

        `old` is the present source value, `agreed` what was last agreed on the target.
        """
        if not row.is_table:
            return self.back(row.ways[0], value, old)
        more = [[None] * len(row.ways) for _ in value or []]
        table = zip(value or [], [*(old or []), *more], [*(agreed or []), *more], strict=False)
        return value and [list(map(self.back_cell, row.ways, *cells)) for cells in table]

    def over(self, way: Way, value: Json) -> Json:
        """Take one value from the source to the target."""
        if way.reference:
            return None if empty(value) else self.counterpart(way.reference, "source", value)
        return self.casts.image(way.expression, value)

    def back(self, way: Way, value: Json, old: Json) -> Json:
        """Take one value from the target to the source."""
        if way.reference:
            return None if empty(value) else self.counterpart(way.reference, "target", value)
        return self.casts.back(way.expression, value, old, way.schema)

    def back_cell(self, way: Way, value: Json, old: Json, agreed: Json) -> Json:
        """Leave a cell alone that says so already, or is not known over there and untouched."""
        image = self.over(way, old)
        waiting = image is NoValue.UNKNOWN and same(value, agreed)
        return NoValue.NOTHING if waiting or same(image, value) else self.back(way, value, old)

    def counterpart(self, reference: dict[Side, str], side: Side, key: Json) -> Json:
        """Translate a record's key into its counterpart's, in the first pair that has linked it."""
        for pair in self.dataflow.pairs:
            if pair.types == reference and (link := self.link(pair.number, side, key)):
                return link.ids[opposite(side)]
        return NoValue.UNKNOWN

    def written(self, rows: Rows, merged: Merged, side: Side) -> Base:
        """Give what is agreed of the rows that are written on one side."""
        nodes = merged.wrote[side]
        return {
            row.name: merged.base[row.name]
            for row in rows
            if row.lenses[side].node in nodes and row.name in merged.base
        }

    def landed(self, rows: Rows, records: Records, base: Base, sent: dict[Side, Base]) -> Base:
        """Take as agreed what a write in doubt has evidently left on the side it was sent to.

        Else a later edit of the origin would meet the connector's own write as if a person's. What
        was to be written on both sides, and has landed on one of them, is still to be carried on.
        """
        found = dict(base)
        for side, agreed in sent.items():
            for row in rows:
                value = self.old(row, side, agreed)
                landed = row.name in agreed and same(
                    row.lenses[side].read(records[side], value), value
                )
                if landed and not self.is_due(row, opposite(side), records, base, sent):
                    found[row.name] = agreed[row.name]
        return found

    def is_due(
        self, row: Row, side: Side, records: Records, base: Base, sent: dict[Side, Base]
    ) -> bool:
        """Tell whether what was sent to one side as well has evidently not landed there."""
        if row.name not in sent.get(side, {}):
            return False
        old = self.old(row, side, base)
        stands = same(row.lenses[side].read(records[side], old), old)
        return stands and not same(old, self.old(row, side, sent[side]))
