"""Canonical JSON and the equality of JSON values. Rule: one notion of sameness everywhere.

Numbers are equal when numerically equal (`1.10` and `1.1`, `5` and `5.0`); a boolean is never a
number, a string never anything else; objects ignore the order of their names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["MISSING", "Json", "Missing", "compact", "fingerprint", "is_empty", "same"]

Json = Any
"""A JSON value: None, bool, int, float, str, list, or dict with string keys."""


class Missing:
    """The type of `MISSING`: a property that is not there, as opposed to one that is null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "MISSING"  # there is one only, in any process


MISSING: Final = Missing()

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def compact(value: Json) -> str:
    """Give the canonical text of a JSON value: sorted names, no blanks, not escaped to ASCII."""
    return _ENCODER.encode(value)


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(left: Json, right: Json) -> bool:  # noqa: PLR0911  (a table of kinds, read downwards)
    """Tell whether two JSON values are equal; `MISSING` and null are the same."""
    if left is right:
        return True
    if left is MISSING or left is None:
        return right is None or right is MISSING
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if type(left) is type(right) is dict or (
        isinstance(left, Mapping) and isinstance(right, Mapping)
    ):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    return False


def fingerprint(value: Json) -> str:
    """Give a text that is equal for two values exactly when `same` says that they are."""
    if type(value) is str:
        return f'"{value}'  # no other value's text begins so
    if value is None or value is MISSING:
        return "null"
    return compact(_normal(value))


def _normal(value: Json) -> Json:
    if type(value) is str:
        return value
    if value is None or value is MISSING:
        return None
    if isinstance(value, (list, tuple)):
        return [_normal(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if type(value) is dict or isinstance(value, Mapping):
        return {name: _normal(item) for name, item in value.items()}
    return value


def is_empty(value: Json) -> bool:
    """Tell whether a value counts as empty for the `empty` policy: null, missing, "" or []."""
    return (
        value is None
        or value is MISSING
        or (isinstance(value, (str, list, tuple)) and len(value) == 0)
    )
