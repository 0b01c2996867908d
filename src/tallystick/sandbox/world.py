"""The sandbox's world. Rule: a world like any other, which tells what happens and can be troubled
between two requests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tallystick.run.world import World
from tallystick.vocabulary.events import Event

__all__ = ["SandboxWorld"]


class SandboxWorld(World):
    """A world that tells what happens, in which records by the thousand are no hammering."""

    most_requests = 100_000

    def __init__(self, *given: Any, listener: Callable[[Event], None], **named: Any) -> None:
        super().__init__(*given, **named)
        self._listener = listener

    def emit(self, event: Event) -> None:
        """Take an event in, and tell of it."""
        super().emit(event)
        self._listener(event)

    @property
    def planned(self) -> int:
        """How many faults and kills are still to come."""
        return len(self.forecast)

    def kill(self) -> None:
        """Kill the connector here and now; the next settle starts it again."""
        with self.wiring.turn:
            self._fate = ""
            if self._driver.running:
                self.calm, self._struck, self._is_dead = 0, True, True
                self._driver.kill()
