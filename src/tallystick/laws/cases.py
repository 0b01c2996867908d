"""One unit of one link at a settle: what people did, what stands, who may win. Rule: facts only.

The base is what stood on both sides when they were last seen to agree; an edit counts when it
leaves the unit other than the base and came before the sync that led to this settle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.canonical import Json, is_empty, same
from tallystick.clock import SECOND_MS
from tallystick.dataflow.model import SIDES, Policies, Side, other_side
from tallystick.dataflow.units import NOT_APPLICABLE, Unit
from tallystick.laws.history import Act, History, Record
from tallystick.laws.links import Base, Link, LinkBook

__all__ = ["Case", "Edit", "case_of", "clock_step_ms"]

BOTH: Final = frozenset(SIDES)


@dataclass(frozen=True, slots=True)
class Edit:
    """The value at which people left a unit on one side, when, and at which event."""

    value: Json
    at_ms: int
    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of one unit at one settle.

    `agrees` is None where it need not be judged. `winners` are the sides whose value may stand
    where both sides were edited; `stands` the sides on which the people's last value stands;
    `entangled` says that an edit of another row with a property in common may have moved it.
    """

    link: Link
    index: int
    unit: Unit
    base: Base | None
    edits: Mapping[Side, Edit]
    found: Base
    agrees: bool | None
    winners: frozenset[Side]
    stands: frozenset[Side]
    entangled: bool = False

    @property
    def edited(self) -> frozenset[Side]:
        """The sides on which people left another value than the base."""
        return frozenset(self.edits)

    def found_on(self, side: Side) -> Json:
        """Give what stands on `side`, in the target's terms."""
        return self.found[0] if side == "source" else self.found[1]

    def base_on(self, side: Side) -> Json:
        """Give the base on `side`, in the target's terms (None where there is none)."""
        if self.base is None:
            return None
        return self.base[0] if side == "source" else self.base[1]


def clock_step_ms(history: History) -> int:
    """Give how far apart two times must be for both APIs to tell them apart."""
    apis = {history.dataflow.system(side).api for side in SIDES}
    return history.skew_ms + (SECOND_MS if "storefront/1" in apis else 1)


def case_of(link: Link, index: int, book: LinkBook) -> Case | None:
    """Give the facts about one unit, or None where an edit that is not due yet touches it."""
    unit, history = link.units[index], book.history
    edits: dict[Side, Edit] = {}
    base = link.bases[index]
    for side in SIDES:
        last = _last_edit(link, index, side)
        if last is None or unit.row.path(other_side(side)).is_key:
            continue  # what stands opposite a key is overwritten by it: no edit
        if last.event > history.sync_began:
            return None
        edits[side] = last
    found = link.views(unit, link.source.data, link.target.data)
    if base is not None:
        for side, was in zip(SIDES, base, strict=True):
            if side in edits and same(edits[side].value, was):
                del edits[side]
    agrees = None if NOT_APPLICABLE in found else unit.agrees(found[0], found[1], book)
    entangled = any(_is_doubtful(link, index, side) for side in SIDES)
    stands = frozenset(
        side
        for side, edit in edits.items()
        if same(edit.value, found[0] if side == "source" else found[1])
    )
    return Case(
        link=link,
        index=index,
        unit=unit,
        base=base,
        edits=edits,
        found=found,
        agrees=agrees,
        winners=_winners(link, index, edits, book),
        stands=stands,
        entangled=entangled,
    )


def _changes(link: Link, unit: Unit, side: Side, act: Act) -> bool:
    record = link.record(side)
    if act.before is None:
        return True
    return not same(
        unit.view(side, act.before.data, record.key), unit.view(side, act.after.data, record.key)
    )


def _is_doubtful(link: Link, index: int, side: Side) -> bool:
    """Tell whether the connector could not know what people had made of the unit.

    Either it wrote over an edit that no answer had shown it, or its own write went unanswered and
    people then changed what it had written.
    """
    acts = [act for act in link.record(side).acts if act.event > link.accounted[index]]
    if all(act.acknowledged and not act.blind for act in acts):
        return False
    unit, edited, unsure = link.units[index], False, False
    for act in acts:
        if not _changes(link, unit, side, act):
            continue
        if act.by == "person":
            if unsure:
                return True
            edited = True
        elif act.blind and edited:
            return True
        else:
            unsure = unsure or not act.acknowledged
    return False


def _last_edit(link: Link, index: int, side: Side) -> Edit | None:
    """Give the last edit by people; what stood before the link was made counts as one."""
    unit, record = link.units[index], link.record(side)
    for act in reversed(record.acts):
        if act.event <= link.accounted[index]:
            break
        if act.by == "person" and act.after.live and _changes(link, unit, side, act):
            return Edit(unit.view(side, act.after.data, record.key), act.at_ms, act.event)
    fresh = link.bases[index] is None and link.accounted[index] < 0
    if fresh and (record.birth.by == "person" or unit.row.path(side).is_key):
        return _standing_before_link(unit, side, record)
    return None


def _standing_before_link(unit: Unit, side: Side, record: Record) -> Edit:
    first = next((act for act in record.acts if act.by == "connector"), None)
    before = first.before if first is not None and first.before is not None else record.now
    at_ms = before.modified_ms
    return Edit(unit.view(side, before.data, record.key), at_ms, record.birth.event)


def _winners(link: Link, index: int, edits: Mapping[Side, Edit], book: LinkBook) -> frozenset[Side]:
    if len(edits) < len(SIDES):
        return frozenset(edits)
    unit, policies = link.units[index], book.history.dataflow.policies
    meanwhile = any(edit.event > book.history.first_sync for edit in edits.values())
    if link.bases[index] is None and meanwhile:
        return BOTH  # edited while the link was being made: before that, or after it
    values = {side: edit.value for side, edit in edits.items()}
    filled = frozenset(side for side, value in values.items() if not is_empty(value))
    if len(filled) == 1 and (link.bases[index] is None or policies.empty == "keep"):
        return filled
    if unit.is_list:
        return BOTH
    return _policy_winners(link, index, edits, book, policies)


def _policy_winners(
    link: Link, index: int, edits: Mapping[Side, Edit], book: LinkBook, policies: Policies
) -> frozenset[Side]:
    if policies.conflicts == "source-wins":
        return frozenset({"source"})
    if policies.conflicts == "target-wins":
        return frozenset({"target"})
    step = clock_step_ms(book.history)
    decided = _decided_at(link, index, edits)
    for side in SIDES:
        loser = link.record(other_side(side))
        last = _last_change_ms(loser, link, index, decided)
        at_ms = edits[side].at_ms
        if link.bases[index] is None:
            at_ms = _last_change_ms(link.record(side), link, index, decided)
        if at_ms > last + step:
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
            if _changes(link, unit, side, act)
        ),
        default=1 << 62,
    )


def _last_change_ms(record: Record, link: Link, index: int, before: int) -> int:
    times = [act.at_ms for act in record.acts if link.accounted[index] < act.event < before]
    return max(times, default=record.birth.at_ms if not record.acts else record.acts[0].at_ms)
