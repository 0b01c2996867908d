"""What judging gives, as data. Rule: no sentence is made here.

A `Violation` says which law was broken, by what, where in the checklist and when in the journal.
A `Judgement` is what one journal gave: violations, and how often each law and row was really put
to the test. Judgements add up; a law that was never put to the test is undecided, never holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from tallystick.canonical import Json
from tallystick.dataflow.model import Origin, Side

__all__ = ["Judgement", "RecordName", "Status", "Violation", "merge_judgements"]

Status = Literal["holds", "violated", "undecided", "unspecified", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordName:
    """A record as people name it: `label` is the script's ("" where the connector made it)."""

    side: Side
    type: str
    key: str | int
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken law.

    `anomaly` is the kind of breach, the key of its words; `pair` is the pair's number (0: none),
    `row` the index of the row in it (-1: none), `direction` the side that the edit should have
    reached; `expected` and `found` are values or short facts; `event` is the index in the journal.
    """

    law: str
    anomaly: str
    event: int
    pair: int = 0
    row: int = -1
    direction: Side | None = None
    records: tuple[RecordName, ...] = ()
    expected: Json = None
    found: Json = None
    place: int = 0
    situation: str = ""
    origin: Origin = Origin()
    note: str = ""


Check = tuple[str, int]  # law, pair's number (0: all of them)
RowCheck = tuple[int, int, Side]  # pair's number, row's index, the side that edits should reach


@dataclass(slots=True)
class Judgement:
    """What one or several journals gave."""

    violations: list[Violation] = field(default_factory=list)
    tested: Counter[Check] = field(default_factory=Counter)
    arrived: Counter[RowCheck] = field(default_factory=Counter)
    reach: Counter[str] = field(default_factory=Counter)
    settles: int = 0
    edits: int = 0
    exchanges: int = 0
    journals: int = 0
    unreached: list[str] = field(default_factory=list)  # what leaves a property undecided

    def add(self, other: Judgement) -> None:
        """Add what another journal gave."""
        self.violations.extend(other.violations)
        self.tested.update(other.tested)
        self.arrived.update(other.arrived)
        self.reach.update(other.reach)
        self.settles += other.settles
        self.edits += other.edits
        self.exchanges += other.exchanges
        self.journals += other.journals
        self.unreached += other.unreached


def merge_judgements(judgements: Iterable[Judgement]) -> Judgement:
    """Add up any number of judgements."""
    total = Judgement()
    for judgement in judgements:
        total.add(judgement)
    return total
