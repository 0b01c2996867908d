"""`tallystick judge`: a saved journal, judged again. Rule: it starts nothing."""

from __future__ import annotations

from pathlib import Path

import click

from tallystick.cli.page import show
from tallystick.cli.shell import out
from tallystick.cli.verdict import tell_verdict
from tallystick.journal.journal import Journal, load
from tallystick.laws.judge import judge as judge_journal
from tallystick.laws.ticks import tick_checklist
from tallystick.laws.verdict import Judgement
from tallystick.report.checklist import TickedReport
from tallystick.report.plain import many
from tallystick.report.story import story
from tallystick.results.verdict import verdict_of

__all__ = ["judge"]


@click.command()
@click.argument("journal", type=click.Path(path_type=Path))
@click.pass_context
def judge(ctx: click.Context, journal: Path) -> None:
    """Judge a saved JOURNAL again and tick its checklist.

    Nothing is started and nothing is read but the journal. One that was cut short gives no verdict
    (exit status 2).
    """
    loaded = load(journal)
    judgement = judge_journal(loaded)
    console = out()
    if judgement.violations:
        console.print(_story(loaded, judgement), soft_wrap=True)
        console.print()
    ticked = tick_checklist(loaded.header.dataflow, judgement)
    show(console, TickedReport(ticked))
    facts = [f"{journal}: {_about(loaded, judgement)}"]
    verdict = verdict_of(ticked, judgement)
    tell_verdict(console, verdict, ticked, facts)
    ctx.exit(verdict.status)


def _story(journal: Journal, judgement: Judgement) -> str:
    first = judgement.violations[0]
    return story(
        title=journal.header.title or "What the journal shows",
        script=journal.header.script,
        violations=[v for v in judgement.violations if v.event == first.event],
        dataflow=journal.header.dataflow,
        journal=journal,
    )


def _about(journal: Journal, judgement: Judgement) -> str:
    header = journal.header
    return (
        f"{many(judgement.settles, 'settle')}, {many(judgement.edits, 'edit')} by people,"
        f" {many(judgement.exchanges, 'request')} of the connector"
        f" {header.connector or '(not named)'}; written by Tallystick {header.tallystick}."
    )
