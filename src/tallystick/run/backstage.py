"""Connectors kept ready for the next world. Rule: each is started for one dataflow, one pair of
ports and one empty state directory, and is used once.

Processes take long to start, worlds are short. So while one world is played, the connectors of the
next ones start. They are started for the dataflow that was asked for last, once it was asked for
twice.

A connector that is to be used again, or is attached by hand, serves all worlds of its dataflow, one
after the other: they stand on one `Ground`.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tallystick.connectors.command import Command
from tallystick.connectors.polling import Attachment
from tallystick.dataflow.model import Dataflow
from tallystick.run.ground import Ground
from tallystick.run.wiring import Patience, SocketWiring

__all__ = ["Backstage", "NotRun"]

_READY: Final = 2
_ENDING: Final = 4  # that may take their time to end


class NotRun(Exception):
    """Something cannot be put to the test with this connector; the message says why."""


class Backstage:
    """A pool of connectors that wait for their world."""

    def __init__(self, launch: Command | Attachment) -> None:
        self._launch = launch
        self._is_attached = isinstance(launch, Attachment)
        self.shared = self._is_attached or (isinstance(launch, Command) and launch.reuse)
        self._patience = Patience()
        self._executor = ThreadPoolExecutor(_ENDING, thread_name_prefix="tallystick endings")
        self._open: list[SocketWiring] = []
        self._waiting: deque[SocketWiring] = deque()
        self._kept: dict[Path, tuple[SocketWiring, Ground]] = {}
        self._last: Path | None = None

    def wiring(self, dataflow: Dataflow, file: Path) -> tuple[SocketWiring, Ground | None]:
        """Give a wiring whose connector has been started, or is to be; and the ground, if shared.

        NotRun where an attached connector would need another dataflow.
        """
        if self.shared:
            return self._shared(dataflow, file)
        again, self._last = file == self._last, file
        if not again:
            self._dismiss()
        found = self._waiting.popleft() if self._waiting else self._new(dataflow, file)
        while again and len(self._waiting) < _READY:
            wiring = self._new(dataflow, file)
            wiring.launch()
            self._waiting.append(wiring)
        return found, None

    def _shared(self, dataflow: Dataflow, file: Path) -> tuple[SocketWiring, Ground]:
        if file not in self._kept:
            if self._is_attached and self._kept:
                raise NotRun("an attached connector has one dataflow for the whole run")
            wiring = self._new(dataflow, file)
            wiring.kept = True
            self._kept[file] = (
                wiring,
                Ground.new(
                    dataflow,
                    wiring.clock,
                    wiring.urls,
                    tokens=wiring.tokens,
                    shared=True,
                    webhooks=True,
                ),
            )
        return self._kept[file]

    def _new(self, dataflow: Dataflow, file: Path) -> SocketWiring:
        wiring = SocketWiring(
            dataflow,
            file,
            launch=self._launch,
            patience=self._patience,
            executor=self._executor,
        )
        self._open = [each for each in self._open if not each.is_closed]
        self._open.append(wiring)
        return wiring

    def _dismiss(self) -> None:
        while self._waiting:
            self._waiting.pop().close()

    def close(self) -> None:
        """End all, those too whose world was never closed, and wait until they have ended."""
        self._waiting.clear()
        self._kept.clear()
        for wiring in self._open:
            wiring.kept = False
            wiring.close()
        self._executor.shutdown(wait=True)
