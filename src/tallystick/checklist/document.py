"""A checklist as it stands on paper, as values. Rule: it says what is written, not what it means.

Every value knows its lines (1-based, both ends included); `audit` says what became of each line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tallystick.checklist.findings import Finding
from tallystick.dataflow.model import Expression, StatementKind

__all__ = [
    "Cell",
    "DataType",
    "Dependency",
    "Document",
    "Heading",
    "MergeRow",
    "PropertyRow",
    "Prose",
    "Section",
    "Sentence",
    "Table",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading with the lines above and below it."""

    line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Text for people: the line of the generation's date, or a paragraph of the introduction."""

    line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the dialect.

    `source` and `target` are A and B as the sentence spells them; `prose` is the condition of a
    conditional lead; `connections` and `into` belong to "connected to".
    """

    kind: StatementKind
    line: int
    last_line: int
    text: str
    source: str = ""
    target: str = ""
    prose: str = ""
    connections: tuple[str, ...] = ()
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """`(Dependant on having VALUE in PATH)`, as printed; either can be blank."""

    value: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A property's cell: its text, and the path and dependencies that it holds."""

    text: str
    path: str
    dependencies: tuple[Dependency, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataType:
    """The third cell: as printed, and what is known of it.

    `printed`: in full; `repaired`: restored from a text that had lost its brackets, or some of its
    `"_."`; `hidden`: `N/A`, a conversion that isn't printed; `opaque`: not understood.
    `expression` is "unknown" for the last two, and `reason` says why.
    """

    text: str
    state: Literal["printed", "repaired", "hidden", "opaque"]
    expression: Expression
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyRow:
    """A row of the three-column table."""

    line: int
    last_line: int
    source: Cell
    target: Cell
    type: DataType


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """A row of the two-column table: one alternative of the merge rule."""

    line: int
    last_line: int
    source: Cell
    target: Cell

    @property
    def usable(self) -> bool:
        """Whether both sides name a property, unconditionally."""
        cells = (self.source, self.target)
        return all(cell.path and not cell.dependencies for cell in cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its header's cells and its rows; `lines` are those that are no row."""

    line: int
    lines: tuple[int, ...]
    header: tuple[str, ...]
    properties: tuple[PropertyRow, ...] = ()
    merges: tuple[MergeRow, ...] = ()

    @property
    def is_properties(self) -> bool:
        """Whether this is a property table, which can be empty."""
        return bool(self.properties) or len(self.header) > 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One entity pair. `number` counts the sections from 1 in the document's order."""

    number: int
    heading: Heading
    source_system: str
    source_type: str
    target_system: str
    target_type: str
    sentences: tuple[Sentence, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def properties(self) -> tuple[PropertyRow, ...]:
        """The rows of the property table."""
        return tuple(row for table in self.tables for row in table.properties)

    @property
    def merges(self) -> tuple[MergeRow, ...]:
        """The rows of the merge table."""
        return tuple(row for table in self.tables for row in table.merges)

    def sentence(self, *kinds: StatementKind) -> Sentence | None:
        """Give the first sentence of one of `kinds`, or None."""
        return next((one for one in self.sentences if one.kind in kinds), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole checklist. `source` and `target` are the title's names; either can be empty."""

    file: str
    source: str
    target: str
    lines: tuple[str, ...]
    headings: tuple[Heading, ...] = ()
    generated: str = ""
    prose: tuple[Prose, ...] = ()
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
