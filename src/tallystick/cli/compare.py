"""`tallystick compare`: two verdicts side by side. Rule: what became worse comes first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from tallystick.cli.shell import ExitStatus, out
from tallystick.report.plain import harmless, many
from tallystick.results.compare import Change, Comparison, compare_results
from tallystick.results.files import load_verdict, refuse_incomplete
from tallystick.results.result import RunResult

__all__ = ["compare"]


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.pass_context
def compare(ctx: click.Context, before: Path, after: Path) -> None:
    """Say what changed from one run to another: regressions first.

    BEFORE and AFTER are verdict.json files, or the folders that hold them, of complete runs. Exit
    status 1: something became worse; 0: nothing did.
    """
    results = [load_verdict(path) for path in (before, after)]
    for path, result in zip((before, after), results, strict=True):
        refuse_incomplete(result, path)
    compared = compare_results(*results)
    _tell(out(), results, compared)
    ctx.exit(ExitStatus.NOT_CONFORMANT if compared.is_worse else ExitStatus.CONFORMANT)


def _tell(console: Console, results: Sequence[RunResult], compared: Comparison) -> None:
    if compared.level_was != compared.level_now:
        style = "bold red" if compared.level_fell else "bold green"
        was, now = compared.level_was or "none", compared.level_now or "none"
        console.print(f"Level: {was} → {now}", style=style)
        console.print()
    _tell_changes(console, "Regressions", compared.of("regression"), "bold red")
    _tell_changes(console, "Fixed", compared.of("fixed"), "bold green")
    _tell_changes(console, "Other changes", compared.of("other"), "bold")
    console.print(
        f"{many(len(compared.of('regression')), 'regression')},"
        f" {len(compared.of('fixed'))} fixed, {len(compared.of('other'))} otherwise changed,"
        f" {compared.same} as before."
    )
    for text in _unlike(*results):
        console.print(harmless(text), style="yellow", soft_wrap=True)


def _tell_changes(console: Console, title: str, changes: Sequence[Change], style: str) -> None:
    if not changes:
        return
    console.print(title, style=style)
    for change in changes:
        console.print(f"  {harmless(change.check)}", soft_wrap=True)
        console.print(f"    {change.was} → {change.now}", style="dim")
    console.print()


def _unlike(before: RunResult, after: RunResult) -> list[str]:
    """Say in what the two runs differ, so that differences can be understood."""
    said = []
    for name in ("checklist", "agreement", "edits", "tallystick"):
        was, now = getattr(before.about, name), getattr(after.about, name)
        if was != now:
            said.append(f"The runs differ in {name}: {was or 'none'}, then {now or 'none'}.")
    sets = [result.levels.set if result.levels else "" for result in (before, after)]
    if sets[0] != sets[1]:
        said.append(f"The runs were judged by different levels: {sets[0]}, then {sets[1]}.")
    return said
