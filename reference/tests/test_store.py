"""The store survives a kill between any two of its transactions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tallystick_reference.store import Intent, Item, Link, Store

ITEM = Item("source", "Customer", "c1")


@pytest.fixture
def again(tmp_path):
    """Open the store, as often as wanted, without ever closing it: as after a kill."""
    return lambda: Store(str(tmp_path))


def test_a_cursor_and_what_it_has_passed_are_noted_together(again):
    again().received("source", "Customer", ("old", "new"), ["c2", "c1"])
    store = again()
    assert store.cursors("source", "Customer") == ("old", "new")
    assert store.cursors("target", "Customer") == (None, None)
    assert store.todo() == [ITEM, Item("source", "Customer", "c2")]
    store.done(ITEM, "mark")
    assert again().todo() == [Item("source", "Customer", "c2")]
    assert again().seen(ITEM) == "mark"


def test_a_transaction_that_fails_leaves_nothing(again):
    def keys():
        yield "c1"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again().received("source", "Customer", ("old", "new"), keys())
    assert again().todo() == []
    assert again().cursors("source", "Customer") == (None, None)


def test_an_intent_lives_until_its_link_is_made(again):
    intent = Intent(pair=0, side="source", id="c1", data={"a": 1}, base={"r": [1, 1]}, mark="m")
    again().intend(intent)
    assert again().intents() == [intent]
    link = Link(pair=0, source="c1", target=1001, base={"r": [1, 1]})
    again().save(link, wake=[ITEM])
    store = again()
    assert store.intents() == []
    assert store.link(0, "source", "c1") == store.link(0, "target", 1001) == link
    assert store.todo() == [ITEM]


def test_a_refused_create_is_parked_and_no_longer_in_doubt(again):
    intent = Intent(pair=0, side="source", id="c1", data={}, base={}, mark="m")
    again().intend(intent)
    again().park(0, "target", {"source": "c1"}, "m")
    assert again().intents() == []
    assert again().parked(0, "target", {"source": "c1"}) == "m"


def test_links_are_for_life_and_keys_keep_their_type(again):
    link = Link(pair=0, source=17, target="17")
    again().save(link)
    again().save(replace(link, state="dead"))
    store = again()
    assert store.linked(0) == []
    assert store.link(0, "source", 17).state == "dead"
    assert store.link(0, "source", "17") is None


def test_references_are_known_from_both_ends(again):
    order, other = Item("source", "Order", "o1"), Item("source", "Customer", 10**30)
    assert again().refer(order, {ITEM, other}) == {ITEM, other}
    assert again().refer(order, {ITEM, other}) == set()
    assert again().referrers(other) == [order]
    again().refer(order, {ITEM})
    assert again().referrers(other) == []
