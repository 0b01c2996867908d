"""`tallystick doctor`: whether a connector is wired up, and what to mend if it is not."""

from __future__ import annotations

import click
from rich.console import Console

from tallystick.cli.documents import read_documents
from tallystick.cli.options import agreement_option, connector_option
from tallystick.cli.shell import ExitStatus, out
from tallystick.cli.theatre import theatre_for
from tallystick.report.plain import harmless, wrapped
from tallystick.run.checkup import Checkup, check_up, hurried
from tallystick.run.stage import Effort

__all__ = ["doctor"]


@click.command()
@click.argument("checklist", required=False)
@agreement_option
@connector_option
@click.pass_context
def doctor(
    ctx: click.Context, checklist: str | None, agreement: str | None, connector: str
) -> None:
    """Start a connector, bring one record over and one edit back, and say what is wired wrongly.

    Takes less than 10 seconds. Exit status 0: all of it works; 1: something does not; 4: the
    connector cannot be started, or reached neither system.
    """
    documents = read_documents(checklist, agreement)
    with theatre_for(documents, connector, Effort()) as theatre:
        if theatre.launch is not None:
            theatre.launch = hurried(theatre.launch)
        checkup = check_up(theatre, documents.dataflow)
    ctx.exit(_tell(out(), checkup, connector))


def _tell(console: Console, checkup: Checkup, connector: str) -> ExitStatus:
    console.print(harmless(f"The connector: {connector}"), soft_wrap=True)
    for look in checkup.looks:
        mark, style = ("✓", "green") if look.works else ("✗", "bold red")
        console.print(f"  {mark} {harmless(look.name)}", style=style, soft_wrap=True)
        if look.seen:
            console.print(wrapped(harmless(look.seen), console.width, indent="    "))
        if look.remedy:
            console.print(
                wrapped(harmless(look.remedy), console.width, indent="    "), style="bold"
            )
    for finding in checkup.findings:
        console.print()
        console.print(wrapped(harmless(finding.text), console.width, indent="  "))
        console.print(wrapped(harmless(finding.remedy), console.width, indent="    "), style="bold")
    console.print()
    if checkup.works:
        console.print("It is wired up. Next: `tallystick run` with the same options.")
        return ExitStatus.CONFORMANT
    if checkup.reached:
        console.print("It is not wired up (exit status 1).", style="bold red")
        return ExitStatus.NOT_CONFORMANT
    console.print("It cannot be started or reached (exit status 4).", style="bold red")
    return ExitStatus.UNAVAILABLE
