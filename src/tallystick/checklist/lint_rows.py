"""What is odd about a section's rows. Rule: one finding for an oddity, on its first row's line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from tallystick.dataflow.model import SIDES

__all__ = ["lint_rows"]


def lint_rows(document: Document) -> Iterator[Finding]:
    """Give the oddities of all rows of a document."""
    for section in document.sections:
        yield from _shared(section, document.file)
        yield from _repeated(section, document.file)
        yield from _shapes(section, document.file)
        for row in section.merges:
            yield from _merge_keys(row, document.file)
    yield from _types(document)


def _find(code: str, file: str, row: PropertyRow | MergeRow, text: str) -> Finding:
    return finding(code, file, row.line, text, last_line=row.last_line)


def _shared(section: Section, file: str) -> Iterator[Finding]:
    rows = section.properties
    for path, found in sharing(rows, "target").items():
        sources = _listed(rows[index].source.path for index in found)
        text = f"{path!r} is written by {sources} ({_lines(rows, found)})"
        yield _find("fan-in", file, rows[found[0]], text)
    many = triggers(rows)
    for path, found in sharing(rows, "source").items():
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


def _shapes(section: Section, file: str) -> Iterator[Finding]:
    rows = section.properties
    for index in cycles(rows):
        row = rows[index]
        text = f"{row.source.path!r} to {row.target.path!r} closes a circle of rows"
        yield _find("mapping-cycle", file, row, text)
    for side in SIDES:
        for index, other in value_and_object(rows, side):
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


def _types(document: Document) -> Iterator[Finding]:
    """Compare the data types of all rows that write one property of one type."""
    first: dict[tuple[str, str], PropertyRow] = {}
    told: set[tuple[str, str]] = set()
    for section in document.sections:
        for row in section.properties:
            key = (section.target_type, row.target.path)
            if not row.target.path or row.type.expression == "unknown":
                continue
            before = first.setdefault(key, row)
            if before.type.expression != row.type.expression and key not in told:
                told.add(key)
                text = f"{row.target.path!r} is {_said(row)} here and {_said(before)}"
                text += f" on line {before.line}"
                yield _find("same-target-types", document.file, row, text)


def _said(row: PropertyRow) -> str:
    return row.type.text if len(row.type.text) < 60 else f"{row.type.text[:57]}…"


def _listed(paths: Iterator[str] | dict[str, None]) -> str:
    names = [repr(path) for path in dict.fromkeys(paths)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lines(rows: Sequence[PropertyRow], found: Sequence[int]) -> str:
    return f"lines {', '.join(str(rows[index].line) for index in found)}"
