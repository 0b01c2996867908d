"""Sample records: valid at home, acceptable abroad, readable, and the same every time."""

from __future__ import annotations

import subprocess
import sys

import pytest
from agreed import dataflow, merge, only_if, record, row, webshop, when

from tallystick.canonical import same
from tallystick.dataflow.casts import NO_PREIMAGE, back, image
from tallystick.dataflow.model import SIDES, Reference, other_side
from tallystick.dataflow.paths import parse_path, read
from tallystick.dataflow.schemas import compile_schema
from tallystick.derive.crossing import atlas_of
from tallystick.derive.samples import sample_element, sample_record, sample_value

LABELS = ("Ann", "Bo", "", "A label that is longer than most people would ever give to a record")
TYPES = [(side, name) for side in SIDES for name in webshop().types(side)]
MAPPED = [
    (side, name, path)
    for side, name in TYPES
    for pair in webshop().pairs_of(side, name)
    for path in dict.fromkeys(r.path(side) for r in pair.rows if r.reference is None)
    if not path.is_key
]


@pytest.mark.parametrize(("side", "name"), TYPES)
@pytest.mark.parametrize("label", LABELS)
def test_samples_are_valid_and_complete(side, name, label):
    schema = webshop().types(side)[name].schema
    data = sample_record(webshop(), side, name, label)
    assert compile_schema(schema).violations(data) == []
    assert data.keys() == schema["properties"].keys()


@pytest.mark.parametrize(("side", "name", "path"), MAPPED, ids=str)
def test_what_is_mapped_crosses(side, name, path):
    place = atlas_of(webshop()).place(side, name, path)
    values = [sample_value(webshop(), side, name, path, "Ann", n) for n in range(4)]
    assert [place.fate(value) for value in values] == ["crosses"] * 4
    assert not any(map(same, values, values[1:]))
    carried = [place.carried(value) for value in values]
    assert not any(map(same, carried, carried[1:]))


@pytest.mark.parametrize(("side", "name"), TYPES)
def test_the_sample_holds_the_first_alternatives(side, name):
    data = sample_record(webshop(), side, name, "Ann")
    for own_side, own_name, path in MAPPED:
        if (own_side, own_name) == (side, name) and not path.in_list:
            assert read(data, path.head) == sample_value(webshop(), side, name, path.text, "Ann")


def test_references_stay_empty():
    data = sample_record(webshop(), "source", "Order", "Ann")
    assert data["customerId"] is None
    assert [line["productId"] for line in data["lines"]] == [None, None]
    assert sample_value(webshop(), "source", "Order", "customerId", "Ann") is None


def test_labels_and_elements_differ():
    ann, bo = (sample_record(webshop(), "source", "Order", label) for label in ("Ann", "Bo"))
    assert ann["number"] != bo["number"]
    assert not same(ann["lines"][0], ann["lines"][1])
    assert not same(ann["lines"], bo["lines"])


def test_samples_read_well():
    data = sample_record(webshop(), "source", "Customer", "Ann")
    assert data["email"] == "ann@example.com"
    assert data["firstName"] == "Ann's first name"
    assert sample_record(webshop(), "source", "Product", "Big Box")["sku"] == "SKU-BIG-BOX"


def test_the_same_in_another_process():
    code = (
        "from agreed import webshop; from tallystick.derive.samples import sample_record as s;"
        "print([s(webshop(), 'source', n, 'Ann') for n in ('Customer', 'Order', 'Product')])"
    )
    env = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    here = [sample_record(webshop(), "source", n, "Ann") for n in ("Customer", "Order", "Product")]
    assert done.stdout.decode().strip() == str(here)


def test_without_rows_and_schemas_there_is_a_name():
    assert sample_record(dataflow(), "source", "Thing", "Ann") == {"name": "Ann's name"}


def test_without_schemas_types_come_from_the_rows():
    agreed = dataflow(
        row("title", "Name", "string"),
        row("stock", "Stock.Level", "integer"),
        row("price", "Price", "decimal"),
        row("weight", "Weight", "float"),
        row("active", "Active", "boolean"),
        row("tag", "Tags", "list"),
        row("phones", "Phone", "first"),
        row("madeOn", "MadeOn", ["datetime-format", "%Y-%m-%d", "_."]),
        row("createdAt", "CreatedAt"),
        row("lines[].sku", "Lines[].ItemNumber", "string"),
        row("lines[].count", "Lines[].Count", "integer"),
        row("notes[]", "Notes[]", "string"),
        row("odd", "Odd", "unknown"),
        row("", "ShopNumber"),
        merge=merge("code", "Code"),
    )
    data = sample_record(agreed, "source", "Thing", "Ann")
    assert data["code"] == "Ann's code"
    assert data["lines"][0]["sku"] == "SKU-ANN"
    assert isinstance(data["lines"][1]["count"], int)
    assert [type(data[name]) for name in ("stock", "price", "active", "phones", "tag")] == [
        int,
        float,
        bool,
        list,
        str,
    ]
    assert data["createdAt"].endswith("Z")
    assert data["notes"] == ["Ann's notes[]", "Ann's notes[] 2"] or len(data["notes"]) == 2
    other = sample_record(agreed, "target", "Thing", "Ann")
    assert isinstance(other["Tags"], list)
    assert len(other["MadeOn"]) == len("2024-05-01")
    assert "ShopNumber" not in other
    assert isinstance(other["Stock"]["Level"], int)


def test_paths_that_a_closed_schema_does_not_list_are_left_out():
    closed = {**record(title={"type": "string"}), "additionalProperties": False}
    agreed = dataflow(row("title", "Title", "string"), row("x", "X", "string"), source=closed)
    assert sample_record(agreed, "source", "Thing", "Ann") == {"title": "Ann's title"}


def test_rows_beyond_the_schema_are_added_to_an_open_one():
    agreed = dataflow(
        row("lines[].a", "Lines[].A", "string"),
        row("lines[].b", "Lines[].B", "string"),
        source=record(lines={"type": "array", "items": record(a={"type": "string"})}),
    )
    data = sample_record(agreed, "source", "Thing", "Ann")
    assert [sorted(line) for line in data["lines"]] == [["a", "b"], ["a", "b"]]


SCHEMA = {
    "$defs": {
        "Text": {"type": "string", "minLength": 30, "maxLength": 31},
        "Money": {"allOf": [{"type": "number"}, {"minimum": 5}, {"maximum": 6}]},
        "Tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/Tree"}}},
    },
    "type": "object",
    "additionalProperties": False,
    "required": ["text", "fixed", "nothing"],
    "properties": {
        "text": {"$ref": "#/$defs/Text"},
        "money": {"$ref": "#/$defs/Money"},
        "fixed": {"const": 7},
        "nothing": {"type": "null"},
        "either": {"anyOf": [{"type": "null"}, {"type": "integer", "multipleOf": 5, "minimum": 1}]},
        "one": {"oneOf": [{"type": "null"}, {"enum": ["a", "b", None]}]},
        "id": {"type": "string", "format": "uuid"},
        "link": {"type": "string", "format": "uri", "maxLength": 22},
        "at": {"type": "string", "format": "time"},
        "host": {"type": "string", "format": "hostname"},
        "v4": {"type": "string", "format": "ipv4"},
        "v6": {"type": "string", "format": "ipv6"},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-\\d{2,4}(x|y)?$"},
        "odd": {"type": "string", "pattern": "^(?=q)q+$", "examples": ["qq"]},
        "given": {"type": "string", "pattern": "^(?=z)", "default": "zz"},
        "open": {"exclusiveMinimum": 0, "exclusiveMaximum": 1, "type": "number"},
        "steps": {"type": "number", "multipleOf": 0.5, "maximum": -1},
        "whole": {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
        "list": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
        "single": {"type": "array", "items": {"type": "boolean"}, "maxItems": 1},
        "things": {"type": "array", "minItems": 3, "items": {"$ref": "#/properties/deep"}},
        "deep": {"type": "object", "properties": {"list": {"type": "array", "items": {}}}},
        "mail": {"type": "string", "maxLength": 12},
        "phone": {"type": "string", "maxLength": 7},
        "short": {"type": "string", "maxLength": 3},
        "anything": {},
        "tree": {"$ref": "#/$defs/Tree"},
        "a.b": {"type": "string"},
    },
}


@pytest.mark.parametrize("label", LABELS)
def test_all_kinds_of_schemas_are_filled(label):
    agreed = dataflow(source=SCHEMA)
    data = sample_record(agreed, "source", "Thing", label)
    assert compile_schema(SCHEMA).violations(data) == []
    assert data.keys() >= SCHEMA["properties"].keys()


def test_alternatives_fit_the_stricter_of_two_sides():
    agreed = dataflow(
        row("name", "Name", "string"),
        row("colour", "Colour", "string"),
        row("size", "Size", "integer"),
        row("flag", "Flag", "boolean"),
        row("code", "Code", "string"),
        source=record(
            name={"type": "string", "maxLength": 100},
            colour={"enum": ["red", "green", "blue"]},
            size={"type": "string", "pattern": "^[0-9.]+$"},
            flag={"type": "integer"},
            code={"type": "string"},
        ),
        target=record(
            Name={"type": "string", "maxLength": 8},
            Colour={"enum": ["blue", "red", "black"]},
            Size={"type": "integer", "minimum": 1000, "maximum": 1100},
            Flag={"type": "boolean"},
            Code={"type": "string", "pattern": "^[A-Z]{2}[0-9]{3}$"},
        ),
    )
    for side in SIDES:
        for path in ("name", "colour", "size", "flag", "code"):
            name = path if side == "source" else path.capitalize()
            place = atlas_of(agreed).place(side, "Thing", name)
            values = [sample_value(agreed, side, "Thing", name, "Annabella", n) for n in (0, 1)]
            assert [place.fate(value) for value in values] == ["crosses", "crosses"], (side, path)
            assert not same(*values)


def test_where_nothing_can_cross_a_valid_value_stands():
    agreed = dataflow(
        row("a", "A", "integer"),
        source=record(a={"enum": ["x", "y"]}),
        target=record(A={"type": "integer"}),
    )
    assert sample_value(agreed, "source", "Thing", "a", "Ann") in ("x", "y")
    assert sample_record(agreed, "source", "Thing", "Ann")["a"] in ("x", "y")


def test_where_nothing_is_valid_there_is_null():
    agreed = dataflow(source=record(a={"type": "string", "pattern": "^(?=z)z{99}$"}))
    assert sample_value(agreed, "source", "Thing", "a", "Ann") is None


def test_what_rows_depend_on_is_there():
    agreed = dataflow(
        row("mobile", "Phones[].Number", "string", when=when("target", "Phones[].Kind", "mobile")),
        row("fixed", "Phones[].Number", "string", when=when("target", "Phones[].Kind", "fixed")),
        row("fax", "Phones[].Number", "string", when=when("target", "Phones[].Kind", "fax")),
        row("vat", "Vat", "string", when=when("source", "kind", "company")),
        row("private", "Private", "string", when=when("source", "kind", "person")),
        create=only_if("status", "open"),
        source=record(kind={"enum": ["person", "company"]}, status={"type": "string"}),
    )
    there = sample_record(agreed, "target", "Thing", "Ann")
    assert [phone["Kind"] for phone in there["Phones"]] == ["mobile", "fixed", "fax"]
    here = sample_record(agreed, "source", "Thing", "Ann")
    assert (here["kind"], here["status"]) == ("company", "open")


def test_a_demand_that_the_schema_forbids_is_left():
    agreed = dataflow(create=only_if("status", 5), source=record(status={"type": "string"}))
    assert sample_record(agreed, "source", "Thing", "Ann") == {"status": "Ann's status"}


def test_lists_are_no_longer_than_either_side_takes():
    line = record(a={"type": "string"})
    agreed = dataflow(
        row("lines[].a", "Lines[].A", "string"),
        row("tag", "Tags[]", "string"),
        source=record(lines={"type": "array", "items": line}, tag={"type": "string"}),
        target=record(Lines={"type": "array", "maxItems": 1, "items": record(A={})}),
    )
    assert len(sample_record(agreed, "source", "Thing", "Ann")["lines"]) == 1
    assert len(sample_record(agreed, "target", "Thing", "Ann")["Tags"]) == 2


def test_keys_that_must_be_there_are_made_up():
    agreed = dataflow(
        row("owner", "Owner", reference=Reference(source="Thing", target="Thing")),
        row("other", "Other", reference=Reference(source="Thing", target="Thing")),
        row("", "ShopNumber"),
        source=record(["owner"], owner={"type": "string"}, other={"type": "string"}),
        target=record(ShopNumber={"type": ["string", "null"]}),
    )
    data = sample_record(agreed, "source", "Thing", "Ann")
    assert data.keys() == {"owner"}
    assert isinstance(data["owner"], str)
    assert sample_record(agreed, "target", "Thing", "Ann")["ShopNumber"] is None


def test_elements_are_as_in_the_sample():
    data = sample_record(webshop(), "source", "Order", "Ann")
    for text in ("lines", "lines[]", "lines[].price", parse_path("lines[].price")):
        assert sample_element(webshop(), "source", "Order", text, "Ann") == data["lines"][0]
    assert isinstance(sample_element(webshop(), "source", "Order", "tags", "Ann", 3), str)


@pytest.mark.parametrize(("side", "name"), TYPES)
def test_the_image_of_a_whole_sample_is_valid_for_the_other_side(side, name):
    """Independent of `fate`: every row's image, tried at its own place of the other's schema."""
    agreed = webshop()
    data = sample_record(agreed, side, name, "Ann")
    for pair in agreed.pairs_of(side, name):
        there = agreed.types(other_side(side))[pair.type_on(other_side(side))].schema
        for each in pair.rows:
            path, across = each.path(side), each.path(other_side(side))
            if each.reference is None and not path.in_list:
                spot = there
                for segment in across.head:
                    spot = spot["properties"][segment]
                value = read(data, path.head)
                moved = image(each.type, value)
                if side == "target":
                    moved = back(each.type, value, schema=spot)
                assert moved is not NO_PREIMAGE
                assert compile_schema(spot).violations(moved) == [], each


def test_whole_objects_can_be_mapped():
    address = record(street={"type": "string"}, none={"enum": [None]}, code={"type": "integer"})
    short = record(street={"type": "string", "maxLength": 3})
    agreed = dataflow(
        row("address", "Address"),
        row("other", "Other"),
        source=record(address=address, other=address),
        target=record(Address=address, Other=short),
    )
    data = sample_record(agreed, "source", "Thing", "Annabella")
    assert data["address"].keys() == {"street", "code"}
    assert len(data["other"]["street"]) == 3
    values = [sample_value(agreed, "target", "Thing", "Other", "Annabella", n) for n in (0, 1)]
    assert not same(*values)
