"""Webhooks over sockets: registered, signed, and what befalls them."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from run_agreed import small

from tallystick.connectors.command import Command
from tallystick.run.actions import perform
from tallystick.run.stage import Theatre
from tallystick.systems.deliveries import Deliverer
from tallystick.systems.inprocess import InProcess
from tallystick.systems.webhooks import Delivery, Webhooks
from tallystick.vocabulary.events import Change, Exchange, Notified, Request, Snapshot
from tallystick.vocabulary.script import Create, Edit, Ref, Settle
from tallystick.vocabulary.weather import WEBHOOK_WORDS, Webhook

HOOKED = Path(__file__).resolve().parents[1] / "correct" / "hooked.py"
JSON = {"content-type": "application/json"}
ANN = Ref("Ann", "Thing")
CREATE = Create(side="source", record=ANN, values=(("name", "Ann"),))


def edit(name):
    return Edit(side="source", record=ANN, values=(("name", name),))


class Ear:
    """Listens on this machine, and keeps what it hears; `answers` are its next statuses."""

    def __init__(self):
        self.heard = []
        self.answers = []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.append((self.path, dict(self.headers), body))
                self.send_response(ear.answers.pop(0) if ear.answers else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/news?a=1"

    def bodies(self, count):
        deadline = time.monotonic() + 20
        while len(self.heard) < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        return [body.decode() for _, _, body in self.heard]

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def ear():
    made = Ear()
    yield made
    made.close()


@pytest.fixture
def deliverer():
    made = Deliverer()
    yield made
    made.close()
    assert "tallystick webhooks" not in {thread.name for thread in threading.enumerate()}


def message(ear, text):
    return Delivery(url=ear.url, body=text.encode(), signature="s")


class TestRegistration:
    def ask(self, said, method="POST", **headers):
        hooks = Webhooks("token", {"Thing": "things", "Order": "orders"})
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        return hooks, hooks.answer(
            Request(method=method, target="/webhooks", headers={**JSON, **headers}, body=body)
        )

    @pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost", "127.1.2.3:9/x?y=1", "[::1]:7"])
    def test_a_url_on_this_machine(self, host):
        said = {"url": f"http://{host}", "types": ["things"]}
        _, answer = self.ask(said)
        assert (answer.status, answer.answer) == (201, {"id": "wh-1", **said})
        assert json.loads(answer.body) == answer.answer

    @pytest.mark.parametrize(
        ("said", "status"),
        [
            ({"url": "https://127.0.0.1/", "types": ["things"]}, 422),
            ({"url": "http://shop.test/", "types": ["things"]}, 422),
            ({"url": "http://10.0.0.1/", "types": ["things"]}, 422),
            ({"url": "http://a@127.0.0.1/", "types": ["things"]}, 422),
            ({"url": "http://127.0.0.1:x/", "types": ["things"]}, 422),
            ({"url": 7, "types": ["things"]}, 422),
            ({"url": "http://127.0.0.1/", "types": []}, 422),
            ({"url": "http://127.0.0.1/", "types": ["Thing"]}, 422),
            ({"url": "http://127.0.0.1/", "types": [["things"]]}, 422),
            ({"url": "http://127.0.0.1/", "types": "things"}, 422),
            ({"url": "http://127.0.0.1/"}, 400),
            ([], 400),
            (b"{", 400),
        ],
    )
    def test_what_is_refused(self, said, status):
        hooks, answer = self.ask(said)
        assert answer.status == status
        assert answer.answer["code"]
        assert not hooks._registered

    def test_other_requests(self):
        assert self.ask({}, method="GET")[1].headers["allow"] == "POST"
        assert self.ask({}, **{"content-type": "text/plain"})[1].status == 415

    def test_what_is_told(self):
        hooks, _ = self.ask({"url": "http://127.0.0.1/", "types": ["things"]})
        now = Snapshot(data={}, modified_ms=0, version=1)
        gone = Snapshot(data={}, modified_ms=0, version=2, deleted_ms=0)
        told = []
        for before, after in ((None, now), (now, now), (now, gone)):
            change = Change(side="source", type="Thing", key="t-1", before=before, after=after)
            [delivery] = hooks.deliveries(change, 1_000_999)
            signed = hmac.new(b"token", delivery.body, hashlib.sha256).hexdigest()
            assert delivery.signature == signed
            told.append(json.loads(delivery.body))
        assert [each["event"] for each in told] == ["created", "updated", "deleted"]
        assert [each["id"] for each in told] == ["del-1", "del-2", "del-3"]
        assert {(each["type"], each["record_id"]) for each in told} == {("things", "t-1")}
        assert told[0]["occurred_at"] == "1970-01-01T00:16:40Z"
        other = Change(side="source", type="Order", key="o-1", before=None, after=now)
        assert hooks.deliveries(other, 0) == []


class TestDeliveries:
    def test_a_message_arrives_as_it_was_signed(self, ear, deliverer):
        deliverer.send(message(ear, '{"a": "ä"}'))
        assert ear.bodies(1) == ['{"a": "ä"}']
        path, headers, _ = ear.heard[0]
        assert path == "/news?a=1"
        assert headers["Webhook-Signature"] == "s"
        assert headers["Content-Type"] == "application/json"

    @pytest.mark.parametrize(
        ("fate", "told"),
        [
            ("", ["1", "2"]),
            ("lost", ["2"]),
            ("twice", ["1", "1", "2"]),
            ("late", ["2", "1"]),
            ("overtaken", ["2", "1"]),
        ],
    )
    def test_what_befalls_one(self, ear, deliverer, fate, told):
        with deliverer._news:  # both are there before the first is sent, however slow this is
            deliverer.send(message(ear, "1"), fate)
            deliverer.send(message(ear, "2"))
        assert ear.bodies(len(told)) == told

    def test_one_that_is_not_taken_is_sent_again(self, ear, deliverer):
        ear.answers = [500]
        deliverer.send(message(ear, "1"))
        assert ear.bodies(2) == ["1", "1"]

    @pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.0.0.1/", "http://[::1]:1/"])
    def test_nobody_need_be_there(self, ear, deliverer, url):
        deliverer.send(Delivery(url=url, body=b"", signature=""))
        deliverer.send(message(ear, "1"))
        assert ear.bodies(1) == ["1"]

    def test_what_is_not_sent_yet_is_dropped_at_the_end(self, ear):
        deliverer = Deliverer()
        deliverer.send(message(ear, "1"), "late")
        deliverer.close()
        deliverer.send(message(ear, "2"))
        assert ear.heard == []


# in a world


@pytest.fixture
def theatre():
    command = Command(argv=(sys.executable, str(HOOKED)), mode="poll")
    made = Theatre(InProcess(), connector="poll:hooked", launch=command)
    yield made
    made.close()


def events(world, *kinds):
    return [event for event in world.journal.events if isinstance(event, kinds)]


@pytest.mark.parametrize(
    "fate",
    ["lost", *(pytest.param(f, marks=pytest.mark.slow) for f in WEBHOOK_WORDS if f != "lost")],
)
def test_a_connector_that_is_told(theatre, fate):
    world = theatre.world(small())
    found = []
    for step in (CREATE, Settle(), Webhook(number=1, fate=fate), edit("x"), edit("y"), Settle()):
        found += perform(world, step)
    assert found == []
    [registered] = [e for e in events(world, Exchange) if e.target == "/webhooks"]
    assert (registered.side, registered.status) == ("source", 201)
    assert [(e.side, e.fate) for e in events(world, Notified)][:2] == [
        ("source", fate),
        ("source", ""),
    ]
    assert [s.data["name"] for s in world.stores["target"].live("Item").values()] == ["y"]


def test_in_process_there_are_none():
    stage = Theatre(InProcess())
    world = stage.world(small())
    answer = world.systems["source"].handle(
        Request(method="POST", target="/webhooks", headers={"authorization": "Bearer x"})
    )
    assert answer.status == 401
    token = world.wiring.tokens["source"]
    headers = {"authorization": f"Bearer {token}", **JSON}
    answer = world.systems["source"].handle(
        Request(method="POST", target="/webhooks", headers=headers, body=b"{}")
    )
    assert answer.status == 404
    perform(world, Webhook(number=1, fate="lost"))
    world.close()
    stage.close()
