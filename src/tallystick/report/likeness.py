"""Failures that are alike. Rule: one law, broken in one way, for one row and direction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from tallystick.report.story import told_script
from tallystick.results.taking import PlayedScenario

__all__ = ["grouped"]

_Told = TypeVar("_Told", bound=PlayedScenario)


def grouped(failed: Iterable[_Told]) -> list[list[_Told]]:
    """Give failures in groups of those that are alike, in the order of their first.

    In each group the one with the shortest script comes first: it is the one to tell.
    """
    groups: dict[tuple[Any, ...], list[_Told]] = {}
    for told in failed:
        groups.setdefault(_likeness(told), []).append(told)
    return [sorted(group, key=lambda told: len(told_script(told))) for group in groups.values()]


def _likeness(told: PlayedScenario) -> tuple[Any, ...]:
    first = told.violations[0]
    files = tuple(pair.origin.file for pair in told.dataflow.pairs[:1])
    return (files, first.law, first.anomaly, first.pair, first.row, first.direction)
