"""What only ledger/1 does."""

from __future__ import annotations

import json

import pytest
from systems_driver import BASE_URL

EMAIL = {"email": "ann@example.test"}


def names(records):
    return [shown.get("data", {}).get("email", "removed") for shown in records]


def follow(erp, link):
    return erp.send("GET", link.removeprefix(BASE_URL))


def test_keys_are_integers_and_overlap_between_types(erp):
    assert [erp.created(email=str(number))["id"] for number in range(3)] == [1001, 1002, 1003]
    assert erp.created("orders")["id"] == 1001


@pytest.mark.parametrize("key", ["01001", "+1001", "1001.0", "1e3", "²", "9" * 30, "0", "1001%20"])
def test_any_other_key_is_404(erp, key):
    erp.created(**EMAIL)
    assert erp.send("GET", f"/customer/{key}").answer["code"] == "unknown-record"


def test_times_are_in_milliseconds(erp):
    assert erp.created(**EMAIL)["modified_at"] == "2025-01-15T09:00:00.001Z"


class TestFullReads:
    def test_pages_are_never_longer_than_100(self, erp):
        for number in range(101):
            erp.store.create("Customer", {"email": str(number)})
        for target in ("/customer", "/customer?top=5000"):
            answer = erp.send("GET", target)
            assert len(answer.answer["value"]) == 100
            assert answer.answer["nextLink"].startswith(f"{BASE_URL}/customer?skiptoken=")

    def test_what_lives_throughout_is_listed_however_it_is_edited(self, erp):
        made = [erp.created(email=str(number)) for number in range(6)]
        page = erp.send("GET", "/customer?top=2").answer
        erp.update(made[0], {"email": "edited"})
        erp.update(made[5], {"email": "edited too"})
        erp.remove(made[1])
        erp.remove(made[3])
        added = erp.created(email="added")
        rest, delta = erp.read_on(page["nextLink"].removeprefix(BASE_URL))
        assert names(page["value"] + rest) == ["0", "1", "2", "4", "edited too", "added"]
        changes, _ = erp.read_changes(delta)
        assert names(changes) == ["edited", "removed", "removed", "edited too", "added"]
        assert changes[-1]["id"] == added["id"]

    def test_links_can_be_followed_again(self, erp):
        for number in range(3):
            erp.created(email=str(number))
        link = erp.send("GET", "/customer?top=2").answer["nextLink"]
        assert follow(erp, link).answer == follow(erp, link).answer

    def test_links_are_the_same_in_every_run(self, erp):
        other = type(erp)()
        assert erp.send("GET", "/customer").answer == other.send("GET", "/customer").answer


class TestDeltas:
    def test_each_record_once_in_its_newest_state(self, erp):
        one = erp.created(email="1")
        _, cursor = erp.read_all()
        two = erp.created(email="2")
        for name in "abc":
            one = erp.update(one, {"email": name}).answer
        erp.remove(two)
        for size in (1, 2, 100):
            found, _ = erp.read_changes(cursor)
            assert found == [one, {"id": two["id"], "removed": True}], size

    def test_it_can_be_followed_again_and_nothing_is_lost(self, erp):
        _, cursor = erp.read_all()
        erp.created(email="1")
        first, after_first = erp.read_changes(cursor)
        erp.created(email="2")
        again, _ = erp.read_changes(cursor)
        assert (names(first), names(again)) == (["1"], ["1", "2"])
        assert names(erp.read_changes(after_first)[0]) == ["2"]

    def test_it_covers_what_happened_since_the_first_request_of_its_read(self, erp):
        for number in range(3):
            erp.store.create("Customer", {"email": str(number)})
        _, cursor = erp.read_all(size=1)
        for key in (1001, 1002, 1003):
            erp.store.replace("Customer", key, {"email": f"{key}"})
        page = follow(erp, cursor)
        assert names(page.answer["value"]) == ["1001"]
        erp.store.replace("Customer", 1001, {"email": "again"})
        erp.store.replace("Customer", 1003, {"email": "newest"})
        rest, after = erp.read_on(page.answer["nextLink"].removeprefix(BASE_URL))
        assert names(rest) == ["1002", "newest"]
        assert names(erp.read_changes(after)[0]) == ["again", "newest"]

    def test_other_types_are_not_in_it(self, erp):
        _, cursor = erp.read_all()
        erp.created("orders")
        assert erp.read_changes(cursor)[0] == []

    def test_an_expired_link_is_410_and_a_new_read_mends_it(self, erp):
        for number in range(3):
            erp.created(email=str(number))
        _, cursor = erp.read_all()
        for number in range(3):
            erp.created(email=str(number))
        follow_up = erp.send("GET", "/customer?top=1").answer["nextLink"]
        in_delta = follow(erp, erp.read_all(size=1)[1])
        assert "deltaLink" in in_delta.answer
        erp.system.expire_deltas()
        for link in (cursor, in_delta.answer["deltaLink"]):
            answer = follow(erp, link)
            assert (answer.status, answer.answer["code"]) == (410, "resync-required")
        assert follow(erp, follow_up).status == 200
        _, fresh = erp.read_all()
        assert erp.read_changes(fresh)[0] == []

    def test_the_next_links_of_an_expired_read_expire_too(self, erp):
        _, cursor = erp.read_all(size=1)
        erp.created(email="1")
        erp.created(email="2")
        link = follow(erp, cursor).answer["nextLink"]
        erp.system.expire_deltas()
        assert follow(erp, link).status == 410
        assert follow(type(erp)(), "/customer").status == 200

    def test_an_older_moment_knows_that_links_expired(self, erp):
        mark = erp.store.mark
        _, cursor = erp.read_all()
        erp.system.expire_deltas()
        assert follow(erp.at(mark), cursor).status == 410

    def test_an_older_moment_never_goes_back_behind_its_link(self, erp):
        erp.created(email="1")
        mark = erp.store.mark
        two = erp.created(email="2")
        _, cursor = erp.read_all()
        past = erp.at(mark)
        stale = follow(past, cursor).answer
        assert stale["value"] == []
        erp.update(two, {"email": "3"})
        assert names(follow(erp, stale["deltaLink"]).answer["value"]) == ["3"]

    @pytest.mark.parametrize("name", ["skiptoken", "deltatoken"])
    @pytest.mark.parametrize("token", ["", "x", "AAAA", "AAAAAAAA", "é", "e30", "!!!!"])
    def test_what_was_never_served_is_400(self, erp, name, token):
        assert erp.send("GET", f"/customer?{name}={token}").status == 400

    def test_links_are_followed_as_they_were_served(self, erp):
        for number in range(2):
            erp.created(email=str(number))
        page = erp.send("GET", "/customer?top=1").answer
        following = page["nextLink"].removeprefix(BASE_URL)
        _, delta = erp.read_all()
        for link in (
            f"{following}&top=1",
            following.replace("/customer", "/orders"),
            following.replace("skiptoken", "deltatoken"),
            delta.replace("deltatoken", "skiptoken"),
            f"{delta}&where=email&equals=x",
            delta[:-2],
        ):
            assert erp.send("GET", link).status == 400


class TestReferences:
    def create(self, erp, reference, email="x", type_path="customer"):
        said = {"data": {"email": email}, "external_reference": reference}
        return erp.send("POST", f"/{type_path}", said)

    def test_it_finds_its_record(self, erp):
        made = self.create(erp, "shop/1 ä&").answer
        assert made["external_reference"] == "shop/1 ä&"
        found, _ = erp.read_on("/customer?external_reference=shop/1%20%C3%A4%26")
        assert found == [made]
        assert erp.read_on("/customer?external_reference=shop/1")[0] == []
        assert erp.read_on("/orders?external_reference=shop/1%20%C3%A4%26")[0] == []

    def test_it_is_taken_for_good(self, erp):
        made = self.create(erp, "a").answer
        for step in (lambda: None, lambda: erp.remove(made)):
            step()
            answer = self.create(erp, "a", "another")
            assert (answer.status, answer.answer["code"]) == (409, "reference-taken")
            assert answer.answer["existing_id"] == made["id"]
        assert erp.read_on("/customer?external_reference=a")[0] == []
        assert self.create(erp, "a", type_path="orders").status == 201

    def test_a_refused_create_does_not_take_it(self, erp):
        assert self.create(erp, "a", 5).status == 422
        assert self.create(erp, "a").status == 201

    def test_put_never_changes_it(self, erp):
        made = self.create(erp, "a").answer
        said = {"data": EMAIL, "external_reference": "b"}
        headers = {"if-match": made["etag"]}
        answer = erp.send("PUT", erp.path(made), said, headers=headers)
        assert answer.answer["external_reference"] == "a"
        assert self.create(erp, "b").status == 201

    @pytest.mark.parametrize("reference", ["", 5, True, ["a"], {}, "\ud800"])
    def test_it_is_a_string(self, erp, reference):
        raw = json.dumps({"data": EMAIL, "external_reference": reference}).encode()
        answer = erp.send("POST", "/customer", raw=raw)
        assert answer.answer["errors"][0]["path"] == "external_reference"

    def test_null_is_none(self, erp):
        for _ in range(2):
            assert "external_reference" not in self.create(erp, None).answer

    def test_one_look_up_at_a_time(self, erp):
        query = "external_reference=a&where=email&equals=x"
        assert erp.send("GET", f"/customer?{query}").status == 400

    def test_there_is_no_idempotency_key(self, erp):
        headers = {"idempotency-key": "1"}
        for _ in range(2):
            assert erp.send("POST", "/customer", {"data": EMAIL}, headers=headers).status == 201


class TestTags:
    def test_put_replaces_everything(self, erp):
        one = erp.created(**EMAIL, name="Ann", address={"city": "Ulm"}, tags=["a"])
        answer = erp.update(one, {"email": "new", "name": None})
        assert answer.answer["data"] == {"email": "new", "name": None}
        assert answer.answer["etag"] != one["etag"]
        assert answer.headers["etag"] == answer.answer["etag"]

    def test_without_if_match_428_and_with_an_old_one_412(self, erp):
        one = erp.created(**EMAIL)
        for method in ("PUT", "DELETE"):
            said = {"data": EMAIL} if method == "PUT" else None
            answer = erp.send(method, erp.path(one), said)
            assert (answer.status, answer.answer["code"]) == (428, "if-match-required")
            for tag in ("*", one["etag"].strip('"'), f"W/{one['etag']}", f"{one['etag']}, x", ""):
                answer = erp.send(method, erp.path(one), said, headers={"if-match": tag})
                assert (answer.status, answer.answer["code"]) == (412, "etag-stale")
        erp.store.replace("Customer", one["id"], EMAIL)
        assert erp.update(one, EMAIL).status == 412
        assert erp.remove(one).status == 412
        assert erp.remove(erp.read(one).answer).status == 204

    def test_tags_tell_every_state_of_every_record_apart(self, erp):
        one, two = erp.created(**EMAIL), erp.created(**EMAIL)
        tags = [one["etag"], two["etag"]]
        for _ in range(3):
            one = erp.update(one, EMAIL).answer
            tags.append(one["etag"])
        assert len(set(tags)) == len(tags)

    def test_a_gone_record_is_410_before_412(self, erp):
        one = erp.created(**EMAIL)
        erp.store.delete("Customer", one["id"])
        assert erp.update(one, EMAIL).status == 410
        assert erp.send("DELETE", erp.path(one)).status == 410


def test_a_bad_body_is_told_before_the_tag(erp):
    one = erp.created(**EMAIL)
    assert erp.send("PUT", erp.path(one), raw=b"{").status == 400
    assert erp.send("PUT", erp.path(one), raw=json.dumps({}).encode()).status == 400


def test_a_look_up_ends_with_a_delta_link_too(erp):
    erp.created(email="a", name="x")
    erp.created(email="b", name="x")
    page = erp.send("GET", "/customer?where=name&equals=x&top=1").answer
    last = follow(erp, page["nextLink"]).answer
    assert names(page["value"] + last["value"]) == ["a", "b"]
    erp.created(email="c")
    assert names(follow(erp, last["deltaLink"]).answer["value"]) == ["c"]
