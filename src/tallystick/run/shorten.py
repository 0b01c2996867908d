"""Shortening a script that fails. Rule: whatever is given was tried, and fails.

Steps name records by labels, so any step may be left out: what then cannot be done is skipped.
What is still long after that is told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from typing import Any, Final

from tallystick.run.retell import NO_OPPOSITES, Opposite, retold
from tallystick.vocabulary.script import Script

__all__ = ["RETELLINGS", "shortened"]

RETELLINGS: Final = 500
"""How many other ways of telling a long story are tried."""


_MOST_TRIES: Final = 300

_SHORT: Final = 4  # steps; whoever reads them needs no shorter story
_LONG: Final = 15  # steps; in longer ones there are too many ways


def shortened(
    script: Script,
    fails: Callable[[Script], bool],
    *,
    opposite: Opposite = NO_OPPOSITES,
    retellings: int = RETELLINGS,
) -> Script:
    """Give a shortest failing script that leaving out steps and values leads to.

    `opposite` is what `opposites` gives (nothing: no record is created as it was edited on the
    other side); `retellings` is how many other ways of telling it are tried where that stays long.
    """
    attempt, retelling = _Attempts(fails, _MOST_TRIES), _Attempts(fails, retellings)
    first, before = script, Script()
    while script != before:
        before = script
        script = _reduced(script, attempt)
        for at in range(len(script)):
            script = _lightened(script, at, attempt)
        if script == before and _SHORT < len(script) <= _LONG:
            told = takewhile(lambda _: not retelling.spent, retold(script, first, opposite))
            script = next(filter(retelling, told), script)
    return script


class _Attempts:
    """Tries candidates, so many in all; what was tried before is not tried again."""

    def __init__(self, fails: Callable[[Script], bool], most: int) -> None:
        self._fails = fails
        self._left = most
        self._passed: set[str] = set()

    @property
    def spent(self) -> bool:
        """Tell whether there were as many as there may be."""
        return self._left == 0

    def __call__(self, candidate: Script) -> bool:
        """Tell whether a candidate still fails; not, once there were too many."""
        name = repr(candidate)
        if name in self._passed or self.spent:
            return False
        self._left -= 1
        if self._fails(candidate):
            return True
        self._passed.add(name)
        return False


def _lightened(script: Script, at: int, attempt: _Attempts) -> Script:
    """Leave out values of one step; an edit keeps one."""
    step = script[at]
    values: Any = getattr(step, "values", ())
    fewest = 0 if type(step).__name__ in {"Create", "AddElement"} else 1

    def holding(fewer: tuple[Any, ...]) -> Script:
        changed: Any = {"values": fewer}
        return (*script[:at], replace(step, **changed), *script[at + 1 :])

    fewer = _reduced(values, lambda some: len(some) >= fewest and attempt(holding(some)))
    return script if fewer == values else holding(fewer)


def _reduced(items: tuple[Any, ...], fails: Callable[[tuple[Any, ...]], bool]) -> tuple[Any, ...]:
    """Leave out halves, quarters, and at last single items, the later ones first."""
    size = max(len(items) // 2, 1)
    while size:
        end = len(items)
        while end > 0:
            fewer = items[: max(end - size, 0)] + items[end:]
            if fails(fewer):
                items = fewer
            end -= size
        size //= 2
    return items
