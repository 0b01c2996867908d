"""What a world needs of a connector under test, however it runs. Rule: words only.

A driver is one connector over all its lives in one world. Its methods are called by whoever holds
the world's turn.
"""

from __future__ import annotations

from typing import Protocol

from tallystick.vocabulary.events import Event

__all__ = ["ConnectorKilled", "Driver"]


class ConnectorKilled(BaseException):
    """The connector was killed on purpose.

    In process it is raised out of the transport, and nothing in the connector may stop it.
    """


class Driver(Protocol):
    """One connector under test. `processes` counts its starts in this world."""

    processes: int
    by_itself: bool
    """Whether it works unasked, at a pace of its own."""

    @property
    def running(self) -> bool:
        """Whether it has been started and neither killed nor closed since."""
        ...

    def start(self) -> None:
        """Start it; ConnectorUnavailable where that fails."""
        ...

    def prepare(self) -> None:
        """Wait until it has nothing in hand that it began before, if it works by itself."""
        ...

    def sync(self) -> str:
        """Let it work until it is quiet; give "", or why it gave up for now.

        ConnectorKilled where it was killed meanwhile, ConnectorCrashed where it broke by itself.
        """
        ...

    def kill(self) -> None:
        """Kill its process, as `kill -9` does; it may be started again."""
        ...

    def heard(self, event: Event) -> None:
        """Hear of everything that happens in the world."""
        ...

    def take_printed(self) -> list[str]:
        """Give the lines that it has printed since the last time."""
        ...

    def close(self) -> None:
        """Let it go in order; what it does then is of no interest."""
        ...
