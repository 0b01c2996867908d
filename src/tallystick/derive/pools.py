"""Pools of values for a property, by what becomes of them. Rule: found once, drawn often.

*Ordinary* values are few and readable, so that draws collide; *hurtful* ones cross the link, too,
but break careless connectors; *empty* ones are null, missing, "" and [] where both ends take that;
*refused* ones the other system refuses, and *uncastable* ones become nothing there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tallystick.canonical import MISSING, Json, compact, is_empty
from tallystick.dataflow.casts import NO_PREIMAGE
from tallystick.dataflow.model import Dataflow, Side
from tallystick.dataflow.paths import Path
from tallystick.derive.alternatives import alternative, brought
from tallystick.derive.crossing import Place, atlas_of
from tallystick.derive.shapes import choose, items_of, json_types

__all__ = [
    "Pool",
    "empty_values",
    "hurtful_values",
    "ordinary_values",
    "pool_of",
    "refused_values",
    "uncastable_values",
]

Schema = Mapping[str, Json]
Values = tuple[Json, ...]

_ORDINARY: Final = (("Ann", 0), ("Ann", 1), ("Bo", 0), ("Cleo", 0), ("Ann", 2))
_LONGEST: Final = 2_000  # a text longer than that hurts nobody more
_LONGEST_LIST: Final = 30

_TEXTS: Final = (
    *(
        "0017",
        "0",
        "-0",
        "0.10",
        "13.337",
        "100",
        "1.500",
        "1e3",
        "007",
        "+47",
        "TRUE",
        "False",
        "null",
    ),
    *("2147483648", "9007199254740993", "0.1234567890123456789"),
    *(" leading", "trailing ", "  both  ", "two  blanks", " ", "A", "a"),
    *(
        "Zo\u00eb",
        "Zoe\u0308",
        "\u00c5ngstr\u00f6m",
        "A\u030angstro\u0308m",
        "stra\u00dfe",
        "STRASSE",
    ),
    *("\U0001f984", "\U0001f469\u200d\U0001f680", "\U00020bb7\u91ce\u5bb6"),
    *("\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627 2024", "\u202eabc"),
    *(
        "<b>bold</b>",
        "Fish &amp; Chips",
        "a & b < c",
        "'; --",
        '"quoted"',
        "C:\\temp",
        "100%",
        "a+b=c",
    ),
    *(
        "two\nlines",
        "two\r\nlines",
        "a\ttab",
        "no\u00a0break",
        "zero\u200bwidth",
        "It\u2019s \u2013 so",
    ),
    *("N/A", "-", "[]", "{}", "\u0130stanbul", "I\u0131"),
    *("2024-02-29", "2024-05-01T00:30:00+02:00"),
    *("ANN@EXAMPLE.COM", "ann+shop@example.com", "o'neil@example.co.uk"),
)
_MOMENTS: Final = (
    *("2024-05-01T23:59:59Z", "2024-05-02T00:00:00Z", "2024-05-01T23:59:59.999Z"),
    *("2024-02-29T12:00:00Z", "2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z"),
    *(
        "2024-03-31T00:59:59Z",
        "2024-03-31T01:00:00Z",
        "2024-10-27T00:30:00Z",
        "2024-10-27T01:30:00Z",
    ),
    *("2024-03-31T03:00:00+02:00", "2024-10-27T02:30:00+01:00", "2024-03-10T03:00:00-07:00"),
    *("2024-05-01T00:30:00+02:00", "2024-05-01T23:30:00-05:00", "2024-05-01T10:00:00+05:45"),
    *(
        "1900-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        "2038-01-19T03:14:08Z",
    ),
)
_DAYS: Final = (
    *("2024-02-29", "2024-12-31", "2025-01-01", "2024-03-31", "2024-10-27"),
    *("1900-01-01", "9999-12-31", "1969-12-31"),
)
_WHOLE: Final = (
    *(0, 1, -1, 7, 10, 100, 255, 256, 32_768, 65_536, 2**31 - 1, 2**31, 2**32),
    *(2**53 - 1, 2**53, 2**53 + 1, -(2**31) - 1),
)
_BROKEN: Final = (
    *(-0.0, 0.1, 0.5, 0.05, 0.005, 13.337, 1.005, 2.675, 0.999, 99.99, 1234.5, 1.0),
    *(1e-7, 1e15, 1e21, 123456789.012345, 0.3, 12345678.9, -0.01),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The values of one property, by what becomes of them."""

    ordinary: Values
    hurtful: Values
    empty: Values
    refused: Values
    uncastable: Values


@lru_cache(maxsize=4096)
def pool_of(place: Place) -> Pool:
    """Give the pool of a place. A reference has empty values only: its keys are the world's."""
    if place.refers:
        empty = tuple(value for value in (None, MISSING) if place.accepts(value))
        return Pool(ordinary=empty, hurtful=(), empty=empty, refused=(), uncastable=())
    ordinary = _distinct(alternative(place, label, n) for label, n in _ORDINARY)
    by_fate: dict[str, list[Json]] = {}
    seen = set(map(_mark, ordinary))
    for value in _distinct(_candidates(place)):
        if _mark(value) not in seen:
            fate = place.fate(value)
            name = "empty" if fate == "crosses" and is_empty(value) else fate
            by_fate.setdefault(name, []).append(value)
    return Pool(
        ordinary=ordinary,
        hurtful=tuple(by_fate.get("crosses", ())),
        empty=tuple(by_fate.get("empty", ())),
        refused=tuple(by_fate.get("refused", ())),
        uncastable=tuple(by_fate.get("uncastable", ())),
    )


def _mark(value: Json) -> str:
    return "" if value is MISSING else compact(value)


def _distinct(values: Iterable[Json]) -> Values:
    """Keep each value once; 1 and 1.0, 0 and -0.0 are written differently, so both stay."""
    return tuple({_mark(value): value for value in reversed(list(values))}.values())[::-1]


def _candidates(place: Place) -> Iterator[Json]:
    """Give values that may hurt at either end, and all the ways to be empty."""
    yield from (MISSING, None, "", [])
    schemas = [place.schema]
    schemas += [partner.spot.schema for partner in place.partners if partner.spot is not None]
    times = _MOMENTS + _DAYS if _is_temporal(place, schemas) else ()
    yield from (*_hurting(place.schema, schemas), *times)
    for partner in place.partners:
        if partner.spot is not None:
            for value in (*_hurting(partner.spot.schema, schemas), *times):
                found = brought(partner, value, place.schema)
                if found is not NO_PREIMAGE and found is not None:
                    yield found


def _is_temporal(place: Place, schemas: list[Schema]) -> bool:
    formats = {choose(schema).get("format") for schema in schemas}
    casts = str([partner.row.type for partner in place.partners])
    return bool({"date", "date-time"} & formats) or "datetime" in casts


def _hurting(schema: Schema, limits: list[Schema]) -> Iterator[Json]:
    """Give values for `schema` that may hurt; `limits` are the schemas whose bounds are tried."""
    chosen = choose(schema)
    yield from chosen.get("enum", ())
    for name in json_types(chosen) or (() if "enum" in chosen else ("string",)):
        if name == "string":
            yield from _TEXTS
            yield from _long_texts(limits)
        elif name in ("integer", "number"):
            yield from _BROKEN if name == "number" else ()
            yield from _WHOLE
            yield from _bounds(limits)
        elif name == "boolean":
            yield from (True, False)
        elif name == "array":
            yield from _lists(items_of(chosen) or {}, chosen, limits)


def _limits(limits: list[Schema], *names: str) -> list[Json]:
    found = [choose(schema).get(name) for schema in limits for name in names]
    return list(dict.fromkeys(limit for limit in found if limit is not None))


def _long_texts(limits: list[Schema]) -> Iterator[str]:
    for limit in _limits(limits, "maxLength", "minLength"):
        for length in (limit - 1, limit, limit + 1):
            if 0 < length <= _LONGEST:
                yield "y" * length
                yield "\U0001f984" * length
                yield f"{'y' * (length - 1)} "


def _bounds(limits: list[Schema]) -> Iterator[float]:
    names = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    for limit in _limits(limits, *names):
        yield from (limit, limit - 1, limit + 1)


def _lists(items: Schema, schema: Schema, limits: list[Schema]) -> Iterator[list[Json]]:
    members = [value for value in _hurting(items, [items]) if value is not None]
    plain = [value for value in members if compact(value) != '""'] or [{}]
    yield [plain[0], plain[0]]
    yield plain[:2]
    yield plain[:2][::-1]
    yield from ([value] for value in plain)
    for limit in {*_limits(limits, "maxItems"), schema.get("minItems", 1)}:
        for size in (limit, limit + 1):
            if size <= _LONGEST_LIST:
                yield [plain[k % len(plain)] for k in range(size)]


def _values(kind: str, place: Place) -> Values:
    found: Values = getattr(pool_of(place), kind)
    return found


def ordinary_values(dataflow: Dataflow, side: Side, type_name: str, path: Path | str) -> Values:
    """Give a property's few plain values, the sample's first; they cross wherever any can."""
    return _values("ordinary", atlas_of(dataflow).place(side, type_name, path))


def hurtful_values(dataflow: Dataflow, side: Side, type_name: str, path: Path | str) -> Values:
    """Give values that cross, and that careless connectors get wrong."""
    return _values("hurtful", atlas_of(dataflow).place(side, type_name, path))


def empty_values(dataflow: Dataflow, side: Side, type_name: str, path: Path | str) -> Values:
    """Give the ways to be empty that both ends take: MISSING, null, "" or []."""
    return _values("empty", atlas_of(dataflow).place(side, type_name, path))


def refused_values(dataflow: Dataflow, side: Side, type_name: str, path: Path | str) -> Values:
    """Give values that this side takes, and whose image the other system refuses (422)."""
    return _values("refused", atlas_of(dataflow).place(side, type_name, path))


def uncastable_values(dataflow: Dataflow, side: Side, type_name: str, path: Path | str) -> Values:
    """Give values that this side takes, and that have no image or no source value there."""
    return _values("uncastable", atlas_of(dataflow).place(side, type_name, path))
