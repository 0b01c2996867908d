"""One unit of one link at a settle: what people did, what stands, who may win. Rule: facts only.

The base is what stood on both sides when they were last judged; an edit counts when it leaves the
unit other than the base and came before the sync that led to this settle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.canonical import Json, is_empty, same
from tallystick.dataflow.model import SIDES, Side
from tallystick.dataflow.units import NOT_APPLICABLE, FanInUnit, Keys, Unit
from tallystick.laws.doubts import (
    are_back,
    has_kin,
    is_complete,
    is_entangled,
    is_free,
    is_loose,
    was_respelled,
    was_rewritten,
)
from tallystick.laws.edits import counting, last_edits
from tallystick.laws.links import AT, Base, Link, LinkBook
from tallystick.laws.winners import Edit, winners

__all__ = ["Case", "agrees_with_another", "case_of", "is_at_rest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of one unit at one settle.

    `held` tells whether the base was as it ought to be (None: that could not be judged); `agrees`
    is None where it need not be judged. `winners` are the sides whose value may stand where both
    were edited; `stands` the sides on which the people's last value stands. `meanwhile`: people
    edited while the connector may have been at it, so that nobody can tell what it saw;
    `entangled`: all that is certain is that both sides agree; `free`: not even that; `loose`:
    people left a key that leads nowhere.
    """

    link: Link
    index: int
    unit: Unit
    base: Base | None
    held: bool | None
    edits: Mapping[Side, Edit]
    found: Base
    agrees: bool | None
    winners: frozenset[Side]
    stands: frozenset[Side]
    meanwhile: bool = False
    entangled: bool = False
    free: bool = False
    loose: bool = False

    def found_on(self, side: Side) -> Json:
        """Give what stands on `side`, in the target's terms."""
        return self.found[AT[side]]

    def base_on(self, side: Side) -> Json:
        """Give the base on `side`, in the target's terms (None where there is none)."""
        return None if self.base is None else self.base[AT[side]]

    def finds_nothing(self, side: Side) -> bool:
        """Tell whether what stands on `side` is empty."""
        return self.unit.holds_nothing(side, self.found_on(side))

    def is_emptied(self, side: Side) -> bool:
        """Tell whether people did nothing but empty it on `side`."""
        return self.is_emptying(side, self.edits[side].value)

    def is_emptying(self, side: Side, view: Json) -> bool:
        """Tell whether `view` differs from the base on `side` in what is empty there only."""
        return self.unit.is_emptying(side, self.base_on(side), view)


def case_of(link: Link, index: int, book: LinkBook) -> Case | None:
    """Give the facts about one unit, or None where an edit that is not due yet touches it."""
    unit, began = link.units[index], book.history.sync_began
    last = last_edits(link, index)
    mates = [(last_edits(mate, at), mate.units[at], on) for mate, at, on in book.mates(link, index)]
    if any(edit.event > began for of in (last, *(of for of, *_ in mates)) for edit in of.values()):
        return None
    edits = counting(last, unit)
    base, found = link.bases[index], link.views(unit, link.source.data, link.target.data)
    meanwhile = _is_meanwhile(link, index, book)
    loose = is_loose(link, index, edits, found, book)
    if base is not None and not meanwhile:
        edits = {s: edit for s, edit in edits.items() if not same(edit.value, base[AT[s]])}
    may_be_filled = base is None or book.history.dataflow.policies.empty == "keep"
    waited = base is not None and index in link.loose and not (edits and loose)
    keys = book.loosely if loose else book
    agrees = None if NOT_APPLICABLE in found else unit.agrees(found[0], found[1], keys)
    if agrees is False:
        agrees = agrees_with_another(link, index, book, keys)
    return Case(
        link=link,
        index=index,
        unit=unit,
        base=base,
        held=link.held[index],
        edits=edits,
        found=found,
        agrees=agrees,
        winners=winners(link, index, edits, book, meanwhile=meanwhile),
        stands=frozenset(
            s for s in edits if _stands(unit, s, edits, base, found, may_be_filled=may_be_filled)
        ),
        meanwhile=meanwhile,
        entangled=waited
        or is_entangled(link, index, edits)
        or was_respelled(link, index, edits)
        or was_rewritten(link, index, edits, book)
        or (not edits and base is not None and not same(found, base) and has_kin(link, index, book))
        or any(counting(of, mate).keys() - sides for of, mate, sides in mates),
        free=is_free(link, index, edits, found, book)
        or (loose and unit.is_reference)
        or (waited and not edits and same(found, base) and not is_complete(unit, found, book))
        or (bool(edits) and same(found, base) and are_back(edits, base))
        or (bool(mates) and not unit.judged),  # it may have come by any of the others
        loose=loose,
    )


def agrees_with_another(link: Link, index: int, book: LinkBook, keys: Keys) -> bool | None:
    """Tell whether the target property of a unit equals another of its sources; None where that
    cannot be known. Sources of which some lie in a list are units of their own.
    """
    answers = []
    for mate, at, sides in book.mates(link, index):
        if mate is link and "target" in sides:
            unit = link.units[at]
            source, target = link.views(unit, link.source.data, link.target.data)
            if NOT_APPLICABLE not in (source, target):
                answers.append(_feeds(unit, source, target, keys))
    return True if True in answers else None if None in answers else False


def _feeds(unit: Unit, source: Json, target: Json, keys: Keys) -> bool | None:
    """Tell whether the target's view is the source's, or empty where that has nothing to give."""
    of_elements = unit.row.source.in_list and not unit.is_list and not unit.row.when
    if of_elements and is_empty(target):
        return all(map(is_empty, source))
    return unit.agrees(source, target, keys)


def _stands(
    unit: Unit,
    side: Side,
    edits: Mapping[Side, Edit],
    base: Base | None,
    found: Base,
    *,
    may_be_filled: bool,
) -> bool:
    """Tell whether people's last value on `side` stands there.

    Of several sources of one target only those that people edited have to stand, where the target
    was edited as well: its edit may have reached any of the others. An emptying that loses to the
    target's value need not stand either.
    """
    wanted, there = edits[side].value, found[AT[side]]
    if same(wanted, there) or side == "target" or len(edits) < len(SIDES):
        return same(wanted, there)
    if not isinstance(unit, FanInUnit):
        return False
    before = [None] * len(wanted) if base is None else base[AT[side]]
    return all(
        same(value, now) or same(value, was) or (may_be_filled and is_empty(value))
        for value, now, was in zip(wanted, there, before, strict=True)
    )


def is_at_rest(link: Link, index: int, book: LinkBook) -> bool:
    """Tell whether nobody has touched a unit, or one that it has a property in common with, since
    it was judged: nothing new can be said of it. Most units of a record that was edited are so.
    """
    base, unit = link.bases[index], link.units[index]
    if base is None or NOT_APPLICABLE in base or index in link.pending or index in link.loose:
        return False
    if link.source.unsure or unit.row.when or unit.has_references:
        return False
    if any(True for _ in book.mates(link, index)):
        return False
    since = link.accounted[index]
    return not any(_was_touched(link, unit, side, since) for side in SIDES)


def _was_touched(link: Link, unit: Unit, side: Side, since: int) -> bool:
    record, sight = link.record(side), link.sight
    names = sight.touched_since(record, since)
    if names is None:
        return True
    if names.isdisjoint(unit.heads[side]):
        return False
    return any(link.changes(unit, side, act) for act in sight.acts_since(record, since))


def _is_meanwhile(link: Link, index: int, book: LinkBook) -> bool:
    """Tell whether people edited the unit after the first sync since it could be judged."""
    history, unit = book.history, link.units[index]
    if index in link.pending:
        return True
    since = max(history.first_sync, link.accounted[index])
    return (link.source.edited_event > since or link.target.edited_event > since) and any(
        link.changes(unit, side, act)
        for side in SIDES
        for act in link.record(side).acts_by("person", since)
    )
