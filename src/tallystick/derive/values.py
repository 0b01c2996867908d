"""Hypothesis strategies for property values. Rule: everything is chosen from lists made before.

A draw is one choice; nothing is filtered or assumed. Choices shrink towards the sample's values.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.model import Dataflow, Side
from tallystick.dataflow.paths import Path, parse_path, write
from tallystick.dataflow.schemas import compile_schema
from tallystick.derive.crossing import Place, atlas_of
from tallystick.derive.pools import (
    Pool,
    empty_values,
    hurtful_values,
    ordinary_values,
    pool_of,
    refused_values,
    uncastable_values,
)
from tallystick.derive.samples import sample_element
from tallystick.derive.shapes import items_of, properties_of, spot_at

__all__ = [
    "drawn_from",
    "empty_values",
    "hurtful_values",
    "list_elements",
    "one_of",
    "ordinary_values",
    "property_values",
    "refused_values",
    "uncastable_values",
]

_PLAIN_SHARE: Final = 2  # plain values for each one that hurts or is empty
_RARE_SHARE: Final = 12  # other values for each one that is refused or cannot be cast
_MOST_RARE: Final = 6
_MOST_VARIANTS: Final = 40
_WIDEST_CHOICE: Final = 100
_LABELS: Final = ("Ann", "Bo", "Cleo")


def property_values(
    dataflow: Dataflow,
    side: Side,
    type_name: str,
    path: Path | str,
    *,
    hostile: bool = True,
    refusals: bool = False,
    uncastable: bool = False,
) -> st.SearchStrategy[Json]:
    """Give values for one property that its own system takes; MISSING takes the property away.

    They cross the link, unless `refusals` asks for some that the other system refuses, or
    `uncastable` for some that become nothing there; either is rare. Not `hostile`: plain ones only.
    """
    place = atlas_of(dataflow).place(side, type_name, path)
    return drawn_from(place, hostile=hostile, refusals=refusals, uncastable=uncastable)


def drawn_from(
    place: Place, *, hostile: bool = True, refusals: bool = False, uncastable: bool = False
) -> st.SearchStrategy[Json]:
    """Give values for one place, as `property_values` does."""
    pool = pool_of(place)
    rare = [
        *(pool.refused[:_MOST_RARE] if refusals else ()),
        *(pool.uncastable[:_MOST_RARE] if uncastable else ()),
    ]
    return one_of(_weighed(pool, rare, hostile=hostile))


def one_of(options: list[Json]) -> st.SearchStrategy[Json]:
    """Give one of several values, all as likely.

    Of very many, Hypothesis would prefer places that happen to stand as a number in the source of
    a module: what a seed draws would depend on what else is loaded.
    """
    parts = -(-len(options) // _WIDEST_CHOICE)
    size = -(-len(options) // parts)
    return st.one_of(
        *(st.sampled_from(options[at : at + size]) for at in range(0, len(options), size))
    )


def _weighed(pool: Pool, rare: list[Json], *, hostile: bool) -> list[Json]:
    """Give the choices, each as often as its share: the plain ones stand first."""
    others = [*pool.empty * 2, *pool.hurtful] if hostile else []
    plain = list(pool.ordinary) or [MISSING]
    wanted = max(_PLAIN_SHARE * len(others), _RARE_SHARE * len(rare) - len(others), 1)
    return plain * -(-wanted // len(plain)) + others + rare


def list_elements(
    dataflow: Dataflow, side: Side, type_name: str, path: Path | str, *, hostile: bool = True
) -> st.SearchStrategy[Json]:
    """Give elements for the list that `path` names or passes (`lines`, `lines[]`, `lines[].price`).

    For a list of objects they are whole elements; references in them stay empty where they may.
    """
    text = (path if isinstance(path, str) else path.text).partition("[]")[0]
    plain = [
        sample_element(dataflow, side, type_name, text, label, n)
        for n in range(3)
        for label in _LABELS
    ]
    others = _hostile(dataflow, side, type_name, text, plain[0]) if hostile else []
    return one_of(plain * (1 + len(others) // len(plain)) + others)


def _hostile(dataflow: Dataflow, side: Side, type_name: str, text: str, plain: Json) -> list[Json]:
    """Give elements that hurt: for objects `plain` with one property changed."""
    atlas = atlas_of(dataflow)
    spot = spot_at(atlas.schema(side, type_name), parse_path(text))
    items = items_of(spot.schema) if spot is not None else None
    validator = compile_schema(items or {})
    whole, single = (atlas.place(side, type_name, path) for path in (text, f"{text}[]"))
    if not isinstance(plain, dict):
        found = pool_of(single).hurtful
        return [value for value in found if whole.fate([value]) == "crosses"]
    named = [f"{text}[].{name}" for name in properties_of(items or {})]
    rows = [row.path(side) for _, row in atlas.rows(side, type_name)]
    named += [path.text for path in rows if path.tail and path.list_text == text]
    places = [atlas.place(side, type_name, name) for name in dict.fromkeys(named)]
    varied = [
        write(plain, place.path.tail or (), value) for place in places for value in _variants(place)
    ]
    return [element for element in varied if validator.accepts(element)]


def _variants(place: Place) -> list[Json]:
    pool = pool_of(place)
    return [*pool.ordinary[1:3], *pool.empty, *pool.hurtful[:_MOST_VARIANTS]]
