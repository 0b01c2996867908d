"""Injected time. Rule: nothing that is judged reads a clock that it was not given.

All times are integers: milliseconds since 1970-01-01T00:00:00Z. Texts are RFC 3339 in UTC.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

__all__ = [
    "EPOCH_MS",
    "SECOND_MS",
    "Clock",
    "RunningClock",
    "parse_time",
    "time_text",
    "whole_second_text",
]

SECOND_MS: Final = 1000
EPOCH_MS: Final = 1_736_931_600_000  # 2025-01-15T09:00:00Z, the moment at which every world begins

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))"
)


class Clock:
    """A clock that stands still until it is moved, and never runs backwards."""

    __slots__ = ("now_ms",)

    def __init__(self, now_ms: int = EPOCH_MS) -> None:
        self.now_ms = now_ms

    def advance(self, by_ms: int) -> int:
        """Move the clock on by `by_ms` milliseconds (at least 0) and give the new time."""
        if by_ms < 0:
            raise ValueError(f"a clock cannot be moved by {by_ms} ms")
        self.now_ms += by_ms
        return self.now_ms


class RunningClock(Clock):
    """The machine's time, which runs by itself; moving it on makes it jump ahead for good."""

    __slots__ = ("_ahead_ms",)

    def __init__(self) -> None:
        self._ahead_ms = time.time_ns() // 1_000_000 - self._running_ms()

    @staticmethod
    def _running_ms() -> int:
        return time.monotonic_ns() // 1_000_000

    @property
    def now_ms(self) -> int:  # type: ignore[override]
        """The time."""
        return self._running_ms() + self._ahead_ms

    def advance(self, by_ms: int) -> int:
        """Let the clock jump ahead by `by_ms` milliseconds (at least 0) and give the new time."""
        if by_ms < 0:
            raise ValueError(f"a clock cannot be moved by {by_ms} ms")
        self._ahead_ms += by_ms
        return self.now_ms


def _at(at_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)


def time_text(at_ms: int) -> str:
    """Give RFC 3339 in UTC with milliseconds, as the ledger serves it."""
    moment = _at(at_ms)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_ms % SECOND_MS:03d}Z"


def whole_second_text(at_ms: int) -> str:
    """Give RFC 3339 in UTC in whole seconds, cut and not rounded, as the storefront serves it."""
    return f"{_at(at_ms):%Y-%m-%dT%H:%M:%SZ}"


def parse_time(text: str) -> int:
    """Read an RFC 3339 time with any offset; ValueError when it is none."""
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not an RFC 3339 time")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    offset = timedelta()
    if found[9]:
        sign = -1 if found[9] == "-" else 1
        offset = sign * timedelta(hours=int(found[10]), minutes=int(found[11]))
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(offset))
    fraction_ms = int((found[7] or "0").ljust(3, "0")[:3])
    whole = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * SECOND_MS + fraction_ms
