"""What a run is to cost: edits, time, processes. Rule: what is asked for, else what fits."""

from __future__ import annotations

import math
import random
import time
from functools import partial
from pathlib import Path
from typing import Final

import click

from tallystick.cli.parallel import cores
from tallystick.cli.suite import Plan
from tallystick.cli.theatre import resolved
from tallystick.connectors.command import Command
from tallystick.connectors.polling import Attachment
from tallystick.run.memory import Memory
from tallystick.run.stage import Effort

__all__ = [
    "EDITS",
    "QUICK_EDITS",
    "THOROUGH_EDITS",
    "drawn_seed",
    "edits_asked",
    "effort_of",
    "processes_for",
]

EDITS: Final = 200
QUICK_EDITS: Final = 50
THOROUGH_EDITS: Final = 2000
_FEW: Final = 60  # scenarios: less than starting a process for them would take
_SHARES: Final = {"stdio": 2, "poll": 4}  # processes for each core: connectors are waited for
_MEMORY: Final = Path(".tallystick") / "failures"


def processes_for(asked: int | None, connector: str, plan: Plan, *, reuse: bool) -> int:
    """Give how many processes play: what one connector serves is played by one."""
    launch = resolved(connector)
    mode = launch.mode if isinstance(launch, Command) else ""
    if reuse or isinstance(launch, Attachment):
        if asked not in (None, 1):
            raise click.UsageError("--processes is for connectors that can be started many times.")
        return 1
    scenarios = sum(len(feature.scenarios) for feature in plan.features)
    if asked is None:
        asked = 1 if scenarios < _FEW else cores() * _SHARES.get(mode, 1)
    return max(1, min(asked, scenarios))


def drawn_seed(seed: int | None) -> int:
    """Give the seed asked for, or a new one."""
    return random.SystemRandom().randrange(1 << 32) if seed is None else seed


def edits_asked(edits: int | None, *, quick: bool, thorough: bool, default: int = EDITS) -> int:
    """Give the number of edits asked for; UsageError where it is asked for twice."""
    if sum((edits is not None, quick, thorough)) > 1:
        raise click.UsageError("--edits, --quick and --thorough exclude one another.")
    if edits is not None:
        return edits
    return QUICK_EDITS if quick else THOROUGH_EDITS if thorough else default


def effort_of(edits: int, seed: int | None, max_time_s: float | None) -> Effort:
    """Give what searches may cost; without a seed asked for, what failed before is tried first."""
    until = math.inf if max_time_s is None else time.monotonic() + max_time_s
    return Effort(
        edits=edits,
        seed=drawn_seed(seed),
        out_of_time=partial(_is_past, until),
        memory=Memory(_MEMORY) if seed is None else None,
    )


def _is_past(until: float) -> bool:
    return time.monotonic() > until
