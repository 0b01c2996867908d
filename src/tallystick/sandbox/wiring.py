"""How the sandbox meets a connector. Rule: both systems always have ports, whoever else is there.

A Python connector runs in this process: its traffic takes the short way, everybody else's comes
through the ports. Its waits only move the clock ahead.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from tallystick.clock import SECOND_MS
from tallystick.connectors.address import Factory, Launch
from tallystick.connectors.command import Command
from tallystick.connectors.environment import contract_variables
from tallystick.connectors.polling import Attachment
from tallystick.connectors.python import PythonConnector
from tallystick.dataflow.model import Dataflow, Side
from tallystick.run.wiring import Exchange, Patience, SocketWiring, Strayed
from tallystick.sandbox.by_hand import ByHand
from tallystick.systems.inprocess import InProcess
from tallystick.systems.mishaps import Mishap
from tallystick.vocabulary.events import Request, Response

__all__ = ["ByHandWiring", "OpenWiring", "wired"]

_WORK_S: Final = 0.04
_BREATH_S: Final = 0.005


class OpenWiring(SocketWiring):
    """A Python connector in this process, beside systems at ports."""

    def __init__(
        self, dataflow: Dataflow, dataflow_file: Path, *, ports: Attachment, factory: Factory
    ) -> None:
        super().__init__(dataflow, dataflow_file, launch=ports, patience=Patience())
        self._network = InProcess()
        self._next_s = 0.0
        self._network.__enter__()
        variables = contract_variables(
            dataflow_file=dataflow_file, state=self.state, urls=self.urls
        )
        self.driver = PythonConnector(
            factory,
            variables,
            now=lambda: self.clock.now_ms / SECOND_MS,
            sleep=self._sleep,
        )

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(max(0, round(seconds * SECOND_MS)))

    def open(self, exchange: Exchange, strayed: Strayed) -> None:
        """Put the systems behind the ports, and behind the connector's own network."""
        super().open(exchange, strayed)

        def in_turns(name: str, request: Request) -> Response | Mishap:
            self._let_others()
            return exchange(name, request)

        urls: dict[str, str] = {side: self.urls[side] for side in self.urls}
        self._network.connect(in_turns, strayed=strayed, **urls)

    def _let_others(self) -> None:
        """Give up the turn for a moment, now and then: the connector has it all the time."""
        now = time.monotonic()
        if now > self._next_s:
            self.turn.wait(_BREATH_S)
            self._next_s = time.monotonic() + _WORK_S

    def close(self) -> None:
        """Close everything."""
        super().close()
        self._network.__exit__(None, None, None)


class ByHandWiring(SocketWiring):
    """Systems at ports, for a connector that somebody runs by hand."""

    def __init__(self, dataflow: Dataflow, dataflow_file: Path, *, ports: Attachment) -> None:
        super().__init__(dataflow, dataflow_file, launch=ports, patience=Patience())
        self.driver = ByHand(dataflow, self._sockets)


def wired(
    dataflow: Dataflow, dataflow_file: Path, launch: Launch | None, ports: dict[Side, int]
) -> SocketWiring:
    """Give a wiring for whatever connector there is; None: one that somebody runs by hand."""
    at = Attachment(source_port=ports.get("source", 0), target_port=ports.get("target", 0))
    if launch is None or isinstance(launch, Attachment):
        return ByHandWiring(dataflow, dataflow_file, ports=launch or at)
    if isinstance(launch, Command):
        return SocketWiring(dataflow, dataflow_file, launch=launch, patience=Patience())
    return OpenWiring(dataflow, dataflow_file, ports=at, factory=launch)
