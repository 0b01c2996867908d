"""Random edits: Hypothesis draws scripts, each is judged in a world of its own. Rule: what is
reported was judged once more from a fresh world.

A failure is shortened twice: by Hypothesis while it has tries left, then by leaving out steps and
values one by one for as long as the same law is broken.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky

from tallystick.connectors.address import is_in_process
from tallystick.dataflow.model import Dataflow, Pair
from tallystick.derive.scripts import scripts
from tallystick.journal.journal import Journal
from tallystick.laws.verdict import Judgement, Violation
from tallystick.run.actions import StepImpossible, perform
from tallystick.run.again import plays_for
from tallystick.run.retell import opposites
from tallystick.run.shorten import RETELLINGS, shortened
from tallystick.run.stage import Effort, Theatre
from tallystick.run.world import World
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.weather import Skew

__all__ = ["Counterexample", "Trial", "explore", "explore_pair", "skim_pair", "try_script"]

_BATCH: Final = 10  # scripts drawn at once: in longer draws Hypothesis repeats itself
_LEAST: Final = 4  # of them where few edits are asked for
_EDITS_A_SCRIPT: Final = 10  # about
_FEW: Final = 20  # edits; of fewer nobody expects that they meet every situation
_RETELLINGS_OUTSIDE: Final = 60  # of a connector in a process of its own, which takes longer
_SHRINK_TRIES: Final = 120  # of Hypothesis's; then steps are left out one by one
_MOST_BATCHES: Final = 400
_PATIENCE: Final = 3  # times the budget, or at least so many edits
_PATIENCE_EDITS: Final = 600  # of dataflows with few pairs; with more, each has its share
_FEW_PAIRS: Final = 10
NEEDED: Final = ("conflict", "deletion", "repeat-edit")
NEEDED_IN: Final = {
    "faults": "fault",
    "kills": "kill",
    "races": "edit-meanwhile",
    "crowds": "second-page",
    "clocks": "skew",
}
"""The situation without which a search in some weather has proved nothing about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One script, played and judged."""

    script: Script
    violations: tuple[Violation, ...]
    judgement: Judgement
    journal: Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A script under which a law is broken, as short as it was made; `seed` drew it.

    `failures` of `plays` failed when it was played again at the end, each in a fresh world.
    """

    dataflow: Dataflow
    pair: Pair
    script: Script
    violations: tuple[Violation, ...]
    journal: Journal
    seed: int
    scripts_to_failure: int
    first_length: int
    failures: int = 1
    plays: int = 1


class _Broken(Exception):
    """A drawn script broke a law."""


def try_script(theatre: Theatre, dataflow: Dataflow, script: Script) -> Trial:
    """Play a script in a world of its own, up to the first step that brings something to light.

    Steps that cannot be carried out there are skipped, and noted in the journal.
    """
    skew_ms = {step.side: step.ms for step in script if isinstance(step, Skew)}
    world = theatre.world(dataflow, script=script, skew_ms=skew_ms)
    try:
        _play(world, script)
    finally:
        journal = world.close()
    return Trial(
        script=script,
        violations=tuple(world.violations),
        judgement=world.judge.judgement,
        journal=journal,
    )


def _play(world: World, script: Script) -> None:
    for step in script:
        if isinstance(step, Skew):
            continue  # the world was made so
        try:
            if perform(world, step):
                return
        except StepImpossible as reason:
            world.skipped(str(reason))


class _Search:
    """One search over scripts; it remembers what it has counted and the best failure so far."""

    def __init__(
        self, theatre: Theatre, dataflow: Dataflow, pair: Pair, weather: frozenset[str]
    ) -> None:
        self.theatre = theatre
        self.dataflow = dataflow
        self.pair = pair
        self.weather = weather
        self.judgement = Judgement()
        self.scripts = 0
        self.failed: Trial | None = None
        self.first: Script = ()
        self.laws: Collection[str] = ()
        self.phases: tuple[Phase, ...] = (Phase.generate, Phase.shrink)
        self._tries = 0

    def attempt(self, script: Script) -> None:
        """Try one drawn script; raise where it breaks a law."""
        if self.failed is not None:
            self._tries += 1
            if self._tries > _SHRINK_TRIES and script != self.failed.script:
                return
        trial = try_script(self.theatre, self.dataflow, script)
        if self.failed is None:
            self.scripts += 1
        if not trial.violations:
            if self.failed is None:
                self.judgement.add(trial.judgement)
            return
        laws = {violation.law for violation in trial.violations}
        if self.failed is None:
            self.first, self.laws = script, laws
        if laws & set(self.laws):
            self.failed = trial
            raise _Broken

    def recall(self, script: Script) -> None:
        """Try a script that failed before."""
        try:
            self.attempt(script)
        except _Broken:
            return

    def run(self, effort: Effort, number: int) -> None:
        """Draw scripts until people have made enough edits, or a law is broken."""
        for batch in range(_MOST_BATCHES):
            if self._is_enough(effort) or effort.out_of_time() or self.failed is not None:
                return
            size = min(_BATCH, max(_LEAST, effort.edits // _EDITS_A_SCRIPT))
            self._batch(number * _MOST_BATCHES + batch, size)

    def _is_enough(self, effort: Effort) -> bool:
        """Tell whether the budget is spent; it is overdrawn to meet what must be met."""
        edits = self.judgement.edits
        if edits < effort.edits or effort.edits < _FEW:
            return edits >= effort.edits
        met = not unmet(self.judgement, self.pair, effort.weather)
        share = _PATIENCE_EDITS * _FEW_PAIRS // max(_FEW_PAIRS, len(self.dataflow.pairs))
        return met or edits >= max(_PATIENCE * effort.edits, share)

    def _batch(self, number: int, size: int) -> None:
        again = self.scripts > 0  # the first of each batch is always the simplest script
        passed_over: Script | None = None
        wanted = unmet(self.judgement, self.pair, self.weather) if again else ()
        drawn = scripts(
            self.dataflow,
            self.pair,
            weather=self.weather | self.theatre.besides(self.dataflow),
            waits=self.theatre.waits,
            wanted=frozenset(wanted),
        )

        @seed(number)
        @settings(
            max_examples=size,
            database=None,
            deadline=None,
            phases=self.phases,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            verbosity=Verbosity.quiet,
            print_blob=False,
        )
        @given(drawn)
        def attempt(script: Script) -> None:
            nonlocal again, passed_over
            if again:
                again, passed_over = False, script
            elif script != passed_over:
                self.attempt(script)

        try:
            attempt()
        except _Broken:
            return
        except Flaky:  # what it played last was no longer tried: there were too many tries
            if self.failed is None:
                raise


def skim_pair(theatre: Theatre, dataflow: Dataflow, pair: Pair, effort: Effort) -> Judgement:
    """Try a few scripts of one pair, and stop at a broken law without making it any shorter."""
    search = _Search(theatre, dataflow, pair, effort.weather)
    search.phases = (Phase.generate,)
    search.run(effort, effort.seed or 0)
    if search.failed is not None:
        search.judgement.add(search.failed.judgement)
    return search.judgement


def explore_pair(
    theatre: Theatre, dataflow: Dataflow, pair: Pair, effort: Effort
) -> tuple[Judgement, Counterexample | None]:
    """Search one pair; give what was counted, and a counterexample if a law was broken."""
    number = effort.seed if effort.seed is not None else random.SystemRandom().randrange(1 << 32)
    search = _Search(theatre, dataflow, pair, effort.weather)
    known = _recalled(theatre, dataflow, pair, effort)
    if known is not None:
        search.recall(known)
    search.run(effort, number)
    if search.failed is None:
        if effort.memory is not None and known is not None:
            effort.memory.forget(theatre.connector, dataflow, pair)
        if effort.edits >= _FEW or not search.judgement.edits:
            _note_unreached(search.judgement, pair, effort.weather)
        return search.judgement, None
    law = search.failed.violations[0].law
    short = shortened(
        search.failed.script,
        lambda script: any(v.law == law for v in try_script(theatre, dataflow, script).violations),
        opposite=opposites(dataflow),
        retellings=RETELLINGS if is_in_process(theatre.connector) else _RETELLINGS_OUTSIDE,
    )
    plays = plays_for(theatre.connector)
    trials = [try_script(theatre, dataflow, short) for _ in range(plays)]
    failures = [trial for trial in trials if trial.violations]
    final = failures[0] if failures else search.failed
    search.judgement.add(final.judgement)
    if effort.memory is not None:
        effort.memory.remember(theatre.connector, dataflow, pair, final.script)
    return search.judgement, Counterexample(
        dataflow=dataflow,
        pair=pair,
        script=final.script,
        violations=final.violations,
        journal=final.journal,
        seed=number,
        scripts_to_failure=search.scripts,
        first_length=len(search.first),
        failures=len(failures),
        plays=plays,
    )


def _recalled(theatre: Theatre, dataflow: Dataflow, pair: Pair, effort: Effort) -> Script | None:
    memory = effort.memory
    return memory.recall(theatre.connector, dataflow, pair) if memory is not None else None


def unmet(judgement: Judgement, pair: Pair, weather: Collection[str]) -> list[str]:
    """Give the situations that a search must meet and has not."""
    needed = [*(NEEDED if pair.rows else ("deletion",)), *(NEEDED_IN[kind] for kind in weather)]
    return [name for name in sorted(needed) if not judgement.reach[name]]


def _note_unreached(judgement: Judgement, pair: Pair, weather: Collection[str]) -> None:
    """A search that has not met its situations has proved nothing, and says so."""
    missing = unmet(judgement, pair, weather)
    if missing:
        judgement.unreached.append(f"{pair.name}: random edits met no {', no '.join(missing)}")


def explore(
    theatre: Theatre, dataflow: Dataflow, type_name: str, effort: Effort
) -> tuple[Judgement, Counterexample | None]:
    """Search every pair of a source type; stop at the first counterexample."""
    total = Judgement()
    for pair in dataflow.pairs_of("source", type_name):
        judgement, found = explore_pair(theatre, dataflow, pair, effort)
        total.add(judgement)
        if found is not None:
            return total, found
    return total, None
