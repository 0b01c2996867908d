"""Who belongs to whom, when several could. Rule: small, exact, and always the same answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["matched"]

Allowed = Callable[[int, int], bool]


def matched(
    lefts: Iterable[int],
    rights: Sequence[int],
    allowed: Allowed,
    start: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Give as many lefts as can be a right of their own, where `allowed(left, right)`.

    `start` is a matching to begin with; earlier lefts and earlier rights are preferred.
    """
    search = _Search(rights, allowed, dict(start or {}))
    for left in lefts:
        if left not in search.mine:
            search.place(left)
    return search.mine


class _Search:
    """A matching that grows by one left at a time; each pair is asked about once."""

    def __init__(self, rights: Sequence[int], allowed: Allowed, mine: dict[int, int]) -> None:
        self.rights = rights
        self.mine = mine
        self.owner = {right: left for left, right in mine.items()}
        self._allowed = allowed
        self._answers: dict[tuple[int, int], bool] = {}

    def place(self, left: int) -> None:
        """Find a right for `left`, moving others along a shortest way, if there is any."""
        reached: dict[int, int] = {}  # by right: the left that would take it
        waiting = deque([left])
        while waiting:
            taker = waiting.popleft()
            free = self._free_for(taker)
            if free is not None:
                reached[free] = taker
                self._shift(free, reached)
                return
            for right in self.rights:
                if right not in reached and self._may(taker, right):
                    reached[right] = taker
                    waiting.append(self.owner[right])

    def _free_for(self, left: int) -> int | None:
        for right in self.rights:
            if right not in self.owner and self._may(left, right):
                return right
        return None

    def _may(self, left: int, right: int) -> bool:
        answer = self._answers.get((left, right))
        if answer is None:
            answer = self._answers[left, right] = self._allowed(left, right)
        return answer

    def _shift(self, right: int, reached: Mapping[int, int]) -> None:
        """Give `right` to the left that reached it, what that had to the one before, and so on."""
        while True:
            left = reached[right]
            given_up = self.mine.get(left)
            self.mine[left], self.owner[right] = right, left
            if given_up is None:
                return
            right = given_up
