"""One section: its sentences and tables. Rule: it only reads; `rules` says what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tallystick.checklist.document import Document, Heading, Section, Sentence, Table
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.markup import Block
from tallystick.checklist.names import (
    Named,
    is_spelling,
    same_name,
    split_heading,
    split_name,
)
from tallystick.checklist.sentences import LEADS, is_half, read_sentences
from tallystick.checklist.tables import TableKind, is_row, read_table, target_name
from tallystick.dataflow.model import StatementKind

__all__ = ["read_section"]

_ORDER: Final[tuple[tuple[StatementKind, ...], ...]] = (
    LEADS,
    ("connected",),
    ("no-match",),
    ("merge",),
    ("in-sync",),
    ("properties",),
)
_PROPERTY: Final = re.compile(r"\s*property$", re.IGNORECASE)
_ANNOUNCES: Final[dict[StatementKind, TableKind]] = {"merge": "merge", "properties": "properties"}


def read_section(
    heading: Heading,
    blocks: Sequence[Block],
    *,
    document: Document,
    lines: Sequence[str],
    number: int,
) -> tuple[Section | None, list[Finding]]:
    """Read the section below `heading`; None where it is no entity pair, with the findings."""
    body = _Body(document.file, lines)
    for block in blocks:
        body.read(block)
    body.close()
    sides = split_heading(heading.text) or _sides_of(body.sentences)
    if not sides:
        text = f"the section {heading.text!r} names no pair of types; it is left out"
        last = max((block.last_line for block in blocks), default=heading.last_line)
        return None, [finding("unknown-section", document.file, heading.line, text, last_line=last)]
    names, found = _names(sides, document, body.tables, heading)
    section = Section(
        number=number,
        heading=heading,
        source_system=names[0].system,
        source_type=names[0].type or heading.text,
        target_system=names[1].system,
        target_type=names[1].type or heading.text,
        sentences=tuple(body.sentences),
        tables=tuple(body.tables),
    )
    if not split_heading(heading.text):
        text = f"the heading {heading.text!r} names no pair; its sentences do"
        found.append(finding("unknown-section", document.file, heading.line, text))
    return section, [*body.findings, *found, *_structure(section, sides, document.file)]


class _Body:
    """Reads a section's blocks in order; a table belongs to the sentence before it."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self._file = file
        self._lines = lines
        self._announced: tuple[TableKind, int] | None = None
        self.sentences: list[Sentence] = []
        self.tables: list[Table] = []
        self.findings: list[Finding] = []

    def read(self, block: Block) -> None:
        if block.kind == "directive":
            self._table(block)
        else:
            self._paragraph(block)

    def close(self) -> None:
        if self._announced:
            kind, line = self._announced
            what = "properties" if kind == "properties" else "combinations"
            text = f"the table of {what} is missing"
            self.findings.append(finding("missing-table", self._file, line, text))
        self._announced = None

    def _table(self, block: Block) -> None:
        kind = self._announced[0] if self._announced else None
        self._announced = None
        if kind is None:
            text = "no sentence announces this table"
            self.findings.append(finding("table-without-sentence", self._file, block.line, text))
        table, found = read_table(
            self._lines, block.line, block.last_line, kind=kind, file=self._file
        )
        self.tables.append(table)
        self.findings.extend(found)

    def _paragraph(self, block: Block) -> None:
        sentences, strangers = read_sentences(block.text, block.line)
        for sentence in sentences:
            self.close()
            self.sentences.append(sentence)
            kind = _ANNOUNCES.get(sentence.kind)
            self._announced = (kind, sentence.line) if kind else None
        for line, last, words in strangers if block.kind == "paragraph" else ():
            outside = is_row(self._lines[line - 1])
            code = "row-outside-table" if outside else "unknown-sentence"
            what = "a row stands outside its table" if outside else "no known sentence"
            text = f"{what}: {words[:80]}"
            self.findings.append(finding(code, self._file, line, text, last_line=last))


def _sides_of(sentences: Iterable[Sentence]) -> tuple[str, str] | None:
    return next(((one.source, one.target) for one in sentences if one.source), None)


def _names(
    sides: tuple[str, str], document: Document, tables: Sequence[Table], heading: Heading
) -> tuple[tuple[Named, Named], list[Finding]]:
    """Split both sides of the heading; the third header cell has the last word on the target."""
    printed = next((name for name in map(target_name, tables) if name is not None), None)
    target = document.target if printed is None else _target(sides[1], printed, document.target)
    names = (split_name(sides[0], document.source), split_name(sides[1], target))
    found: list[Finding] = []
    for named, title in zip(names, (document.source, document.target), strict=True):
        if title and named.system != title:
            same = is_spelling(named.system, title) or not named.system
            code = "spelling-drift" if same else "foreign-system"
            text = f"the heading says {named.system!r}, the title {title!r}"
            found.append(finding(code, document.file, heading.line, text))
        if not named.type:
            text = "a type in the heading has no name"
            found.append(finding("empty-type-name", document.file, heading.line, text))
    return names, found


def _structure(section: Section, sides: tuple[str, str], file: str) -> Iterator[Finding]:
    """Check which sentences there are, and in which order."""
    yield from _leads(section, file)
    kinds = [sentence.kind for sentence in section.sentences]
    for index, sentence in enumerate(section.sentences):
        if sentence.kind not in LEADS and sentence.kind in kinds[:index]:
            text = f"the section says this twice: {sentence.text[:80]}"
            yield finding("repeated-sentence", file, sentence.line, text)
        if is_half(sentence):
            text = "one of the two lines about matching records is missing"
            yield finding("half-no-match", file, sentence.line, text)
        yield from _drift(sentence, sides, file)
    yield from _header_drift(section, sides, file)
    for kind, what in (("in-sync", "Once a link …"), ("properties", "The following properties …")):
        if kind not in kinds:
            text = f"the section lacks the sentence {what!r}"
            yield finding("missing-sentence", file, section.heading.line, text)
    ranks = [next(n for n, group in enumerate(_ORDER) if kind in group) for kind in kinds]
    for sentence, before, after in zip(section.sentences[1:], ranks, ranks[1:], strict=False):
        if after < before:
            text = "the sentence stands after one that should follow it"
            yield finding("sentence-order", file, sentence.line, text)


def _target(side: str, printed: str, title: str) -> str:
    """Give the target system that `side` begins with: as the table prints it, or as the title.

    Two blanks in a heading are where the generator left a name out.
    """
    if side.startswith(" "):
        return ""
    if not printed:
        return title if title and side.startswith(f"{title} ") else ""
    return printed if is_spelling(split_name(side, printed).system, printed) else title


def _header_drift(section: Section, sides: tuple[str, str], file: str) -> Iterator[Finding]:
    for table in section.tables:
        for cell, side in zip(table.header, sides, strict=False):
            name = _PROPERTY.sub("", cell)
            if name != cell and not same_name(name, side):
                text = f"the table's header says {name!r}, the heading {side.strip()!r}"
                yield finding("spelling-drift", file, table.line, text)


def _leads(section: Section, file: str) -> Iterator[Finding]:
    leads = [sentence for sentence in section.sentences if sentence.kind in LEADS]
    if not leads:
        text = "no sentence says when records are synchronized"
        yield finding("missing-lead", file, section.heading.line, text)
    for lead in leads[1:]:
        text = f"a second leading sentence: {lead.text[:80]}"
        yield finding("second-lead", file, lead.line, text)


def _drift(sentence: Sentence, sides: tuple[str, str], file: str) -> Iterator[Finding]:
    for name, side in zip((sentence.source, sentence.target), sides, strict=True):
        if name and not same_name(name, side):
            text = f"the sentence says {name!r}, the heading {side.strip()!r}"
            yield finding("spelling-drift", file, sentence.line, text)
