"""Connectors kept ready for the next world. Rule: each is started for one dataflow, one pair of
ports and one empty state directory, and is used once.

Processes take long to start, worlds are short. So while one world is played, the connectors of the
next ones start. They are started for the dataflow that was asked for last, once it was asked for
twice.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tallystick.connectors.command import Command
from tallystick.dataflow.model import Dataflow
from tallystick.run.wiring import Patience, SocketWiring

__all__ = ["Backstage"]

_READY: Final = 2
_ENDING: Final = 4  # that may take their time to end


class Backstage:
    """A pool of connectors that wait for their world."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._patience = Patience()
        self._executor = ThreadPoolExecutor(_ENDING, thread_name_prefix="tallystick endings")
        self._waiting: deque[SocketWiring] = deque()
        self._last: Path | None = None

    def wiring(self, dataflow: Dataflow, file: Path) -> SocketWiring:
        """Give a wiring whose connector has been started, or is to be."""
        again, self._last = file == self._last, file
        if not again:
            self._dismiss()
        found = self._waiting.popleft() if self._waiting else self._new(dataflow, file)
        while again and len(self._waiting) < _READY:
            wiring = self._new(dataflow, file)
            wiring.launch()
            self._waiting.append(wiring)
        return found

    def _new(self, dataflow: Dataflow, file: Path) -> SocketWiring:
        return SocketWiring(
            dataflow,
            file,
            launch=self._command,
            patience=self._patience,
            executor=self._executor,
        )

    def _dismiss(self) -> None:
        while self._waiting:
            self._waiting.pop().close()

    def close(self) -> None:
        """End those that wait, and wait until all have ended."""
        self._dismiss()
        self._executor.shutdown(wait=True)
