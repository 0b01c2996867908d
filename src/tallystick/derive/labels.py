"""What records are called in derived features. Rule: one type, one kind of name, no chance in it.

People get people's names, goods get goods' names, everything else a letter and a number, so that
`the key of "Ann"` can only mean one record of a scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tallystick.dataflow.model import Dataflow, Pair
from tallystick.vocabulary.script import Ref

__all__ = ["Namer", "by_section", "counterpart_of", "namers"]

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


def counterpart_of(dataflow: Dataflow, pair: Pair, ref: Ref, *, only: str = "") -> Ref:
    """Name the counterpart, in `pair`, of a source record, with as few words as are needed.

    `only` says that it is the counterpart, where nothing more needs to be said.
    """
    several = len(dataflow.pairs_of("source", pair.source)) > 1
    return by_section(dataflow, pair, Ref(ref.label, ref.type, pair.target if several else only))


def by_section(dataflow: Dataflow, pair: Pair, ref: Ref) -> Ref:
    """Name the section as well where others are about the same two types."""
    types = (pair.source, pair.target)
    twins = [other for other in dataflow.pairs if (other.source, other.target) == types]
    return replace(ref, section=pair.number) if len(twins) > 1 else ref


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
