"""`tallystick lint`: what is wrong with checklists themselves, from one to thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from tallystick.checklist import SEVERITIES, lint_files
from tallystick.cli.lint_files import found_files, tasks_of
from tallystick.cli.options import agreement_option
from tallystick.cli.parallel import cores, mapped
from tallystick.cli.shell import ExitStatus, error_console, out
from tallystick.errors import BadInput, Problem
from tallystick.report.lint import Tally
from tallystick.report.lint_writers import SUMMARIES, WRITERS

__all__ = ["lint"]

_NEVER: Final = "never"


@click.command()
@click.argument("files", nargs=-1, required=True)
@agreement_option
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(WRITERS)),
    default="text",
    show_default=True,
    help="How the findings are written.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    help="Where to write them (default: standard output).",
)
@click.option("--summary", is_flag=True, help="Say only what is wrong how often, and where most.")
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, _NEVER]),
    default="error",
    show_default=True,
    help="End with exit status 1 where something is found that is as bad as this, or worse.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many processes work (default: one for each core).",
)
@click.pass_context
def lint(
    ctx: click.Context,
    files: tuple[str, ...],
    agreement: str | None,
    kind: str,
    output: str,
    summary: bool,  # noqa: FBT001 - a flag of the command line
    fail_on: str,
    jobs: int | None,
) -> None:
    """Say what is wrong with checklists: each finding with file, line and remedy.

    FILES are checklists, folders (every .rst file below them), or patterns. The two directions of
    one pair of systems are compared. `tallystick explain CODE` says more about a finding.
    """
    found = found_files(files)
    if agreement is not None and len(found) > 2:
        raise BadInput(
            Problem(
                file=agreement,
                text=f"an agreement is about one checklist, and here are {len(found)}",
                remedy="Give one checklist, or the two directions of one pair of systems.",
            )
        )
    writers = SUMMARIES if summary else WRITERS
    if kind not in writers:
        raise BadInput(
            Problem(text=f"there is no summary as {kind}", remedy="Choose text or json.")
        )
    tally = Tally()
    results = mapped(
        partial(lint_files, agreement_path=agreement), tasks_of(found), jobs=jobs or cores()
    )
    quiet = summary or output != "-" or not out().is_terminal
    with _stream(output) as stream:
        writer = writers[kind](stream)
        with _progress(len(found), shown=quiet) as advance:
            for linted in (one for task in results for one in task):
                tally.add(linted)
                writer.document(linted)
                advance()
        writer.finish(tally)
    ctx.exit(_status(tally, fail_on))


def _status(tally: Tally, fail_on: str) -> ExitStatus:
    if tally.unreadable:
        return ExitStatus.BAD_INPUT
    rank = [*SEVERITIES, _NEVER].index(fail_on)
    counted = () if fail_on == _NEVER else SEVERITIES[: rank + 1]
    bad = any(tally.count(severity) for severity in counted)
    return ExitStatus.NOT_CONFORMANT if bad else ExitStatus.CONFORMANT


@contextmanager
def _stream(output: str) -> Iterator[IO[str]]:
    """Give where to write: standard output, or a file that is begun anew."""
    if output == "-":
        yield out().file
        return
    try:
        stream = Path(output).open("w", encoding="utf-8", newline="\n")  # noqa: SIM115 - see below
    except OSError as error:
        text = f"cannot be written: {error.strerror or error}"
        remedy = "Choose a folder that can be written."
        raise BadInput(Problem(file=output, text=text, remedy=remedy)) from error
    with stream:
        yield stream


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[], object]]:
    """Give what is called after each document; a bar shows how far it is, on a terminal only."""
    console = error_console()
    columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = not (shown and console.is_terminal)
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=total)
        yield partial(bar.advance, task)
