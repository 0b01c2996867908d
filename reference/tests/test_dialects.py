"""Each dialect's own habits, against the stubs."""

from __future__ import annotations

import httpx
import pytest
from stub import Stub, in_process

from tallystick_reference.errors import DecideAgain, Refused
from tallystick_reference.ledger import Ledger
from tallystick_reference.storefront import Storefront
from tallystick_reference.transport import Transport

DIALECTS = {"storefront/1": Storefront, "ledger/1": Ledger}


def wire(name):
    """Give a stub, and the dialect that speaks with it."""
    stub = Stub(name, "http://system.test", "t")
    headers = {"Authorization": "Bearer t"}
    client = httpx.Client(transport=in_process([stub]), headers=headers)
    wired = type("Wired", (Transport,), {"client": lambda self, token: client})
    transport = wired(stub.url, "t", now=lambda: 0.0, sleep=lambda seconds: None)
    return stub, DIALECTS[name](transport, {"Customer": "customer"})


@pytest.fixture(params=DIALECTS)
def system(request):
    return wire(request.param)


@pytest.fixture
def shop():
    return wire("storefront/1")


@pytest.fixture
def erp():
    return wire("ledger/1")


def names(batch):
    return [record.data.get("name") for record in batch.records]


def test_get_tells_live_gone_and_never_there(system):
    stub, api = system
    key = stub.create("customer", name="Ann")
    assert api.get("Customer", key).data == {"name": "Ann"}
    stub.delete("customer", key)
    assert api.get("Customer", key).gone
    never = f"{key}9" if isinstance(key, str) else key + 9
    assert api.get("Customer", never) is None


@pytest.mark.parametrize("key", [None, True, "", [], {}, 1.5])
def test_what_cannot_be_a_key_is_not_asked_for(system, key):
    stub, api = system
    assert api.get("Customer", key) is None
    assert stub.log == []


def test_a_key_is_quoted(shop):
    stub, api = shop
    api.get("Customer", "a/b?c")
    assert stub.log[0][1] == "/customer/a%2Fb%3Fc"


def test_find_looks_up_and_follows_the_pages(system):
    stub, api = system
    stub.page = 2
    for name in ("Ann", "Bob", "Ann", "Ann"):
        stub.create("customer", name=name, number=5)
    assert len(api.find("Customer", "name", "Ann")) == 3
    assert len(api.find("Customer", "number", "5")) == 4


def test_changes_are_read_past_all_pages_and_from_the_cursor_on(system):
    stub, api = system
    stub.page = 2
    keys = [stub.create("customer", name=name) for name in "abcde"]
    first = api.changes("Customer", None)
    assert sorted(names(first)) == list("abcde")
    stub.edit("customer", keys[0], name="A")
    stub.delete("customer", keys[1])
    second = api.changes("Customer", first.cursor)
    assert {r.id for r in second.records if r.gone} == {keys[1]}
    assert "A" in names(second)
    third = api.changes("Customer", second.cursor)
    assert len(third.records) <= 1


def test_pages_are_read_against_the_stream_so_that_edits_hide_nothing(shop):
    stub, api = shop
    stub.page = 2
    keys = [stub.create("customer", name=name) for name in "abcde"]
    edits = iter(keys[:2])

    def edit_meanwhile(request):
        if (key := next(edits, None)) is not None:
            stub.edit("customer", key, name="edited")

    stub.after = edit_meanwhile
    assert {"c", "d", "e"} <= set(names(api.changes("Customer", None)))


def test_a_storefronts_cursor_is_the_newest_second_seen_never_the_clock(shop):
    stub, api = shop
    assert api.changes("Customer", None).cursor.startswith("1970")
    stub.create("customer", name="a")
    newest = api.changes("Customer", None).records[0].modified_at
    assert api.changes("Customer", None).cursor == newest
    assert names(api.changes("Customer", newest)) == ["a"]


def test_a_storefronts_update_sends_what_changed(shop):
    stub, api = shop
    record = api.get("Customer", stub.create("customer", name="a", other={"x": 1, "y": 2}))
    after = api.update("Customer", record, {"name": "a", "other": {"x": 1}})
    assert stub.log[-1][2] == {"data": {"other": {"y": None}}}
    assert after.data == {"name": "a", "other": {"x": 1}}


def test_an_expired_link_leads_to_a_full_reading(erp):
    stub, api = erp
    stub.create("customer", name="a")
    link = api.changes("Customer", None).cursor
    honest = stub.listing
    stub.listing = lambda path, query: (410, {}) if "delta" in query else honest(path, query)
    batch = api.changes("Customer", link)
    assert (names(batch), batch.complete) == (["a"], True)


def test_a_ledgers_update_is_refused_once_the_record_has_moved_on(erp):
    stub, api = erp
    key = stub.create("customer", name="a", own=1)
    record = api.get("Customer", key)
    stub.edit("customer", key, own=2)
    with pytest.raises(DecideAgain):
        api.update("Customer", record, {"name": "b", "own": 1})
    with pytest.raises(DecideAgain):
        api.delete("Customer", record)
    assert api.delete("Customer", api.get("Customer", key)).gone


def test_a_create_repeated_gives_the_same_record(system):
    stub, api = system
    first = api.create("Customer", {"name": "a"}, "token-1")
    assert api.create("Customer", {"name": "a"}, "token-1") == first
    assert len(stub.live("customer")) == 1


def test_a_conflict_is_adopted_only_if_it_is_the_intents_own_record(erp):
    stub, api = erp
    other = stub.create("customer", name="somebody else's")
    stub.post = lambda path, headers, body: (409, {"code": "taken", "existing_id": other})
    with pytest.raises(Refused):
        api.create("Customer", {"name": "a"}, "token-1")


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_a_definite_no_is_a_refusal(system, status):
    stub, api = system
    stub.post = lambda path, headers, body: (status, {"code": "no"})
    with pytest.raises(Refused):
        api.create("Customer", {"name": "a"}, "token-1")
