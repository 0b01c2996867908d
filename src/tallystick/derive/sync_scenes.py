"""Scenes about keeping in sync. Rule: told with the rows that show best, values in tables."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.derive.changes import Choice
from tallystick.derive.drafts import Draft
from tallystick.derive.kit import SYNC, Kit
from tallystick.derive.settings import Linked
from tallystick.vocabulary.script import Wait

__all__ = ["LATER", "in_sync_scenes"]

LATER = Wait(ms=2000)
"""So much later that every API shows which of two edits was the later one."""


def in_sync_scenes(kit: Kit) -> Iterator[Draft]:
    """Once a link is established, it will keep in sync, regardless of where it is edited."""
    made = kit.main
    if made is None:
        return
    if kit.choices:
        shown = kit.choices[0]
        for side in SIDES:
            yield _arrives(kit, made, shown, side)
            yield _again(kit, made, shown, side)
        yield _in_turn(kit, made, shown)
    if len(kit.choices) > 1:
        yield from _different_properties(kit, made)
        yield from _at_once(kit, made)
    yield from _quiet(kit, made)


def _arrives(kit: Kit, made: Linked, shown: Choice, side: Side) -> Draft:
    there = other_side(side)
    value, crossed = shown.values[side][0], shown.crossed(side)
    seen = (
        kit.arrived(made.ref, there, shown.path(there))
        if crossed is None
        else kit.has(made.ref, there, shown.path(there), crossed)
    )
    return kit.scene(
        f"An edit in {kit.names.on(side)} reaches {kit.names.on(there)}",
        "in-sync",
        given=(*made.steps, SYNC),
        when=(kit.edit(made.ref, side, (shown.path(side), value)), SYNC),
        then=(seen,),
    )


def _again(kit: Kit, made: Linked, shown: Choice, side: Side) -> Draft:
    there = other_side(side)
    first, second = shown.values[side][:2]
    path = shown.path(side)
    return kit.scene(
        f"A second edit of the same property in {kit.names.on(side)} arrives like the first",
        "in-sync",
        given=(*made.steps, SYNC, kit.edit(made.ref, side, (path, first)), SYNC),
        when=(kit.edit(made.ref, side, (path, second)), SYNC),
        then=(kit.arrived(made.ref, there, shown.path(there)),),
    )


def _in_turn(kit: Kit, made: Linked, shown: Choice) -> Draft:
    here, there = shown.path("source"), shown.path("target")
    return kit.scene(
        "Edits of one property on either side in turn all arrive",
        "no-lost-edit",
        given=(*made.steps, SYNC),
        when=(
            kit.edit(made.ref, "source", (here, shown.values["source"][0])),
            SYNC,
            kit.edit(made.ref, "target", (there, shown.values["target"][1])),
            SYNC,
        ),
        then=(kit.arrived(made.ref, "source", here),),
    )


def _different_properties(kit: Kit, made: Linked) -> Iterator[Draft]:
    one, other = kit.choices[:2]
    ours, theirs = one.values["source"][0], other.values["target"][0]
    yield kit.scene(
        "Edits of different properties on the two sides both survive",
        "no-lost-edit",
        given=(*made.steps, SYNC),
        when=(
            kit.edit(made.ref, "source", (one.path("source"), ours)),
            kit.edit(made.ref, "target", (other.path("target"), theirs)),
            SYNC,
        ),
        then=(
            kit.arrived(made.ref, "target", one.path("target")),
            kit.arrived(made.ref, "source", other.path("source")),
            kit.has(made.ref, "source", one.path("source"), ours),
            kit.has(made.ref, "target", other.path("target"), theirs),
        ),
    )


def _at_once(kit: Kit, made: Linked) -> Iterator[Draft]:
    if len(kit.dataflow.pairs_of("source", kit.pair.source)) > 1:
        return  # each counterpart costs a write of its own
    for side in SIDES:
        values = tuple((c.path(side), c.values[side][0]) for c in kit.choices[:2])
        yield kit.scene(
            f"Two properties saved together in {kit.names.on(side)} cost one write",
            "economical",
            given=(*made.steps, SYNC),
            when=(kit.edit(made.ref, side, *values), SYNC),
            then=(kit.wrote(other_side(side), 1),),
        )


def _quiet(kit: Kit, made: Linked) -> Iterator[Draft]:
    nothing = (kit.wrote("source", 0), kit.wrote("target", 0))
    yield kit.scene(
        "Once in sync, another synchronization writes nothing",
        "quiet",
        given=(*made.steps, SYNC),
        when=(SYNC,),
        then=nothing,
    )
    for side in SIDES if kit.choices else ():
        shown = kit.choices[0]
        edit = kit.edit(made.ref, side, (shown.path(side), shown.values[side][0]))
        yield kit.scene(
            f"An edit in {kit.names.on(side)} does not come back as an echo",
            "quiet",
            given=(*made.steps, SYNC, edit, SYNC),
            when=(SYNC,),
            then=nothing,
        )
