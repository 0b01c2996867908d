"""What only storefront/1 does."""

from __future__ import annotations

import pytest

from tallystick.clock import EPOCH_MS, SECOND_MS

EMAIL = {"email": "ann@example.test"}


def ids(answer):
    return [shown["id"] for shown in answer.answer["items"]]


def test_keys_are_opaque_and_sort_as_they_were_created(shop):
    made = [shop.created(email=str(number))["id"] for number in range(12)]
    assert made[0] == "cus-0000001"
    assert sorted(made) == made
    assert shop.created("orders")["id"] == "ord-0000001"


def test_times_are_cut_to_whole_seconds(shop):
    shop.clock.advance(998)
    assert shop.created(**EMAIL)["modified_at"] == "2025-01-15T09:00:00Z"
    assert shop.created(**EMAIL)["modified_at"] == "2025-01-15T09:00:01Z"


class TestPages:
    def test_the_default_is_50_and_the_most_100(self, shop):
        for number in range(101):
            shop.store.create("Customer", {"email": str(number)})
        first = shop.send("GET", "/customer")
        assert (len(ids(first)), first.answer["page"], first.answer["pages"]) == (50, 1, 3)
        assert len(ids(shop.send("GET", "/customer?per_page=100"))) == 100
        assert shop.send("GET", "/customer?per_page=101").status == 400

    def test_a_page_beyond_is_empty(self, shop):
        answer = shop.send("GET", "/customer?page=7")
        assert answer.answer == {"items": [], "page": 7, "pages": 1}

    def test_order_is_by_whole_second_and_key(self, shop):
        a, b, c = (shop.created(email=name) for name in "abc")
        shop.update(a, {"email": "a2"})  # later, but within the same second
        assert ids(shop.send("GET", "/customer")) == [a["id"], b["id"], c["id"]]
        shop.clock.advance(SECOND_MS)
        shop.update(b, {"email": "b2"})
        assert ids(shop.send("GET", "/customer")) == [a["id"], c["id"], b["id"]]

    def test_an_edit_between_two_pages_moves_records(self, shop):
        a, b, c = (shop.created(email=name) for name in "abc")
        first = shop.send("GET", "/customer?per_page=1&page=1")
        shop.clock.advance(SECOND_MS)
        shop.update(a, {"email": "a2"})
        second = shop.send("GET", "/customer?per_page=1&page=2")
        assert (ids(first), ids(second)) == ([a["id"]], [c["id"]])
        assert ids(shop.send("GET", "/customer?per_page=1&page=1")) == [b["id"]]


class TestSince:
    @pytest.fixture
    def three(self, shop):
        """Records changed at 09:00:01, 09:00:02 and 09:00:03 (and some milliseconds)."""
        made = []
        for name in "abc":
            shop.clock.advance(SECOND_MS)
            made.append(shop.created(email=name))
        return made

    @pytest.mark.parametrize(
        ("since", "listed"),
        [
            ("2025-01-15T09:00:02Z", "bc"),
            ("2025-01-15T09:00:02.999Z", "bc"),
            ("2025-01-15T10:00:02.5%2B01:00", "bc"),
            ("2025-01-15T07:00:02-02:00", "bc"),
            ("2025-01-15t09:00:04z", ""),
            ("0001-01-01T00:00:00Z", "abc"),
            ("9999-12-31T23:59:59Z", ""),
        ],
    )
    def test_inclusive_in_whole_seconds(self, shop, three, since, listed):
        answer = shop.send("GET", f"/customer?modified_since={since}")
        assert [shown["data"]["email"] for shown in answer.answer["items"]] == list(listed)

    @pytest.mark.parametrize(
        "since",
        [
            "2025-01-15",
            "2025-01-15T09:00:02",
            "2025-01-15T09:00:02+01:00",
            "1736931600",
            "",
            "2025-13-15T09:00:02Z",
        ],
    )
    def test_anything_else_is_no_time(self, shop, since):
        assert shop.send("GET", f"/customer?modified_since={since}").status == 400

    def test_deleted_records_only_when_asked_for_changes(self, shop, three):
        shop.clock.advance(SECOND_MS)
        shop.remove(three[0])
        assert ids(shop.send("GET", "/customer")) == [three[1]["id"], three[2]["id"]]
        (gone,) = shop.send("GET", "/customer?modified_since=2025-01-15T09:00:04Z").answer["items"]
        at = "2025-01-15T09:00:04Z"
        assert gone == {"id": three[0]["id"], "modified_at": at, "deleted_at": at}

    def test_not_together_with_a_look_up(self, shop):
        query = "where=email&equals=a&modified_since=2025-01-15T09:00:02Z"
        assert shop.send("GET", f"/customer?{query}").status == 400


class TestIdempotentCreates:
    def create(self, shop, data, key="key-1", type_path="customer", raw=None):
        headers = {"idempotency-key": key, "content-type": "application/json"}
        said = None if raw is not None else {"data": data}
        return shop.send("POST", f"/{type_path}", said, raw=raw, headers=headers)

    def test_a_replay_gives_the_same_record_in_its_newest_state(self, shop):
        made = self.create(shop, EMAIL)
        assert made.status == 201
        changed = shop.update(made.answer, {"email": "new"})
        again = self.create(shop, EMAIL)
        assert (again.status, again.answer, again.changes) == (200, changed.answer, ())

    def test_a_replay_after_deletion_gives_what_is_left(self, shop):
        made = self.create(shop, EMAIL)
        shop.remove(made.answer)
        again = self.create(shop, EMAIL)
        assert again.status == 200
        assert again.answer.keys() == {"id", "modified_at", "deleted_at"}
        assert not shop.store.live("Customer")

    def test_another_body_is_422_key_reused(self, shop):
        self.create(shop, EMAIL)
        for other in ({"email": "other"}, {"email": 5}, {}):
            answer = self.create(shop, other)
            assert (answer.status, answer.answer["code"]) == (422, "key-reused")
        assert len(shop.store.live("Customer")) == 1

    def test_the_same_body_written_differently_is_the_same(self, shop):
        self.create(shop, {"email": "x", "age": 5})
        again = self.create(shop, None, raw=b'{"data":\n{"age": 5.0, "email": "\\u0078"}}')
        assert again.status == 200

    def test_refused_creates_do_not_use_up_their_key(self, shop):
        assert self.create(shop, {"email": 5}).status == 422
        assert self.create(shop, None, raw=b"{").status == 400
        shop.system.throttle(shop.clock.now_ms + 2)
        assert self.create(shop, {"email": "1"}).status == 429
        shop.clock.advance(10)
        assert self.create(shop, EMAIL).status == 201

    def test_keys_count_for_each_type(self, shop):
        assert self.create(shop, EMAIL).status == 201
        assert self.create(shop, {"other": 1}, type_path="orders").status == 201

    def test_another_key_makes_another_record(self, shop):
        assert self.create(shop, EMAIL).answer["id"] != self.create(shop, EMAIL, "2").answer["id"]

    def test_a_blank_key_is_400(self, shop):
        assert self.create(shop, EMAIL, " ").status == 400


class TestPatch:
    def test_only_what_is_sent_changes(self, shop):
        data = {**EMAIL, "name": "Ann", "address": {"city": "Ulm", "zip": "1"}, "tags": ["a", "b"]}
        one = shop.created(**data)
        patch = {"name": None, "address": {"city": "Bonn", "zip": None}, "tags": ["c"], "age": 1}
        answer = shop.send("PATCH", shop.path(one), {"data": patch})
        assert answer.answer["data"] == {
            **EMAIL,
            "age": 1,
            "address": {"city": "Bonn"},
            "tags": ["c"],
        }

    def test_the_last_write_wins_without_a_tag(self, shop):
        one = shop.created(**EMAIL)
        shop.store.replace("Customer", one["id"], {**EMAIL, "name": "by hand"})
        answer = shop.send("PATCH", shop.path(one), {"data": {"age": 1}}, headers={"if-match": "x"})
        assert answer.answer["data"] == {**EMAIL, "name": "by hand", "age": 1}
        assert "etag" not in answer.headers

    def test_earlier_snapshots_are_not_touched(self, shop):
        one = shop.created(**EMAIL, address={"city": "Ulm"})
        (change,) = shop.send("PATCH", shop.path(one), {"data": {"address": {"city": "X"}}}).changes
        assert change.before.data["address"] == {"city": "Ulm"}

    def test_an_unfit_number_in_the_patch_is_422(self, shop):
        one = shop.created(**EMAIL)
        raw = b'{"data": {"credit": 9007199254740993}}'
        answer = shop.send("PATCH", shop.path(one), raw=raw)
        assert [error["path"] for error in answer.answer["errors"]] == ["credit"]


def test_nothing_expires_here(shop):
    shop.system.expire_deltas()
    assert shop.send("GET", "/customer").status == 200
    assert shop.clock.now_ms == EPOCH_MS + 1
