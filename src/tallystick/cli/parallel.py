"""Many tasks on several processes. Rule: results come in the order of the tasks, and only a few are
under way at any time, so that memory doesn't grow with their number.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Final, TypeVar

from tallystick.cli.signals import leave_interrupts, no_interrupt

__all__ = ["cores", "mapped"]

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_BATCH: Final = 16
_AHEAD: Final = 3
"""Batches under way for each process: one being worked on, and two waiting."""


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

    `function` and tasks have to be picklable; what it raises is raised here. A process takes
    `batch` tasks at a time.
    """
    jobs = min(jobs, -(-len(tasks) // batch))
    if jobs < 2:
        yield from map(function, tasks)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=leave_interrupts) as pool:
        waiting: deque[Future[list[_Result]]] = deque()
        try:
            for some in _batches(tasks, batch):
                with no_interrupt():
                    waiting.append(pool.submit(_all, function, some))
                if len(waiting) >= jobs * _AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _batches(tasks: Iterable[_Task], size: int) -> Iterator[list[_Task]]:
    rest = iter(tasks)
    while batch := list(islice(rest, size)):
        yield batch


def _all(function: Callable[[_Task], _Result], tasks: list[_Task]) -> list[_Result]:
    return [function(task) for task in tasks]
