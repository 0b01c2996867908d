"""`tallystick run`: the whole suite for one connector, and the checklist ticked."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from glob import has_magic
from pathlib import Path

import click

from tallystick import __version__
from tallystick.cli.documents import Documents, read_directions, read_documents, tell_findings
from tallystick.cli.effort import (
    EDITS,
    QUICK_EDITS,
    THOROUGH_EDITS,
    drawn_seed,
    edits_asked,
    effort_of,
    processes_for,
)
from tallystick.cli.failures import tell_failures
from tallystick.cli.lint_files import found_files
from tallystick.cli.many import BRIEF_EDITS, Brief, run_many
from tallystick.cli.options import agreement_option, connector_option
from tallystick.cli.page import show
from tallystick.cli.players import Opened, play_together
from tallystick.cli.shell import ExitStatus, error_console, out
from tallystick.cli.suite import Plan, planned
from tallystick.cli.theatre import theatre_for
from tallystick.cli.unwired import tell_unwired
from tallystick.cli.verdict import tell_verdict
from tallystick.dataflow.json import to_json
from tallystick.errors import BadInput, Problem
from tallystick.recording.declared import declared, with_declared_policies
from tallystick.recording.files import begin_results
from tallystick.recording.recorder import Recording
from tallystick.recording.saving import save_failures
from tallystick.report.checklist import TickedReport
from tallystick.report.plain import many
from tallystick.report.progress import ProgressLine
from tallystick.results.events import About, Connector, RunStarted
from tallystick.results.result import RunResult
from tallystick.run.smoke import smoke
from tallystick.run.stage import Effort
from tallystick.run.suite import play_features

__all__ = ["run"]


@click.command()
@click.argument("checklists", metavar="[CHECKLIST]...", nargs=-1)
@agreement_option
@connector_option
@click.option(
    "--reuse",
    is_flag=True,
    help="Keep one process of the connector, and one world, for the whole run: for connectors that"
    " start slowly. What needs a process of its own is not run.",
)
@click.option(
    "--edits",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"Random edits for each pair of record types (default: {EDITS}); 0 leaves them out.",
)
@click.option("--quick", is_flag=True, help=f"The same as --edits {QUICK_EDITS}.")
@click.option("--thorough", is_flag=True, help=f"The same as --edits {THOROUGH_EDITS}.")
@click.option(
    "--max-time",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="Draw no more random edits after this time.",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(min=0),
    help="Where the random edits begin; the same seed makes the same edits, and nothing that"
    " failed before is tried first.",
)
@click.option(
    "--processes",
    metavar="N",
    type=click.IntRange(min=1),
    help="Play so many scenarios at once, each in a process of its own (default: one for each core;"
    " more where a connector is mostly waited for).",
)
@click.option(
    "--save",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Save each failure there: journal, feature and script.",
)
@click.option(
    "--results",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the results there: verdict.json and what is made of it, report.html, events,"
    " failures.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report there, as one HTML file.",
)
@click.pass_context
def run(
    ctx: click.Context,
    checklists: tuple[str, ...],
    agreement: str | None,
    connector: str,
    reuse: bool,  # noqa: FBT001
    edits: int | None,
    quick: bool,  # noqa: FBT001  (click passes flags so)
    thorough: bool,  # noqa: FBT001
    max_time: float | None,
    seed: int | None,
    processes: int | None,
    folder: Path | None,
    results: Path | None,
    page: Path | None,
) -> None:
    """Play every scenario for a connector, and tick the checklist.

    CHECKLIST is a file, or the name of a packaged one. Without any, the packaged checklist with its
    agreement is run, the scenarios written by hand included. Two files are the two directions of
    one pair of systems, and are run as one; the agreement is about the first. For a folder, or more
    files, each checklist is run briefly, on all cores, with the agreement beside it (NAME.toml for
    NAME.rst), if there is one.

    First one record is tried; if it does not get over, the connector is not wired up, and nothing
    else is tried. Then all the scenarios that follow from the checklist are played, and people's
    random edits on either side. Failures are told as stories; the ticked checklist comes last.

    \b
    Exit status: 0 conformant, 1 not conformant, 2 usage or input, 3 undecided,
    4 connector not started or reached, 5 a fault of Tallystick itself.
    """  # noqa: D301  (click wants the character itself)
    if _is_many(checklists):
        refused = {"--agreement": agreement, "--max-time": max_time, "--save": folder}
        _only_for_one({**refused, "--results": results, "--html": page})
        wanted = edits_asked(edits, quick=quick, thorough=thorough, default=BRIEF_EDITS)
        brief = Brief(connector=connector, edits=wanted, seed=drawn_seed(seed))
        ctx.exit(run_many(found_files(checklists), brief, out()))
    if results is not None:
        begin_results(results)
    if page is not None and not page.parent.is_dir():  # told before all that it takes to play
        raise BadInput(
            Problem(
                file=str(page),
                text="cannot be written: there is no such folder",
                remedy="Choose another place.",
            )
        )
    documents = _documents(checklists, agreement)
    tell_findings(documents, in_full=False)
    effort = effort_of(edits_asked(edits, quick=quick, thorough=thorough), seed, max_time)
    known = declared(connector, documents.dataflow)
    dataflow = with_declared_policies(documents.dataflow, known.declaration)
    documents = documents.with_dataflow(dataflow)
    by_hand = not checklists and agreement is None
    plan = planned(documents, by_hand=by_hand, edits=effort.edits)
    started = RunStarted(
        about=_about(documents, known.connector, effort, max_time),
        dataflow=to_json(dataflow),
        scenarios=sum(len(feature.scenarios) for feature in plan.features),
        declines=known.declines,
        expected=known.expected,
        assumed=documents.compiled.assumed,
    )
    recording = Recording(started, dataflow, folder=results, page=page)
    opened = partial(theatre_for, documents, connector, effort, reuse=reuse)
    try:
        with recording:
            several = processes_for(processes, connector, plan, reuse=reuse)
            _play(ctx, recording, opened, plan, documents, several)
    except (Exception, KeyboardInterrupt):
        if recording.tally.scenarios:
            _tell(recording, folder)
        raise
    ctx.exit(_tell(recording, folder))


def _play(
    ctx: click.Context,
    recording: Recording,
    opened: Opened,
    plan: Plan,
    documents: Documents,
    processes: int,
) -> None:
    """Play what was planned, if one record gets over; what happens is noted in the recording."""
    with ProgressLine(error_console()) as progress:
        with opened() as theatre:
            tried = smoke(theatre, documents.dataflow)
            if tried.wired and processes == 1:
                play_features(theatre, plan.features, progress=progress, listener=recording.note)
        if tried.wired:
            if processes > 1:
                play_together(
                    plan.features,
                    opened,
                    processes=processes,
                    progress=progress,
                    listener=recording.note,
                )
            return
    status = tell_unwired(out(), tried, documents.dataflow, recording.tally.about.connector.address)
    recording.cut_short("the connector is not wired up", status)
    ctx.exit(status)


def _about(
    documents: Documents, connector: Connector, effort: Effort, max_time_s: float | None
) -> About:
    given = ("--agreement", documents.agreement) if documents.agreement else ()
    edits, seed = ("--edits", str(effort.edits)), ("--seed", str(effort.seed))
    named = filter(None, (documents.checklist, documents.back))
    command = ("tallystick", "run", *named, *given, "--connector", connector.address)
    return About(
        connector=connector,
        checklist=documents.checklist,
        agreement=documents.agreement,
        seed=effort.seed,
        edits=effort.edits,
        max_time_s=max_time_s,
        command=shlex.join((*command, *edits, *seed)),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        tallystick=__version__,
    )


def _is_many(checklists: tuple[str, ...]) -> bool:
    """Tell whether a folder, a pattern, or more files than two directions of a pair are given."""
    patterns = any(has_magic(name) and not Path(name).exists() for name in checklists)
    return len(checklists) > 2 or patterns or any(Path(name).is_dir() for name in checklists)


def _documents(checklists: tuple[str, ...], agreement: str | None) -> Documents:
    if len(checklists) > 1:
        forth, back = checklists
        return read_directions(forth, back, agreement)
    checklist = checklists[0] if checklists else None
    return read_documents(checklist, agreement, may_be_empty=True)


def _only_for_one(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if value is not None:
            raise click.UsageError(f"{name} is for one checklist, and here are several.")


def _tell(recording: Recording, folder: Path | None) -> ExitStatus:
    """Print what came of a run, whole or not; give the status of a whole one."""
    tally = recording.tally
    result = recording.result or tally.result()
    console = out()
    tell_failures(console, recording.counting, tally.dataflow)
    show(console, TickedReport(tally.ticked))
    facts = [_what_was_done(result)]
    if not tally.dataflow.pairs:
        facts.insert(0, "The checklist has no section about two record types: nothing is played.")
    if result.counts.others:
        facts.append(_others_text(result.counts.others))
    if folder is not None and recording.failed:
        saved = save_failures(folder, recording.failed)
        facts.append(f"{many(len(saved), 'failure')} saved in {folder}.")
    tell_verdict(console, result, tally.ticked, facts)
    return tally.verdict.status


def _what_was_done(result: RunResult) -> str:
    counts = result.counts
    failed = f", {counts.failed} of them failed" if counts.failed else ""
    return (
        f"{many(counts.scenarios, 'scenario')}{failed}; people made"
        f" {many(counts.edits, 'edit')}, the connector {many(counts.exchanges, 'request')},"
        f" {many(counts.settles, 'settle')} were judged; seed {result.about.seed};"
        f" {result.duration_ms / 1000:.0f} s."
    )


def _others_text(others: int) -> str:
    return (
        f"{many(others, 'scenario')} of these {'is' if others == 1 else 'are'} about other"
        " checklists and policies and not counted in the ticks."
    )
