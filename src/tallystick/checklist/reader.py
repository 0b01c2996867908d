"""A text to a `Document`. Rule: whatever it can't place becomes a finding; it drops nothing.

Only a file that is no such document at all is an error: no title of the dialect, and no sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from tallystick.checklist.audit import unread_lines
from tallystick.checklist.document import Document, Section
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.front import TABLE, Front, directive_findings, read_front
from tallystick.checklist.markup import Markup, parse_markup
from tallystick.checklist.names import read_title
from tallystick.checklist.sections import read_section
from tallystick.errors import BadInput, Problem

__all__ = ["read_checklist", "read_data", "read_document"]

_NO_CHECKLIST: Final = (
    "Give a checklist: its title is `<Source> to <Target> Dataflow`, and its sections say which"
    " types are synchronized."
)


def read_checklist(path: str | Path) -> Document:
    """Read the document at `path`; BadInput where it can't be read or is no checklist at all."""
    file = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=file, text=text, remedy="Check the path.")) from error
    return read_data(data, file=file)


def read_data(data: bytes, *, file: str) -> Document:
    """Read a checklist's bytes; what is no UTF-8 in them is replaced, and reported."""
    try:
        return read_document(data.decode("utf-8-sig"), file=file)
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
    front = read_front(markup, file)
    document = _with_sections(front, markup)
    spoken = front.has_sentences or any(section.sentences for section in document.sections)
    if not front.is_titled and not spoken:
        text = "is no checklist: it has neither a title nor a sentence of the dialect"
        raise BadInput(Problem(file=file, line=1, text=text, remedy=_NO_CHECKLIST))
    return _finished(document)


def _markup(text: str, file: str) -> Markup:
    try:
        return parse_markup(text)
    except Exception as error:
        reason = f"is no checklist: it can't be parsed ({type(error).__name__})"
        raise BadInput(Problem(file=file, line=1, text=reason, remedy=_NO_CHECKLIST)) from error


def _with_sections(front: Front, markup: Markup) -> Document:
    document = front.document
    sections: list[Section] = []
    findings = list(document.findings)
    for part in front.parts:
        findings.extend(directive_findings(part.blocks, document.file, is_section=True))
        blocks = [block for block in part.blocks if block.name in ("", TABLE)]
        section, found = read_section(
            part.heading, blocks, document=document, lines=markup.lines, number=len(sections) + 1
        )
        findings.extend(found)
        if section:
            sections.append(section)
    return replace(document, sections=tuple(sections), findings=tuple(findings))


def _finished(document: Document) -> Document:
    """Add what is wrong with the document as a whole, and every line that nothing was read from."""
    findings = [*document.findings, *_whole(document), *_duplicates(document)]
    document = replace(document, findings=tuple(findings))
    for first, last in _runs(unread_lines(document)):
        text = f"nothing was read from this text: {document.lines[first - 1].strip()[:80]}"
        findings.append(finding("unread-text", document.file, first, text, last_line=last))
    findings.sort(key=lambda one: (one.line, one.code))
    return replace(document, findings=tuple(findings))


def _whole(document: Document) -> Iterator[Finding]:
    heading = next(iter(document.headings), None)
    title = heading if heading and read_title(heading.text) else None
    if title:
        for side, name in (("source", document.source), ("target", document.target)):
            if not name:
                text = f"the title names no {side} system"
                yield finding("empty-system-name", document.file, title.line, text)
    if not document.sections:
        line = title.line if title else 1
        yield finding("no-sections", document.file, line, "the document has no section")


def _duplicates(document: Document) -> Iterator[Finding]:
    first: dict[tuple[str, str], Section] = {}
    for section in document.sections:
        key = (section.source_type, section.target_type)
        before = first.setdefault(key, section)
        if before is section:
            continue
        line, earlier = section.heading.line, f"the one on line {before.heading.line}"
        rules, rows = _rules(section) != _rules(before), _rows(section) != _rows(before)
        if rules:
            text = f"the section is about the same types as {earlier}, by other rules"
            yield finding("duplicate-section-rules", document.file, line, text)
        if rows:
            text = f"the section is about the same types as {earlier}, with other rows"
            yield finding("duplicate-section-rows", document.file, line, text)
        if not rules and not rows:
            text = f"the section repeats {earlier}"
            yield finding("duplicate-section", document.file, line, text)


def _rules(section: Section) -> object:
    """Give what a section's sentences and merge table say, whatever the spelling."""
    said = {(one.kind, one.prose, one.connections) for one in section.sentences}
    return said, {(row.source, row.target) for row in section.merges}


def _rows(section: Section) -> object:
    return {(row.source, row.target, row.type.text) for row in section.properties}


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] + 1 == number:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
