"""The command `tallystick` and its commands."""

from __future__ import annotations

import click

from tallystick import __version__
from tallystick.cli.agree import agree
from tallystick.cli.compare import compare
from tallystick.cli.compile import compile_command
from tallystick.cli.derive import derive
from tallystick.cli.doctor import doctor
from tallystick.cli.expect import expect
from tallystick.cli.explain import explain
from tallystick.cli.init import init
from tallystick.cli.judge import judge
from tallystick.cli.lint import lint
from tallystick.cli.prove import prove
from tallystick.cli.replay import replay
from tallystick.cli.run import run
from tallystick.cli.sandbox import sandbox
from tallystick.cli.schema import schema
from tallystick.cli.shell import ExitStatus, Shell
from tallystick.cli.steps import steps

__all__ = ["main"]

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 90}


@click.group(cls=Shell, invoke_without_command=True, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="tallystick")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def main(ctx: click.Context, debug: bool) -> None:  # noqa: ARG001, FBT001  (Shell reads it)
    """Test whether a connector keeps two business systems in sync, as their checklist promises.

    Begin with `tallystick run`: it shows the packaged checklist, ticked for the reference
    connector. Then give your own connector's address, and your own checklist.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(ExitStatus.BAD_INPUT)


for command in (
    run,
    doctor,
    init,
    compare,
    expect,
    lint,
    agree,
    compile_command,
    derive,
    judge,
    replay,
    explain,
    steps,
    sandbox,
    schema,
    prove,
):
    main.add_command(command)
