"""Printing the ticked checklist: with colours on a terminal, without trailing blanks elsewhere."""

from __future__ import annotations

from rich.console import Console

from tallystick.laws.ticks import TickedChecklist
from tallystick.report.checklist import TickedReport

__all__ = ["print_report"]


def print_report(console: Console, ticked: TickedChecklist) -> None:
    """Print the report; a file or a pipe gets plain lines."""
    if console.is_terminal:
        console.print(TickedReport(ticked))
        return
    with console.capture() as captured:
        console.print(TickedReport(ticked))
    for line in captured.get().splitlines():
        console.print(line.rstrip(), soft_wrap=True)
