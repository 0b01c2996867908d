"""The store: people's side, keys, history."""

from __future__ import annotations

import pytest
from systems_driver import TYPES

from tallystick.clock import EPOCH_MS, Clock
from tallystick.errors import BadInput
from tallystick.systems import EditRefused, Store, build
from tallystick.systems.ledger import counted_key
from tallystick.systems.store import opaque_key

EMAIL = {"email": "ann@example.test"}


@pytest.fixture
def store():
    return Store("source", TYPES, Clock(), skew_ms=7)


def test_people_create_replace_and_delete(store):
    create = store.create("Customer", EMAIL)
    assert (create.side, create.type, create.before) == ("source", "Customer", None)
    assert create.after.modified_ms == EPOCH_MS + 7
    assert store.clock.now_ms == EPOCH_MS  # the caller moves it
    store.clock.advance(5)
    replace = store.replace("Customer", create.key, {"email": "new"})
    assert replace.before is create.after
    assert store.snapshot("Customer", create.key) is replace.after
    assert store.live("Customer") == {create.key: replace.after}
    delete = store.delete("Customer", create.key)
    assert delete.after.deleted_ms == EPOCH_MS + 12
    assert store.live("Customer") == {}
    assert store.snapshot("Customer", create.key) is delete.after
    assert store.snapshot("Customer", "never") is None


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        ({}, ["email"]),
        ({"email": "x" * 41, "age": -1}, ["age", "email"]),
        ({**EMAIL, "credit": 0.1 + 0.2}, ["credit"]),
        ({**EMAIL, "age": 2**53 + 1}, ["age"]),
        ({**EMAIL, "credit": float("nan")}, ["credit"]),
        ({**EMAIL, "tags": ["fine", "\ud800"]}, ["tags[1]"]),
        ([], [""]),
    ],
)
def test_people_cannot_save_what_the_system_would_refuse(store, data, paths):
    key = store.create("Customer", EMAIL).key
    for attempt in (
        lambda: store.create("Customer", data),
        lambda: store.replace("Customer", key, data),
    ):
        with pytest.raises(EditRefused, match="does not take this Customer") as refused:
            attempt()
        assert isinstance(refused.value, BadInput)
        assert [path for path, _ in refused.value.violations] == paths
    assert store.snapshot("Customer", key).data is EMAIL
    assert [path for path, _ in store.violations("Customer", data)] == paths


def test_what_is_not_there_cannot_be_edited(store):
    with pytest.raises(EditRefused, match="was never there"):
        store.replace("Customer", "x", EMAIL)
    key = store.create("Customer", EMAIL).key
    store.delete("Customer", key)
    with pytest.raises(EditRefused, match="is deleted"):
        store.delete("Customer", key)
    with pytest.raises(EditRefused, match="no type 'Nobody'"):
        store.create("Nobody", EMAIL)


def test_a_key_can_be_asked_for_once(store):
    assert store.create("Customer", EMAIL, "cus-0000002").key == "cus-0000002"
    with pytest.raises(EditRefused, match="not reused"):
        store.create("Customer", EMAIL, "cus-0000002")
    assert [store.create("Customer", EMAIL).key for _ in range(2)] == ["cus-0000003", "cus-0000004"]


@pytest.mark.parametrize(
    ("path", "key"), [("customer", "cus-0000012"), ("Ä-1", "rec-0000012"), ("x2y", "xy-0000012")]
)
def test_opaque_keys_have_letters(path, key):
    assert opaque_key(path, 12) == key


def test_the_dialect_says_what_keys_look_like(store):
    build("ledger/1", store, token="t", base_url="http://x.test", numbers="exact")
    assert (
        store.create("Customer", {**EMAIL, "credit": 0.1 + 0.2}).key == counted_key("", 1) == 1001
    )


def test_the_past_can_be_seen_and_stays_as_it_was(store):
    marks = [store.mark]
    first = store.create("Customer", EMAIL)
    marks.append(store.mark)
    second = store.create("Customer", EMAIL)
    store.replace("Customer", first.key, {"email": "new"})
    marks.append(store.mark)
    store.delete("Customer", first.key)
    seen = [store.as_of(mark).live("Customer") for mark in marks]
    assert [list(live) for live in seen] == [[], [first.key], [first.key, second.key]]
    assert seen[1][first.key] is first.after
    assert seen[2][first.key].data == {"email": "new"}
    assert list(store.live("Customer")) == [second.key]
