"""in-sync: after a settle each listed property agrees across the link, wherever it was edited."""

from __future__ import annotations

from tallystick.laws.cases import Case
from tallystick.laws.law import UnitLaw

__all__ = ["InSync"]


class InSync(UnitLaw):
    """Linked records agree, as their data types say."""

    name = "in-sync"

    def note(self, case: Case) -> None:
        """Every judged unit of a changed link tests it."""
        if case.agrees is not None and not case.unit.is_reference:
            self.scene.test(self.name, case.link.pair)
