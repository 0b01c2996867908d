"""list-tables, read line by line. Rule: each line of a table is a cell, a header, or a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from tallystick.checklist.cells import read_cell
from tallystick.checklist.datatypes import read_data_type
from tallystick.checklist.document import MergeRow, PropertyRow, Table
from tallystick.checklist.findings import Finding, finding

__all__ = ["TableKind", "is_row", "read_table", "target_name"]

TableKind = Literal["merge", "properties"]

_ROW: Final = re.compile(r"(?P<indent>[ \t]*)\*[ \t]+-(?:[ \t]+(?P<text>.*))?")
_CELL: Final = re.compile(r"(?P<indent>[ \t]+)-(?:[ \t]+(?P<text>.*))?")
_OPTION: Final = re.compile(r"[ \t]+:[\w-]+:.*")
_HEADER_CELL: Final = re.compile(r"(?:.*\s)?(?:property|data type)", re.IGNORECASE)
_DATA_TYPE: Final = re.compile(r"(?:(?P<system>.*) )?data type", re.IGNORECASE)
_COLUMNS: Final = {"merge": 2, "properties": 3}


@dataclass(slots=True)
class _RawRow:
    line: int
    last_line: int
    cells: list[str] = field(default_factory=list)


def is_row(text: str) -> bool:
    """Tell whether a line outside a table looks like a table's row."""
    return bool(_ROW.fullmatch(text) or _CELL.fullmatch(text) or re.match(r"[*-][ \t]", text))


def target_name(table: Table) -> str | None:
    """Give the target system's name from the third header cell; None if there is no such cell."""
    match = _DATA_TYPE.fullmatch(table.header[2]) if len(table.header) > 2 else None
    return (match["system"] or "").strip() if match else None


def read_table(
    lines: Sequence[str], line: int, last_line: int, *, kind: TableKind | None, file: str
) -> tuple[Table, list[Finding]]:
    """Read the list-table on lines `line` to `last_line`.

    `kind` is what the sentence before it announces; without one the columns tell.
    """
    rows, own, strangers = _split(lines, line, last_line)
    findings = [
        finding("unread-text", file, number, f"not a row of the table: {lines[number - 1].strip()}")
        for number in strangers
    ]
    header = _header(rows)
    if header:
        own.extend(range(header.line, header.last_line + 1))
        rows = rows[1:]
    else:
        findings.append(finding("table-header", file, line, "the table has no header row"))
    cells = tuple(header.cells) if header else ()
    columns = _COLUMNS[kind] if kind else 3 if len(cells) > 2 else 2
    if cells and len(cells) != columns:
        text = f"the header has {len(cells)} cells instead of {columns}"
        findings.append(finding("table-header", file, line, text))
    findings.extend(_counted(rows, columns, file))
    properties = tuple(map(_property, rows)) if columns == 3 else ()
    merges = tuple(map(_merge, rows)) if columns == 2 else ()
    table = Table(
        line=line, lines=tuple(sorted(own)), header=cells, properties=properties, merges=merges
    )
    return table, findings


def _split(
    lines: Sequence[str], line: int, last_line: int
) -> tuple[list[_RawRow], list[int], list[int]]:
    """Give the rows, the lines of the table's frame, and those that are neither."""
    rows: list[_RawRow] = []
    own, strangers = [line], []
    for number in range(line + 1, last_line + 1):
        text = lines[number - 1]
        row, cell = _ROW.fullmatch(text), _CELL.fullmatch(text)
        if row:
            rows.append(_RawRow(number, number, [(row["text"] or "").strip()]))
        elif cell and rows:
            rows[-1].cells.append((cell["text"] or "").strip())
            rows[-1].last_line = number
        elif text.strip() and rows:
            rows[-1].cells[-1] = f"{rows[-1].cells[-1]} {text.strip()}".strip()
            rows[-1].last_line = number
        elif _OPTION.fullmatch(text):
            own.append(number)
        elif text.strip():
            strangers.append(number)
    return rows, own, strangers


def _header(rows: list[_RawRow]) -> _RawRow | None:
    if rows and any(_HEADER_CELL.fullmatch(cell) for cell in rows[0].cells):
        return rows[0]
    return None


def _counted(rows: list[_RawRow], columns: int, file: str) -> Iterator[Finding]:
    for row in rows:
        if len(row.cells) != columns:
            text = f"the row has {len(row.cells)} cells instead of {columns}"
            yield finding("cell-count", file, row.line, text, last_line=row.last_line)


def _property(row: _RawRow) -> PropertyRow:
    source, target, third = (*row.cells, "", "", "")[:3]
    return PropertyRow(
        line=row.line,
        last_line=row.last_line,
        source=read_cell(source),
        target=read_cell(target),
        type=read_data_type(third),
    )


def _merge(row: _RawRow) -> MergeRow:
    source, target = (*row.cells, "", "")[:2]
    return MergeRow(
        line=row.line, last_line=row.last_line, source=read_cell(source), target=read_cell(target)
    )
