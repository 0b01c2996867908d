"""`tallystick replay`: a saved script, played again. Rule: no file says what is started."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from tallystick.cli.run import theatre_for
from tallystick.cli.shell import ExitStatus, out
from tallystick.errors import BadInput, Problem
from tallystick.laws.verdict import Violation
from tallystick.report.plain import harmless
from tallystick.report.story import story
from tallystick.run.actions import StepImpossible
from tallystick.run.stage import Effort, Stage
from tallystick.vocabulary.script import Script, Step, script_from_json

__all__ = ["replay"]


@click.command()
@click.argument("script", type=click.Path(path_type=Path))
@click.option(
    "--connector",
    metavar="ADDRESS",
    default="reference",
    show_default=True,
    help="The connector under test.",
)
@click.pass_context
def replay(ctx: click.Context, script: Path, connector: str) -> None:
    """Play a saved SCRIPT (.json) again and say whether it still fails.

    Exit status 0: nothing is broken any more; 1: it still fails; 3: nothing was judged.
    """
    steps = _read(script)
    console = out()
    console.print(harmless(f"Replaying {script} on the connector {connector}."), soft_wrap=True)
    console.print()
    with theatre_for(None, connector, Effort()) as theatre:
        stage = Stage(theatre, title=script.stem, beside=script.parent)
        try:
            violations = _play(stage, steps, script)
        finally:
            stage.close()
    ctx.exit(_tell(console, stage, violations))


def _read(path: Path) -> Script:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=str(path), text=text, remedy="Check the path.")) from error
    except ValueError as error:
        remedy = "Scripts are saved by `tallystick run --save DIR`."
        raise BadInput(Problem(file=str(path), text=f"no JSON: {error}", remedy=remedy)) from error
    return script_from_json(document, file=str(path))


def _play(stage: Stage, steps: Script, path: Path) -> list[Violation]:
    for step in steps:
        violations = _play_step(stage, step, path)
        if violations:
            return violations
    return []


def _play_step(stage: Stage, step: Step, path: Path) -> list[Violation]:
    """Play one step; one that is impossible in this world is left out, as when it was found."""
    try:
        return stage.play(step)
    except StepImpossible as error:
        if stage.world is None:
            raise BadInput(Problem(file=str(path), text=str(error))) from error
        stage.world.skipped(str(error))
        return []


def _tell(console: Console, stage: Stage, violations: list[Violation]) -> ExitStatus:
    if violations and stage.dataflow is not None:
        text = story(
            title="STILL FAILS",
            script=tuple(stage.steps),
            violations=violations,
            dataflow=stage.dataflow,
            journal=stage.close(),
            width=console.width,
        )
        console.print(text, soft_wrap=True)
        return ExitStatus.NOT_CONFORMANT
    if not stage.judgement.settles:
        console.print("Nothing was judged: the connector did not come to rest in this script.")
        return ExitStatus.UNDECIDED
    console.print("FIXED: the script was played to its end, and nothing is broken.")
    return ExitStatus.CONFORMANT
