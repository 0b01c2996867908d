"""references: a reference holds the key of its record's counterpart, and what is referred to
exists before what refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.canonical import same
from tallystick.dataflow.model import Row
from tallystick.laws.cases import Case
from tallystick.laws.coverage import referred_keys
from tallystick.laws.law import UnitLaw
from tallystick.laws.links import Link
from tallystick.laws.order import refers_back
from tallystick.laws.verdict import Violation

__all__ = ["References"]


class References(UnitLaw):
    """References lead to counterparts, in order of creation."""

    name = "references"

    def note(self, case: Case) -> None:
        """A reference that leads to a linked record tests it."""
        if case.agrees is not None and any(row.reference for _, row in case.unit.rows):
            self.scene.test(self.name, case.link.pair)

    def on_settle(self) -> Iterable[Violation]:
        """Look at new counterparts' references as they were created, then at all of them."""
        for link in self.scene.links:
            if self._was_created_first(link):
                self.scene.accused.add(id(link))
                yield self.scene.violation(
                    self.name, "created-first", link.pair, link.target, link.source
                )
        yield from super().on_settle()

    def _was_created_first(self, link: Link) -> bool:
        if link.how != "created" or link.target.birth.by != "connector":
            return False
        return any(
            self._came_late(link, row)
            for row in link.pair.rows
            if row.reference is not None and not refers_back(self.scene.dataflow, link.pair, row)
        )

    def _came_late(self, link: Link, row: Row) -> bool:
        """Tell whether a key that could have been written at creation came with a later write."""
        if self.scene.history.situations:
            return False
        if row.reference is None or referred_keys(row, "target", link.target.birth.after.data):
            return False
        began = self.scene.history.first_sync
        for key in referred_keys(row, "target", link.target.data):
            for side in ("source", "target"):
                if any(act.event > began and act.by == "person" for act in link.record(side).acts):
                    return False
            found = self.scene.history.record("target", row.reference.target, key)
            owner = self.scene.book.counterpart(found) if found is not None else None
            if owner is not None and owner.birth.event < began:
                return not owner.acts_by("person", began) and any(
                    same(at_source, owner.key)
                    for at_source in referred_keys(row, "source", link.source.data)
                )
        return False
