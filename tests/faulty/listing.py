"""Faults of lists: lines that are lost, doubled, mixed up, or not changed."""

from __future__ import annotations

from tallystick_reference import Parts
from tallystick_reference.records import Lens, Record, TableLens
from tallystick_reference.values import Json, NoValue
from tests.faulty.fault import Faulty
from tests.faulty.lenses import with_lenses


class PricesStay(TableLens):
    """Writes all columns of a line that is there already, but for the price."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Leave old lines' prices alone."""
        rows = [list(cells) for cells in value or []]
        for cells in rows[: len(self.items(record))]:
            for at, column in enumerate(self.columns):
                if column == ["UnitPrice"]:
                    cells[at] = NoValue.NOTHING
        super().write(record, None if value is None else rows, old)


class LinesByProduct(TableLens):
    """Knows a line by its product: of two lines with the same article one is left."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Keep the last line of each product."""
        if value and len(self.columns) > 1:
            value = list({str(cells[0]): cells for cells in value}.values())
        super().write(record, value, old)


class LinesAppended(TableLens):
    """Appends the lines that it is to write to those that are there."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Append what isn't there."""
        there = self.values(record)[0] or []
        if value and there and len(value) != len(there):
            value = [*there, *value]
        super().write(record, value, old)


class RemovedLinesStay(TableLens):
    """Never shortens a list."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Keep what goes beyond."""
        there = self.values(record)[0] or []
        super().write(record, [*(value or []), *there[len(value or []) :]], old)


class AddedLinesLost(TableLens):
    """Writes the lines that are there, and no more."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Keep a list's length once it has one."""
        there = self.items(record)
        super().write(record, value[: len(there)] if value and there else value, old)


class LinesSorted(TableLens):
    """Writes lines in an order of its own."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Sort by their text."""
        super().write(record, sorted(value, key=str) if value else value, old)


def _lines(name: str, law: str, lens: type[Lens], failure: str, story: str) -> Faulty:
    parts = Parts(read_dataflow=with_lenses(TableLens, lens, "target"))
    return Faulty(name=name, law=law, story=story, failure=failure, parts=parts)


FAULTY = (
    _lines(
        "line-price-ignored-to-erp",
        "in-sync",
        PricesStay,
        "later changes of an order's lines ignored",
        "The price of an order line that is changed in the shop stays in the ERP as it was.",
    ),
    _lines(
        "lines-by-product",
        "in-sync",
        LinesByProduct,
        "order lines matched by product",
        "Of two order lines with the same article only one arrives.",
    ),
    _lines(
        "lines-appended",
        "in-sync",
        LinesAppended,
        "lines appended instead of replaced",
        "A line added to an order makes the others appear twice.",
    ),
    _lines(
        "removed-lines-stay",
        "in-sync",
        RemovedLinesStay,
        "an omitted line stays",
        "A line taken out of an order stays in the ERP.",
    ),
    _lines(
        "added-lines-lost",
        "in-sync",
        AddedLinesLost,
        "lines dropped",
        "A line added to an order never arrives.",
    ),
    _lines(
        "lines-sorted",
        "in-sync",
        LinesSorted,
        "order of lines lost",
        "The lines of an order arrive in another order.",
    ),
)
