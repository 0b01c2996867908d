"""Schemas for what no schema describes. Rule: rows' data types first, names only after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tallystick.canonical import Json
from tallystick.dataflow.model import Expression, Row, Side
from tallystick.dataflow.paths import Path

__all__ = ["guessed_schema"]

_TEXT: Final[Mapping[str, Json]] = {"type": "string", "maxLength": 200}
_TEXTS: Final[Mapping[str, Json]] = {"type": "array", "items": _TEXT}
_NUMBER: Final[Mapping[str, Json]] = {"type": "number", "minimum": 0}
_WHOLE: Final[Mapping[str, Json]] = {"type": "integer", "minimum": 0}
_MOMENT: Final[Mapping[str, Json]] = {"type": "string", "format": "date-time"}

_GUESSES: Final[Mapping[str, Mapping[Side, Mapping[str, Json]]]] = {
    "string": {"source": _TEXT, "target": _TEXT},
    "integer": {"source": _WHOLE, "target": _WHOLE},
    "decimal": {"source": _NUMBER, "target": _NUMBER},
    "float": {"source": _NUMBER, "target": _NUMBER},
    "boolean": {"source": {"type": "boolean"}, "target": {"type": "boolean"}},
    "list": {"source": _TEXT, "target": _TEXTS},
    "first": {"source": _TEXTS, "target": _TEXT},
    "datetime-format": {"source": _MOMENT, "target": _TEXT},
}


def guessed_schema(side: Side, path: Path, rows: Iterable[Row]) -> Mapping[str, Json]:
    """Give a schema for a property that no schema lists; a whole list where `path` ends in one."""
    for row in rows:
        guess = _GUESSES.get(_outermost(row.type))
        if guess is not None:
            return guess[side]
    return _MOMENT if path.plain.endswith(("At", "_at")) else _TEXT


def _outermost(type: Expression | None) -> str:  # noqa: A002
    if isinstance(type, str):
        return type
    return str(type[0]) if isinstance(type, (list, tuple)) and type else ""
