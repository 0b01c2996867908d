"""quiet: once in sync, another sync writes nothing: no echo, no ping-pong.

Broken by any successful write in a sync that nobody's edit called for, and at any time by a write
that leaves a record as the connector last read it.
"""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.canonical import same
from tallystick.laws.law import Law, Scene
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Change, Edited, Event, Exchange, Killed, SyncBegan

__all__ = ["Quiet"]


class Quiet(Law):
    """Nothing is written that nobody called for."""

    name = "quiet"
    hears = frozenset({Edited, SyncBegan, Exchange, Killed})

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._called = True  # somebody's edit may still call for a write
        self._edited_late = False
        self._idle_writes: list[Change] = []

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Follow edits and writes."""
        match event:
            case Edited():
                self._called = True
                self._edited_late = True
            case SyncBegan():
                self._edited_late = False
            case Exchange(fault=fault) if fault:
                self._called = True
            case Killed():
                self._called = True
            case Exchange(changes=changes) if event.method != "GET":
                for change in changes:
                    yield from self._look_at(change)
            case _:
                return

    def _look_at(self, change: Change) -> Iterable[Violation]:
        if not self._called:
            self._idle_writes.append(change)
        elif self._is_vain(change):
            yield self._violation("vain-write", change)

    def _is_vain(self, change: Change) -> bool:
        if change.before is None or not change.after.live:
            return False
        record = self.scene.history.record(change.side, change.type, change.key)
        if record is not None and not all(act.acknowledged for act in record.acts):
            return False  # a repeat, after a write of which nobody was sure
        seen = record.seen if record is not None and record.seen is not None else None
        known = change.before.data if seen is None else seen
        return same(change.before.data, change.after.data) and same(known, change.after.data)

    def on_settle(self) -> Iterable[Violation]:
        """Judge a sync that nobody called for."""
        if not self._called:
            for pair in self.scene.dataflow.pairs:
                self.scene.test(self.name, pair)
            for change in self._idle_writes:
                record = self.scene.history.record(change.side, change.type, change.key)
                if record is None or not self.scene.is_spoken_about(record):
                    yield self._violation("idle-write", change)
                    break
        self._idle_writes.clear()
        self._called = self._edited_late or bool(self.scene.veiled)

    def _violation(self, anomaly: str, change: Change) -> Violation:
        pairs = self.scene.book.pairs.get((change.side, change.type), ())
        record = self.scene.history.record(change.side, change.type, change.key)
        return self.scene.violation(
            self.name,
            anomaly,
            pairs[0] if pairs else None,
            *self.scene.named(record),
            direction=change.side,
        )
