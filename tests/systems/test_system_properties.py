"""Properties that hold whatever is done, found with random actions."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from systems_driver import SCHEMA, LedgerDriver, StorefrontDriver

from tallystick.canonical import same
from tallystick.clock import SECOND_MS
from tallystick.dataflow.schemas import compile_schema
from tallystick.systems.acceptance import quick_acceptance
from tallystick.systems.answers import encode
from tallystick.systems.figures import read_json, unfit_values
from tallystick.systems.mergepatch import merge_patch

QUICK = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2, width=16), st.text(max_size=3)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)


class TestMergePatch:
    @pytest.mark.parametrize(
        ("target", "patch", "result"),
        [  # RFC 7396, appendix A
            ({"a": "b"}, {"a": "c"}, {"a": "c"}),
            ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
            ({"a": "b"}, {"a": None}, {}),
            ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
            ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
            ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
            ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
            ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
            (["a", "b"], ["c", "d"], ["c", "d"]),
            ({"a": "b"}, ["c"], ["c"]),
            ({"a": "foo"}, None, None),
            ({"a": "foo"}, "bar", "bar"),
            ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
            ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
            ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ],
    )
    def test_the_examples_of_the_rfc(self, target, patch, result):
        assert merge_patch(target, patch) == result

    @given(values, values)
    @QUICK
    def test_the_definition_of_the_rfc(self, target, patch):
        def defined(target, patch):
            """RFC 7396, section 2, line by line."""
            if not isinstance(patch, dict):
                return patch
            if not isinstance(target, dict):
                target = {}
            for name, value in patch.items():
                if value is None:
                    if name in target:
                        del target[name]
                else:
                    target[name] = defined(target.get(name), value)
            return target

        before = deepcopy((target, patch))
        merged = merge_patch(target, patch)
        assert (target, patch) == before
        assert encode(merged) == encode(defined(deepcopy(target), patch))


SCHEMAS = [
    SCHEMA,
    {"type": ["string", "null"], "minLength": 1, "pattern": "^a"},
    {"type": "integer", "minimum": -1, "exclusiveMaximum": 3},
    {"type": "number", "maximum": 1, "exclusiveMinimum": -1},
    {"maximum": 0, "minimum": 0},
    {"enum": ["a", "b", None]},
    {"enum": [1, "a", False]},
    {"const": "a"},
    {"const": 1.0},
    {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": ["boolean", "integer"]}},
    {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
    {"type": "array", "uniqueItems": True},
    {"type": "object", "additionalProperties": {"type": "string"}, "properties": {"a": True}},
    {"type": "object", "additionalProperties": False, "patternProperties": {"^a": {}}},
    {"required": ["a"], "properties": {"a": False}},
    {"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "array", "maxItems": 0}]},
    {"allOf": [{"minLength": 1}, {"maxLength": 2}, {"type": "string"}, {"title": "x"}]},
    {"oneOf": [{"type": "string"}, {"minLength": 2}]},
    {"not": {"type": "string"}},
    {"$defs": {"short": {"type": "string", "maxLength": 1}}, "items": {"$ref": "#/$defs/short"}},
    {
        "$defs": {"n": {"properties": {"a": {"$ref": "#/$defs/n"}, "b": {"type": "string"}}}},
        "$ref": "#/$defs/n",
    },
    {"properties": {"a": {"type": "string"}}, "items": {"$ref": "#/properties/a"}},
    {"format": "date-time", "type": "string"},
    {},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: str(list(schema))[:40])
def test_quick_acceptance_never_differs_from_the_validator(schema):
    accepts, validator = quick_acceptance(schema), compile_schema(schema)

    @given(values)
    @QUICK
    def check(value):
        assert accepts(value) == validator.accepts(value)

    check()
    for value in ("2025-01-15T09:00:00Z", "2025-01-15", 2.0, True, [True, 1], {"a": "x", "b": "y"}):
        assert accepts(value) == validator.accepts(value)


def test_quick_acceptance_is_what_is_used_for_usual_schemas():
    def never(*_):
        raise AssertionError

    data = {"email": "a", "since": "2025-01-15T09:00:00Z", "tags": ["x"], "lines": [{"sku": "1"}]}
    accepts = quick_acceptance(SCHEMA)
    assert accepts(data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Draft202012Validator, "iter_errors", never)
        assert accepts({**data, "name": "other"})


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60))
@QUICK
def test_a_number_is_taken_from_people_exactly_when_it_is_from_the_wire(number):
    by_people = not list(unfit_values(number, exact=False))
    read, by_wire = read_json(encode(number), exact=False)
    assert by_people == by_wire
    assert not by_wire or same(read, number)


actions = st.lists(
    st.tuples(
        st.sampled_from(["create", "edit", "delete", "wait", "create", "edit"]), st.integers(0, 5)
    ),
    max_size=14,
)


def act(driver, action, number):
    """Let a person do something with one of the first records, if it is there."""
    driver.clock.advance(1)
    live = driver.store.live("Customer")
    if action == "wait":
        driver.clock.advance(number * SECOND_MS // 2)
    elif action == "create":
        driver.store.create("Customer", {"email": "new"})
    elif live:
        key = sorted(live)[number % len(live)]
        if action == "edit":
            driver.store.replace("Customer", key, {"email": f"edited {number}"})
        else:
            driver.store.delete("Customer", key)


def live_data(driver):
    return {key: dict(state.data) for key, state in driver.store.live("Customer").items()}


def apply(mirror, records):
    for shown in records:
        if "data" in shown:
            mirror[shown["id"]] = shown["data"]
        else:
            mirror.pop(shown["id"], None)


class TestFollowing:
    """A client that only follows what the API offers ends with what is there."""

    @given(st.lists(actions, min_size=1, max_size=4), st.integers(1, 3))
    @QUICK
    def test_deltas_reproduce_the_current_state(self, rounds, size):
        driver = LedgerDriver()
        mirror, link = {}, f"/customer?top={size}"
        for steps in [*rounds, [], []]:
            waiting = iter(steps)
            while link is not None:  # people go on between two pages of one read
                page = driver.send("GET", link).answer
                apply(mirror, page["value"])
                link = page.get("nextLink", "").removeprefix("http://system.test") or None
                for step in waiting:
                    act(driver, *step)
                    break
            for step in waiting:
                act(driver, *step)
            link = page["deltaLink"].removeprefix("http://system.test")
        assert mirror == live_data(driver)

    @given(actions, actions, st.integers(1, 3))
    @QUICK
    def test_a_paged_since_read_misses_nothing_when_nothing_changes(self, before, after, size):
        driver = StorefrontDriver()
        mirror = {}
        for step in before:
            act(driver, *step)
        found, cursor = driver.read_all(size=size)
        apply(mirror, found)
        for step in after:
            act(driver, *step)
        found, _ = driver.read_changes(cursor)
        assert len({shown["id"] for shown in found}) == len(found)
        apply(mirror, found)
        assert mirror == live_data(driver)
        times = [(shown["modified_at"], shown["id"]) for shown in found]
        assert times == sorted(times)

    @given(st.sampled_from([StorefrontDriver, LedgerDriver]), actions, st.integers(1, 3))
    @QUICK
    def test_orders_kept_up_equal_orders_made_anew(self, driver_class, steps, size):
        kept, anew = driver_class(), driver_class()
        kept.read_all()
        kept.look_up("email", "new")
        anew.clock.advance(kept.clock.now_ms - anew.clock.now_ms)
        for step in steps:
            act(kept, *step)
            act(anew, *step)
        assert kept.read_all(size=size)[0] == anew.read_all(size=size)[0]
        assert kept.look_up("email", "new") == anew.look_up("email", "new")

    @given(actions, st.data())
    @QUICK
    def test_the_past_lists_as_it_did(self, steps, data):
        driver = data.draw(st.sampled_from([StorefrontDriver, LedgerDriver]))()
        seen = []
        for step in steps:
            seen.append((driver.store.mark, driver.read_all()[0]))
            act(driver, *step)
        for mark, listed in seen:
            assert driver.at(mark).read_all()[0] == listed


@given(
    st.lists(st.tuples(st.sampled_from(["k1", "k2"]), st.sampled_from(["a", "b", 5])), max_size=12)
)
@QUICK
def test_creating_under_a_key_is_idempotent(sends):
    driver = StorefrontDriver()
    model = {}
    for key, email in sends:
        said = {"data": {"email": email}}
        answer = driver.send("POST", "/customer", said, headers={"idempotency-key": key})
        if key in model:
            made, first = model[key]
            if first == email:
                assert (answer.status, answer.answer) == (200, made)
            else:
                assert (answer.status, answer.answer["code"]) == (422, "key-reused")
        elif email == 5:
            assert (answer.status, answer.answer["code"]) == (422, "invalid")
        else:
            assert answer.status == 201
            model[key] = (answer.answer, email)
    assert len(driver.store.live("Customer")) == len(model)
