"""`tallystick sandbox`: both systems live, on a page."""

from __future__ import annotations

import signal
import threading
import webbrowser

import click

from tallystick.cli.documents import read_documents, tell_findings
from tallystick.cli.options import agreement_option
from tallystick.cli.theatre import see_working_folder
from tallystick.connectors.environment import contract_variables
from tallystick.report.plain import harmless
from tallystick.sandbox import PageServer, Sandbox

__all__ = ["sandbox"]

_PORT = click.IntRange(min=0, max=65_535)


@click.command()
@click.argument("checklist", required=False)
@agreement_option
@click.option(
    "--connector",
    metavar="ADDRESS",
    default="",
    help="A connector to start; without one, run yours by hand with the variables printed.",
)
@click.option("--port", type=_PORT, default=0, help="The page's port (default: a free one).")
@click.option("--source-port", type=_PORT, default=0, help="The first system's port.")
@click.option("--target-port", type=_PORT, default=0, help="The second system's port.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def sandbox(
    checklist: str | None,
    agreement: str | None,
    connector: str,
    port: int,
    source_port: int,
    target_port: int,
    opens: bool,  # noqa: FBT001  (click passes flags so)
) -> None:
    """Run both systems, and show on a page what a connector does with them.

    Create, edit and delete records on either side, let things go wrong, and watch the requests, the
    links and what is out of sync. The variables that are printed are all that a connector needs, in
    any language. What you did can be saved as a scenario. Ends with Ctrl+C.
    """
    see_working_folder()
    documents = read_documents(checklist, agreement)
    tell_findings(documents, in_full=False)
    play = Sandbox(
        documents.dataflow,
        connector=connector,
        checklist=documents.checklist,
        agreement=documents.agreement,
        ports={"source": source_port, "target": target_port},
    )
    play.start()
    server = PageServer(play, port)
    server.start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _tell(play, server)
        if opens:
            webbrowser.open(server.url)
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo()
    finally:
        server.close()
        play.close()


def _tell(play: Sandbox, server: PageServer) -> None:
    click.echo(f"The page: {server.url}\n")
    click.echo("For a connector of yours (set TALLYSTICK_STATE to a folder of its own):\n")
    variables = contract_variables(
        dataflow_file=play.dataflow_file,
        state=play.wiring.state,
        urls=play.wiring.urls,
        mode="poll",
    )
    for name, value in variables.items():
        click.echo(harmless(f"  export {name}={value}"))
    click.echo("\nCtrl+C ends it.")
