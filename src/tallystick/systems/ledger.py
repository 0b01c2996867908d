"""The ERP's API, ledger/1. Rule: it answers as accounting platforms do, and holds no clock.

Integer keys, times in milliseconds, full and delta reads by links, PUT that replaces everything
under If-Match, external references that stay taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, Final
from zlib import crc32

from tallystick.canonical import Json
from tallystick.clock import time_text
from tallystick.dataflow.model import Api
from tallystick.systems.answers import Refused, bad_parameter, invalid, problem
from tallystick.systems.figures import writable
from tallystick.systems.links import Cursor, read_token, write_token
from tallystick.systems.orders import ByKey, ByReference, Entry, Key
from tallystick.systems.queries import equal_to, whole_number
from tallystick.systems.store import Store, Table
from tallystick.systems.wire import Call, Dialect, Purpose, Route
from tallystick.vocabulary.events import Change, Response

__all__ = ["Ledger", "counted_key"]

_TOP: Final = 100
_FIRST_KEY: Final = 1001
_CREATE_MEMBERS: Final = frozenset({"data", "external_reference"})
_PUT_MEMBERS: Final = frozenset({"data", "external_reference"})
_PARAMETERS: Final = frozenset(
    {"top", "where", "equals", "external_reference", "skiptoken", "deltatoken"}
)

_ROUTES: Final = (
    Route(method="GET", template="/{path}", purpose="list", parameters=_PARAMETERS),
    Route(method="POST", template="/{path}", purpose="create"),
    Route(method="GET", template="/{path}/{id}", purpose="read"),
    Route(method="PUT", template="/{path}/{id}", purpose="update"),
    Route(method="DELETE", template="/{path}/{id}", purpose="delete"),
)


def counted_key(path: str, count: int) -> int:  # noqa: ARG001 - keys of types overlap on purpose
    """Give a ledger's key: an integer; every type counts from the same number."""
    return _FIRST_KEY - 1 + count


class Ledger(Dialect):
    """A mock system that speaks ledger/1 over `store`."""

    api: ClassVar[Api] = "ledger/1"
    routes: ClassVar[tuple[Route, ...]] = _ROUTES

    def __init__(self, store: Store, *, token: str, base_url: str) -> None:
        super().__init__(store, token=token, base_url=base_url)
        self._age = 0

    def expire_deltas(self) -> None:
        """Let every delta link served so far expire, and the next links of delta reads."""
        self._age += 1

    def as_of(self, mark: int) -> Ledger:
        """Give the system as it was at the store's `mark`, to answer a listing with old news."""
        past = Ledger(self.store.as_of(mark), token=self._token, base_url=self.base_url)
        past._age = self._age
        return past

    def _works(self) -> Mapping[Purpose, Callable[[Call], Response]]:
        return {
            "list": self._follow,
            "read": self._read,
            "create": self._create,
            "update": self._put,
            "delete": self._delete,
        }

    def _is_look_up(self, call: Call) -> bool:
        return self._cursor(call).kind == "look-up"

    def _key(self, segment: str) -> Key | None:
        plain = segment.isascii() and segment.isdigit() and len(segment) < 19
        return int(segment) if plain and segment[0] != "0" else None

    def _envelope(self, entry: Entry) -> dict[str, Json]:
        snapshot = entry.snapshot
        if not snapshot.live:
            return {"id": entry.key, "removed": True}
        shown: dict[str, Json] = {
            "id": entry.key,
            "modified_at": time_text(snapshot.modified_ms),
            "etag": _etag(entry),
        }
        if snapshot.reference is not None:
            shown["external_reference"] = snapshot.reference
        shown["data"] = snapshot.data
        return shown

    # Reading.

    def _cursor(self, call: Call) -> Cursor:
        """Give where the asked read stands; 400 for parameters that do not go together."""
        said = call.parameters
        for name in ("skiptoken", "deltatoken"):
            if name in said:
                return _continued(call, name)
        top = min(whole_number(said, "top", _TOP), _TOP)
        cursor = Cursor(path=call.table.path, kind="full", top=top)
        if ("where" in said) != ("equals" in said):
            raise bad_parameter("where and equals belong together")
        if "where" in said and "external_reference" in said:
            raise bad_parameter("one look-up at a time: where, or external_reference")
        if "where" in said:
            return replace(cursor, kind="look-up", where=said["where"], equals=said["equals"])
        if "external_reference" in said:
            return replace(cursor, kind="look-up", reference=said["external_reference"])
        return cursor

    def _follow(self, call: Call) -> Response:
        cursor, table = self._cursor(call), call.table
        if cursor.kind == "delta" and cursor.age != self._age:
            raise Refused(problem(410, "resync-required", "this link has expired; read in full"))
        if cursor.start is None:
            cursor = replace(cursor, start=max(len(table.log), cursor.since or 0))
        found = _found(table, cursor)
        if len(found) > cursor.top:
            found = found[: cursor.top]
            link = "nextLink", replace(cursor, after=found[-1].key), "skiptoken"
        else:
            since = Cursor(path=table.path, kind="delta", top=cursor.top, since=cursor.start)
            link = "deltaLink", since, "deltatoken"
        name, onward, parameter = link
        token = write_token(replace(onward, age=self._age))
        url = f"{self.base_url}/{table.path}?{parameter}={token}"
        return self._list("value", found, {name: url})

    def _read(self, call: Call) -> Response:
        return self._tagged(200, self._entry(call))

    # Writing.

    def _create(self, call: Call) -> Response:
        body = self._body(call.request, _CREATE_MEMBERS)
        reference, table = body.members.get("external_reference"), call.table
        if reference is not None:
            if not isinstance(reference, str) or not reference or not writable(reference):
                raise Refused(invalid([("external_reference", "is a text that is not empty")]))
            taken = _references(table).get(reference)
            if taken is not None:
                detail = f"the external reference {reference!r} is taken"
                raise Refused(problem(409, "reference-taken", detail, existing_id=taken.key))
        self._check(table, body.data, fits=body.fits)
        change = self.store.add(table, body.data, reference=reference)
        return self._tagged(201, table.newest[change.key], change)

    def _put(self, call: Call) -> Response:
        body = self._body(call.request, _PUT_MEMBERS)
        entry = self._matching(call)
        self._check(call.table, body.data, fits=body.fits)
        change = self.store.change(call.table, entry, body.data)
        return self._tagged(200, call.table.newest[entry.key], change)

    def _delete(self, call: Call) -> Response:
        return Response(status=204, changes=(self.store.remove(call.table, self._matching(call)),))

    def _matching(self, call: Call) -> Entry:
        """Give the record that the path names in the state that If-Match names; 428 or 412."""
        entry = self._entry(call)
        asked = call.request.headers.get("if-match")
        if asked is None:
            raise Refused(problem(428, "if-match-required", "send If-Match with the etag"))
        if asked != _etag(entry):
            raise Refused(problem(412, "etag-stale", "the record has changed since; read it again"))
        return entry

    def _tagged(self, status: int, entry: Entry, *changes: Change) -> Response:
        return self._record(status, entry, *changes, etag=_etag(entry))


def _etag(entry: Entry) -> str:
    check = crc32(f"{entry.key}/{entry.mark}".encode())
    return f'"{entry.snapshot.version}-{check:08x}"'


def _references(table: Table) -> ByReference:
    return table.order("references", ByReference)


def _continued(call: Call, name: str) -> Cursor:
    if len(call.parameters) > 1:
        raise bad_parameter(f"a link is followed as it was served; {name} stands alone")
    try:
        cursor = read_token(call.parameters[name])
    except ValueError:
        raise bad_parameter(f"{name} is none that this system served") from None
    first = cursor.start is None
    if cursor.path != call.table.path or first != (name == "deltatoken"):
        raise bad_parameter(f"{name} was not served for {call.table.path}")
    return cursor


def _found(table: Table, cursor: Cursor) -> list[Entry]:
    """Give the next records of a read in the order of their keys, one more than a page at most.

    A cursor over keys lists each record once, however records change between two pages.
    """
    after = cursor.after
    if cursor.kind == "full":
        return table.order("live by key", ByKey).after(after, cursor.top + 1)
    if cursor.kind == "delta":
        found = list(table.changed_since(cursor.since or 0))
    elif cursor.reference is not None:
        taken = _references(table).get(cursor.reference)
        found = [taken] if taken is not None and taken.snapshot.live else []
    else:
        found = equal_to(table, cursor.where or "", cursor.equals or "")
    if after is not None:
        found = [entry for entry in found if entry.key > after]  # type: ignore[operator]
    return sorted(found, key=lambda entry: entry.key)[: cursor.top + 1]
