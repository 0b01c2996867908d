"""What both dialects keep, through either skin. A dialect's own habits are tested beside it."""

from __future__ import annotations

import json

import pytest
from systems_driver import BASE_URL, TOKEN, TYPES

from tallystick.clock import SECOND_MS, Clock
from tallystick.systems import Store, build
from tallystick.systems.wire import MAX_BODY_BYTES
from tallystick.vocabulary.events import Request

EMAIL = {"email": "ann@example.test"}


def paths_of(answer):
    return [error["path"] for error in answer.answer["errors"]]


class TestAdmission:
    @pytest.mark.parametrize(
        "auth", [None, "", "Bearer", "Bearer wrong", "Basic a-token-of-the-tests", "Bearer a b"]
    )
    def test_a_wrong_or_missing_token_is_401(self, driver, auth):
        answer = driver.send("GET", "/customer", auth=auth)
        assert (answer.status, answer.answer["code"]) == (401, "unauthorized")
        assert not answer.changes

    def test_the_scheme_is_read_in_any_case(self, driver):
        assert driver.send("GET", "/customer", auth="bEARER a-token-of-the-tests").status == 200

    @pytest.mark.parametrize("status", [429, 503])
    def test_the_whole_system_is_closed_until_its_moment(self, driver, status):
        close = driver.system.throttle if status == 429 else driver.system.unavailable
        close(driver.clock.now_ms + 1501)
        before = driver.store.mark
        answer = driver.send("POST", "/customer", {"data": EMAIL})
        assert (answer.status, answer.headers["retry-after"]) == (status, "2")
        driver.clock.advance(SECOND_MS)
        answer = driver.send("GET", "/orders")
        assert (answer.status, answer.headers["retry-after"]) == (status, "1")
        assert driver.store.mark == before
        driver.clock.advance(500)
        assert driver.send("GET", "/customer").status == 200


class TestRoutes:
    @pytest.mark.parametrize("target", ["/", "//customer", "/customer/1/2", "", "/customer/1/"])
    def test_nothing_stands_outside_the_two_templates(self, driver, target):
        if target == "":
            target = "/?x=1"
        answer = driver.send("GET", target)
        assert answer.status == 404
        assert answer.answer["code"] in ("unknown-route", "unknown-type", "unknown-record")

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("target", ["/Customer", "/nothing", "/webhooks"])
    def test_an_unknown_type_is_404(self, driver, method, target):
        answer = driver.send(method, target, {"data": {}} if method == "POST" else None)
        assert (answer.status, answer.answer["code"]) == (404, "unknown-type")

    @pytest.mark.parametrize("key", ["none", "999999", "", "1.0", "%31", "-1"])
    def test_an_unknown_key_is_404(self, driver, key):
        for method in ("GET", driver.update_method, "DELETE"):
            said = {"data": EMAIL} if method == driver.update_method else None
            answer = driver.send(method, f"/customer/{key}", said)
            assert (answer.status, answer.answer["code"]) == (404, "unknown-record")

    def test_other_methods_are_405_and_say_which_there_are(self, driver):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            answer = driver.send(method, "/customer")
            assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
        answer = driver.send("POST", "/customer/1", {"data": EMAIL})
        assert answer.headers["allow"] == f"DELETE, GET, {driver.update_method}"

    @pytest.mark.parametrize(
        "query", ["nope=1", "page=1&page=2&top=1&top=2", "TOP=1", "=", "where", "where=a&where=a"]
    )
    def test_unknown_and_doubled_parameters_are_400(self, driver, query):
        answer = driver.send("GET", f"/customer?{query}")
        assert (answer.status, answer.answer["code"]) == (400, "bad-parameter")

    def test_parameters_are_refused_before_work(self, driver):
        one = driver.created(**EMAIL)
        assert driver.send("POST", "/customer?x=1", {"data": EMAIL}).status == 400
        assert driver.send("DELETE", driver.path(one) + "?x=1").status == 400
        assert driver.read(one).status == 200

    @pytest.mark.parametrize("size", ["0", "-1", "x", "1.5", "", "²", "9999999999"])
    def test_a_size_is_a_whole_number_from_1(self, driver, size):
        assert driver.send("GET", f"/customer?{driver.size}={size}").status == 400

    def test_purposes_are_known_without_answering(self, driver):
        one = driver.created(**EMAIL)
        asked = {
            ("GET", "/customer"): "list",
            ("GET", "/customer?where=email&equals=x"): "look-up",
            ("POST", "/customer"): "create",
            ("GET", driver.path(one)): "read",
            (driver.update_method, driver.path(one)): "update",
            ("DELETE", driver.path(one)): "delete",
            ("GET", "/nothing"): "",
            ("TRACE", "/customer"): "",
        }
        for (method, target), purpose in asked.items():
            assert driver.system.purpose(Request(method=method, target=target)) == purpose


class TestBodies:
    @pytest.mark.parametrize(
        "raw",
        [
            b"{",
            b"",
            b"\xff",
            b'{"data": NaN}',
            b'{"data": {"credit": Infinity}}',
            b"[" * 100000,
            b'\xef\xbb\xbf{"data":{}}',
            '{"data":{}}'.encode("utf-16"),
        ],
    )
    def test_what_is_not_json_in_utf8_is_400(self, driver, raw):
        headers = {"content-type": "application/json"}
        answer = driver.send("POST", "/customer", raw=raw, headers=headers)
        assert (answer.status, answer.answer["code"]) == (400, "bad-json")

    @pytest.mark.parametrize("said", [[], "x", {}, {"email": "x"}, {"data": {}, "more": 1}])
    def test_another_shape_is_400(self, driver, said):
        answer = driver.send("POST", "/customer", said)
        assert (answer.status, answer.answer["code"]) == (400, "bad-body")

    @pytest.mark.parametrize(
        "kind",
        ["text/plain", "", "application/merge-patch+json", "application/json;charset=latin1"],
    )
    def test_another_content_type_is_415(self, driver, kind):
        answer = driver.send("POST", "/customer", {"data": EMAIL}, headers={"content-type": kind})
        assert (answer.status, answer.answer["code"]) == (415, "unsupported-type")

    @pytest.mark.parametrize(
        "kind", ["application/json; charset=UTF-8", 'APPLICATION/JSON;charset="utf-8"']
    )
    def test_a_charset_may_be_said(self, driver, kind):
        headers = {"content-type": kind}
        assert driver.send("POST", "/customer", {"data": EMAIL}, headers=headers).status == 201

    def test_up_to_a_mebibyte_is_taken(self, driver):
        raw = json.dumps({"data": {"note": ""}}).encode()
        fits = raw.replace(b'""', b'"%s"' % (b"x" * (MAX_BODY_BYTES - len(raw))))
        assert len(fits) == MAX_BODY_BYTES
        assert driver.send("POST", "/orders", raw=fits).status == 201
        answer = driver.send("POST", "/orders", raw=fits + b" ")
        assert (answer.status, answer.answer["code"]) == (413, "too-large")


class TestData:
    def test_a_record_comes_back_as_it_was_sent(self, driver):
        data = {
            "email": 'é\u202e😀\n"\\/\u0000',
            "age": 0,
            "credit": -0.5,
            "name": None,
            "active": False,
            "address": {"city": "", "id": "inner"},
            "lines": [{"sku": "0017", "price": 13.337}, {"sku": "0017", "price": 1e22}],
        }
        one = driver.created(**data)
        assert one["data"] == data
        assert driver.read(one).answer == one

    def test_a_type_without_a_schema_takes_any_object(self, driver):
        one = driver.created("orders", id=7, removed=True, data={"data": [None, [1]]})
        assert one["data"] == {"id": 7, "removed": True, "data": {"data": [None, [1]]}}

    def test_one_entry_for_each_offending_path(self, driver):
        said = {"email": "x" * 41, "age": -1.5, "odd": 1, "lines": [{"sku": "a"}, {"price": "1"}]}
        answer = driver.send("POST", "/customer", {"data": said})
        assert (answer.status, answer.answer["code"]) == (422, "invalid")
        assert paths_of(answer) == ["", "age", "email", "lines[1].price", "lines[1].sku"]
        assert driver.store.mark == 0

    def test_required_paths_are_named(self, driver):
        assert paths_of(driver.send("POST", "/customer", {"data": {}})) == ["email"]

    @pytest.mark.parametrize("data", [None, [], "x", 1])
    def test_data_that_is_no_object_is_422(self, driver, data):
        assert paths_of(driver.send("POST", "/orders", {"data": data})) == [""]
        one = driver.created(**EMAIL)
        headers = driver.conditions(one)
        answer = driver.send(
            driver.update_method, driver.path(one), {"data": data}, headers=headers
        )
        assert paths_of(answer) == [""]

    def test_an_update_is_checked_as_a_whole(self, driver):
        one = driver.created(**EMAIL)
        assert driver.update(one, {"email": "x" * 41}).status == 422
        assert driver.update(one, {"name": "no mail"}).status == 422
        assert driver.read(one).answer == one

    @pytest.mark.parametrize(
        "number",
        [
            "9007199254740993",
            "12345678901234567890",
            "0.1234567890123456",
            "1e400",
            "1e-400",
            "-9007199254740993",
            "0.30000000000000004",
            "1" * 5000,
            "1.7976931348623159e308",
        ],
    )
    def test_numbers_that_would_change_are_422(self, driver, number):
        raw = b'{"data": {"lines": [{"price": 1}, {"price": %s}]}}' % number.encode()
        assert paths_of(driver.send("POST", "/orders", raw=raw)) == ["lines[1].price"]

    @pytest.mark.parametrize(
        "number",
        [
            "0",
            "-0",
            "-0.0",
            "9007199254740992",
            "9007199254740994",
            "123456789012345",
            "1.10",
            "0.123456789012345",
            "1e22",
            "0.1000000000000000000000",
            "1E+2",
            "5e-324",
            "0e999",
            "1000000000000000000000",
            "0.5",
            "0.0000152587890625",
        ],
    )
    def test_numbers_that_stay_are_taken(self, driver, number):
        raw = b'{"data": {"price": %s}}' % number.encode()
        answer = driver.send("POST", "/orders", raw=raw)
        assert answer.status == 201
        assert answer.answer["data"]["price"] == float(number)

    def test_half_a_surrogate_pair_is_422(self, driver):
        raw = rb'{"data": {"tags": ["\uD83D\uDE00", "\ud800"], "n": 12345678901234567890}}'
        assert paths_of(driver.send("POST", "/orders", raw=raw)) == ["n", "tags[1]"]
        raw = rb'{"data": {"address": {"\udc00": 1}}}'
        assert paths_of(driver.send("POST", "/orders", raw=raw)) == ["address"]

    def test_a_whole_pair_is_taken(self, driver):
        raw = rb'{"data": {"\ud83d\ude00": "\uD83D\uDE00"}}'
        assert driver.send("POST", "/orders", raw=raw).answer["data"] == {"😀": "😀"}


class TestWrites:
    def test_create_update_delete(self, driver):
        one = driver.created(**EMAIL, name="Ann")
        changed = driver.update(one, {**EMAIL, "age": 5})
        assert changed.status == 200
        assert changed.answer["data"] == {**EMAIL, "age": 5}
        assert driver.read(one).answer == changed.answer
        gone = driver.remove(changed.answer)
        assert (gone.status, gone.body) == (204, b"")
        for again in (driver.read(one), driver.remove(changed.answer), driver.update(one, EMAIL)):
            assert (again.status, again.answer["code"]) == (410, "gone")

    def test_each_change_carries_before_and_after(self, driver):
        made = driver.send("POST", "/customer", {"data": EMAIL})
        (create,) = made.changes
        (update,) = driver.update(made.answer, {"email": "new"}).changes
        (delete,) = driver.remove(driver.read(made.answer).answer).changes
        assert create.before is None
        assert create.after is update.before
        assert update.after is delete.before
        assert [change.after.version for change in (create, update, delete)] == [1, 2, 3]
        assert [change.after.live for change in (create, update, delete)] == [True, True, False]
        assert {change.key for change in (create, update, delete)} == {made.answer["id"]}
        assert (create.side, create.type) == ("target", "Customer")
        assert delete.after.data == {"email": "new"}
        assert delete.after.deleted_ms == delete.after.modified_ms == driver.store.now_ms

    def test_a_write_that_changes_nothing_is_still_one(self, driver):
        one = driver.created(**EMAIL)
        driver.clock.advance(SECOND_MS)
        again = driver.update(one, EMAIL)
        assert len(again.changes) == 1
        assert again.answer["modified_at"] > one["modified_at"]

    def test_refusals_change_nothing(self, driver):
        before = driver.store.mark
        driver.send("POST", "/customer", {"data": {"email": 1}})
        driver.send("DELETE", "/customer/999999")
        assert driver.store.mark == before

    def test_keys_are_never_used_again(self, driver):
        keys = []
        for _ in range(3):
            one = driver.created(**EMAIL)
            keys.append(one["id"])
            driver.remove(one)
        assert len(set(keys)) == 3
        assert sorted(keys) == keys

    def test_people_and_the_api_see_the_same(self, driver):
        change = driver.store.create("Customer", EMAIL)
        shown = driver.send("GET", f"/customer/{change.key}").answer
        assert shown["data"] == EMAIL
        driver.store.replace("Customer", change.key, {"email": "by hand"})
        assert driver.read(shown).answer["data"] == {"email": "by hand"}
        driver.store.delete("Customer", change.key)
        assert driver.read(shown).status == 410


class TestListings:
    def test_every_live_record_is_listed_once_whatever_the_page(self, driver):
        made = [driver.created(email=str(number)) for number in range(7)]
        driver.created("orders", email="other type")
        driver.remove(made[3])
        driver.update(made[0], {"email": "0"})
        for size in (1, 2, 3, 6, 100):
            found, _ = driver.read_all(size=size)
            assert sorted(shown["data"]["email"] for shown in found) == [
                "0",
                "1",
                "2",
                "4",
                "5",
                "6",
            ]

    def test_an_empty_list_is_a_list(self, driver):
        assert driver.read_all()[0] == []

    def test_what_is_listed_is_what_reading_gives(self, driver):
        made = [driver.created(email=str(number)) for number in range(3)]
        driver.update(made[1], {"email": "new"})
        found, _ = driver.read_all()
        assert found == [driver.read(shown).answer for shown in found]

    def test_changes_come_after_a_full_read(self, driver):
        kept, edited, removed = (driver.created(email=str(number)) for number in range(3))
        driver.clock.advance(5 * SECOND_MS)
        _, cursor = driver.read_all()
        driver.clock.advance(5 * SECOND_MS)
        added = driver.created(email="new")
        driver.update(edited, {"email": "edited"})
        driver.remove(removed)
        found, cursor = driver.read_changes(cursor)
        expected = {edited["id"], removed["id"], added["id"]}
        assert expected <= {shown["id"] for shown in found}
        (gone,) = [shown for shown in found if shown["id"] == removed["id"]]
        assert "data" not in gone
        assert [shown["id"] for shown in found].count(edited["id"]) == 1
        assert driver.read(kept).status == 200

    def test_an_earlier_state_can_still_be_listed(self, driver):
        first = driver.created(email="first")
        mark = driver.store.mark
        driver.update(first, {"email": "changed"})
        driver.created(email="second")
        found, cursor = driver.at(mark).read_all()
        assert found == [first]
        changed, _ = driver.read_changes(cursor)
        assert sorted(shown["data"]["email"] for shown in changed) == ["changed", "second"]


class TestLookUps:
    @pytest.fixture
    def filled(self, driver):
        driver.created(email="5", name="Ann", age=5, active=True, address={"city": "Ulm"})
        driver.created(email="five", name="5", age=6, active=False, address={"city": None})
        driver.created(email="true", name="true", credit=5.0)
        return driver

    @pytest.mark.parametrize(
        ("where", "equals", "emails"),
        [
            ("name", "Ann", ["5"]),
            ("name", "ann", []),
            ("name", "Ann ", []),
            ("name", "5", ["five"]),
            ("age", "5", ["5"]),
            ("age", "5.0", ["5"]),
            ("age", " 5", []),
            ("age", "05", []),
            ("credit", "5", ["true"]),
            ("active", "true", ["5"]),
            ("active", "True", []),
            ("name", "true", ["true"]),
            ("name", '"Ann"', []),
            ("address.city", "Ulm", ["5"]),
            ("address.city", "null", ["five", "true"]),
            ("address", "{}", []),
            ("unheard.of", "x", []),
            ("email", "", []),
            ("tags", "[]", []),
            ("age", "[" * 2000, []),
            ("credit", "1" * 5000, []),
        ],
    )
    def test_exact_and_typed(self, filled, where, equals, emails):
        found = filled.look_up(where, equals)
        assert sorted(shown["data"]["email"] for shown in found) == emails

    def test_only_live_records_in_their_newest_state(self, driver):
        one, two = driver.created(email="a", name="x"), driver.created(email="b", name="x")
        assert len(driver.look_up("name", "x")) == 2
        driver.update(one, {"email": "a", "name": "y"})
        driver.remove(two)
        assert driver.look_up("name", "x") == []
        assert [shown["id"] for shown in driver.look_up("name", "y")] == [one["id"]]
        driver.store.replace("Customer", one["id"], {"email": "a", "address": {"city": "z"}})
        assert driver.look_up("name", "y") == []

    def test_pages_as_the_listing(self, driver):
        for number in range(5):
            driver.created(email=str(number), name="same")
        for size in (1, 2, 5):
            found = driver.look_up("name", "same", size)
            assert [shown["data"]["email"] for shown in found] == list("01234")

    @pytest.mark.parametrize(
        "query",
        [
            "where=name",
            "equals=x",
            "where=&equals=x",
            "where=lines[].sku&equals=x",
            "where=a[].b[].c&equals=1",
        ],
    )
    def test_refused_look_ups(self, driver, query):
        answer = driver.send("GET", f"/customer?{query}")
        assert (answer.status, answer.answer["code"]) == (400, "bad-parameter")


def test_requests_without_headers_are_refused(driver):
    answer = driver.system.handle(Request(method="POST", target="/customer"))
    assert answer.status == 401


@pytest.mark.parametrize("skew_ms", [-90_000, 90_000])
def test_a_system_has_its_own_time(driver, skew_ms):
    skewed = type(driver)(skew_ms=skew_ms)
    one = skewed.created(**EMAIL)
    two = driver.created(**EMAIL)
    assert (one["modified_at"] > two["modified_at"]) == (skew_ms > 0)
    assert skewed.store.now_ms - skewed.clock.now_ms == skew_ms


def test_all_digits_are_kept_where_that_is_agreed(driver):
    exact = type(driver)(numbers="exact")
    raw = b'{"data": {"i": 123456789012345678901234567890, "f": 0.30000000000000004}}'
    made = exact.send("POST", "/orders", raw=raw)
    assert made.status == 201
    assert made.answer["data"]["i"] == 123456789012345678901234567890
    for number in (b"0.12345678901234567890123", b"1" * 5000, b"1e400"):
        answer = exact.send("POST", "/orders", raw=b'{"data": {"n": %s}}' % number)
        assert paths_of(answer) == ["n"]


def test_a_base_url_may_have_a_path(driver):
    store = Store("source", TYPES, Clock())
    system = build(driver.api, store, token=TOKEN, base_url=f"{BASE_URL}/api/")
    store.create("Customer", EMAIL)
    headers = {"authorization": f"Bearer {TOKEN}"}
    answer = system.handle(Request(method="GET", target="/api/customer", headers=headers))
    assert answer.status == 200
    link = answer.answer.get("deltaLink")
    assert link is None or link.startswith(f"{BASE_URL}/api/customer?deltatoken=")
    assert system.side == "source"
