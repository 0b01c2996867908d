"""Faults of values: what becomes of text, numbers, dates and lists on their way."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from tallystick_reference import Parts
from tallystick_reference.casts import Casts
from tallystick_reference.values import Json

from tests.faulty.fault import Faulty

_CASTS = Casts.functions
_SHOP_TIME = timezone(timedelta(hours=2))


class OneWay(Casts):
    """Casts that do harm from the source to the target, and none on the way back."""

    def back(self, expression: Json, target: Json, old: Json = None, schema: Json = None) -> Json:
        """Find the way back as the reference does."""
        return Casts().back(expression, target, old, schema)


def _altered(name: str, change: Callable[[Json], Json]) -> type[Casts]:
    """Give casts of which one does something more to its value."""
    plain = _CASTS[name]

    class Altered(OneWay):
        functions = {**_CASTS, name: lambda *args: change(plain(*args))}  # noqa: RUF012

    return Altered


def _texts(change: Callable[[str], Json]) -> type[Casts]:
    return _altered("string", lambda value: change(value) if isinstance(value, str) else value)


def _numbers(name: str, change: Callable[[float], Json]) -> type[Casts]:
    return _altered(name, lambda v: v if v is None or isinstance(v, (bool, str)) else change(v))


def _local_day(form: str, value: Json) -> Json:
    """Print the day as the clock on the shop's wall has it."""
    plain = _CASTS["datetime-format"](form, value)
    if plain is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return plain
        return moment.astimezone(_SHOP_TIME).strftime(form)
    except (ValueError, OverflowError):
        return plain


def _naive_day(form: str, value: Json) -> Json:
    """Print the day as written, whatever the offset says."""
    plain = _CASTS["datetime-format"](form, value)
    return plain if plain is None or not isinstance(value, str) else value[:10]


class LocalDays(OneWay):
    """Prints days in the shop's time zone."""

    functions = {**_CASTS, "datetime-format": _local_day}  # noqa: RUF012


class NaiveDays(OneWay):
    """Ignores the offset of a time."""

    functions = {**_CASTS, "datetime-format": _naive_day}  # noqa: RUF012


class ListOfOne(OneWay):
    """Takes an empty text for a list with an empty text in it."""

    functions = {  # noqa: RUF012
        **_CASTS,
        "list": lambda v: v if v is None or isinstance(v, list) else [v],
    }


class LastOfAll(OneWay):
    """Takes the last element for the first."""

    functions = {  # noqa: RUF012
        **_CASTS,
        "first": lambda v: (v[-1] if v else None) if isinstance(v, list) else v,
    }


class TextIsTrue(OneWay):
    """Takes any text but the empty one for yes."""

    functions = {  # noqa: RUF012
        **_CASTS,
        "boolean": lambda v: bool(v) if isinstance(v, (bool, int, float, str)) else None,
    }


def _comma(value: Json) -> Json:
    """Read a price as if its point parted thousands."""
    plain = _CASTS["decimal"](value)
    if isinstance(value, str) and "." in value and len(value.partition(".")[2]) == 3:
        return int(value.replace(".", ""))
    return plain


class PointsForThousands(OneWay):
    """Reads 13.337 as thirteen thousand."""

    functions = {**_CASTS, "decimal": _comma}  # noqa: RUF012


def _fault(name: str, law: str, casts: type[Casts], failure: str, story: str) -> Faulty:
    return Faulty(name=name, law=law, story=story, failure=failure, parts=Parts(casts=casts))


FAULTY = (
    _fault(
        "text-cut-at-140",
        "no-invention",
        _texts(lambda text: text[:140]),
        "field length",
        "Long descriptions arrive cut off after 140 characters.",
    ),
    _fault(
        "blanks-trimmed",
        "no-invention",
        _texts(str.strip),
        "blanks around a SKU",
        "Blanks before and after a text are lost on the way.",
    ),
    _fault(
        "blanks-squeezed",
        "no-invention",
        _texts(lambda text: text.replace("  ", " ")),
        "white space normalised",
        "Of two blanks in a row one is lost on the way.",
    ),
    _fault(
        "leading-zeros-lost",
        "no-invention",
        _texts(lambda text: text.lstrip("0") or "0" if text.isdecimal() else text),
        "leading zeros lost",
        "The postal code 0017 arrives as 17.",
    ),
    _fault(
        "email-lowered",
        "no-invention",
        _texts(lambda text: text.lower() if "@" in text else text),
        "e-mail normalised",
        "E-mail addresses arrive in small letters.",
    ),
    _fault(
        "phone-normalised",
        "no-invention",
        _altered(
            "first",
            lambda v: (
                "".join(c for c in v if c.isdigit() or c == "+")
                if isinstance(v, str) and any(map(str.isdigit, v))
                else v
            ),
        ),
        "phone formats",
        "Telephone numbers arrive without their blanks.",
    ),
    _fault(
        "unicode-composed",
        "no-invention",
        _texts(lambda text: unicodedata.normalize("NFC", text)),
        "NFC/NFD normalisation",
        "A name typed with combining accents arrives spelled otherwise.",
    ),
    _fault(
        "four-byte-lost",
        "no-invention",
        _texts(lambda text: "".join("?" if ord(c) > 0xFFFF else c for c in text)),
        "4-byte characters",
        "An emoji arrives as a question mark.",
    ),
    _fault(
        "html-escaped",
        "no-invention",
        _texts(lambda text: html.escape(text, quote=False)),
        "HTML encoded twice",
        "Fish & Chips arrives as Fish &amp; Chips.",
    ),
    _fault(
        "price-rounded",
        "no-invention",
        _numbers("decimal", lambda number: round(number, 2)),
        "amounts rounded to two decimals",
        "A price of 13.337 arrives as 13.34.",
    ),
    _fault(
        "points-for-thousands",
        "no-invention",
        PointsForThousands,
        "decimal comma: 13.337 becomes 13337",
        "A price of 13.337 arrives as thirteen thousand.",
    ),
    _fault(
        "local-days",
        "no-invention",
        LocalDays,
        "naive time zone",
        "What was ordered late in the evening has the next day's date in the ERP.",
    ),
    _fault(
        "offset-ignored",
        "no-invention",
        NaiveDays,
        "offset of a time ignored",
        "A time with an offset has the wrong day in the ERP.",
    ),
    _fault(
        "zero-is-missing",
        "in-sync",
        _numbers("integer", lambda number: number or None),
        "0 treated as missing",
        "A stock of 0 arrives as no stock given.",
    ),
    _fault(
        "last-for-first",
        "in-sync",
        LastOfAll,
        "the wrong element of a list",
        "Of several telephone numbers the last one arrives, and not the first.",
    ),
    _fault(
        "any-text-is-true",
        "in-sync",
        TextIsTrue,
        '"false" taken for true',
        "A product that is not published is active in the ERP.",
    ),
    _fault(
        "empty-text-listed",
        "no-invention",
        ListOfOne,
        '"" and [] confused',
        "A customer without segment has an empty segment in the ERP.",
    ),
    _fault(
        "empty-text-nulled",
        "in-sync",
        _texts(lambda text: text or None),
        '"" and null confused',
        "A text that was emptied is missing in the ERP.",
    ),
    _fault(
        "status-defaulted",
        "in-sync",
        _texts(lambda text: "pending" if text == "cancelled" else text),
        "unknown status mapped to a default",
        "A cancelled order is pending in the ERP.",
    ),
)
