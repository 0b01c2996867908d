"""What a run comes to: one status, said in one line. Rule: ticks and violations decide, not we.

Anything violated: 1. Otherwise anything undecided, or nothing judged at all: 3. Unspecified and
declined alone leave 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from tallystick.cli.shell import STATUS_WORDS, ExitStatus, worst
from tallystick.laws.ticks import TickedChecklist
from tallystick.laws.verdict import Judgement, Status
from tallystick.report.checklist import count_ticks
from tallystick.report.plain import harmless, many, wrapped

__all__ = ["Verdict", "tell_verdict", "verdict_of"]

_STYLES = {
    ExitStatus.CONFORMANT: "bold green",
    ExitStatus.NOT_CONFORMANT: "bold red",
    ExitStatus.UNDECIDED: "bold yellow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The status, and the reasons for which it is not the best one."""

    status: ExitStatus
    reasons: tuple[str, ...] = ()


def verdict_of(ticked: TickedChecklist, judgement: Judgement) -> Verdict:
    """Give what ticks and a judgement (of everything that was played) come to."""
    found: dict[ExitStatus, list[str]] = {}
    ticks = [tick.status for tick in ticked.all_ticks()]
    if judgement.violations or "violated" in ticks:
        found[ExitStatus.NOT_CONFORMANT] = []
    undecided = ticks.count("undecided")
    if undecided:
        text = f"{many(undecided, 'statement')} marked ? could not be put to the test"
        found.setdefault(ExitStatus.UNDECIDED, []).append(text)
    if not judgement.settles:
        found.setdefault(ExitStatus.UNDECIDED, []).append("nothing was judged")
    for text in dict.fromkeys(judgement.unreached):
        found.setdefault(ExitStatus.UNDECIDED, []).append(text)
    status = worst(found)
    return Verdict(status=status, reasons=tuple(found.get(status, ())))


def _counted(ticked: TickedChecklist) -> str:
    counts = count_ticks(ticked)
    words: Sequence[tuple[Status, str]] = (
        ("holds", "hold"),
        ("violated", "are violated"),
        ("undecided", "are undecided"),
        ("unspecified", "are unspecified"),
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
