"""merged: a record that matches by the merge rule is linked and not created; matching is exact."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.laws.law import OddityLaw
from tallystick.laws.verdict import Violation

__all__ = ["Merged"]


class Merged(OddityLaw):
    """See the module."""

    name = "merged"
    kinds = frozenset({"created-instead", "wrong-match", "no-match"})

    def on_settle(self) -> Iterable[Violation]:
        """Count what tests the law, and claim its oddities."""
        for link in self.scene.links:
            if link.how == "merged":
                self.scene.test(self.name, link.pair)
        return super().on_settle()
