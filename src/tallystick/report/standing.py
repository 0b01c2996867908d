"""Reach and level in a few lines for a terminal. Rule: the whole of both stands in verdict.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.laws.reach import SITUATIONS
from tallystick.report.plain import harmless, many, wrapped
from tallystick.results.result import RunResult

__all__ = ["level_lines", "reach_lines"]

_MOST_MISSING: Final = 3


def reach_lines(result: RunResult, width: int) -> list[str]:
    """Give how often each situation occurred, and which of those that can never did."""
    met = {name: result.reach[name] for name in SITUATIONS if name in result.reach}
    said = [f"{name} {times:,}" for name, times in met.items() if times]
    never = [name for name, times in met.items() if not times]
    lines = [f"Situations met: {', '.join(said)}."] if said else []
    lines += [f"Never met: {', '.join(never)}."] if never else []
    return [wrapped(line, width) for line in lines]


def level_lines(result: RunResult, width: int) -> list[str]:
    """Give the level reached, and what stands between it and the next."""
    levels = result.levels
    if levels is None or not result.complete:
        return []
    draft = ", a draft" if levels.draft else ""
    lines = [f"Level: {levels.reached or 'none'} (levels of {levels.set}{draft})."]
    coming = next((level for level in levels.levels if not level.reached), None)
    if coming is not None:
        lines.append(f"To reach {coming.name}, where {coming.about}:")
        lines += _missing(coming.missing)
    return [wrapped(harmless(line), width, indent="  ", first="") for line in lines]


def _missing(missing: tuple[str, ...]) -> Iterator[str]:
    yield from (f"  - {text}" for text in missing[:_MOST_MISSING])
    more = len(missing) - _MOST_MISSING
    if more > 0:
        yield f"  - and {many(more, 'thing')} more"
