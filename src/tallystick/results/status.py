"""What a run ends with. Rule: where several statuses apply, the first of `PRECEDENCE` counts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

__all__ = ["INTERRUPTED", "PRECEDENCE", "STATUS_WORDS", "ExitStatus", "status_name", "worst"]


class ExitStatus(IntEnum):
    """What the process ends with."""

    CONFORMANT = 0
    NOT_CONFORMANT = 1
    BAD_INPUT = 2
    UNDECIDED = 3
    UNAVAILABLE = 4
    FAULT = 5


INTERRUPTED: Final = 130
"""What a process that was interrupted ends with, by the shell's custom: no verdict at all."""

PRECEDENCE: Final = (
    ExitStatus.FAULT,
    ExitStatus.UNAVAILABLE,
    ExitStatus.BAD_INPUT,
    ExitStatus.NOT_CONFORMANT,
    ExitStatus.UNDECIDED,
    ExitStatus.CONFORMANT,
)
"""The order in which statuses count."""

STATUS_WORDS: Final = {
    ExitStatus.CONFORMANT: "Conformant",
    ExitStatus.NOT_CONFORMANT: "Not conformant",
    ExitStatus.BAD_INPUT: "Not run: the input cannot be used",
    ExitStatus.UNDECIDED: "Undecided",
    ExitStatus.UNAVAILABLE: "Not run: the connector cannot be started or reached",
    ExitStatus.FAULT: "A fault of Tallystick itself",
}
_NAMES: Final = {
    ExitStatus.CONFORMANT: "conformant",
    ExitStatus.NOT_CONFORMANT: "not-conformant",
    ExitStatus.BAD_INPUT: "bad-input",
    ExitStatus.UNDECIDED: "undecided",
    ExitStatus.UNAVAILABLE: "unavailable",
    ExitStatus.FAULT: "fault",
}


def status_name(number: int) -> str:
    """Give the name of an exit status in files: `conformant`, …, `interrupted`."""
    return "interrupted" if number == INTERRUPTED else _NAMES[ExitStatus(number)]


def worst(statuses: Iterable[ExitStatus]) -> ExitStatus:
    """Give the status that counts where several apply; CONFORMANT where none does."""
    given = set(statuses)
    return next((one for one in PRECEDENCE if one in given), ExitStatus.CONFORMANT)
