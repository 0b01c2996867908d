"""latest-wins: where both sides edited the same property, the policy's winner stands on both."""

from __future__ import annotations

from tallystick.canonical import same
from tallystick.laws.cases import Case
from tallystick.laws.law import UnitLaw

__all__ = ["LatestWins"]


class LatestWins(UnitLaw):
    """Conflicts end as the policy says, where the APIs let anybody tell who was later."""

    name = "latest-wins"

    def note(self, case: Case) -> None:
        """A conflict with different values and one possible winner tests it."""
        if len(case.edits) == 2 and len(case.winners) == 1 and case.agrees is not None:
            first, second = (edit.value for edit in case.edits.values())
            if not same(first, second):
                self.scene.test(self.name, case.link.pair)
