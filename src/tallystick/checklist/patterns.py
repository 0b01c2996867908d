"""How the rows of a property table hang together. Rule: it finds patterns; others judge them.

A row is known here by its index in the section's rows. Rows with a blank side take no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tallystick.checklist.document import PropertyRow
from tallystick.dataflow.model import Side

__all__ = [
    "TRIGGER",
    "cycles",
    "duplicates",
    "path_on",
    "sharing",
    "triggers",
    "value_and_object",
]

TRIGGER: Final = 24
"""A source property with that many targets in one section sets something off; it isn't copied."""

Groups = dict[str, list[int]]
"""Paths, and the indices of the rows that have them, in order."""


def path_on(row: PropertyRow, side: Side) -> str:
    """Give the path on `side`."""
    return row.source.path if side == "source" else row.target.path


def sharing(rows: Sequence[PropertyRow], side: Side) -> Groups:
    """Give the paths on `side` that stand in rows with several paths opposite."""
    other: Side = "target" if side == "source" else "source"
    groups: Groups = {}
    for index, row in enumerate(rows):
        if row.source.path and row.target.path:
            groups.setdefault(path_on(row, side), []).append(index)
    return {
        path: found
        for path, found in groups.items()
        if len({path_on(rows[index], other) for index in found}) > 1
    }


def triggers(rows: Sequence[PropertyRow]) -> Groups:
    """Give the source paths that write so many targets that they can't be copied to all."""
    return {
        path: found
        for path, found in sharing(rows, "source").items()
        if len({rows[index].target.path for index in found}) >= TRIGGER
    }


def duplicates(rows: Sequence[PropertyRow]) -> list[tuple[int, int]]:
    """Give each row that says what an earlier one says, as (row, earlier row)."""
    first: dict[tuple[object, ...], int] = {}
    found = []
    for index, row in enumerate(rows):
        dependencies = (frozenset(row.source.dependencies), frozenset(row.target.dependencies))
        key = (row.source.path, row.target.path, *dependencies, row.type.text)
        before = first.setdefault(key, index)
        if before != index:
            found.append((index, before))
    return found


def value_and_object(rows: Sequence[PropertyRow], side: Side) -> list[tuple[int, int]]:
    """Give (row, other row) where the path of the other leads through the path of the row."""
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        first.setdefault(path_on(row, side), index)
    found: dict[str, tuple[int, int]] = {}
    for path, index in first.items():
        for parent in _parents(path):
            if parent in first:
                found.setdefault(parent, (first[parent], index))
    return list(found.values())


def _parents(path: str) -> Iterable[str]:
    parts = path.split(".")
    return (".".join(parts[:size]) for size in range(1, len(parts)))


def cycles(rows: Sequence[PropertyRow]) -> list[int]:
    """Give, for each circle of rows (a→x, b→x, b→y, a→y), the row that closes it."""
    joined: dict[tuple[Side, str], tuple[Side, str]] = {}

    def root(node: tuple[Side, str]) -> tuple[Side, str]:
        while joined.get(node, node) != node:
            node = joined[node]
        return node

    closing: dict[tuple[Side, str], int] = {}
    edges = {
        (row.source.path, row.target.path): index
        for index, row in reversed(list(enumerate(rows)))
        if row.source.path and row.target.path
    }
    for (source, target), index in sorted(edges.items(), key=lambda edge: edge[1]):
        left, right = root(("source", source)), root(("target", target))
        if left != right:
            joined[right] = left
        else:
            closing.setdefault(left, index)
    return sorted({root(node): index for node, index in reversed(closing.items())}.values())
