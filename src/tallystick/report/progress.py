"""The line that shows how far a run is. Rule: on terminals only, and nothing of it stays there.

It holds on to the stream that it was made for: a connector in this process may have its own output
caught meanwhile, and the line must not end up among what the connector printed.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tallystick.report.plain import cut
from tallystick.vocabulary.cells import visible
from tallystick.vocabulary.gherkin import Scenario

__all__ = ["ProgressLine"]


class ProgressLine:
    """A context manager to be told before each scenario; it does nothing without a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(file=sys.stderr)
        self._shown: Progress | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal and self._console.file.isatty():
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
            self._shown.start()
        return self

    def __call__(self, done: int, total: int, scenario: Scenario) -> None:
        """Show that `done` of `total` scenarios were played, and which is next."""
        if self._shown is None:
            return
        name = cut(visible(scenario.name), max(self._console.width - 36, 10))
        task = next(iter(self._shown.task_ids), None)
        if task is None:
            task = self._shown.add_task("", total=total)
        escaped = name.replace("[", r"\[")
        self._shown.update(task, completed=done, total=total, description=escaped)
        self._shown.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown is not None:
            self._shown.stop()
            self._shown = None
