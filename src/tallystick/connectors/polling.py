"""Connectors that run by themselves (mode poll, and attached ones). Rule: the traffic tells all.

Nobody asks them for anything: `sync` waits until `QuietWatch` says that they are quiet. One that
reads not all there is, but has long written nothing, counts as quiet at the deadline; one that
still writes then does not come to rest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from tallystick.connectors.command import Command, ProcessConnector
from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.process import Process
from tallystick.connectors.quiet import QuietWatch
from tallystick.dataflow.model import Dataflow
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.vocabulary.events import Event, Exchange

__all__ = ["AttachedConnector", "PollingConnector"]

_LOOK_S: Final = 0.25  # between two looks, where nothing happens meanwhile
_SHORTEST_S: Final = 0.002
_MOST_GAPS: Final = 10  # longest gaps that the deadline holds at least


class _Rest:
    """Waits for rest. `busy` gives how many requests are being answered at this moment."""

    def __init__(
        self, dataflow: Dataflow, turn: threading.Condition, busy: Callable[[], int]
    ) -> None:
        self.watch = QuietWatch(dataflow)
        self.heard_of = False
        self._turn = turn
        self._busy = busy

    def heard(self, event: Event) -> None:
        self.heard_of |= isinstance(event, Exchange)
        self.watch.feed(event, time.monotonic())

    def wait(self, deadline_s: float, is_over: Callable[[], bool]) -> bool:
        """Wait until it is quiet (True), the deadline (False), or something else is over."""
        began = time.monotonic()
        while not is_over():
            now = time.monotonic()
            left = self.watch.left_s(now)
            if left == 0 and not self._busy():
                return True
            until = began + max(deadline_s, _MOST_GAPS * self.watch.longest_gap_s)
            if now >= until:
                return self.watch.is_still(now) and not self._busy()
            soon = _LOOK_S if left is None else left
            self._turn.wait(max(_SHORTEST_S, min(soon, until - now, _LOOK_S)))
        return False


class PollingConnector(ProcessConnector):
    """A process in mode poll."""

    def __init__(
        self,
        command: Command,
        variables: Mapping[str, str],
        turn: threading.Condition,
        *,
        dataflow: Dataflow,
        busy: Callable[[], int],
    ) -> None:
        super().__init__(command, variables, turn)
        self._rest = _Rest(dataflow, turn, busy)

    def heard(self, event: Event) -> None:
        """Follow the traffic."""
        self._rest.heard(event)

    def start(self) -> None:
        """Start it; it is ready when its first request comes."""
        self._rest.heard_of = False
        super().start()

    def _wait_for_a_request(self, process: Process) -> None:
        rest, limit_s = self._rest, self.command.start_s
        self._turn.wait_for(lambda: rest.heard_of or process.ended or self._killed, limit_s)
        if rest.heard_of or self._killed:
            return
        ended = process.status if process.ended else f"it made no request within {limit_s:g} s"
        error = self._crashed(ended)
        if self.processes == 1:
            raise ConnectorUnavailable(f"the connector could not be started: {error}")
        raise error

    def sync(self) -> str:
        """Wait until it is quiet."""
        process = self._here()
        self._wait_for_a_request(process)
        is_quiet = self._rest.wait(
            self.command.deadline_s, lambda: self._killed or process.ended or process.flooded
        )
        if self._killed:
            raise ConnectorKilled
        if process.ended:
            raise self._crashed(process.status)
        process.lines.clear()  # in this mode nobody reads its stdout
        process.flooded = False
        if not is_quiet:
            raise self._crashed(f"it did not come to rest within {self.command.deadline_s:g} s")
        return ""


class AttachedConnector:
    """A connector that somebody else runs, pointed at our ports by hand. It cannot be killed."""

    def __init__(
        self,
        dataflow: Dataflow,
        turn: threading.Condition,
        busy: Callable[[], int],
        *,
        patience_s: float = 120.0,
        deadline_s: float = 30.0,
    ) -> None:
        self.processes = 0
        self._turn = turn
        self._rest = _Rest(dataflow, turn, busy)
        self._patience_s = patience_s
        self._deadline_s = deadline_s

    @property
    def running(self) -> bool:
        """Whether it was waited for."""
        return self.processes > 0

    def start(self) -> None:
        """Begin to listen for it; it shows by its first request."""
        self.processes = 1

    def sync(self) -> str:
        """Wait until it is quiet; ConnectorUnavailable where it never asked for anything."""
        rest = self._rest
        if not self._turn.wait_for(lambda: rest.heard_of, self._patience_s):
            raise ConnectorUnavailable(
                f"no request came within {self._patience_s:g} s: is the connector running, and"
                " pointed at the two addresses above?"
            )
        if not rest.wait(self._deadline_s, lambda: False):
            raise ConnectorCrashed(f"it did not come to rest within {self._deadline_s:g} s")
        return ""

    def kill(self) -> None:
        """Nobody here can."""
        raise NotImplementedError("an attached connector is not ours to kill")

    def heard(self, event: Event) -> None:
        """Follow the traffic."""
        self._rest.heard(event)

    def take_printed(self) -> list[str]:
        """Give nothing: its output is not ours to read."""
        return []

    def close(self) -> None:
        """Leave it running."""
