"""The hand-written cases of fixtures/casts.json, run against the harness's own casts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.canonical import MISSING, same
from tallystick.dataflow import casts

CASES = json.loads((Path(__file__).parents[2] / "fixtures/casts.json").read_text("utf-8"))


def name(case):
    return json.dumps([case["type"], case.get("value"), case.get("target", "")])[:90]


@pytest.mark.parametrize("case", CASES["forward"], ids=name)
def test_forward(case):
    found = casts.image(case["type"], case["value"])
    assert same(found, case["image"]), f"{found!r}: {case['why']}"


@pytest.mark.parametrize("case", CASES["back"], ids=name)
def test_back(case):
    old = case.get("old", MISSING)
    found = casts.back(case["type"], case["target"], old=old, schema=case.get("schema"))
    if case.get("none"):
        assert found is casts.NO_PREIMAGE, f"{found!r}: {case['why']}"
        return
    right = [case["value"], *case.get("also", [])]
    assert any(same(found, value) for value in right), f"{found!r}: {case['why']}"
    for value in right:
        assert same(casts.image(case["type"], value), case["target"]), value


PLAIN = list(casts.PLAIN_CASTS)
EXPRESSIONS = [
    *{json.dumps(case["type"]): case["type"] for case in CASES["forward"]}.values(),
    casts.UNKNOWN,
    ["datetime-format", "%d.%m.%Y", "_."],
    ["datetime-format", "%Y-%m", "_."],
    ["datetime-format", "%H:%M:%S.%f", "_."],
    ["join", ",", ["slice", 0, 2, ["split", ",", ["string", "_."]]]],
    ["join", ",", ["list", "_."]],
    ["abs", "_."],
    ["string", ["first", "_."]],
    ["if", ["gt", "_.", 5], "big"],
    ["if", ["gt", "_.", "m"], "late", ["is-null", "_."]],
    ["split", " ", "_."],
    [
        "if",
        ["gt", ["abs", ["datetime-diff", "year", "_.", ["now"]]], 100],
        "1935-01-01",
        ["datetime-format", "%Y-%m-%d", "_."],
    ],
    ["no-such-function", "_."],
    ["integer"],
    [],
    [5],
]

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "X", "-", "+47 22", "true", "12", "1.50", "1e9999", "-0.0", "1e-9999999999999999999"]
    ),
    st.datetimes().map(lambda moment: moment.isoformat() + "+05:00"),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
schemas = st.sampled_from(
    [
        None,
        {},
        *({"type": name} for name in ("string", "integer", "number", "boolean", "array")),
        {"type": ["string", "null"]},
        {"enum": ["a", 5, None]},
        {"const": True},
        {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        {"oneOf": [{"type": "string"}, True]},
    ]
)


@given(st.sampled_from(EXPRESSIONS), anything)
def test_an_image_is_never_an_exception(type_, value):
    found = casts.image(type_, value)
    assert found is not MISSING
    assert isinstance(casts.is_certain(type_, value), bool)


@given(st.sampled_from(EXPRESSIONS), anything, anything | st.just(MISSING), schemas)
def test_what_goes_back_comes_forward_again(type_, target, old, schema):
    found = casts.back(type_, target, old=old, schema=schema)
    assert found is casts.NO_PREIMAGE or same(casts.image(type_, found), target)


@given(st.sampled_from(EXPRESSIONS), anything)
def test_an_old_value_with_the_right_image_stays(type_, old):
    target = casts.image(type_, old)
    if same(target, target):  # NaN is not
        assert casts.back(type_, target, old=old) is old


@given(st.sampled_from(PLAIN), anything)
def test_every_image_of_a_plain_cast_has_a_preimage_without_schema(type_, value):
    target = casts.image(type_, value)
    if same(target, target):
        assert casts.back(type_, target) is not casts.NO_PREIMAGE


@given(st.sampled_from([name for name in PLAIN if name != "first"]), anything)
def test_a_plain_image_is_its_own_image(type_, value):
    once = casts.image(type_, value)
    assert same(casts.image(type_, once), once) or once != once


@pytest.mark.parametrize("type_", PLAIN)
def test_nothing_is_null_for_every_plain_cast(type_):
    assert casts.image(type_, None) is None
    assert casts.image(type_, MISSING) is None
    assert casts.back(type_, None) is None
    assert casts.back(type_, MISSING, old="x") in (None, "x")


def test_without_a_type_missing_is_null():
    assert casts.image(None, MISSING) is None
    assert casts.image("unknown", "a") == "a"
    assert casts.image("colour", "a") is None


@given(st.integers())
def test_no_digit_of_an_integer_is_lost(value):
    assert casts.image("string", value) == str(value)
    assert casts.image("integer", str(value)) == value
    assert casts.image("decimal", f"{value}.0") == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_prints_as_its_shortest_decimal(value):
    text = casts.image("string", value)
    assert float(text) == value
    assert not set(text) & set("eE+")
    assert "." not in text or not text.endswith("0")


def test_numbers_that_no_double_holds_are_null():
    assert casts.image("decimal", "1e400") is None
    assert casts.image("decimal", "9" * 401) is None
    assert casts.image("string", 10**600) is None
    assert casts.image("decimal", float("nan")) is None
    assert casts.image("string", float("inf")) is None
    assert casts.image("decimal", "1e-99999999999999999999") == 0


def test_the_value_itself_is_an_expression():
    assert casts.image("_.", 5) == 5
    assert casts.back("_.", 5) == 5


@pytest.mark.parametrize("type_", [*PLAIN, None, *EXPRESSIONS[:40]])
def test_good_types_have_nothing_wrong(type_):
    known = type_ not in ([5], [], ["integer"], ["no-such-function", "_."])
    assert (casts.check(type_) == "") is known


@pytest.mark.parametrize(
    ("type_", "part"),
    [
        ("colour", "not a data type"),
        (5, "not a data type"),
        ([], "not a function"),
        ([["integer"], "_."], "not a function"),
        (["colour", "_."], "not a function"),
        (["integer"], "takes 1 arguments, here are 0"),
        (["if", True], "takes 2 to 3 arguments"),
        (["if", True, ["colour", "_."]], "not a function"),
        (["datetime-format", 5, "_."], "has to be a text"),
        (["datetime-format", "%Q", "_."], "'%Q'"),
        (["datetime-format", "%", "_."], "'%'"),
        (["eq", {"a": 1}, "_."], "an object"),
        (["is-null", "_.DefaultValue"], "another property"),
        (["if", ["neq", "_.", "X"], "integer", "string"], "the bare word 'integer'"),
    ],
)
def test_bad_types_say_what_is_wrong(type_, part):
    assert part in casts.check(type_)
    assert not casts.is_known(type_)
    assert not casts.is_judged(type_)


def test_words_beside_a_comparison_are_plain_texts():
    assert casts.check(["if", ["eq", "_.", "integer"], 1, 2]) == ""


def test_what_is_judged():
    assert casts.is_judged("string")
    assert casts.is_judged(None)
    assert not casts.is_judged("unknown")
    assert not casts.is_known("unknown")
    assert not casts.is_judged(["datetime-diff", "year", "_.", ["now"]])
    assert casts.is_known(["datetime-diff", "year", "_.", ["now"]])


def test_what_the_contract_leaves_open_is_uncertain():
    decimal = ["if", ["is-decimal", "_."], ["decimal", "_."], ["integer", "_."]]
    day = ["datetime-format", "%Y-%m-%d", "_."]
    assert casts.is_certain(decimal, 12)
    assert casts.is_certain(decimal, "x")
    assert not casts.is_certain(decimal, "12.5")
    assert casts.is_certain(day, "2024-05-01T10:00:00Z")
    assert casts.is_certain(day, "soon")
    assert not casts.is_certain(day, "2024-05-01")
    assert not casts.is_certain(day, ["2024-05-01T10:00:00Z"])
    parsed = ["datetime-parse", "%Y-%m-%dT%H:%M:%S.%fZ", "_."]
    assert casts.is_certain(parsed, "2024-05-01T10:00:00.123456Z")
    assert casts.is_certain(parsed, "2024-05-01T10:00:00.000000Z")
    assert not casts.is_certain(parsed, "2024-05-01T10:00:00.123000Z")
    assert casts.is_certain("list", ["2024-05-01T10:00:00Z"])
    assert not casts.is_certain("unknown", 5)


@pytest.mark.parametrize(
    ("type_", "value", "image"),
    [
        (
            ["datetime-format", "%d.%m.%Y", "_."],
            ["2024-05-01T10:00:00Z", "x"],
            ["01.05.2024", None],
        ),
        (["datetime-format", "100%% %Y", "_."], "2024-05-01T10:00:00Z", "100% 2024"),
        (["datetime-format", "%H:%M:%S.%f", "_."], "2024-05-01T10:00:00.5Z", "10:00:00.500000"),
        (["datetime-format", "%Y", "_."], "0001-01-01T00:00:00+01:00", None),
        (["datetime-format", "%S", "_."], "2016-12-31T23:59:60Z", "59"),
        (["datetime-format", "%S", "_."], "2016-12-31T23:59:61Z", None),
        (["datetime-format", 5, "_."], "2016-12-31T23:59:61Z", None),
        (["datetime-parse", "%d.%m.%Y", "_."], "02.05.2024", "2024-05-02T00:00:00Z"),
        (["datetime-parse", "%Y %Y", "_."], "2024 2025", None),
        (["datetime-parse", "100%%", "_."], "100%", "1900-01-01T00:00:00Z"),
        (["replace", "", "", "_."], "a", None),
        (["split", "", "_."], "a", None),
        (["slice", 1, "_."], "abc", "bc"),
        (["slice", "1", "_."], "abc", None),
        (["slice", 0, 1, "_."], [1, 2], [1]),
        (["join", "-", "_."], ["a", None, 1.0, True], "a-1-true"),
        (["abs", "_."], [-1, "5"], [1, None]),
        (["gt", "_.", 1], "5", False),
        (["gt", "_.", "1"], "5", True),
        (["matches", 5, "_."], "5", False),
        (["matches", "a**b", "_."], "a\nb", True),
        (["if", ["is-null", "_."], 1], 5, None),
    ],
)
def test_functions_beyond_the_usual_expressions(type_, value, image):
    assert same(casts.image(type_, value), image)


PHONE = ["if", ["matches", "+*", "_."], ["join", " ", ["slice", 1, ["split", " ", "_."]]], "_."]


@pytest.mark.parametrize(
    ("type_", "target", "old", "value"),
    [
        (PHONE, "99 88", "+47 22", "+47 99 88"),
        (PHONE, "+1 99", "22", "+ +1 99"),
        (
            ["datetime-format", "%Y-%m", "_."],
            "2024-02",
            "2024-05-31T10:00:00Z",
            "2024-02-01T10:00:00Z",
        ),
        (
            ["datetime-format", "%H:%M", "_."],
            "09:05",
            "2024-05-31T10:00:07Z",
            "2024-05-31T09:05:00Z",
        ),
        (["datetime-format", "%Y-%m-%d", "_."], "0001-01-01", "2024-05-31t01:00:00.50-05:00", None),
        (
            ["datetime-format", "%Y-%m-%d", "_."],
            "9999-12-31",
            "2024-05-31T01:00:00+05:00",
            "9999-12-31T20:00:00Z",
        ),
        (
            ["datetime-format", "%Y-%m-%d", "_."],
            "2024-06-01",
            "2024-05-31 10:00:00.50",
            "2024-06-01 10:00:00.50",
        ),
        (["datetime-parse", "%d.%m.%Y", "_."], "2024-05-02T00:00:00Z", "01.01.2024", "02.05.2024"),
        (["if", ["eq", "_.", "Y"], True, False], True, "N", "Y"),
        (["if", ["eq", "_.", "Y"], True, False], False, "Y", None),
        (["datetime-format", "%d", "_."], "32", "2023-02-05T10:00:00Z", casts.NO_PREIMAGE),
        (["split", " ", "_."], ["a", "b"], "c", "a b"),
        (["join", "", ["list", "_."]], "ab", "c", "ab"),
        (["slice", 1, 2, ["split", " ", "_."]], ["b"], "a c", "a b"),
        (["abs", "_."], 5, -3, 5),
        (["is-null", ["first", "_."]], True, ["a"], None),
        (["datetime-format", "%d", "_."], "31", "2023-02-05T10:00:00Z", "2024-01-31T10:00:00Z"),
        (["string", ["first", "_."]], "b", ["a", "c"], ["b", "c"]),
        (["datetime-parse", "%d", "_."], "soon", "x", casts.NO_PREIMAGE),
    ],
)
def test_back_through_expressions(type_, target, old, value):
    found = casts.back(type_, target, old=old)
    if value is None:
        assert same(casts.image(type_, found), target)
    else:
        assert found == value


def test_the_sentinel_reads_well_and_is_false():
    assert repr(casts.NO_PREIMAGE) == "NO_PREIMAGE"
    assert not casts.NO_PREIMAGE
