"""Whether a value can cross the link. Rule: it classifies values by both systems' schemas.

A *place* is one property of one type on one side, with all the rows in which it takes part. A
value *crosses* when its own system takes it, and the other system takes what it becomes there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from tallystick.canonical import MISSING, Json, is_empty
from tallystick.dataflow.casts import NO_PREIMAGE, back, image, is_certain, is_known
from tallystick.dataflow.model import Dataflow, Pair, Row, Side, other_side
from tallystick.dataflow.paths import Path, parse_path
from tallystick.dataflow.schemas import Validator, compile_schema
from tallystick.derive.guesses import guessed_schema
from tallystick.derive.shapes import Spot, spot_at, written_out

__all__ = ["Atlas", "Fate", "Partner", "Place", "atlas_of", "is_portable"]

Fate = Literal["invalid", "uncastable", "uncertain", "refused", "crosses"]
"""What becomes of a value, the worst first: its own system refuses it; it has no image or no
source value; the contract does not settle its image; the other system refuses it; all is well."""

_FATES: Final[tuple[Fate, ...]] = ("invalid", "uncastable", "uncertain", "refused", "crosses")
_DIGITS: Final = 15


def is_portable(value: Json) -> bool:
    """Tell whether a double holds every number in `value` exactly, or to 15 significant digits."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        digits = len(str(abs(value)).rstrip("0")) if value.bit_length() < 1024 else _DIGITS + 1
        return digits <= _DIGITS or (value.bit_length() < 1024 and int(float(value)) == value)
    if isinstance(value, float):
        mantissa = repr(abs(value)).partition("e")[0].replace(".", "").strip("0")
        return len(mantissa) <= _DIGITS or value.is_integer()
    if isinstance(value, Mapping):
        return all(map(is_portable, value.values()))
    return all(map(is_portable, value)) if isinstance(value, list) else True


@dataclass(frozen=True, kw_only=True, eq=False)
class Partner:
    """The other end of one row; `spot` is None where that side's schema does not say."""

    row: Row
    side: Side
    spot: Spot | None

    @cached_property
    def validator(self) -> Validator:
        """What the other system takes there."""
        return compile_schema({} if self.spot is None else self.spot.schema)

    @property
    def may_be_empty(self) -> bool:
        """Whether the other system takes null there, or nothing at all."""
        return self.spot is None or not self.spot.required or self.validator.accepts(None)

    def carried(self, value: Json) -> Json:
        """Give what `value` becomes at this end; NO_PREIMAGE where it becomes nothing."""
        if self.side == "target":
            return image(self.row.type, value)
        schema = None if self.spot is None else self.spot.schema
        return back(self.row.type, value, schema=schema)

    def fate(self, value: Json, *, exact: bool) -> Fate:
        """Tell what becomes of a value that is valid at its own end."""
        carried = self.carried(value)
        if carried is NO_PREIMAGE:
            return "uncastable"
        if not is_certain(self.row.type, value if self.side == "target" else carried):
            return "uncertain"
        if carried is None:
            if not is_empty(value):
                return "uncastable"
            return "crosses" if self.may_be_empty else "refused"
        if not (exact or is_portable(carried)):
            return "uncertain"
        return "crosses" if self.validator.accepts(carried) else "refused"


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """One property on one side: its schema, and the partners of its copying rows.

    `refers` says that it holds another record's key, `mirrors` that it shows its counterpart's.
    """

    path: Path
    schema: Mapping[str, Json]
    required: bool
    partners: tuple[Partner, ...] = ()
    refers: bool = False
    mirrors: bool = False
    exact: bool = False
    made: dict[str, Any] = field(default_factory=dict, repr=False)
    """The alternatives found so far, by label."""

    @cached_property
    def validator(self) -> Validator:
        """What the place's own system takes."""
        return compile_schema(self.schema)

    @property
    def name(self) -> str:
        """The path's last word."""
        return (self.path.tail or self.path.head)[-1]

    def accepts(self, value: Json) -> bool:
        """Tell whether the place's own system takes `value` (MISSING: whether it may be absent)."""
        if value is MISSING:
            return not self.required
        return (self.exact or is_portable(value)) and self.validator.accepts(value)

    def fate(self, value: Json) -> Fate:
        """Tell what becomes of `value`: the worst that any partner makes of it."""
        if not self.accepts(value):
            return "invalid"
        fates = [partner.fate(value, exact=self.exact) for partner in self.partners]
        return min(fates, key=_FATES.index, default="crosses")

    def carried(self, value: Json) -> Json:
        """Give what tells two values apart at the other side: all that they become there."""
        return [_shown(partner.carried(value)) for partner in self.partners] or [_shown(value)]


def _shown(value: Json) -> Json:
    return None if value is NO_PREIMAGE or value is MISSING else value


class Atlas:
    """All the places of one dataflow, found once."""

    def __init__(self, dataflow: Dataflow) -> None:
        self.dataflow = dataflow
        self._schemas: dict[tuple[Side, str], Mapping[str, Json]] = {}
        self._places: dict[tuple[Side, str, str], Place] = {}

    def schema(self, side: Side, type_name: str) -> Mapping[str, Json]:
        """Give a type's schema, written out; {} where it is not known."""
        key = (side, type_name)
        if key not in self._schemas:
            known = self.dataflow.types(side).get(type_name)
            self._schemas[key] = {} if known is None else written_out(known.schema)
        return self._schemas[key]

    def rows(self, side: Side, type_name: str) -> Iterator[tuple[Pair, Row]]:
        """Give every row of every pair in which the type takes part on `side`."""
        for pair in self.dataflow.pairs_of(side, type_name):
            for row in pair.rows:
                yield pair, row

    def place(self, side: Side, type_name: str, path: Path | str) -> Place:
        """Give the place of a property path (`lines[].price` for a property of each element)."""
        text = path if isinstance(path, str) else path.text
        key = (side, type_name, text)
        if key not in self._places:
            self._places[key] = self._find(side, type_name, parse_path(text))
        return self._places[key]

    def _find(self, side: Side, type_name: str, path: Path) -> Place:
        mine = [item for item in self.rows(side, type_name) if item[1].path(side) == path]
        rows = [row for _, row in mine]
        spot = spot_at(self.schema(side, type_name), path)
        if spot is None or not spot.schema:
            spot = Spot(schema=guessed_schema(side, path, rows), required=False)
        return Place(
            path=path,
            schema=spot.schema,
            required=spot.required,
            partners=tuple(self._partners(side, mine)),
            refers=any(row.reference is not None for row in rows),
            mirrors=any(row.path(other_side(side)).is_key for row in rows),
            exact=self.dataflow.numbers == "exact",
        )

    def _partners(self, side: Side, rows: list[tuple[Pair, Row]]) -> Iterator[Partner]:
        there = other_side(side)
        for pair, row in rows:
            path = row.path(there)
            if row.reference is None and is_known(row.type) and not path.is_key:
                spot = spot_at(self.schema(there, pair.type_on(there)), path)
                yield Partner(row=row, side=there, spot=spot)


_ATLASES: Final[dict[int, Atlas]] = {}
_MOST: Final = 64


def atlas_of(dataflow: Dataflow) -> Atlas:
    """Give the atlas of `dataflow`; one and the same for one and the same object."""
    found = _ATLASES.get(id(dataflow))
    if found is None:
        if len(_ATLASES) >= _MOST:
            _ATLASES.clear()
        found = _ATLASES[id(dataflow)] = Atlas(dataflow)
    return found
