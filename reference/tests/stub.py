"""Two very small systems, one for each dialect: just enough of the contract to test against.

`Stub.handle` is pure; `serve` puts it on a socket, `in_process` behind httpx's mock transport.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import httpx

START = datetime(2025, 1, 15, 9, tzinfo=UTC)


class Kill(BaseException):
    """What a kill looks like in-process."""


class Stub:
    """One system: `refuses` says no to data; `before` and `after` surround each request."""

    def __init__(self, dialect, url, token, refuses=lambda data: False, page=100):
        self.storefront = dialect == "storefront/1"
        self.url, self.token = url, token
        self.refuses, self.page = refuses, page
        self.records, self.tokens, self.log = {}, {}, []
        self.ticks = 0
        self.before = self.after = lambda request: None

    # People

    def create(self, path, reference=None, **data):
        table = self.records.setdefault(path, {})
        key = f"{path}-{len(table) + 1}" if self.storefront else 1001 + len(table)
        table[key] = {"id": key, "data": data}
        if reference:
            table[key]["external_reference"] = reference
        return self.touch(table[key])["id"]

    def edit(self, path, key, **data):
        record = self.records[path][key]
        record["data"] = {k: v for k, v in (record["data"] | data).items() if v is not None}
        self.touch(record)

    def delete(self, path, key):
        record = self.records[path][key]
        del record["data"]
        self.touch(record)

    def live(self, path):
        table = self.records.get(path, {})
        return {key: record["data"] for key, record in table.items() if "data" in record}

    def touch(self, record):
        self.ticks += 1
        record["tick"], record["at"] = self.ticks, START + timedelta(seconds=self.ticks)
        return record

    # The API

    def handle(self, method, target, headers, content):
        parts = urlsplit(target)
        path, _, key = unquote(parts.path).strip("/").partition("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = json.loads(content) if content else {}
        self.log.append((method, target, body))
        if headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"code": "unauthorized"}
        table = self.records.setdefault(path, {})
        if not key:
            return self.listing(path, query) if method == "GET" else self.post(path, headers, body)
        record = table.get(key if self.storefront else int(key))
        if record is None:
            return 404, {"code": "unknown-record"}
        if "data" not in record:
            return 410, {"code": "gone"}
        work = {"GET": self.get, "PUT": self.put, "PATCH": self.patch, "DELETE": self.remove}
        return work[method](path, record, headers, body)

    def get(self, path, record, headers, body):
        return 200, self.envelope(record)

    def post(self, path, headers, body):
        table = self.records[path]
        token = headers.get("idempotency-key") or body.get("external_reference")
        if (path, token) in self.tokens:
            key, sent = self.tokens[path, token]
            if not self.storefront:
                return 409, {"code": "taken", "existing_id": key}
            if sent != body:
                return 422, {"code": "key-reused"}
            return 200, self.envelope(table[key])
        if self.refuses(body["data"]):
            return 422, {"code": "invalid"}
        key = self.create(path, body.get("external_reference"), **body["data"])
        self.tokens[path, token] = (key, body)
        return 201, self.envelope(table[key])

    def patch(self, path, record, headers, body):
        return self.save(record, patched(record["data"], body["data"]))

    def put(self, path, record, headers, body):
        if headers.get("if-match") != self.etag(record):
            return 412, {"code": "stale"}
        return self.save(record, body["data"])

    def save(self, record, data):
        if self.refuses(data):
            return 422, {"code": "invalid"}
        record["data"] = data
        self.touch(record)
        return 200, self.envelope(record)

    def remove(self, path, record, headers, body):
        if not self.storefront and headers.get("if-match") != self.etag(record):
            return 412, {"code": "stale"}
        self.delete(path, record["id"])
        return 204, None

    def listing(self, path, query):
        found = sorted(self.records[path].values(), key=lambda record: record["tick"])
        if "where" in query:
            found = [r for r in found if "data" in r and self.holds(r["data"], query)]
        if self.storefront:
            since = query.get("modified_since")
            found = [r for r in found if self.listed(r, since)]
            size, number = min(self.page, int(query["per_page"])), int(query["page"])
            items = [self.envelope(r) for r in found[(number - 1) * size : number * size]]
            return 200, {"items": items, "page": number, "pages": max(1, -(-len(found) // size))}
        tick = int(query.get("delta", 0))
        found = [r for r in found if r["tick"] > tick and ("delta" in query or "data" in r)]
        offset, end = int(query.get("offset", 0)), int(query.get("end", self.ticks))
        page = {"value": [self.envelope(r) for r in found[offset : offset + self.page]]}
        if offset + self.page < len(found):
            rest = {**query, "offset": offset + self.page, "end": end}
            return 200, page | {"nextLink": f"{self.url}/{path}?{urlencode(rest)}"}
        return 200, page | {"deltaLink": f"{self.url}/{path}?delta={end}"}

    def holds(self, data, query):
        for step in query["where"].split("."):
            data = data.get(step) if isinstance(data, dict) else None
        text = data if isinstance(data, str) else json.dumps(data)
        return text == query["equals"]

    def listed(self, record, since):
        if since is None:
            return "data" in record
        return record["at"].replace(microsecond=0) >= datetime.fromisoformat(since)

    def envelope(self, record):
        gone = "data" not in record
        if self.storefront:
            at = {"id": record["id"], "modified_at": f"{record['at']:%Y-%m-%dT%H:%M:%SZ}"}
            return at | ({"deleted_at": at["modified_at"]} if gone else {"data": record["data"]})
        if gone:
            return {"id": record["id"], "removed": True}
        at = {"modified_at": f"{record['at']:%Y-%m-%dT%H:%M:%S}.000Z", "etag": self.etag(record)}
        return {k: v for k, v in record.items() if k not in ("tick", "at")} | at

    def etag(self, record):
        return f'"{record["tick"]}"'


def patched(data, patch):
    """Apply a JSON Merge Patch."""
    if not isinstance(patch, dict):
        return patch
    data = dict(data) if isinstance(data, dict) else {}
    for name, value in patch.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = patched(data.get(name), value)
    return data


def in_process(stubs):
    """Give a transport that takes each request to the stub of its origin."""

    def handle(request):
        stub = next(s for s in stubs if str(request.url).startswith(s.url + "/"))
        stub.before(request)
        target = request.url.raw_path.decode()
        status, body = stub.handle(request.method, target, request.headers, request.content)
        stub.after(request)
        return httpx.Response(status, content=b"" if body is None else json.dumps(body).encode())

    return httpx.MockTransport(handle)


def serve(stub):
    """Put a stub on a socket of this machine; gives the server, already running."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self):
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.before(self)
            status, body = stub.handle(self.command, self.path, headers, content)
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do  # noqa: N815 - the server's names

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            """A killed connector leaves broken connections: that is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server
