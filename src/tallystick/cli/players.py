"""Scenarios played by several processes at once. Rule: what comes of them is told in the order of
the plan, whoever was done first, so that a run reads the same on any number of processes.

Each process has a theatre of its own, and with it its own connectors, which end with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from tallystick.cli.company import company, outcome_of, received
from tallystick.errors import TallystickError
from tallystick.run.stage import Theatre
from tallystick.run.suite import Played, Progress, is_search, play_scenario
from tallystick.vocabulary.gherkin import Feature, Scenario

__all__ = ["Listener", "Opened", "play_together"]

Listener = Callable[[Played, int], None]
"""Is told of each scenario and the milliseconds that it took."""

Entry = tuple[Feature, Scenario]
Opened = Callable[[], AbstractContextManager[Theatre]]
"""Opens a theatre; picklable where it is to be opened in another process."""


def play_together(
    features: Iterable[Feature],
    opened: Opened,
    *,
    processes: int,
    progress: Progress,
    listener: Listener,
) -> None:
    """Play all scenarios of all features; `opened` (picklable) gives a process its theatre.

    What a process raises is raised here, at the scenario's turn.
    """
    plan = [(feature, scenario) for feature in features for scenario in feature.scenarios]
    with company(_play_as_told, plan, opened, processes=processes) as lines:
        waiting = sorted(range(len(plan)), key=lambda number: not is_search(plan[number][1]))
        waiting.reverse()  # the longest are begun first
        come: dict[int, Any] = {}
        told = 0
        for line in lines:
            _hand_over(line, waiting)
        while told < len(plan):
            progress(told + len(come), len(plan), plan[told][1])
            for line in cast("list[Connection]", wait(lines)):
                number, outcome, duration_ms = received(line)
                come[number] = (outcome, duration_ms)
                _hand_over(line, waiting)
            while told in come:
                outcome, duration_ms = come.pop(told)
                if isinstance(outcome, BaseException):
                    raise outcome
                listener(outcome, duration_ms)
                told += 1


def _hand_over(line: Connection, waiting: list[int]) -> None:
    if waiting:
        line.send(waiting.pop())


def _play_as_told(line: Connection, plan: Sequence[Entry], opened: Opened) -> None:
    """Play what is asked for, in one theatre: what each of the processes does."""
    try:
        with opened() as theatre:
            while True:
                number = line.recv()
                began = time.monotonic()
                outcome = outcome_of(_played, theatre, *plan[number])
                line.send((number, outcome, round((time.monotonic() - began) * 1000)))
    except TallystickError as error:  # of the theatre itself
        line.send((0, error, 0))


def _played(theatre: Theatre, feature: Feature, scenario: Scenario) -> Played:
    """Play a scenario; what nobody will look at is not sent."""
    played = play_scenario(theatre, feature, scenario)
    return played if played.violations else replace(played, journal=None)
