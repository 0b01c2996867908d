"""for-life: a link never moves to another record; what was deleted is not created again."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.laws.law import OddityLaw
from tallystick.laws.verdict import Violation

__all__ = ["ForLife"]


class ForLife(OddityLaw):
    """See the module."""

    name = "for-life"
    kinds = frozenset({"came-back", "moved"})

    def on_settle(self) -> Iterable[Violation]:
        """Count what tests the law, and claim its oddities."""
        for link in self.scene.dirty:
            if link not in self.scene.links:
                self.scene.test(self.name, link.pair)
        return super().on_settle()
