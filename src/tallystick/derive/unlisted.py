"""Properties that belong to nobody's mapping. Rule: the schema names them and no row does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tallystick.canonical import Json
from tallystick.dataflow.model import Dataflow, Side

__all__ = ["unlisted_paths"]


def unlisted_paths(dataflow: Dataflow, side: Side, type_name: str) -> tuple[str, ...]:
    """Give the paths of a type's scalar properties that no row and no condition names."""
    listed = {
        text
        for pair in dataflow.pairs_of(side, type_name)
        for row in pair.rows
        for text in (
            row.path(side).text,
            *(c.path.text for c in row.when if c.side == side),
        )
    }
    heads = {text.split("[]", 1)[0] for text in listed}
    schema = dataflow.types(side)[type_name].schema
    return tuple(
        path
        for path in _leaves(schema, "")
        if path not in heads and not any(head.startswith(f"{path}.") for head in heads)
    )


def _leaves(schema: Mapping[str, Json], prefix: str) -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        if isinstance(inner, Mapping) and "properties" in inner:
            yield from _leaves(inner, f"{path}.")
        else:
            yield path
