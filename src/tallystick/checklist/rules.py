"""What a section's sentences say about creation. Rule: what can't be executed is never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tallystick.checklist.document import Document, Section, Sentence
from tallystick.checklist.names import bare_name, split_name
from tallystick.dataflow.model import StatementKind

__all__ = ["NO_SECTION", "Rule", "creation_of"]

NO_SECTION: Final = "the types that it names have no section here"
"""Why a rule about connected records can't be executed by this document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule of creation, and the sentence that says it.

    `rule` is "" where no sentence leads the section. `missing` says what the agreement has to give
    before the rule can be executed; `by` are the source types of "connected to", `unknown` the
    names in it that no section has.
    """

    rule: Literal["always", "no-match", "condition", "connected", "never", ""]
    kind: StatementKind | None = None
    missing: str = ""
    by: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def creation_of(section: Section, document: Document) -> Rule:
    """Give what the sentences of `section` say about creation."""
    lead = section.sentence("lead-always", "lead-condition", "lead-link")
    connected = section.sentence("connected")
    if connected:
        by, unknown = _connected_types(connected, section, document)
        prose = lead is not None and lead.kind == "lead-condition"
        missing = "" if by else NO_SECTION
        if prose:
            missing = "its condition is prose, and it asks for a connection as well"
        return Rule(rule="connected", kind="connected", missing=missing, by=by, unknown=unknown)
    if lead is None:
        return Rule(rule="", missing="no sentence says when records are synchronized")
    if lead.kind == "lead-condition":
        return Rule(rule="condition", kind=lead.kind, missing="its condition is prose")
    if lead.kind == "lead-always":
        no_match = section.sentence("no-match")
        kind: StatementKind = no_match.kind if no_match else lead.kind
        return Rule(rule="no-match" if no_match else "always", kind=kind)
    return Rule(rule="never", kind=lead.kind)


def _connected_types(
    sentence: Sentence, section: Section, document: Document
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the source types that "connected to" names, and the names that no section has."""
    known = {bare_name(one.source_type): one.source_type for one in document.sections}
    systems = (section.source_system, document.source)
    prefixes = [bare_name(name) for one in systems for name in (one, *one.split()[:1]) if name]
    by: dict[str, None] = {}
    unknown: list[str] = []
    for index, name in enumerate(sentence.connections):
        spellings = [name] if index else _without_system(name)
        found = next(filter(None, (_find(bare_name(x), known, prefixes) for x in spellings)), "")
        if found:
            by[found] = None
        else:
            unknown.append(name if index else split_name(name, section.source_system).type or name)
    return tuple(by), tuple(unknown)


def _without_system(name: str) -> list[str]:
    """Give what can be the type in `Shop Central Orders`: the system's name stands before it."""
    words = name.split()
    return [" ".join(words[count:]) for count in range(len(words))]


def _find(name: str, known: dict[str, str], prefixes: list[str]) -> str:
    if name in known:
        return known[name]
    for prefix in prefixes:
        if name.startswith(prefix) and name[len(prefix) :] in known:
            return known[name[len(prefix) :]]
    return ""
