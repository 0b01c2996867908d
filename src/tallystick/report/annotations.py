"""A result as workflow commands of GitHub Actions. Rule: each line is one of ours, whatever stands
in it: what is special in a command is escaped, so that no value can end it or begin another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.results.result import RunResult
from tallystick.results.status import STATUS_WORDS, ExitStatus
from tallystick.vocabulary.cells import visible

__all__ = ["workflow_commands"]

_MOST: Final = 10
"""How many a step may show; more are dropped by the service."""


def workflow_commands(result: RunResult) -> str:
    """Give the lines: an error for each failed check, and one where there is no good verdict."""
    lines = list(_failed(result))
    shown, more = lines[: _MOST - 1], len(lines) - (_MOST - 1)
    if more > 0:
        shown[-1:] = [_command("error", f"{more + 1} more checks fail", title="Tallystick")]
    return "".join(f"{line}\n" for line in (*shown, *_verdict(result)))


def _failed(result: RunResult) -> Iterator[str]:
    for check in result.checks:
        if check.status != "violated":
            continue
        told = next(iter(result.failures_of(check.id)), None)
        sentence = told.sentence if told is not None else check.title
        again = f"\n{told.reproduce}" if told is not None and told.reproduce else ""
        file, line = (told.agreed_file, told.agreed_line) if told else (check.file, check.line)
        yield _command(
            "error", f"{sentence}{again}", file=file, line=line, title=f"{check.id} fails"
        )


def _verdict(result: RunResult) -> Iterator[str]:
    if not result.complete:
        yield _command("error", f"The run is incomplete: {result.why}", title="Tallystick")
    elif result.exit_status:
        words = STATUS_WORDS[ExitStatus(result.exit_status)]
        yield _command("error", "\n".join((words, *result.reasons)), title="Tallystick")
    for note in result.notes:
        yield _command("notice", note, title="Tallystick")


def _command(kind: str, message: str, *, file: str = "", line: int = 0, title: str = "") -> str:
    given = {"file": file, "line": str(line) if file and line else "", "title": title}
    properties = ",".join(f"{name}={_property(text)}" for name, text in given.items() if text)
    return f"::{kind} {properties}::{_data(message)}"


def _data(text: str) -> str:
    """Escape what stands after the second `::`."""
    lines = (visible(line) for line in text.split("\n"))
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    """Escape what stands in a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
