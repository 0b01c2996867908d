"""Datetimes as texts. Rule: it reads no clock; every moment is in UTC with microseconds.

A *datetime* is RFC 3339 (`2024-05-01T10:30:00.5+02:00`); without an offset it is UTC. A date alone
is none. Formats are the hub's, written with the directives of `DIRECTIVES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final

__all__ = [
    "DIRECTIVES",
    "Stamp",
    "format_moment",
    "format_problem",
    "parse_fields",
    "parse_format",
    "read_stamp",
]

_STAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})([Tt ])([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_TOKEN: Final = re.compile(r"%(.?)", re.DOTALL)

DIRECTIVES: Final[Mapping[str, tuple[str, str]]] = {
    "Y": ("year", "[0-9]{4}"),
    "m": ("month", "[0-9]{2}"),
    "d": ("day", "[0-9]{2}"),
    "H": ("hour", "[0-9]{2}"),
    "M": ("minute", "[0-9]{2}"),
    "S": ("second", "[0-9]{2}"),
    "f": ("microsecond", "[0-9]{1,6}"),
}
"""Each directive that is understood: the field of a moment, and how its digits look."""

_WIDTHS: Final[Mapping[str, int]] = {"Y": 4, "f": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A datetime and how it was written: its separator, fraction digits and offset."""

    moment: datetime
    separator: str = "T"
    digits: int = 0
    offset: str = "Z"

    def write(self, moment: datetime) -> str:
        """Give `moment` (UTC) in this style; in UTC where the offset leads out of the calendar."""
        try:
            local = moment.astimezone(_zone(self.offset))
            offset = self.offset
        except OverflowError:
            local, offset = moment, "Z"
        text = format_moment(f"%Y-%m-%d{self.separator}%H:%M:%S", local)
        micro = f"{local.microsecond:06d}"
        digits = max(min(self.digits, 6), len(micro.rstrip("0")))
        return f"{text}{'.' if digits else ''}{micro[:digits]}{offset}"


def _zone(offset: str) -> timezone:
    if len(offset) < 6:
        return UTC
    away = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return timezone(-away if offset[0] == "-" else away)


@lru_cache(maxsize=16_384)
def read_stamp(text: str) -> Stamp | None:
    """Read an RFC 3339 datetime, its offset optional; None where `text` is none."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[n]) for n in (1, 2, 3, 5, 6, 7))
    fraction, offset = found[8] or "", found[9] or ""
    micro = int(fraction.ljust(6, "0")[:6])
    try:
        zone = _zone(offset)
        local = datetime(year, month, day, hour, minute, min(second, 59), micro, tzinfo=zone)
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if second > 60:
        return None
    return Stamp(moment=moment, separator=found[4], digits=len(fraction), offset=offset)


@lru_cache(maxsize=256)
def format_problem(text: str) -> str:
    """Say what is wrong with a format; "" if nothing."""
    for found in _TOKEN.finditer(text):
        if found[1] not in DIRECTIVES and found[1] != "%":
            known = ", ".join(f"%{letter}" for letter in DIRECTIVES)
            return f"{found[0]!r} in the format {text!r} is not understood; these are: {known}"
    return ""


def format_moment(text: str, moment: datetime) -> str:
    """Write `moment` in the format `text`, years with four digits, fractions with six."""

    def field(found: re.Match[str]) -> str:
        letter = found[1]
        if letter not in DIRECTIVES:
            return letter
        number: int = getattr(moment, DIRECTIVES[letter][0])
        return str(number).rjust(_WIDTHS.get(letter, 2), "0")

    return _TOKEN.sub(field, text)


@lru_cache(maxsize=256)
def _pattern(text: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Give the format's pattern and the letter of each of its groups."""
    pattern, letters, end = "", [], 0
    for found in _TOKEN.finditer(text):
        pattern += re.escape(text[end : found.start()])
        end = found.end()
        if found[1] in DIRECTIVES:
            pattern += f"({DIRECTIVES[found[1]][1]})"
            letters.append(found[1])
        else:
            pattern += re.escape(found[1])
    return re.compile(pattern + re.escape(text[end:])), tuple(letters)


def parse_fields(text: str, value: str) -> dict[str, Any] | None:
    """Give the fields (integers) of a moment that `value` holds by the format; None if by none.

    A directive that stands twice has to hold the same number twice.
    """
    pattern, letters = _pattern(text)
    found = pattern.fullmatch(value)
    if found is None:
        return None
    fields: dict[str, Any] = {}
    for letter, digits in zip(letters, found.groups(), strict=True):
        number = int(digits.ljust(6, "0") if letter == "f" else digits)
        if fields.setdefault(DIRECTIVES[letter][0], number) != number:
            return None
    return fields


def parse_format(text: str, value: str) -> datetime | None:
    """Read `value` by the format `text` as a moment in UTC; what the format lacks is the least."""
    fields = parse_fields(text, value)
    if fields is None:
        return None
    try:
        return datetime(
            fields.get("year", 1900),
            fields.get("month", 1),
            fields.get("day", 1),
            fields.get("hour", 0),
            fields.get("minute", 0),
            fields.get("second", 0),
            fields.get("microsecond", 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
