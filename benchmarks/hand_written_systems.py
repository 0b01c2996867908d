"""The stubs of the test written by hand: each speaks just enough of its system's API.

Each stub is a server on a socket of its own; the system's people work on its tables directly.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Erp", "Shop", "Stored", "Stub", "get", "put"]


@dataclass
class Stored:
    """One record of a stub; `version` is the stub's count of changes."""

    id: Any
    data: dict[str, Any]
    version: int
    at: str
    gone: bool = False
    reference: str | None = None


class Stub:
    """One system: tables by path, written to by its people directly and by HTTP."""

    def __init__(self, token: str) -> None:
        self.token = f"Bearer {token}"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.tables: dict[str, dict[str, Stored]] = {}
        self.version = self.writes = 0

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def key(self) -> Any:
        """Give a key that was never used."""
        raise NotImplementedError

    def save(self, path: str, row: Stored | None, data: dict[str, Any]) -> Stored:
        """Create or change a record."""
        self.version += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if row is None:
            row = Stored(self.key(), data, self.version, at)
            self.tables.setdefault(path, {})[str(row.id)] = row
        row.data, row.version, row.at = json.loads(json.dumps(data)), self.version, at
        return row

    def delete(self, path: str, row: Stored) -> None:
        """Delete a record."""
        self.save(path, row, {}).gone = True

    def live(self, path: str) -> list[Stored]:
        """Give the records of a table."""
        return [row for row in self.tables.get(path, {}).values() if not row.gone]

    def answer(self, method: str, target: str, headers: Any, body: Any) -> tuple[int, Any]:
        """Answer one request of the connector."""
        if headers["Authorization"] != self.token:
            return 401, {"code": "unauthorized"}
        url = urlsplit(target)
        path, _, key = url.path.strip("/").partition("/")
        row, query = self.tables.get(path, {}).get(key), dict(parse_qsl(url.query))
        if method != "GET":
            self.writes += 1
        if not key:
            return self.listing(path, query) if method == "GET" else self.post(path, headers, body)
        if row is None or row.gone:
            return (404, {"code": "unknown-record"}) if row is None else (410, {"code": "gone"})
        if method == "GET":
            return 200, self.envelope(row)
        return self.write(method, path, row, headers, body)

    def found(self, path: str, query: dict[str, str]) -> list[Stored]:
        """Look records up by a property."""
        rows = [(row, get(row.data, query["where"])) for row in self.live(path)]
        texts = [(row, v if isinstance(v, str) else json.dumps(v)) for row, v in rows]
        return [row for row, text in texts if text == query["equals"]]

    def envelope(self, row: Stored) -> Any:
        """Give a record as the API shows it."""
        raise NotImplementedError

    def listing(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """Answer a GET of a table."""
        raise NotImplementedError

    def post(self, path: str, headers: Any, body: Any) -> tuple[int, Any]:
        """Answer a POST."""
        raise NotImplementedError

    def write(
        self, method: str, path: str, row: Stored, headers: Any, body: Any
    ) -> tuple[int, Any]:
        """Answer a write to a record that is there."""
        raise NotImplementedError


class Shop(Stub):
    """storefront/1."""

    def clear(self) -> None:
        """Begin anew."""
        super().clear()
        self.created: dict[str, Stored] = {}

    def key(self) -> str:
        """Give a text."""
        return f"s{self.version}"

    def envelope(self, row: Stored) -> Any:
        """Show times in whole seconds."""
        at = row.at[:19] + "Z"
        known = {"id": row.id, "modified_at": at}
        return {**known, "deleted_at": at} if row.gone else {**known, "data": row.data}

    def listing(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """List by time, in pages."""
        if "where" in query:
            rows = self.found(path, query)
        elif since := query.get("modified_since", "").replace("Z", "+00:00"):
            second = datetime.fromisoformat(since).astimezone(UTC).isoformat()[:19]
            rows = [r for r in self.tables.get(path, {}).values() if r.at[:19] >= second]
        else:
            rows = self.live(path)
        rows.sort(key=lambda row: (row.at[:19], row.id))
        page, size = int(query.get("page", 1)), int(query.get("per_page", 50))
        items = [self.envelope(row) for row in rows[(page - 1) * size : page * size]]
        return 200, {"items": items, "page": page, "pages": max(1, -(-len(rows) // size))}

    def post(self, path: str, headers: Any, body: Any) -> tuple[int, Any]:
        """Create, once for each idempotency key."""
        key = headers["Idempotency-Key"]
        if key in self.created:
            return 200, self.envelope(self.created[key])
        row = self.save(path, None, body["data"])
        if key:
            self.created[key] = row
        return 201, self.envelope(row)

    def write(self, method: str, path: str, row: Stored, _: Any, body: Any) -> tuple[int, Any]:
        """Patch or delete."""
        if method == "DELETE":
            self.delete(path, row)
            return 204, None
        return 200, self.envelope(self.save(path, row, patched(row.data, body["data"])))


class Erp(Stub):
    """ledger/1."""

    def key(self) -> int:
        """Give a number."""
        return 1000 + self.version

    def envelope(self, row: Stored) -> Any:
        """Show times in milliseconds, and an ETag."""
        if row.gone:
            return {"id": row.id, "removed": True}
        shown = {"id": row.id, "modified_at": row.at, "etag": f'"{row.version}"', "data": row.data}
        return {**shown, "external_reference": row.reference} if row.reference else shown

    def listing(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """Give everything, or what changed since a delta link; one page will do."""
        rows = self.live(path)
        if "where" in query:
            rows = self.found(path, query)
        elif "external_reference" in query:
            rows = [row for row in rows if row.reference == query["external_reference"]]
        elif "delta" in query:
            rows = [
                r for r in self.tables.get(path, {}).values() if r.version > int(query["delta"])
            ]
        link = f"{self.url}/{path}?delta={self.version}"
        return 200, {"value": [self.envelope(row) for row in rows], "deltaLink": link}

    def post(self, path: str, headers: Any, body: Any) -> tuple[int, Any]:  # noqa: ARG002
        """Create, once for each external reference."""
        reference = body.get("external_reference")
        for row in self.tables.get(path, {}).values():
            if reference and row.reference == reference:
                return 409, {"code": "reference-taken", "existing_id": row.id}
        row = self.save(path, None, body["data"])
        row.reference = reference
        return 201, self.envelope(row)

    def write(
        self, method: str, path: str, row: Stored, headers: Any, body: Any
    ) -> tuple[int, Any]:
        """Replace or delete what is still as it was read."""
        if not headers["If-Match"]:
            return 428, {"code": "etag-required"}
        if headers["If-Match"] != f'"{row.version}"':
            return 412, {"code": "stale"}
        if method == "DELETE":
            self.delete(path, row)
            return 204, None
        return 200, self.envelope(self.save(path, row, body["data"]))


def handler_of(stub: Stub) -> type[BaseHTTPRequestHandler]:
    """Give the HTTP side of a stub."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one packet

        def serve(self) -> None:
            size = int(self.headers["Content-Length"] or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            status, content = stub.answer(self.command, self.path, self.headers, body)
            text = b"" if content is None else json.dumps(content).encode()
            self.send_response_only(status)
            self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

    return Handler


def patched(data: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch."""
    if not isinstance(patch, dict):
        return patch
    result = dict(data) if isinstance(data, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = patched(result.get(name), value)
    return result


def get(data: Any, path: str) -> Any:
    """Read a property."""
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Write a property."""
    *way, last = path.split(".")
    for name in way:
        if not isinstance(data.get(name), dict):
            data[name] = {}
        data = data[name]
    data[last] = value
