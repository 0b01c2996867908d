"""One run as data: everything that its files and reports say. Rule: values only; who makes them is
`tally`, who shows them is `report`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tallystick.levels.model import Levels
from tallystick.results.events import About, Failure

__all__ = [
    "FORMAT",
    "CheckResult",
    "Counts",
    "PolicyResult",
    "RowResult",
    "RunResult",
    "SectionResult",
    "SentenceResult",
    "TickResult",
    "Weathered",
]

FORMAT: Final = "tallystick-verdict/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TickResult:
    """One tick. `count` says how often it was put to the test, `scenarios` in how many scenarios,
    `laws` by which laws (of a sentence); `checks` are the failed checks that stand behind a ✗.
    """

    status: str
    count: int = 0
    note: str = ""
    laws: Mapping[str, int] = field(default_factory=dict)
    scenarios: int = 0
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceResult:
    """A sentence of the checklist; `by` is `checklist`, `agreement`, `default` or `assumed`."""

    kind: str
    text: str
    tick: TickResult
    file: str = ""
    line: int = 0
    by: str = "checklist"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """A property row, ticked in both directions."""

    source: str
    target: str
    type: str
    to_target: TickResult
    to_source: TickResult
    file: str = ""
    line: int = 0
    by: str = "checklist"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionResult:
    """One section of the checklist."""

    name: str
    source: str
    target: str
    sentences: tuple[SentenceResult, ...]
    rows: tuple[RowResult, ...]
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """What happens where the checklist is silent: a policy, its choice, and who said so."""

    name: str
    choice: str
    by: str
    tick: TickResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check. `status` is holds, violated, undecided, declined, expected (to fail, and it did)
    or unscored.

    `tested` says how often it was put to the test, `violations` how many there were; `level` is the
    first level that asks for it; `expected` is the reason for which it may fail, `declined` the
    reason for which it is not offered.
    """

    id: str
    law: str
    title: str
    status: str
    tested: int = 0
    violations: int = 0
    level: str = ""
    expected: str = ""
    declined: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was done."""

    scenarios: int = 0
    planned: int = 0
    failed: int = 0
    others: int = 0
    edits: int = 0
    exchanges: int = 0
    settles: int = 0
    worlds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weathered:
    """How often a law was put to the test in one weather, and how often it was broken there."""

    tested: int = 0
    violated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run came to.

    `complete` is False for a run that was cut short (`why` says how): it has no verdict beyond its
    exit status. `reach` says how often each situation occurred, `weather` by law and weather how
    often it was put to the test. `notes` are what a person should know besides.
    """

    about: About
    status: str
    exit_status: int
    complete: bool
    counts: Counts
    source: str = ""
    target: str = ""
    why: str = ""
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    levels: Levels | None = None
    sections: tuple[SectionResult, ...] = ()
    policies: tuple[PolicyResult, ...] = ()
    general: Mapping[str, TickResult] = field(default_factory=dict)
    ticks: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] = ()
    failures: tuple[Failure, ...] = ()
    reach: Mapping[str, int] = field(default_factory=dict)
    weather: Mapping[str, Mapping[str, Weathered]] = field(default_factory=dict)
    duration_ms: int = 0
    format: str = FORMAT

    def failures_of(self, check: str) -> list[Failure]:
        """Give the failures of a check, the one that tells it best first: its own, and short."""
        found = [failure for failure in self.failures if check in failure.checks]
        return sorted(found, key=lambda each: (each.check != check, len(each.script)))
