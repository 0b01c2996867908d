"""What is noted of a connector. Rule: of a token it is noted whose it was, never what it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Literal

from tallystick.canonical import Json
from tallystick.connectors.environment import masked
from tallystick.dataflow.model import SIDES, Side
from tallystick.run.ground import Ground
from tallystick.run.wiring import Wiring
from tallystick.vocabulary.events import (
    Exchange,
    FaultKind,
    Printed,
    Request,
    Response,
    Strayed,
)

__all__ = ["Traffic"]

_KEPT: Final = ("idempotency-key", "if-match")


class Traffic:
    """Makes events of what a connector says, and counts its requests."""

    def __init__(self, wiring: Wiring, ground: Ground) -> None:
        self.wiring = wiring
        self.ground = ground
        self.requests = 0

    def exchange(
        self,
        at_ms: int,
        side: Side,
        request: Request,
        response: Response,
        *,
        answered: bool,
        fault: FaultKind = "",
    ) -> Exchange:
        """Give the event of the newest request; `response` is what was done, or was shown."""
        retry_after = response.headers.get("retry-after")
        return Exchange(
            at_ms=at_ms,
            number=self.requests,
            process=self.wiring.driver.processes,
            side=side,
            method=request.method,
            target=request.target,
            status=response.status if answered else 0,
            answered=answered,
            fault=fault,
            body=_parsed(request.body),
            answer=response.answer if answered else None,
            token=_token(request, self.wiring.tokens),
            headers={name: request.headers[name] for name in _KEPT if name in request.headers},
            retry_after_s=int(retry_after) if retry_after else None,
            changes=self.ground.own(response.changes),
        )

    def strayed(self, origin: str, request: Request) -> Strayed:
        """Give the event of a request to somebody else than the two systems."""
        return Strayed(
            at_ms=self.wiring.clock.now_ms,
            process=self.wiring.driver.processes,
            origin=origin,
            tokens=self._tokens_in(request.headers.get("authorization", "")),
        )

    def printed(self, line: str) -> Printed:
        """Give the event of a line that the connector printed."""
        return Printed(
            at_ms=self.wiring.clock.now_ms, text=masked(line), tokens=self._tokens_in(line)
        )

    def _tokens_in(self, text: str) -> tuple[Side, ...]:
        return tuple(side for side in SIDES if self.wiring.tokens[side] in text)


def _parsed(body: bytes) -> Json:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def _token(
    request: Request, tokens: Mapping[Side, str]
) -> Literal["source", "target", "none", "unknown"]:
    authorization = request.headers.get("authorization", "")
    if not authorization:
        return "none"
    for side in SIDES:
        if authorization == f"Bearer {tokens[side]}":
            return side
    return "unknown"
