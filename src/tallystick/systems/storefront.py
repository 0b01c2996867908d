"""The shop's API, storefront/1. Rule: it answers as hosted shop platforms do, and holds no clock.

Whole-second times, pages counted afresh at every request, merge patches without an ETag, creates
that can be repeated under an `Idempotency-Key`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from tallystick.canonical import Json, same
from tallystick.clock import SECOND_MS, parse_time, whole_second_text
from tallystick.dataflow.model import Api
from tallystick.systems.answers import Refused, bad_parameter, problem
from tallystick.systems.mergepatch import merge_patch
from tallystick.systems.orders import ByTime, Entry, Key
from tallystick.systems.queries import equal_to, whole_number
from tallystick.systems.store import Store
from tallystick.systems.webhooks import PATH, Webhooks
from tallystick.systems.wire import Call, Dialect, Purpose, Route
from tallystick.vocabulary.events import Request, Response

__all__ = ["Storefront"]

_PAGE: Final = 50
_LONGEST_PAGE: Final = 100
_MEMBERS: Final = frozenset({"data"})

_ROUTES: Final = (
    Route(
        method="GET",
        template="/{path}",
        purpose="list",
        parameters=frozenset({"modified_since", "page", "per_page", "where", "equals"}),
    ),
    Route(method="POST", template="/{path}", purpose="create"),
    Route(method="GET", template="/{path}/{id}", purpose="read"),
    Route(method="PATCH", template="/{path}/{id}", purpose="update"),
    Route(method="DELETE", template="/{path}/{id}", purpose="delete"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What a create under an Idempotency-Key sent, and the key of the record that it made."""

    sent: bytes
    members: Mapping[str, Json]
    key: Key


class Storefront(Dialect):
    """A mock system that speaks storefront/1 over `store`.

    `webhooks` takes registrations, where there is somebody to deliver them; else there are none.
    """

    api: ClassVar[Api] = "storefront/1"
    routes: ClassVar[tuple[Route, ...]] = _ROUTES

    def __init__(self, store: Store, *, token: str, base_url: str) -> None:
        super().__init__(store, token=token, base_url=base_url)
        self._made: dict[tuple[str, str], _Made] = {}
        self.webhooks: Webhooks | None = None

    def offer_webhooks(self) -> None:
        """Take registrations from now on."""
        paths = {name: table.path for name, table in self.store.tables.items()}
        self.webhooks = Webhooks(self._token, paths)

    def handle(self, request: Request) -> Response:
        """Answer a request, and do its work."""
        if self.webhooks is None or request.target != self._prefix + PATH:
            return super().handle(request)
        try:
            self._admit(request)
        except Refused as refused:
            return refused.response
        return self.webhooks.answer(request)

    def as_of(self, mark: int) -> Storefront:
        """Give the system as it was at the store's `mark`, to answer a listing with old news."""
        return Storefront(self.store.as_of(mark), token=self._token, base_url=self.base_url)

    def _works(self) -> Mapping[Purpose, Callable[[Call], Response]]:
        return {
            "list": self._page,
            "read": self._read,
            "create": self._create,
            "update": self._patch,
            "delete": self._delete,
        }

    def _is_look_up(self, call: Call) -> bool:
        return "where" in call.parameters

    def _key(self, segment: str) -> Key | None:
        return segment

    def _envelope(self, entry: Entry) -> dict[str, Json]:
        snapshot = entry.snapshot
        at = whole_second_text(snapshot.modified_ms)
        if snapshot.deleted_ms is not None:
            deleted_at = whole_second_text(snapshot.deleted_ms)
            return {"id": entry.key, "modified_at": at, "deleted_at": deleted_at}
        return {"id": entry.key, "modified_at": at, "data": snapshot.data}

    def _page(self, call: Call) -> Response:
        said = call.parameters
        page = whole_number(said, "page", 1)
        size = whole_number(said, "per_page", _PAGE)
        if size > _LONGEST_PAGE:
            raise bad_parameter(f"per_page is at most {_LONGEST_PAGE}")
        start, count, rows = self._rows(call)
        pages = max(1, -(-count // size))
        first = start + (page - 1) * size
        entries = [row[2] for row in rows[first : first + size]]
        return self._list("items", entries, {"page": page, "pages": pages})

    def _rows(self, call: Call) -> tuple[int, int, list[tuple[int, Key, Entry]]]:
        """Give rows in the order of listing, where the asked ones start, and how many they are."""
        said = call.parameters
        if "where" in said or "equals" in said:
            found = _look_up(call)
            return 0, len(found), found
        since = said.get("modified_since")
        if since is None:
            live = call.table.order("live by time", lambda: ByTime(deleted=False))
            return 0, len(live.rows), live.rows
        try:
            second = parse_time(since) // SECOND_MS
        except ValueError as error:
            raise bad_parameter(f"modified_since: {error}") from None
        everything = call.table.order("all by time", lambda: ByTime(deleted=True))
        start = everything.position(second)
        return start, len(everything.rows) - start, everything.rows

    def _read(self, call: Call) -> Response:
        return self._record(200, self._entry(call))

    def _create(self, call: Call) -> Response:
        name = call.request.headers.get("idempotency-key")
        if name is not None and not name.strip():
            raise bad_parameter("an Idempotency-Key is not blank")
        body = self._body(call.request, _MEMBERS)
        table = call.table
        made = self._made.get((table.name, name)) if name is not None else None
        if made is not None:
            if made.sent != call.request.body and not same(made.members, body.members):
                detail = f"the Idempotency-Key {name!r} was used with another body"
                raise Refused(problem(422, "key-reused", detail))
            return self._record(200, table.newest[made.key])
        self._check(table, body.data, fits=body.fits)
        change = self.store.add(table, body.data)
        if name is not None:
            sent = call.request.body
            self._made[table.name, name] = _Made(sent=sent, members=body.members, key=change.key)
        return self._record(201, table.newest[change.key], change)

    def _patch(self, call: Call) -> Response:
        body = self._body(call.request, _MEMBERS)
        entry = self._entry(call)
        data = merge_patch(entry.snapshot.data, body.data)
        self._check(call.table, data, fits=body.fits)
        change = self.store.change(call.table, entry, data)
        return self._record(200, call.table.newest[entry.key], change)

    def _delete(self, call: Call) -> Response:
        return Response(status=204, changes=(self.store.remove(call.table, self._entry(call)),))


def _look_up(call: Call) -> list[tuple[int, Key, Entry]]:
    said = call.parameters
    if "where" not in said or "equals" not in said:
        raise bad_parameter("where and equals belong together")
    if "modified_since" in said:
        raise bad_parameter("modified_since is not for look-ups")
    found = equal_to(call.table, said["where"], said["equals"])
    rows = [(entry.snapshot.modified_ms // SECOND_MS, entry.key, entry) for entry in found]
    return sorted(rows, key=lambda row: row[:2])
