"""no-lost-edit: edits of different properties, on whichever side, all survive."""

from __future__ import annotations

from tallystick.laws.cases import Case
from tallystick.laws.law import UnitLaw

__all__ = ["NoLostEdit"]


class NoLostEdit(UnitLaw):
    """What people wrote stands, unless a conflict was decided against it."""

    name = "no-lost-edit"

    def note(self, case: Case) -> None:
        """Every edit of a link that was judged before tests it."""
        if case.edits and case.base is not None:
            self.scene.test(self.name, case.link.pair)
