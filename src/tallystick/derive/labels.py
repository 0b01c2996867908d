"""What records are called in derived features. Rule: one type, one kind of name, no chance in it.

People get people's names, goods get goods' names, everything else a letter and a number, so that
`the key of "Ann"` can only mean one record of a scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tallystick.dataflow.model import Dataflow

__all__ = ["Namer", "namers"]

Namer = Callable[[int], str]
"""Gives the name of the n-th record (from 0) of one type."""

_POOLS: Final = (
    (
        ("person", "people", "customer", "contact", "member", "employee", "user", "owner"),
        ("Ann", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gro", "Hal"),
    ),
    (
        ("product", "item", "article", "asset", "goods", "variant"),
        ("Chair", "Table", "Lamp", "Sofa", "Shelf", "Desk", "Bench", "Stool"),
    ),
    (
        ("compan", "account", "organi", "supplier", "vendor", "store", "department"),
        ("Acme", "Borealis", "Cobalt", "Dune", "Ember", "Fjord", "Grove", "Harbour"),
    ),
)


def namers(dataflow: Dataflow) -> dict[str, Namer]:
    """Give, for each source type, what gives its records' names."""
    taken: set[object] = set()
    found: dict[str, Namer] = {}
    for name in dataflow.source_types:
        pool = next((p for hints, p in _POOLS if p not in taken and _hinted(name, hints)), None)
        if pool is not None:
            taken.add(pool)
            found[name] = _from(pool)
        else:
            letter = _letter(name, taken)
            taken.add(letter)
            found[name] = _numbered(letter)
    return found


def _hinted(name: str, hints: tuple[str, ...]) -> bool:
    return any(hint in name.lower() for hint in hints)


def _letter(name: str, taken: set[object]) -> str:
    wanted = [c for c in name.upper() if c.isascii() and c.isalpha()]
    letters = [*wanted, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    free = (letter for letter in letters if letter not in taken)
    return next(free, f"X{len(taken)}")


def _from(pool: tuple[str, ...]) -> Namer:
    return lambda n: pool[n % len(pool)] + (f" {n // len(pool) + 1}" if n >= len(pool) else "")


def _numbered(letter: str) -> Namer:
    return lambda n: f"{letter}-{n + 1}"
