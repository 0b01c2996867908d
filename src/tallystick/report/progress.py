"""How far a run is. Rule: a bar on terminals, of which nothing stays; elsewhere a line from time to
time, so that nobody has to guess whether anything still happens.

It holds on to the stream that it was made for: a connector in this process may have its own output
caught meanwhile, and the line must not end up among what the connector printed.
"""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tallystick.report.plain import cut
from tallystick.vocabulary.cells import visible
from tallystick.vocabulary.gherkin import Scenario

__all__ = ["ProgressLine"]

_EVERY_S: Final = 10.0
_FIRST: Final = "one record is tried first"


class ProgressLine:
    """A context manager to be told before each scenario; `every_s` is between two lines."""

    def __init__(self, console: Console | None = None, *, every_s: float = _EVERY_S) -> None:
        self._console = console or Console(file=sys.stderr)
        self._every_s = every_s
        self._shown: Progress | None = None
        self._lines: _Lines | None = None

    def __enter__(self) -> Self:
        if not (self._console.is_terminal and self._console.file.isatty()):
            self._lines = _Lines(self._console, self._every_s)
            return self
        self._shown = Progress(
            BarColumn(bar_width=20, complete_style="green", finished_style="green"),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=self._console,
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._shown.add_task(_FIRST, total=None)
        self._shown.start()
        return self

    def __call__(self, done: int, total: int, scenario: Scenario) -> None:
        """Show that `done` of `total` scenarios were played, and which is next."""
        name = visible(scenario.name)
        if self._lines is not None:
            self._lines.text = f"{done} of {total} scenarios played; now: {name}"
        if self._shown is not None:
            escaped = cut(name, max(self._console.width - 36, 10)).replace("[", r"\[")
            [task] = self._shown.task_ids
            self._shown.update(task, completed=done, total=total, description=escaped)
            self._shown.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lines is not None:
            self._lines.end()
            self._lines = None
        if self._shown is not None:
            self._shown.stop()
            self._shown = None


class _Lines:
    """A line after every so many seconds: how long it takes so far, and `text`."""

    def __init__(self, console: Console, every_s: float) -> None:
        self.text = _FIRST
        self._console = console
        self._every_s = every_s
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="tallystick progress", daemon=True)
        self._thread.start()

    def _go_on(self) -> None:
        while not self._over.wait(self._every_s):
            seconds = time.monotonic() - self._began
            print(f"{seconds:.0f} s: {self.text}", file=self._console.file, flush=True)

    def end(self) -> None:
        self._over.set()
        self._thread.join()
