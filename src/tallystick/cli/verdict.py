"""What a run comes to, said in one line. Rule: the result decides; here are only its words."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from tallystick.laws.ticks import TickedChecklist
from tallystick.laws.verdict import Status
from tallystick.report.plain import harmless, many, wrapped
from tallystick.report.standing import level_lines, reach_lines
from tallystick.results.result import RunResult
from tallystick.results.status import STATUS_WORDS, ExitStatus
from tallystick.results.verdict import count_ticks

__all__ = ["tell_counts", "tell_status", "tell_verdict"]

_STYLES = {
    ExitStatus.CONFORMANT: "bold green",
    ExitStatus.NOT_CONFORMANT: "bold red",
    ExitStatus.UNDECIDED: "bold yellow",
}


def _counted(ticked: TickedChecklist) -> str:
    counts = count_ticks(ticked)
    words: Sequence[tuple[Status, str, str]] = (
        ("holds", "holds", "hold"),
        ("violated", "is violated", "are violated"),
        ("undecided", "is undecided", "are undecided"),
        ("unspecified", "is unspecified", "are unspecified"),
        ("declined", "is declined", "are declined"),
    )
    said = [
        f"{counts[status]} {one if counts[status] == 1 else more}"
        for status, one, more in words
        if counts[status]
    ]
    if set(counts) == {"holds"}:
        return f"All {many(sum(counts.values()), 'statement')} hold."
    return f"Of {many(sum(counts.values()), 'statement')} {', '.join(said) or 'none is judged'}."


def tell_verdict(
    console: Console, result: RunResult, ticked: TickedChecklist, facts: Sequence[str]
) -> None:
    """Print counts, what was done, and the status as the last line."""
    tell_counts(console, ticked, facts)
    for line in (*reach_lines(result, console.width), *level_lines(result, console.width)):
        console.print(line, soft_wrap=True)
    for note in result.notes:
        console.print(wrapped(harmless(f"Note: {note}."), console.width), soft_wrap=True)
    if result.complete:
        tell_status(console, ExitStatus(result.exit_status), result.reasons)
    else:
        _tell_incomplete(console, result)


def tell_counts(console: Console, ticked: TickedChecklist, facts: Sequence[str]) -> None:
    """Print how many ticks there are of each kind, and what was done."""
    console.print()
    console.print(wrapped(_counted(ticked), console.width), soft_wrap=True)
    for fact in facts:
        console.print(wrapped(harmless(fact), console.width), style="dim", soft_wrap=True)


def tell_status(console: Console, status: ExitStatus, reasons: Sequence[str]) -> None:
    """Print why a status is no better, and the status as the last line."""
    for reason in reasons:
        console.print(wrapped(harmless(reason), console.width, indent="  "), soft_wrap=True)
    line = Text(STATUS_WORDS[status], style=_STYLES[status])
    line.append(f" (exit status {int(status)})", style="not bold")
    console.print(line)


def _tell_incomplete(console: Console, result: RunResult) -> None:
    counts = result.counts
    console.print(
        wrapped(
            f"Only {counts.scenarios:,} of {many(counts.planned, 'scenario')} were played:"
            f" {harmless(result.why)}",
            console.width,
        ),
        soft_wrap=True,
    )
    line = Text("Incomplete: there is no verdict", style="bold red")
    line.append(f" (exit status {result.exit_status})", style="not bold")
    console.print(line)
