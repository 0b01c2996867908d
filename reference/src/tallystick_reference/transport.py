"""HTTP to one system: the only module that knows httpx.

It waits when it is told to, tries again within bounds, and tells a definite answer from none.
What may be sent twice without harm (reads, creates with their token) it repeats by itself; any
other write goes back to be decided again, for the record may have changed meanwhile.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tallystick_reference.errors import DecideAgain, GaveUp, Unauthorized, Unavailable
from tallystick_reference.values import Json, digest


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A definite answer: its status, and its body as JSON."""

    status: int
    body: Json = None


class Transport:
    """One system's base URL and token; the token goes nowhere else."""

    attempts = 6  # for one request in one sync
    retries = 40  # in one sync, whatever the requests
    patience_s = 40.0  # in one sync, from its first request on
    timeout_s = 5.0

    def __init__(
        self, url: str, token: str, *, now: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._base = url.rstrip("/")
        self._now = now
        self._sleep = sleep
        self._not_before = 0.0
        self._locked = False
        # Loading certificates takes 20 ms, which plain http has no use for.
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=self.timeout_s,
            trust_env=False,
            verify=self._base.startswith("https:"),
        )
        self.begin()

    def begin(self) -> None:
        """Begin a sync: patience is counted afresh."""
        self._failures: Counter[str] = Counter()
        self._deadline = self._now() + self.patience_s

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(  # noqa: PLR0913 - a request has these parts
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        body: Json = None,
        headers: dict[str, str] | None = None,
        repeatable: bool = False,
    ) -> Answer:
        """Send a request until it has a definite answer.

        Raises Unavailable when there is none to be had, DecideAgain in place of sending a write
        again, GaveUp when the whole sync has taken too much, Unauthorized on 401.
        """
        url = path if path.startswith(self._base + "/") else f"{self._base}/{path}"
        request = self._client.build_request(
            method,
            url,
            params=params,
            content=None if body is None else json.dumps(body),
            headers={**(headers or {}), **({"Content-Type": "application/json"} if body else {})},
        )
        name = digest([method, str(request.url), body])
        while True:
            self._wait()
            answer = self._attempt(request)
            if answer is not None:
                return answer
            self._failed(name)
            if method != "GET" and not repeatable:
                raise DecideAgain

    def _wait(self) -> None:
        """Wait until the system may be asked again, whichever request it was that heard so."""
        if self._locked:
            raise Unauthorized("the system refused the token")
        if (wait := self._not_before - self._now()) > 0:
            self._sleep(wait)

    def _attempt(self, request: httpx.Request) -> Answer | None:
        """Send once; None when the answer is missing, cut short, or "not now"."""
        try:
            response = self._client.send(request)
        except httpx.TransportError:
            return None
        status = response.status_code
        if status == httpx.codes.UNAUTHORIZED:
            self._locked = True
            raise Unauthorized("the system refused the token")
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            self.hold(response.headers.get("Retry-After", "0"))
            return None
        try:
            empty = status == httpx.codes.NO_CONTENT
            return Answer(status=status, body=None if empty else json.loads(response.content))
        except ValueError:
            return None

    def hold(self, retry_after: str) -> None:
        """Send nothing more to this system for as long as it says."""
        seconds = float(retry_after) if retry_after.isdecimal() else 0.0
        self._not_before = max(self._not_before, self._now() + seconds + 0.01)

    def _failed(self, name: str) -> None:
        """Count a failure, and pause a little longer with each of the same request."""
        self._failures[name] += 1
        if self._failures.total() > self.retries or self._now() > self._deadline:
            raise GaveUp("the system keeps failing")
        if self._failures[name] >= self.attempts:
            raise Unavailable("one request keeps failing")
        pause = 0.05 * 2 ** self._failures[name]
        self._not_before = max(self._not_before, self._now() + pause)
