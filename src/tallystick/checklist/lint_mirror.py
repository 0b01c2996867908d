"""Two checklists of one pair of systems, one for each direction. Rule: what one says of keeping in
sync, the other has to say as well; names are compared without case, blanks and punctuation.
"""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.checklist.document import Document, PropertyRow, Section
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.lint_loss import loss
from tallystick.checklist.names import bare_name

__all__ = ["are_mirrored", "lint_mirror"]

_Types = tuple[str, str]


def are_mirrored(forth: Document, back: Document) -> bool:
    """Tell whether the titles name the same two systems, in opposite order.

    A name that a title leaves out may be any, as long as the other system is the same.
    """
    here = (bare_name(forth.source), bare_name(forth.target))
    there = (bare_name(back.target), bare_name(back.source))
    alike = [left == right or not (left and right) for left, right in zip(here, there, strict=True)]
    return all(alike) and here[0] != here[1] and here != there[::-1]


def lint_mirror(document: Document, opposite: Document) -> Iterator[Finding]:
    """Give what `document` lists and `opposite`, its other direction, does not."""
    there = _by_types(opposite)
    told: set[_Types] = set()
    for section in document.sections:
        types = (bare_name(section.source_type), bare_name(section.target_type))
        mirrored = there.get(types[::-1])
        if mirrored is None:
            if types not in told:
                text = f"{opposite.file} has no section {section.target_type!r} to"
                text += f" {section.source_type!r}"
                yield finding("unmirrored-type", document.file, section.heading.line, text)
            told.add(types)
        else:
            yield from _rows(section, mirrored, document.file, opposite.file)


def _by_types(document: Document) -> dict[_Types, list[PropertyRow]]:
    """Give the rows of all sections about the same types."""
    found: dict[_Types, list[PropertyRow]] = {}
    for section in document.sections:
        types = (bare_name(section.source_type), bare_name(section.target_type))
        found.setdefault(types, []).extend(section.properties)
    return found


def _rows(
    section: Section, mirrored: list[PropertyRow], file: str, opposite: str
) -> Iterator[Finding]:
    rows = [row for row in section.properties if row.source.path and row.target.path]
    there = {(row.target.path, row.source.path): row for row in mirrored}
    if rows and not there:
        text = f"none of the {len(rows)} rows stands in {opposite}: its table is empty"
        yield finding("unmirrored-row", file, section.heading.line, text)
        return
    for row in rows:
        back = there.get((row.source.path, row.target.path))
        if back is None:
            text = f"{opposite} has no row {row.target.path!r} to {row.source.path!r}"
            yield finding("unmirrored-row", file, row.line, text, last_line=row.last_line)
            continue
        lost = loss(back.type.expression, row.type.expression)
        if lost:
            text = f"{row.type.text} {lost}: {opposite}, line {back.line}, writes"
            text += f" {back.type.text} to {row.source.path!r}"
            yield finding("lossy-data-type", file, row.line, text, last_line=row.last_line)
