"""What of a record belongs to nobody's mapping. Rule: it strips, and judges nothing.

A property is listed when a row of any pair of its record's type names it (or, for rows that pick
an element, when their conditions do).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tallystick.canonical import Json
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Side
from tallystick.dataflow.paths import Path

__all__ = ["Listed", "listed"]


class Listed:
    """The listed properties of one type on one side, as a tree of names."""

    def __init__(self, pairs: tuple[Pair, ...], side: Side) -> None:
        self._tree: dict[str, Any] = {}
        self.lists: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for pair in pairs:
            for row in pair.rows:
                self._add(row.path(side))
                for condition in row.when:
                    if condition.side == side:
                        self._add(condition.path)

    def _add(self, path: Path) -> None:
        if path.is_key:
            return
        if path.tail is not None:
            self.lists.setdefault(path.head, []).append(path.tail)
        node = self._tree
        for segment in path.head[:-1]:
            node = node.setdefault(segment, {})
            if node is True:
                return
        last = path.head[-1]
        if path.tail is None:
            node[last] = True
        else:
            node.setdefault(last, None)

    def strip(self, data: Mapping[str, Json]) -> Mapping[str, Json]:
        """Give a record's data without what is listed, lists that hold listed elements included."""
        return _strip(data, self._tree)

    def unlisted_of_element(self, head: tuple[str, ...], element: Json) -> Json:
        """Give an element of a listed list without its listed properties."""
        tree: dict[str, Any] = {}
        for tail in self.lists[head]:
            if not tail:
                return {}
            node = tree
            for segment in tail[:-1]:
                node = node.setdefault(segment, {})
            node[tail[-1]] = True
        return _strip(element, tree) if isinstance(element, Mapping) else element

    def unlisted_paths(self, data: Mapping[str, Json]) -> list[tuple[str, Json]]:
        """Give path and value of every leaf that is not listed, elements of lists included."""
        found = list(_leaves(self.strip(data), ""))
        for head in self.lists:
            items: Any = data
            for segment in head:
                items = items.get(segment) if isinstance(items, Mapping) else None
            for at, element in enumerate(items if isinstance(items, list) else (), 1):
                place = f"{'.'.join(head)}[{at}]"
                rest = self.unlisted_of_element(head, element)
                found.extend(_leaves(rest, place) if isinstance(rest, Mapping) else ())
        return found


def listed(dataflow: Dataflow) -> dict[tuple[Side, str], Listed]:
    """Give what is listed of every type, by side and type."""
    return {
        (side, name): Listed(dataflow.pairs_of(side, name), side)
        for side in SIDES
        for name in dataflow.types(side)
    }


def _strip(data: Mapping[str, Json], tree: Mapping[str, Any]) -> dict[str, Json]:
    out: dict[str, Json] = {}
    for name, value in data.items():
        if name not in tree:
            out[name] = value
            continue
        inner = tree[name]
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            rest = _strip(value, inner)
            if rest:
                out[name] = rest
    return out


def _leaves(data: Mapping[str, Json], place: str) -> list[tuple[str, Json]]:
    found: list[tuple[str, Json]] = []
    for name, value in data.items():
        path = f"{place}.{name}".lstrip(".")
        if isinstance(value, Mapping) and value:
            found += _leaves(value, path)
        else:
            found.append((path, value))
    return found
