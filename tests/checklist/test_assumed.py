"""What is assumed of records that only a checklist speaks of: their lists, their JSON types."""

from __future__ import annotations

import pytest

from tallystick.checklist.assumed import assume_rows
from tallystick.checklist.assumed_schemas import UNLISTED, assume_schemas
from tallystick.checklist.assumptions import assumptions
from tallystick.dataflow.json import from_json, to_json
from tallystick.dataflow.model import (
    Condition,
    Creation,
    Dataflow,
    MergeTerm,
    Pair,
    RecordType,
    Row,
    System,
)
from tallystick.dataflow.paths import parse_path

DAY = ["datetime-format", "%Y-%m-%d", "_."]


def row(source, target, type_="string", **more):
    return Row(source=parse_path(source), target=parse_path(target), type=type_, **more)


def when(path, equals, side="source"):
    return Condition(side=side, path=parse_path(path), equals=equals)


def term(source, target):
    return (MergeTerm(source=parse_path(source), target=parse_path(target)),)


def dataflow(*sections, merge=()):
    """Give a dataflow; each section is (source type, target type, rows)."""
    kinds = {"source": {s for s, _, _ in sections}, "target": {t for _, t, _ in sections}}
    types = {
        f"{side}_types": {name: RecordType(name=name, path=name.lower()) for name in sorted(names)}
        for side, names in kinds.items()
    }
    return Dataflow(
        source=System(system="Shop", api="storefront/1"),
        target=System(system="Book", api="ledger/1"),
        pairs=tuple(
            Pair(
                number=n,
                source=source,
                target=target,
                create=Creation(when="always"),
                rows=tuple(rows),
                merge=merge,
            )
            for n, (source, target, rows) in enumerate(sections, 1)
        ),
        **types,
    )


def assumed(*rows, merge=()):
    (pair,) = assume_rows(dataflow(("A", "B", rows), merge=merge), ()).pairs
    return pair


def schemas(*rows, merge=()):
    given = assume_schemas(dataflow(("A", "B", rows), merge=merge), ())
    return given.source_types["A"].schema["properties"], given.target_types["B"].schema[
        "properties"
    ]


def test_a_list_that_one_row_shows_is_marked_in_all_rows_of_the_type():
    shown = row("phones[].number", "Mobile", when=(when("phones[].kind", "mobile"),))
    pair = assumed(shown, row("phones.note", "Note"), row("name", "Name"))
    assert [one.source.text for one in pair.rows] == ["phones[].number", "phones[].note", "name"]


def test_a_list_inside_a_list_is_not_marked():
    inner = row("a.b[].c", "C", when=(when("a.b[].kind", "x"),))
    outer = row("a[].d", "D", when=(when("a[].kind", "x"),))
    pair = assumed(inner, outer)
    assert [one.source.text for one in pair.rows] == ["a[].b.c", "a[].d"]


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        (row("price", "X"), row("price.amount", "Y"), 0),
        (row("x", "Price"), row("y", "Price.amount"), 0),
        (row("price.amount", "X"), row("price", "Y"), 1),
    ],
)
def test_what_is_value_and_object_is_left_out_as_a_value(one, other, left):
    pair = assumed(one, other)
    assert pair.left_out[0].source == (one, other)[left].source
    assert "inside it" in pair.left_out[0].unspecified
    assert len(pair.rows) == 1


def test_what_another_section_of_the_type_says_counts():
    given = assume_rows(
        dataflow(("A", "B", [row("price", "X")]), ("A", "C", [row("price.amount", "Y")])), ()
    )
    assert [len(pair.rows) for pair in given.pairs] == [0, 1]


def test_agreed_types_are_left_alone():
    rows = (row("price", "X"), row("price.amount", "Y"))
    agreed = {("source", "A"), ("target", "B")}
    (pair,) = assume_rows(dataflow(("A", "B", rows)), agreed).pairs
    assert pair.rows == rows
    assert not assume_schemas(dataflow(("A", "B", rows)), agreed).source_types["A"].schema


def test_rows_over_whole_lists_yield_to_rows_that_pick_an_element():
    picks = row("lines[].price", "Freight", when=(when("lines[].kind", "freight"),))
    whole = row("lines[].sku", "Lines[].Sku")
    pair = assumed(picks, whole)
    assert [one.source.text for one in pair.left_out] == ["lines[].sku"]


def test_values_that_share_a_property_of_elements_are_left_open():
    shown = row("kind", "Items[].Kind", when=(when("Items[].Type", "x", "target"),))
    pair = assumed(shown, row("a", "Items.Code"), row("b", "Items.Code"), row("c", "Items.Name"))
    assert [bool(one.unspecified) for one in pair.rows] == [False, True, True, False]


def test_a_dependency_on_an_object_can_be_asked_of_nobody():
    pair = assumed(row("name", "Name", when=(when("kind", "x"),)), row("kind.code", "Code"))
    assert not pair.rows[0].when
    assert pair.rows[0].type == "unknown"
    assert pair.rows[0].unspecified


def test_a_merge_rule_by_objects_cannot_match():
    merge = (term("email", "Email"), term("contact", "Contact"))
    pair = assumed(row("contact.name", "Name"), merge=merge)
    assert pair.merge == (term("email", "Email"),)


@pytest.mark.parametrize(
    ("type_", "source", "target"),
    [
        ("string", "string", "string"),
        ("integer", "integer", "integer"),
        ("decimal", "number", "number"),
        ("float", "number", "number"),
        ("boolean", "boolean", "boolean"),
        ("list", "string", "array"),
        ("first", "array", "string"),
        (DAY, "string", "string"),
        (["string", ["integer", ["decimal", "_."]]], "integer", "string"),
    ],
)
def test_data_types_give_both_sides_a_json_type(type_, source, target):
    at_source, at_target = schemas(row("a", "b", type_))
    assert at_source["a"]["type"] == [source, "null"]
    assert at_target["b"]["type"] == [target, "null"]


def test_a_property_of_several_rows_is_what_most_of_them_can_convert():
    at_source, at_target = schemas(
        row("a", "x", "integer"), row("a", "y"), row("b", "y", "integer")
    )
    assert at_source["a"]["type"] == ["integer", "null"]
    assert at_target["y"]["type"] == ["integer", "string", "null"]


def test_a_list_may_hold_what_its_source_holds():
    _, at_target = schemas(row("a", "tags", "list"), row("a", "n", "integer"))
    assert at_target["tags"] == {"type": ["array", "null"]}


def test_dates_are_asked_for_where_they_are_formatted():
    at_source, _ = schemas(row("a", "b", DAY), row("a", "c"))
    assert at_source["a"]["format"] == "date-time"


def test_no_list_is_assumed_where_a_text_is_asked_for():
    at_source, at_target = schemas(
        row("a", "x", "list"), row("a", "y", "first"), row("a", "z", DAY)
    )
    assert at_source["a"]["type"] == ["string", "null"]
    assert at_target["z"]["type"] == ["string", "null"]


def test_nothing_is_assumed_of_what_nobody_knows():
    at_source, at_target = schemas(row("a", "b", "unknown", unspecified="N/A"), row("c", "b"))
    assert at_source["a"] == {}
    assert at_target["b"] == {}


def test_lists_objects_and_matched_properties_are_there():
    merge = (term("email", "Email"),)
    at_source, at_target = schemas(row("lines[].price.net", "Sum"), merge=merge)
    element = at_source["lines"]["items"]
    assert element["properties"]["price"]["properties"]["net"]["type"] == ["string", "null"]
    assert "email" in at_source
    assert at_target["Email"]
    assert UNLISTED in at_source
    assert UNLISTED in at_target


def test_left_out_rows_are_written_and_read():
    given = assume_schemas(
        assume_rows(dataflow(("A", "B", [row("p", "X"), row("p.q", "Y")])), ()), ()
    )
    assert given.pairs[0].left_out
    assert from_json(to_json(given), file="x") == given


def test_what_was_assumed_is_told():
    flow = dataflow(
        ("Order", "Invoice", (row("lines[].price", "Lines[].Price"), row("no", "No"))),
        ("Client", "Invoice", (row("name", "Name"),)),
    )
    told = "assumed of records in the source system Shop, from the checklist's rows alone:"
    assert assumptions(flow, {("target", "Invoice")}) == (
        f"{told} Client (1 property), Order (2 properties)",
        "assumed to be lists in the source system Shop: Order.lines",
    )
    everything = {(side, name) for side in ("source", "target") for name in flow.types(side)}
    assert assumptions(flow, everything) == ()
    many = dataflow(*((f"T{n}", "Invoice", ()) for n in range(11)))
    assert assumptions(many, {("target", "Invoice")})[0].endswith(", and 3 more")
