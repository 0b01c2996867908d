"""One unit of one link at a settle: what people did, what stands, who may win. Rule: facts only.

The base is what stood on both sides when they were last judged; an edit counts when it leaves the
unit other than the base and came before the sync that led to this settle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.canonical import Json, is_empty, same
from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.dataflow.units import NOT_APPLICABLE, FanInUnit, Keys, Unit
from tallystick.laws.links import Base, Link, LinkBook, rewrites
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
        return self.found[_AT[side]]

    def base_on(self, side: Side) -> Json:
        """Give the base on `side`, in the target's terms (None where there is none)."""
        return None if self.base is None else self.base[_AT[side]]


_AT: Final[Mapping[Side, int]] = {"source": 0, "target": 1}


def case_of(link: Link, index: int, book: LinkBook) -> Case | None:
    """Give the facts about one unit, or None where an edit that is not due yet touches it."""
    unit, began = link.units[index], book.history.sync_began
    last = _last_edits(link, index)
    mates = [
        (_last_edits(mate, at), mate.units[at], on) for mate, at, on in book.mates(link, index)
    ]
    if any(edit.event > began for of in (last, *(of for of, *_ in mates)) for edit in of.values()):
        return None
    edits = _counting(last, unit)
    base, found = link.bases[index], link.views(unit, link.source.data, link.target.data)
    meanwhile = _is_meanwhile(link, index, book)
    loose = _is_loose(link, index, edits, found, book)
    if base is not None and not meanwhile:
        edits = {s: edit for s, edit in edits.items() if not same(edit.value, base[_AT[s]])}
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
        stands=frozenset(s for s in edits if _stands(unit, s, edits, base, found)),
        meanwhile=meanwhile,
        entangled=waited
        or _is_entangled(link, index, edits)
        or _was_respelled(link, index, edits)
        or _was_rewritten(link, index, edits, book)
        or (
            not edits and base is not None and not same(found, base) and _has_kin(link, index, book)
        )
        or any(_counting(of, mate).keys() - sides for of, mate, sides in mates),
        free=_is_free(link, index, edits, found, book)
        or (loose and unit.is_reference)
        or (waited and not edits and same(found, base) and not _is_complete(unit, found, book))
        or (bool(edits) and same(found, base) and _are_back(edits, base))
        or (bool(mates) and not unit.judged),  # it may have come by any of the others
        loose=loose,
    )


def _are_back(edits: Mapping[Side, Edit], base: Base | None) -> bool:
    """Tell whether people went back to what was agreed, as if nothing had happened: what came in
    between may have been refused, or never seen.
    """
    return base is not None and all(
        same(edit.value, base[_AT[side]]) for side, edit in edits.items()
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
    unit: Unit, side: Side, edits: Mapping[Side, Edit], base: Base | None, found: Base
) -> bool:
    """Tell whether people's last value on `side` stands there.

    Of several sources of one target only those that people edited have to stand, where the target
    was edited as well: its edit may have reached any of the others.
    """
    wanted, there = edits[side].value, found[_AT[side]]
    if same(wanted, there) or side == "target" or len(edits) < len(SIDES):
        return same(wanted, there)
    if not isinstance(unit, FanInUnit) or base is None:
        return False
    sources = zip(wanted, there, base[_AT[side]], strict=True)
    return all(same(value, now) for value, now, before in sources if not same(value, before))


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


def _last_edits(link: Link, index: int) -> dict[Side, Edit]:
    last = {side: _last_edit(link, index, side) for side in SIDES}
    return {side: edit for side, edit in last.items() if edit is not None}


def _counting(edits: Mapping[Side, Edit], unit: Unit) -> dict[Side, Edit]:
    """Leave out what stands opposite a key: it is overwritten by the key and is no edit."""
    return {
        side: edit for side, edit in edits.items() if not unit.row.path(other_side(side)).is_key
    }


def _is_entangled(link: Link, index: int, edits: Mapping[Side, Edit]) -> bool:
    """Tell whether no winner can be told: a write was blind, the row did not apply before, or the
    source may have another counterpart that nobody knows of.
    """
    if link.source.unsure or any(_is_doubtful(link, index, side) for side in SIDES):
        return True
    before: tuple[Json, ...] = link.bases[index] or ()
    if NOT_APPLICABLE in (*before, *(edit.value for edit in edits.values())):
        return True
    return bool(link.units[index].row.when) and _was_toggled(link, index)


def _was_respelled(link: Link, index: int, edits: Mapping[Side, Edit]) -> bool:
    """Tell whether, against an edit, people wrote a value otherwise that means the same on the
    other side (01:00Z as 03:00+02:00): whether that was an edit, too, nobody can say.
    """
    unit = link.units[index]
    if len(edits) != 1 or unit.is_list:
        return False
    [edited] = edits
    side = other_side(edited)
    if link.record(side).edited_event <= link.accounted[index]:
        return False
    acts = link.record(side).acts_by("person", link.accounted[index])
    return any(rewrites(unit, side, act) for act in acts)


def _was_rewritten(link: Link, index: int, edits: Mapping[Side, Edit], book: LinkBook) -> bool:
    """Tell whether people gave a source another value of the same image: it may be carried over all
    the same, instead of another source that the target equalled, or to a target that they emptied.
    """
    unit = link.units[index]
    feeding = [mate.units[at] for mate, at, on in book.mates(link, index) if "target" in on]
    emptied = len({is_empty(view) for view in link.bases[index] or ()}) > 1
    if edits or not (feeding or emptied or isinstance(unit, FanInUnit)):
        return False
    acts = link.source.acts_by("person", link.accounted[index])
    return any(rewrites(one, "source", act) for one in (unit, *feeding) for act in acts)


def _has_kin(link: Link, index: int, book: LinkBook) -> bool:
    """Tell whether people edited what a value may have come from by way of other properties."""
    return any(_last_edits(other, at) for other, at in book.kin(link, index))


def _was_toggled(link: Link, index: int) -> bool:
    """Tell whether a row began or ceased to apply since it was last judged."""
    unit = link.units[index]
    return any(
        link.view(unit, side, data) is NOT_APPLICABLE
        for side in SIDES
        for act in link.record(side).acts
        if act.event > link.accounted[index]
        for data in (act.before.data if act.before else {}, act.after.data)
    )


def _is_loose(
    link: Link, index: int, edits: Mapping[Side, Edit], found: Base, book: LinkBook
) -> bool:
    """Tell whether people left a key that leads to no linked record."""
    unit = link.units[index]
    if not unit.has_references:
        return False
    if any(_has_lost_keys(unit, side, edit.value, book) for side, edit in edits.items()):
        return True
    if index not in link.loose:
        return False
    return any(_has_lost_keys(unit, side, found[_AT[side]], book) for side in SIDES)


def _is_complete(unit: Unit, found: Base, book: LinkBook) -> bool:
    """Tell whether all keys lead to records that have counterparts: none of them waits any more."""
    return all(
        book.leads_on(side, reference, key)
        for side in SIDES
        for reference, key in unit.referred(side, found[_AT[side]])
    )


def _has_lost_keys(unit: Unit, side: Side, view: Json, book: LinkBook) -> bool:
    return any(
        book.leads_nowhere(side, reference, key) for reference, key in unit.referred(side, view)
    )


def _is_free(
    link: Link, index: int, edits: Mapping[Side, Edit], found: Base, book: LinkBook
) -> bool:
    """Tell whether two empty values that differ need not agree, or a `when` value was filled in."""
    unit = link.units[index]
    if all(map(is_empty, (*found, *(edit.value for edit in edits.values())))):
        merged = link.bases[index] is None and len(edits) == len(SIDES)
        return merged or unit.may_lack_place or book.history.dataflow.policies.empty == "keep"
    if link.bases[index] is not None or not book.fills_in(link.pair):
        return False
    return any(
        side not in edits and any(same(value, found[_AT[side]]) for value in filled)
        for side in SIDES
        if (filled := book.filled_in(link.pair, side, unit.row.path(side).text))
    )


def _is_doubtful(link: Link, index: int, side: Side) -> bool:
    """Tell whether the connector could not know what people had made of the unit.

    Either it wrote over an edit that no answer had shown it, or its own write went unanswered and
    people then changed what it had written.
    """
    record, since = link.record(side), link.accounted[index]
    if not link.sight.is_doubtful(record, since):
        return False
    acts = link.sight.acts_since(record, since)
    unit, edited, unsure = link.units[index], False, False
    for act in acts:
        if not link.changes(unit, side, act):
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
