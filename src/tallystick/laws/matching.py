"""Who belongs to whom, when several could. Rule: small, exact, and always the same answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["cheapest", "most", "perfect"]

A = TypeVar("A")
B = TypeVar("B")


def most(allowed: Sequence[Sequence[int]]) -> dict[int, int]:
    """Give as many left places as can be their own right place out of `allowed`."""
    taken: dict[int, int] = {}

    def place(left: int, tried: set[int]) -> bool:
        for right in allowed[left]:
            if right in tried:
                continue
            tried.add(right)
            if right not in taken or place(taken[right], tried):
                taken[right] = left
                return True
        return False

    for left in range(len(allowed)):
        place(left, set())
    return {left: right for right, left in taken.items()}


def perfect(allowed: Sequence[Sequence[int]]) -> list[int] | None:
    """Give for each left place one right place out of `allowed`, all different, or None."""
    found = most(allowed)
    return [found[left] for left in range(len(allowed))] if len(found) == len(allowed) else None


def cheapest(
    lefts: Sequence[A], rights: Sequence[B], cost: Callable[[A, B], int | None]
) -> list[tuple[A, B, int]]:
    """Pair lefts with rights, as many as can be, preferring low costs; None forbids a pair.

    First as many pairs of cost 0 as there can be, then the rest from the cheapest up.
    """
    costs = {
        (i, j): price
        for i, left in enumerate(lefts)
        for j, right in enumerate(rights)
        if (price := cost(left, right)) is not None
    }
    free = [[j for j in range(len(rights)) if costs.get((i, j)) == 0] for i in range(len(lefts))]
    pairs = most(free)
    used = set(pairs.values())
    for (i, j), _ in sorted(costs.items(), key=lambda item: (item[1], item[0])):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return [(lefts[i], rights[j], costs[i, j]) for i, j in sorted(pairs.items())]
