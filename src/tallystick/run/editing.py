"""What people's edits make of a record's data. Rule: data in, new data out; nothing is kept.

Paths are as scripts write them: dotted, and `lines[2].price` for the second line's price.
"""

from __future__ import annotations

import re

from tallystick.canonical import MISSING, Json, Missing
from tallystick.dataflow.paths import read, write

__all__ = [
    "EditImpossible",
    "assign",
    "insert_element",
    "move_element",
    "remove_element",
    "value_at",
]

_INDEXED = re.compile(r"^(?P<head>[^\[\]]+)\[(?P<at>\d+)\](?:\.(?P<tail>.+))?$")


class EditImpossible(ValueError):
    """The record has no such place; the message says which."""


def assign(data: Json, path: str, value: Json | Missing) -> Json:
    """Give `data` with `value` at `path`; MISSING takes the property away."""
    found = _INDEXED.match(path)
    if found is None:
        return write(data, tuple(path.split(".")), value)
    head = tuple(found["head"].split("."))
    items = list(_list_at(data, found["head"]))
    at = _place(items, int(found["at"]), found["head"])
    items[at] = write(items[at], tuple(found["tail"].split(".")), value) if found["tail"] else value
    return write(data, head, items)


def value_at(data: Json, path: str) -> Json | Missing:
    """Give what stands at `path`, MISSING where nothing does."""
    found = _INDEXED.match(path)
    if found is None:
        return read(data, tuple(path.split(".")))
    items = read(data, tuple(found["head"].split(".")))
    at = int(found["at"]) - 1
    if not isinstance(items, list) or not 0 <= at < len(items):
        return MISSING
    return read(items[at], tuple(found["tail"].split("."))) if found["tail"] else items[at]


def _list_at(data: Json, path: str) -> list[Json]:
    found = read(data, tuple(path.split(".")))
    if found is MISSING or found is None:
        return []
    if not isinstance(found, list):
        raise EditImpossible(f"{path} is no list")
    return found


def _place(items: list[Json], position: int, path: str) -> int:
    if not 1 <= position <= len(items):
        raise EditImpossible(f"{path} has {len(items)} elements and none at place {position}")
    return position - 1


def insert_element(data: Json, path: str, element: Json) -> Json:
    """Give `data` with `element` at the end of the list at `path`."""
    return write(data, tuple(path.split(".")), [*_list_at(data, path), element])


def remove_element(data: Json, path: str, position: int) -> Json:
    """Give `data` without the element at `position` (from 1) of the list at `path`."""
    items = list(_list_at(data, path))
    del items[_place(items, position, path)]
    return write(data, tuple(path.split(".")), items)


def move_element(data: Json, path: str, position: int, to: int) -> Json:
    """Give `data` with the element at `position` moved to place `to` (both from 1)."""
    items = list(_list_at(data, path))
    element = items.pop(_place(items, position, path))
    if not 1 <= to <= len(items) + 1:
        raise EditImpossible(f"{path} has no place {to}")
    items.insert(to - 1, element)
    return write(data, tuple(path.split(".")), items)
