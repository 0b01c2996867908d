"""reStructuredText to headings, paragraphs and directives. Rule: only here is docutils known.

docutils finds the document's structure; cells and paragraphs are taken as they stand in the text,
so that no character of them can be markup. No directive is ever executed: each is renamed to one
of ours before parsing, which only notes its lines; so no file is read, and nothing is registered
under a name that others use.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, Literal

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, directives
from docutils.utils import new_document

__all__ = ["Block", "Markup", "parse_markup"]

_NOTE: Final = "tallystick-noted"
_NAME: Final = r"(?:(?!_)\w)+(?:[-._+:](?:(?!_)\w)+)*"
_DIRECTIVE: Final = re.compile(rf"^([ \t]*\.\.[ \t]+)({_NAME})( ?::)(?=\s|$)")
_LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")
_ODD_ENDS: Final = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_LOST_CELL: Final = re.compile(r'(?:["\[]|N/A[ \t]*$)')
_ANY_CELL: Final = re.compile(r"[ \t]+(?:\* )?-(?:[ \t]|$)")
_CELL_INDENT: Final = "     - "
_OPAQUE: Final = (nodes.system_message, nodes.comment, nodes.literal_block, nodes.doctest_block)
_LONGEST_LINE: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the document, lines `line` to `last_line`; `name` is a directive's.

    What docutils takes for something else, because of how a line begins, is "other".
    """

    kind: Literal["heading", "paragraph", "directive", "other"]
    line: int
    last_line: int
    text: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A document's lines (cells at column 0 put back into their rows) and its blocks, in order."""

    lines: tuple[str, ...]
    blocks: tuple[Block, ...]


class _Noted(nodes.General, nodes.Element):
    """Where a directive stands."""


class _Note(Directive):
    """Stands in for every directive: notes its lines, and does nothing else."""

    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        last = max((offset + 1 for _, offset in self.content.items), default=self.lineno)
        return [_Noted("", line=self.lineno, last=max(last, self.lineno))]


directives.register_directive(_NOTE, _Note)


def parse_markup(text: str) -> Markup:
    """Give the blocks of `text`. RecursionError where it is nested beyond all measure."""
    lines = _restore_cells(_LINE_ENDS.split(text))
    if lines and not lines[-1]:
        lines.pop()
    blocks = list(_blocks(_tree(lines), lines))
    blocks += _others(lines, blocks)
    return Markup(lines=tuple(lines), blocks=tuple(sorted(blocks, key=lambda one: one.line)))


def _restore_cells(lines: list[str]) -> list[str]:
    restored = list(lines)
    for index in range(1, len(lines)):
        if _LOST_CELL.match(lines[index]) and _ANY_CELL.match(lines[index - 1]):
            restored[index] = _CELL_INDENT + lines[index]
    return restored


@cache
def _settings() -> Any:
    settings = get_default_settings(Parser)
    settings.file_insertion_enabled = False
    settings.raw_enabled = False
    settings._disable_config = True  # noqa: SLF001 - the name that docutils gives the setting
    settings.report_level = settings.halt_level = 5
    settings.warning_stream = False
    settings.line_length_limit = _LONGEST_LINE
    return settings


def _tree(lines: Sequence[str]) -> nodes.document:
    text = "\n".join(_DIRECTIVE.sub(rf"\g<1>{_NOTE}\g<3>", line) for line in lines)
    tree = new_document("", copy.copy(_settings()))
    Parser().parse(_ODD_ENDS.sub(" ", text), tree)
    return tree


def _blocks(node: nodes.Element, lines: Sequence[str]) -> Iterator[Block]:
    for child in node.children:
        if isinstance(child, nodes.title):
            yield from _heading(child, lines)
        elif isinstance(child, nodes.paragraph):
            yield from _paragraph(child, lines)
        elif isinstance(child, _Noted):
            yield _directive(child, lines)
        elif isinstance(child, nodes.Element) and not isinstance(child, _OPAQUE):
            yield from _blocks(child, lines)


def _others(lines: Sequence[str], blocks: Iterable[Block]) -> Iterator[Block]:
    """Give the runs of lines that stand in none of `blocks`."""
    covered = {line for one in blocks for line in range(one.line, one.last_line + 1)}
    run: list[str] = []
    for number, text in enumerate((*lines, ""), 1):
        if text.strip() and number not in covered:
            run.append(text.strip())
        elif run:
            first, last = number - len(run), number - 1
            yield Block(kind="other", line=first, last_line=last, text="\n".join(run))
            run = []


def _heading(title: nodes.title, lines: Sequence[str]) -> Iterator[Block]:
    text = _collapsed(title.rawsource)
    around = range((title.line or 0) - 3, (title.line or 0) + 1)
    for index in around:
        if 0 <= index < len(lines) and _collapsed(lines[index]) == text:
            above = index > 0 and _is_rule(lines[index - 1])
            below = index + 1 < len(lines) and _is_rule(lines[index + 1])
            first, last = index + 1 - above, index + 1 + below
            yield Block(kind="heading", line=first, last_line=last, text=lines[index].strip())
            return


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _is_rule(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped[0].isalnum() and stripped == stripped[0] * len(stripped)


def _paragraph(node: nodes.paragraph, lines: Sequence[str]) -> Iterator[Block]:
    """Give a paragraph with its text as it stands; nothing where docutils' line is not its own."""
    printed = [_collapsed(part) for part in node.rawsource.split("\n")]
    first = node.line or 0
    own = [line.strip() for line in lines[first - 1 : first - 1 + len(printed)]] if first else []
    if own and all(part in _collapsed(line) for part, line in zip(printed, own, strict=False)):
        last = first + len(own) - 1
        yield Block(kind="paragraph", line=first, last_line=last, text="\n".join(own))


def _directive(node: _Noted, lines: Sequence[str]) -> Block:
    line, last = node["line"], node["last"]
    named = _DIRECTIVE.match(lines[line - 1])
    name = named[2].lower() if named else ""
    return Block(kind="directive", line=line, last_line=min(last, len(lines)), name=name)
