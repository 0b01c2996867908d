"""runs: the connector comes to rest: it neither breaks nor keeps giving up in fine weather."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tallystick.laws.law import Law, Scene
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Event, Exchange, Killed, SyncEnded

__all__ = ["Runs"]

MOST_FAILURES: Final = 5


class Runs(Law):
    """A connector that breaks is not judged by what it left undone, but for having broken."""

    name = "runs"
    hears = frozenset({Exchange, Killed, SyncEnded})

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._failures = 0

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Count syncs that did not end well."""
        if isinstance(event, Killed) or (isinstance(event, Exchange) and event.fault):
            self._failures = 0
        if not isinstance(event, SyncEnded):
            return
        self.scene.test(self.name)
        if event.outcome == "did":
            self._failures = 0
            return
        self._failures += 1
        if event.outcome == "crashed":
            yield self.scene.violation(self.name, "crashed", None, note=event.why)
        elif self._failures == MOST_FAILURES:
            yield self.scene.violation(self.name, "gave-up", None, note=event.why)
