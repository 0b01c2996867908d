"""The cells of property and merge tables. Rule: a cell is read as text, never as markup."""

from __future__ import annotations

import re
from typing import Final

from tallystick.checklist.document import Cell, Dependency

__all__ = ["is_hub_id", "looks_like_reference", "read_cell"]

_OPENING: Final = re.compile(r"\(?\s*dependant on having\b", re.IGNORECASE)
_TERM: Final = re.compile(r"(?P<value>.*)(?:^|\s)in(?:\s+(?P<path>.*))?", re.DOTALL)
_HUB_ID: Final = re.compile(r"[A-Za-z~][\w.-]*(?::[\w.-]+)+")
_REFERENCE: Final = re.compile(r"(?:id|gid|.*(?:Id|Key))")


def read_cell(text: str) -> Cell:
    """Give the path and the dependencies of a cell; repetitions of a dependency are dropped."""
    text = text.strip()
    path, *terms = _OPENING.split(text)
    found = dict.fromkeys(_dependency(term) for term in terms)
    return Cell(text=text, path=path.strip(), dependencies=tuple(found))


def _dependency(term: str) -> Dependency:
    """Read ` X in path)`; what lacks its "in" is a value without a path."""
    inner = term.strip()
    inner = inner.removesuffix(")")
    match = _TERM.fullmatch(inner.rstrip())
    if not match:
        return Dependency(value=inner.strip(), path="")
    return Dependency(value=match["value"].strip(), path=(match["path"] or "").strip(" \t()"))


def is_hub_id(value: str) -> bool:
    """Tell whether a dependency's value is an id of the hub's own (`wd:Q12345`)."""
    return bool(_HUB_ID.fullmatch(value))


def looks_like_reference(path: str) -> bool:
    """Tell whether a property's last segment looks like the key of a record."""
    return bool(_REFERENCE.fullmatch(path.rsplit(".", 1)[-1]))
