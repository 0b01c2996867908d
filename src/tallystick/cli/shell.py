"""What all commands share: consoles, and no traceback for anybody's mistake."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from tallystick.errors import BadInput, ConnectorUnavailable, TallystickError
from tallystick.report.plain import harmless
from tallystick.results.status import INTERRUPTED, STATUS_WORDS, ExitStatus

__all__ = ["ExitStatus", "Shell", "error_console", "out"]


_BROKEN_PIPE: Final = 141
_WIDEST: Final = 100


def _tolerant(stream: Any) -> Any:
    """Have a stream write a substitute where its encoding lacks a character."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return stream


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `Shell`: rich would end the process as if that were a verdict."""
        raise BrokenPipeError


def _console(stream: Any) -> Console:
    console = _Console(file=_tolerant(stream), highlight=False, emoji=False, markup=False)
    console.width = min(console.width, _WIDEST)
    return console


def out() -> Console:
    """Give the console for results."""
    return _console(sys.stdout)


def error_console() -> Console:
    """Give the console for what went wrong, and for progress."""
    return _console(sys.stderr)


class Shell(click.Group):
    """A group of commands that turns every error into words and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `_status_of` for what errors come to."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("\nInterrupted: nothing is decided.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            ctx.exit(_BROKEN_PIPE)
        except (Exception, SystemExit) as error:  # noqa: BLE001  (a person shall see no traceback)
            if ctx.params.get("debug"):
                click.echo(harmless(traceback.format_exc()), err=True)
            ctx.exit(_say(error))


def _say(error: BaseException) -> ExitStatus:
    """Tell what went wrong on stderr; give the status that it comes to."""
    if isinstance(error, BadInput):
        click.echo(harmless(str(error)), err=True)
        return ExitStatus.BAD_INPUT
    if isinstance(error, ConnectorUnavailable):
        _tell_unavailable(str(error), error.remedy)
        return ExitStatus.UNAVAILABLE
    if isinstance(error, SystemExit):
        _tell_unavailable(f"it ended the whole process (exit status {error.code})")
        return ExitStatus.UNAVAILABLE
    _tell_fault(error)
    return ExitStatus.FAULT


def _tell_unavailable(why: str, remedy: str = "") -> None:
    click.echo(f"{STATUS_WORDS[ExitStatus.UNAVAILABLE]} (exit status 4).", err=True)
    click.echo(harmless(f"  {why}"), err=True)
    if remedy:
        click.echo(harmless(f"    {remedy}"), err=True)


def _tell_fault(error: BaseException) -> None:
    kind = "" if isinstance(error, TallystickError) else f"{type(error).__name__}: "
    click.echo(
        "This is a fault of Tallystick itself, not of the connector (exit status 5).", err=True
    )
    click.echo(harmless(f"  {kind}{error}"), err=True)
    frames = traceback.extract_tb(error.__traceback__)
    if frames:
        click.echo(f"  in {Path(frames[-1].filename).name}, line {frames[-1].lineno}", err=True)
    click.echo(
        "Please report it as an issue of the Tallystick project, with what the same command\n"
        "prints after `tallystick --debug`.",
        err=True,
    )
