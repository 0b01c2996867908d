"""`tallystick prove`: whether every faulty connector of the checkout is caught by its law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import click

from tallystick.cli.shell import ExitStatus, out
from tallystick.connectors.address import catalogue
from tallystick.errors import BadInput, Problem
from tallystick.report.proof import Found, ProofLine, proof_line, proof_page, proof_summary
from tallystick.run.proof import Budget, ProofRow, Searches, Suspect, search_all, seen_by_others
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess

__all__ = ["prove"]


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What is done for one faulty connector, here or in another process."""

    suspect: Suspect
    story: str
    seeds: int
    budget: Budget
    shorten: bool


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="Searches for each."
)
@click.option(
    "--scripts",
    type=click.IntRange(min=1),
    default=300,
    show_default=True,
    help="Scripts for each search, at most.",
)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    help="Seconds of the processor for each search, at most.",
)
@click.option("--shorten", is_flag=True, help="Shorten the first failing script of each.")
@click.option(
    "--as-processes",
    is_flag=True,
    help="Start each as a process and search it over sockets, as a vendor's would be.",
)
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Connectors searched at a time.",
)
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
    as_processes: bool,  # noqa: FBT001
    processes: int,
    output: Path | None,
) -> None:
    """Search every faulty connector, or those of NAMES, until its law catches it.

    Those that no other law may see are searched once more without their law. Works from a checkout.
    Exit status 0: all were caught by the law that they declare, and seen by others only where that
    is allowed; 1: not.
    """
    suspects = _suspects(names)
    if as_processes:
        suspects = [replace(s, address=catalogue().command_of(s.name)) for s in suspects]
    stories: dict[str, str] = catalogue().stories()
    budget = Budget(scripts=scripts, seconds=seconds)
    tasks = [
        _Task(suspect=s, story=stories[s.name], seeds=seeds, budget=budget, shorten=shorten)
        for s in suspects
    ]
    lines = []
    for line in _examined(tasks, processes):
        lines.append(line)
        out().print(proof_line(line), soft_wrap=True)
    out().print(f"\n{proof_summary(lines)}", soft_wrap=True)
    if output is not None:
        page = proof_page(
            lines,
            command=_command(names, seeds, budget, shorten=shorten, as_processes=as_processes),
            classes=catalogue().classes(),
            left_out=catalogue().left_out(),
        )
        output.write_text(page, encoding="utf-8")
    all_proved = all(line.is_proved for line in lines)
    ctx.exit(ExitStatus.CONFORMANT if all_proved else ExitStatus.NOT_CONFORMANT)


def _command(
    names: Sequence[str], seeds: int, budget: Budget, *, shorten: bool, as_processes: bool
) -> str:
    limits = f"--seeds {seeds} --scripts {budget.scripts} --seconds {budget.seconds:g}"
    flags = {"--shorten": shorten, "--as-processes": as_processes}
    chosen = [flag for flag, is_set in flags.items() if is_set]
    return " ".join(["tallystick prove", *names, limits, *chosen])


def _suspects(names: Sequence[str]) -> list[Suspect]:
    known = catalogue()
    unknown = [name for name in names if name not in known.names()]
    if unknown:
        remedy = f"there are: {', '.join(known.names())}"
        raise BadInput(Problem(text=f"no faulty connector is called {unknown[0]!r}", remedy=remedy))
    found: list[Suspect] = known.suspects(names)
    return found


def _examined(tasks: Sequence[_Task], processes: int) -> Iterator[ProofLine]:
    """Do the tasks, several at a time; give what came of them in their order."""
    if processes == 1 or len(tasks) == 1:
        yield from map(_examine, tasks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(_examine, tasks)
        finally:
            pool.shutdown(cancel_futures=True)


def _examine(task: _Task) -> ProofLine:
    suspect, searches, alone = task.suspect, Searches(), None
    with InProcess() as network:
        theatre = Theatre(network, connector=suspect.address)
        without = Theatre(
            network,
            connector=suspect.address,
            without={suspect.law},
            dataflows=theatre.dataflows,
        )
        try:
            numbers = range(1, task.seeds + 1)
            searched = search_all(
                theatre, suspect, numbers, task.budget, searches=searches, shorten=task.shorten
            )
            rows = list(searched)
            if suspect.alone:
                alone = seen_by_others(without, suspect, rows, searches=searches)
        finally:
            theatre.close()
            without.close()
    return _line(task, rows, alone)


def _line(task: _Task, rows: Sequence[ProofRow], alone: tuple[str, ...] | None) -> ProofLine:
    return ProofLine(
        name=task.suspect.name,
        law=task.suspect.law,
        weather=", ".join(sorted(task.suspect.weather)) or "fine",
        story=task.story,
        found=tuple(
            Found(outcome=r.outcome, laws=r.caught_by, scripts=r.scripts, seconds=r.seconds)
            for r in rows
        ),
        steps=max((row.steps for row in rows if row.steps is not None), default=None),
        alone=alone,
    )
