"""Title, date and introduction. Rule: prose is for people; a sentence is never taken for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tallystick.checklist.document import Document, Heading, Prose
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.markup import Block, Markup
from tallystick.checklist.names import read_title
from tallystick.checklist.sentences import read_sentences

__all__ = ["TABLE", "Front", "Part", "directive_findings", "read_front"]

TABLE: Final = "list-table"

_GENERATED: Final = re.compile(r"generated:\s*(.*)", re.IGNORECASE)
_INTRODUCTION: Final = re.compile(r"introduction\.?", re.IGNORECASE)
_RULE: Final = re.compile(r"={4,}\s*")
_FILE_DIRECTIVES: Final = ("include", "literalinclude", "raw", "csv-table", "image", "figure")
_TITLE_WITHIN: Final = 10


@dataclass(slots=True)
class Part:
    """A heading and what stands below it, up to the next heading."""

    heading: Heading
    blocks: list[Block] = field(default_factory=list)

    @property
    def is_introduction(self) -> bool:
        """Whether this part is for people only."""
        return bool(_INTRODUCTION.fullmatch(self.heading.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """A document without its sections yet, and the parts that are to become sections.

    `is_titled` tells whether the title stands in its frame; `has_sentences` whether sentences of
    the dialect stand where no section is.
    """

    document: Document
    parts: tuple[Part, ...]
    is_titled: bool
    has_sentences: bool


def read_front(markup: Markup, file: str) -> Front:
    """Read title, date and introduction, and leave the rest."""
    preface, parts = _parts(markup.blocks)
    title = next((part for part in parts if read_title(part.heading.text)), None)
    heading = title.heading if title else _unframed(markup.lines)
    body = _Body(file)
    body.read(preface, prose=False)
    for part in parts:
        if part is title or part.is_introduction:
            body.read(part.blocks, prose=part is not title)
    if not title:
        line = heading.line if heading else 1
        text = "the title lacks its frame" if heading else "the document has no title"
        body.findings.append(finding("missing-title", file, line, text))
    names = read_title(heading.text) if heading else None
    document = Document(
        file=file,
        source=names[0] if names else "",
        target=names[1] if names else "",
        lines=markup.lines,
        headings=(
            *((heading,) if heading else ()),
            *(part.heading for part in parts if part.is_introduction),
        ),
        generated=body.generated,
        prose=tuple(body.prose),
        findings=tuple(body.findings),
    )
    return Front(
        document=document,
        parts=tuple(part for part in parts if part is not title and not part.is_introduction),
        is_titled=title is not None,
        has_sentences=body.has_sentences,
    )


def _parts(blocks: Iterable[Block]) -> tuple[list[Block], list[Part]]:
    """Give what stands before the first heading, and each heading with what stands below it."""
    preface: list[Block] = []
    parts: list[Part] = []
    for block in blocks:
        if block.kind == "heading":
            heading = Heading(line=block.line, last_line=block.last_line, text=block.text)
            parts.append(Part(heading))
        else:
            (parts[-1].blocks if parts else preface).append(block)
    return preface, parts


def _unframed(lines: Sequence[str]) -> Heading | None:
    """Find a title that has lost one of its lines of `=`."""
    for number, text in enumerate(lines[:_TITLE_WITHIN], 1):
        if read_title(text):
            above = number > 1 and bool(_RULE.fullmatch(lines[number - 2]))
            below = number < len(lines) and bool(_RULE.fullmatch(lines[number]))
            return Heading(line=number - above, last_line=number + below, text=text.strip())
    return None


class _Body:
    """Reads what stands outside the sections."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.generated = ""
        self.prose: list[Prose] = []
        self.findings: list[Finding] = []
        self.has_sentences = False

    def read(self, blocks: Sequence[Block], *, prose: bool) -> None:
        """Read one part; `prose` where any text may stand."""
        self.findings.extend(directive_findings(blocks, self._file, is_section=False))
        for block in blocks:
            if block.kind == "paragraph" or (block.kind == "other" and prose):
                self._paragraph(block, prose=prose)

    def _paragraph(self, block: Block, *, prose: bool) -> None:
        dated = _GENERATED.fullmatch(block.text)
        if read_sentences(block.text, block.line)[0]:
            self.has_sentences = True
            text = f"a sentence stands outside any section: {block.text.strip()[:80]}"
            self.findings.append(
                finding(
                    "sentence-outside-section",
                    self._file,
                    block.line,
                    text,
                    last_line=block.last_line,
                )
            )
        elif prose or dated:
            self.generated = self.generated or (dated[1].strip() if dated else "")
            text = block.text
            self.prose.append(Prose(line=block.line, last_line=block.last_line, text=text))


def directive_findings(
    blocks: Iterable[Block], file: str, *, is_section: bool
) -> Iterator[Finding]:
    """Report every directive that has no business there; none of them was executed."""
    for block in blocks:
        if block.kind != "directive" or (is_section and block.name == TABLE):
            continue
        code, text = "foreign-directive", f"the directive `{block.name}` is none of ours"
        if block.name == TABLE:
            code, text = "table-without-sentence", "a table stands outside any section"
        elif block.name in _FILE_DIRECTIVES:
            code, text = "file-directive", f"the directive `{block.name}` reads files"
        yield finding(code, file, block.line, text, last_line=block.last_line)
