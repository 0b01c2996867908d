"""The folder of a run's results. Rule: every file in it is written from one result, or from events.

Half a file never stands under its name, and nothing of an earlier run beside a later one's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tallystick.errors import BadInput, Problem
from tallystick.recording.saving import saved_failures
from tallystick.report.annotations import workflow_commands
from tallystick.report.html import report_html
from tallystick.report.junit import junit_xml
from tallystick.report.markdown import markdown
from tallystick.report.messages import messages
from tallystick.results.files import verdict_json
from tallystick.results.result import RunResult
from tallystick.results.tally import Tally
from tallystick.run.suite import Played

__all__ = [
    "EVENTS",
    "FAILURES",
    "REPORT",
    "begin_results",
    "unwritable",
    "write_files",
    "write_page",
]

EVENTS: Final = "events.jsonl"
FAILURES: Final = "failures"
REPORT: Final = "report.html"
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
            *map(folder.joinpath, (EVENTS, REPORT, *_FILES)),
            *saved_failures(folder / FAILURES),
        )
        for path in ours:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def write_files(folder: Path, tally: Tally, result: RunResult) -> None:
    """Write all files of a result; BadInput where that fails."""
    for name, render in _FILES.items():
        _write(folder / name, render(tally, result))


def write_page(path: Path, tally: Tally, result: RunResult, failed: Sequence[Played]) -> None:
    """Write the report as one HTML file; BadInput where that fails."""
    _write(path, report_html(tally, result, failed))


def _write(path: Path, text: str) -> None:
    """Write a file so that half of it never stands under its name; BadInput if that fails."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> BadInput:
    """Give the problem of a path that cannot be written."""
    text = f"cannot be written: {error.strerror or error}"
    return BadInput(Problem(file=str(path), text=text, remedy="Choose another place."))
