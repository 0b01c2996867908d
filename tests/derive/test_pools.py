"""Pools and strategies: every value is what its pool says, draws are cheap and shrink to plain."""

from __future__ import annotations

import time

import pytest
from agreed import dataflow, record, row, webshop
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tallystick.canonical import MISSING, is_empty, same
from tallystick.dataflow.model import SIDES, Reference
from tallystick.dataflow.paths import parse_path
from tallystick.dataflow.schemas import compile_schema
from tallystick.derive import values
from tallystick.derive.crossing import Atlas, atlas_of, is_portable
from tallystick.derive.pools import pool_of

ATLAS = atlas_of(webshop())
NAMED = [
    (side, name, ATLAS.place(side, name, path))
    for side in SIDES
    for name in webshop().types(side)
    for path in dict.fromkeys(r.path(side) for _, r in ATLAS.rows(side, name))
    if not path.is_key
]
PLACES = [place for _, _, place in NAMED]
COPIES = [named for named in NAMED if not named[2].refers]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path.text)
def test_values_are_what_their_pool_says(place):
    pool = pool_of(place)
    for value in pool.ordinary + pool.hurtful + pool.empty:
        assert place.fate(value) == "crosses"
    assert {place.fate(value) for value in pool.refused} <= {"refused"}
    assert {place.fate(value) for value in pool.uncastable} <= {"uncastable"}
    assert all(map(is_empty, pool.empty))
    assert not any(map(is_empty, pool.hurtful))


def test_pools_hold_what_hurts():
    texts = values.hurtful_values(webshop(), "source", "Customer", "firstName")
    for part in ("0017", " leading", "Zo\u00eb", "Zoe\u0308", "<b>bold</b>", "0", "-0", "0.10"):
        assert part in texts
    prices = values.hurtful_values(webshop(), "source", "Product", "price")
    assert {"0.10", "13.337", "100", "0"} <= set(prices)
    moments = values.hurtful_values(webshop(), "source", "Order", "placedAt")
    for part in ("2024-02-29", "23:59:59", "1900-", "9999-", "2024-03-31", "2024-10-27"):
        assert any(part in moment for moment in moments)
    days = values.hurtful_values(webshop(), "target", "Order", "OrderDate")
    assert {"2024-02-29", "1900-01-01", "9999-12-31"} <= set(days)


def test_the_longest_that_both_take_crosses_and_one_more_is_refused():
    crossing = values.hurtful_values(webshop(), "source", "Order", "note")
    refused = values.refused_values(webshop(), "source", "Order", "note")
    assert "y" * 140 in crossing
    assert "y" * 141 in refused
    assert "y" * 141 not in crossing


def test_all_ways_to_be_empty():
    assert values.empty_values(webshop(), "source", "Order", "note") == (MISSING, None, "")
    assert values.empty_values(webshop(), "source", "Order", "number") == ()
    agreed = dataflow(
        row("a", "A", "string"),
        source=record(a={"type": "string"}),
        target=record(["A"], A={"type": "string"}),
    )
    assert values.empty_values(agreed, "source", "Thing", "a") == ("",)
    assert set(values.refused_values(agreed, "source", "Thing", "a")) == {MISSING}


def test_what_cannot_be_cast_is_told_apart():
    agreed = dataflow(
        row("size", "Size", "integer"),
        source=record(size={"type": "string"}),
        target=record(Size={"type": "integer", "maximum": 50}),
    )
    assert "0017" in values.uncastable_values(agreed, "source", "Thing", "size")
    assert "100" in values.refused_values(agreed, "source", "Thing", "size")
    assert "13.337" in values.hurtful_values(agreed, "source", "Thing", "size")
    assert "" in values.empty_values(agreed, "source", "Thing", "size")
    back = dataflow(
        row("size", "Size", "string"),
        source=record(size={"type": "integer"}),
        target=record(Size={"type": "string"}),
    )
    assert "0017" in values.uncastable_values(back, "target", "Thing", "Size")
    assert "" in values.uncastable_values(back, "target", "Thing", "Size")


def test_what_the_contract_leaves_open_is_in_no_pool():
    agreed = dataflow(
        row("at", "Day", ["datetime-format", "%Y-%m-%d", "_."]),
        row("size", "Size", "decimal"),
        source=record(at={"type": "string"}, size={"type": "string"}),
    )
    pool = pool_of(atlas_of(agreed).place("source", "Thing", "at"))
    assert "2024-02-29" not in (*pool.hurtful, *pool.uncastable, *pool.refused)
    assert "2024-02-29T12:00:00Z" in pool.hurtful
    pool = pool_of(atlas_of(agreed).place("source", "Thing", "size"))
    assert "9007199254740993" not in (*pool.hurtful, *pool.uncastable, *pool.refused)


@pytest.mark.parametrize("numbers", ["", "exact"])
def test_numbers_beyond_a_double_only_where_agreed(numbers):
    agreed = dataflow(
        row("n", "N", "integer"),
        source=record(n={"type": "integer"}),
        target=record(N={"type": "integer"}),
        numbers=numbers,
    )
    found = values.hurtful_values(agreed, "source", "Thing", "n")
    assert 2**31 in found
    assert 2**53 in found
    assert (2**53 + 1 in found) is (numbers == "exact")


@pytest.mark.parametrize(
    ("value", "portable"),
    [
        (True, True),
        (2**53, True),
        (2**53 + 1, False),
        (10**30, True),
        (10**400, False),
        (2**1030, False),
        (0.1, True),
        (0.1 + 0.2, False),
        (1e300, True),
        (1.5e-300, True),
        ([0.5, {"a": 0.1 + 0.2}], False),
        ({"a": ["text", None]}, True),
    ],
)
def test_portable_numbers(value, portable):
    assert is_portable(value) is portable


def test_references_are_only_emptied():
    pool = pool_of(atlas_of(webshop()).place("source", "Order", "customerId"))
    assert pool.ordinary == pool.empty == (None, MISSING)
    required = dataflow(
        row("a", "A", reference=Reference(source="Thing", target="Thing")),
        source=record(["a"], a={"type": "string"}),
    )
    assert find(values.property_values(required, "source", "Thing", "a"), lambda _: True) is MISSING


quick = settings(max_examples=25, database=None, deadline=None, phases=[Phase.generate])


@quick
@given(st.data())
def test_drawn_values_cross(data):
    side, name, place = data.draw(st.sampled_from(COPIES))
    drawn = values.property_values(webshop(), side, name, place.path)
    assert place.fate(data.draw(drawn)) == "crosses"
    plain = values.property_values(webshop(), side, name, place.path.text, hostile=False)
    assert data.draw(plain) in pool_of(place).ordinary


def test_refused_and_uncastable_ones_are_drawn_only_when_asked_for():
    agreed = dataflow(
        row("size", "Size", "integer"),
        source=record(size={"type": "string"}),
        target=record(Size={"type": "integer", "maximum": 50}),
    )
    place = atlas_of(agreed).place("source", "Thing", "size")
    both = values.property_values(agreed, "source", "Thing", "size", refusals=True, uncastable=True)
    for fate in ("refused", "uncastable"):
        assert find(both, lambda value, fate=fate: place.fate(value) == fate) is not None
    assert find(both, lambda _: True) == pool_of(place).ordinary[0]
    rare = values.property_values(agreed, "source", "Thing", "size", hostile=False, refusals=True)
    assert find(rare, lambda value: place.fate(value) == "refused") is not None


def test_draws_shrink_to_the_sample():
    drawn = values.property_values(webshop(), "target", "Customer", "FirstName")
    assert find(drawn, lambda _: True) == "Ann's first name"


@pytest.mark.parametrize(("side", "path"), [("source", "lines"), ("target", "Lines[].UnitPrice")])
@pytest.mark.parametrize("hostile", [True, False])
def test_elements_are_valid(side, path, hostile):
    schema = webshop().types(side)["Order"].schema
    head = parse_path(path).list_text
    drawn = values.list_elements(webshop(), side, "Order", path, hostile=hostile)

    @quick
    @given(drawn)
    def check(element):
        place = compile_schema(schema["properties"][head]["items"])
        assert place.violations(element) == []

    check()


def test_elements_hurt_too():
    drawn = values.list_elements(webshop(), "source", "Order", "lines[]")
    assert find(drawn, lambda line: line.get("price") == "13.337")["title"] == "Ann's title"
    assert "quantity" not in find(drawn, lambda line: "quantity" not in line)
    tags = values.list_elements(webshop(), "source", "Order", "tags")
    assert find(tags, lambda tag: tag == "0017") == "0017"
    bare = dataflow(row("lines[].a", "Lines[].A", "string"))
    assert "a" in find(values.list_elements(bare, "source", "Thing", "lines"), lambda _: True)


def test_a_draw_is_cheap():
    drawn = [
        values.property_values(webshop(), "source", "Order", path)
        for path in ("note", "placedAt", "totals.grand")
    ]
    spent = []

    @settings(max_examples=30, database=None, deadline=None, phases=[Phase.generate])
    @given(st.data())
    def draw(data):
        start = time.perf_counter()
        for strategy in drawn * 10:
            data.draw(strategy)
        spent.append((time.perf_counter() - start) / 30)

    draw()
    assert min(spent) < 0.0005  # measured: 0.00006; the machine may be busy


def test_one_atlas_for_one_dataflow():
    agreed = dataflow(row("a", "A", "string"))
    assert atlas_of(agreed) is atlas_of(agreed)
    assert isinstance(atlas_of(agreed), Atlas)
    many = [dataflow() for _ in range(70)]
    assert len({id(atlas_of(each)) for each in many}) > 1
    assert same(atlas_of(agreed).schema("source", "Nobody"), {})


def test_lists_of_every_size_within_the_limits():
    agreed = dataflow(
        row("tags", "Tags", "list"),
        source=record(tags={"type": "array", "items": {"type": "string"}, "maxItems": 4}),
        target=record(Tags={"type": "array", "items": {"type": "string"}, "maxItems": 3}),
    )
    sizes = {len(tags) for tags in values.hurtful_values(agreed, "source", "Thing", "tags")}
    assert sizes == {1, 2, 3}
    refused = values.refused_values(agreed, "source", "Thing", "tags")
    assert {len(tags) for tags in refused} == {4}


def test_booleans_and_bounds():
    agreed = dataflow(
        row("flag", "Flag", "boolean"),
        row("n", "N", "float"),
        source=record(flag={"type": ["boolean", "null"]}, n={"type": "number", "maximum": 70}),
        target=record(Flag={"type": "boolean"}, N={"type": "number", "exclusiveMaximum": 60}),
    )
    assert set(values.ordinary_values(agreed, "source", "Thing", "flag")) == {True, False}
    assert 60 in values.refused_values(agreed, "source", "Thing", "n")
    assert 59 in values.hurtful_values(agreed, "source", "Thing", "n")
