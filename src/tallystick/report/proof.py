"""The proof of the suite, as a table for people. Rule: figures come in, Markdown goes out."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["ProofLine", "proof_page"]

BUCKETS_S: Final = (0.1, 1.0, 10.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """One faulty connector over all its seeds; figures are medians over the seeds that caught it.

    `outcomes` counts what became of the searches; `steps` is the length of the shortened story.
    """

    name: str
    law: str
    weather: str
    story: str
    outcomes: Mapping[str, int]
    scripts: float
    seconds: float
    steps: int | None

    @property
    def searches(self) -> int:
        """How many searches there were."""
        return sum(self.outcomes.values())

    @property
    def caught(self) -> int:
        """How many of them ended with the declared law."""
        return self.outcomes.get("caught", 0)


def proof_page(lines: Sequence[ProofLine], *, seeds: int, scripts: int, command: str) -> str:
    """Give the whole page, in Markdown."""
    return "\n".join((*_summary(lines, seeds, scripts, command), "", *_table(lines), ""))


_INTRODUCTION: Final = """\
# Proof

Each faulty connector is a small change to the reference, with the law that must catch it.
A search tries random scripts until one brings something to light; it counts as caught only
where the declared law is among those that this script shows broken.
"""


def _summary(lines: Sequence[ProofLine], seeds: int, scripts: int, command: str) -> Iterable[str]:
    caught = [line for line in lines if line.caught == line.searches]
    yield _INTRODUCTION
    yield f"Written by `{command}`."
    yield ""
    yield f"- {len(caught)} of {len(lines)} faulty connectors were caught by their law each time"
    yield f"  (seeds: {seeds}; scripts for each search: at most {scripts})."
    if not caught:
        return
    yield f"- Median of the median scripts to catch: {_median(x.scripts for x in caught):g};"
    yield f"  95th percentile: {_percentile([x.scripts for x in caught], 95):g}."
    yield f"- Median of the median seconds to catch: {_median(x.seconds for x in caught):.2f}."
    steps = [line.steps for line in caught if line.steps is not None]
    if steps:
        yield f"- Steps of the shortened story: median {_median(steps):g}, most {max(steps)}."
    yield f"- {_buckets(caught)}"


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _percentile(values: Sequence[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def _buckets(lines: Sequence[ProofLine]) -> str:
    counts = (
        f"{sum(1 for line in lines if line.seconds <= limit)} within {limit:g} s"
        for limit in BUCKETS_S
    )
    return f"Caught, by the median time: {', '.join(counts)}."


def _table(lines: Sequence[ProofLine]) -> Iterable[str]:
    yield "| faulty connector | law | weather | caught | otherwise | scripts | seconds | steps |"
    yield "|---|---|---|---|---|---|---|---|"
    for line in lines:
        otherwise = ", ".join(
            f"{n} {what}" for what, n in line.outcomes.items() if what != "caught"
        )
        steps = "" if line.steps is None else str(line.steps)
        yield (
            f"| **{line.name}**: {line.story} | {line.law} | {line.weather} |"
            f" {line.caught}/{line.searches} | {otherwise} | {line.scripts:g} |"
            f" {line.seconds:.2f} | {steps} |"
        )
