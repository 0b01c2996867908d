"""`tallystick agree`: an agreement file to be filled in, beside a checklist."""

from __future__ import annotations

from pathlib import Path

import click

from tallystick.checklist import agreement_skeleton, read_checklist
from tallystick.cli.documents import located
from tallystick.errors import BadInput, Problem

__all__ = ["agree"]

_REMEDY = "Choose another file with -o, or have it replaced with --replace."


@click.command()
@click.argument("checklist")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to write it; - for standard output (default: beside the checklist, as .toml).",
)
@click.option(
    "--older",
    metavar="CHECKLIST",
    help="An older checklist of the same systems, which still prints conversions hidden now.",
)
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
def agree(
    checklist: str,
    output: str | None,
    older: str | None,
    replace: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Write an agreement with everything that CHECKLIST leaves open, to be filled in.

    Each open point is named with its line, and a setting that would settle it stands below, behind
    a #. As it is, the file changes nothing; give it with --agreement.
    """
    before = read_checklist(located(older, "checklists")) if older else None
    text = agreement_skeleton(read_checklist(located(checklist, "checklists")), before)
    if output == "-":
        click.echo(text, nl=False)
        return
    path = Path(output) if output else Path(checklist).with_suffix(".toml")
    try:
        with path.open("w" if replace else "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise BadInput(Problem(file=str(path), text="is there already", remedy=_REMEDY)) from error
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        remedy = "Choose a folder that can be written."
        raise BadInput(Problem(file=str(path), text=reason, remedy=remedy)) from error
    click.echo(f"{path}: fill in what holds, and give it with --agreement {path}.", err=True)
