"""What can be wrong with a document. Rule: a code is defined here, once, with its explanation.

An *error* is something that was left out, or not read; a *warning* something that can't be executed
or judged as it stands; a *note* something to know. Codes are never used again for anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["CODES", "SEVERITIES", "Code", "Severity"]

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: how bad it is, what it means, and what to do about it."""

    severity: Severity
    means: str
    remedy: str


_GENERATOR: Final = "Report it to whoever runs the generator"
_AGREE: Final = "Say in the agreement file what holds"

_DOCUMENT: Final[Mapping[str, Code]] = {
    "no-checklist": Code(
        "error",
        "The file can't be read, or it is no checklist at all.",
        "Give a checklist: its title is `<Source> to <Target> Dataflow`.",
    ),
    "not-utf8": Code(
        "warning",
        "Some bytes of the document are no UTF-8; they were replaced before reading.",
        "Save the document as UTF-8; the bytes were replaced.",
    ),
    "missing-title": Code(
        "warning",
        "The title names the two systems. Without its frame it is no heading.",
        "Restore the title `<Source> to <Target> Dataflow` between two lines of `=`.",
    ),
    "empty-system-name": Code(
        "warning",
        "The title leaves out a system's name, and so do headings and sentences.",
        "Name the system in the agreement: `[systems.target]`, `name = …`.",
    ),
    "no-sections": Code(
        "warning",
        "The document has no section, so no type is synchronized.",
        f"{_GENERATOR}: nothing is synchronized by this document.",
    ),
    "file-directive": Code(
        "error",
        "The document asks for another file to be read. That is never done.",
        "Take the directive out; a checklist never reads other files, and this was not.",
    ),
    "foreign-directive": Code(
        "error",
        "The document has a directive that the dialect doesn't know; its text was not read.",
        "Take the directive out; a checklist holds list-tables only.",
    ),
    "unread-text": Code(
        "error",
        "Nothing could be made of these lines; whatever they say is not tested.",
        "Take the text out, or bring it into one of the known forms.",
    ),
    "sentence-outside-section": Code(
        "error",
        "A sentence about synchronization stands where no section is, so it belongs to no pair.",
        "Restore the heading of the sentence's section; it was not read.",
    ),
    "unmirrored-type": Code(
        "warning",
        "One direction synchronizes a pair of types that the other direction doesn't list.",
        f"{_GENERATOR}: what keeps in sync both ways stands in both checklists.",
    ),
}

_SECTION: Final[Mapping[str, Code]] = {
    "unknown-section": Code(
        "error",
        "The heading names no pair of types.",
        "Head the section `<Source> <Type> to <Target> <Type>`.",
    ),
    "empty-type-name": Code(
        "warning",
        "The heading names a system, but not which of its types.",
        "Name the type in the section's heading.",
    ),
    "spelling-drift": Code(
        "note",
        "The same system, or pair, is spelled in two ways in one document.",
        f"{_GENERATOR}, or ignore it: the same system is meant.",
    ),
    "foreign-system": Code(
        "warning",
        "The section is about another system than the title.",
        f"{_GENERATOR}: the title names other systems.",
    ),
    "duplicate-section": Code(
        "note",
        "The section says once more what an earlier one says.",
        "Keep one of them, or give each its own number in the agreement.",
    ),
    "duplicate-section-rules": Code(
        "warning",
        "Two sections about the same types have different rules; both are tested.",
        "Keep one of them, or give each its own number in the agreement.",
    ),
    "duplicate-section-rows": Code(
        "warning",
        "Two sections about the same types list different properties; both are tested.",
        "Keep one of them, or give each its own number in the agreement.",
    ),
    "unknown-sentence": Code(
        "error",
        "The sentence fits none of the forms of the dialect, so nobody tests what it says.",
        "Bring the sentence into one of the forms of the dialect; nothing was read from it.",
    ),
    "missing-lead": Code(
        "error",
        "Each section begins with a sentence that says when records are synchronized.",
        "Begin the section with a sentence that says when records are synchronized.",
    ),
    "second-lead": Code(
        "error",
        "Two sentences of one section say when records are synchronized.",
        "Keep one leading sentence; the first counts.",
    ),
    "repeated-sentence": Code(
        "warning",
        "A section says something twice.",
        "Keep one of them; the first counts.",
    ),
    "sentence-order": Code(
        "note",
        "The sentences of a section stand in an unusual order.",
        f"{_GENERATOR}; the order changes nothing.",
    ),
    "half-no-match": Code(
        "warning",
        "What happens with a match and without one is said in two lines; one is missing.",
        "Restore both lines: what happens with a match, and what happens without one.",
    ),
    "missing-sentence": Code(
        "warning",
        "A section ends with two sentences: what keeps in sync, and which properties do.",
        "Restore the section's last sentences.",
    ),
    "condition-in-prose": Code(
        "warning",
        "Records are synchronized on a condition that is written for people only.",
        'Give the condition in the agreement: `create = { when = "condition", … }`.',
    ),
    "contradictory-creation": Code(
        "warning",
        "One sentence creates records always, another one only sometimes.",
        f"{_AGREE}; until then the narrower sentence counts.",
    ),
    "nothing-links": Code(
        "warning",
        "The section asks for a link, but has no rule that could make one.",
        f"{_AGREE}: a `merge` rule or a `create` rule.",
    ),
    "connected-without-section": Code(
        "warning",
        "Creation depends on a type for which the document has no section.",
        'Name the source types in the agreement: `create = { when = "connected", … }`.',
    ),
    "connected-without-reference": Code(
        "warning",
        "Creation depends on another record, but no row says which property refers to it.",
        "Say in the agreement which row holds the other record's key: `reference = …`.",
    ),
}

_TABLE: Final[Mapping[str, Code]] = {
    "table-without-sentence": Code(
        "warning",
        "No sentence says what the table is for.",
        "Restore the sentence that stands before the table.",
    ),
    "missing-table": Code(
        "warning",
        "A sentence announces a table that isn't there.",
        "Restore the table below the sentence.",
    ),
    "table-header": Code(
        "warning",
        "The table's first row is no header, or has another number of cells.",
        "Restore the table's header row.",
    ),
    "cell-count": Code(
        "error",
        "A row has more or fewer cells than its table has columns.",
        "Give the row one cell for each column.",
    ),
    "row-outside-table": Code(
        "error",
        "Text that looks like a table's row stands outside any table; it was not read.",
        "Move the row into its table.",
    ),
    "empty-property-table": Code(
        "note",
        "The section lists no property, so only creation and links can be tested.",
        "Fill it from the agreement: `properties = […]`.",
    ),
    "merge-blank-cell": Code(
        "warning",
        "A combination to merge by names a property on one side only.",
        "Name the property; the combination is not used.",
    ),
    "merge-not-used": Code(
        "warning",
        "A combination to merge by can't be executed: it applies under a condition, or a path in it"
        " leads to what is no value.",
        f"{_AGREE}: `merge = […]`; the combination is not used.",
    ),
    "merge-without-row": Code(
        "warning",
        "The rule to merge by has no combination that can be used.",
        f"{_AGREE}: `merge = […]`; the rule can link nothing.",
    ),
    "merge-on-key": Code(
        "note",
        "Records merge by a key. Each system assigns its own keys, so equal ones are an accident"
        " unless one of the two holds the other's.",
        f"{_AGREE}: a property that both systems know, as `merge = […]`.",
    ),
}

_ROW: Final[Mapping[str, Code]] = {
    "blank-cell": Code(
        "warning",
        "A row names a property on one side only.",
        "Name the property; the row is not used.",
    ),
    "unreadable-path": Code(
        "error",
        "What stands in the cell is no path of a property.",
        "Write the path as `segment.segment`.",
    ),
    "empty-path-segment": Code(
        "warning",
        "A path has two dots in a row, or one at an end; nobody knows which property is meant.",
        f"{_GENERATOR}; the row isn't judged.",
    ),
    "duplicate-row": Code(
        "note",
        "The table has the same row twice.",
        "Keep one of them; the second changes nothing.",
    ),
    "fan-in": Code(
        "note",
        "Several properties of the source write one of the target. Where they disagree, the target"
        " holds one of them.",
        f"{_AGREE}, if one of them is to win.",
    ),
    "fan-out": Code(
        "note",
        "One property of the source writes several of the target; edits of any of them reach all.",
        "Make sure that this is meant; nothing else needs to be done.",
    ),
    "trigger-source": Code(
        "warning",
        "A property of the source stands in so many rows that it starts something rather than"
        " being copied.",
        f"{_AGREE}: `amend` the rows that do copy it; until then they aren't judged by value.",
    ),
    "mapping-cycle": Code(
        "note",
        "The rows run in a circle: an edit of one property comes back through others.",
        "Make sure that the circle is meant, and take a row out if not.",
    ),
    "value-and-object": Code(
        "warning",
        "A path is used as a value, and another one leads through it; it can't be both.",
        "Give the record's JSON Schema in the agreement, or report it to whoever maps the systems.",
    ),
    "same-target-types": Code(
        "warning",
        "Rows that write one property have different data types.",
        "Say in the agreement which one holds: `amend`, `type = …`.",
    ),
    "hidden-conversion": Code(
        "note",
        "`N/A` is a conversion that the generator doesn't print: the value isn't judged, only that"
        " a change arrives.",
        "Give the conversion in the agreement: `amend`, `type = …`.",
    ),
    "opaque-data-type": Code(
        "warning",
        "The data type can't be understood: the value isn't judged, only that a change arrives.",
        "Give the data type in the agreement: `amend`, `type = …`.",
    ),
    "repaired-data-type": Code(
        "note",
        "The data type had lost brackets or values in printing; only one expression fits what is"
        " left, and that one is tested.",
        f"{_GENERATOR}; if another data type is meant, `amend` the row in the agreement.",
    ),
    "lossy-data-type": Code(
        "warning",
        "The data type can't keep every value of the source: what it drops can't come back.",
        "Make sure that the loss is meant; otherwise correct the data type.",
    ),
    "dependency-blank": Code(
        "warning",
        "A row depends on a property or a value that isn't printed; the row isn't judged.",
        "Say in the agreement when the row applies: `amend` with `when = […]`.",
    ),
    "dependency-hub-id": Code(
        "warning",
        "A row depends on an id of the hub's own, which no record holds; the row isn't judged.",
        "Translate it in the agreement: `[meanings]`, or `amend` with `when = […]`.",
    ),
    "dependency-contradictory": Code(
        "warning",
        "A row depends on one property having two values at once; the row isn't judged.",
        "Say in the agreement which value holds: `amend` with `when = […]`.",
    ),
    "mapped-key": Code(
        "note",
        "Both sides look like keys of records: they correspond through links, not as copies.",
        "Say in the agreement how the keys correspond: `amend` with `reference` or `type`.",
    ),
    "reference-to-value": Code(
        "note",
        "One side looks like the key of a record, the other doesn't: the hub translates between"
        " them.",
        "Say in the agreement what becomes of it: `amend` with `reference` or `type`.",
    ),
    "assumed-list": Code(
        "note",
        "A row picks one of several by another property, so there must be a list.",
        "Give the record's JSON Schema, or mark the list with `[]`.",
    ),
    "row-not-judged": Code(
        "warning",
        "No record could hold what the row says beside what other rows say, so it isn't judged.",
        "Give the record's JSON Schema in the agreement, or `amend` the row.",
    ),
    "unmirrored-row": Code(
        "warning",
        "One direction synchronizes a property that the other direction doesn't list.",
        f"{_GENERATOR}: what keeps in sync both ways stands in both checklists.",
    ),
}

CODES: Final[Mapping[str, Code]] = {**_DOCUMENT, **_SECTION, **_TABLE, **_ROW}
"""Every code, in the order in which a document has such places."""
