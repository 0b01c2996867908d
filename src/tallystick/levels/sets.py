"""The dated sets of levels, the newest last. Rule: a frozen one is never edited; add another."""

from __future__ import annotations

from typing import Final

from tallystick.levels.model import Level, LevelSet

__all__ = ["CURRENT", "SETS"]

SETS: Final[tuple[LevelSet, ...]] = (
    LevelSet(
        date="2026-11",
        levels=(
            Level(
                name="core",
                about="records are created and edits arrive from either side; nothing else is"
                " touched, and nothing is written without need",
                laws=(
                    "runs",
                    "linked",
                    "one-to-one",
                    "in-sync",
                    "no-invention",
                    "untouched",
                    "discreet",
                    "quiet",
                    "economical",
                ),
                situations=("repeat-edit", "repeat-settle"),
            ),
            Level(
                name="steady",
                about="conflicts, races, merges, deletions and references end as agreed",
                laws=(
                    "latest-wins",
                    "no-lost-edit",
                    "merged",
                    "references",
                    "for-life",
                    "deletions",
                ),
                situations=(
                    "both-edited",
                    "conflict",
                    "edit-meanwhile",
                    "merge",
                    "deletion",
                    "delete-against-edit",
                ),
            ),
            Level(
                name="resilient",
                about="faults, kills and refusals do no lasting harm, and systems in trouble are"
                " left in peace",
                laws=("polite",),
                situations=("fault", "kill", "refusal"),
            ),
            Level(
                name="full",
                about="many records, many pages and values that hurt are no obstacle",
                situations=("second-page", "hostile-value"),
            ),
        ),
    ),
)
"""All sets, in the order of their dates."""

CURRENT: Final = SETS[-1]
"""The set by which runs are judged."""
