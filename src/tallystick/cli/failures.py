"""Failures for people: each once, what is alike together. Rule: it prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from tallystick.dataflow.model import Dataflow
from tallystick.report.likeness import grouped
from tallystick.report.plain import harmless, many, short_file
from tallystick.report.story import failure_story
from tallystick.run.suite import Played

__all__ = ["tell_failures"]

_MOST_NAMED = 3


def tell_failures(console: Console, failed: Sequence[Played], dataflow: Dataflow) -> None:
    """Print one story for each group, the shortest of it, and name the others.

    What is about `dataflow` itself comes first.
    """
    groups = grouped(failed, dataflow)
    for group in groups:
        told, *others = group
        text = Text(failure_story(told, width=console.width))
        text.stylize("bold red", 0, text.plain.index("\n"))
        console.print(text, soft_wrap=True)
        if others:
            console.print()
            console.print(_and_others(others), style="dim", soft_wrap=True)
        console.print()
        console.rule(style="dim")
        console.print()
    if groups:
        laws = dict.fromkeys(group[0].violations[0].law for group in groups)
        names = ", ".join(f"`tallystick explain {law}`" for law in laws)
        console.print(f"What these laws mean, and where to look: {names}.", style="dim")
        console.print()


def _and_others(others: Sequence[Played]) -> str:
    lines = [f"  and {many(len(others), 'more scenario')} in which the same goes wrong:"]
    for played in others[:_MOST_NAMED]:
        place = f"{short_file(played.feature.file)}:{played.scenario.line}"
        lines.append(f"    {place}  {played.scenario.name}")
    if len(others) > _MOST_NAMED:
        lines.append(f"    … and {len(others) - _MOST_NAMED} more")
    return harmless("\n".join(lines))
