"""`tallystick replay`: a saved script, played again. Rule: no file says what is started."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from tallystick.cli.options import connector_option
from tallystick.cli.shell import ExitStatus, out
from tallystick.cli.theatre import tell_where, theatre_for
from tallystick.errors import BadInput, Problem
from tallystick.report.plain import harmless
from tallystick.report.story import story
from tallystick.run.again import Play, agreed, play_again, plays_for, said
from tallystick.run.stage import Effort
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.script_json import script_from_json

__all__ = ["replay"]

_SAVED: Final = "Scripts are saved by `tallystick run --save DIR`."


@click.command()
@click.argument("script", type=click.Path(path_type=Path))
@connector_option
@click.option(
    "--times",
    metavar="N",
    type=click.IntRange(min=1),
    help="How often to play it (default: once, or 5 times where the connector keeps its own time).",
)
@click.pass_context
def replay(ctx: click.Context, script: Path, connector: str, times: int | None) -> None:
    """Play a saved SCRIPT (.json) again: FIXED, STILL FAILS, or FLAKY k of n.

    Exit status 0: nothing is broken any more; 1: it fails, each time or sometimes;
    3: nothing was judged.
    """
    steps = _read(script)
    plays = times or plays_for(connector)
    console = out()
    console.print(harmless(f"Replaying {script} on the connector {connector}."), soft_wrap=True)
    console.print()
    file, beside = str(script), script.parent
    with theatre_for(None, connector, Effort()) as theatre:
        dataflow = agreed(theatre, steps, file=file, beside=beside)
        if dataflow is not None:
            tell_where(theatre, dataflow)
        played = [
            play_again(theatre, steps, title=script.stem, file=file, beside=beside)
            for _ in range(plays)
        ]
    ctx.exit(_tell(console, played))


def _read(path: Path) -> Script:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=str(path), text=text, remedy="Check the path.")) from error
    except ValueError as error:
        raise BadInput(Problem(file=str(path), text=f"no JSON: {error}", remedy=_SAVED)) from error
    try:
        script = script_from_json(document, file=str(path))
    except BadInput as error:
        raise BadInput(
            replace(each, remedy=each.remedy or _SAVED) for each in error.problems
        ) from error
    if not script:
        raise BadInput(Problem(file=str(path), text="the script has no step", remedy=_SAVED))
    return script


def _tell(console: Console, plays: Sequence[Play]) -> ExitStatus:
    failed = [play for play in plays if play.violations]
    verdict = said(len(failed), len(plays))
    if failed and failed[0].dataflow is not None:
        text = story(
            title=verdict,
            script=failed[0].script,
            violations=failed[0].violations,
            dataflow=failed[0].dataflow,
            journal=failed[0].journal,
            width=console.width,
        )
        console.print(text, soft_wrap=True)
        return ExitStatus.NOT_CONFORMANT
    if plays[0].not_run:
        console.print(harmless(f"Not run: {plays[0].not_run}."), soft_wrap=True)
        return ExitStatus.UNDECIDED
    if not all(play.settles for play in plays):
        console.print("Nothing was judged: the connector did not come to rest in this script.")
        return ExitStatus.UNDECIDED
    console.print(f"{verdict}: the script was played to its end, and nothing is broken.")
    return ExitStatus.CONFORMANT
