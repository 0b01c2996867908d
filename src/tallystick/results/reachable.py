"""Which situations a checklist lets occur at all. Rule: where in doubt, it can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tallystick.canonical import Json
from tallystick.dataflow.model import SIDES, Dataflow
from tallystick.laws.reach import SITUATIONS

__all__ = ["reachable"]

_LIMITS: Final = frozenset(
    {
        *("minLength", "maxLength", "pattern", "format", "enum", "const"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minItems", "maxItems", "uniqueItems", "required", "not"),
    }
)


def _has_rows(dataflow: Dataflow) -> bool:
    return any(pair.rows for pair in dataflow.pairs)


def _has_two_rows(dataflow: Dataflow) -> bool:
    return any(len(pair.rows) > 1 for pair in dataflow.pairs)


def _merges(dataflow: Dataflow) -> bool:
    return any(pair.merge for pair in dataflow.pairs)


def _converts(dataflow: Dataflow) -> bool:
    return any(row.type not in (None, "string") for pair in dataflow.pairs for row in pair.rows)


def _refuses(dataflow: Dataflow) -> bool:
    return any(_limits(kind.schema) for side in SIDES for kind in dataflow.types(side).values())


def _limits(schema: Json) -> bool:
    """Tell whether a JSON Schema refuses any value for more than its type."""
    if isinstance(schema, Mapping):
        return not _LIMITS.isdisjoint(schema) or any(map(_limits, schema.values()))
    return isinstance(schema, (list, tuple)) and any(map(_limits, schema))


_NEEDS: Final[Mapping[str, Callable[[Dataflow], bool]]] = {
    "conflict": _has_rows,
    "both-edited": _has_two_rows,
    "repeat-edit": _has_rows,
    "unseen-edit": _has_rows,
    "merge": _merges,
    "refusal": _refuses,
    "unconvertible": _converts,
}
"""What a checklist must have for a situation; the others can occur under any."""


def reachable(dataflow: Dataflow) -> tuple[str, ...]:
    """Give the situations that can occur, in the order of the reach table."""
    return tuple(name for name in SITUATIONS if name not in _NEEDS or _NEEDS[name](dataflow))
