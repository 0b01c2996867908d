"""Shortening a script that fails. Rule: whatever is given was tried, and fails.

Steps name records by labels, so any step may be left out: what then cannot be done is skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tallystick.vocabulary.script import Script

__all__ = ["shortened"]

_MOST_TRIES: Final = 300


def shortened(script: Script, fails: Callable[[Script], bool]) -> Script:
    """Give a shortest failing script that leaving out steps and values leads to."""
    attempt = _Attempts(fails)
    before: Script = ()
    while script != before:
        before = script
        script = _reduced(script, attempt)
        for at in range(len(script)):
            script = _lightened(script, at, attempt)
    return script


class _Attempts:
    """Tries candidates, so many in all; what was tried before is not tried again."""

    def __init__(self, fails: Callable[[Script], bool]) -> None:
        self._fails = fails
        self._left = _MOST_TRIES
        self._passed: set[str] = set()

    def __call__(self, candidate: Script) -> bool:
        """Tell whether a candidate still fails; not, once there were too many."""
        name = repr(candidate)
        if name in self._passed or self._left == 0:
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
