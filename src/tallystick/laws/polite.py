"""polite: waits as Retry-After says, retries within bounds, is quiet when idle, stops on 401.

A write that was refused may be sent once more in the same sync, and not again until people edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tallystick.canonical import Json, fingerprint
from tallystick.clock import SECOND_MS
from tallystick.dataflow.model import SIDES, Side
from tallystick.laws.law import Law, Scene
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Edited, Event, Exchange, Killed, Started, SyncBegan

__all__ = ["Polite"]

MOST_ATTEMPTS: Final = 10  # for one request in one sync
MOST_RETRIES: Final = 100  # in one sync
MOST_REFUSALS: Final = 2  # of one write in one sync, while nobody edits
IDLE_REQUESTS: Final = 4  # for each type and system
PAGE: Final = 50  # the smaller of the two APIs' usual pages
_FAILED: Final = frozenset({0, 429, 500, 503})
_REFUSED: Final = 422


class Polite(Law):
    """The connector respects what the systems' terms ask of everybody."""

    name = "polite"
    hears = frozenset({Exchange, SyncBegan, Started, Killed, Edited})

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._closed_until: dict[Side, int] = {}
        self._locked_out: set[Side] = set()
        self._attempts: Counter[str] = Counter()
        self._refusals: Counter[str] = Counter()
        self._retries = 0
        self._requests = 0
        self._stirred = [True, True]  # did anything happen in the sync before, and in this one

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Follow the traffic."""
        match event:
            case Exchange():
                self.scene.test(self.name)
                yield from self._look_at(event)
            case SyncBegan():
                self._attempts.clear()
                self._refusals.clear()
                self._retries = self._requests = 0
                self._stirred = [self._stirred[1], False]
            case Started() | Killed():
                self._closed_until.clear()
                self._locked_out.clear()
                self._refusals.clear()
            case Edited():
                self._stirred[1] = True
                self._refusals.clear()
            case _:
                return

    def _look_at(self, exchange: Exchange) -> Iterable[Violation]:
        side = exchange.side
        self._requests += 1
        if exchange.changes or exchange.fault or not exchange.answered:
            self._stirred[1] = True
        if side in self._locked_out:
            yield self._violation("goes-on-after-401", side)
        if exchange.at_ms < self._closed_until.get(side, 0):
            yield self._violation("did-not-wait", side)
        yield from self._count(exchange)
        if exchange.answered and exchange.status == 401:
            self._locked_out.add(side)
        if exchange.answered and exchange.retry_after_s is not None:
            self._closed_until[side] = exchange.at_ms + exchange.retry_after_s * SECOND_MS

    def _count(self, exchange: Exchange) -> Iterable[Violation]:
        if exchange.answered and exchange.status not in _FAILED:
            if exchange.status == _REFUSED and not self.scene.history.own_pace:
                yield from self._count_refusal(exchange)
            return
        request = _request(exchange)
        self._attempts[request] += 1
        self._retries += 1
        if self._attempts[request] == MOST_ATTEMPTS + 1:
            yield self._violation("too-many-attempts", exchange.side, MOST_ATTEMPTS)
        if self._retries == MOST_RETRIES + 1:
            yield self._violation("too-many-retries", exchange.side, MOST_RETRIES)

    def _count_refusal(self, exchange: Exchange) -> Iterable[Violation]:
        key = exchange.headers.get("idempotency-key") or _reference(exchange.body)
        if exchange.method == "POST" and not key:
            return  # may have been another record's, which looks the same
        request = f"{_request(exchange)} {key}"
        self._refusals[request] += 1
        if self._refusals[request] == MOST_REFUSALS + 1:
            yield self._violation("refused-again", exchange.side, MOST_REFUSALS)

    def on_settle(self) -> Iterable[Violation]:
        """Judge an idle sync: one before and in which nothing happened."""
        if any(self._stirred) or self.scene.history.own_pace:
            return
        limit = self._idle_limit()
        if self._requests > limit:
            yield self.scene.violation(
                self.name, "busy-when-idle", None, expected=limit, found=self._requests
            )

    def _idle_limit(self) -> int:
        limit = 0
        for side in SIDES:
            storefront = self.scene.dataflow.system(side).api == "storefront/1"
            for records in self.scene.history.records[side].values():
                limit += IDLE_REQUESTS + 2 * max(1, -(-len(records) // PAGE))
                if storefront and records:
                    seconds = Counter(r.now.modified_ms // SECOND_MS for r in records.values())
                    limit += 2 * (seconds[max(seconds)] // 100)
        return limit

    def _violation(self, anomaly: str, side: Side, limit: int | None = None) -> Violation:
        return self.scene.violation(self.name, anomaly, None, direction=side, expected=limit)


def _request(exchange: Exchange) -> str:
    """Give a text that is the same for requests that are the same, but for their headers."""
    body = fingerprint(exchange.body)
    return f"{exchange.side} {exchange.method} {exchange.target} {body}"


def _reference(body: Json) -> Json:
    """Give the external reference that a create carries, if any."""
    return body.get("external_reference") if isinstance(body, dict) else None
