"""The records with which a script begins: some refer to others, some are in both systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import SIDES, Pair, Side
from tallystick.derive.cast import (
    Cast,
    draw_place,
    draw_row,
    filled,
    head_of,
    plain_rows,
    values_of,
)
from tallystick.derive.pools import pool_of
from tallystick.derive.samples import sample_value
from tallystick.vocabulary.script import (
    Create,
    KeyOf,
    Ref,
    Step,
    Value,
    Wait,
)

__all__ = ["MOST_FILLED", "companions", "creation", "onboarding", "referred_types"]

MOST_FILLED: Final = 8
_IN_A_URL: Final = frozenset("+&%#=;/?")  # what means something else in a URL
_APART_MS: Final = 2_500  # so that everybody can tell which record is the later one


def creation(cast: Cast, side: Side, pair: Pair) -> Create:
    """Create a record of the pair's type; some properties may get drawn values."""
    kind = pair.type_on(side)
    values: dict[str, Value] = {}
    for row in plain_rows(pair):
        if row.reference is not None:
            known = cast.one_of("source", row.reference.source)
            if known is not None and side == "source" and cast.toss():
                values[draw_place(cast, row, side)] = KeyOf(known)
    plain = (row for row in plain_rows(pair) if row.reference is None)
    rows = [row for row in plain if not row.path(side).in_list]
    if rows and cast.number(0, 3) == 3:
        row = cast.pick(rows)
        path = row.path(side).text
        values[path] = cast.draw(values_of(cast.place(side, path)))
    elif pair is cast.pair:
        for term in pair.create.condition if side == "source" else ():
            if cast.number(0, 2) == 2:
                values[term.path.text] = cast.draw(values_of(cast.place(side, term.path.text)))
        values |= dict(filled(cast, side, cast.number(0, MOST_FILLED)))
    label = cast.new_label(side, kind)
    return Create(side=side, record=Ref(label, kind), values=tuple(values.items()))


def companions(cast: Cast) -> list[Step]:
    """Records that the pair's own may refer to: one or two of each type."""
    steps: list[Step] = []
    for name in referred_types(cast):
        for _ in range(cast.number(1, 2)):
            label = cast.new_label("source", name)
            steps.append(Create(side="source", record=Ref(label, name)))
    return steps


def referred_types(cast: Cast) -> list[str]:
    """Give the other types that the pair's records may refer to."""
    references = (row.reference for row in cast.pair.rows)
    names = dict.fromkeys(ref.source for ref in references if ref is not None)
    return [
        name
        for name in names
        if name != cast.pair.source and cast.dataflow.pairs_of("source", name)
    ]


def onboarding(cast: Cast) -> list[Step]:
    """A record on either side that the merge rule matches, before the connector's first start."""
    if not cast.pair.merge or not cast.toss():
        return []
    label = cast.new_label("source", cast.pair.source)
    twin = f"{label}x"
    values: dict[Side, dict[str, Value]] = {
        side: dict(filled(cast, side, cast.number(0, MOST_FILLED))) for side in SIDES
    }
    bare: Side | None = cast.pick((None, *SIDES))  # lacks something that the other one may have
    if bare is not None and plain_rows(cast.pair):
        values[bare] |= {head_of(draw_row(cast), bare): MISSING for _ in range(2)}
    for term in cast.pick(cast.pair.merge):
        if term.source.is_key or term.target.is_key or term.source.in_list or term.target.in_list:
            return [Create(side="source", record=Ref(label, cast.pair.source))]
        value = _shared_value(cast, term.source.text, label)
        how = cast.pick(_TWINS)
        values["source"][term.source.text] = MISSING if how == "nothing" else value
        values["target"][term.target.text] = _NEARLY[how](
            image(_type_of(cast.pair, term.source.text), value)
        )
    born: list[tuple[Side, Ref]] = [
        ("target", Ref(twin, cast.pair.target)),
        ("source", Ref(label, cast.pair.source)),
    ]
    if cast.toss():
        born.reverse()
    more: Side | None = cast.pick((None, None, None, None, *SIDES))
    if more is not None:  # a second one that matches
        kind = cast.pair.type_on(more)
        born.append((more, Ref(f"{label}y", kind)))
    made = [Create(side=side, record=ref, values=tuple(values[side].items())) for side, ref in born]
    return [made[0], *([Wait(ms=_APART_MS)] if cast.number(0, 3) else []), *made[1:]]


def _shared_value(cast: Cast, path: str, label: str) -> Json:
    """Give what two records have in common: now and then a value that is hard to look up."""
    hurtful = pool_of(cast.place("source", path)).hurtful
    if hurtful and cast.number(0, 2) == 2:
        reserved = [v for v in hurtful if isinstance(v, str) and not _IN_A_URL.isdisjoint(v)]
        return cast.pick(cast.pick([each for each in (reserved, hurtful) if each]))
    return sample_value(cast.dataflow, "source", cast.pair.source, path, label)


def _as_text(change: Callable[[str], Json]) -> Callable[[Json], Json]:
    return lambda value: change(value) if isinstance(value, str) else value


_NEARLY: Final[Mapping[str, Callable[[Json], Value]]] = {
    "same": lambda value: value,
    "other case": _as_text(str.swapcase),
    "a blank more": _as_text(lambda text: f"{text} "),
    "nothing": lambda _: MISSING,
}


_TWINS: Final = ("same", "same", "same", *_NEARLY)
"""How the merge property of a record on the other side compares: mostly it is the same."""


def _type_of(pair: Pair, path: str) -> Any:
    return next((row.type for row in pair.rows if row.source.text == path), None)
