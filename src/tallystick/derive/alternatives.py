"""Alternatives for one property. Rule: a value that cannot cross comes only where none can.

They are found one by one as they are asked for, and kept with their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tallystick.canonical import Json, fingerprint
from tallystick.dataflow.casts import NO_PREIMAGE, back, image
from tallystick.derive.crossing import Partner, Place
from tallystick.derive.guesses import guessed_schema
from tallystick.derive.naturals import Subject, naturals
from tallystick.derive.shapes import choose

__all__ = ["alternative", "brought"]

_MOST: Final = 200


class _Alternatives:
    """The alternatives of one place and label, found one by one as they are asked for."""

    def __init__(self, place: Place, label: str) -> None:
        self.place = place
        self.found: list[Json] = []
        self.seen: set[str] = set()
        self.candidates = _candidates(place, label)
        self.second_best: list[Json] = []

    def get(self, n: int) -> Json:
        while len(self.found) <= n:
            if not self.more():
                break
        choices = self.found or self.second_best or [None]
        return choices[n % len(choices)]

    def more(self) -> bool:
        """Find the next one; False where there is none."""
        for value in self.candidates:
            fate = self.place.fate(value)
            if fate == "crosses":
                mark = fingerprint(self.place.carried(value))
                if mark not in self.seen:
                    self.seen.add(mark)
                    self.found.append(value)
                    return True
            elif fate != "invalid" and not self.found:
                self.second_best.append(value)
        return False


def alternative(place: Place, label: str, n: int) -> Json:
    """Give the `n`-th alternative of a place; null where there is none at all."""
    if label not in place.made:
        place.made[label] = _Alternatives(place, label)
    made: _Alternatives = place.made[label]
    return made.get(n)


def _candidates(place: Place, label: str) -> Iterator[Json]:
    """Give values that may cross: what comes naturally here, then what does at the other end."""
    subject = Subject(
        label=label,
        path=place.path.text,
        name=place.name,
        longest=_longest(place),
        like=_like(place),
    )
    yield from naturals(place.schema, subject)
    for partner in place.partners:
        there = naturals(_schema_of(partner), subject)
        for value in there:
            found = brought(partner, value, place.schema)
            if found is not NO_PREIMAGE and found is not None:
                yield found


def _schema_of(partner: Partner) -> Mapping[str, Json]:
    if partner.spot is not None and partner.spot.schema:
        return partner.spot.schema
    return guessed_schema(partner.side, partner.row.path(partner.side), [partner.row])


def brought(partner: Partner, value: Json, schema: Mapping[str, Json]) -> Json:
    """Bring a value of the partner's end over to the place's own end."""
    if partner.side == "target":
        return back(partner.row.type, value, schema=schema)
    return image(partner.row.type, value)


def _longest(place: Place) -> int:
    """Give the longest text that either end takes."""
    schemas = [place.schema, *(_schema_of(partner) for partner in place.partners)]
    return min(int(choose(schema).get("maxLength", _MOST)) for schema in schemas)


_LIKE: Final[Mapping[str, str]] = {
    "integer": "count",
    "decimal": "amount",
    "float": "amount",
    "datetime-format": "moment",
}


def _like(place: Place) -> str:
    """Give what a text at this place has to look like so that its casts succeed."""
    for partner in place.partners:
        type_ = partner.row.type
        outermost = type_[0] if isinstance(type_, (list, tuple)) and type_ else type_
        if partner.side == "target" and isinstance(outermost, str) and outermost in _LIKE:
            return _LIKE[outermost]
    return ""
