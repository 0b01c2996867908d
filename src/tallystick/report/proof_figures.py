"""The proof of the suite in figures. Rule: it counts and compares, and makes no page."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

__all__ = ["BUCKETS_S", "Found", "ProofLine", "figures", "within"]

BUCKETS_S: Final = (0.1, 1.0, 10.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one search: its outcome and the laws that the first failing script broke.

    `outcome` is caught, other-law, broke or missed; `seconds` are the processor's.
    """

    outcome: str
    laws: tuple[str, ...]
    scripts: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class ProofLine:
    """One faulty connector and what became of each search for it.

    `steps` is the length of the shortened story; `alone` the laws that spoke while its own was
    switched off: none is as it should be, and None where that was not asked.
    """

    name: str
    law: str
    weather: str
    story: str
    found: tuple[Found, ...]
    steps: int | None = None
    alone: tuple[str, ...] | None = None

    @cached_property
    def outcomes(self) -> Counter[str]:
        """How many searches ended how."""
        return Counter(found.outcome for found in self.found)

    @cached_property
    def laws(self) -> Counter[str]:
        """In how many searches each law was broken by the first failing script."""
        return Counter(law for found in self.found for law in found.laws)

    @property
    def caught(self) -> int:
        """How many searches ended with the declared law."""
        return self.outcomes["caught"]

    @property
    def is_proved(self) -> bool:
        """Whether each search caught it, and no other law saw one that is declared alone."""
        return self.caught == len(self.found) and not self.alone

    @property
    def counted(self) -> Sequence[Found]:
        """The searches whose figures count: those that caught it, or all if none did."""
        return [found for found in self.found if found.outcome == "caught"] or self.found

    @property
    def scripts(self) -> float:
        """The median of the scripts that it took."""
        return statistics.median(found.scripts for found in self.counted)

    @property
    def seconds(self) -> float:
        """The median of the seconds that it took."""
        return statistics.median(found.seconds for found in self.counted)


def figures(lines: Sequence[ProofLine]) -> list[tuple[str, str, str]]:
    """Give each figure: what it says, how much it is, and what was to be reached (or nothing)."""
    searches = [found for line in lines for found in line.found]
    always = [line for line in lines if line.caught == len(line.found)]
    caught = [found for found in searches if found.outcome == "caught"]
    rows = [
        ("faulty connectors caught each time", f"{len(always)} of {len(lines)}", "all"),
        ("searches that ended with the declared law", f"{len(caught)} of {len(searches)}", "all"),
        ("searches in which the connector broke off", _count(searches, "broke"), "none"),
        ("searches in which another law spoke first", _count(searches, "other-law"), "none"),
        ("searches that found nothing", _count(searches, "missed"), "none"),
    ]
    if caught:
        rows += _efforts([line for line in lines if line.caught], [f.scripts for f in caught])
    steps = [line.steps for line in lines if line.steps is not None]
    if steps:
        rows.append(("steps of a shortened story, median", _short(steps), "at most 4"))
        rows.append(("steps of a shortened story, most", str(max(steps)), "at most 6"))
    alone = [line for line in lines if line.alone is not None]
    passed = sum(1 for line in alone if not line.alone)
    if alone:
        rows.append(
            ("declared alone, and passed without their law", f"{passed} of {len(alone)}", "all")
        )
    return rows


def _efforts(lines: Sequence[ProofLine], scripts: Sequence[int]) -> list[tuple[str, str, str]]:
    hughes = "published: 5.8, for model-based properties and 8 bugs (Hughes)"
    return [
        (
            "scripts to catch, median of the medians",
            _short([x.scripts for x in lines]),
            "at most 8",
        ),
        ("scripts to catch, mean of all searches", f"{statistics.mean(scripts):.1f}", hughes),
        ("scripts to catch, 95th percentile", str(_percentile(scripts, 95)), "at most 150"),
        (
            "seconds to catch, median of the medians",
            f"{statistics.median(line.seconds for line in lines):.2f}",
            "at most 1",
        ),
    ]


def within(lines: Sequence[ProofLine]) -> Mapping[float, int]:
    """Give how many faulty connectors were caught within so many seconds, by the median."""
    caught = [line.seconds for line in lines if line.caught]
    return {limit: sum(1 for seconds in caught if seconds <= limit) for limit in BUCKETS_S}


def _count(searches: Sequence[Found], outcome: str) -> str:
    return str(sum(1 for found in searches if found.outcome == outcome))


def _short(values: Sequence[float]) -> str:
    return f"{statistics.median(values):g}"


def _percentile(values: Sequence[int], share: int) -> int:
    """Give the smallest value that so many of a hundred do not exceed."""
    return sorted(values)[max(0, -(-len(values) * share // 100) - 1)]
