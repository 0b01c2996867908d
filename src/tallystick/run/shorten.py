"""Shortening a script that fails. Rule: every candidate is tried, and only failing ones are kept.

Steps name records by labels, so any step may be left out: what then cannot be done is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from tallystick.vocabulary.script import Script, Step

__all__ = ["shortened"]

_MOST_TRIES: Final = 300


def shortened(script: Script, fails: Callable[[Script], bool]) -> Script:
    """Give a shortest failing script that leaving out steps and values leads to."""
    tries = _MOST_TRIES
    changed = True
    while changed and tries > 0:
        changed = False
        for candidate in _candidates(script):
            tries -= 1
            if tries < 0:
                break
            if fails(candidate):
                script, changed = candidate, True
                break
    return script


def _candidates(script: Script) -> Iterator[Script]:
    """Give shorter scripts: halves gone, then single steps from the end, then single values."""
    size = len(script) // 2
    while size > 1:
        for start in range(0, len(script) - size + 1, size):
            yield script[:start] + script[start + size :]
        size //= 2
    for at in range(len(script) - 1, -1, -1):
        yield script[:at] + script[at + 1 :]
    for at, step in enumerate(script):
        for lighter in _lighter(step):
            yield (*script[:at], lighter, *script[at + 1 :])


def _lighter(step: Step) -> Iterator[Step]:
    values: Any = getattr(step, "values", ())
    fewest = 0 if type(step).__name__ in {"Create", "AddElement"} else 1
    if len(values) > fewest:
        for at in range(len(values)):
            changed: Any = {"values": (*values[:at], *values[at + 1 :])}
            yield replace(step, **changed)
