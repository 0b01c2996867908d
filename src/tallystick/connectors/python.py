"""Connectors in this process: started, asked and killed by calls. Rule: it judges nothing.

The factory gets the contract's variables as a mapping, `now()` in seconds since 1970 and
`sleep(seconds)`; it gives an object with `sync()` and `close()`. `sync` returns when the connector
knows of nothing left to do; any exception that it raises means that it gave up for now. What
works on and on without a request is ended, and has broken.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tallystick.connectors.address import Factory
from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.endless import Endless, Watch
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.vocabulary.events import Event, Exchange

__all__ = ["PythonConnector"]

PATIENCE_S: Final = 20.0  # of the processor, without any request


class _Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("httpx", "httpcore", "hypothesis")):
            self.lines.append(record.getMessage())


_FACTORY: Final = (
    "It is called as factory(env, *, now, sleep), with the variables of the contract, and returns"
    " an object with sync() and close()."
)


class PythonConnector:
    """One in-process connector over its lives; `processes` counts its starts.

    `patience_s` are the seconds of the processor for which it may work without any request.
    """

    by_itself = False

    def __init__(
        self,
        factory: Factory,
        env: Mapping[str, str],
        *,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._factory = factory
        self._env = dict(env)
        self._now = now
        self._sleep = sleep
        self._alive: Any = None
        self._watch = Watch(patience_s)
        self.processes = 0
        self.printed: list[str] = []

    @property
    def running(self) -> bool:
        """Whether it has been started and neither killed nor closed since."""
        return self._alive is not None

    def start(self) -> None:
        """Call the factory; ConnectorUnavailable where that fails."""
        self.processes += 1
        try:
            with self._listening(), self._watch.over():
                self._alive = self._factory(dict(self._env), now=self._now, sleep=self._sleep)
        except Endless:
            raise ConnectorUnavailable(
                f"the connector could not be started: {self._endless}"
            ) from None
        except (Exception, SystemExit) as error:
            raise ConnectorUnavailable(
                f"the connector could not be started: {_told(error)}", remedy=_FACTORY
            ) from error

    def prepare(self) -> None:
        """Nothing is in hand between two calls."""

    def sync(self) -> str:
        """Let it work; give "" when it settled, else why it gave up. ConnectorKilled passes.

        ConnectorCrashed where it worked on without a request, and had to be ended.
        """
        try:
            with self._listening(), self._watch.over():
                self._alive.sync()
        except Endless:
            self._alive = None
            raise ConnectorCrashed(self._endless) from None
        except ConnectorKilled:
            self._alive = None
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it gave up
            return _told(error)
        return ""

    def kill(self) -> None:
        """Forget it: `close()` is not called. What is raised out of the transport ends its sync."""
        self._alive = None

    def heard(self, event: Event) -> None:
        """Hear of what happens in the world: a request is a sign of life."""
        if isinstance(event, Exchange):
            self._watch.alive()

    def take_printed(self) -> list[str]:
        """Give the lines that it wrote or logged since the last time."""
        lines, self.printed = self.printed, []
        return lines

    def close(self) -> None:
        """Let it go in order; what it raises then is of no interest."""
        if self._alive is not None:
            with self._listening(), contextlib.suppress(Exception, Endless), self._watch.over():
                self._alive.close()
            self._alive = None

    @property
    def _endless(self) -> str:
        seconds = f"{self._watch.patience_s:g} seconds"
        return f"it worked for more than {seconds} of the processor without any request"

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """Keep what the connector writes to its output and its logs."""
        output, log = io.StringIO(), _Lines()
        root = logging.getLogger()
        root.addHandler(log)
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                yield
        finally:
            root.removeHandler(log)
            text = output.getvalue()
            if text:
                self.printed += text.splitlines()
            self.printed += log.lines


def _told(error: BaseException) -> str:
    """Say what a connector raised."""
    if isinstance(error, SystemExit):
        return f"it ended the whole process (sys.exit({error.code!r}))"
    return f"{type(error).__name__}: {error}"
