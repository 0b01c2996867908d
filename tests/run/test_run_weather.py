"""Each fault, against both dialects: what was done, and what the connector gets to see."""

from __future__ import annotations

import json

import pytest
from run_agreed import small

from tallystick.clock import Clock
from tallystick.run.weather import STALL_MS, strike
from tallystick.systems import Store, build
from tallystick.systems.mishaps import Mishap
from tallystick.vocabulary.events import Request
from tallystick.vocabulary.weather import DEFINITE_FAULTS, FAULT_WORDS, LIST_FAULTS, Fault

APIS = ("storefront/1", "ledger/1")
ITEMS = {"storefront/1": "items", "ledger/1": "value"}


class Place:
    """One system with four records, and a way to ask it in some weather."""

    def __init__(self, api):
        self.api = api
        self.clock = Clock()
        types = small().types("source")
        self.store = Store("source", types, self.clock)
        self.system = build(api, self.store, token="t", base_url="http://s.test")
        self.keys = []
        for number in range(4):
            self.clock.advance(1)
            self.keys.append(self.store.create("Thing", {"name": f"n{number}"}).key)

    def strike(self, fault, method="GET", target="/things", data=None, *, timeout_ms=None, **more):
        body = json.dumps({"data": data}).encode() if data else b""
        headers = {"authorization": "Bearer t", "content-type": "application/json"}
        if method == "DELETE" and self.api == "ledger/1":
            headers["if-match"] = self.strike(None, target=target).headers["etag"]
        request = Request(
            method=method, target=target, headers=headers, body=body, read_timeout_ms=timeout_ms
        )
        if fault is None:
            return self.system.handle(request)
        weather = Fault(**{"request": 1, "fault": fault, **more})
        return strike(weather, self.system, request, self.clock)

    def create(self, fault, **more):
        return self.strike(fault, "POST", data={"name": "new"}, **more)

    def names(self):
        return [snapshot.data["name"] for snapshot in self.store.live("Thing").values()]

    def shown(self, response):
        return [item["data"]["name"] for item in json.loads(response.body)[ITEMS[self.api]]]


@pytest.fixture(params=APIS)
def place(request):
    return Place(request.param)


def test_the_faults_are_those_that_are_said(place):
    for fault in FAULT_WORDS:
        assert place.strike(fault).done is not None


@pytest.mark.parametrize("fault", sorted(set(FAULT_WORDS) - LIST_FAULTS - {"delta-expired"}))
def test_a_write_is_done_or_not(place, fault):
    struck = place.create(fault, seconds=1)
    is_done = "new" in place.names()
    assert is_done == (fault not in DEFINITE_FAULTS)
    assert is_done == bool(struck.done.changes)


@pytest.mark.parametrize(("fault", "status"), [("unavailable", 503), ("throttled", 429)])
def test_turned_away_for_a_while(place, fault, status):
    struck = place.create(fault, seconds=2)
    assert struck.done is struck.seen
    assert (struck.seen.status, struck.seen.headers["retry-after"]) == (status, "2")
    assert struck.answered
    place.clock.advance(1999)
    assert place.strike(None).status == status
    place.clock.advance(1)
    assert place.strike(None).status == 200


@pytest.mark.parametrize(("fault", "status"), [("unavailable", 503), ("throttled", 429)])
def test_turned_away_for_no_time(place, fault, status):
    struck = place.create(fault)
    assert (struck.seen.status, struck.seen.headers["retry-after"]) == (status, "0")
    assert place.strike(None).status == 200
    assert "new" not in place.names()


def test_an_error_after_the_work(place):
    struck = place.create("error")
    assert (struck.seen.status, struck.answered) == (500, True)
    assert struck.seen.answer["code"] == "error"
    assert [change.after.data for change in struck.seen.changes] == [{"name": "new"}]


def test_cut_off_before(place):
    struck = place.create("reset-before")
    assert struck.seen == Mishap(kind="reset")
    assert (struck.done.status, struck.answered) == (0, False)


def test_cut_off_after(place):
    struck = place.create("reset-after")
    assert struck.seen == Mishap(kind="reset")
    assert (struck.done.status, struck.answered) == (201, False)


@pytest.mark.parametrize("timeout_ms", [1, 5000, STALL_MS])
def test_who_waits_too_briefly_gets_no_answer(place, timeout_ms):
    before = place.clock.now_ms
    struck = place.create("stall", timeout_ms=timeout_ms)
    assert struck.seen == Mishap(kind="stall")
    assert (struck.done.status, struck.answered) == (201, False)
    assert place.clock.now_ms == before + timeout_ms


@pytest.mark.parametrize("timeout_ms", [None, STALL_MS + 1])
def test_who_waits_long_enough_gets_it(place, timeout_ms):
    before = place.clock.now_ms
    struck = place.create("stall", timeout_ms=timeout_ms)
    assert struck.seen is struck.done
    assert (struck.seen.status, struck.answered) == (201, True)
    assert place.clock.now_ms == before + STALL_MS


def test_cut_short(place):
    struck = place.create("cut")
    assert struck.done.status == struck.seen.status == 201
    assert struck.seen.body == struck.done.body[: len(struck.done.body) // 2]
    assert struck.seen.headers["content-length"] == str(len(struck.done.body))
    assert struck.seen.answer is None
    assert not struck.answered
    assert struck.seen.changes == struck.done.changes


def test_nothing_cannot_be_cut_short(place):
    struck = place.strike("cut", "DELETE", f"/things/{place.keys[0]}")
    assert (struck.done.status, struck.done.body) == (204, b"")
    assert struck.seen == Mishap(kind="closed")
    assert not struck.answered
    assert "n0" not in place.names()


@pytest.mark.parametrize(("fault", "left"), [("empty-list", []), ("short-list", ["n0", "n1"])])
def test_lists_that_lack_something(place, fault, left):
    struck = place.strike(fault)
    assert struck.done is struck.seen
    assert (struck.seen.status, struck.answered) == (200, True)
    assert place.shown(struck.seen) == left
    assert json.loads(struck.seen.body) == struck.seen.answer
    whole = place.strike(None)
    assert struck.seen.answer.keys() == whole.answer.keys()
    assert place.shown(whole) == place.names()


@pytest.mark.parametrize("fault", ["empty-list", "short-list"])
@pytest.mark.parametrize("target", ["/nobody", "/things/nobody", "/things/{key}"])
def test_what_is_no_list_stays(place, fault, target):
    target = target.format(key=place.keys[0])
    struck = place.strike(fault, target=target)
    assert struck.seen == place.strike(None, target=target)


@pytest.mark.parametrize(("request_", "left"), [(3, 3), (4, 2), (5, 1), (6, 3)])
def test_old_lists(place, request_, left):
    struck = place.strike("stale-list", request=request_)
    assert place.shown(struck.seen) == place.names()[:left]
    assert place.shown(place.strike(None)) == place.names()


def test_a_list_is_never_older_than_the_system():
    place = Place("ledger/1")
    place.store = Store("source", small().types("source"), place.clock)
    place.system = build("ledger/1", place.store, token="t", base_url="http://s.test")
    assert place.shown(place.strike("stale-list").seen) == []


def test_delta_links_expire():
    place = Place("ledger/1")
    link = place.strike(None).answer["deltaLink"].removeprefix("http://s.test")
    assert place.strike(None, target=link).status == 200
    struck = place.strike("delta-expired", target=link)
    assert struck.seen.status == 410
    assert struck.answered
    assert place.strike(None, target=link).status == 410
    fresh = place.strike(None).answer["deltaLink"].removeprefix("http://s.test")
    assert place.strike(None, target=fresh).status == 200


def test_where_there_are_no_delta_links_nothing_expires():
    place = Place("storefront/1")
    assert place.strike("delta-expired").seen == place.strike(None)
