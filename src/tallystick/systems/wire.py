"""What both APIs share on the wire. Rule: it knows requests and answers, and no dialect.

A dialect is a table of routes and one function for each purpose. Everything before that (whether
the system answers at all, tokens, paths, methods, parameters, bodies) happens here, in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Protocol
from urllib.parse import unquote, urlsplit

from tallystick.canonical import Json
from tallystick.clock import SECOND_MS
from tallystick.dataflow.model import Api, Side
from tallystick.systems.answers import Refused, encode, invalid, problem, refusal
from tallystick.systems.figures import read_json
from tallystick.systems.orders import Entry, Key
from tallystick.systems.queries import parameters
from tallystick.systems.store import Store, Table
from tallystick.vocabulary.events import Change, Request, Response

__all__ = ["MAX_BODY_BYTES", "Call", "Dialect", "Purpose", "Route", "System", "folded"]

MAX_BODY_BYTES: Final = 1_048_576
_JSON: Final = "application/json"
_JSON_HEADERS: Final[Mapping[str, str]] = {"content-type": _JSON}

Purpose = Literal["list", "look-up", "read", "create", "update", "delete", ""]
"""What a request is for: `look-up` is a listing that asks for one value; "" is no known route."""


def folded(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Give headers as they came by their names in lower case; what came twice is joined."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A method on a path template, what it is for, and the query parameters that it knows."""

    method: str
    template: Literal["/{path}", "/{path}/{id}"]
    purpose: Purpose
    parameters: frozenset[str] = frozenset()


class System(Protocol):
    """A mock system: pure work over a store."""

    api: ClassVar[Api]
    routes: ClassVar[tuple[Route, ...]]
    store: Store
    base_url: str

    @property
    def side(self) -> Side:
        """The side of the dataflow that it stands on."""
        ...

    def handle(self, request: Request) -> Response:
        """Answer a request, and do its work."""
        ...

    def purpose(self, request: Request) -> Purpose:
        """Say what a request is for, without answering it."""
        ...

    def throttle(self, until_ms: int) -> None:
        """Answer every request with 429 until the world's clock reaches `until_ms`."""
        ...

    def unavailable(self, until_ms: int) -> None:
        """Answer every request with 503 until the world's clock reaches `until_ms`."""
        ...

    def expire_deltas(self) -> None:
        """Let every delta link served so far expire (nothing where there are none)."""
        ...

    def as_of(self, mark: int) -> System:
        """Give the system as it was at the store's `mark`, to answer a listing with old news."""
        ...


@dataclass(slots=True, kw_only=True)
class Call:
    """A request that has come through to its route."""

    request: Request
    route: Route
    table: Table
    segment: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as sent: `fits` is False where a number or text in it may not be taken."""

    members: Mapping[str, Json]
    fits: bool

    @property
    def data(self) -> Json:
        """What is under `data`."""
        return self.members["data"]


class Dialect:
    """Base of the two dialects. `base_url` is the origin, with or without a path, of its URLs."""

    api: ClassVar[Api]
    routes: ClassVar[tuple[Route, ...]]

    def __init__(self, store: Store, *, token: str, base_url: str) -> None:
        self.store = store
        self.base_url = base_url.rstrip("/")
        self._prefix = urlsplit(self.base_url).path
        self._token = token
        self._authorization = f"Bearer {token}"
        self._closed_status: Literal[429, 503] = 503
        self._closed_until_ms = 0
        self._tables = {table.path: table for table in store.tables.values()}
        self._by_template: dict[str, dict[str, Route]] = {}
        for route in self.routes:
            self._by_template.setdefault(route.template, {})[route.method] = route
        self._work: Mapping[Purpose, Callable[[Call], Response]] = self._works()

    @property
    def side(self) -> Side:
        """The side of the dataflow that it stands on."""
        return self.store.side

    def throttle(self, until_ms: int) -> None:
        """Answer every request with 429 until the world's clock reaches `until_ms`."""
        self._closed_status, self._closed_until_ms = 429, until_ms

    def unavailable(self, until_ms: int) -> None:
        """Answer every request with 503 until the world's clock reaches `until_ms`."""
        self._closed_status, self._closed_until_ms = 503, until_ms

    def expire_deltas(self) -> None:
        """Let every delta link served so far expire (nothing where there are none)."""

    def handle(self, request: Request) -> Response:
        """Answer a request, and do its work."""
        try:
            self._admit(request)
            call = self._resolve(request)
            return self._work[call.route.purpose](call)
        except Refused as refused:
            return refused.response

    def purpose(self, request: Request) -> Purpose:
        """Say what a request is for, without answering it."""
        try:
            call = self._resolve(request)
        except Refused:
            return ""
        if call.route.purpose == "list" and self._is_look_up(call):
            return "look-up"
        return call.route.purpose

    # What a dialect says of itself.

    def _works(self) -> Mapping[Purpose, Callable[[Call], Response]]:
        raise NotImplementedError

    def _is_look_up(self, call: Call) -> bool:
        raise NotImplementedError

    def _key(self, segment: str) -> Key | None:
        """Give the key that a path segment stands for; None if it cannot be one."""
        raise NotImplementedError

    def _envelope(self, entry: Entry) -> dict[str, Json]:
        """Give what the API shows of a record's state."""
        raise NotImplementedError

    # The way in.

    def _admit(self, request: Request) -> None:
        left_ms = self._closed_until_ms - self.store.clock.now_ms
        if left_ms > 0:
            raise Refused(refusal(self._closed_status, -(-left_ms // SECOND_MS)))
        authorization = request.headers.get("authorization", "")
        if authorization == self._authorization:
            return
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or token.strip(" ") != self._token:
            headers = {"www-authenticate": "Bearer"}
            detail = "this system knows no such token"
            raise Refused(problem(401, "unauthorized", detail, headers=headers))

    def _resolve(self, request: Request) -> Call:
        path, _, query = request.target.partition("?")
        parts = path.removeprefix(self._prefix).split("/")
        if len(parts) not in (2, 3) or parts[0]:
            raise Refused(problem(404, "unknown-route", f"there is nothing at {path}"))
        table = self._tables.get(parts[1]) or self._tables.get(unquote(parts[1]))
        if table is None:
            raise Refused(problem(404, "unknown-type", f"there is no type at {path}"))
        routes = self._by_template["/{path}" if len(parts) == 2 else "/{path}/{id}"]
        route = routes.get(request.method)
        if route is None:
            allow = {"allow": ", ".join(sorted(routes))}
            detail = f"{request.method} is not for {path}"
            raise Refused(problem(405, "method-not-allowed", detail, headers=allow))
        return Call(
            request=request,
            route=route,
            table=table,
            segment=unquote(parts[2]) if len(parts) == 3 else "",
            parameters=parameters(query, route.parameters) if query else {},
        )

    def _entry(self, call: Call) -> Entry:
        """Give the live record that the path names; 404 or 410."""
        key = self._key(call.segment)
        entry = call.table.newest.get(key) if key is not None else None
        if entry is None:
            raise Refused(problem(404, "unknown-record", f"there never was a {call.segment!r}"))
        if entry.snapshot.deleted_ms is not None:
            raise Refused(problem(410, "gone", f"{call.segment!r} is deleted"))
        return entry

    def _body(self, request: Request, members: frozenset[str]) -> Body:
        """Read a body that may have `members` and must have `data`; 400, 413 or 415."""
        _check_type(request.headers.get("content-type", ""))
        if len(request.body) > MAX_BODY_BYTES:
            raise Refused(problem(413, "too-large", f"at most {MAX_BODY_BYTES} bytes"))
        try:
            said, fits = read_json(request.body.decode(), exact=self.store.exact_numbers)
        except (ValueError, RecursionError) as error:
            raise Refused(problem(400, "bad-json", f"the body is not JSON: {error}")) from None
        if not isinstance(said, dict) or "data" not in said or not said.keys() <= members:
            shape = ", ".join(sorted(members))
            raise Refused(problem(400, "bad-body", f"the body is an object with: {shape}"))
        return Body(members=said, fits=fits)

    def _check(self, table: Table, data: Json, *, fits: bool) -> None:
        """Refuse with 422, one entry for each path, what the type's schema forbids."""
        if not isinstance(data, dict):
            raise Refused(invalid([("", "is not an object")]))
        if not fits or not table.accepts(data):
            violations = self.store.violations(table.name, data)
            if violations:
                raise Refused(invalid(violations))

    # The way out.

    def _answer(self, entry: Entry) -> dict[str, Json]:
        answer = entry.answer
        if answer is None:
            answer = entry.answer = self._envelope(entry)
        return answer

    def _wire(self, entry: Entry) -> bytes:
        wire = entry.wire
        if wire is None:
            wire = entry.wire = encode(self._answer(entry)).encode()
        return wire

    def _record(self, status: int, entry: Entry, *changes: Change, etag: str = "") -> Response:
        """Answer with one record, in the state that `changes`, if any, left it in."""
        return Response(
            status=status,
            body=self._wire(entry),
            headers={"content-type": _JSON, "etag": etag} if etag else _JSON_HEADERS,
            changes=changes,
            answer=self._answer(entry),
        )

    def _list(self, name: str, entries: list[Entry], members: Mapping[str, Json]) -> Response:
        """Answer a listing: the records under `name`, then the other `members` (at least one)."""
        rest = encode(members)[1:].encode()
        opening = f'{{"{name}":['.encode()
        return Response(
            status=200,
            body=b"%b%b]%b%b" % (opening, b",".join(map(self._wire, entries)), b",", rest),
            headers=_JSON_HEADERS,
            answer={name: list(map(self._answer, entries)), **members},
        )


def _check_type(content_type: str) -> None:
    if content_type == _JSON:
        return
    kind, _, options = content_type.lower().partition(";")
    charset = options.replace(" ", "").replace('"', "")
    if kind.strip() != _JSON or charset not in ("", "charset=utf-8", "charset=utf8"):
        detail = f"bodies are {_JSON} in UTF-8, not {content_type!r}"
        raise Refused(problem(415, "unsupported-type", detail))
