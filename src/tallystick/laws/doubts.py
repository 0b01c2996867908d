"""What keeps anybody from telling how a unit of a link ought to stand. Rule: each is one question
about one unit, answered from the journal; whoever is in doubt accuses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.canonical import Json, is_empty, same
from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.dataflow.units import NOT_APPLICABLE, FanInUnit, Unit
from tallystick.laws.edits import last_edits
from tallystick.laws.links import AT, Base, Link, LinkBook, rewrites
from tallystick.laws.winners import Edit

__all__ = [
    "are_back",
    "has_kin",
    "is_complete",
    "is_entangled",
    "is_free",
    "is_loose",
    "was_respelled",
    "was_rewritten",
]


def are_back(edits: Mapping[Side, Edit], base: Base | None) -> bool:
    """Tell whether people went back to what was agreed, as if nothing had happened: what came in
    between may have been refused, or never seen.
    """
    return base is not None and all(
        same(edit.value, base[AT[side]]) for side, edit in edits.items()
    )


def is_entangled(link: Link, index: int, edits: Mapping[Side, Edit]) -> bool:
    """Tell whether no winner can be told: a write was blind, the row did not apply before, or the
    source may have another counterpart that nobody knows of.
    """
    if link.source.unsure or any(_is_doubtful(link, index, side) for side in SIDES):
        return True
    before: tuple[Json, ...] = link.bases[index] or ()
    if NOT_APPLICABLE in (*before, *(edit.value for edit in edits.values())):
        return True
    return bool(link.units[index].row.when) and _was_toggled(link, index)


def was_respelled(link: Link, index: int, edits: Mapping[Side, Edit]) -> bool:
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


def was_rewritten(link: Link, index: int, edits: Mapping[Side, Edit], book: LinkBook) -> bool:
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


def has_kin(link: Link, index: int, book: LinkBook) -> bool:
    """Tell whether people edited what a value may have come from by way of other properties."""
    return any(last_edits(other, at) for other, at in book.kin(link, index))


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


def is_loose(
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
    return any(_has_lost_keys(unit, side, found[AT[side]], book) for side in SIDES)


def is_complete(unit: Unit, found: Base, book: LinkBook) -> bool:
    """Tell whether all keys lead to records that have counterparts: none of them waits any more."""
    return all(
        book.leads_on(side, reference, key)
        for side in SIDES
        for reference, key in unit.referred(side, found[AT[side]])
    )


def _has_lost_keys(unit: Unit, side: Side, view: Json, book: LinkBook) -> bool:
    return any(
        book.leads_nowhere(side, reference, key) for reference, key in unit.referred(side, view)
    )


def is_free(
    link: Link, index: int, edits: Mapping[Side, Edit], found: Base, book: LinkBook
) -> bool:
    """Tell whether two empty values that differ need not agree, or a `when` value was filled in."""
    unit = link.units[index]
    views = [(side, found[AT[side]]) for side in SIDES]
    views.extend((side, edit.value) for side, edit in edits.items())
    if all(unit.holds_nothing(side, view) for side, view in views):
        merged = link.bases[index] is None and len(edits) == len(SIDES)
        return merged or unit.may_lack_place or book.history.dataflow.policies.empty == "keep"
    if link.bases[index] is not None or not book.fills_in(link.pair):
        return False
    return any(
        side not in edits and any(same(value, found[AT[side]]) for value in filled)
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
