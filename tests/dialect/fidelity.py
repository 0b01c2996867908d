"""Whether what a line says stands where the audit says it does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tallystick.checklist.document import Document

_RULE = re.compile(r"\s*(\W)\1*\s*")
_FRAME = re.compile(r"\s*\.\. list-table ?::\s*|\s*:[\w-]+:.*", re.IGNORECASE)
_BULLETS = re.compile(r"^\s*(?:\*\s+)?-(?:\s|$)")


def misread_lines(document: Document) -> list[tuple[int, str]]:
    """Give the lines of the model of which some word stands in no value that they belong to."""
    told = {line for one in document.findings for line in range(one.line, one.last_line + 1)}
    texts: dict[int, list[str]] = {}
    for first, last, text in _values(document):
        for line in range(first, last + 1):
            texts.setdefault(line, []).append(text)
    return [
        (line, document.lines[line - 1])
        for line, found in texts.items()
        if line not in told and not _holds(document.lines[line - 1], " ".join(found))
    ]


def _holds(line: str, text: str) -> bool:
    if _RULE.fullmatch(line) or _FRAME.fullmatch(line):
        return True
    words = _BULLETS.sub("", line).split()
    return set(words) <= set(text.split())


def _values(document: Document) -> Iterator[tuple[int, int, str]]:
    for item in (*document.headings, *document.prose):
        yield item.line, item.last_line, item.text
    for section in document.sections:
        for item in (section.heading, *section.sentences):
            yield item.line, item.last_line, item.text
        for table in section.tables:
            yield from ((line, line, " ".join(table.header)) for line in table.lines)
            for row in table.properties:
                text = f"{row.source.text} {row.target.text} {row.type.text}"
                yield row.line, row.last_line, text
            for merge in table.merges:
                yield merge.line, merge.last_line, f"{merge.source.text} {merge.target.text}"
