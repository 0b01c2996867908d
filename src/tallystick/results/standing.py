"""What counts against a connector, and what does not. Rule: it excuses by what was declared before
the run, never by what the run found.

A violation counts unless it is unscored (no part of the frozen set of levels), declined (what it is
about is not offered), or expected (its check may fail until a day that has not passed).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from tallystick.laws.verdict import Violation
from tallystick.levels.model import LevelSet
from tallystick.results.events import Declined, Expected

__all__ = ["Stand", "Standing", "covers"]

Stand = Literal["counts", "unscored", "declined", "expected"]


def covers(capability: str, check: str, situations: Collection[str] = ()) -> bool:
    """Tell whether a declined capability is about a check, or about one of these situations."""
    return check == capability or check.startswith(f"{capability}/") or capability in situations


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was declared before a run; `today` is an ISO date, "" where nobody knows it."""

    level_set: LevelSet
    declines: tuple[Declined, ...] = ()
    expected: tuple[Expected, ...] = ()
    today: str = ""

    def of(self, violation: Violation, check: str, situations: Collection[str]) -> Stand:
        """Say how a violation of a check stands, in a scenario that needs these situations."""
        if not self.level_set.is_scored(violation.law, violation.anomaly):
            return "unscored"
        if self.declined(check, situations) is not None:
            return "declined"
        entry = self.expectation(check)
        return "expected" if entry is not None and not self.is_over(entry) else "counts"

    def declined(self, check: str, situations: Collection[str] = ()) -> Declined | None:
        """Give what declines a check, if anything does."""
        found = (each for each in self.declines if covers(each.capability, check, situations))
        return next(found, None)

    def expectation(self, check: str) -> Expected | None:
        """Give the entry for a check that is expected to fail."""
        return next((each for each in self.expected if each.check == check), None)

    def is_over(self, entry: Expected) -> bool:
        """Tell whether the last day of an expectation has passed."""
        return bool(self.today) and entry.until < self.today

    def complaints(self, statuses: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """Say which expectations are wrong, given how each check came out: (wrong, untested)."""
        wrong, untested = [], []
        for entry in self.expected:
            status = statuses.get(entry.check, "undecided")
            if status == "holds":
                wrong.append(f"{entry.check} no longer fails: take it out of {entry.place}")
            elif status == "undecided":
                untested.append(f"{entry.check} is expected to fail, and was never put to the test")
            elif self.is_over(entry):
                wrong.append(f"{entry.check} was expected to fail until {entry.until} only")
        return wrong, untested
