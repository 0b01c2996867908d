"""Values that are often handled wrongly. Rule: it tells them, and says nothing of who does."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from tallystick.canonical import Json
from tallystick.vocabulary.events import Change

__all__ = ["brings_hostile_values", "is_hostile"]

_LONG: Final = 200
_LARGE: Final = 1 << 31
_LAST_OF_PLANE_0: Final = "\uffff"


def is_hostile(value: Json) -> bool:
    """Tell whether a value is, or holds, one that is often handled wrongly.

    Texts with blanks around them, leading zeros, decomposed or rare characters, or of more than
    200 characters; numbers from 2^31 on, or with more than two decimals.
    """
    if isinstance(value, str):
        return _is_hostile_text(value)
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return abs(value) >= _LARGE or round(value, 2) != value
    if isinstance(value, Mapping):
        return any(map(is_hostile, value.values()))
    return isinstance(value, (list, tuple)) and any(map(is_hostile, value))


def _is_hostile_text(text: str) -> bool:
    if len(text) > _LONG or text != text.strip():
        return True
    if text.isascii():
        return text[:1] == "0" and len(text) > 1 and text.isdigit()
    return max(text) > _LAST_OF_PLANE_0 or unicodedata.normalize("NFC", text) != text


def brings_hostile_values(change: Change) -> bool:
    """Tell whether a person's change puts such a value where another one, or none, stood."""
    before: Mapping[str, Json] = change.before.data if change.before is not None else {}
    return any(
        is_hostile(value)
        for name, value in change.after.data.items()
        if before.get(name) is not value and before.get(name) != value
    )
