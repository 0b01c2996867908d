"""Sending webhooks, from a thread of its own. Rule: at least once, in no particular order, and now
and then not at all, as the weather has it.
"""

from __future__ import annotations

import contextlib
import heapq
import http.client
import threading
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from tallystick.systems.webhooks import Delivery
from tallystick.vocabulary.events import WebhookFate

__all__ = ["Deliverer"]

_TIMES: Final[Mapping[WebhookFate, int]] = {"lost": 0, "twice": 2}
_DELAYS_S: Final[Mapping[WebhookFate, float]] = {"late": 0.4, "overtaken": 0.2}
_PATIENCE_S: Final = 2.0  # with whoever gets one
_ATTEMPTS: Final = 2
_AGAIN_S: Final = 0.1


class Deliverer:
    """Delivers what it is given; `close` ends it, whatever is still to be sent."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._due: list[tuple[float, int, Delivery, int]] = []
        self._count = 0
        self._closing = False
        self._thread: threading.Thread | None = None

    def send(self, delivery: Delivery, fate: WebhookFate = "") -> None:
        """Have a message delivered: at once, unless something befalls it."""
        with self._news:
            for _ in range(_TIMES.get(fate, 1)):
                self._put(time.monotonic() + _DELAYS_S.get(fate, 0.0), delivery)
            self._news.notify()

    def _put(self, due_s: float, delivery: Delivery, attempts: int = _ATTEMPTS) -> None:
        self._count += 1
        heapq.heappush(self._due, (due_s, self._count, delivery, attempts))
        if self._thread is None and not self._closing:
            self._thread = threading.Thread(
                target=self._work, name="tallystick webhooks", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Send nothing more."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(2 * _PATIENCE_S)

    def _work(self) -> None:
        while (item := self._next()) is not None:
            delivery, attempts = item
            if not _post(delivery) and attempts > 1:
                with self._news:
                    self._put(time.monotonic() + _AGAIN_S, delivery, attempts - 1)

    def _next(self) -> tuple[Delivery, int] | None:
        """Wait for what is due next; None when there is nothing more to do."""
        with self._news:
            while not self._closing:
                left = self._due[0][0] - time.monotonic() if self._due else None
                if left is not None and left <= 0:
                    _, _, delivery, attempts = heapq.heappop(self._due)
                    return delivery, attempts
                self._news.wait(left)
            return None


def _post(delivery: Delivery) -> bool:
    """Send one message; tell whether it was taken."""
    parts = urlsplit(delivery.url)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_PATIENCE_S)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/json", "Webhook-Signature": delivery.signature}
    try:
        link.request("POST", target, body=delivery.body, headers=headers)
        return link.getresponse().status < 300
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        with contextlib.suppress(OSError):
            link.close()
