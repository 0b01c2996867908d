"""What stood behind each tick: scenarios, edits, situations. Rule: it counts what was judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tallystick.dataflow.model import Side
from tallystick.laws.reach import SITUATIONS
from tallystick.laws.verdict import Violation
from tallystick.results.events import Figures, ScenarioEnded
from tallystick.results.taking import PlayedScenario

__all__ = ["Behind", "Evidence"]

_MOST_SCENARIOS: Final = 6
_FEW_SCENARIOS: Final = 2  # where there are very many
_MANY: Final = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stood behind one tick.

    `scenarios` are the numbers (from 1) of those that tested it most, with how often; `others`
    counts the rest. `laws` says how often each law was tested, `situations` how often each was met
    in these scenarios. `stories` are the numbers of the stories that tell of its violations.
    """

    scenarios: tuple[tuple[int, int], ...] = ()
    others: int = 0
    edits: int = 0
    laws: Mapping[str, int] = field(default_factory=dict)
    situations: Mapping[str, int] = field(default_factory=dict)
    stories: tuple[int, ...] = ()

    @property
    def played(self) -> int:
        """How many scenarios put it to the test."""
        return len(self.scenarios) + self.others


class Evidence:
    """Looks up what scenarios counted. `groups` are the failures, in the order of the stories.

    Scenarios that are about another checklist than the run's stand behind nothing.
    """

    def __init__(
        self, scenarios: Sequence[ScenarioEnded], groups: Sequence[Sequence[PlayedScenario]]
    ) -> None:
        self._most = _MOST_SCENARIOS if len(scenarios) <= _MANY else _FEW_SCENARIOS
        self._figures: dict[int, Figures] = {}
        self._laws: dict[tuple[str, int], Counter[int]] = {}
        self._rows: dict[tuple[int, int, Side], Counter[int]] = {}
        for number, scenario in enumerate(scenarios, 1):
            if scenario.own:
                self._take(number, scenario.figures)
        self._stories = {
            id(violation): story
            for story, group in enumerate(groups, 1)
            for told in group
            for violation in (*told.violations, *(told.failure or told).violations)
        }

    def _take(self, number: int, figures: Figures) -> None:
        self._figures[number] = figures
        for law, pair, times in figures.tested:
            self._laws.setdefault((law, pair), Counter())[number] += times
        for pair, row, side, times in figures.arrived:
            self._rows.setdefault((pair, row, side), Counter())[number] += times

    def of_laws(
        self, laws: Iterable[str], pair: int | None, violations: Iterable[Violation] = ()
    ) -> Behind:
        """Give what put laws to the test in one pair (0: in none, None: in any)."""
        counts = {
            law: sum(
                (count for (name, of), count in self._laws.items() if _is(name, of, law, pair)),
                Counter(),
            )
            for law in laws
        }
        tested = {law: count.total() for law, count in counts.items() if count}
        return self._behind(sum(counts.values(), Counter()), violations, laws=tested)

    def of_row(
        self, pair: int, row: int, side: Side, violations: Iterable[Violation] = ()
    ) -> Behind:
        """Give in which scenarios edits of a row arrived on `side`."""
        return self._behind(self._rows.get((pair, row, side), Counter()), violations)

    def _behind(
        self,
        counted: Counter[int],
        violations: Iterable[Violation],
        laws: Mapping[str, int] | None = None,
    ) -> Behind:
        reach: Counter[str] = Counter()
        for number in counted:
            reach.update(self._figures[number].reach)
        stories = {self._stories[id(v)] for v in violations if id(v) in self._stories}
        most = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return Behind(
            scenarios=tuple(most[: self._most]),
            others=max(0, len(most) - self._most),
            edits=sum(self._figures[number].edits for number in counted),
            laws=laws or {},
            situations={name: reach[name] for name in SITUATIONS if reach[name]},
            stories=tuple(sorted(stories)),
        )


def _is(name: str, of: int, law: str, pair: int | None) -> bool:
    return name == law and (pair is None or of == pair)
