"""The exception tree. Rule: whoever raises one of these says what to do about it.

    TallystickError                 exit status
    ├── BadInput                    2   something that the user gave cannot be used
    ├── ConnectorUnavailable        4   the connector could not be started or reached
    │   └── ConnectorCrashed        4   it was there, and died or broke the protocol
    └── HarnessFault                5   a mistake of Tallystick's own

A `BadInput` carries all its problems at once, each with file and line where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "BadInput",
    "ConnectorCrashed",
    "ConnectorUnavailable",
    "HarnessFault",
    "Problem",
    "TallystickError",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with what the user gave, where it stands, and how to mend it."""

    text: str
    remedy: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        remedy = f"\n    {self.remedy}" if self.remedy else ""
        return f"{place}{self.text}{remedy}"


class TallystickError(Exception):
    """Base of everything that Tallystick raises on purpose."""

    exit_status = 5


class BadInput(TallystickError):
    """The user's document, file or option cannot be used; `problems` says all of why."""

    exit_status = 2

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(text=problems)
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ConnectorUnavailable(TallystickError):
    """The connector under test could not be started or reached; `remedy` says what to do."""

    exit_status = 4

    def __init__(self, text: str, *, remedy: str = "") -> None:
        super().__init__(text)
        self.remedy = remedy


class ConnectorCrashed(ConnectorUnavailable):
    """The connector was there and died, or broke its protocol, outside any planned kill."""


class HarnessFault(TallystickError):
    """Tallystick itself did something that it must not; please report it."""
