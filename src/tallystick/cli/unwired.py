"""What is said of a connector that is not wired up. Rule: what was seen, and no verdict on laws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console

from tallystick.cli.shell import ExitStatus
from tallystick.dataflow.model import Dataflow
from tallystick.report.columns import sync_columns
from tallystick.report.plain import harmless, many, wrapped
from tallystick.run.smoke import Smoke
from tallystick.vocabulary.events import Event, SyncEnded
from tallystick.vocabulary.sentences import Names

__all__ = ["tell_unwired"]

_NEXT: Final = (
    "Nothing else was tried. `tallystick doctor`, with the same options, looks closer; "
    "once one record gets over, run it again."
)


def tell_unwired(console: Console, smoke: Smoke, dataflow: Dataflow, connector: str) -> ExitStatus:
    """Print what one record showed.

    The status is UNAVAILABLE where no request reached either system, NOT_CONFORMANT where one did.
    """
    status = ExitStatus.NOT_CONFORMANT if smoke.reached else ExitStatus.UNAVAILABLE
    width = console.width
    console.print(f"The connector is not wired up: {harmless(connector)}", style="bold red")
    console.print()
    for text in (_tried(smoke, dataflow), *_seen(smoke)):
        console.print(wrapped(harmless(text), width, indent="  "), soft_wrap=True)
    if smoke.journal is not None and smoke.requests:
        console.print()
        events = _first_sync(smoke.journal.events)
        for line in sync_columns(events, len(events) - 1, dataflow, width=width - 2):
            console.print(f"  {harmless(line)}", soft_wrap=True)
    console.print()
    console.print(wrapped(_NEXT, width), soft_wrap=True)
    console.print(
        "Connector not reached (exit status 4)"
        if status is ExitStatus.UNAVAILABLE
        else "Not conformant (exit status 1)",
        style="bold red",
    )
    return status


def _first_sync(events: Sequence[Event]) -> Sequence[Event]:
    """Leave out the attempts after the first one: they look alike."""
    ends = (at for at, event in enumerate(events) if isinstance(event, SyncEnded))
    first = next(ends, len(events) - 1)
    return events[: first + 1]


def _tried(smoke: Smoke, dataflow: Dataflow) -> str:
    names = Names.of(dataflow)
    kind = smoke.pair.source if smoke.pair is not None else "record"
    other = smoke.pair.target if smoke.pair is not None else "record"
    return (
        f"One {kind} was created in {names.source}, and the connector was asked to synchronize."
        f" No {other} for it came to {names.target}."
    )


def _seen(smoke: Smoke) -> list[str]:
    said = [f"It made {many(smoke.requests, 'request')} to the two systems."]
    if not smoke.requests:
        said = ["It made no request to either system."]
    if smoke.why:
        said.append(f"It gave up each time, the last time with: {smoke.why}")
    if smoke.strayed:
        said.append(f"It asked elsewhere instead: {', '.join(smoke.strayed)}.")
    if not smoke.requests and not smoke.why:
        said.append(
            "Does it take the URLs from TALLYSTICK_SOURCE_URL and TALLYSTICK_TARGET_URL, and does"
            " sync() return only when there is nothing left to do?"
        )
    return said
