"""An agreement against its checklist and its schemas. Rule: every problem, and nothing changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tallystick.checklist.agreement import AgreedPair, AgreedRow, Agreement
from tallystick.checklist.document import Document, Section
from tallystick.checklist.names import same_name
from tallystick.checklist.properties import path_problem
from tallystick.checklist.rules import creation_of
from tallystick.dataflow.model import SIDES, CreateWhen, MergeTerm, Side
from tallystick.dataflow.paths import Path
from tallystick.errors import Problem

__all__ = ["agreement_problems"]

_FITTING: Final[Mapping[str, tuple[CreateWhen, ...]]] = {
    "always": (),
    "no-match": (),
    "condition": ("condition", "always", "never"),
    "connected": ("connected", "never"),
    "never": ("always", "condition", "connected", "never"),
    "": ("always", "condition", "connected", "never"),
}
"""What can be agreed beside what the checklist says about creation ("": no leading sentence)."""


def agreement_problems(agreement: Agreement, document: Document) -> list[Problem]:
    """Give what in `agreement` doesn't fit `document`, or the agreement's own schemas."""
    check = _Check(agreement, document)
    return [*check.header(), *check.types(), *check.pairs()]


def section_type(section: Section, side: Side) -> str:
    """Give the name of the section's type on `side`."""
    return section.source_type if side == "source" else section.target_type


class _Check:
    def __init__(self, agreement: Agreement, document: Document) -> None:
        self._agreed = agreement
        self._document = document
        self._types: dict[Side, list[str]] = {
            side: list(dict.fromkeys(section_type(one, side) for one in document.sections))
            for side in SIDES
        }

    def _problem(self, line: int, text: str, remedy: str) -> Problem:
        return Problem(file=self._agreed.file, line=line, text=text, remedy=remedy)

    def header(self) -> Iterator[Problem]:
        document = self._document
        own = f"{document.source} to {document.target}"
        if self._agreed.checklist and not same_name(self._agreed.checklist, own):
            text = f"the agreement is for {self._agreed.checklist!r}, the checklist is {own!r}"
            remedy = "Give the agreement that belongs to this checklist."
            yield self._problem(self._agreed.checklist_line, text, remedy)
        for side, (name, line) in self._agreed.names.items():
            title = document.source if side == "source" else document.target
            if title and not same_name(title, name):
                text = f"the {side} system is {title!r} in the checklist, not {name!r}"
                yield self._problem(line, text, "Take the name out; the checklist has one.")

    def types(self) -> Iterator[Problem]:
        for (side, name), entry in self._agreed.types.items():
            if name not in self._types[side]:
                text = f"the checklist has no {side} type {name!r}"
                yield self._problem(entry.line, text, self._choices(side))
        for side in SIDES:
            taken: dict[str, str] = {}
            for (of, name), entry in self._agreed.types.items():
                if of == side and entry.path and taken.setdefault(entry.path, name) != name:
                    text = f"two {side} types have the path {entry.path!r}"
                    yield self._problem(entry.line, text, "Give each type a path of its own.")

    def _choices(self, side: Side) -> str:
        names = ", ".join(map(repr, self._types[side])) or "none"
        return f"The checklist's {side} types are: {names}."

    def pairs(self) -> Iterator[Problem]:
        seen: dict[tuple[str, str, int], int] = {}
        for pair in self._agreed.pairs:
            key = (pair.source, pair.target, pair.number)
            if seen.setdefault(key, pair.line) != pair.line:
                text = f"the pair {pair.source!r} to {pair.target!r} stands here a second time"
                remedy = f"Join it with the block on line {seen[key]}."
                yield self._problem(pair.line, text, remedy)
            sections = self._sections(pair)
            if sections:
                yield from self._pair(pair, sections)
            else:
                yield self._problem(pair.line, self._no_pair(pair), self._known_pairs())

    def _sections(self, pair: AgreedPair) -> list[Section]:
        return [
            one
            for one in self._document.sections
            if (one.source_type, one.target_type) == (pair.source, pair.target)
            and pair.number in (0, one.number)
        ]

    def _no_pair(self, pair: AgreedPair) -> str:
        number = f" with number {pair.number}" if pair.number else ""
        return f"the checklist has no pair {pair.source!r} to {pair.target!r}{number}"

    def _known_pairs(self) -> str:
        names = [f"{one.source_type!r} to {one.target_type!r}" for one in self._document.sections]
        return f"The checklist's pairs are: {', '.join(names) or 'none'}."

    def _pair(self, pair: AgreedPair, sections: Sequence[Section]) -> Iterator[Problem]:
        yield from self._creation(pair, sections)
        for terms, line in zip(pair.merge, pair.merge_lines, strict=True):
            yield from (problem for term in terms for problem in self._term(pair, term, line))
        listed = [(row.source.path, row.target.path) for one in sections for row in one.properties]
        for row in pair.rows:
            yield from self._row(pair, row)
            if row.printed in listed:
                text = f"the checklist has the row {_both(row)} already"
                yield self._problem(row.line, text, "Say it under `amend`.")
        for row in pair.amendments:
            yield from self._row(pair, row)
            if row.printed not in listed:
                text = f"the checklist has no row {_both(row)} to amend"
                remedy = "Say it under `properties`, or spell it as the checklist does."
                yield self._problem(row.line, text, remedy)
        yield from self._mixed(pair)

    def _creation(self, pair: AgreedPair, sections: Sequence[Section]) -> Iterator[Problem]:
        create = pair.create
        if create is None:
            return
        for section in sections:
            said = creation_of(section, self._document).rule
            if create.when not in _FITTING[said]:
                text = f"`create` contradicts the checklist, which says {said!r} (line"
                text += f" {section.heading.line})"
                yield self._problem(pair.create_line, text, "Take `create` out.")
        for term in create.condition:
            yield from self._path(pair, "source", term.path, pair.create_line)
        for name in create.by:
            if name not in self._types["source"]:
                text = f"`create`: the checklist has no source type {name!r}"
                yield self._problem(pair.create_line, text, self._choices("source"))

    def _term(self, pair: AgreedPair, term: MergeTerm, line: int) -> Iterator[Problem]:
        yield from self._path(pair, "source", term.source, line)
        yield from self._path(pair, "target", term.target, line)

    def _row(self, pair: AgreedPair, row: AgreedRow) -> Iterator[Problem]:
        for side in SIDES:
            yield from self._path(pair, side, row.path(side), row.line)
        if row.source.is_key and row.target.is_key:
            text = "the row has the record's own key on both sides; nothing can be synchronized"
            yield self._problem(row.line, text, "Name a property on one side.")
        for term in row.when or ():
            yield from self._path(pair, term.side, term.path, row.line)
        if row.reference:
            yield from self._named("source", row.reference.source, row.line)
            yield from self._named("target", row.reference.target, row.line)

    def _named(self, side: Side, name: str, line: int) -> Iterator[Problem]:
        if name and name not in self._types[side]:
            text = f"the reference is to {name!r}, which is no {side} type of the checklist"
            yield self._problem(line, text, self._choices(side))

    def _path(self, pair: AgreedPair, side: Side, path: Path, line: int) -> Iterator[Problem]:
        schema = self._agreed.schema_of(side, pair.type_on(side))
        wrong = "" if path.is_key or not schema else path_problem(schema, path.text)
        if wrong:
            text = f"{side} type {pair.type_on(side)!r}: {wrong}"
            yield self._problem(line, text, "Correct the path, or the type's schema.")

    def _mixed(self, pair: AgreedPair) -> Iterator[Problem]:
        """Rows of one list are matched by position, or by `when`, not both."""
        lists: dict[tuple[Side, str], tuple[bool, int]] = {}
        for row in pair.rows:
            for side in SIDES:
                path = row.path(side)
                if path.in_list:
                    picks = any(term.side == side and term.path.in_list for term in row.when or ())
                    key = (side, path.list_text)
                    before = lists.setdefault(key, (picks, row.line))
                    if before[0] != picks:
                        text = f"the list {path.list_text!r} is matched by position and by `when`"
                        remedy = f"Choose one; compare line {before[1]}."
                        yield self._problem(row.line, text, remedy)


def _both(row: AgreedRow) -> str:
    return f"{row.printed[0]!r} to {row.printed[1]!r}"
