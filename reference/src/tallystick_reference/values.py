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
Data: TypeAlias = dict[str, Json]
Steps: TypeAlias = Sequence[str]


class NoValue(Enum):
    """Stands where a value is asked for and there is none to give; never written, never stored."""

    NOTHING = "no value of the other side looks like this one here"
    UNKNOWN = "the record referred to has no counterpart yet"


def canonical(value: Json) -> str:
    """One text for all spellings of a JSON value: 1 is 1.0, and the order of names is nothing."""
    return json.dumps(_plain(value), sort_keys=True, default=repr)


def _plain(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def same(one: Json, other: Json) -> bool:
    """Compare as JSON does: 1 is 1.0, but neither "1" nor true."""
    if type(one) is str and type(other) is str:
        return one == other
    return canonical(one) == canonical(other)


def digest(value: Json) -> str:
    """A short mark that changes with the value and gives nothing of it away."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:24]


def empty(value: Json) -> bool:
    """Tell whether the policy on empty values applies: null, missing, "" or []."""
    return value is None or value in ("", [])


def get(data: Json, steps: Steps) -> Json:
    """Read the value at the end of a path; what is not there is null."""
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def put(data: Data, steps: Steps, value: Json) -> None:
    """Write a value at the end of a path, making the objects on the way; null removes it."""
    *way, last = steps
    for step in way:
        if not isinstance(data.get(step), dict):
            if value is None:
                return
            data[step] = {}
        data = data[step]
    if value is None:
        data.pop(last, None)
    else:
        data[last] = value


def merge_patch(before: Data, after: Data) -> Data:
    """Give the JSON Merge Patch (RFC 7396) that makes `after` of `before`, and nothing more."""
    patch: Data = {name: None for name in before if name not in after}
    for name, value in after.items():
        old = before.get(name)
        if isinstance(old, dict) and isinstance(value, dict):
            if inner := merge_patch(old, value):
                patch[name] = inner
        elif name not in before or not same(old, value):
            patch[name] = value
    return patch
