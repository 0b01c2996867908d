"""What a run comes to, said in one line. Rule: the result decides; here are only its words."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from tallystick.laws.ticks import TickedChecklist
from tallystick.laws.verdict import Status
from tallystick.report.plain import harmless, many, wrapped
from tallystick.results.status import STATUS_WORDS, ExitStatus
from tallystick.results.verdict import Verdict, count_ticks

__all__ = ["tell_verdict"]

_STYLES = {
    ExitStatus.CONFORMANT: "bold green",
    ExitStatus.NOT_CONFORMANT: "bold red",
    ExitStatus.UNDECIDED: "bold yellow",
}


def _counted(ticked: TickedChecklist) -> str:
    counts = count_ticks(ticked)
    words: Sequence[tuple[Status, str]] = (
        ("holds", "hold"),
        ("violated", "are violated"),
        ("undecided", "are undecided"),
        ("unspecified", "are unspecified"),
        ("declined", "are declined"),
    )
    said = [f"{counts[status]} {word}" for status, word in words if counts[status]]
    if set(counts) == {"holds"}:
        return f"All {many(sum(counts.values()), 'statement')} hold."
    return f"Of {many(sum(counts.values()), 'statement')} {', '.join(said) or 'none is judged'}."


def tell_verdict(
    console: Console, verdict: Verdict, ticked: TickedChecklist, facts: Sequence[str]
) -> None:
    """Print counts, what was done, and the status as the last line."""
    width = console.width
    console.print()
    console.print(wrapped(_counted(ticked), width), soft_wrap=True)
    for fact in facts:
        console.print(wrapped(harmless(fact), width), style="dim", soft_wrap=True)
    for reason in verdict.reasons:
        console.print(wrapped(harmless(reason), width, indent="  "), soft_wrap=True)
    line = Text(STATUS_WORDS[verdict.status], style=_STYLES[verdict.status])
    line.append(f" (exit status {int(verdict.status)})", style="not bold")
    console.print(line)
