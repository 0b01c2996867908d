"""Changed dataflows and lenses, put into the reference by its way of reading the agreement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tallystick_reference.dataflow import Dataflow, Row, read_dataflow
from tallystick_reference.records import Lens, Side


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
