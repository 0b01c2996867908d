"""What is wrong with a document, as values. Rule: a code is defined here, once, with its remedy.

`CODES` is the table; the reader and the builder only say where and what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["CODES", "Code", "Finding", "Severity", "finding"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of finding: how bad it is, and what to do about it."""

    severity: Severity
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect of a document: lines `line` to `last_line` (1-based) of `file`."""

    code: str
    file: str
    line: int
    last_line: int
    severity: Severity
    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.text} [{self.code}]"


_GENERATOR = "Report it to whoever runs the generator"
_AGREE = "Say in the agreement file what holds"

CODES: Final[Mapping[str, Code]] = {
    # -- the document
    "not-utf8": Code(
        severity="warning", remedy="Save the document as UTF-8; the bytes were replaced."
    ),
    "missing-title": Code(
        severity="warning",
        remedy="Restore the title `<Source> to <Target> Dataflow` between two lines of `=`.",
    ),
    "empty-system-name": Code(
        severity="warning",
        remedy="Name the system in the agreement: `[systems.target]`, `name = …`.",
    ),
    "no-sections": Code(
        severity="warning", remedy=f"{_GENERATOR}: nothing is synchronized by this document."
    ),
    "file-directive": Code(
        severity="error",
        remedy="Take the directive out; a checklist never reads other files, and this was not.",
    ),
    "foreign-directive": Code(
        severity="error", remedy="Take the directive out; a checklist holds list-tables only."
    ),
    "unread-text": Code(
        severity="error", remedy="Take the text out, or bring it into one of the known forms."
    ),
    "sentence-outside-section": Code(
        severity="error", remedy="Restore the heading of the sentence's section; it was not read."
    ),
    # -- a section
    "unknown-section": Code(
        severity="error",
        remedy="Head the section `<Source> <Type> to <Target> <Type>`.",
    ),
    "empty-type-name": Code(severity="warning", remedy="Name the type in the section's heading."),
    "spelling-drift": Code(
        severity="note", remedy=f"{_GENERATOR}, or ignore it: the same system is meant."
    ),
    "foreign-system": Code(
        severity="warning", remedy=f"{_GENERATOR}: the title names other systems."
    ),
    "duplicate-section": Code(
        severity="warning", remedy="Keep one of them, or give each its own number in the agreement."
    ),
    "unknown-sentence": Code(
        severity="error",
        remedy="Bring the sentence into one of the forms of the dialect; nothing was read from it.",
    ),
    "missing-lead": Code(
        severity="error",
        remedy="Begin the section with a sentence that says when records are synchronized.",
    ),
    "second-lead": Code(severity="error", remedy="Keep one leading sentence; the first counts."),
    "repeated-sentence": Code(severity="warning", remedy="Keep one of them; the first counts."),
    "sentence-order": Code(severity="note", remedy=f"{_GENERATOR}; the order changes nothing."),
    "half-no-match": Code(
        severity="warning",
        remedy="Restore both lines: what happens with a match, and what happens without one.",
    ),
    "missing-sentence": Code(severity="warning", remedy="Restore the section's last sentences."),
    "condition-in-prose": Code(
        severity="warning",
        remedy='Give the condition in the agreement: `create = { when = "condition", … }`.',
    ),
    "contradictory-creation": Code(
        severity="warning", remedy=f"{_AGREE}; until then the narrower sentence counts."
    ),
    "nothing-links": Code(
        severity="warning", remedy=f"{_AGREE}: a `merge` rule or a `create` rule."
    ),
    "connected-without-section": Code(
        severity="warning",
        remedy='Name the source types in the agreement: `create = { when = "connected", … }`.',
    ),
    "connected-without-reference": Code(
        severity="warning",
        remedy="Say in the agreement which row holds the other record's key: `reference = …`.",
    ),
    # -- tables
    "table-without-sentence": Code(
        severity="warning", remedy="Restore the sentence that stands before the table."
    ),
    "missing-table": Code(severity="warning", remedy="Restore the table below the sentence."),
    "table-header": Code(severity="warning", remedy="Restore the table's header row."),
    "cell-count": Code(severity="error", remedy="Give the row one cell for each column."),
    "row-outside-table": Code(severity="error", remedy="Move the row into its table."),
    "empty-property-table": Code(
        severity="note", remedy="Fill it from the agreement: `properties = […]`."
    ),
    "blank-cell": Code(severity="warning", remedy="Name the property; the row is not used."),
    "merge-without-row": Code(
        severity="warning", remedy=f"{_AGREE}: `merge = […]`; the rule can link nothing."
    ),
    "unreadable-path": Code(severity="error", remedy="Write the path as `segment.segment`."),
    "empty-path-segment": Code(severity="warning", remedy=f"{_GENERATOR}; the row isn't judged."),
    "hidden-conversion": Code(
        severity="note", remedy="Give the conversion in the agreement: `amend`, `type = …`."
    ),
    "opaque-data-type": Code(
        severity="warning", remedy="Give the data type in the agreement: `amend`, `type = …`."
    ),
    "dependency-not-executable": Code(
        severity="warning",
        remedy="Translate it in the agreement: `[meanings]`, or `amend` with `when = […]`.",
    ),
    "dependency-contradictory": Code(
        severity="warning", remedy="Say in the agreement which value holds: `when = […]`."
    ),
    "mapped-key": Code(
        severity="note",
        remedy="Say in the agreement how the keys correspond: `amend` with `reference` or `type`.",
    ),
    "assumed-list": Code(
        severity="note", remedy="Give the record's JSON Schema, or mark the list with `[]`."
    ),
}


def finding(code: str, file: str, line: int, text: str, *, last_line: int = 0) -> Finding:
    """Make a finding with the severity and the remedy that `CODES` gives."""
    entry = CODES[code]
    return Finding(
        code=code,
        file=file,
        line=line,
        last_line=max(line, last_line),
        severity=entry.severity,
        text=text,
        remedy=entry.remedy,
    )
