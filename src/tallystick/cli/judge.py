"""`tallystick judge`: saved journals, judged again. Rule: it starts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from tallystick.cli.page import show
from tallystick.cli.shell import out
from tallystick.cli.verdict import tell_counts, tell_status
from tallystick.journal.journal import Journal, load
from tallystick.laws.judge import judge as judge_journal
from tallystick.laws.ticks import tick_checklist
from tallystick.laws.verdict import Judgement, merge_judgements
from tallystick.report.checklist import TickedReport
from tallystick.report.plain import many
from tallystick.report.story import story
from tallystick.results.status import worst
from tallystick.results.taking import is_about
from tallystick.results.verdict import Verdict, verdict_of

__all__ = ["judge"]


@click.command()
@click.argument("journals", metavar="JOURNAL...", type=click.Path(path_type=Path), nargs=-1)
@click.pass_context
def judge(ctx: click.Context, journals: tuple[Path, ...]) -> None:
    """Judge saved journals again and tick their checklists.

    Nothing is started and nothing is read but the journals. One that was cut short gives no verdict
    (exit status 2). Journals of one checklist under the same policies are ticked together.
    """
    if not journals:
        raise click.UsageError("Name at least one journal (.jsonl).")
    judged = [_Judged.of(path) for path in journals]
    console = out()
    verdicts = [_tell(console, group) for group in _grouped(judged)]
    status = worst(verdict.status for verdict in verdicts)
    reasons = [why for each in verdicts if each.status == status for why in each.reasons]
    tell_status(console, status, list(dict.fromkeys(reasons)))
    ctx.exit(status)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One journal, and what it was judged."""

    path: Path
    journal: Journal
    judgement: Judgement

    @classmethod
    def of(cls, path: Path) -> _Judged:
        journal = load(path)
        return cls(path, journal, judge_journal(journal))


def _grouped(judged: list[_Judged]) -> list[list[_Judged]]:
    """Give the journals by what they are about."""
    groups: list[list[_Judged]] = []
    for each in judged:
        dataflow = each.journal.header.dataflow
        for group in groups:
            if is_about(dataflow, group[0].journal.header.dataflow):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _tell(console: Console, group: list[_Judged]) -> Verdict:
    """Print the stories and the ticks of journals about one checklist."""
    for each in group:
        if each.judgement.violations:
            console.print(_story(each.journal, each.judgement), soft_wrap=True)
            console.print()
    judgement = merge_judgements(each.judgement for each in group)
    ticked = tick_checklist(group[0].journal.header.dataflow, judgement)
    show(console, TickedReport(ticked))
    facts = [f"{each.path}: {_about(each.journal, each.judgement)}" for each in group]
    tell_counts(console, ticked, facts)
    return verdict_of(ticked, judgement)


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
