"""The socket network: systems on 127.0.0.1, for a client in any language. Rule: it moves requests
and decides nothing.

A second thin skin of the same systems, beside `inprocess`: threads, with h11 underneath. Every
port is bound when a `Sockets` is made, so that URLs are known before anybody is started; what is
asked before `connect` waits for it. Requests are handed over one at a time, under `turn`: whoever
holds it sees the systems stand still. Answers are sent outside of it.

To embed it (a sandbox, a test of another program), give it any function from requests to answers:

    system = build(api, store, token=token, base_url=network.urls["shop"])
    with Sockets(("shop",)) as network:
        network.connect(lambda name, request: system.handle(request))
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Final, Self

import h11

from tallystick.errors import ConnectorUnavailable
from tallystick.systems.answers import problem, refusal
from tallystick.systems.mishaps import Mishap
from tallystick.systems.wire import MAX_BODY_BYTES, folded
from tallystick.vocabulary.events import Request, Response

__all__ = ["Answer", "Exchange", "Sockets"]

Answer = Response | Mishap
"""What comes of a request. A body shorter than its `content-length` header is sent cut short."""

Exchange = Callable[[str, Request], Answer]
"""Is given a system's name and the request, under `turn`; what it raises resets the connection."""

HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 2.0  # that a request waits for a system to be put behind its port
_BACKLOG: Final = 128
_CHUNK: Final = 65_536
_MOST_HEAD: Final = 65_536
_MOST_DRAINED: Final = 4 * MAX_BODY_BYTES  # of a body that is too large anyway
_SEND_S: Final = 15.0
_DRIP_S: Final = 0.02
_LINGER: Final = 1.0  # seconds that a half-closed connection is left to its client
_RESET: Final = struct.pack("ii", 1, 0)


class _Over(Exception):
    """The connection has come to its end."""


class _Line:
    """One connection of a client to the system `name`."""

    def __init__(self, network: Sockets, name: str, sock: socket.socket) -> None:
        self._network = network
        self._name = name
        self._sock = sock
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MOST_HEAD)
        self._wants_body = True

    def run(self) -> None:
        """Answer requests until the connection ends."""
        try:
            while True:
                self._answer_one()
        except _Over:
            pass
        except h11.RemoteProtocolError as error:
            self._refuse(str(error))
        except OSError:
            pass  # the client has gone
        finally:
            self._sock.close()

    def end(self) -> None:
        """Wake whoever waits for this connection: it is over."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _answer_one(self) -> None:
        try:
            request = self._read()
            answer = self._network.hand_over(self._name, request, self._is_left)
            if isinstance(answer, Response):
                self._send(answer)
            elif answer is None or answer.kind == "reset":
                self._reset()
            else:
                self._mishap(answer)
        finally:
            self._network.busy.discard(self)
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            raise _Over
        self._http.start_next_cycle()

    # In.

    def _next(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]
            if self._http.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                self._sock.sendall(self._http.send(go_on) or b"")
            self._http.receive_data(self._sock.recv(_CHUNK))

    def _read(self) -> Request:
        head = self._next()
        if not isinstance(head, h11.Request):
            raise _Over
        self._network.busy.add(self)
        self._wants_body = head.method != b"HEAD"
        parts: list[bytes] = []
        size = 0
        while isinstance(event := self._next(), h11.Data):
            size += len(event.data)
            if size <= MAX_BODY_BYTES + _CHUNK:  # enough to see that it is too large
                parts.append(bytes(event.data))
            if size > _MOST_DRAINED:
                raise _Over
        if not isinstance(event, h11.EndOfMessage):
            raise _Over
        return Request(
            method=head.method.decode("latin-1"),
            target=_path(head.target.decode("latin-1")),
            headers=folded(head.headers),
            body=b"".join(parts),
        )

    def _is_left(self) -> bool:
        """Tell whether the client has closed the connection, or broken it off."""
        try:
            return not self._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    # Out.

    def _encoded(self, answer: Response) -> bytes:
        headers = list(answer.headers.items())
        if answer.status != 204 and "content-length" not in answer.headers:
            headers.append(("content-length", str(len(answer.body))))
        head = h11.Response(status_code=answer.status, headers=headers)
        return self._http.send(head) or b""

    def _send(self, answer: Response) -> None:
        announced = answer.headers.get("content-length", "")
        whole = announced in {"", str(len(answer.body))}
        head = self._encoded(answer)
        body = b""
        if answer.body and self._wants_body:
            body = self._http.send(h11.Data(data=answer.body)) or b""
        if whole:
            self._http.send(h11.EndOfMessage())
        self._sock.settimeout(_SEND_S)
        self._sock.sendall(head + body)
        self._sock.settimeout(None)
        if not whole:
            raise _Over

    def _refuse(self, why: str) -> None:
        """Answer what is no HTTP, where that is still possible."""
        with contextlib.suppress(h11.LocalProtocolError, OSError, _Over):
            self._send(problem(400, "bad-request", f"this is no HTTP/1.1: {why}"))

    def _reset(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        raise _Over

    def _mishap(self, mishap: Mishap) -> None:
        if mishap.kind == "closed":
            self._sock.shutdown(socket.SHUT_WR)
            self._wait_until_left(_LINGER)
            raise _Over
        until = time.monotonic() + mishap.seconds
        if mishap.kind == "drip" and mishap.answer.body:
            self._drip(mishap.answer, until)
        self._wait_until_left(until - time.monotonic())
        self._reset()

    def _drip(self, answer: Response, until: float) -> None:
        self._sock.sendall(self._encoded(answer))
        for at in range(len(answer.body) - 1):
            if time.monotonic() > until or self._wait_until_left(_DRIP_S):
                return
            self._sock.sendall(answer.body[at : at + 1])

    def _wait_until_left(self, seconds: float) -> bool:
        """Wait for so long; tell whether the client has left before."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._sock.settimeout(left)
            try:
                if not self._sock.recv(1, socket.MSG_PEEK):
                    return True
            except TimeoutError:
                return False
            except OSError:
                return True
            finally:
                self._sock.settimeout(None)
            time.sleep(min(left, _DRIP_S))  # it sends on: that is read when this is over
        return False


def _path(target: str) -> str:
    """Give path and query of a request target, which may be a whole URL (RFC 9112, 3.2.2)."""
    if target.startswith(("http://", "https://")):
        slash = target.find("/", target.find("//") + 2)
        return target[slash:] if slash > 0 else "/"
    return target


class Sockets:
    """A network of systems, each at a port of its own on 127.0.0.1.

    `urls` gives each system's base URL by its name. `ports` may fix them; else they are free ones.
    ConnectorUnavailable where a port cannot be had.
    """

    def __init__(self, names: Iterable[str], *, ports: Mapping[str, int] | None = None) -> None:
        self.turn = threading.Condition()
        self.urls: dict[str, str] = {}
        self.busy: set[_Line] = set()
        self._exchange: Exchange | None = None
        self._closing = False
        self._lines: dict[threading.Thread, _Line] = {}
        self._listening: dict[socket.socket, str] = {}
        self._wake, self._woken = socket.socketpair()
        try:
            for name in names:
                self._bind(name, (ports or {}).get(name, 0))
        except ConnectorUnavailable:
            self._close_listening()
            raise
        self._accepting = threading.Thread(target=self._accept, name="tallystick ports")
        self._accepting.daemon = True
        self._accepting.start()

    def _bind(self, name: str, port: int) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listening[sock] = name
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, port))
        except OSError as error:
            text = f"port {port} cannot be had: {error.strerror}"
            remedy = "Give two ports that nothing else uses, above 1023."
            raise ConnectorUnavailable(text, remedy=remedy) from error
        sock.listen(_BACKLOG)
        sock.setblocking(False)
        self.urls[name] = f"http://{HOST}:{sock.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def connect(self, exchange: Exchange) -> None:
        """Put systems behind the ports, in place of what was there."""
        with self.turn:
            self._exchange = exchange
            self.turn.notify_all()

    def disconnect(self) -> None:
        """Take the systems away: what is asked waits for the next `connect`, or is turned away."""
        with self.turn:
            self._exchange = None

    @property
    def in_progress(self) -> int:
        """How many requests have arrived and are not yet answered."""
        return len(self.busy)

    def close(self) -> None:
        """Close all ports and connections, and wait for their threads."""
        with self.turn:
            if self._closing:
                return
            self._closing = True
            self.turn.notify_all()
        self._wake.send(b"x")
        self._accepting.join()
        self._close_listening()
        for thread, line in list(self._lines.items()):
            line.end()
            thread.join(_SEND_S)

    def _close_listening(self) -> None:
        for sock in (*self._listening, self._wake, self._woken):
            sock.close()

    # What the connections need.

    def hand_over(self, name: str, request: Request, is_left: Callable[[], bool]) -> Answer | None:
        """Give what comes of a request: None where nobody is there to hear it.

        A client that has left before its request's turn came is not served: no work is done.
        """
        with self.turn:
            self.turn.wait_for(lambda: self._exchange or self._closing, PATIENCE_S)
            if self._closing or is_left():
                return None
            if self._exchange is None:
                return refusal(503, 1)
            return self._exchange(name, request)

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            for sock, name in self._listening.items():
                selector.register(sock, selectors.EVENT_READ, (sock, name))
            while True:
                for key, _ in selector.select():
                    if key.data is None:
                        return
                    sock, name = key.data
                    with contextlib.suppress(OSError):  # the client may have left already
                        self._open(name, sock.accept()[0])

    def _open(self, name: str, sock: socket.socket) -> None:
        sock.setblocking(True)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = _Line(self, name, sock)

        def run() -> None:
            try:
                line.run()
            finally:
                self._lines.pop(threading.current_thread(), None)

        thread = threading.Thread(target=run, name=f"tallystick {name}", daemon=True)
        self._lines[thread] = line
        thread.start()
