"""`tallystick init`: a connector.toml to begin with. Rule: what is there already stays as it is."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Final

import click

from tallystick.errors import BadInput, Problem

__all__ = ["init"]

_FILE: Final = "connector.toml"
_TEMPLATE: Final = """\
# What a run should know of this connector. `tallystick schema connector` says all that can stand
# here. Run it with:  tallystick run --connector {file}

name = {name}
version = "0"

{way}

# How long it may take, in seconds; these are the usual times.
# [timeouts]
# start = 30
# sync = 60
# stop = 5
# deadline = 30

# What it does where nobody has agreed on it, if that is not the default.
# [policies]
# conflicts = "latest-wins"  # or source-wins, target-wins
# deletions = "propagate"    # or detach
# empty = "propagate"        # or keep
# create = "source"          # or both

# What it does not offer: a law, a check or the beginning of its id, or a situation. Failures of
# that are reported as declined.
# [[declines]]
# capability = "deletions"
# reason = "The shop keeps its customers."
# link = "https://example.com/why"
"""
_PROCESS: Final = """\
# The program and its arguments, each a text of its own. No shell reads it.
command = {argv}

# stdio: asked by JSON lines; poll: runs by itself; attach: runs already (then: no command, but
# ports = {{ source = 8101, target = 8102 }}).
mode = {mode}

# One process for the whole run, if it starts slowly.
# reuse = true

# What the process gets besides PATH, HOME and the contract's variables.
# [environment]
# NODE_ENV = "test\""""
_PYTHON: Final = """\
# The factory of a connector in Python: python:package.module:factory
address = {address}"""


@click.command()
@click.argument(
    "folder", required=False, default=".", type=click.Path(file_okay=False, path_type=Path)
)
@click.option("--name", help="The connector's name (default: the folder's).")
@click.option("--command", metavar="COMMAND", help="What starts it, e.g. 'node bridge.js'.")
@click.option(
    "--mode",
    type=click.Choice(["stdio", "poll"]),
    default="stdio",
    show_default=True,
    help="Whether it is asked by JSON lines, or runs by itself.",
)
@click.option(
    "--python",
    "factory",
    metavar="MODULE:FACTORY",
    help="For a connector in Python: package.module:factory, instead of --command.",
)
def init(
    folder: Path, name: str | None, command: str | None, mode: str, factory: str | None
) -> None:
    """Write a connector.toml in FOLDER (default: here), to be filled in.

    A file that is there already is not touched (exit status 2).
    """
    if command and factory:
        raise click.UsageError("--command and --python exclude one another.")
    path = folder / _FILE
    text = _TEMPLATE.format(
        file=path, name=json.dumps(name or folder.resolve().name), way=_way(command, mode, factory)
    )
    _write_new(path, text)
    click.echo(f"{path} written. Fill it in, then: tallystick run --connector {path}", err=True)


def _way(command: str | None, mode: str, factory: str | None) -> str:
    if factory:
        return _PYTHON.format(address=json.dumps(f"python:{factory.removeprefix('python:')}"))
    try:
        argv = shlex.split(command or "./your-connector --quiet")
    except ValueError as error:
        raise click.UsageError(f"--command cannot be split: {error}.") from error
    return _PROCESS.format(argv=json.dumps(argv), mode=json.dumps(mode))


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        remedy = "Edit that file, or name another folder."
        problem = Problem(
            file=str(path), text="is there already; nothing was changed", remedy=remedy
        )
        raise BadInput(problem) from error
    except OSError as error:
        text = f"cannot be written: {error.strerror or error}"
        remedy = "Choose another folder."
        raise BadInput(Problem(file=str(path), text=text, remedy=remedy)) from error
