"""The in-process network: any httpx client, no sockets, and nothing decided."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from systems_driver import TLS

from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.events import Response

URL = "http://system.test"


class Kill(BaseException):
    """As a world's kill is."""


def answering(answer):
    return lambda _name, _request: answer


@pytest.fixture
def client():
    with httpx.Client(base_url=URL, verify=TLS) as made:
        yield made


@pytest.fixture
def heard(network):
    """Connect systems that keep what they are asked."""
    asked = []

    def exchange(name, request):
        asked.append((name, request))
        return Response(status=200, body=b"{}", headers={"content-type": "application/json"})

    network.connect(exchange, shop=URL, erp="https://erp.test:8443/api")
    return asked


class TestRequests:
    def test_a_request_arrives_as_it_was_sent(self, heard, client):
        headers = [("X-Twice", "1"), ("x-twice", "2"), ("Idempotency-Key", "k")]
        client.post("/a%20b/c?x=1&y=%2B", json={"data": 1}, headers=headers, timeout=1.5)
        ((name, request),) = heard
        assert name == "shop"
        assert (request.method, request.target) == ("POST", "/a%20b/c?x=1&y=%2B")
        assert json.loads(request.body) == {"data": 1}
        assert request.headers["x-twice"] == "1, 2"
        assert request.headers["idempotency-key"] == "k"
        assert request.headers["content-type"] == "application/json"
        assert request.read_timeout_ms == 1500

    @pytest.mark.parametrize(("timeout", "read_ms"), [(None, None), (5.0, 5000), (0.25, 250)])
    def test_the_read_timeout_is_told(self, heard, client, timeout, read_ms):
        client.get("/", timeout=timeout)
        assert heard[0][1].read_timeout_ms == read_ms

    def test_streamed_bodies_are_read(self, heard, client):
        client.post("/", content=iter([b"a", b"b"]))
        assert heard[0][1].body == b"ab"

    def test_origins_are_told_apart(self, heard, client):
        client.get("https://erp.test:8443/api/x")
        client.get("http://SYSTEM.test:80/y")
        assert [name for name, _ in heard] == ["erp", "shop"]

    def test_an_asynchronous_client_works_too(self, heard):
        async def ask():
            async with httpx.AsyncClient(verify=TLS) as client:
                return await client.post(URL, content=b"x")

        assert asyncio.run(ask()).json() == {}
        assert heard[0][1].body == b"x"

    def test_what_a_client_puts_above_its_transport_is_kept(self, heard):
        class Twice(httpx.BaseTransport):
            def __init__(self):
                self.inner = httpx.HTTPTransport(verify=TLS)

            def handle_request(self, request):
                self.inner.handle_request(request)
                return self.inner.handle_request(request)

        with httpx.Client(transport=Twice()) as client:
            client.get(URL)
        assert len(heard) == 2


class TestAnswers:
    def test_an_answer_arrives_as_it_was_given(self, network, client):
        given = Response(status=429, body=b'{"a": "\xc3\xa4"}', headers={"retry-after": "3"})
        network.connect(answering(given), shop=URL)
        answer = client.get("/")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
        assert answer.headers["content-length"] == "11"
        assert answer.json() == {"a": "ä"}

    @pytest.mark.parametrize(
        "error", [httpx.ReadError("reset"), httpx.ReadTimeout("stalled"), Kill(), OSError("odd")]
    )
    def test_an_error_is_raised_out_of_the_client(self, network, client, error):
        network.connect(answering(error), shop=URL)
        with pytest.raises(type(error)) as raised:
            client.get("/")
        assert raised.value is error

    def test_a_kill_that_the_callback_raises_passes_untouched(self, network):
        def exchange(_name, _request):
            raise Kill

        network.connect(exchange, shop=URL)

        async def ask():
            async with httpx.AsyncClient(verify=TLS) as client:
                await client.get(URL)

        with pytest.raises(Kill), httpx.Client(verify=TLS) as client:
            client.get(URL)
        with pytest.raises(Kill):
            asyncio.run(ask())

    def test_a_body_cut_short_breaks_as_on_a_socket(self, network, client):
        cut = Response(status=200, body=b'{"items": [', headers={"content-length": "100"})
        network.connect(answering(cut), shop=URL)
        with pytest.raises(httpx.RemoteProtocolError, match="received 11 bytes, expected 100"):
            client.get("/")
        with client.stream("GET", "/") as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                answer.read()

        async def ask():
            async with httpx.AsyncClient(verify=TLS) as several:
                await several.get(URL)

        with pytest.raises(httpx.RemoteProtocolError):
            asyncio.run(ask())

    def test_an_empty_answer_is_empty(self, network, client):
        network.connect(answering(Response(status=204)), shop=URL)
        assert client.delete("/").content == b""


class TestStrangers:
    @pytest.mark.parametrize(
        "url", ["https://system.test", "http://system.test:81", "http://elsewhere.test"]
    )
    def test_a_foreign_origin_is_told_and_refused(self, network, client, url):
        strayed = []
        network.connect(
            answering(Response(status=200)),
            strayed=lambda origin, request: strayed.append((origin, request.target)),
            shop=URL,
        )
        with pytest.raises(httpx.ConnectError, match="refused"):
            client.get(f"{url}/x")
        assert strayed == [(url, "/x")]

    def test_nobody_need_be_told(self, network, client):
        network.connect(answering(Response(status=200)), shop=URL)
        with pytest.raises(httpx.ConnectError):
            client.get("http://elsewhere.test")

    def test_a_disconnected_network_refuses_everything(self, network, client):
        network.connect(answering(Response(status=200)), shop=URL)
        network.disconnect()
        with pytest.raises(httpx.ConnectError):
            client.get("/")


def test_many_worlds_follow_each_other_and_nothing_is_kept(network, client):
    for world in range(3):
        network.connect(answering(Response(status=200 + world)), shop=URL)
        assert client.get("/").status_code == 200 + world
    assert not network._router.calls
    assert not network._router.routes


def test_left_networks_give_transports_back():
    before = httpx.HTTPTransport.handle_request
    with InProcess() as outer, httpx.Client(base_url=URL, verify=TLS) as client:
        outer.connect(answering(Response(status=200)), shop=URL)
        with InProcess() as inner:
            inner.connect(answering(Response(status=201)), shop=URL)
            assert client.get("/").status_code == 201
        assert client.get("/").status_code == 200
    assert httpx.HTTPTransport.handle_request is before
