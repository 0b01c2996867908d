"""In what order records can come to be. Rule: it reads references between types, not records."""

from __future__ import annotations

from tallystick.dataflow.model import Dataflow, Pair, Row

__all__ = ["dependency_order", "refers_back"]


def dependency_order(dataflow: Dataflow) -> tuple[Pair, ...]:
    """Give the pairs so that what is referred to comes first; cycles in the file's order."""
    ordered: list[Pair] = []
    waiting = list(dataflow.pairs)
    while waiting:
        free = [pair for pair in waiting if not _needs(pair, waiting)] or waiting[:1]
        ordered.extend(free)
        waiting = [pair for pair in waiting if pair not in free]
    return tuple(ordered)


def _needs(pair: Pair, waiting: list[Pair]) -> bool:
    wanted = {row.reference.source for row in pair.rows if row.reference is not None}
    return any(other.source in wanted for other in waiting if other is not pair)


def refers_back(dataflow: Dataflow, pair: Pair, row: Row) -> bool:
    """Tell whether what a reference row leads to refers back to the pair's type, at any remove."""
    if row.reference is None:
        return False
    seen: set[str] = set()
    names = [row.reference.source]
    while names:
        name = names.pop()
        if name == pair.source:
            return True
        if name not in seen:
            seen.add(name)
            names += _referred_by(dataflow, name)
    return False


def _referred_by(dataflow: Dataflow, source_type: str) -> list[str]:
    return [
        row.reference.source
        for pair in dataflow.pairs_of("source", source_type)
        for row in pair.rows
        if row.reference is not None
    ]
