"""Changed dataflows and lenses, put into the reference by its way of reading the agreement."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from tallystick_reference.dataflow import Dataflow, Row, read_dataflow
from tallystick_reference.records import Lens, Record, Side
from tallystick_reference.values import Json, empty


def with_rows(change: Callable[[Row], Row]) -> Callable[[str], Dataflow]:
    """Give a way of reading the agreement that changes its rows."""

    def read(path: str) -> Dataflow:
        dataflow = read_dataflow(path)
        pairs = (replace(p, rows=tuple(change(row) for row in p.rows)) for p in dataflow.pairs)
        return replace(dataflow, pairs=tuple(pairs))

    return read


def with_lenses(kind: type[Lens], instead: type[Lens], side: Side) -> Callable[[str], Dataflow]:
    """Put one class of lenses in another's place, on one side."""

    def change(row: Row) -> Row:
        lens = row.lenses[side]
        if type(lens) is not kind:
            return row
        return replace(row, lenses={**row.lenses, side: instead(**vars(lens))})

    return with_rows(change)


def with_writes(
    change: Callable[[Json], Json],
    *,
    to: Side = "target",
    of: str = "",
    at: Collection[str] = (),
    inventing: bool = False,
) -> Callable[[str], Dataflow]:
    """Change what is written of plain properties: those of a data type, or those at some paths.

    If `inventing`, only where that gives a value that nobody has seen, so that no edit is lost.
    """

    class Altered(Lens):
        """Writes something else than it is given."""

        def write(self, record: Record, value: Json, old: Json) -> None:
            """Write the changed value."""
            changed = change(value)
            known = inventing and (empty(changed) or changed in (old, self.read(record, None)))
            super().write(record, value if known else changed, old)

    def alter(row: Row) -> Row:
        lens, way = row.lenses[to], row.ways[0].expression
        kind = way[0] if isinstance(way, list) else way
        meant = (not of or kind == of) and (not at or lens.node in at)
        if type(lens) is not Lens or row.ways[0].reference or not meant:
            return row
        return replace(row, lenses={**row.lenses, to: Altered(**vars(lens))})

    return with_rows(alter)


def with_lens_at(node: str, instead: type[Lens]) -> Callable[[str], Dataflow]:
    """Put another class in the place of the plain lens of one target property."""

    def change(row: Row) -> Row:
        lens = row.lenses["target"]
        if type(lens) is not Lens or lens.node != node:
            return row
        return replace(row, lenses={**row.lenses, "target": instead(**vars(lens))})

    return with_rows(change)
