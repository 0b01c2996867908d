"""What had to be assumed of two systems, in words for whoever reads a report. Rule: it only tells.

Nobody agreed on the schemas of these record types: they were made from the rows of the checklist.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from tallystick.checklist.assumed import Kind
from tallystick.dataflow.model import SIDES, Dataflow, Side

__all__ = ["assumptions"]

_MOST: Final = 8


def assumptions(dataflow: Dataflow, agreed: Container[Kind]) -> tuple[str, ...]:
    """Say what was assumed of types that are not among the `agreed` ones; () where nothing was."""
    return tuple(said for side in SIDES for said in _of_side(dataflow, side, agreed))


def _of_side(dataflow: Dataflow, side: Side, agreed: Container[Kind]) -> Iterator[str]:
    system = f"the {side} system {dataflow.system(side).system}".rstrip()
    types = [name for name in dataflow.types(side) if (side, name) not in agreed]
    if not types:
        return
    told = [_told(dataflow, side, name) for name in types]
    yield f"assumed of records in {system}, from the checklist's rows alone: {_listed(told)}"
    lists = [f"{name}.{path}" for name in types for path in _lists(dataflow, side, name)]
    if lists:
        yield f"assumed to be lists in {system}: {_listed(lists)}"


def _told(dataflow: Dataflow, side: Side, name: str) -> str:
    rows = [row for pair in dataflow.pairs_of(side, name) for row in pair.rows]
    count = len({row.path(side).text for row in rows if not row.path(side).is_key})
    return f"{name} ({count} {'property' if count == 1 else 'properties'})"


def _lists(dataflow: Dataflow, side: Side, name: str) -> list[str]:
    rows = [row for pair in dataflow.pairs_of(side, name) for row in pair.rows]
    return list(dict.fromkeys(row.path(side).list_text for row in rows if row.path(side).in_list))


def _listed(texts: list[str]) -> str:
    more = len(texts) - _MOST
    return ", ".join(texts[:_MOST]) + (f", and {more} more" if more > 0 else "")
