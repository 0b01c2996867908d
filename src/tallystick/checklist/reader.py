"""A text to a `Document`. Rule: whatever it can't place becomes a finding; it drops nothing.

Only a file that is no such document at all is an error: no title of the dialect, and no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tallystick.checklist.document import (
    Document,
    Heading,
    Prose,
    Section,
    unread_lines,
)
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.markup import Block, Markup, parse_markup
from tallystick.checklist.names import read_title
from tallystick.checklist.sections import read_section
from tallystick.errors import BadInput, Problem

__all__ = ["read_checklist", "read_document"]

_GENERATED: Final = re.compile(r"generated:\s*(.*)", re.IGNORECASE)
_INTRODUCTION: Final = re.compile(r"introduction\.?", re.IGNORECASE)
_FILE_DIRECTIVES: Final = ("include", "literalinclude", "raw", "csv-table", "image", "figure")
_TABLE: Final = "list-table"
_NO_CHECKLIST: Final = (
    "Give a checklist: its title is `<Source> to <Target> Dataflow`, and its sections say which"
    " types are synchronized."
)


@dataclass(slots=True)
class _Part:
    """A heading and what stands below it, up to the next heading."""

    heading: Heading
    blocks: list[Block] = field(default_factory=list)


def read_checklist(path: str | Path) -> Document:
    """Read the document at `path`; BadInput where it can't be read or is no checklist at all."""
    file = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=file, text=text, remedy="Check the path.")) from error
    try:
        return read_document(data.decode("utf-8"), file=file)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        document = read_document(data.decode("utf-8", errors="replace"), file=file)
        damage = finding("not-utf8", file, line, "the document is not in UTF-8")
        return replace(document, findings=(damage, *document.findings))


def read_document(text: str, *, file: str) -> Document:
    """Read a checklist's text; `file` is its name in findings, as the user gave it.

    Raises BadInput where the text is no checklist at all.
    """
    markup = _markup(text, file)
    preface, parts = _parts(markup.blocks)
    title = next((part for part in parts if read_title(part.heading.text)), None)
    source, target = read_title(title.heading.text) or ("", "") if title else ("", "")
    document = Document(file=file, source=source, target=target, lines=markup.lines)
    document = _with_front(document, preface, parts, title)
    document = _with_sections(document, markup, parts, title)
    if not title and not any(section.sentences for section in document.sections):
        text = "is no checklist: it has neither a title nor a sentence of the dialect"
        raise BadInput(Problem(file=file, line=1, text=text, remedy=_NO_CHECKLIST))
    return _finished(document, title)


def _markup(text: str, file: str) -> Markup:
    try:
        return parse_markup(text)
    except Exception as error:
        reason = f"is no checklist: it can't be parsed ({type(error).__name__})"
        raise BadInput(Problem(file=file, line=1, text=reason, remedy=_NO_CHECKLIST)) from error


def _parts(blocks: Iterable[Block]) -> tuple[list[Block], list[_Part]]:
    """Give what stands before the first heading, and each heading with what stands below it."""
    preface: list[Block] = []
    parts: list[_Part] = []
    for block in blocks:
        if block.kind == "heading":
            heading = Heading(line=block.line, last_line=block.last_line, text=block.text)
            parts.append(_Part(heading))
        else:
            (parts[-1].blocks if parts else preface).append(block)
    return preface, parts


def _is_front(part: _Part, title: _Part | None) -> bool:
    return part is title or bool(_INTRODUCTION.fullmatch(part.heading.text))


def _with_front(
    document: Document, preface: list[Block], parts: list[_Part], title: _Part | None
) -> Document:
    """Add title, date and introduction."""
    front = [part for part in parts if _is_front(part, title)]
    blocks = [*preface, *(block for part in front for block in part.blocks)]
    findings = list(_directives(blocks, document.file, allowed=()))
    prose: list[Prose] = []
    generated = ""
    for part in front:
        for block in part.blocks:
            if block.kind != "paragraph":
                continue
            dated = _GENERATED.fullmatch(block.text) if part is title else None
            generated = generated or (dated[1].strip() if dated else "")
            if dated or part is not title:
                prose.append(Prose(line=block.line, last_line=block.last_line, text=block.text))
    return replace(
        document,
        headings=tuple(part.heading for part in front),
        generated=generated,
        prose=tuple(prose),
        findings=tuple(findings),
    )


def _directives(blocks: Iterable[Block], file: str, *, allowed: Sequence[str]) -> Iterator[Finding]:
    for block in blocks:
        if block.kind == "directive" and block.name not in allowed:
            reads = block.name in _FILE_DIRECTIVES
            code = "file-directive" if reads else "foreign-directive"
            text = f"the directive `{block.name}` {'reads files' if reads else 'is none of ours'}"
            yield finding(code, file, block.line, text, last_line=block.last_line)


def _with_sections(
    document: Document, markup: Markup, parts: list[_Part], title: _Part | None
) -> Document:
    sections: list[Section] = []
    findings = list(document.findings)
    for part in parts:
        if _is_front(part, title):
            continue
        findings.extend(_directives(part.blocks, document.file, allowed=(_TABLE,)))
        blocks = [block for block in part.blocks if block.name in ("", _TABLE)]
        section, found = read_section(
            part.heading, blocks, document=document, lines=markup.lines, number=len(sections) + 1
        )
        findings.extend(found)
        if section:
            sections.append(section)
    return replace(document, sections=tuple(sections), findings=tuple(findings))


def _finished(document: Document, title: _Part | None) -> Document:
    """Add what is wrong with the document as a whole, and every line that nothing was read from."""
    findings = [*document.findings, *_whole(document, title), *_duplicates(document)]
    document = replace(document, findings=tuple(findings))
    for first, last in _runs(unread_lines(document)):
        text = f"nothing was read from this text: {document.lines[first - 1].strip()[:80]}"
        findings.append(finding("unread-text", document.file, first, text, last_line=last))
    findings.sort(key=lambda one: (one.line, one.code))
    return replace(document, findings=tuple(findings))


def _whole(document: Document, title: _Part | None) -> Iterator[Finding]:
    if not title:
        yield finding("missing-title", document.file, 1, "the document has no title of the dialect")
    else:
        for side, name in (("source", document.source), ("target", document.target)):
            if not name:
                text = f"the title names no {side} system"
                yield finding("empty-system-name", document.file, title.heading.line, text)
    if not document.sections:
        line = title.heading.line if title else 1
        yield finding("no-sections", document.file, line, "the document has no section")


def _duplicates(document: Document) -> Iterator[Finding]:
    first: dict[tuple[str, str], Section] = {}
    for section in document.sections:
        key = (section.source_type, section.target_type)
        before = first.setdefault(key, section)
        if before is not section:
            text = f"the section repeats the one on line {before.heading.line}"
            yield finding("duplicate-section", document.file, section.heading.line, text)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] + 1 == number:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
