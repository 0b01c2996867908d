"""Webhooks of a storefront/1: who wants to be told of what. Rule: it computes, and sends nothing.

`POST /webhooks` `{"url": …, "types": […]}` registers a URL on this machine for types, named by
their paths. What is to be delivered then are signed bodies; `deliveries` sends them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from tallystick.canonical import Json
from tallystick.clock import whole_second_text
from tallystick.systems.answers import encode, invalid, problem
from tallystick.vocabulary.events import Change, Request, Response

__all__ = ["PATH", "Delivery", "Webhooks"]

PATH: Final = "/webhooks"
_MEMBERS: Final = frozenset({"url", "types"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One signed message to one URL."""

    url: str
    body: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class _Registration:
    url: str
    types: frozenset[str]


class Webhooks:
    """The registrations of one system. `paths` gives the path of each type by its name."""

    def __init__(self, token: str, paths: Mapping[str, str]) -> None:
        self._token = token
        self._paths = paths
        self._registered: list[_Registration] = []
        self._count = 0

    def answer(self, request: Request) -> Response:
        """Answer a request to `/webhooks` from somebody whose token is right."""
        if request.method != "POST":
            allow = {"allow": "POST"}
            detail = f"{request.method} is not for {PATH}"
            return problem(405, "method-not-allowed", detail, headers=allow)
        if not request.headers.get("content-type", "").startswith("application/json"):
            return problem(415, "unsupported-type", "bodies are application/json in UTF-8")
        try:
            said = json.loads(request.body)
        except (ValueError, RecursionError) as error:
            return problem(400, "bad-json", f"the body is not JSON: {error}")
        if not isinstance(said, dict) or said.keys() != _MEMBERS:
            return problem(400, "bad-body", "the body is an object with: types, url")
        wrong = list(self._wrong(said))
        if wrong:
            return invalid(wrong)
        self._registered.append(_Registration(said["url"], frozenset(said["types"])))
        shown = {"id": f"wh-{len(self._registered)}", **said}
        kind = {"content-type": "application/json"}
        return Response(status=201, body=encode(shown).encode(), headers=kind, answer=shown)

    def _wrong(self, said: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        url, types = said["url"], said["types"]
        if not isinstance(url, str) or not _is_loopback(url):
            yield "url", "is an http URL on this machine"
        known = frozenset(self._paths.values())
        texts = isinstance(types, list) and all(isinstance(name, str) for name in types)
        if not texts or not types or not known.issuperset(types):
            yield "types", f"is a list of: {', '.join(sorted(known))}"

    def deliveries(self, change: Change, now_ms: int) -> list[Delivery]:
        """Give what is to be sent because of a change: a message for each registration."""
        path = self._paths[change.type]
        return [
            self._message(to, change, path, now_ms) for to in self._registered if path in to.types
        ]

    def _message(self, to: _Registration, change: Change, path: str, now_ms: int) -> Delivery:
        self._count += 1
        said = {
            "id": f"del-{self._count}",
            "type": path,
            "event": _event(change),
            "record_id": change.key,
            "occurred_at": whole_second_text(now_ms),
        }
        body = encode(said).encode()
        signature = hmac.new(self._token.encode(), body, hashlib.sha256).hexdigest()
        return Delivery(url=to.url, body=body, signature=signature)


def _event(change: Change) -> str:
    if change.before is None:
        return "created"
    return "updated" if change.after.live else "deleted"


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "http" or not host or parts.username is not None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
