"""One script that takes a pair's record through its life. Rule: short, and no chance in it.

A record is created and linked; every property that can be is edited on one side, then on the other,
then one on both; at last the record is deleted. After each of these the connector settles.
"""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.canonical import Json, is_empty, same
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import Row, Side
from tallystick.derive.changes import changes, indexed, is_judgeable
from tallystick.derive.crossing import atlas_of
from tallystick.derive.kit import Kit
from tallystick.derive.samples import sample_value
from tallystick.derive.settings import Linked
from tallystick.vocabulary.script import Delete, Script, Settle, Step, Wait

__all__ = ["tour"]

_TRIES = 10
_PAUSE_MS = 2_500


def tour(kit: Kit) -> Script:
    """Give the script of a pair; () where nothing that people do is known to link its records."""
    made = kit.main
    if made is None:
        return ()
    there = tuple(_edits(kit, made, "source"))
    back = tuple(_edits(kit, made, "target"))
    steps: list[Step] = [*made.steps, Settle()]
    if there:
        steps += [kit.edit(made.ref, "source", *there), Settle()]
    if back:
        steps += [kit.edit(made.ref, "target", *back), Settle()]
    if there and back:
        first, second = (
            kit.edit(made.ref, "source", there[0]),
            kit.edit(made.ref, "target", back[-1]),
        )
        steps += [first, Wait(ms=_PAUSE_MS), second, Settle()]
    steps += [Delete(side="source", record=made.ref), Settle()]
    return tuple(steps)


def _edits(kit: Kit, made: Linked, side: Side) -> Iterator[tuple[str, Json]]:
    """Give a new value for each property of a side; on the target, one that is new after the first
    edit on the source.
    """
    done: set[str] = set()
    for row in kit.pair.rows:
        keyed = row.source.is_key or row.target.is_key or row.reference is not None
        if keyed or not is_judgeable(row):
            continue
        path = indexed(kit.pair, row, side, made.data)
        value = next(_values(kit, made, row, side), None)
        if value is not None and path not in done:
            done.add(path)
            yield path, value


def _values(kit: Kit, made: Linked, row: Row, side: Side) -> Iterator[Json]:
    fresh = changes(kit.dataflow, kit.pair, made, row, "source")
    if side == "source":
        yield from fresh
        return
    new = image(row.type, next(fresh, None))
    place = atlas_of(kit.dataflow).place("target", kit.pair.target, row.target)
    for n in range(_TRIES):
        value = sample_value(kit.dataflow, "target", kit.pair.target, row.target, made.ref.label, n)
        if not is_empty(value) and not same(value, new) and place.fate(value) == "crosses":
            yield value
