"""The laws against the weather: where each was put to the test, and where it broke.

Rule: a scenario counts under every weather that it asked for, as fine only where it asked for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.laws.reach import SITUATIONS
from tallystick.results.result import RunResult
from tallystick.vocabulary.laws import LAWS

__all__ = ["WEATHERS", "Cell", "MatrixRow", "ReachLine", "matrix", "reach_lines"]

WEATHERS: Final[Mapping[str, str]] = {
    "fine": "nothing went wrong",
    "faults": "requests met faults",
    "kills": "the connector was killed and started again",
    "races": "people edited while the connector was at work",
    "crowds": "listings had several pages",
    "clocks": "the systems' clocks differed",
}
"""The columns of the matrix, with their meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How often a law was tested in one weather, and how often it broke there."""

    weather: str
    tested: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A law with its cells, in the order of `WEATHERS`."""

    law: str
    meaning: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachLine:
    """A situation, and how often it was met; `kinds` says more of it, as (what, how often)."""

    name: str
    meaning: str
    count: int
    kinds: tuple[tuple[str, int], ...] = ()


def matrix(result: RunResult) -> list[MatrixRow]:
    """Give one row for each law, in the order of the laws."""
    return [
        MatrixRow(
            law=law,
            meaning=meaning,
            cells=tuple(_cell(result, law, weather) for weather in WEATHERS),
        )
        for law, meaning in LAWS.items()
    ]


def _cell(result: RunResult, law: str, weather: str) -> Cell:
    met = [
        figures
        for kinds, figures in result.weather.get(law, {}).items()
        if weather in kinds.split("+")
    ]
    return Cell(
        weather=weather,
        tested=sum(figures.tested for figures in met),
        broken=sum(figures.violated for figures in met),
    )


def reach_lines(reach: Mapping[str, int]) -> list[ReachLine]:
    """Give every situation, with the kinds of fault below the faults."""
    kinds = sorted(
        (name.removeprefix("fault: "), count)
        for name, count in reach.items()
        if name.startswith("fault: ") and count
    )
    return [
        ReachLine(
            name=name,
            meaning=meaning,
            count=reach.get(name, 0),
            kinds=tuple(kinds) if name == "fault" else (),
        )
        for name, meaning in SITUATIONS.items()
    ]
