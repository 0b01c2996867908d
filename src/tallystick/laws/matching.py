"""Who belongs to whom, when several could. Rule: small, exact, and always the same answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

__all__ = ["matched"]

RightsOf = Callable[[int], Iterable[int]]


def matched(
    lefts: Iterable[int], rights_of: RightsOf, start: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Give as many lefts as can be a right of their own, out of those that `rights_of` allows.

    `start` is a matching to begin with; earlier lefts and earlier rights are preferred.
    """
    mine = dict(start or {})
    owner = {right: left for left, right in mine.items()}
    for left in lefts:
        if left not in mine:
            _place(left, rights_of, mine, owner)
    return mine


def _place(left: int, rights_of: RightsOf, mine: dict[int, int], owner: dict[int, int]) -> None:
    """Find a right for `left`, moving others along a shortest way; none, and nothing changes."""
    reached: dict[int, int] = {}  # by right: the left that would take it
    waiting = deque([left])
    while waiting:
        taker = waiting.popleft()
        for right in rights_of(taker):
            if right in reached:
                continue
            reached[right] = taker
            if right not in owner:
                _shift(right, reached, mine, owner)
                return
            waiting.append(owner[right])


def _shift(
    right: int, reached: Mapping[int, int], mine: dict[int, int], owner: dict[int, int]
) -> None:
    while True:
        left = reached[right]
        given_up = mine.get(left)
        mine[left], owner[right] = right, left
        if given_up is None:
            return
        right = given_up
