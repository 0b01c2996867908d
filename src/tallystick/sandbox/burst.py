"""A burst of random edits to the records that are there. Rule: the same generator, the same steps.

Values come from the pools that random scripts draw from, the ones that hurt included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tallystick.canonical import MISSING, is_empty
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Side
from tallystick.derive.crossing import Place, atlas_of
from tallystick.derive.pools import pool_of
from tallystick.vocabulary.script import Delete, Edit, Ref, Step

__all__ = ["Known", "random_step"]

Known = Mapping[tuple[Side, str], Sequence[Ref]]
"""The live records by side and type, as steps name them."""

_DELETIONS = 0.05


def random_step(dataflow: Dataflow, known: Known, chance: Random) -> Step | None:
    """Give one person's random step, None where there is nothing that could be edited."""
    places = [
        (pair, side)
        for pair in dataflow.pairs
        for side in SIDES
        if known.get((side, pair.type_on(side)))
    ]
    if not places:
        return None
    pair, side = chance.choice(places)
    record = chance.choice(known[side, pair.type_on(side)])
    if chance.random() < _DELETIONS:
        return Delete(side=side, record=record)
    editable = list(_editable(dataflow, pair, side))
    if not editable:
        return None
    place = chance.choice(editable)
    return Edit(side=side, record=record, values=((place.path.text, _value(place, chance)),))


def _editable(dataflow: Dataflow, pair: Pair, side: Side) -> Iterator[Place]:
    """Give the plain properties that the pair's rows list on a side."""
    atlas = atlas_of(dataflow)
    for row in pair.rows:
        path = row.path(side)
        if path.is_key or path.in_list or row.reference is not None:
            continue
        place = atlas.place(side, pair.type_on(side), path)
        if any(not is_empty(value) for value in pool_of(place).ordinary):
            yield place


def _value(place: Place, chance: Random) -> object:
    pool = pool_of(place)
    values = [*pool.ordinary, *pool.hurtful, *pool.empty[:2]]
    return chance.choice([value for value in values if value is not MISSING])
