"""JSON values: when two are the same, and how a path reads and writes them.

It knows nothing of records, sides or data types.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import Enum
from typing import Any, TypeAlias

Json: TypeAlias = Any
Steps: TypeAlias = Sequence[str]


class NoValue(Enum):
    """Stands where a value is asked for and there is none to give; never written, never stored."""

    NOTHING = "no value of the other side looks like this one here"
    UNKNOWN = "the record referred to has no counterpart yet"


def canonical(value: Json) -> str:
    """Give one text for all spellings of a value: 1 is 1.0, and the order of names is nothing."""
    return json.dumps(_plain(value), sort_keys=True, default=repr)


def _plain(value: Json) -> Json:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def same(one: Json, other: Json) -> bool:
    """Compare as JSON does: 1 is 1.0, but neither "1" nor true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def digest(value: Json) -> str:
    """Give a short mark that changes with the value and gives nothing of it away."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:24]


def empty(value: Json) -> bool:
    """Tell whether a value is empty as the policy means it: null, missing, "" or []."""
    return value is None or value in ("", [])


def get(data: Json, steps: Steps) -> Json:
    """Read the value at the end of a path; what is not there is null."""
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def put(data: Json, steps: Steps, value: Json) -> Json:
    """Write a value at the end of a path, make the objects on the way; null removes. Gives data."""
    if not steps:
        return value
    if value is None and get(data, steps) is None:
        return data
    data = data if isinstance(data, dict) else {}
    data[steps[0]] = put(data.get(steps[0]), steps[1:], value)
    if data[steps[0]] is None:
        del data[steps[0]]
    return data
