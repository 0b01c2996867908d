"""Data types as printed. Rule: an expression is taken only if it is understood; else it is opaque.

The hub prints a data type as JSON: a plain cast's name, or a prefix list of functions. A text
that lost its brackets on the way is not JSON; `_repaired` is the place where it can be restored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from tallystick.checklist.document import DataType
from tallystick.dataflow.model import Expression

__all__ = ["CASTS", "FUNCTIONS", "expression_problem", "read_data_type"]

CASTS: Final = ("string", "integer", "float", "decimal", "boolean", "list", "first")
_VALUE: Final = "_."
_UNARY: Final = (*CASTS, "is-empty", "is-null", "is-decimal", "is-boolean", "abs")
_DATETIME: Final = ("datetime-format", "datetime-parse")

FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(_UNARY, (1, 1)),
    **dict.fromkeys(_DATETIME, (2, 2)),
    "now": (0, 0),
    "eq": (2, 2),
    "neq": (2, 2),
    "gt": (2, 2),
    "matches": (2, 2),
    "split": (2, 2),
    "join": (2, 2),
    "slice": (2, 3),
    "replace": (3, 3),
    "if": (2, 3),
    "if-null": (2, 2),
    "or": (2, 9),
    "datetime-diff": (3, 3),
}
"""The functions of the hub's language that occur, with the fewest and the most arguments."""

_NEVER_PRINTED: Final = "the checklist does not print the conversion (N/A)"


def read_data_type(text: str) -> DataType:
    """Give what the third cell says; what can't be understood is opaque, with the reason."""
    text = text.strip()
    if text == "N/A":
        return DataType(text=text, state="hidden", expression="unknown", reason=_NEVER_PRINTED)
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return _repaired(text) or _opaque(text, "it is blank" if not text else "it is not JSON")
    problem = expression_problem(given)
    if problem:
        return _opaque(text, problem)
    return DataType(text=text, state="printed", expression=_normal(given))


def expression_problem(given: Expression) -> str:
    """Say why `given` is no data type that can be executed; "" if it is one."""
    if isinstance(given, str):
        return "" if given in CASTS else f"{given!r} is no known cast"
    if not isinstance(given, list):
        return f"{given!r} is neither a cast's name nor an expression"
    return _call_problem(given)


def _call_problem(given: Expression) -> str:
    if isinstance(given, str) and given.startswith(f"{_VALUE}") and given != _VALUE:
        return f"{given!r} reads another property"
    if not isinstance(given, list):
        return ""
    name, arguments = (given[0], given[1:]) if given else (None, [])
    if not isinstance(name, str) or name not in FUNCTIONS:
        return f"{name!r} is no known function"
    fewest, most = FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        return f"{name!r} has {len(arguments)} arguments"
    return next(filter(None, map(_call_problem, arguments)), "")


def _normal(given: Expression) -> Expression:
    """Write `["decimal", "_."]` as the plain cast, and bare names inside as what they stand for."""
    if isinstance(given, str):
        return given
    if len(given) == 2 and given[0] in CASTS and given[1] == _VALUE:
        return given[0]
    return _restored(given)


def _restored(given: Expression) -> Expression:
    if not isinstance(given, list):
        return given
    return [
        given[0],
        *([item, _VALUE] if _is_bare(item) else _restored(item) for item in given[1:]),
    ]


def _is_bare(item: Expression) -> bool:
    """A bare function name as an argument was printed without its `"_."`; it is no constant."""
    return isinstance(item, str) and item in _UNARY


def _repaired(_text: str) -> DataType | None:
    """Restore an expression that lost its brackets, where only one fits: not done yet."""
    return None


def _opaque(text: str, reason: str) -> DataType:
    why = f"the data type can't be understood: {reason}"
    return DataType(text=text, state="opaque", expression="unknown", reason=why)
