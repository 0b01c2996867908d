"""A saved script played again: does it still fail, and every time? Rule: it plays and counts.

A connector in this process does the same each time, and one play says all. One with a clock of its
own may fail now and pass the next time; only several plays tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tallystick.connectors.address import is_in_process
from tallystick.dataflow.model import Dataflow
from tallystick.errors import BadInput, Problem
from tallystick.journal.journal import Journal
from tallystick.laws.verdict import Violation
from tallystick.run.actions import StepImpossible
from tallystick.run.backstage import NotRun
from tallystick.run.stage import Stage, Theatre, is_set_up
from tallystick.vocabulary.script import Script, Step

__all__ = ["FIXED", "FLAKY", "STILL_FAILS", "Play", "agreed", "play_again", "plays_for", "said"]

FIXED: Final = "FIXED"
FLAKY: Final = "FLAKY"
STILL_FAILS: Final = "STILL FAILS"

_PLAYS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One play of a script. `settles` is how often something was judged in it; `not_run` says why
    it could not be played to its end with this connector ("" if it was).
    """

    script: Script
    violations: tuple[Violation, ...]
    dataflow: Dataflow | None
    journal: Journal | None
    settles: int
    not_run: str = ""


def plays_for(connector: str) -> int:
    """Give how many plays it takes to know whether a connector still fails."""
    return 1 if is_in_process(connector) else _PLAYS


def said(failures: int, plays: int) -> str:
    """Say what became of a failure: FIXED, STILL FAILS, or FLAKY with its figures."""
    if not failures:
        return FIXED
    return STILL_FAILS if failures == plays else f"{FLAKY} {failures} of {plays}"


def play_again(
    theatre: Theatre, script: Script, *, title: str, file: str = "", beside: Path | None = None
) -> Play:
    """Play a script in a new world, up to the first step that brings something to light.

    `file` is named, and `beside` searched, for the checklists that the script names. BadInput
    where these cannot be found or read.
    """
    stage = Stage(theatre, title=title, beside=beside)
    violations: Sequence[Violation] = ()
    not_run = ""
    try:
        for step in script:
            violations = _step(stage, step, file)
            if violations:
                break
    except NotRun as reason:
        not_run = str(reason)
    finally:
        journal = stage.close()
    return Play(
        script=tuple(stage.steps),
        violations=tuple(violations),
        dataflow=stage.dataflow,
        journal=journal,
        settles=stage.judgement.settles,
        not_run=not_run,
    )


def agreed(
    theatre: Theatre, script: Script, *, file: str = "", beside: Path | None = None
) -> Dataflow | None:
    """Give what the first steps of a script agree on; None where it has no such step."""
    stage = Stage(theatre, title="", beside=beside)
    for step in script:
        if not is_set_up(step):
            break
        _step(stage, step, file)
    return stage.dataflow


def _step(stage: Stage, step: Step, file: str) -> Sequence[Violation]:
    """Play one step; one that is impossible in this world is left out, as when it was found."""
    try:
        return stage.play(step)
    except StepImpossible as error:
        if stage.world is None:
            raise BadInput(Problem(file=file, text=str(error))) from error
        stage.world.skipped(str(error))
        return ()
