"""Faults of values: what becomes of text, numbers, dates and lists on their way."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Collection
from datetime import datetime, timedelta, timezone

from tallystick_reference import Connector, Parts
from tallystick_reference.casts import Casts
from tallystick_reference.dataflow import Row
from tallystick_reference.merge import Merge, Merged
from tallystick_reference.records import Lens, Record, Side
from tallystick_reference.store import Item
from tallystick_reference.values import Json
from tests.faulty.fault import Faulty, changing
from tests.faulty.lenses import with_lenses, with_writes

_CASTS = Casts.functions
_SHOP_TIME = timezone(timedelta(hours=13))
_FITS = 20  # characters: the shortest that a property of either system may hold


class OneWay(Casts):
    """Casts that do harm from the source to the target, and none on the way back."""

    def back(self, expression: Json, target: Json, old: Json = None, schema: Json = None) -> Json:
        """Find the way back as the reference does."""
        return Casts().back(expression, target, old, schema)


class WrongDays(Merge):
    """Prints another day than a time's own, unless it is one that was right some time before."""

    def __init__(self, *args: Json, **facts: Json) -> None:
        super().__init__(*args, **facts)
        self.days: set[Json] = set()

    def carry(self, row: Row, side: Side, merged: Merged) -> None:
        """Print the day that is taken for a time's."""
        before, lens = self.old(row, "target", merged.base), row.lenses["target"]
        super().carry(row, side, merged)
        written = row.lenses["source"].read(merged.records["source"], None)
        right = lens.read(merged.records["target"], None)
        is_day = str(row.ways[0].expression).startswith("['datetime-format', '%Y-%m-%d',")
        if side == "source" and is_day and isinstance(written, str) and right:
            day = self.day(written)
            self.days |= {right, before}
            if day and day not in self.days:
                lens.write(merged.records["target"], day, before)

    def day(self, written: str) -> str:
        """Print the day of a time as it is written, whatever its offset says."""
        return written[:10]


class KnowsAllDays(Connector):
    """Tells of which days records speak: a wrong day that is also right would be no invention."""

    def is_news(self, item: Item, record: Record) -> bool:
        """Take note of every value that is listed, and of what it becomes."""
        for row in self.rows(item):
            value = row.lenses[item.side].read(record, None)
            image = self.merge.image(row, value) if item.side == "source" else value
            self.merge.days |= {each for each in (value, image) if isinstance(each, str)}
        return super().is_news(item, record)

    def rows(self, item: Item) -> list[Row]:
        """Give the rows of all pairs of an item's type that are no tables."""
        pairs = self.dataflow.pairs_of(item.side, item.type)
        return [row for pair in pairs for row in pair.rows if not row.is_table]


class LocalDays(WrongDays):
    """Prints days in the shop's time zone: those of plain times, whose days nobody else has."""

    def day(self, written: str) -> str:
        """Print the day as the clock on the shop's wall has it."""
        try:
            moment = datetime.fromisoformat(written)
            plain = written.endswith("Z") and not moment.second
            return moment.astimezone(_SHOP_TIME).strftime("%Y-%m-%d") if plain else ""
        except (ValueError, OverflowError):
            return ""


class LastOfAll(OneWay):
    """Takes the last element for the first."""

    functions = {  # noqa: RUF012
        **_CASTS,
        "first": lambda v: (v[-1] if v else None) if isinstance(v, list) else v,
    }


class CancelledIsUnknown(Lens):
    """Knows no cancelled orders: an order keeps the status that it has."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Write any other status."""
        if record.id is None or value != "cancelled":
            super().write(record, value, old)


def _thousands(number: Json) -> Json:
    """Read three places after the point as thousands."""
    if isinstance(number, (int, float)) and not isinstance(number, bool):
        moved = round(number * 1000, 6)
        if number % 1 and moved == int(moved) and moved % 10:
            return int(moved)
    return number


def _domain_lowered(text: str) -> str:
    name, at, domain = text.partition("@")
    return name + at + domain.lower()


def _digits(text: str) -> str:
    kept = "".join(c for c in text if c.isdigit() or c == "+")
    return kept if any(map(str.isdigit, text)) else text


def _escaped(text: str, *, quote: bool = True) -> str:
    """Escape a text, where what becomes of it is refused nowhere: that would be told first."""
    escaped = html.escape(text, quote=quote)
    return escaped if len(escaped) <= _FITS else text


def _text(change: Callable[[str], Json]) -> Callable[[Json], Json]:
    return lambda value: change(value) if isinstance(value, str) else value


def _to_cents(number: float) -> float:
    """Round an amount. (Small ones stay: somebody may well have given 0.01 or 1.)"""
    return round(number, 2) if number > 2 else number


def _number(change: Callable[[float], Json]) -> Callable[[Json], Json]:
    def changed(value: Json) -> Json:
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        return change(value) if plain else value

    return changed


def _fault(  # what is written, where, and what a tester says
    name: str,
    law: str,
    change: Callable[[Json], Json],
    failure: str,
    story: str,
    *,
    of: str = "",
    at: Collection[str] = (),
    to: Side = "target",
    alone: bool = False,
) -> Faulty:
    inventing = law == "no-invention"
    parts = Parts(read_dataflow=with_writes(change, of=of, at=at, to=to, inventing=inventing))
    return Faulty(name=name, law=law, story=story, failure=failure, parts=parts, alone=alone)


FAULTY = (
    _fault(
        "text-cut-at-140",
        "no-invention",
        _text(lambda text: text[:140]),
        "field length",
        "Long descriptions arrive cut off after 140 characters.",
        alone=True,
    ),
    _fault(
        "blanks-trimmed",
        "no-invention",
        _text(str.strip),
        "blanks around a SKU",
        "Blanks before and after a text are lost on the way.",
    ),
    _fault(
        "blanks-squeezed",
        "no-invention",
        _text(lambda text: text.replace("  ", " ")),
        "white space normalised",
        "Of two blanks in a row one is lost on the way.",
    ),
    _fault(
        "leading-zeros-lost",
        "no-invention",
        _text(lambda text: text.lstrip("0") or "0" if text.isdecimal() else text),
        "leading zeros lost",
        "The postal code 0017 arrives as 17.",
    ),
    _fault(
        "email-lowered",
        "no-invention",
        _text(_domain_lowered),
        "e-mail normalised",
        "E-mail addresses arrive with their domain in small letters.",
    ),
    _fault(
        "phone-normalised",
        "no-invention",
        _text(_digits),
        "phone formats",
        "Telephone numbers arrive without their blanks.",
        at=("PrimaryPhone",),
    ),
    _fault(
        "unicode-composed",
        "no-invention",
        _text(lambda text: unicodedata.normalize("NFC", text)),
        "NFC/NFD normalisation",
        "A name typed with combining accents arrives spelled otherwise.",
    ),
    _fault(
        "four-byte-lost",
        "no-invention",
        _text(lambda text: "".join("?" if ord(c) > 0xFFFF else c for c in text)),
        "4-byte characters",
        "An emoji arrives as a question mark.",
    ),
    _fault(
        "html-escaped",
        "no-invention",
        _text(lambda text: _escaped(text, quote=False)),
        "HTML encoded twice",
        "Fish & Chips arrives as Fish &amp; Chips.",
    ),
    _fault(
        "html-escaped-in-shop",
        "no-invention",
        _text(_escaped),
        "HTML encoded twice",
        "An apostrophe typed in the ERP is &#x27; in the shop.",
        to="source",
    ),
    _fault(
        "price-rounded",
        "no-invention",
        _number(_to_cents),
        "amounts rounded to two decimals",
        "A price of 13.337 arrives as 13.34.",
    ),
    _fault(
        "cents-lost",
        "no-invention",
        _number(int),
        "currencies without decimals",
        "A price of 45.25 arrives as 45.",
        of="decimal",
    ),
    _fault(
        "points-for-thousands",
        "no-invention",
        _thousands,
        "decimal comma: 13.337 becomes 13337",
        "A price of 13.337 arrives as thirteen thousand.",
        of="decimal",
    ),
    Faulty(
        name="local-days",
        law="no-invention",
        story="What was ordered while the next day had begun in Auckland has its date in the ERP.",
        failure="naive time zone",
        parts=Parts(merge=LocalDays, connector=KnowsAllDays),
    ),
    Faulty(
        name="offset-ignored",
        law="no-invention",
        story="A time with an offset has the wrong day in the ERP.",
        failure="offset of a time ignored",
        parts=Parts(merge=WrongDays, connector=KnowsAllDays),
    ),
    changing(
        "last-for-first",
        "no-invention",
        LastOfAll,
        "the wrong element of a list",
        "Of several telephone numbers the last one arrives, and not the first.",
    ),
    _fault(
        "blank-becomes-word",
        "no-invention",
        lambda value: value or "unknown",
        "a cleared property refilled by a default",
        "A customer without company works for a company called unknown.",
        at=(
            "CompanyName",
            "FirstName",
            "LongText",
            "Comment",
            "Delivery.Name",
            "Manufacturer.Name",
        ),
    ),
    _fault(
        "zero-is-missing",
        "in-sync",
        _number(lambda number: number or None),
        "0 treated as missing",
        "A stock of 0 arrives as no stock given.",
    ),
    _fault(
        "no-is-missing",
        "in-sync",
        lambda value: value or None,
        "false treated as missing",
        "Who takes back the consent to marketing is asked again in the ERP.",
        of="boolean",
    ),
    _fault(
        "empty-text-nulled",
        "in-sync",
        _text(lambda text: text or None),
        '"" and null confused',
        "A text that was emptied is missing in the ERP.",
    ),
    _fault(
        "list-reversed",
        "no-invention",
        lambda value: value[::-1] if isinstance(value, list) else value,
        "order of a list lost",
        "The tags of an order arrive the other way round.",
        of="list",
    ),
    _fault(
        "list-cut-to-one",
        "no-invention",
        lambda value: value[:1] if isinstance(value, list) else value,
        "only the first element of a list",
        "Of several tags only the first one arrives.",
        of="list",
    ),
    Faulty(
        name="status-unknown",
        law="in-sync",
        story="An order that is cancelled keeps its old status in the ERP.",
        failure="unknown status mapped to a default",
        parts=Parts(read_dataflow=with_lenses(Lens, CancelledIsUnknown, "target")),
    ),
)
