"""Which numbers and texts a system takes. Rule: what it holds, it serves again without loss.

Without `exact`, a number is one that a double holds exactly or to 15 significant digits. With it,
integers of any size are taken, and fractions that a double gives back digit for digit. A text
is one that can be written in UTF-8.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from tallystick.canonical import Json
from tallystick.dataflow.schemas import SchemaViolation

__all__ = ["read_json", "unfit_values", "writable"]

_DIGITS: Final = 15
_LONGEST: Final = 4000  # digits; beyond it Python itself refuses to read an integer
_HALF: Final = "holds half of a surrogate pair"
_MESSAGE: Final = "has more digits than are kept exactly"


class _Unfit(float):
    """Stands, in a body that is being refused, where a number stood that is not taken."""


class _UnfitFound(Exception):
    """A number that is not taken was read."""


def _holds(text: str, *, exact: bool) -> bool:
    value = float(text)
    if math.isinf(value) or len(text) > _LONGEST:
        return False
    mantissa = text.lower().partition("e")[0].translate({ord("."): None, ord("-"): None})
    digits = mantissa.strip("0")
    if value == 0:
        return not digits
    said = Decimal(text)
    if Decimal(value) == said:
        return True
    return (exact or len(digits) <= _DIGITS) and Decimal(repr(value)) == said


def _whole(text: str) -> int:
    if len(text) > _DIGITS and not _holds(text, exact=False):
        raise _UnfitFound
    return int(text)


def _whole_exact(text: str) -> int:
    if len(text) > _LONGEST:
        raise _UnfitFound
    return int(text)


def _fraction(text: str) -> float:
    if (len(text) > _DIGITS or "e" in text or "E" in text) and not _holds(text, exact=False):
        raise _UnfitFound
    return float(text)


def _fraction_exact(text: str) -> float:
    if not _holds(text, exact=True):
        raise _UnfitFound
    return float(text)


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _marking(read: Any) -> Any:
    def marked(text: str) -> Json:
        try:
            return read(text)
        except _UnfitFound:
            return _Unfit(0)

    return marked


def _decoders(whole: Any, fraction: Any) -> tuple[json.JSONDecoder, json.JSONDecoder]:
    return (
        json.JSONDecoder(parse_int=whole, parse_float=fraction, parse_constant=_no_constant),
        json.JSONDecoder(
            parse_int=_marking(whole), parse_float=_marking(fraction), parse_constant=_no_constant
        ),
    )


_DECODERS: Final = {
    False: _decoders(_whole, _fraction),
    True: _decoders(_whole_exact, _fraction_exact),
}


def read_json(text: str, *, exact: bool) -> tuple[Json, bool]:
    """Read JSON; ValueError or RecursionError when it is none.

    The second value says whether all numbers and texts in it are taken; where one may not be,
    `unfit_values` of the first gives the places.
    """
    plain, marking = _DECODERS[exact]
    try:
        return plain.decode(text), "\\ud" not in text and "\\uD" not in text
    except _UnfitFound:
        return marking.decode(text), False


def _fits(value: float, *, exact: bool) -> bool:
    if isinstance(value, int):
        return exact or -(10**_DIGITS) < value < 10**_DIGITS or _holds(str(value), exact=False)
    if isinstance(value, _Unfit) or not math.isfinite(value):
        return False
    text = repr(value)
    return exact or len(text) <= _DIGITS or _holds(text, exact=False)


def writable(text: str) -> bool:
    """Tell whether a text can be written in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unfit_values(value: Json, *, exact: bool, at: str = "") -> Iterator[SchemaViolation]:
    """Give the place of each number and text in `value` that is not taken."""
    if isinstance(value, str):
        if not value.isascii() and not writable(value):
            yield SchemaViolation((at, _HALF))
    elif isinstance(value, (int, float)):
        if not isinstance(value, bool) and not _fits(value, exact=exact):
            yield SchemaViolation((at, _MESSAGE))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if not name.isascii() and not writable(name):
                yield SchemaViolation((at, _HALF))
                return
            yield from unfit_values(part, exact=exact, at=f"{at}.{name}" if at else name)
    elif value is not None:
        for place, part in enumerate(value):
            yield from unfit_values(part, exact=exact, at=f"{at}[{place}]")
