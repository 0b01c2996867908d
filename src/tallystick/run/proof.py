"""The proof of the suite: connectors known to be faulty, and whether their law catches them.

Rule: it takes addresses, and knows nothing of where they lead. All pairs are searched in turn,
script by script, until the first one that brings something to light. A fault is *caught* if the
law that it declares is among those that this script shows broken; everything else is counted
apart: another law, a connector that broke (law `runs`), none within the budget.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tallystick.dataflow.model import Dataflow, Pair
from tallystick.derive.scripts import scripts
from tallystick.errors import ConnectorUnavailable
from tallystick.run.explore import Trial, try_script
from tallystick.run.retell import opposites
from tallystick.run.shorten import shortened
from tallystick.run.stage import Theatre
from tallystick.vocabulary.script import Script

__all__ = [
    "Budget",
    "Outcome",
    "ProofRow",
    "Searches",
    "Suspect",
    "prove",
    "search",
    "search_all",
    "seen_by_others",
]

Outcome = Literal["caught", "other-law", "broke", "missed"]
TheatreFactory = Callable[[str], Theatre]
"""Gives a theatre for the connector at an address."""

_FIRST_DRAW: Final = 4  # scripts: most faults need no more
_DRAWN: Final = 10  # scripts drawn at once: in longer draws Hypothesis repeats itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A connector that is known to be faulty, and the law that must catch it.

    `weather` is what it takes to show; `checklist`, `agreement` and `policies` say where. `alone`
    declares that no other law sees it.
    """

    name: str
    address: str
    law: str
    checklist: str
    agreement: str
    weather: frozenset[str] = frozenset()
    policies: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False

    def dataflow(self, theatre: Theatre) -> Dataflow:
        """Give the dataflow under which it is searched."""
        agreed = theatre.dataflow(self.checklist, self.agreement, None)
        changed: Any = dict(self.policies)
        return replace(agreed, policies=replace(agreed.policies, **changed)) if changed else agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How far one search goes: so many scripts, or so many seconds of the processor."""

    scripts: int = 300
    seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRow:
    """What one search gave. `caught_by` are the laws of the first failing script.

    `edits` and `scripts` were needed to get there; `steps` is the length of the shortened story
    (None where none was asked for), `script` the story itself, `note` why a connector broke;
    `seconds` are the processor's, so that other work on the machine does not count.
    """

    name: str
    law: str
    outcome: Outcome
    caught_by: tuple[str, ...] = ()
    seed: int
    scripts: int
    seconds: float
    edits: int
    steps: int | None = None
    script: Script = ()
    note: str = ""


class _Scripts:
    """The scripts that a seed draws for one pair, drawn as they are asked for."""

    def __init__(
        self,
        dataflow: Dataflow,
        pair: Pair,
        weather: frozenset[str],
        number: int,
        waits: tuple[int, ...],
    ) -> None:
        self._strategy = scripts(dataflow, pair, weather=weather, waits=waits)
        name = f"{number} {pair.number} {' '.join(sorted(weather))}"
        self._random = random.Random(name)  # noqa: S311
        self._drawn: list[Script] = []

    def __getitem__(self, at: int) -> Script:
        while at >= len(self._drawn):
            found = self._draw(_DRAWN if self._drawn else _FIRST_DRAW)
            self._drawn += found[1:] if self._drawn else found  # the first is always the simplest
        return self._drawn[at]

    def _draw(self, count: int) -> list[Script]:
        found: list[Script] = []

        @seed(self._random.randrange(1 << 32))
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(self._strategy)
        def note(script: Script) -> None:
            found.append(script)

        note()
        return found


class Searches:
    """What searches share: the scripts that were drawn, by dataflow, pair, weather and seed."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, frozenset[str], int, tuple[int, ...]], _Scripts] = {}
        self._kept: list[Dataflow] = []  # so that no other dataflow gets the id of one

    def interleaved(
        self,
        dataflow: Dataflow,
        weather: frozenset[str],
        number: int,
        waits: tuple[int, ...],
    ) -> Iterator[Script]:
        """Give scripts for all pairs in turn, without end."""
        self._kept.append(dataflow)
        at = 0
        while True:
            for pair in dataflow.pairs:
                key = (id(dataflow), pair.number, weather, number, waits)
                if key not in self._known:
                    self._known[key] = _Scripts(dataflow, pair, weather, number, waits)
                yield self._known[key][at]
            at += 1


def search(
    theatre: Theatre, suspect: Suspect, number: int, budget: Budget, searches: Searches
) -> tuple[ProofRow, Trial | None]:
    """Search for the first script that brings something to light."""
    dataflow = suspect.dataflow(theatre)
    began = time.process_time()
    tried = edits = 0

    def row(outcome: Outcome, **facts: Any) -> ProofRow:
        seconds = time.process_time() - began
        return ProofRow(
            name=suspect.name,
            law=suspect.law,
            outcome=outcome,
            seed=number,
            scripts=tried,
            seconds=seconds,
            edits=edits,
            **facts,
        )

    for script in searches.interleaved(dataflow, suspect.weather, number, theatre.waits):
        if tried >= budget.scripts or time.process_time() - began > budget.seconds:
            return row("missed"), None
        tried += 1
        try:
            trial = try_script(theatre, dataflow, script)
        except ConnectorUnavailable as reason:
            return row("broke", caught_by=("runs",), script=script, note=str(reason)), None
        edits += trial.judgement.edits
        if trial.violations:
            laws = tuple(dict.fromkeys(violation.law for violation in trial.violations))
            return row(_outcome(suspect.law, laws), caught_by=laws, script=script), trial
    raise AssertionError("the scripts have no end")


def _outcome(declared: str, laws: tuple[str, ...]) -> Outcome:
    if declared in laws:
        return "caught"
    return "broke" if "runs" in laws else "other-law"


def _shorten(theatre: Theatre, suspect: Suspect, row: ProofRow) -> ProofRow:
    dataflow = suspect.dataflow(theatre)

    def fails(script: Script) -> bool:
        trial = try_script(theatre, dataflow, script)
        return any(violation.law == suspect.law for violation in trial.violations)

    short = shortened(row.script, fails, opposite=opposites(dataflow))
    return replace(row, steps=len(short), script=short)


def search_all(
    theatre: Theatre,
    suspect: Suspect,
    numbers: Iterable[int],
    budget: Budget,
    *,
    searches: Searches | None = None,
    shorten: bool = False,
) -> Iterator[ProofRow]:
    """Give one row for each seed; with `shorten`, the first one that caught it has its story."""
    searches, shorten_next = searches or Searches(), shorten
    for number in numbers:
        row, _ = search(theatre, suspect, number, budget, searches)
        if shorten_next and row.outcome == "caught":
            row, shorten_next = _shorten(theatre, suspect, row), False
        yield row


def seen_by_others(
    theatre: Theatre, suspect: Suspect, rows: Iterable[ProofRow], *, searches: Searches
) -> tuple[str, ...]:
    """Play the scripts of these searches once more; give the laws that are broken in them.

    The theatre is to do without the suspect's law: nothing is given where no other law sees it.
    """
    laws: set[str] = set()
    for row in rows:
        budget = Budget(scripts=row.scripts, seconds=math.inf)
        again, _ = search(theatre, suspect, row.seed, budget, searches)
        laws.update(again.caught_by)
    return tuple(sorted(laws))


def prove(
    theatre_factory: TheatreFactory,
    faults: Iterable[Suspect],
    seeds: Iterable[int],
    budget: Budget | None = None,
    *,
    shorten: bool = False,
) -> Iterator[ProofRow]:
    """Give one row for each fault and seed, as they come.

    With `shorten`, the script by which a fault was caught is shortened, after the time was taken.
    """
    budget, searches, numbers = budget or Budget(), Searches(), tuple(seeds)
    agreed: dict[tuple[str, ...], Dataflow] = {}
    for suspect in faults:
        theatre = theatre_factory(suspect.address)
        theatre.dataflows.update(agreed)
        try:
            for number in numbers:
                row, _ = search(theatre, suspect, number, budget, searches)
                if shorten and row.outcome == "caught":
                    row = _shorten(theatre, suspect, row)
                yield row
        finally:
            agreed.update(theatre.dataflows)
            theatre.close()
