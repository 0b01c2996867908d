"""`tallystick prove`: whether every faulty connector of the checkout is caught by its law."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from tallystick.cli.shell import ExitStatus, out
from tallystick.connectors.address import catalogue
from tallystick.errors import BadInput, Problem
from tallystick.report.proof import ProofLine, proof_page
from tallystick.run.proof import Budget, ProofRow, Suspect, search_all
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess

__all__ = ["prove"]


@click.command()
@click.argument("names", nargs=-1)
@click.option("--seeds", default=1, show_default=True, help="Searches for each of them.")
@click.option("--scripts", default=300, show_default=True, help="Scripts for each search, at most.")
@click.option(
    "--seconds", default=60.0, show_default=True, help="Seconds for each search, at most."
)
@click.option("--shorten", is_flag=True, help="Shorten the first failing script of each.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page (Markdown) there.",
)
@click.pass_context
def prove(
    ctx: click.Context,
    names: tuple[str, ...],
    seeds: int,
    scripts: int,
    seconds: float,
    shorten: bool,  # noqa: FBT001  (click passes flags so)
    output: Path | None,
) -> None:
    """Search every faulty connector, or those of NAMES, until its law catches it.

    Works from a checkout. Exit status 0: all were caught by the law that they declare; 1: not.
    """
    suspects = _suspects(names)
    stories: dict[str, str] = catalogue().stories()
    budget = Budget(scripts=scripts, seconds=seconds)
    lines = []
    for suspect in suspects:
        line = _line(
            suspect, stories[suspect.name], _search(suspect, seeds, budget, shorten=shorten)
        )
        lines.append(line)
        out().print(_told(line), highlight=False, soft_wrap=True)
    page = proof_page(
        lines, seeds=seeds, scripts=scripts, command=_command(seeds, scripts, shorten)
    )
    if output is not None:
        output.write_text(page, encoding="utf-8")
    out().print(page.split("|", 1)[0].split("\n", 3)[3].rstrip(), highlight=False, markup=False)
    all_caught = all(line.caught == line.searches for line in lines)
    ctx.exit(ExitStatus.CONFORMANT if all_caught else ExitStatus.NOT_CONFORMANT)


def _command(seeds: int, scripts: int, shorten: bool) -> str:  # noqa: FBT001
    return f"tallystick prove --seeds {seeds} --scripts {scripts}{' --shorten' if shorten else ''}"


def _suspects(names: Sequence[str]) -> list[Suspect]:
    known = catalogue()
    unknown = [name for name in names if name not in known.names()]
    if unknown:
        remedy = f"there are: {', '.join(known.names())}"
        raise BadInput(Problem(text=f"no faulty connector is called {unknown[0]!r}", remedy=remedy))
    found: list[Suspect] = known.suspects(names)
    return found


def _search(suspect: Suspect, seeds: int, budget: Budget, *, shorten: bool) -> list[ProofRow]:
    with InProcess() as network:
        theatre = Theatre(network, connector=suspect.address)
        try:
            return list(search_all(theatre, suspect, range(1, seeds + 1), budget, shorten=shorten))
        finally:
            theatre.close()


def _line(suspect: Suspect, story: str, rows: Sequence[ProofRow]) -> ProofLine:
    caught = [row for row in rows if row.outcome == "caught"]
    steps = [row.steps for row in caught if row.steps is not None]
    return ProofLine(
        name=suspect.name,
        law=suspect.law,
        weather=", ".join(sorted(suspect.weather)) or "fine",
        story=story,
        outcomes=Counter(_outcome(row) for row in rows),
        scripts=statistics.median(row.scripts for row in caught or rows),
        seconds=statistics.median(row.seconds for row in caught or rows),
        steps=max(steps, default=None),
    )


def _outcome(row: ProofRow) -> str:
    laws = ", ".join(row.caught_by)
    return f"by {laws}" if row.outcome == "other-law" else row.outcome


def _told(line: ProofLine) -> str:
    mark = "✓" if line.caught == line.searches else "✗"
    others = ", ".join(f"{n} {what}" for what, n in line.outcomes.items() if what != "caught")
    return (
        f"{mark} {line.name:34} {line.law:14} {line.caught}/{line.searches}"
        f" {line.scripts:4g} scripts {line.seconds:6.2f} s {others}"
    )
