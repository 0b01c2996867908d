"""The socket network: one order of requests, and faults that are real on the wire."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from tallystick.errors import ConnectorUnavailable
from tallystick.systems import server
from tallystick.systems.mishaps import Mishap
from tallystick.systems.server import Sockets
from tallystick.systems.wire import MAX_BODY_BYTES
from tallystick.vocabulary.events import Response

JSON = {"content-type": "application/json"}
OK = Response(status=200, body=b'{"a": "\xc3\xa4"}', headers=JSON)


@pytest.fixture
def network():
    with Sockets(("shop", "erp")) as made:
        yield made


@pytest.fixture
def client(network):
    with httpx.Client(base_url=network.urls["shop"], trust_env=False) as made:
        yield made


@pytest.fixture
def heard(network):
    asked = []

    def exchange(name, request):
        asked.append((name, request))
        return OK

    network.connect(exchange)
    return asked


@contextmanager
def raw(network, name="shop"):
    place = urlsplit(network.urls[name])
    with socket.create_connection((place.hostname, place.port), timeout=10) as sock:
        yield sock


def until_end(sock):
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)


def threads():
    return {thread for thread in threading.enumerate() if thread.name.startswith("tallystick")}


class TestRequests:
    def test_a_request_arrives_as_it_was_sent(self, heard, client):
        headers = [("X-Twice", "1"), ("x-twice", "2"), ("Idempotency-Key", "k")]
        client.post("/a%20b/c?x=1&y=%2B", json={"data": 1}, headers=headers)
        ((name, request),) = heard
        assert name == "shop"
        assert (request.method, request.target) == ("POST", "/a%20b/c?x=1&y=%2B")
        assert json.loads(request.body) == {"data": 1}
        assert request.headers["x-twice"] == "1, 2"
        assert request.headers["idempotency-key"] == "k"
        assert request.read_timeout_ms is None

    def test_each_system_has_a_port_on_this_machine_only(self, network, heard):
        for name, url in network.urls.items():
            assert url.startswith("http://127.0.0.1:")
            httpx.get(url, trust_env=False)
            assert heard[-1][0] == name
        assert len(set(network.urls.values())) == 2

    def test_chunked_bodies_and_whole_urls(self, heard, client, network):
        client.post("/", content=iter([b"a", b"b"]))
        assert heard[-1][1].body == b"ab"
        with raw(network) as sock:
            sock.sendall(b"GET http://shop.test/x?y=1 HTTP/1.1\r\nhost: shop.test\r\n\r\n")
            assert sock.recv(65536).startswith(b"HTTP/1.1 200")
        assert heard[-1][1].target == "/x?y=1"

    def test_a_connection_is_kept_and_may_be_pipelined(self, heard, network):
        with raw(network) as sock:
            sock.sendall(b"GET /1 HTTP/1.1\r\nhost: x\r\n\r\n" * 3)
            said = b""
            while said.count(b"HTTP/1.1 200") < 3 or not said.endswith(OK.body):
                said += sock.recv(65536)
        assert len(heard) == 3

    def test_who_asks_to_go_on_is_told_so(self, heard, network):
        with raw(network) as sock:
            sock.sendall(
                b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n"
            )
            assert b"100" in sock.recv(100)
            sock.sendall(b"ok")
            assert b"200" in sock.recv(65536)
        assert heard[0][1].body == b"ok"

    def test_a_connection_can_be_closed_by_whoever_asks(self, heard, network):
        with raw(network) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            assert until_end(sock).endswith(OK.body)

    @pytest.mark.parametrize("said", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 99])
    def test_what_is_no_http_is_refused(self, heard, network, said):
        with raw(network) as sock:
            sock.sendall(said)
            assert until_end(sock).startswith(b"HTTP/1.1 400")
        assert not heard

    def test_a_body_beyond_all_measure_is_not_kept(self, heard, client):
        client.post("/", content=b"x" * (2 * MAX_BODY_BYTES))
        assert MAX_BODY_BYTES < len(heard[0][1].body) < 2 * MAX_BODY_BYTES


class TestOrder:
    def test_requests_are_handed_over_one_at_a_time(self, network):
        inside, most = [], []

        def exchange(_name, request):
            inside.append(request)
            most.append(len(inside))
            time.sleep(0.002)
            inside.remove(request)
            return OK

        network.connect(exchange)

        def ask(name):
            with httpx.Client(base_url=network.urls[name], trust_env=False) as client:
                for number in range(10):
                    assert client.get(f"/{number}").status_code == 200

        askers = [threading.Thread(target=ask, args=(name,)) for name in ("shop", "erp") * 4]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert most == [1] * 80

    def test_who_holds_the_turn_sees_the_systems_stand_still(self, network, heard):
        asker = threading.Thread(target=httpx.get, args=(network.urls["shop"],))
        with network.turn:
            asker.start()
            while not network.in_progress:
                time.sleep(0.001)
            assert not heard
        asker.join()
        assert len(heard) == 1
        while network.in_progress:
            time.sleep(0.001)

    def test_a_client_that_left_is_not_served(self, network, heard):
        with raw(network) as sock, network.turn:
            sock.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
            while not network.in_progress:
                time.sleep(0.001)
            sock.close()
        while network.in_progress:
            time.sleep(0.001)
        assert not heard

    def test_what_is_asked_too_early_waits(self, network, heard, client):
        network.disconnect()
        given = []
        asker = threading.Thread(target=lambda: given.append(client.get("/").status_code))
        asker.start()
        while not network.in_progress:
            time.sleep(0.001)
        network.connect(lambda _name, _request: OK)
        asker.join()
        assert given == [200]

    def test_what_is_asked_much_too_early_is_turned_away(self, network, client, monkeypatch):
        monkeypatch.setattr(server, "PATIENCE_S", 0.01)
        answer = client.get("/")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


class TestAnswers:
    def test_an_answer_arrives_as_it_was_given(self, network, client):
        given = Response(status=429, body=OK.body, headers={**JSON, "retry-after": "3"})
        network.connect(lambda *_: given)
        answer = client.get("/")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
        assert answer.headers["content-length"] == str(len(OK.body))
        assert answer.json() == {"a": "ä"}

    def test_an_empty_answer_is_empty(self, network, client):
        network.connect(lambda *_: Response(status=204))
        for _ in "12":
            answer = client.delete("/")
            assert (answer.status_code, answer.content) == (204, b"")
            assert "content-length" not in answer.headers

    def test_a_large_answer_arrives(self, network, client):
        body = b"x" * 3_000_000
        network.connect(lambda *_: Response(status=200, body=body))
        assert client.get("/").content == body

    def test_a_question_about_the_head_gets_no_body(self, network, heard):
        place = urlsplit(network.urls["shop"])
        link = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
        for _ in "12":
            link.request("HEAD", "/")
            assert link.getresponse().read() == b""
        link.close()

    def test_a_mistake_of_the_systems_own_is_not_hidden(self, network, client, monkeypatch):
        seen = []
        monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_value))

        def exchange(_name, _request):
            raise ValueError("a mistake")

        network.connect(exchange)
        with pytest.raises(httpx.TransportError):
            client.get("/")
        while threads() - {network._accepting}:
            time.sleep(0.001)
        assert [str(error) for error in seen] == ["a mistake"]
        network.connect(lambda *_: OK)
        assert client.get("/").status_code == 200


class TestMishaps:
    def asked(self, network, mishap):
        network.connect(lambda *_: mishap)
        with raw(network) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            return until_end(sock)

    def test_a_reset_is_a_reset(self, network):
        with pytest.raises(ConnectionResetError):
            self.asked(network, Mishap(kind="reset"))

    def test_a_closed_connection_is_no_reset(self, network):
        assert self.asked(network, Mishap(kind="closed")) == b""

    def test_a_body_cut_short(self, network, client):
        cut = Response(status=200, body=OK.body[:5], headers={"content-length": "100"})
        said = self.asked(network, cut)
        assert said.endswith(b"\r\n\r\n" + OK.body[:5])
        with pytest.raises(httpx.RemoteProtocolError, match="received 5 bytes, expected 100"):
            client.get("/")

    def test_a_stall_ends_in_a_reset(self, network):
        began = time.monotonic()
        with pytest.raises(ConnectionResetError):
            self.asked(network, Mishap(kind="stall", seconds=0.1))
        assert time.monotonic() - began > 0.09

    def test_a_stall_is_over_when_the_client_has_had_enough(self, network, client):
        network.connect(lambda *_: Mishap(kind="stall", seconds=60))
        with pytest.raises(httpx.ReadTimeout):
            client.get("/", timeout=0.05)
        while network.in_progress:
            time.sleep(0.001)

    def test_a_stall_holds_up_nobody_else(self, network, client):
        network.connect(lambda name, _: Mishap(kind="stall", seconds=60) if name == "erp" else OK)
        with raw(network, "erp") as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            while not network.in_progress:
                time.sleep(0.001)
            assert client.get("/").status_code == 200
            while network.in_progress > 1:
                time.sleep(0.001)
            assert network.in_progress == 1

    def test_a_drip_is_never_complete(self, network):
        network.connect(lambda *_: Mishap(kind="drip", answer=OK, seconds=0.1))
        with raw(network) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            said = []
            with pytest.raises(ConnectionResetError):
                said.extend(iter(lambda: sock.recv(65536), b""))
        body = b"".join(said).partition(b"\r\n\r\n")[2]
        assert body
        assert OK.body.startswith(body)
        assert len(body) < len(OK.body)

    def test_after_a_mishap_others_are_served(self, network, client):
        answers = iter([Mishap(kind="reset"), OK, Mishap(kind="closed"), OK])
        network.connect(lambda *_: next(answers))
        for _ in "12":
            with pytest.raises(httpx.TransportError):
                client.get("/")
            assert client.get("/").status_code == 200


class TestPorts:
    def test_ports_may_be_fixed(self):
        with Sockets(("shop",)) as free:
            port = urlsplit(free.urls["shop"]).port
            with pytest.raises(ConnectorUnavailable, match="cannot be had"):
                Sockets(("erp", "shop"), ports={"shop": port})
        with Sockets(("shop",), ports={"shop": port}) as fixed:
            assert fixed.urls["shop"] == f"http://127.0.0.1:{port}"

    def test_nothing_is_left(self, monkeypatch):
        before = threads()
        network = Sockets(("shop", "erp"))
        network.connect(lambda *_: Mishap(kind="stall", seconds=60))
        socks = [raw(network), raw(network, "erp")]
        idle, asking = [sock.__enter__() for sock in socks]
        asking.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        while not network.in_progress:
            time.sleep(0.001)
        network.close()
        network.close()
        assert threads() == before
        for sock in (idle, asking):
            sock.close()
        with pytest.raises(OSError, match="refused"):
            raw(network).__enter__()

    def test_a_close_wakes_who_waits_for_a_system(self):
        network = Sockets(("shop",))
        with raw(network) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            while not network.in_progress:
                time.sleep(0.001)
            network.close()
            told = b""
            with suppress(ConnectionResetError):  # or the end, whichever comes first
                told = until_end(sock)
            assert told == b""
