"""The page's server, on loopback. Rule: it answers the page that it served, and no other.

A request must name this host, come from this origin (or from none), and, unless it asks for the
page itself, carry the token that stands in the fragment of the page's address: a fragment is never
sent anywhere. There are no CORS headers, and what is answered must not be framed, kept or guessed.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tallystick.canonical import Json
from tallystick.errors import ConnectorUnavailable
from tallystick.sandbox.doing import Refused, asked, done
from tallystick.sandbox.feed import Feed
from tallystick.sandbox.page import page
from tallystick.sandbox.play import Sandbox
from tallystick.sandbox.view import SandboxView

__all__ = ["PageServer"]

HOST: Final = "127.0.0.1"
_MOST_BODY: Final = 1_048_576
_HEARTBEAT_S: Final = 10.0
_PAUSE_S: Final = 0.05  # between two messages: what happens meanwhile is told at once
_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class PageServer:
    """Serves one sandbox's page; `url` holds the token and is for one person's browser."""

    def __init__(self, sandbox: Sandbox, port: int = 0) -> None:
        self.sandbox = sandbox
        self.view = SandboxView(sandbox)
        self.token = secrets.token_urlsafe(24)
        self.over = threading.Event()
        try:
            self._http = _Server((HOST, port), _Handler, page_server=self)
        except OSError as error:
            text = f"port {port} cannot be had: {error.strerror}"
            remedy = "Give another one by --port, or none: then a free one is taken."
            raise ConnectorUnavailable(text, remedy=remedy) from error
        self.port: int = self._http.server_address[1]
        self.hosts = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://{HOST}:{self.port}/#{self.token}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Answer nobody any more."""
        self.over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *given: Any, page_server: PageServer) -> None:
        super().__init__(*given)
        self.page_server = page_server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever has gone has gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Serve the page; to whoever has the token, what it asks for."""
        url = urlsplit(self.path)
        if not self._is_ours():
            self._refuse(HTTPStatus.FORBIDDEN, "this page is for its own browser only")
        elif url.path == "/":
            text, policy = page()
            self._send(text.encode(), "text/html; charset=utf-8", policy=policy)
        elif not self._may_ask():
            self._refuse(HTTPStatus.UNAUTHORIZED, "the address lacks its token")
        elif url.path == "/events":
            self._stream()
        else:
            query = {name: values[-1] for name, values in parse_qs(url.query).items()}
            self._answer(lambda: asked(self._page.view, self._page.sandbox, url.path, query))

    def do_POST(self) -> None:
        """Do what the page asks for."""
        body = self._body()
        if not self._is_ours() or self.headers.get("Origin") is None:
            self._refuse(HTTPStatus.FORBIDDEN, "this page is for its own browser only")
        elif not self._may_ask():
            self._refuse(HTTPStatus.UNAUTHORIZED, "the address lacks its token")
        elif self.headers.get("Content-Type") != "application/json" or body is None:
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON")
        else:
            self._answer(lambda: done(self._page.sandbox, urlsplit(self.path).path, body))

    @property
    def _page(self) -> PageServer:
        return self.server.page_server

    def _is_ours(self) -> bool:
        """Tell whether a request names this host, and comes from this origin or from none."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        own = host in self._page.hosts and site in ("same-origin", "none")
        return own and (origin is None or origin == f"http://{host}")

    def _may_ask(self) -> bool:
        given = self.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._page.token}".encode())

    def _body(self) -> Any:
        """Read a body of JSON; None where it is none."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MOST_BODY:
            self.close_connection = True
            return None
        try:
            return json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None

    def _answer(self, work: Callable[[], Json]) -> None:
        try:
            found = work()
        except Refused as refused:
            self._refuse(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused))
        else:
            self._send(json.dumps(found).encode(), "application/json")

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send(json.dumps({"why": why}).encode(), "application/json", status=status)

    def _send(
        self, body: bytes, kind: str, *, status: HTTPStatus = HTTPStatus.OK, policy: str = ""
    ) -> None:
        self._head(status, kind, policy or "default-src 'none'; frame-ancestors 'none'")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, policy: str) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Content-Type", kind)

    def _stream(self) -> None:
        """Send server-sent events until the page leaves."""
        self.close_connection = True
        self._head(HTTPStatus.OK, "text/event-stream", "default-src 'none'")
        self.end_headers()
        page, turn = self._page, self._page.sandbox.wiring.turn
        with contextlib.suppress(OSError), Feed(page.sandbox, page.view) as feed:
            while not page.over.is_set():
                with turn:
                    turn.wait_for(lambda: feed.has_news or page.over.is_set(), _HEARTBEAT_S)
                    news = feed.message() if feed.has_news else None
                text = ":\n\n" if news is None else f"data: {json.dumps(news)}\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
                page.over.wait(_PAUSE_S)
