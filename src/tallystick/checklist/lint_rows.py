"""What is odd about a section's rows. Rule: one finding for an oddity, on its first row's line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from tallystick.checklist.agreement import AgreedRow, Agreement
from tallystick.checklist.cells import looks_like_reference
from tallystick.checklist.document import Document, MergeRow, PropertyRow, Section
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.patterns import (
    cycles,
    duplicates,
    path_on,
    sharing,
    triggers,
    value_and_object,
)
from tallystick.dataflow.model import SIDES, Expression

__all__ = ["lint_rows"]


_MOST: Final = 8
"""So many names, or lines, are listed in one sentence."""

_Amended = Mapping[tuple[str, str], AgreedRow]
"""What was agreed about rows, by both paths as printed."""


def lint_rows(document: Document, agreement: Agreement) -> Iterator[Finding]:
    """Give the oddities of all rows of a document that `agreement` doesn't settle."""
    amended = [_amended(section, agreement) for section in document.sections]
    for section, rows in zip(document.sections, amended, strict=True):
        yield from _shared(section, rows, document.file)
        yield from _repeated(section, document.file)
        yield from _cycles(section, document.file)
        yield from _objects(section, agreement, document.file)
        agreed = agreement.pair_of(section.source_type, section.target_type, section.number)
        for row in () if agreed and agreed.merge else section.merges:
            yield from _merge_keys(row, document.file)
    yield from _types(document, amended)


def _amended(section: Section, agreement: Agreement) -> _Amended:
    agreed = agreement.pair_of(section.source_type, section.target_type, section.number)
    rows = agreed.amendments if agreed else ()
    return {row.printed: row for row in rows if row.type is not None or row.reference}


def _find(code: str, file: str, row: PropertyRow | MergeRow, text: str) -> Finding:
    return finding(code, file, row.line, text, last_line=row.last_line)


def _shared(section: Section, amended: _Amended, file: str) -> Iterator[Finding]:
    rows = section.properties
    for path, found in sharing(rows, "target").items():
        sources = _listed(rows[index].source.path for index in found)
        text = f"{path!r} is written by {sources} ({_lines(rows, found)})"
        yield _find("fan-in", file, rows[found[0]], text)
    many = triggers(rows)
    for path, found in sharing(rows, "source").items():
        if path in many and all(_paths(rows[index]) in amended for index in found):
            continue
        if path in many:
            text = f"{path!r} stands in {len(found)} rows ({_lines(rows, found)})"
            yield _find("trigger-source", file, rows[found[0]], text)
        else:
            targets = _listed(rows[index].target.path for index in found)
            text = f"{path!r} writes {targets} ({_lines(rows, found)})"
            yield _find("fan-out", file, rows[found[0]], text)


def _repeated(section: Section, file: str) -> Iterator[Finding]:
    rows = section.properties
    for index, before in duplicates(rows):
        text = f"the row repeats the one on line {rows[before].line}"
        yield _find("duplicate-row", file, rows[index], text)


def _cycles(section: Section, file: str) -> Iterator[Finding]:
    rows = section.properties
    for index in cycles(rows):
        row = rows[index]
        text = f"{row.source.path!r} to {row.target.path!r} closes a circle of rows"
        yield _find("mapping-cycle", file, row, text)


def _objects(section: Section, agreement: Agreement, file: str) -> Iterator[Finding]:
    """Find paths through values, where no schema says what stands there."""
    rows = section.properties
    for side in SIDES:
        name = section.source_type if side == "source" else section.target_type
        for index, other in () if agreement.schema_of(side, name) else value_and_object(rows, side):
            path, inside = path_on(rows[index], side), path_on(rows[other], side)
            text = f"{path!r} is a value here, and {inside!r} on line {rows[other].line} leads"
            text += " through it"
            yield _find("value-and-object", file, rows[index], text)


def _merge_keys(row: MergeRow, file: str) -> Iterator[Finding]:
    paths = (row.source.path, row.target.path)
    keys = dict.fromkeys(path for path in paths if looks_like_reference(path))
    if keys and row.usable:
        text = f"{_listed(keys)} may be a key, which its own system assigns"
        yield _find("merge-on-key", file, row, text)


def _types(document: Document, amended: Sequence[_Amended]) -> Iterator[Finding]:
    """Compare the data types of all rows that write one property of one type."""
    first: dict[tuple[str, str], tuple[PropertyRow, Expression]] = {}
    told: set[tuple[str, str]] = set()
    for section, agreed in zip(document.sections, amended, strict=True):
        for row in section.properties:
            key = (section.target_type, row.target.path)
            amendment = agreed.get(_paths(row))
            type_ = amendment.type if amendment else row.type.expression
            if not row.target.path or type_ in (None, "unknown"):
                continue
            before, other = first.setdefault(key, (row, type_))
            if other != type_ and key not in told:
                told.add(key)
                text = f"{row.target.path!r} is {_said(row)} here and {_said(before)}"
                text += f" on line {before.line}"
                yield _find("same-target-types", document.file, row, text)


def _paths(row: PropertyRow) -> tuple[str, str]:
    return row.source.path, row.target.path


def _said(row: PropertyRow) -> str:
    return row.type.text if len(row.type.text) < 60 else f"{row.type.text[:57]}…"


def _listed(paths: Iterable[str]) -> str:
    names = [repr(path) for path in dict.fromkeys(paths)]
    if len(names) > _MOST:
        names = [*names[: _MOST - 1], f"{len(names) - _MOST + 1} others"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lines(rows: Sequence[PropertyRow], found: Sequence[int]) -> str:
    numbers = [str(rows[index].line) for index in found]
    more = ["…"] if len(numbers) > _MOST else []
    return f"lines {', '.join([*numbers[:_MOST], *more])}"
