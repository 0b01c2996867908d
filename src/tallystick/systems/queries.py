"""What a query string asks for. Rule: what is unknown, doubled or malformed is refused with 400."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl

from tallystick.canonical import Json
from tallystick.dataflow.paths import parse_path
from tallystick.systems.answers import bad_parameter
from tallystick.systems.figures import read_json
from tallystick.systems.orders import ByValue, Entry
from tallystick.systems.store import Table

__all__ = ["equal_to", "parameters", "whole_number"]


@lru_cache(maxsize=4096)
def _query(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(text, keep_blank_values=True))


def parameters(query: str, known: frozenset[str]) -> Mapping[str, str]:
    """Give the parameters of a query string; 400 if one is not `known` or given twice."""
    pairs = _query(query)
    found = dict(pairs)
    if not found.keys() <= known:
        unknown = ", ".join(sorted(found.keys() - known))
        raise bad_parameter(f"unknown here: {unknown}")
    if len(found) != len(pairs):
        raise bad_parameter("a parameter is given twice")
    return found


def whole_number(parameters: Mapping[str, str], name: str, default: int) -> int:
    """Read a parameter that is a whole number from 1; 400 if it is something else."""
    text = parameters.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise bad_parameter(f"{name} is a whole number from 1, not {text!r}")
    return int(text)


def equal_to(table: Table, where: str, equals: str) -> list[Entry]:
    """Give the live records whose property at the path `where` is what `equals` says.

    `equals` is a string as it is, or another scalar as JSON text; 400 for a path through a list.
    """
    try:
        path = parse_path(where)
    except ValueError as error:
        raise bad_parameter(f"where: {error}") from None
    if path.in_list:
        raise bad_parameter(f"where: {where} passes a list")
    values: list[Json] = [equals]
    try:
        scalar, _ = read_json(equals, exact=True)
    except (ValueError, RecursionError):
        pass
    else:
        if not isinstance(scalar, str) and equals == equals.strip():
            values.append(scalar)
    order = table.order(f"where {where}", lambda: ByValue(path.head))
    return order.equal_to(values)
