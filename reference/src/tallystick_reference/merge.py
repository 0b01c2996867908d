"""The three-way merge: what each property becomes, from both records and what was last agreed.

Pure: it reads two records and gives two. A property that only one side changed is carried over;
where both changed it, the policy's winner stands; the base tells "changed here" from "gone there".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from tallystick_reference.casts import Casts
from tallystick_reference.dataflow import Dataflow, Row, Way
from tallystick_reference.records import SIDES, Record, Side, opposite
from tallystick_reference.values import Json, NoValue, empty, get, put, same

Base: TypeAlias = dict[str, list[Json]]
"""For each row the values last agreed: source, target, and the side that still waits, if any."""

Links: TypeAlias = Callable[[int, Side, Json], dict[Side, Json] | None]
"""Gives the keys of both records that a pair has linked, by one of them."""

EDITED: dict[tuple[bool, bool], Side | None] = {
    # edited on the source, on the target: whose value stands (where both are, the policy says)
    (False, False): None,
    (True, False): "source",
    (False, True): "target",
}


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Both records as they shall be, what is agreed then, and the rows written on each side."""

    records: dict[Side, Record]
    base: Base
    wrote: dict[Side, dict[str, str]] = field(default_factory=lambda: {s: {} for s in SIDES})


class Merge:
    """Merges two linked records property by property."""

    def __init__(self, dataflow: Dataflow, casts: Casts, link: Links) -> None:
        self.dataflow = dataflow
        self.policies = dataflow.policies
        self.casts = casts
        self.link = link

    def __call__(self, rows: Iterable[Row], before: dict[Side, Record], base: Base) -> Merged:
        """Merge: first what people did on the target goes up, then what the source says goes down.

        The second pass also carries what the first one wrote, to the source's other targets.
        """
        records = {side: replace(r, data=deepcopy(r.data)) for side, r in before.items()}
        merged = Merged(records=records, base=dict(base))
        stands = {row.name: self.stands(row, before, base.get(row.name)) for row in rows}
        owed: Base = {}
        for row in rows:
            if stands[row.name] == "target":
                self._carry(row, "target", merged, owed)
        for row in rows:
            if stands[row.name] == "source" or row.lenses["source"].node in merged.wrote["source"]:
                self._carry(row, "source", merged, owed)
        for row in rows:
            if all(condition.holds(records[side].data) for side, condition in row.conditions):
                agreed = self.meeting(row, records) or self._values(row, records, base)
                merged.base[row.name] = agreed + owed.get(row.name, [])
        return merged

    def stands(self, row: Row, records: dict[Side, Record], base: list[Json] | None) -> Side | None:
        """Say whose value of a property stands, or neither's: nothing happened."""
        for side in SIDES:
            if records[side].id is None:  # a record yet to be created has nothing to say
                return opposite(side)
        if row.key_side:
            return row.key_side
        values = self._values(row, records, {row.name: base} if base else {})
        if base is None:  # just linked, nothing agreed: what is there counts as edited
            bare = [empty(value) for value in values]
            edited = (not bare[0] or bare[1], not bare[1] or bare[0])
        else:
            changed = [not same(value, old) for value, old in zip(values, base[:2], strict=True)]
            edited = (changed[0] or "source" in base[2:], changed[1] or "target" in base[2:])
        if edited in EDITED:
            return EDITED[edited]
        if self.policies.empty == "keep" and empty(values[0]) != empty(values[1]):
            return "target" if empty(values[0]) else "source"
        return self.winner(records)

    def winner(self, records: dict[Side, Record]) -> Side:
        """Say which side wins a conflict; a tie goes to the source, as good as any rule."""
        if self.policies.conflicts != "latest-wins":
            return "source" if self.policies.conflicts == "source-wins" else "target"
        times = [datetime.fromisoformat(records[side].modified_at) for side in SIDES]
        return "source" if times[0] >= times[1] else "target"

    def meeting(self, row: Row, records: dict[Side, Record]) -> list[Json] | None:
        """Give the two values by which a property already agrees, if it does."""
        for value in row.lenses["source"].values(records["source"]):
            image = self.image(row, value)
            for other in row.lenses["target"].values(records["target"]):
                if same(image, other):
                    return [value, other]
        return None

    def image(self, row: Row, value: Json) -> Json:
        """Say what a source value is on the target."""
        if not row.is_table:
            return self._over(row.ways[0], value)
        return value and [
            [self._over(way, cell) for way, cell in zip(row.ways, cells, strict=True)]
            for cells in value
        ]

    def preimage(self, row: Row, value: Json, old: Json) -> Json:
        """Say which source value a target value stands for, `old` being the present one."""
        if not row.is_table:
            return self._back(row.ways[0], value, old)
        olds = [*(old or []), *([None] * len(row.ways) for _ in value or [])]
        return value and [
            [self._back_cell(*cell) for cell in zip(row.ways, cells, old_cells, strict=True)]
            for cells, old_cells in zip(value, olds, strict=False)
        ]

    def counterpart(self, reference: dict[Side, str], side: Side, key: Json) -> Json:
        """Translate a record's key into its counterpart's, in the first pair that has linked it."""
        for pair in self.dataflow.pairs:
            if pair.types == reference and (ids := self.link(pair.number, side, key)):
                return ids[opposite(side)]
        return NoValue.UNKNOWN

    def keeps(self, value: Json, old: Json) -> bool:
        """Tell whether the policy protects a filled property from being emptied."""
        return self.policies.empty == "keep" and empty(value) and not empty(old)

    def _carry(self, row: Row, side: Side, merged: Merged, owed: Base) -> None:
        """Write one side's value on the other, unless that already says so."""
        records, other = merged.records, opposite(side)
        node = row.lenses[other].node
        if node in merged.wrote[other] or self.meeting(row, records):
            return
        values = dict(zip(SIDES, self._values(row, records, merged.base), strict=True))
        if side == "source":
            value = self.image(row, values["source"])
        else:
            value = self.preimage(row, values["target"], values["source"])
        if _waits(value):
            owed[row.name] = [side]
        if isinstance(value, NoValue) or not self._applies(row, records, value):
            return
        if not self.keeps(value, values[other]):
            base = merged.base.get(row.name, [None, None])
            row.lenses[other].write(records[other], value, base[SIDES.index(other)])
            merged.wrote[other][node] = row.name

    def _applies(self, row: Row, records: dict[Side, Record], value: Json) -> bool:
        """Tell whether both records fulfil the row's conditions; a new one is made to."""
        for side, condition in row.conditions:
            data, new = records[side].data, records[side].id is None
            if new and get(data, condition.steps) is None and not empty(value):
                put(data, condition.steps, condition.equals)
            if not condition.holds(data):
                return False
        return True

    def _values(self, row: Row, records: dict[Side, Record], base: Base) -> list[Json]:
        old = base.get(row.name, [None, None])
        return [row.lenses[s].read(records[s], old[i]) for i, s in enumerate(SIDES)]

    def _over(self, way: Way, value: Json) -> Json:
        if not way.reference:
            return self.casts.image(way.expression, value)
        return None if empty(value) else self.counterpart(way.reference, "source", value)

    def _back(self, way: Way, value: Json, old: Json) -> Json:
        if not way.reference:
            return self.casts.back(way.expression, value, old, way.schema)
        return None if empty(value) else self.counterpart(way.reference, "target", value)

    def _back_cell(self, way: Way, value: Json, old: Json) -> Json:
        """Leave a cell alone that says so already: another column may have written it."""
        return NoValue.NOTHING if same(self._over(way, old), value) else self._back(way, value, old)


def _waits(value: Json) -> bool:
    """Tell whether a value, or a cell of it, is the key of a record without counterpart so far."""
    cells = [cell for cells in value for cell in cells] if isinstance(value, list) else [value]
    return NoValue.UNKNOWN in cells


def landed(rows: Iterable[Row], base: Base, sent: dict[Side, Base], records: dict[Side, Record]) -> Base:
    """Take as agreed what a write in doubt has evidently left on the side it was sent to.

    Else a later edit of the origin would meet the connector's own write as if a person's.
    """
    base = dict(base)
    for side, values in sent.items():
        for row in rows:
            intended = values.get(row.name)
            if intended and same(
                row.lenses[side].read(records[side], intended[SIDES.index(side)]),
                intended[SIDES.index(side)],
            ):
                base[row.name] = intended
    return base
