"""The in-process network: httpx without sockets. Rule: it moves requests and decides nothing.

While an `InProcess` is entered, every request of any httpx client in this process comes here, and
none reaches a real network. It is entered once for many worlds; `connect` swaps what is behind it.

respx takes the place of httpx's transports, below a client's own wrappers, retries and hooks. Its
router is asked for every request but matches no patterns and keeps no calls: it is never full.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx
import respx
from respx.mocks import AbstractRequestMocker

from tallystick.systems.mishaps import Mishap
from tallystick.systems.wire import folded
from tallystick.vocabulary.events import Request, Response

__all__ = ["Answer", "InProcess"]

Answer = Response | Mishap | BaseException
"""What comes of a request: a response, or something to raise out of the client's transport."""

Exchange = Callable[[str, Request], Answer]
"""Is given a system's name and the request. It may raise as well: a kill passes untouched."""

Strayed = Callable[[str, Request], None]
"""Is given the origin (`https://elsewhere.test`) that belongs to nobody here, and the request."""

_MOCKER: Final = "tallystick-httpx-transport"


class _TransportMocker(AbstractRequestMocker):
    """Has respx stand in for httpx's own transports, so that clients keep what they put above."""

    name = _MOCKER
    targets = ["httpx.HTTPTransport", "httpx.AsyncHTTPTransport"]  # noqa: RUF012 - respx's own form
    target_methods = ["handle_request", "handle_async_request"]  # noqa: RUF012

    @classmethod
    def register(cls, router: Any) -> None:
        """Let the network entered last answer, not the first."""
        cls.routers.insert(0, router)

    @classmethod
    def mock(cls, spec: Any) -> Any:
        """Give what stands in for a transport's method."""

        def handle_request(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            request.read()
            response: httpx.Response = cls.handler(request)  # type: ignore[no-untyped-call]
            return response

        async def handle_async_request(
            _: httpx.AsyncHTTPTransport, request: httpx.Request
        ) -> httpx.Response:
            await request.aread()
            answer = cls.async_handler(request)  # type: ignore[no-untyped-call]
            response: httpx.Response = await answer
            return response

        return handle_async_request if spec.__name__ == "handle_async_request" else handle_request


class _Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection was closed before its announced length had arrived."""

    def __init__(self, body: bytes, announced: str) -> None:
        self._body = body
        self._announced = announced

    def _broken(self) -> httpx.RemoteProtocolError:
        return httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(self._body)} bytes, expected {self._announced})"
        )

    def __iter__(self) -> Iterator[bytes]:
        yield self._body
        raise self._broken()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
        raise self._broken()


class _Router(respx.MockRouter):
    """A respx router that hands every request on."""

    def __init__(self, network: InProcess) -> None:
        super().__init__(assert_all_called=False, using=_MOCKER)
        self._network = network

    def handler(self, request: httpx.Request) -> httpx.Response:
        return self._network.carry(request)

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        return self._network.carry(request)


class InProcess:
    """A network of systems in this process, for any httpx client, synchronous or not.

    with InProcess() as network:
        network.connect(exchange, source="http://shop.test", target="http://erp.test")
    """

    def __init__(self) -> None:
        self._router = _Router(self)
        self._names: dict[tuple[str, str, int | None], str] = {}
        self._exchange: Exchange | None = None
        self._strayed: Strayed | None = None

    def __enter__(self) -> Self:
        self._router.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._router.stop(quiet=True)
        self.disconnect()

    def connect(self, exchange: Exchange, *, strayed: Strayed | None = None, **urls: str) -> None:
        """Put systems behind the network, in place of what was there.

        `urls` gives each system's base URL by its name; requests to their origins go to
        `exchange(name, request)`. Requests to any other origin are told to `strayed` and fail as
        at an unreachable host.
        """
        self._exchange, self._strayed = exchange, strayed
        self._names = {_origin(httpx.URL(url)): name for name, url in urls.items()}

    def disconnect(self) -> None:
        """Take the systems away: every origin is foreign until the next `connect`."""
        self._names, self._exchange, self._strayed = {}, None, None

    def carry(self, request: httpx.Request) -> httpx.Response:
        """Carry one request, read in full, to its system, and give what comes back."""
        url = request.url
        name = self._names.get((url.scheme, url.host, url.port))
        if name is None or self._exchange is None:
            if self._strayed is not None:
                self._strayed(f"{url.scheme}://{url.netloc.decode()}", _request(request))
            raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
        answer = self._exchange(name, _request(request))
        if isinstance(answer, Mishap):
            raise _raised(answer)
        if isinstance(answer, BaseException):
            raise answer
        return _response(answer, request)


def _raised(mishap: Mishap) -> httpx.TransportError:
    """Give what httpx raises when this happens on a socket."""
    if mishap.kind == "reset":
        return httpx.ReadError("[Errno 104] Connection reset by peer")
    if mishap.kind == "closed":
        return httpx.RemoteProtocolError("Server disconnected without sending a response.")
    return httpx.ReadTimeout("The read operation timed out")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _request(request: httpx.Request) -> Request:
    timeout: Mapping[str, float | None] = request.extensions.get("timeout", {})
    read_s = timeout.get("read")
    return Request(
        method=request.method,
        target=request.url.raw_path.decode("ascii"),
        headers=folded(request.headers.raw),
        body=request.content,
        read_timeout_ms=None if read_s is None else round(read_s * 1000),
    )


def _response(answer: Response, request: httpx.Request) -> httpx.Response:
    body, headers = answer.body, dict(answer.headers)
    announced = headers.setdefault("content-length", str(len(body)))
    if announced == str(len(body)):
        return httpx.Response(
            answer.status, headers=headers, stream=httpx.ByteStream(body), request=request
        )
    stream = _Cut(body, announced)
    return httpx.Response(answer.status, headers=headers, stream=stream, request=request)
