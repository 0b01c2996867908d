"""A connector that somebody else runs, or writes, or plays with curl. Rule: its traffic tells all.

It rests when it is quiet as a polling connector is, or when nothing has been asked for a while. One
that neither reads everything nor ever stops asking counts as resting in the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from tallystick.connectors.quiet import QuietWatch
from tallystick.dataflow.model import Dataflow
from tallystick.systems.server import Sockets
from tallystick.vocabulary.events import Event, Exchange

__all__ = ["ByHand"]

_SILENCE_S: Final = 3.0
_DEADLINE_S: Final = 20.0
_LOOK_S: Final = 0.1


class ByHand:
    """The driver of nobody's connector. It cannot be killed. `clock` gives seconds."""

    by_itself = True

    def __init__(
        self, dataflow: Dataflow, sockets: Sockets, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self.processes = 0
        self._sockets = sockets
        self._watch = QuietWatch(dataflow, set())
        self._asked_s = self._clock()

    @property
    def running(self) -> bool:
        """Whether it is listened to."""
        return self.processes > 0

    def start(self) -> None:
        """Begin to listen."""
        self.processes = 1

    def prepare(self) -> None:
        """Wait for nothing: what it had begun before belongs to this sync."""

    def sync(self) -> str:
        """Wait until it rests."""
        until = self._clock() + _DEADLINE_S
        while not self._rests() and self._clock() < until:
            self._sockets.turn.wait(_LOOK_S)
        if not self._rests():
            self._watch.give_up()
        return ""

    def _rests(self) -> bool:
        now = self._clock()
        is_quiet = self._watch.left_s(now) == 0 or now - self._asked_s > _SILENCE_S
        return is_quiet and not self._sockets.in_progress

    def kill(self) -> None:
        """Nobody here can."""
        raise NotImplementedError("this connector is not ours to kill")

    def heard(self, event: Event) -> None:
        """Follow the traffic."""
        now = self._clock()
        self._watch.feed(event, now)
        if isinstance(event, Exchange):
            self._asked_s = now

    def take_printed(self) -> list[str]:
        """Give nothing: its output is not ours to read."""
        return []

    def close(self) -> None:
        """Leave it running."""
