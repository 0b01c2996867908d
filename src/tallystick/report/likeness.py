"""Failures that are alike. Rule: one law, broken in one way, for one row and direction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from tallystick.dataflow.model import Dataflow
from tallystick.laws.checks import CHECKS
from tallystick.report.story import told_script
from tallystick.results.taking import PlayedScenario, is_about
from tallystick.vocabulary.script import step_kind

__all__ = ["grouped"]

_Told = TypeVar("_Told", bound=PlayedScenario)


def grouped(failed: Iterable[_Told], dataflow: Dataflow) -> list[list[_Told]]:
    """Give failures in groups of those that are alike, in the order of their first; those about
    `dataflow` come before those about other checklists and policies.

    In each group the one in which the least has to be done comes first, with the fewest values: it
    is the one to tell.
    """
    groups: dict[tuple[Any, ...], list[_Told]] = {}
    for told in failed:
        groups.setdefault(_likeness(told), []).append(told)
    own_first = sorted(groups.values(), key=lambda group: not is_about(group[0].dataflow, dataflow))
    return [sorted(group, key=_effort) for group in own_first]


def _effort(told: PlayedScenario) -> tuple[int, int]:
    """Count the steps in which something is done, and nothing only looked at; and their values."""
    doings = [step for step in told_script(told) if step_kind(step) not in CHECKS]
    return len(doings), sum(len(getattr(step, "values", ())) for step in doings)


def _likeness(told: PlayedScenario) -> tuple[Any, ...]:
    first = told.violations[0]
    files = tuple(pair.origin.file for pair in told.dataflow.pairs[:1])
    return (files, first.law, first.anomaly, first.pair, first.row, first.direction)
