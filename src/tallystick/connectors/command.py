"""Connectors as processes, asked by JSON lines (mode stdio). Rule: it judges nothing.

The process says `{"ready": true}` once, and answers `{"id": 7, "do": "sync"}` with
`{"id": 7, "did": "sync"}` or `{"id": 7, "failed": "why"}`. Anything else on its stdout breaks the
protocol, and ends it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.environment import Mode, process_environment
from tallystick.connectors.process import Evidence, Process
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.vocabulary.events import Event

__all__ = ["Command", "ProcessConnector", "StdioConnector"]

_LAST_WORDS: Final = 5  # lines of stderr that an error message quotes
_LONGEST_QUOTE: Final = 200

_BY_HAND: Final = (
    "To start it by hand: `tallystick sandbox` prints the variables that it needs, and serves both"
    " systems."
)
_SAY_READY: Final = (
    'Print {"ready": true} as the first line on standard output, flushed; logs go to standard'
    " error."
)
_MORE_TIME: Final = (
    "One that starts slowly is given more time by `start`, under [timeouts] in its connector.toml."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """How a connector is started, and how long it may take; times in seconds.

    `environment` holds the variables that its vendor declared, `folder` is where it is started
    (None: where Tallystick was). `reuse` keeps one process, and one world, for a whole run.
    """

    argv: tuple[str, ...]
    mode: Mode = "stdio"
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    start_s: float = 30.0
    sync_s: float = 60.0
    stop_s: float = 5.0
    deadline_s: float = 30.0
    reuse: bool = False


class ProcessConnector:
    """A connector that is a process: its lives, and what they leave."""

    by_itself = False

    def __init__(
        self, command: Command, variables: Mapping[str, str], turn: threading.Condition
    ) -> None:
        self.command = command
        self.processes = 0
        self._environment = process_environment(variables, command.environment)
        self._turn = turn
        self._evidence = Evidence()
        self._process: Process | None = None
        self._past: list[Process] = []
        self._ready = self._killed = False

    @property
    def running(self) -> bool:
        """Whether it has been started and neither killed nor closed since."""
        return self._ready

    def launch(self) -> None:
        """Start the process ahead of `start`, without waiting until it is ready."""
        if self._process is None:
            self._process = Process(
                self.command.argv,
                self._environment,
                folder=self.command.folder,
                turn=self._turn,
                evidence=self._evidence,
            )

    def start(self) -> None:
        """Start it and wait until it is ready; ConnectorUnavailable where that fails."""
        self.processes += 1
        self._killed = False
        self.launch()
        self._get_ready()
        self._ready = True

    def _get_ready(self) -> None:
        """Wait until the process is ready."""

    def prepare(self) -> None:
        """Wait until it has nothing in hand: it works when asked."""

    def kill(self) -> None:
        """Kill its process group; it is gone when this returns."""
        if self._process is not None:
            self._process.kill()
            self._past.append(self._process)
        self._process = None
        self._ready = False
        self._killed = True

    def heard(self, event: Event) -> None:
        """Hear of what happens in the world."""

    def take_printed(self) -> list[str]:
        """Give the lines on stderr since the last time."""
        return self._evidence.take()

    def close(self) -> None:
        """End it: its input first, then, if it does not go, its group. Takes up to `stop_s`."""
        self._ready = False
        if self._process is not None:
            self._process.finish(self.command.stop_s, terminate=self.by_itself)
        for process in self._past:
            process.finish(0)
        self._process, self._past = None, []

    def _here(self) -> Process:
        if self._process is None:
            raise ConnectorKilled
        return self._process

    def _crashed(self, why: str, *, remedy: str = "") -> ConnectorCrashed:
        """Kill a process that broke; give the error that says why, and its last words."""
        text = f"{why}{self._last_words()}"
        self.kill()
        return ConnectorCrashed(text, remedy=remedy or _BY_HAND)

    @staticmethod
    def _not_started(error: ConnectorCrashed) -> ConnectorUnavailable:
        text = f"the connector could not be started: {error}"
        return ConnectorUnavailable(text, remedy=error.remedy)

    def _last_words(self) -> str:
        lines = self._evidence.last(_LAST_WORDS)
        return "; its last words on stderr: " + " | ".join(lines) if lines else ""


class StdioConnector(ProcessConnector):
    """A connector in mode stdio."""

    def __init__(
        self, command: Command, variables: Mapping[str, str], turn: threading.Condition
    ) -> None:
        super().__init__(command, variables, turn)
        self._asked = 0

    def _get_ready(self) -> None:
        try:
            said = self._next_line(self.command.start_s, "ready")
        except ConnectorCrashed as error:
            raise self._not_started(error) from error
        if _object(said) != {"ready": True}:
            why = f'it printed {_quoted(said)} in place of {{"ready": true}}'
            raise self._not_started(self._crashed(why, remedy=_SAY_READY))

    def sync(self) -> str:
        """Ask for a sync, and wait for its answer."""
        self._asked += 1
        process = self._here()
        if process.lines:
            raise self._crashed(f"it printed {_quoted(process.lines[0])}, though nothing was asked")
        process.write(json.dumps({"id": self._asked, "do": "sync"}))
        said = self._next_line(self.command.sync_s, "sync")
        answer = _object(said)
        if answer == {"id": self._asked, "did": "sync"}:
            return ""
        why = answer.get("failed")
        if answer.keys() == {"id", "failed"} and answer["id"] == self._asked and why:
            return str(why)
        raise self._crashed(
            f"it answered {_quoted(said)}, which is no answer to sync {self._asked}"
        )

    def _next_line(self, limit_s: float, what: str) -> str:
        """Wait for the next line on stdout; ConnectorKilled, ConnectorCrashed where none comes."""
        process = self._here()
        self._turn.wait_for(lambda: self._killed or process.lines or process.ended, limit_s)
        if self._killed:
            raise ConnectorKilled
        if process.lines:
            return process.lines.popleft()
        if process.ended:
            raise self._crashed(process.status)
        waited = f"within {limit_s:g} s"
        if what == "ready":
            why = f'it did not print {{"ready": true}} {waited}'
            raise self._crashed(why, remedy=f"{_SAY_READY} {_MORE_TIME}")
        raise self._crashed(f"it did not answer {waited}")


def _object(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _quoted(line: str) -> str:
    return repr(line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "…")
