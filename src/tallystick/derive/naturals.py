"""Plausible values for a schema. Rule: the same words give the same values, on every machine.

A *subject* says whose value it is; the k-th value of a subject differs from the others of the same
subject, and mostly from those of other labels. What comes out may still break the schema in its
finer points: the caller checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import ceil
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32

from tallystick.canonical import Json
from tallystick.derive.patterns import matching
from tallystick.derive.shapes import choose, items_of, json_types, properties_of

__all__ = ["Subject", "naturals"]

Schema = Mapping[str, Json]

_EACH: Final = 24
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+")
_FIRST_DAY: Final = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose value it is (`label`), of which property, how long it may be, and what it must be like.

    `like` is "" or, for texts, "amount", "count" or "moment".
    """

    label: str
    path: str
    name: str
    longest: int = 200
    like: str = ""

    def seed(self, k: int) -> int:
        """Give a number that depends on label, path and `k` only."""
        return crc32(f"{self.label}\0{self.path}\0{k}".encode())

    @property
    def slug(self) -> str:
        """The label in small ASCII letters, digits and dashes."""
        found = re.sub(r"[^a-z0-9]+", "-", self.label.lower()).strip("-")
        return found or f"x{self.seed(0) % 1000}"

    @property
    def words(self) -> str:
        """The property's name as people say it: `firstName` is "first name"."""
        return " ".join(_CAMEL.split(self.name)).lower()


def naturals(schema: Schema, subject: Subject) -> Iterator[Json]:
    """Give up to 24 plausible values of a written-out schema, the plainest first; null never."""
    chosen = choose(schema)
    if "const" in chosen:
        yield chosen["const"]
    elif "enum" in chosen:
        members = [member for member in chosen["enum"] if member is not None]
        start = subject.seed(0) % len(members) if members else 0
        yield from members[start:] + members[:start]
    else:
        named = [name for name in json_types(chosen) if name != "null"] or ["string"]
        yield from islice(_KINDS[named[0]](chosen, subject), _EACH)
        yield from chosen.get("examples", ())
        if chosen.get("default") is not None:
            yield chosen["default"]


def _strings(schema: Schema, subject: Subject) -> Iterator[Json]:
    longest = min(subject.longest, schema.get("maxLength", subject.longest))
    subject = replace(subject, longest=longest)
    make = _FORMATS.get(schema.get("format", "")) or _by_name(subject)
    least = schema.get("minLength", 0)
    plain = [make(subject, k).ljust(least, "x")[:longest] for k in range(_EACH // 2)]
    yield from plain
    if "pattern" in schema:
        yield from _patterned(schema["pattern"], subject)


def _patterned(pattern: str, subject: Subject) -> Iterator[str]:
    for k in range(_EACH // 2):
        seed = subject.seed(k)

        def pick(choices: int) -> int:
            nonlocal seed
            seed = crc32(str(seed).encode())
            return seed % choices

        try:
            yield matching(pattern, pick)
        except ValueError:
            return


Maker = Callable[[Subject, int], str]


def _by_name(subject: Subject) -> Maker:
    if subject.like:
        return _LIKE[subject.like]
    name = subject.name.lower()
    for part, maker in _NAMES.items():
        if part in name:
            return maker
    return _words


def _words(subject: Subject, k: int) -> str:
    again = f" {k + 1}" if k else ""
    for text in (f"{subject.label}'s {subject.words}{again}", f"{subject.label}{again}"):
        if len(text) <= subject.longest:
            return text
    return _code(subject, k)


def _code(subject: Subject, k: int) -> str:
    number, text = subject.seed(k), ""
    while len(text) < min(subject.longest, 6):
        number, letter = divmod(number, len(_LETTERS))
        text += _LETTERS[letter]
    return text


def _fitting(*texts: str, subject: Subject, k: int) -> str:
    fitting = (text for text in texts if len(text) <= subject.longest)
    return next(fitting, None) or _code(subject, k)


def _email(subject: Subject, k: int) -> str:
    again = f".{k + 1}" if k else ""
    short = f"{_code(replace(subject, longest=6), k).lower()}@x.io"
    return _fitting(f"{subject.slug}{again}@example.com", short, subject=subject, k=k)


def _link(subject: Subject, k: int) -> str:
    again = f"/{k + 1}" if k else ""
    words = subject.words.replace(" ", "-")
    whole = f"https://example.com/{subject.slug}/{words}{again}"
    return _fitting(whole, f"https://x.io/{subject.seed(k) % 10_000}", subject=subject, k=k)


def _phone(subject: Subject, k: int) -> str:
    digits = f"{subject.seed(k) % 1_000_000:06d}"
    whole = f"+47 22 {digits[:2]} {digits[2:4]} {digits[4:]}"
    return _fitting(whole, digits, subject=subject, k=k)


def _sku(subject: Subject, k: int) -> str:
    again = f"-{k + 1}" if k else ""
    whole = f"{subject.slug.upper()}{again}"
    return _fitting(f"SKU-{whole}", whole, subject=subject, k=k)


def _amount(subject: Subject, k: int) -> str:
    seed = subject.seed(0)
    return f"{10 + (seed + k) % 90}.{_cents(seed):02d}"


def _count(subject: Subject, k: int) -> str:
    return str(1 + (subject.seed(0) + k) % 97)


def _cents(seed: int) -> int:
    return 5 * (1 + seed // 97 % 19)


def _moment(subject: Subject, k: int) -> datetime:
    seed = subject.seed(0)
    return _FIRST_DAY + timedelta(
        days=seed % 600 + k, hours=seed // 7 % 10, minutes=seed // 11 % 60
    )


def _date_time(subject: Subject, k: int) -> str:
    return f"{_moment(subject, k):%Y-%m-%dT%H:%M:%SZ}"


def _date(subject: Subject, k: int) -> str:
    return f"{_moment(subject, k):%Y-%m-%d}"


def _time(subject: Subject, k: int) -> str:
    """Give RFC 3339's time; every other one without its Z, as some validators want it."""
    moment = _moment(subject, k) + timedelta(minutes=k)
    return f"{moment:%H:%M:%S}{'' if k % 2 else 'Z'}"


def _uuid(subject: Subject, k: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{subject.label}/{subject.path}/{k}"))


_FORMATS: Final[Mapping[str, Maker]] = {
    "email": _email,
    "idn-email": _email,
    "uri": _link,
    "iri": _link,
    "uri-reference": _link,
    "date-time": _date_time,
    "date": _date,
    "time": _time,
    "uuid": _uuid,
    "hostname": lambda subject, k: f"{subject.slug}-{k + 1}.example.com",
    "ipv4": lambda subject, k: f"192.0.2.{1 + (subject.seed(0) + k) % 250}",
    "ipv6": lambda subject, k: f"2001:db8::{1 + (subject.seed(0) + k) % 250:x}",
}
_NAMES: Final[Mapping[str, Maker]] = {
    "mail": _email,
    "phone": _phone,
    "sku": _sku,
    "url": _link,
    "website": _link,
}
_LIKE: Final[Mapping[str, Maker]] = {
    "amount": _amount,
    "count": _count,
    "moment": _date_time,
}


def _bounds(schema: Schema, step: float) -> tuple[float, float | None]:
    lows = [schema["minimum"]] if "minimum" in schema else []
    highs = [schema["maximum"]] if "maximum" in schema else []
    if "exclusiveMinimum" in schema:
        lows.append(schema["exclusiveMinimum"] + step)
    if "exclusiveMaximum" in schema:
        highs.append(schema["exclusiveMaximum"] - step)
    high = min(highs) if highs else None
    low = max(lows) if lows else 1 if high is None or high > 1 else high - 99
    return low, high


def _integers(schema: Schema, subject: Subject) -> Iterator[Json]:
    step = schema.get("multipleOf", 1)
    step = int(step) if step == int(step) else 1
    low, high = _bounds(schema, 1)
    first = ceil(low / step)
    span = 97 if high is None else min(97, int(high // step) - first + 1)
    for k in range(min(_EACH, max(span, 0))):
        yield (first + (subject.seed(0) + k) % span) * step


def _numbers(schema: Schema, subject: Subject) -> Iterator[Json]:
    step = schema.get("multipleOf", 0.01)
    low, high = _bounds(schema, step)
    wide = high is None or high - low >= 2
    digits = 2 if wide else 4
    span = min(97, (high - low) if high is not None else 97)
    seed = subject.seed(0)
    for k in range(_EACH):
        if wide:
            value = low + (seed + k) % max(int(span), 1) + _cents(seed) / 100
        else:
            value = low + span * (1 + (seed + 7 * k) % 99) / 100
        yield round(round(value / step) * step if "multipleOf" in schema else value, digits)


def _booleans(_: Schema, subject: Subject) -> Iterator[Json]:
    first = bool(subject.seed(0) & 1)
    yield first
    yield not first


def _arrays(schema: Schema, subject: Subject) -> Iterator[Json]:
    """Give lists of two, then lists of one."""
    items = items_of(schema) or {}
    members = list(islice(naturals(items, subject), _EACH // 2))
    least = schema.get("minItems", 0)
    most = schema.get("maxItems", max(2, least))
    for size in dict.fromkeys((min(max(2, least), most), max(1, least))):
        for start in range(len(members)):
            yield [members[(start + k) % len(members)] for k in range(size)]


def _objects(schema: Schema, subject: Subject) -> Iterator[Json]:
    parts = {
        name: list(naturals(part, replace(subject, path=f"{subject.path}.{name}", name=name)))
        for name, part in properties_of(schema).items()
    }
    for k in range(_EACH):
        yield {name: values[k % len(values)] for name, values in parts.items() if values}


_KINDS: Final[Mapping[str, Callable[[Schema, Subject], Iterator[Json]]]] = {
    "string": _strings,
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
    "array": _arrays,
    "object": _objects,
}
