"""What people last made of one unit of a link, on either side, since it was judged.

Rule: what stood before the link was made counts as an edit.
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.dataflow.units import Unit
from tallystick.laws.links import Link
from tallystick.laws.winners import Edit

__all__ = ["counting", "last_edits"]


def last_edits(link: Link, index: int) -> dict[Side, Edit]:
    """Give the last edit by people on each side that has one."""
    last = {side: _last_edit(link, index, side) for side in SIDES}
    return {side: edit for side, edit in last.items() if edit is not None}


def counting(edits: Mapping[Side, Edit], unit: Unit) -> dict[Side, Edit]:
    """Leave out what stands opposite a key: it is overwritten by the key and is no edit."""
    return {
        side: edit for side, edit in edits.items() if not unit.row.path(other_side(side)).is_key
    }


def _last_edit(link: Link, index: int, side: Side) -> Edit | None:
    """Give the last edit by people; what stood before the link was made counts as one."""
    unit, record = link.units[index], link.record(side)
    for act in reversed(record.acts):
        if act.event <= link.accounted[index]:
            break
        if act.by == "person" and act.after.live and link.changes(unit, side, act):
            return Edit(link.view(unit, side, act.after.data), act.at_ms, act.event, act.after.data)
    if link.bases[index] is not None or link.accounted[index] >= 0:
        return None
    if unit.row.path(side).is_key:
        return Edit(record.key, record.birth.at_ms, -1, record.data)
    return _standing_before_link(link, unit, side) if record.birth.by == "person" else None


def _standing_before_link(link: Link, unit: Unit, side: Side) -> Edit:
    record = link.record(side)
    first = next((act for act in record.acts if act.by == "connector"), None)
    before = first.before if first is not None and first.before is not None else record.now
    data = record.data if before is record.now else before.data
    return Edit(link.view(unit, side, data), record.birth.at_ms, record.birth.event, data)
