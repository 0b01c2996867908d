"""Processes that work for this one. Rule: however this one ends, none of them is left behind.

Each has a line over which it is told what to do and says what came of it. It ends when its line
does; in the middle of its work it is ended by SIGTERM, and lets go of what it has started.
"""

from __future__ import annotations

import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from tallystick.cli.signals import ended_in_order, interrupt, leave_interrupts, no_interrupt
from tallystick.errors import HarnessFault

__all__ = ["Work", "company", "outcome_of", "received"]

Work = Callable[..., None]
"""What a process does, given its line and whatever else; it returns when the line has ended."""

_END_S: Final = 5.0  # for a process to let go of its connectors
_ASKED: Final = 3  # times


@contextmanager
def company(work: Work, *arguments: Any, processes: int) -> Iterator[list[Connection]]:
    """Start processes, and have them end, whatever happens; give the lines to them.

    `work` and `arguments` have to be picklable.
    """
    context = get_context("spawn")
    started: list[SpawnProcess] = []
    lines: list[Connection] = []
    with ended_in_order():
        try:
            with no_interrupt():
                for _ in range(processes):
                    ours, theirs = context.Pipe()
                    lines.append(ours)
                    process = context.Process(target=_begin, args=(theirs, work, arguments))
                    process.start()
                    started.append(process)
                    theirs.close()
            yield lines
        except BaseException:
            _end(started)
            raise
        finally:
            for line in lines:
                line.close()  # who waits to be told what to do next hears that there is nothing
            for process in started:
                process.join()


def _end(processes: Iterable[SpawnProcess]) -> None:
    """End processes in the middle of their work; they are asked several times, for what is raised
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


def _begin(line: Connection, work: Work, arguments: tuple[Any, ...]) -> None:
    """Work until there is no more to do: what each of the processes does.

    An interrupt is for the process that started it, which tells it when to end.
    """
    leave_interrupts()
    signal.signal(signal.SIGTERM, interrupt)
    with suppress(KeyboardInterrupt, EOFError, BrokenPipeError, ConnectionResetError):
        work(line, *arguments)


def received(line: Connection) -> Any:
    """Give what a process says; HarnessFault where it has ended."""
    try:
        return line.recv()
    except (EOFError, ConnectionResetError) as error:
        raise HarnessFault("a process that worked for this one ended before its time") from error


def outcome_of(function: Callable[..., Any], *arguments: Any) -> Any:
    """Give what a function gives, or what it raises, fit to be sent."""
    try:
        return function(*arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (it is raised where it is told)
        error.add_note("".join(traceback.format_exception(error)))
        try:
            pickle.dumps(error)
        except Exception:  # noqa: BLE001  (whatever it holds that cannot be sent)
            return HarnessFault(f"{type(error).__name__}: {error}")
        return error
