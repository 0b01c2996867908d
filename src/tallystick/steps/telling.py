"""What pytest shows of a scenario that failed. Rule: the story, and no Python frames."""

from __future__ import annotations

from typing import Any

import pytest

from tallystick.errors import TallystickError
from tallystick.laws.explain import violation_words
from tallystick.report.story import failure_story
from tallystick.steps.scene import ScenarioFailed

__all__ = ["StoryRepr", "tell"]


class _Crash:
    """What pytest's summary looks for: one line that says why."""

    def __init__(self, message: str) -> None:
        self.message = message


class StoryRepr:
    """A failure as pytest prints it: a text, and one line for the summary."""

    def __init__(self, text: str, line: str) -> None:
        self.text = text
        self.reprcrash = _Crash(line)

    def __str__(self) -> str:
        return self.text

    def toterminal(self, writer: Any) -> None:
        """Print the story."""
        for line in self.text.splitlines():
            writer.line(line)


def tell(report: pytest.TestReport, error: BaseException | None) -> None:
    """Put the story in the place of Python's frames, where the failure is one of ours."""
    if isinstance(error, ScenarioFailed):
        played = error.played
        words = violation_words(played.violations[0], played.dataflow)
        _put(report, failure_story(played), words.sentence)
    elif isinstance(error, TallystickError):
        text = str(error)
        _put(report, text, text.partition("\n")[0])


def _put(report: pytest.TestReport, text: str, line: str) -> None:
    report.longrepr = StoryRepr(text, line)  # type: ignore[assignment]
