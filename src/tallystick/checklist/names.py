"""Systems and types in headings. Rule: it splits names, and says which mean the same system.

Headings spell systems differently from the title and from each other. The table's third header
cell gives the target's name exactly; otherwise the title's name is looked for: as it stands,
ignoring case and blanks, by its leading words; else the first word must be the system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = [
    "Named",
    "bare_name",
    "is_spelling",
    "read_title",
    "same_name",
    "split_heading",
    "split_name",
]

_TITLE: Final = re.compile(r"(?:(?P<source>.*?) )?to (?:(?P<target>.*) )?dataflow", re.IGNORECASE)
_HEADING: Final = re.compile(r"(?P<source>.*?)\sto\s(?P<target>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One side of a heading: the system as spelled there, and its type."""

    system: str
    type: str


def read_title(text: str) -> tuple[str, str] | None:
    """Give the names of source and target, or None where `text` is no title of the dialect."""
    match = _TITLE.fullmatch(text.strip())
    return ((match["source"] or "").strip(), (match["target"] or "").strip()) if match else None


def split_heading(text: str) -> tuple[str, str] | None:
    """Give the left and the right side of a heading, or None where " to " doesn't stand in it."""
    match = _HEADING.fullmatch(text)
    return (match["source"].strip(), match["target"].rstrip()) if match else None


def same_name(left: str, right: str) -> bool:
    """Tell whether two names are the same but for case, blanks and punctuation."""
    return bare_name(left) == bare_name(right)


def split_name(text: str, system: str) -> Named:
    """Split `Shop Central Order` into system and type, `system` being the name to look for."""
    text = text.strip()
    if not system:
        return Named(system="", type=text)
    if text.startswith(f"{system} "):
        return Named(system=system, type=text[len(system) :].strip())
    words = text.split()
    for count in range(1, len(words)):
        if bare_name("".join(words[:count])) == bare_name(system):
            return _cut(words, count)
    leading = [word.lower() for word in system.split()]
    for count in range(min(len(leading), len(words) - 1), 0, -1):
        if [word.lower() for word in words[:count]] == leading[:count]:
            return _cut(words, count)
    return _cut(words, 1)


def is_spelling(name: str, system: str) -> bool:
    """Tell another spelling (one name's letters stand in the other) from another system."""
    left, right = bare_name(name), bare_name(system)
    return bool(left and right) and (left in right or right in left)


def _cut(words: list[str], count: int) -> Named:
    return Named(system=" ".join(words[:count]), type=" ".join(words[count:]))


def bare_name(name: str) -> str:
    """Give a name without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", name).lower()
