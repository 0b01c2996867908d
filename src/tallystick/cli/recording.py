"""A run noted as it goes on: told as events, folded into one result, written to a folder.

Rule: whatever ends a run, what was played so far is kept, and says whether it is the whole.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tallystick.cli.failures import save_failure, saved_failures
from tallystick.connectors.environment import TOKENS
from tallystick.dataflow.json import to_json
from tallystick.dataflow.model import Dataflow
from tallystick.errors import BadInput, Problem, TallystickError
from tallystick.report.annotations import workflow_commands
from tallystick.report.failure import failure_of, told_violations
from tallystick.report.html import report_html
from tallystick.report.junit import junit_xml
from tallystick.report.markdown import markdown
from tallystick.report.messages import messages
from tallystick.report.plain import short_file
from tallystick.results.events import (
    About,
    Declined,
    Expected,
    Failure,
    FailureFound,
    FeatureRead,
    RunEnded,
    RunEvent,
    RunStarted,
    ScenarioEnded,
    Writer,
)
from tallystick.results.files import verdict_json
from tallystick.results.result import RunResult
from tallystick.results.status import INTERRUPTED, ExitStatus
from tallystick.results.taking import scenario_ended
from tallystick.results.tally import Tally
from tallystick.run.suite import Played, weather_of

__all__ = ["Recording", "begin_results"]

_EVENTS: Final = "events.jsonl"
_FAILURES: Final = "failures"
_REPORT: Final = "report.html"
_FILES: Final[Mapping[str, Callable[[Tally, RunResult], str]]] = {
    "verdict.json": lambda _, result: verdict_json(result),
    "junit.xml": lambda _, result: junit_xml(result),
    "summary.md": lambda _, result: markdown(result),
    "annotations.txt": lambda _, result: workflow_commands(result),
    "messages.ndjson": messages,
}
"""The files of a finished or broken-off run, each written from the same result."""


def begin_results(folder: Path) -> None:
    """Make a folder for results and take away what an earlier run left there: it tells of another.

    BadInput where that cannot be done. Files of other names are left alone.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ours = (
            *map(folder.joinpath, (_EVENTS, _REPORT, *_FILES)),
            *saved_failures(folder / _FAILURES),
        )
        for path in ours:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


class Recording:
    """One run's record; a context manager that ends it, in order or not.

    With a `folder`, events are written there as they come, and the files at the end. `page` is
    where the report is written besides. `clock` gives seconds, for durations only.
    """

    def __init__(
        self,
        about: About,
        dataflow: Dataflow,
        *,
        scenarios: int,
        declines: tuple[Declined, ...] = (),
        expected: tuple[Expected, ...] = (),
        folder: Path | None = None,
        page: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        started = RunStarted(
            about=about,
            dataflow=to_json(dataflow),
            scenarios=scenarios,
            declines=declines,
            expected=expected,
        )
        self.tally = Tally(started, dataflow)
        self._folder = folder
        self._page = page
        self._clock = clock
        self._began = self._last = clock()
        self._stack = ExitStack()
        self._events = 0
        self._write: Callable[[RunEvent], None] | None = None
        self._footer: RunEnded | None = None
        self.failed: list[Played] = []
        self.counting: list[Played] = []  # failures that are neither declined nor expected
        self.result: RunResult | None = None
        if folder is not None:
            self._write = self._opened(folder)
        self._emit(started)

    def _opened(self, folder: Path) -> Writer:
        begin_results(folder)
        try:
            stream = (folder / _EVENTS).open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise _unwritable(folder, error) from error
        return Writer(self._stack.enter_context(stream))

    def _emit(self, event: RunEvent) -> None:
        self._events += 1
        if self._write is not None:
            self._write(event)
        if not isinstance(event, RunStarted):
            self.tally.add(event)

    def note(self, played: Played) -> None:
        """Note a scenario that was played, and the failure in it, if there is one."""
        now = self._clock()
        weather = weather_of(played.scenario.tags)
        event = scenario_ended(
            played,
            self.tally.dataflow,
            weather=weather,
            duration_ms=round((now - self._last) * 1000),
        )
        self._last = now
        event = replace(event, feature=short_file(event.feature))
        if event.feature not in self.tally.features:
            self._emit(FeatureRead(file=event.feature, text=played.feature.text))
        self._emit(event)
        if played.violations:
            self.failed.append(played)
            if self.tally.counts(event):
                self.counting.append(played)
            self._emit(FailureFound(failure=self._failure(played, event)))

    def cut_short(self, why: str, exit_status: ExitStatus) -> None:
        """Say that the run ends before its time, and why."""
        self._footer = RunEnded(complete=False, why=why, exit_status=exit_status)

    def _failure(self, played: Played, event: ScenarioEnded) -> Failure:
        files: dict[str, str] = {}
        about = self.tally.about
        if self._folder is not None:
            folder = self._folder / _FAILURES
            saved = save_failure(folder, len(self.tally.failures) + 1, played)
            files = {kind: str(path.relative_to(self._folder)) for kind, path in saved.items()}
        return failure_of(
            played,
            self.tally.checks_of(event, told_violations(played)[:1]),
            seed=about.seed,
            reproduce=self._reproduce(files),
            files=files,
        )

    def _reproduce(self, files: Mapping[str, str]) -> str:
        about = self.tally.about
        if self._folder is None or "script" not in files:
            return about.command
        script = self._folder / files["script"]
        return shlex.join(
            ("tallystick", "replay", str(script), "--connector", about.connector.address)
        )

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
        self._emit(
            replace(footer, events=self._events, exit_status=int(status), duration_ms=duration_ms)
        )
        self.result = self.tally.result()
        if self._folder is not None:
            for name, render in _FILES.items():
                _write(self._folder / name, render(self.tally, self.result))
        pages = [self._folder / _REPORT] if self._folder is not None else []
        pages += [self._page] if self._page is not None else []
        if pages:
            report = report_html(self.tally, self.result, self.failed)
            for page in pages:
                _write(page, report)


def _cut_short(error: BaseException) -> RunEnded:
    """Give the footer of a run that something ended before its time."""
    if isinstance(error, KeyboardInterrupt):
        return RunEnded(complete=False, why="it was interrupted", exit_status=INTERRUPTED)
    if isinstance(error, TallystickError):
        return RunEnded(complete=False, why=_masked(error), exit_status=error.exit_status)
    if isinstance(error, SystemExit):
        why = f"the connector ended the whole process (exit status {error.code})"
        return RunEnded(complete=False, why=why, exit_status=ExitStatus.UNAVAILABLE)
    why = f"a fault of Tallystick itself: {type(error).__name__}: {_masked(error)}"
    return RunEnded(complete=False, why=why, exit_status=ExitStatus.FAULT)


def _masked(error: BaseException) -> str:
    """Give what an error says: a connector may have put its tokens there."""
    text = str(error)
    for side, token in TOKENS.items():
        text = text.replace(token, f"<{side}-token>")
    return text


def _write(path: Path, text: str) -> None:
    """Write a file so that half of it never stands under its name; BadInput if that fails."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> BadInput:
    text = f"cannot be written: {error.strerror or error}"
    return BadInput(Problem(file=str(path), text=text, remedy="Choose another place."))
