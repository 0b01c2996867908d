"""one-to-one: no record has two counterparts, and nothing appears that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.laws.law import OddityLaw
from tallystick.laws.verdict import Violation

__all__ = ["OneToOne"]


class OneToOne(OddityLaw):
    """See the module."""

    name = "one-to-one"
    kinds = frozenset({"second", "unasked"})

    def on_settle(self) -> Iterable[Violation]:
        """Count what tests the law, and claim its oddities."""
        for pair in self.scene.dataflow.pairs:
            made = sum(1 for link in self.scene.links if link.pair is pair)
            self.scene.test(self.name, pair, made)
        return super().on_settle()
