"""What is planned for a world. Rule: a plan is for the connector's n-th request, write or webhook
from now on; once it is due it is given, and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tallystick.systems import System
from tallystick.vocabulary.events import Request, WebhookFate
from tallystick.vocabulary.weather import LIST_FAULTS, Counting, Fault, Kill

__all__ = ["Forecast", "Plan"]

Plan = Fault | Kill | Callable[[], None]
"""What can be planned for a request: weather, or something that people do at that moment."""


@dataclass(frozen=True, slots=True)
class _Entry:
    counting: Counting
    at: int
    plan: Plan


class Forecast:
    """Counts requests and webhooks, and knows what is to befall them."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._made: dict[Counting, int] = {"request": 0, "write": 0}
        self._webhooks = 0
        self._fates: dict[int, WebhookFate] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def plan(self, counting: Counting, number: int, plan: Plan) -> None:
        """Have something happen at the connector's `number`-th request, or write, from now on."""
        self._entries.append(_Entry(counting, self._made[counting] + number, plan))

    def plan_webhook(self, number: int, fate: WebhookFate) -> None:
        """Have something befall the `number`-th webhook from now on."""
        self._fates[self._webhooks + number] = fate

    def clear(self) -> list[Callable[[], None]]:
        """Forget all plans; give what people would have done at requests that never came."""
        missed = [entry.plan for entry in self._entries if callable(entry.plan)]
        self._entries.clear()
        self._fates.clear()
        return missed

    def webhook(self) -> tuple[int, WebhookFate]:
        """Count a webhook; give its number and what befalls it."""
        self._webhooks += 1
        return self._webhooks, self._fates.pop(self._webhooks, "")

    def request(self, request: Request) -> None:
        """Count a request."""
        self._made["request"] += 1
        self._made["write"] += request.method != "GET"

    def acts(self, request: Request) -> list[Callable[[], None]]:
        """Take what people do before this request is carried out."""
        return self._take(request, callable)

    def kills(self, request: Request) -> list[Kill]:
        """Take the kills at this request."""
        return self._take(request, lambda plan: isinstance(plan, Kill))

    def fault(self, request: Request, system: System) -> Fault | None:
        """Take the first fault that can befall this request to `system`."""
        for entry in self._entries:
            plan = entry.plan
            if isinstance(plan, Fault) and self._is_due(entry, request):
                if plan.fault in LIST_FAULTS and system.purpose(request) != "list":
                    continue
                if plan.fault == "delta-expired" and "deltatoken=" not in request.target:
                    continue  # only who follows a delta link can find it expired
                self._entries.remove(entry)
                return plan
        return None

    def _take(self, request: Request, fits: Callable[[Plan], bool]) -> list[Any]:
        due = [e for e in self._entries if fits(e.plan) and self._is_due(e, request)]
        self._entries = [entry for entry in self._entries if entry not in due]
        return [entry.plan for entry in due]

    def _is_due(self, entry: _Entry, request: Request) -> bool:
        counts = entry.counting == "request" or request.method != "GET"
        return counts and entry.at <= self._made[entry.counting]
