"""Property paths. Rule: it reads and rewrites plain JSON objects and knows nothing of records.

A path is dotted (`billing.city`); one segment may end in `[]`, which marks a list
(`lines[].price`): the *head* leads to the list, the *tail* goes on inside each element.
Values are never changed in place: `write` gives a new object that shares what did not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tallystick.canonical import MISSING, Json, Missing

__all__ = ["KEY", "LIST_MARK", "Path", "elements", "parse_path", "read", "write"]

LIST_MARK: Final = "[]"


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; `tail` is None where the path passes no list."""

    text: str
    head: tuple[str, ...]
    tail: tuple[str, ...] | None = None

    @property
    def is_key(self) -> bool:
        """Whether this stands for the record's own key rather than for a property."""
        return not self.head

    @property
    def in_list(self) -> bool:
        """Whether the path passes (or ends in) a list."""
        return self.tail is not None

    @property
    def list_text(self) -> str:
        """The path of the list itself, without its mark: `lines` for `lines[].price`."""
        return ".".join(self.head)

    @property
    def plain(self) -> str:
        """The path as a checklist prints it, without list marks: `lines.price`."""
        return ".".join((*self.head, *(self.tail or ())))

    def __str__(self) -> str:
        return self.text


KEY: Final = Path("{key}", ())


@lru_cache(maxsize=4096)
def parse_path(text: str) -> Path:
    """Parse `text`; ValueError where it is empty or marks more than one list."""
    if not text:
        raise ValueError("a property path is empty")
    if text.count(LIST_MARK) > 1:
        raise ValueError(f"{text!r} marks more than one list; nested lists are not supported")
    if LIST_MARK not in text:
        return Path(text, tuple(text.split(".")))
    head, tail = text.split(LIST_MARK)
    if not head or (tail and not tail.startswith(".")):
        raise ValueError(f"{text!r}: `[]` stands only at the end of a segment")
    return Path(text, tuple(head.split(".")), tuple(tail[1:].split(".")) if tail else ())


def read(data: Json, segments: tuple[str, ...]) -> Json | Missing:
    """Give the value at `segments`, or MISSING where some step of the way is not there."""
    for segment in segments:
        if not (type(data) is dict or isinstance(data, Mapping)) or segment not in data:
            return MISSING
        data = data[segment]
    return data


def elements(data: Json, path: Path) -> list[Json] | None:
    """Give the elements of the list that `path` passes, or None where there is no list."""
    found = read(data, path.head)
    return found if isinstance(found, list) else None


def write(data: Json, segments: tuple[str, ...], value: Json | Missing) -> Json:
    """Give `data` with `value` at `segments`; MISSING takes the property away.

    Objects on the way are made where they are missing; objects that become empty stay.
    """
    if not segments:
        return value
    first, rest = segments[0], segments[1:]
    changed = dict(data) if isinstance(data, Mapping) else {}
    if value is MISSING and first not in changed:
        return changed
    inner = write(changed.get(first), rest, value) if rest else value
    if inner is MISSING:
        changed.pop(first, None)
    else:
        changed[first] = inner
    return changed
