"""Text for the page: names for fragments, values that are safe to show. Rule: pure functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from tallystick.canonical import MISSING, Json
from tallystick.vocabulary.cells import visible

__all__ = ["fragments", "pretty", "short", "shown"]

_LONGEST: Final = 300


def fragments() -> Callable[..., str]:
    """Give a function that makes names for fragments: each readable, none given twice."""
    given: set[str] = set()

    def name(*parts: str) -> str:
        words = (re.sub(r"[^A-Za-z0-9_.]+", "-", part).strip("-.")[:80] for part in parts)
        base = found = ".".join(word for word in words if word) or "x"
        count = 1
        while found in given:
            count += 1
            found = f"{base}.{count}"
        given.add(found)
        return found

    return name


def shown(text: str, most: int = _LONGEST) -> str:
    """Give a text in which everything can be seen, cut where it is too long to read."""
    if len(text) <= most:
        return visible(text)
    return f"{visible(text[:most])}… ({len(text) - most:,} more characters)"


def short(text: str, most: int) -> str:
    """Give a text in which everything can be seen, in at most `most` characters."""
    seen = visible(text[: most + 1])
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"


def pretty(value: Json, most: int) -> str:
    """Give JSON in lines, everything visible; cut after `most` characters."""
    if value is None or value is MISSING:
        return ""
    lines = json.dumps(value, ensure_ascii=False, indent=1).split("\n")
    text = "\n".join(map(visible, lines))
    if len(text) <= most:
        return text
    return f"{text[:most]}\n… ({len(text) - most:,} more characters)"
