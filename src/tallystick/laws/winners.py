"""Which side's value may stand where both were edited. Rule: one winner only where the contract
names one and the two APIs let everybody see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.canonical import Json
from tallystick.clock import SECOND_MS
from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.dataflow.units import Unit
from tallystick.laws.history import History, Record
from tallystick.laws.links import AT, Base, Link, LinkBook

__all__ = ["BOTH", "Edit", "clock_step_ms", "winners"]

BOTH: Final = frozenset(SIDES)


@dataclass(frozen=True, slots=True)
class Edit:
    """The value at which people left a unit on one side, when, at which event; the whole record."""

    value: Json
    at_ms: int
    event: int
    data: Json = None


def clock_step_ms(history: History) -> int:
    """Give how far apart two times must be for both APIs to tell them apart."""
    apis = {history.dataflow.system(side).api for side in SIDES}
    return history.skew_ms + (SECOND_MS if "storefront/1" in apis else 1)


def winners(
    link: Link, index: int, edits: Mapping[Side, Edit], book: LinkBook, *, meanwhile: bool
) -> frozenset[Side]:
    """Give the sides whose edit may stand in the end.

    Where people edited `meanwhile`, the connector may have taken the two edits one after the other,
    and then neither lost to the policy.
    """
    if len(edits) < len(SIDES):
        return frozenset(edits)
    if meanwhile:
        return BOTH
    policies = book.history.dataflow.policies
    unit, base = link.units[index], link.bases[index]
    filled = frozenset(s for s, edit in edits.items() if not unit.holds_nothing(s, edit.value))
    if len(filled) == 1 and (base is None or policies.empty == "keep"):
        return filled
    if unit.is_list or (policies.empty == "keep" and _is_partly_emptied(unit, edits, base)):
        return BOTH
    if policies.conflicts != "latest-wins":
        return frozenset({"source"} if policies.conflicts == "source-wins" else {"target"})
    return _latest(link, index, edits, book)


def _is_partly_emptied(unit: Unit, edits: Mapping[Side, Edit], base: Base | None) -> bool:
    """Tell whether people emptied one of several sources: the others, or the target, may stand."""
    return base is not None and any(
        unit.is_emptying(side, base[AT[side]], edit.value) for side, edit in edits.items()
    )


def _latest(link: Link, index: int, edits: Mapping[Side, Edit], book: LinkBook) -> frozenset[Side]:
    """Give the side whose edit is later than every change of the other's record, if one is."""
    step = clock_step_ms(book.history)
    decided = _decided_at(link, index, edits)
    for side in SIDES:
        loser = link.record(other_side(side))
        if edits[side].at_ms > _last_change_ms(loser, link, index, decided) + step:
            return frozenset({side})
    return BOTH


def _decided_at(link: Link, index: int, edits: Mapping[Side, Edit]) -> int:
    """Give the event at which the connector first wrote the unit after the people's last edit."""
    last = max(edit.event for edit in edits.values())
    unit = link.units[index]
    return min(
        (
            act.event
            for side in SIDES
            for act in link.record(side).acts_by("connector", last)
            if link.changes(unit, side, act)
        ),
        default=1 << 62,
    )


def _last_change_ms(record: Record, link: Link, index: int, before: int) -> int:
    acts = [act for act in record.acts if link.accounted[index] < act.event]
    times = [act.at_ms for act in acts if act.event < before]
    if times:
        return max(times)
    first = acts[0].before if acts else record.now
    return first.modified_ms if first is not None else record.birth.at_ms
