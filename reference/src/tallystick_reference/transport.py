"""HTTP to one system: the only module that knows httpx.

It waits when it is told to, tries again within bounds, and tells a definite answer from none.
What may be sent twice without harm (reads, creates with their token) it repeats by itself; any
other write goes back to be decided again, for the record may have changed meanwhile.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import httpx

from .errors import DecideAgain, GaveUp, Unauthorized, Unavailable
from .values import Json, digest


class Answer(NamedTuple):
    """A definite answer: its status, and its body as JSON."""

    status: int
    body: Json = None


class Transport:
    """The way to one system; its token goes nowhere else."""

    attempts = 6  # for one request in one sync
    retries = 40  # in one sync, whatever the requests
    patience_s = 40.0  # with one sync
    timeout_s = 5.0  # with one answer

    def __init__(
        self, url: str, token: str, *, now: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._base = url.rstrip("/")
        self._now, self._sleep = now, sleep
        self._not_before, self._locked = 0.0, False
        self._client = self.client(token)
        self.begin()

    def client(self, token: str) -> httpx.Client:
        """Make the one client. Plain http need not load certificates, which takes a while."""
        return httpx.Client(
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=self.timeout_s,
            trust_env=False,
            verify=self._base.startswith("https:"),
        )

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
        """Send a request, by path or by a link that the system gave, until an answer is definite.

        Raises Unavailable when there is none to be had, DecideAgain in place of sending a write
        again, GaveUp when the whole sync has taken too much, Unauthorized on 401.
        """
        url = path if path.startswith(self._base + "/") else f"{self._base}/{path}"
        content = None if body is None else json.dumps(body)
        request = self._client.build_request(
            method, url, params=params, content=content, headers=headers
        )
        name = digest([method, str(request.url), body])
        while True:
            if self._failures[name] >= self.attempts:
                raise Unavailable("a request keeps failing")
            self.wait()
            if (answer := self._attempt(request)) is not None:
                return answer
            self._failed(name)
            if method != "GET" and not repeatable:
                raise DecideAgain

    def wait(self) -> None:
        """Wait until the system may be asked again, whichever request it was that heard so."""
        if self._locked:
            raise Unauthorized("the system refused the token")
        if (seconds := self._not_before - self._now()) > 0:
            self._sleep(seconds)

    def _attempt(self, request: httpx.Request) -> Answer | None:
        """Send once; None when the answer is missing, cut short, "not now" or "oops"."""
        try:
            response = self._client.send(request)
        except httpx.TransportError:
            return None
        status = response.status_code
        if status == 401:
            self._locked = True
            raise Unauthorized("the system refused the token")
        if status == 429 or status >= 500:
            self.hold(response.headers.get("Retry-After", ""))
            return None
        try:
            return Answer(
                status=status, body=None if status == 204 else json.loads(response.content)
            )
        except ValueError:
            return None

    def hold(self, retry_after: str) -> None:
        """Send nothing more to this system for as long as it says."""
        if retry_after.isdecimal():
            self._not_before = max(self._not_before, self._now() + int(retry_after) + 0.01)

    def _failed(self, request: str) -> None:
        """Count a failure, and pause a little longer with each of the same request."""
        self._failures[request] += 1
        if self._failures.total() > self.retries or self._now() > self._deadline:
            raise GaveUp("a system keeps failing")
        pause = 0.05 * 2 ** self._failures[request]
        self._not_before = max(self._not_before, self._now() + pause)
