"""What a page is told while the sandbox goes on. Rule: never what happened twice, and however much
has happened meanwhile, one message with how things stand now.

A `Feed` belongs to one page. It only notes what has become stale; `message` reads it afresh.
"""

from __future__ import annotations

from typing import Final, Self

from tallystick.canonical import Json
from tallystick.dataflow.model import SIDES
from tallystick.laws.history import Record
from tallystick.sandbox.play import Sandbox
from tallystick.sandbox.view import SandboxView
from tallystick.vocabulary.events import (
    Change,
    Edited,
    Event,
    Exchange,
    Settled,
    Started,
    SyncBegan,
    SyncEnded,
)

__all__ = ["MOST_LINES", "Feed"]

MOST_LINES: Final = 10_000
"""Lines of the log that a page keeps; who comes late is told no more."""

_INWARD: Final = (Started, SyncBegan, SyncEnded)
"""What is nothing to look at where nobody here starts or asks the connector."""


class Feed:
    """One page's feed; a context manager that listens."""

    def __init__(self, sandbox: Sandbox, view: SandboxView) -> None:
        self._sandbox = sandbox
        self._view = view
        self._stale: dict[int, Record] = {}
        self._told = 0
        self._all = self._links = self._state = True

    def __enter__(self) -> Self:
        """Begin to listen."""
        with self._sandbox.turn:
            self._sandbox.listeners.append(self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        with self._sandbox.turn:
            self._sandbox.listeners.remove(self._heard)

    def _heard(self, event: Event | None) -> None:
        self._state = True
        changes: tuple[Change, ...] = ()
        if isinstance(event, Edited):
            changes = (event.change,)
        elif isinstance(event, Exchange):
            changes = event.changes
        elif isinstance(event, Settled):
            self._links = True
            scene = self._sandbox.world.judge.scene
            for link in (*scene.links, *scene.dirty):
                self._stale.update({id(link.record(side)): link.record(side) for side in SIDES})
        for change in changes:
            self._note(change)

    def _note(self, change: Change) -> None:
        """Note that a record is stale, and with it its counterparts: they may differ now."""
        judge = self._sandbox.world.judge
        record = judge.history.record(change.side, change.type, change.key)
        if record is None:
            return
        self._stale[id(record)] = record
        for link in judge.book.links_of(record):
            other = link.target if record is link.source else link.source
            self._stale[id(other)] = other

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell."""
        return self._all or self._links or self._state or bool(self._stale)

    def message(self) -> dict[str, Json]:
        """Give what has become stale, as it stands now. The turn must be held."""
        events = self._sandbox.world.journal.events
        first = max(self._told, len(events) - MOST_LINES)
        self._told = len(events)
        news: dict[str, Json] = {"state": self._view.state()}
        lines = [
            self._view.line(at, events[at])
            for at in range(first, self._told)
            if not (self._sandbox.attached and isinstance(events[at], _INWARD))
        ]
        if lines:
            news["log"] = lines
        if self._all:
            news["about"] = self._view.about()
        if self._all or self._links:
            news["links"] = self._view.links()
        if self._all:
            news["records"] = self._view.records()
        elif self._stale:
            news["changed"] = [self._view.record(record) for record in self._stale.values()]
        self._stale.clear()
        self._all = self._links = self._state = False
        return news
