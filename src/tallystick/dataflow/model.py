"""What was agreed, as values. Rule: it knows neither documents nor wires, only their meaning.

A `Dataflow` is one ordered pair of systems; a `Pair` one entity pair in it (a checklist's section);
a `Row` one synchronized property. Everything that a person can tick carries a `Statement` or an
`Origin`: where it stands, and whether the checklist, the agreement or a default says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tallystick.canonical import Json
from tallystick.dataflow.paths import Path

__all__ = [
    "DEFAULT_POLICIES",
    "POLICY_CHOICES",
    "SIDES",
    "Api",
    "Authority",
    "Condition",
    "CreateWhen",
    "Creation",
    "Dataflow",
    "Expression",
    "FieldEquals",
    "MergeTerm",
    "Origin",
    "Pair",
    "Policies",
    "RecordType",
    "Reference",
    "Row",
    "Side",
    "Statement",
    "StatementKind",
    "System",
    "other_side",
]

Side = Literal["source", "target"]
SIDES: Final[tuple[Side, Side]] = ("source", "target")

Api = Literal["storefront/1", "ledger/1"]
Authority = Literal["checklist", "agreement", "default", "assumed"]
CreateWhen = Literal["always", "no-match", "condition", "connected", "never"]
Expression = Any
"""A data type: a plain cast's name ("integer"), or a prefix list of the hub's language."""

StatementKind = Literal[
    "lead-always",  # Every A will be synchronized with a B.
    "lead-condition",  # <prose>, it  will be synchronized with a B.
    "lead-link",  # Before any synchronization can take place, a link … must be established.
    "connected",  # A new B will be created from a A if it is connected to …
    "no-match",  # If a matching B already exists … / If no matching B is found …
    "merge",  # A A will merge with a B if one of the following property combinations match:
    "in-sync",  # Once a link … is established, it will keep in sync …
    "properties",  # The following properties are synchronized …
    "policy",  # said by the agreement only
]


def other_side(side: Side) -> Side:
    """Give the opposite side."""
    return "target" if side == "source" else "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something was said (1-based line; 0 for the whole file), and with what authority."""

    file: str = ""
    line: int = 0
    by: Authority = "checklist"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence that a person ticks. `unspecified` says why it can't be judged, if it can't."""

    kind: StatementKind
    text: str
    origin: Origin
    unspecified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One of the two systems: its name as people say it, and the dialect that its API speaks."""

    system: str
    api: Api


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """A type of record on one side: its name, its slug in URLs, its JSON Schema ({} if unknown)."""

    name: str
    path: str
    schema: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEquals:
    """`path` of a source record equals `equals`: one term of a creation condition."""

    path: Path
    equals: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """When a counterpart is created (a merge match links whatever this says).

    `unspecified` says why the checklist's own rule can't be executed; `when` is then `never`, and
    whether a counterpart appears is not judged.
    """

    when: CreateWhen
    condition: tuple[FieldEquals, ...] = ()
    by: tuple[str, ...] = ()
    unspecified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTerm:
    """Two properties whose values must be equal, as data-type images, for a match."""

    source: Path
    target: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A row's dependency: it applies to the element, or record, whose `path` is `equals`."""

    side: Side
    path: Path
    equals: Json

    @property
    def of_record(self) -> bool:
        """Whether it asks something of the record rather than of a list's element."""
        return not self.path.in_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The types, on either side, of the record whose key a row holds."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One synchronized property. `unspecified` says why its value is not judged, if it is not."""

    source: Path
    target: Path
    type: Expression | None = None
    when: tuple[Condition, ...] = ()
    reference: Reference | None = None
    origin: Origin = Origin()
    unspecified: str = ""

    def path(self, side: Side) -> Path:
        """Give the row's path on `side`."""
        return self.source if side == "source" else self.target

    def __str__(self) -> str:
        return f"{self.source.plain} ↔ {self.target.plain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An entity pair: which source type is synchronized with which target type, and how.

    `merge` is a disjunction of conjunctions. `number` counts from 1 in the document's order.
    `left_out` are rows that no connector is asked to carry: no record could hold them.
    """

    number: int
    source: str
    target: str
    create: Creation
    merge: tuple[tuple[MergeTerm, ...], ...] = ()
    rows: tuple[Row, ...] = ()
    left_out: tuple[Row, ...] = ()
    statements: tuple[Statement, ...] = ()
    origin: Origin = Origin()

    def type_on(self, side: Side) -> str:
        """Give the name of the pair's type on `side`."""
        return self.source if side == "source" else self.target

    def statement(self, *kinds: StatementKind) -> Statement | None:
        """Give the first statement of one of `kinds`, in the order of `kinds`."""
        for kind in kinds:
            for statement in self.statements:
                if statement.kind == kind:
                    return statement
        return None

    @property
    def name(self) -> str:
        """What people call the pair: `Customer` or `Order to SalesOrder`."""
        return self.source if self.source == self.target else f"{self.source} to {self.target}"


DEFAULT_POLICIES: Final[Mapping[str, str]] = {
    "conflicts": "latest-wins",
    "deletions": "propagate",
    "empty": "propagate",
    "create": "source",
}
POLICY_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "conflicts": ("latest-wins", "source-wins", "target-wins"),
    "deletions": ("propagate", "detach"),
    "empty": ("propagate", "keep"),
    "create": ("source", "both"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """What holds where the checklist is silent; `agreed` names those that somebody agreed on."""

    conflicts: Literal["latest-wins", "source-wins", "target-wins"] = "latest-wins"
    deletions: Literal["propagate", "detach"] = "propagate"
    empty: Literal["propagate", "keep"] = "propagate"
    create: Literal["source", "both"] = "source"
    agreed: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataflow:
    """Everything that was agreed about one ordered pair of systems."""

    source: System
    target: System
    source_types: Mapping[str, RecordType]
    target_types: Mapping[str, RecordType]
    pairs: tuple[Pair, ...]
    policies: Policies = Policies()
    numbers: Literal["", "exact"] = ""

    def system(self, side: Side) -> System:
        """Give the system on `side`."""
        return self.source if side == "source" else self.target

    def types(self, side: Side) -> Mapping[str, RecordType]:
        """Give the record types on `side`, by name."""
        return self.source_types if side == "source" else self.target_types

    def pairs_of(self, side: Side, type_name: str) -> tuple[Pair, ...]:
        """Give the pairs in which `type_name` takes part on `side`, in order."""
        return tuple(pair for pair in self.pairs if pair.type_on(side) == type_name)
