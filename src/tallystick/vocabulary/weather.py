"""Weather: what befalls a connector at one of its requests, as steps. Rule: it is planned ahead.

Requests are counted from 1, from the connector's next request on: all of them, or only those that
write (`counting`). What was planned for a request that is never made does not happen; the settle
that follows forgets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tallystick.dataflow.model import Side
from tallystick.vocabulary.events import FaultKind, WebhookFate

__all__ = [
    "DEFINITE_FAULTS",
    "FAULT_WORDS",
    "LIST_FAULTS",
    "WEBHOOK_WORDS",
    "Counting",
    "During",
    "Fault",
    "Kill",
    "KillMoment",
    "Many",
    "Skew",
    "counted",
    "fault_words",
]

KillMoment = Literal["before", "during", "after"]
Counting = Literal["request", "write"]

FAULT_WORDS: Final[Mapping[FaultKind, str]] = {
    "unavailable": "is turned away with 503 for {seconds}",
    "throttled": "is turned away with 429 for {seconds}",
    "error": "is carried out, but answered with 500",
    "reset-before": "is cut off before it is carried out",
    "reset-after": "is carried out, but its answer is lost",
    "stall": "is carried out, but not answered in time",
    "cut": "is carried out, but its answer is cut short",
    "empty-list": "is answered with an empty list",
    "short-list": "is answered with a shortened list",
    "stale-list": "is answered with an old list",
    "delta-expired": "finds its delta link expired",
}
"""What a fault does to a request, in a scenario's words."""


def counted(number: int, unit: str) -> str:
    """Give `1 second` or `5 seconds`."""
    return f"{number} {unit}{'' if number == 1 else 's'}"


def fault_words(fault: FaultKind, seconds: int = 0) -> str:
    """Say what a fault does to a request; `seconds` is the Retry-After, if any."""
    return FAULT_WORDS[fault].format(seconds=counted(seconds, "second"))


LIST_FAULTS: Final[frozenset[FaultKind]] = frozenset({"empty-list", "short-list", "stale-list"})
"""Faults that strike the first listing at or after their request."""

DEFINITE_FAULTS: Final[frozenset[FaultKind]] = frozenset(
    {"unavailable", "throttled", "reset-before", "delta-expired"}
)
"""Faults of which it is certain that no work was done."""


WEBHOOK_WORDS: Final[Mapping[WebhookFate, str]] = {
    "lost": "is lost",
    "twice": "arrives twice",
    "late": "arrives late",
    "overtaken": "arrives after the next one",
}
"""What befalls a webhook, in a scenario's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class During:
    """A person's step that is made while the connector is at its request `request`; if it comes to
    rest before that, once it has.
    """

    request: int
    step: Any
    counting: Counting = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something goes wrong with request `request`; `seconds` is the Retry-After, if any."""

    request: int
    fault: FaultKind
    seconds: int = 0
    counting: Counting = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """The connector's process is killed at a request, and one new one is started."""

    request: int
    moment: KillMoment
    counting: Counting = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Something befalls a webhook; they are counted from 1, from the next one on.

    Connectors in this process get none, and so nothing befalls them.
    """

    number: int
    fate: WebhookFate


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """Set-up: the clock of one system is ahead of the other's by a constant."""

    side: Side
    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """People create many records of a type on one side within one second."""

    side: Side
    type: str
    number: int
    label: str
