"""What happened in a world, as frozen values. Rule: no clock and no id is made here.

A journal is a sequence of these events. Every change carries the record before and after; data
objects are shared between events and are never changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from tallystick.canonical import Json
from tallystick.dataflow.model import Side

__all__ = [
    "CALM",
    "Change",
    "Edited",
    "Event",
    "Exchange",
    "FaultKind",
    "Killed",
    "Notified",
    "Printed",
    "Request",
    "Response",
    "Settled",
    "Skipped",
    "Snapshot",
    "Started",
    "Strayed",
    "SyncBegan",
    "SyncEnded",
    "SyncOutcome",
    "WebhookFate",
]

CALM: Final = 3
"""Settles in fine weather after which everything must be well again."""

SyncOutcome = Literal["did", "failed", "crashed"]
"""`did`: a settle follows; `failed`: it gave up for now; `crashed`: it broke its protocol."""

FaultKind = Literal[
    "",
    "unavailable",  # 503 with Retry-After, no work done
    "throttled",  # 429 with Retry-After, no work done
    "error",  # 500, the work may have been done
    "reset-before",
    "reset-after",
    "stall",
    "cut",
    "empty-list",
    "short-list",
    "stale-list",
    "delta-expired",
]

WebhookFate = Literal["", "lost", "twice", "late", "overtaken"]
"""What befalls a webhook; `overtaken`: later ones arrive before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A record at one moment, as its system holds it.

    `modified_ms` and `deleted_ms` are in the system's own clock, in full milliseconds; a system
    may serve them coarser. `version` counts the record's states from 1.
    """

    data: Mapping[str, Json]
    modified_ms: int
    version: int
    deleted_ms: int | None = None
    reference: str | None = None

    @property
    def live(self) -> bool:
        """Whether the record has not been deleted."""
        return self.deleted_ms is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record's change of state: created (`before` None), edited, or deleted."""

    side: Side
    type: str
    key: str | int
    before: Snapshot | None
    after: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request as a system sees it: `target` is path and query; header names lower-case.

    `read_timeout_ms` is how long the client waits for an answer (None: for ever, or not known).
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    read_timeout_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A system's answer, and the changes of its records that the work made.

    `answer` is the JSON that `body` holds (None where it holds none): shared, never to be changed.
    A body that is cut short keeps the `content-length` of the whole one; its `answer` is None.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    answer: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A person created, edited or deleted a record; `step` is its place in the script (from 1)."""

    at_ms: int
    step: int
    label: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A step that could not be carried out in this world, and why (its record is not there)."""

    at_ms: int
    step: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request of the connector, and what came of it.

    `number` counts the connector's requests in this world from 1, `process` its starts from 1.
    `body` and `answer` are parsed JSON (None where there is none). `status` is 0 and `answered`
    False where no answer reached the connector; `fault` says what the weather did to it.
    `token` says whose token it carried.
    """

    at_ms: int
    number: int
    process: int
    side: Side
    method: str
    target: str
    status: int
    answered: bool = True
    body: Json = None
    answer: Json = None
    token: Literal["source", "target", "none", "unknown"] = "none"  # noqa: S105  (whose it is)
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after_s: int | None = None
    fault: FaultKind = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Strayed:
    """A request to an origin that belongs to neither system; refused as an unreachable host."""

    at_ms: int
    process: int
    origin: str
    tokens: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """A webhook was sent because of a change of the record `key`; `number` counts them from 1."""

    at_ms: int
    number: int
    side: Side
    type: str
    key: str | int
    fate: WebhookFate = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A process of the connector was started."""

    at_ms: int
    process: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """The connector's process was killed on purpose."""

    at_ms: int
    process: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncBegan:
    """The connector was asked to synchronize; `number` counts from 1."""

    at_ms: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncEnded:
    """It answered, or broke."""

    at_ms: int
    number: int
    outcome: SyncOutcome
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The connector has become quiet: the laws are judged here. `sync` is the sync that led here.

    `calm` counts the settles whose sync began after the weather last did something, this one
    included; a world begins calm. With less than `CALM` of them, only the laws that hold at every
    moment are judged.
    """

    at_ms: int
    number: int
    sync: int
    calm: int = CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A line that the connector wrote to its output or log, tokens masked as `<source-token>`."""

    at_ms: int
    text: str
    tokens: tuple[Side, ...] = ()


Event = (
    Edited
    | Skipped
    | Exchange
    | Strayed
    | Notified
    | Started
    | Killed
    | SyncBegan
    | SyncEnded
    | Settled
    | Printed
)
