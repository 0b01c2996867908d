"""Scenarios played by several processes at once. Rule: what comes of them is told in the order of
the plan, whoever was done first, so that a run reads the same on any number of processes.

Each process has a theatre of its own, and with it its own connectors, which end with it.
"""

from __future__ import annotations

import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final, cast

from tallystick.cli.signals import ended_in_order, interrupt, leave_interrupts, no_interrupt
from tallystick.errors import HarnessFault, TallystickError
from tallystick.run.stage import Theatre
from tallystick.run.suite import Played, Progress, is_search, play_scenario
from tallystick.vocabulary.gherkin import Feature, Scenario

__all__ = ["Listener", "Opened", "play_together"]

Listener = Callable[[Played, int], None]
"""Is told of each scenario and the milliseconds that it took."""

Entry = tuple[Feature, Scenario]
Opened = Callable[[], AbstractContextManager[Theatre]]
"""Opens a theatre; picklable where it is to be opened in another process."""

_END_S: Final = 5.0  # for a process to let go of its connectors
_ASKED: Final = 3  # times


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
    with ended_in_order(), _company(plan, opened, processes) as company:
        waiting = sorted(range(len(plan)), key=lambda number: not is_search(plan[number][1]))
        waiting.reverse()  # the longest are begun first
        come: dict[int, Any] = {}
        told = 0
        for line in company:
            _hand_over(line, waiting)
        while told < len(plan):
            progress(told + len(come), len(plan), plan[told][1])
            for line in cast("list[Connection]", wait(company)):
                number, outcome, duration_ms = _received(line)
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


def _received(line: Connection) -> tuple[int, Any, int]:
    try:
        received: tuple[int, Any, int] = line.recv()
    except (EOFError, ConnectionResetError) as error:
        raise HarnessFault("a process that played scenarios has ended before its time") from error
    return received


@contextmanager
def _company(plan: Sequence[Entry], opened: Opened, processes: int) -> Iterator[list[Connection]]:
    """Start the processes, and have them end, whatever happens; give the lines to them."""
    context = get_context("spawn")
    started: list[SpawnProcess] = []
    lines: list[Connection] = []
    try:
        with no_interrupt():
            for _ in range(processes):
                ours, theirs = context.Pipe()
                lines.append(ours)
                process = context.Process(target=_play_as_told, args=(theirs, plan, opened))
                process.start()
                started.append(process)
                theirs.close()
        yield lines
    except BaseException:
        _end(started)
        raise
    finally:
        for line in lines:
            line.close()  # who waits for the next scenario hears that there is none
        for process in started:
            process.join()


def _end(processes: Iterable[SpawnProcess]) -> None:
    """End processes in the middle of a scenario; they are asked several times, for what is raised
    in some places is lost.
    """
    for _ in range(_ASKED):
        for process in processes:
            process.terminate()
        until = time.monotonic() + _END_S
        for process in processes:
            process.join(max(0.0, until - time.monotonic()))
    for process in processes:
        process.kill()


def _play_as_told(line: Connection, plan: Sequence[Entry], opened: Opened) -> None:
    """Play what is asked for until there is no more: what each of the processes does.

    An interrupt is for the process that started it, which tells it when to end.
    """
    leave_interrupts()
    signal.signal(signal.SIGTERM, interrupt)
    with suppress(KeyboardInterrupt, EOFError, BrokenPipeError, ConnectionResetError):
        try:
            with opened() as theatre:
                while True:
                    number = line.recv()
                    began = time.monotonic()
                    outcome = _outcome(theatre, *plan[number])
                    line.send((number, outcome, round((time.monotonic() - began) * 1000)))
        except TallystickError as error:  # of the theatre itself
            line.send((0, error, 0))


def _outcome(theatre: Theatre, feature: Feature, scenario: Scenario) -> Played | BaseException:
    """Give what came of a scenario, or what was raised, fit to be sent."""
    try:
        played = play_scenario(theatre, feature, scenario)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (it is raised where it is told)
        error.add_note("".join(traceback.format_exception(error)))
        try:
            pickle.dumps(error)
        except Exception:  # noqa: BLE001  (whatever it holds that cannot be sent)
            return HarnessFault(f"{type(error).__name__}: {error}")
        return error
    return played if played.violations else replace(played, journal=None)
