"""Scenes about what the checklist leaves open. Rule: one function for each policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.derive.crossing import atlas_of
from tallystick.derive.drafts import Draft
from tallystick.derive.kit import SYNC, Kit, a_or_an
from tallystick.derive.pools import empty_values
from tallystick.derive.settings import Linked, standing
from tallystick.derive.sync_scenes import LATER
from tallystick.vocabulary.script import Clear, Create, Delete, Ref

__all__ = ["POLICY_TITLES", "policy_scenes"]

POLICY_TITLES: Final = {
    (
        "conflicts",
        "latest-wins",
    ): "where both sides edited the same property, the later edit stands",
    (
        "conflicts",
        "source-wins",
    ): "where both sides edited the same property, {source}'s edit stands",
    (
        "conflicts",
        "target-wins",
    ): "where both sides edited the same property, {target}'s edit stands",
    ("deletions", "propagate"): "what is deleted on one side is deleted on the other",
    ("deletions", "detach"): "what is deleted on one side stays on the other, and the link ends",
    ("empty", "propagate"): "a property emptied on one side is emptied on the other",
    ("empty", "keep"): "a property emptied on one side keeps its value on the other",
    ("create", "source"): "records come from {source} only",
    ("create", "both"): "records come from either side",
}


def policy_scenes(kit: Kit, policy: str) -> Iterator[Draft]:
    """Give the scenes for one policy as it stands; none where the pair gives no occasion."""
    made = kit.main
    if made is not None:
        yield from _SCENES[policy](kit, made)


def _conflicts(kit: Kit, made: Linked) -> Iterator[Draft]:
    if not kit.choices:
        return
    choice = kit.dataflow.policies.conflicts
    for later in SIDES:
        winner: Side = later
        if choice != "latest-wins":
            winner = "source" if choice == "source-wins" else "target"
        name = f"A conflict in which the edit in {kit.names.on(later)} is the later one"
        yield _conflict(kit, made, name, later, winner)


def _conflict(kit: Kit, made: Linked, name: str, later: Side, winner: Side) -> Draft:
    shown = kit.choices[0]
    values = _different(shown.values["source"], shown.values["target"], shown.row.type)
    earlier = other_side(later)
    edits = {side: kit.edit(made.ref, side, (shown.path(side), values[side])) for side in SIDES}
    return kit.scene(
        name,
        "latest-wins",
        given=(*made.steps, SYNC),
        when=(edits[earlier], LATER, edits[later], SYNC),
        then=(
            kit.has(made.ref, winner, shown.path(winner), values[winner]),
            kit.arrived(made.ref, other_side(winner), shown.path(other_side(winner))),
        ),
    )


def _different(
    ours: tuple[Json, ...], theirs: tuple[Json, ...], data_type: Json
) -> dict[Side, Json]:
    """Give one value for each side, different even when one has become the other's."""
    meant = image(data_type, ours[0])
    return {"source": ours[0], "target": next(v for v in theirs if v != meant)}


def _deletions(kit: Kit, made: Linked) -> Iterator[Draft]:
    stays = 1 if kit.dataflow.policies.deletions == "detach" else 0
    for side in SIDES:
        there = other_side(side)
        here = kit.names.on(side)
        delete = Delete(side=side, record=kit.on(made.ref, side))
        outcome = (*kit.numbers(side, 0), *kit.numbers(there, stays))
        yield kit.scene(
            f"{a_or_an(kit.pair.type_on(side))} is deleted in {here}",
            "deletions",
            given=(*made.steps, SYNC),
            when=(delete, SYNC),
            then=outcome,
        )
        yield kit.scene(
            f"What was deleted in {here} does not come back",
            "for-life",
            given=(*made.steps, SYNC),
            when=(delete, SYNC, SYNC),
            then=outcome,
        )
        if kit.choices and not stays:
            shown = kit.choices[0]
            edit = kit.edit(made.ref, there, (shown.path(there), shown.values[there][0]))
            yield kit.scene(
                f"A deletion in {here} wins over an edit on the other side",
                "deletions",
                given=(*made.steps, SYNC),
                when=(edit, delete, SYNC),
                then=outcome,
            )


def _empty(kit: Kit, made: Linked) -> Iterator[Draft]:
    keep = kit.dataflow.policies.empty == "keep"
    for side in SIDES:
        there = other_side(side)
        shown = next((c for c in kit.choices if _may_be_empty(kit, c.row.source.text, side)), None)
        if shown is None or (keep and made.there is not MISSING):
            continue
        held = standing(made.data, shown.row.source)
        kept = held if there == "source" else image(shown.row.type, held)
        clear = Clear(side=side, record=kit.on(made.ref, side), path=shown.path(side))
        verb = "keeps its value" if keep else "is emptied"
        yield kit.scene(
            f"A property emptied in {kit.names.on(side)} {verb} in {kit.names.on(there)}",
            "in-sync",
            given=(*made.steps, SYNC),
            when=(clear, SYNC),
            then=(kit.has(made.ref, there, shown.path(there), kept if keep else MISSING),),
        )


def _may_be_empty(kit: Kit, source_path: str, side: Side) -> bool:
    row = next(row for row in kit.pair.rows if row.source.text == source_path)
    type_name = kit.pair.type_on(side)
    values = empty_values(kit.dataflow, side, type_name, row.path(side))
    place = atlas_of(kit.dataflow).place(side, type_name, row.path(side))
    return MISSING in values and place.accepts(MISSING)


def _create(kit: Kit, made: Linked) -> Iterator[Draft]:
    both = kit.creates_both
    label = f"{made.ref.label} in {kit.names.target}"
    alone = Create(side="target", record=Ref(label, kit.pair.target))
    verb = "gets a counterpart" if both else "is left alone"
    yield kit.scene(
        f"{kit.a_other} that only {kit.names.target} has {verb}",
        "one-to-one",
        given=(alone,),
        when=(SYNC,),
        then=(*kit.numbers("source", 1 if both else 0), *kit.numbers("target", 1)),
    )


_SCENES: Final = {
    "conflicts": _conflicts,
    "deletions": _deletions,
    "empty": _empty,
    "create": _create,
}
