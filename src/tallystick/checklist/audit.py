"""What became of each line of a document. Rule: a line that isn't blank is never without a use.

This is how reading is held to its promise to drop nothing: tests and callers ask here, and the
reader itself reports the lines that it finds without a use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, Protocol

from tallystick.checklist.document import Document

__all__ = ["MODEL_USES", "Use", "audit", "unread_lines"]

Use = Literal["heading", "prose", "sentence", "table", "row", "finding"]
MODEL_USES: Final[tuple[Use, ...]] = ("heading", "prose", "sentence", "table", "row")
"""The uses that put a line into the model; a finding may be about any of them, or stand alone."""


class _Placed(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def last_line(self) -> int: ...


def audit(document: Document) -> dict[int, tuple[Use, ...]]:
    """Give the uses of each line (1-based) that isn't blank, in the order of the model."""
    uses: dict[int, list[Use]] = {
        number: [] for number, text in enumerate(document.lines, 1) if text.strip()
    }
    for use, lines in _used(document):
        for line in lines:
            if line in uses and use not in uses[line]:
                uses[line].append(use)
    return {line: tuple(found) for line, found in uses.items()}


def unread_lines(document: Document) -> tuple[int, ...]:
    """Give the lines that stand neither in the model nor in a finding; () is what should be."""
    return tuple(line for line, uses in audit(document).items() if not uses)


def _used(document: Document) -> Iterator[tuple[Use, Iterable[int]]]:
    yield "heading", _spans(document.headings)
    yield "prose", _spans(document.prose)
    for section in document.sections:
        yield "heading", _spans((section.heading,))
        yield "sentence", _spans(section.sentences)
        for table in section.tables:
            yield "table", table.lines
            yield "row", _spans((*table.properties, *table.merges))
    yield "finding", _spans(document.findings)


def _spans(items: Iterable[_Placed]) -> Iterator[int]:
    for item in items:
        yield from range(item.line, item.last_line + 1)
