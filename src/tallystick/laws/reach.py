"""Which situations a journal has met. Rule: it counts, so that a green run can be believed."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tallystick.canonical import is_empty, same
from tallystick.dataflow.model import SIDES
from tallystick.dataflow.paths import read
from tallystick.laws.cases import Case
from tallystick.laws.history import History
from tallystick.laws.hostile import brings_hostile_values
from tallystick.laws.law import Scene
from tallystick.vocabulary.events import Edited, Event, Exchange, Killed

__all__ = ["SITUATIONS", "note_event", "note_reach"]

SITUATIONS: Final = {
    "conflict": "both sides edited one property to different values before a settle",
    "both-edited": "both sides edited different properties of one link before a settle",
    "deletion": "a linked record was deleted",
    "delete-against-edit": "one side was deleted, the other edited, before a settle",
    "repeat-edit": "a property that had been edited and settled was edited again",
    "repeat-settle": "the connector was asked again although nothing had happened",
    "merge": "a record was merged with one that was there",
    "edit-meanwhile": "people edited while the connector was at work",
    "unseen-edit": "the connector wrote to a record whose last edit it had not been shown",
    "kill": "the connector was killed and started again",
    "fault": "a request of the connector met a fault",
    "refusal": "a system refused what the connector sent (422)",
    "second-page": "a listing had a second page",
    "hostile-value": "people entered a value that is often handled wrongly",
    "skew": "the two systems' clocks differed, and a link was judged",
    "unconvertible": "a value that its data type cannot convert was to be carried over",
}
"""Besides these, each fault is counted by kind and method: `fault: cut, PATCH`."""


def note_event(event: Event, history: History, reach: Counter[str]) -> None:
    """Count what one event is by itself; it was taken into the history already."""
    match event:
        case Exchange(fault=fault, method=method, status=status):
            if fault:
                reach["fault"] += 1
                reach[f"fault: {fault}, {method}"] += 1
            if status == _REFUSED:
                reach["refusal"] += 1
            answer = event.answer
            if isinstance(answer, dict) and ("nextLink" in answer or answer.get("page", 1) > 1):
                reach["second-page"] += 1
            for change in event.changes:
                record = history.record(change.side, change.type, change.key)
                reach["unseen-edit"] += record is not None and record.acts[-1].blind
        case Killed():
            reach["kill"] += 1
        case Edited(change=change):
            reach["edit-meanwhile"] += history.at_work
            reach["hostile-value"] += brings_hostile_values(change)
        case _:
            return


_REFUSED: Final = 422


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
        if "source" in case.edits and case.unit.judged and not case.unit.is_list:
            edit = case.edits["source"]
            reach["unconvertible"] += edit.value is None and not _is_missing(case)
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
    reach["skew"] += bool(scene.history.skew_ms and scene.judged)
    reach["repeat-settle"] += not scene.history.changed and not scene.dirty


def _is_missing(case: Case) -> bool:
    path = case.unit.row.source
    return path.is_key or is_empty(read(case.link.source.data, path.head))


def _was_edited_before(case: Case) -> bool:
    """Tell whether the base itself came from an edit that had been settled."""
    record = case.link.source
    return case.link.accounted[case.index] >= 0 and record.now.version > 1
