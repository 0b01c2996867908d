"""Which situations a journal has met. Rule: it counts, so that a green run can be believed."""

from __future__ import annotations

from typing import Final

from tallystick.canonical import same
from tallystick.dataflow.model import SIDES
from tallystick.laws.cases import Case
from tallystick.laws.law import Scene

__all__ = ["SITUATIONS", "note_reach"]

SITUATIONS: Final = {
    "conflict": "both sides edited one property to different values before a settle",
    "both-edited": "both sides edited different properties of one link before a settle",
    "deletion": "a linked record was deleted",
    "delete-against-edit": "one side was deleted, the other edited, before a settle",
    "repeat-edit": "a property that had been edited and settled was edited again",
    "repeat-settle": "the connector was asked again although nothing had happened",
    "merge": "a record was merged with one that was there",
}


def note_reach(scene: Scene) -> None:
    """Count the situations of one settle."""
    reach = scene.judgement.reach
    for judged in scene.judged:
        case = judged.case
        if len(case.edits) == 2 and case.base is not None:
            first, second = (edit.value for edit in case.edits.values())
            reach["conflict"] += not same(first, second)
        if case.edits and case.base is not None:
            reach["repeat-edit"] += _was_edited_before(case)
    for link in scene.dirty:
        edited = {side for side in SIDES if link.record(side).acts_by("person")}
        gone = {side for side in SIDES if not link.record(side).live}
        people = {s for s in gone if getattr(link.record(s).deletion, "by", "") == "person"}
        if people and not link.ended:
            reach["deletion"] += 1
            reach["delete-against-edit"] += len(edited) == 2
        elif len(edited) == 2 and link not in scene.links:
            reach["both-edited"] += 1
    reach["merge"] += sum(1 for link in scene.links if link.how == "merged")
    reach["repeat-settle"] += not scene.history.changed and not scene.dirty


def _was_edited_before(case: Case) -> bool:
    """Tell whether the base itself came from an edit that had been settled."""
    record = case.link.source
    return case.link.accounted[case.index] >= 0 and record.now.version > 1
