"""Connectors that run by themselves (mode poll, and attached ones). Rule: the traffic tells all.

Nobody asks them for anything: `sync` waits until `QuietWatch` says that they are quiet. One that
reads not all there is, but has long written nothing, counts as quiet at the deadline; one that
still writes then does not come to rest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.connectors.command import Command, ProcessConnector
from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.environment import TAKE_URLS
from tallystick.connectors.process import Process
from tallystick.connectors.quiet import Feed, QuietWatch
from tallystick.dataflow.model import Dataflow
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.vocabulary.events import Event, Exchange

__all__ = ["AttachedConnector", "Attachment", "PollingConnector", "Rest"]

_LOOK_S: Final = 0.25  # between two looks, where nothing happens meanwhile
_SHORTEST_S: Final = 0.002
_MOST_GAPS: Final = 10  # longest gaps that the deadline holds at least


class Rest:
    """Waits for a connector's rest.

    `busy` gives how many requests are being answered at this moment; `unheeded` is as in
    `QuietWatch`.
    """

    def __init__(
        self,
        dataflow: Dataflow,
        turn: threading.Condition,
        busy: Callable[[], int],
        unheeded: set[Feed],
    ) -> None:
        self.heard_of = False
        self.turn = turn
        self._watch = QuietWatch(dataflow, unheeded)
        self._busy = busy

    def heard(self, event: Event) -> None:
        """Follow the traffic."""
        self.heard_of |= isinstance(event, Exchange)
        self._watch.feed(event, time.monotonic())
        self.turn.notify_all()

    def wait_for_a_round(self, deadline_s: float, is_over: Callable[[], bool]) -> None:
        """Wait until everything was read once more, so that what was begun before is over."""
        self._watch.begin()
        self._wait(deadline_s, is_over, lambda _: None if self._watch.rounds < 1 else 0)

    def wait(self, deadline_s: float, is_over: Callable[[], bool]) -> bool:
        """Wait until it is quiet (True), the deadline (False), or something else is over."""
        if self._wait(deadline_s, is_over, self._watch.left_s):
            return True
        return self._watch.is_still(time.monotonic()) and not self._busy()

    def _wait(
        self,
        deadline_s: float,
        is_over: Callable[[], bool],
        left_s: Callable[[float], float | None],
    ) -> bool:
        """Wait until nothing is left, and no request is being answered; False at the deadline."""
        began = time.monotonic()
        while not is_over():
            now = time.monotonic()
            left = left_s(now)
            if left == 0 and not self._busy():
                return True
            until = began + max(deadline_s, _MOST_GAPS * self._watch.longest_gap_s)
            if now >= until:
                self._watch.give_up()
                return False
            soon = _LOOK_S if left is None else left
            self.turn.wait(max(_SHORTEST_S, min(soon, until - now, _LOOK_S)))
        return True


class PollingConnector(ProcessConnector):
    """A process in mode poll."""

    by_itself = True

    def __init__(
        self,
        command: Command,
        variables: Mapping[str, str],
        rest: Rest,
    ) -> None:
        super().__init__(command, variables, rest.turn)
        self._rest = rest

    def heard(self, event: Event) -> None:
        """Follow the traffic."""
        self._rest.heard(event)

    def start(self) -> None:
        """Start it; it is ready when its first request comes."""
        self._rest.heard_of = False
        super().start()

    def _wait_for_a_request(self, process: Process) -> None:
        rest, limit_s = self._rest, self.command.start_s
        rest.turn.wait_for(lambda: rest.heard_of or self._is_over(), limit_s)
        if self._process is None:
            raise ConnectorKilled
        if rest.heard_of:
            return
        if process.ended:
            error = self._crashed(process.status)
        else:
            error = self._crashed(f"it made no request within {limit_s:g} s", remedy=TAKE_URLS)
        if self.processes == 1:
            raise self._not_started(error)
        raise error

    def prepare(self) -> None:
        """Wait until what it had begun before is over."""
        process = self._here()
        self._wait_for_a_request(process)
        self._rest.wait_for_a_round(self.command.deadline_s, self._is_over)

    def _is_over(self) -> bool:
        return self._process is None or self._process.ended

    def sync(self) -> str:
        """Wait until it is quiet."""
        is_quiet = self._rest.wait(self.command.deadline_s, self._is_over)
        process = self._here()
        if process.ended:
            raise self._crashed(process.status)
        process.lines.clear()  # in this mode nobody reads its stdout
        if not is_quiet:
            raise self._crashed(f"it did not come to rest within {self.command.deadline_s:g} s")
        return ""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Where a running connector finds the two systems, and how long it is waited for, in seconds.

    `patience_s` for its first request, `deadline_s` for its rest.
    """

    source_port: int
    target_port: int
    patience_s: float = 120.0
    deadline_s: float = 30.0

    @property
    def ports(self) -> Mapping[str, int]:
        """The ports by side."""
        return {"source": self.source_port, "target": self.target_port}


class AttachedConnector:
    """A connector that somebody else runs, pointed at our ports by hand. It cannot be killed."""

    by_itself = True

    def __init__(self, attachment: Attachment, rest: Rest) -> None:
        self.processes = 0
        self._attachment = attachment
        self._rest = rest

    @property
    def running(self) -> bool:
        """Whether it was waited for."""
        return self.processes > 0

    def start(self) -> None:
        """Begin to listen for it; it shows by its first request."""
        self.processes = 1

    def prepare(self) -> None:
        """Wait until what it had begun before is over; ConnectorUnavailable where it never asks."""
        rest, patience_s = self._rest, self._attachment.patience_s
        if not rest.turn.wait_for(lambda: rest.heard_of, patience_s):
            raise ConnectorUnavailable(
                f"no request came within {patience_s:g} s: is the connector running, and pointed"
                " at the two addresses above?",
                remedy=TAKE_URLS,
            )
        rest.wait_for_a_round(self._attachment.deadline_s, _never)

    def sync(self) -> str:
        """Wait until it is quiet."""
        deadline_s = self._attachment.deadline_s
        if not self._rest.wait(deadline_s, _never):
            raise ConnectorCrashed(f"it did not come to rest within {deadline_s:g} s")
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
