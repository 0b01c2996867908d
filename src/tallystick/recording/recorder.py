"""A run noted as it goes on: told as events, folded into one result, written to a folder.

Rule: whatever ends a run, what was played so far is kept, and says whether it is the whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tallystick.connectors.environment import masked
from tallystick.dataflow.model import Dataflow
from tallystick.errors import TallystickError
from tallystick.recording.files import (
    EVENTS,
    REPORT,
    unwritable,
    write_files,
    write_page,
)
from tallystick.recording.teller import Teller
from tallystick.results.events import RunEnded, RunEvent, RunStarted, Writer
from tallystick.results.result import RunResult
from tallystick.results.status import INTERRUPTED, ExitStatus
from tallystick.results.tally import Tally
from tallystick.run.suite import Played

__all__ = ["Recording"]


class Recording:
    """One run's record; a context manager that ends it, in order or not.

    With a `folder`, made by `begin_results`, events are written there as they come, and the files
    at the end. `page` is where the report is written besides. `clock` gives seconds, for durations
    only.
    """

    def __init__(
        self,
        started: RunStarted,
        dataflow: Dataflow | None = None,
        *,
        folder: Path | None = None,
        page: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tally = Tally(started, dataflow)
        self.failed: list[Played] = []
        self.counting: list[Played] = []  # failures that are neither declined nor expected
        self.result: RunResult | None = None
        self._teller = Teller(started, self.tally.dataflow, folder=folder)
        self._folder = folder
        self._page = page
        self._clock = clock
        self._began = self._last = clock()
        self._stack = ExitStack()
        self._events = 0
        self._write: Callable[[RunEvent], None] | None = None
        self._footer: RunEnded | None = None
        if folder is not None:
            self._write = self._opened(folder)
        self._note(started)

    def _opened(self, folder: Path) -> Writer:
        try:
            stream = (folder / EVENTS).open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise unwritable(folder, error) from error
        return Writer(self._stack.enter_context(stream))

    def _note(self, event: RunEvent) -> None:
        self._events += 1
        if self._write is not None:
            self._write(event)

    def add(self, event: RunEvent) -> None:
        """Take in what was told of a scenario, by this process or another."""
        self._note(event)
        self.tally.add(event)

    def note(self, played: Played, duration_ms: int | None = None) -> None:
        """Note a scenario that was played, by default since the last one was noted."""
        now = self._clock()
        if duration_ms is None:
            duration_ms = round((now - self._last) * 1000)
        self._last = now
        number = len(self.tally.failures) + 1
        for event in self._teller.told(played, number=number, duration_ms=duration_ms):
            self.add(event)
            if self.tally.counts(event):
                self.counting.append(played)
        if played.violations:
            self.failed.append(played)

    def cut_short(self, why: str, exit_status: int) -> None:
        """Say that the run ends before its time, and why."""
        self._footer = RunEnded(complete=False, why=why, exit_status=exit_status)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the run: whole, unless something is on its way up that cut it short."""
        with self._stack:
            whole = RunEnded(complete=True) if error is None else _cut_short(error)
            self._end(self._footer or whole)

    def _end(self, footer: RunEnded) -> None:
        duration_ms = round((self._clock() - self._began) * 1000)
        status = self.tally.verdict.status if footer.complete else footer.exit_status
        self.add(
            replace(footer, events=self._events, exit_status=int(status), duration_ms=duration_ms)
        )
        self.result = self.tally.result()
        if self._folder is not None:
            write_files(self._folder, self.tally, self.result)
        pages = [self._folder / REPORT] if self._folder is not None else []
        pages += [self._page] if self._page is not None else []
        if len(self.failed) == len(self.tally.failures):  # the stories of others are not here
            for page in pages:
                write_page(page, self.tally, self.result, self.failed)


def _cut_short(error: BaseException) -> RunEnded:
    """Give the footer of a run that something ended before its time."""
    if isinstance(error, KeyboardInterrupt):
        return RunEnded(complete=False, why="it was interrupted", exit_status=INTERRUPTED)
    if isinstance(error, TallystickError):
        return RunEnded(complete=False, why=masked(str(error)), exit_status=error.exit_status)
    if isinstance(error, SystemExit):
        why = f"the connector ended the whole process (exit status {error.code})"
        return RunEnded(complete=False, why=why, exit_status=ExitStatus.UNAVAILABLE)
    why = f"a fault of Tallystick itself: {type(error).__name__}: {masked(str(error))}"
    return RunEnded(complete=False, why=why, exit_status=ExitStatus.FAULT)
