"""A theatre for a command: the connector found, the network around it, the documents known."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tallystick.cli.documents import Documents
from tallystick.connectors.address import resolve
from tallystick.errors import BadInput, ConnectorUnavailable
from tallystick.run.explore import explore
from tallystick.run.stage import Effort, Theatre
from tallystick.systems.inprocess import InProcess

__all__ = ["see_working_folder", "theatre_for"]


@contextmanager
def theatre_for(documents: Documents | None, connector: str, effort: Effort) -> Iterator[Theatre]:
    """Give a theatre for a connector, with the in-process network around it."""
    _check_address(connector)
    with InProcess() as network:
        theatre = Theatre(network=network, connector=connector, effort=effort, explorer=explore)
        if documents is not None:
            key = (documents.checklist, documents.agreement)
            theatre.dataflows[key] = documents.dataflow
        try:
            yield theatre
        finally:
            theatre.close()


def see_working_folder() -> None:
    """Let connectors be found that are modules in the working folder."""
    here = os.getcwd()  # noqa: PTH109  (what sys.path holds are texts)
    if here not in sys.path:
        sys.path.append(here)


def _check_address(connector: str) -> None:
    """Have the address resolved before anything else."""
    see_working_folder()
    try:
        resolve(connector)
    except (BadInput, ConnectorUnavailable):
        raise
    except Exception as error:
        raise ConnectorUnavailable(
            f"{connector}: importing it failed: {type(error).__name__}: {error}"
        ) from error
