"""A theatre for a command: the connector found, the network around it, the documents known."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import click

from tallystick.cli.documents import Documents
from tallystick.cli.signals import ended_in_order
from tallystick.connectors.address import Launch, resolve
from tallystick.connectors.command import Command
from tallystick.dataflow.model import Dataflow
from tallystick.errors import BadInput, ConnectorUnavailable, Problem
from tallystick.run.explore import explore
from tallystick.run.stage import Effort, Theatre, documents_key
from tallystick.systems.inprocess import InProcess

__all__ = ["resolved", "see_working_folder", "tell_where", "theatre_for"]


@contextmanager
def theatre_for(
    documents: Documents | None, connector: str, effort: Effort, *, reuse: bool = False
) -> Iterator[Theatre]:
    """Give a theatre for a connector, with the in-process network around it.

    With `reuse`, one process serves the whole run; BadInput where there is none to serve. While a
    process may run, SIGTERM ends this one in order, so that none is left behind.
    """
    launch = resolved(connector)
    if reuse:
        launch = _reused(launch, connector)
    in_order = ended_in_order() if isinstance(launch, Command) else nullcontext()
    with InProcess() as network, in_order:
        theatre = Theatre(
            network=network, connector=connector, launch=launch, effort=effort, explorer=explore
        )
        try:
            if documents is not None:
                key = documents_key(documents.checklist, documents.agreement, documents.back)
                theatre.dataflows[key] = documents.dataflow
                tell_where(theatre, documents.dataflow)
            yield theatre
        finally:
            theatre.close()


def _reused(launch: Launch, connector: str) -> Launch:
    if isinstance(launch, Command):
        return replace(launch, reuse=True)
    text = f"--reuse is for connectors that are started as processes, not for {connector}"
    raise BadInput(Problem(text=text, remedy="Leave it out."))


def tell_where(theatre: Theatre, dataflow: Dataflow) -> None:
    """Say what an attached connector has to know, if it is one; on stderr, for it is no result."""
    for line in theatre.invitation(dataflow):
        click.echo(line, err=True)


def see_working_folder() -> None:
    """Let connectors be found that are modules in the working folder."""
    here = os.getcwd()  # noqa: PTH109  (what sys.path holds are texts)
    if here not in sys.path:
        sys.path.append(here)


def resolved(connector: str) -> Launch:
    """Give what the address stands for, before anything else is done."""
    see_working_folder()
    try:
        return resolve(connector)
    except (BadInput, ConnectorUnavailable):
        raise
    except Exception as error:
        raise ConnectorUnavailable(
            f"{connector}: importing it failed: {type(error).__name__}: {error}"
        ) from error
