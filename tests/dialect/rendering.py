"""A document that was read, written again as the generator would write it."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.checklist.document import Document, Section, Table


def rendered(document: Document) -> str:
    """Give the text of a document without errors; cells are trimmed, and indented as they should."""
    lines: list[str] = []
    for paragraph in _paragraphs(document):
        lines += [*paragraph, ""]
    return "\r\n".join(lines[:-1]) + "\r\n"


def _paragraphs(document: Document) -> Iterator[list[str]]:
    title, *others = document.headings
    rule = "=" * len(title.text)
    yield [rule, title.text, rule]
    below = [*others, *document.prose]
    for item in sorted(below, key=lambda one: one.line):
        lines = item.text.split("\n")
        yield [*lines, "-" * len(lines[0])] if item in others else lines
    for section in document.sections:
        yield [section.heading.text, "-" * len(section.heading.text)]
        yield from _parts(document, section)


def _parts(document: Document, section: Section) -> Iterator[list[str]]:
    for item in sorted((*section.sentences, *section.tables), key=lambda one: one.line):
        if isinstance(item, Table):
            yield [".. list-table::", "   :header-rows: 1"]
            yield list(_table(item))
        else:
            yield [line.rstrip() for line in document.lines[item.line - 1 : item.last_line]]


def _table(table: Table) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [table.header]
    rows += [(row.source.text, row.target.text) for row in table.merges]
    rows += [(row.source.text, row.target.text, row.type.text) for row in table.properties]
    for first, *rest in rows:
        yield f"   * - {first}".rstrip()
        yield from (f"     - {cell}".rstrip() for cell in rest)
