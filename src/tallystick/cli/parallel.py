"""Many tasks on several processes. Rule: results come in the order of the tasks, and only a few are
under way at any time, so that memory doesn't grow with their number.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeVar, cast

from tallystick.cli.company import company, outcome_of, received
from tallystick.cli.signals import ended_in_order

__all__ = ["cores", "mapped"]

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_BATCH: Final = 16
_AHEAD: Final = 3
"""Batches for each process that are begun before the next one in order is done."""


def cores() -> int:
    """Give how many processes this process may use at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(
    function: Callable[[_Task], _Result],
    tasks: Sequence[_Task],
    *,
    jobs: int,
    batch: int = _BATCH,
) -> Iterator[_Result]:
    """Give `function` of each task, in order; in this process where `jobs` is 1 or tasks are few.

    `function` and tasks have to be picklable, and tasks small; what it raises is raised here. A
    process takes `batch` tasks at a time.
    """
    batches = [tasks[at : at + batch] for at in range(0, len(tasks), batch)]
    jobs = min(jobs, len(batches))
    if jobs < 2:
        with ended_in_order():
            yield from map(function, tasks)
        return
    with company(_work_as_told, function, processes=jobs) as lines:
        for outcome in _in_order(lines, batches):
            if isinstance(outcome, BaseException):
                raise outcome
            yield from outcome


def _in_order(lines: Sequence[Connection], batches: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """Give what comes of each batch. A process has one to work on, and one waiting in its line."""
    waiting = deque(enumerate(batches))
    free = deque([*lines, *lines])
    come: dict[int, Any] = {}
    for told in range(len(batches)):
        ahead = told + len(lines) * _AHEAD
        while True:
            while free and waiting and waiting[0][0] < ahead:
                free.popleft().send(waiting.popleft())
            if told in come:
                break
            for line in cast("list[Connection]", wait(lines)):
                number, outcome = received(line)
                come[number] = outcome
                free.append(line)
        yield come.pop(told)


def _work_as_told(line: Connection, function: Callable[[Any], Any]) -> None:
    while True:
        number, tasks = line.recv()
        line.send((number, outcome_of(_all, function, tasks)))


def _all(function: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> list[_Result]:
    return [function(task) for task in tasks]
