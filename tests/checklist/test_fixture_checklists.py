from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tallystick import resources
from tallystick.checklist import compile_checklist, unread_lines
from tallystick.dataflow import casts
from tallystick.dataflow.json import from_json, to_json
from tallystick.dataflow.paths import parse_path
from tallystick.dataflow.schemas import check_schema, compile_schema

CHECKLISTS = sorted(resources.packaged("fixtures", "checklists").glob("*.rst"))
MAIN = "customwebshop-customerp"


def compiled(name: str, *, agreed: bool = True):
    checklist = resources.packaged("fixtures", "checklists", f"{name}.rst")
    agreement = resources.packaged("fixtures", "agreements", f"{name}.toml")
    return compile_checklist(checklist, agreement if agreed else None)


@pytest.mark.parametrize("path", CHECKLISTS, ids=lambda path: path.stem)
def test_each_fixture_is_in_the_dialect(path):
    data = path.read_bytes()
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.endswith(b"\r\n")
    lines = data.decode().split("\r\n")
    assert re.fullmatch(r"=+", lines[0])
    assert lines[0] == lines[2]
    assert len(lines[0]) == len(lines[1])
    assert lines[1].endswith(" Dataflow")
    assert re.fullmatch(r"Generated: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", lines[4])


@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize("path", CHECKLISTS, ids=lambda path: path.stem)
def test_each_fixture_compiles_and_round_trips(path, agreed):
    result = compiled(path.stem, agreed=agreed)
    assert unread_lines(result.document) == ()
    assert all(one.severity != "error" for one in result.findings)
    written = json.loads(json.dumps(to_json(result.dataflow)))
    assert from_json(written) == result.dataflow
    for pair in result.dataflow.pairs:
        assert all(casts.check(row.type) == "" for row in pair.rows)


def test_every_sentence_form_stands_in_some_fixture():
    kinds = {
        statement.kind
        for path in CHECKLISTS
        for pair in compiled(path.stem).dataflow.pairs
        for statement in pair.statements
        if statement.origin.by == "checklist"
    }
    assert kinds == {
        "lead-always",
        "lead-condition",
        "lead-link",
        "connected",
        "no-match",
        "merge",
        "in-sync",
        "properties",
    }


def test_with_its_agreement_every_statement_of_a_fixture_can_be_executed():
    for path in CHECKLISTS:
        for pair in compiled(path.stem).dataflow.pairs:
            assert pair.create.unspecified == ""
            assert all(statement.unspecified == "" for statement in pair.statements)


def test_the_rules_of_creation_of_the_small_fixtures():
    def whens(name):
        return [pair.create.when for pair in compiled(name).dataflow.pairs]

    assert whens("onboarding") == ["never"]
    assert whens("conditional") == ["condition"]
    assert whens("no-match") == ["no-match"]
    assert whens("connected") == ["connected", "connected", "always", "always"]
    assert len(compiled("onboarding").dataflow.pairs[0].merge) == 2
    assert compiled("connected").dataflow.pairs[1].create.by == ("Orders", "Support tickets")
    (pair,) = compiled("no-match").dataflow.pairs
    assert [row.source.plain for row in pair.rows if row.unspecified] == ["home.country"]
    assert [row.source.text for row in pair.rows if row.when] == ["phones[].number"]


def main():
    return compiled(MAIN).dataflow


def test_the_main_checklist_is_bare_and_its_agreement_fills_it():
    result = compiled(MAIN)
    bare = compiled(MAIN, agreed=False)
    assert [one.code for one in bare.findings] == ["empty-property-table"] * 3
    assert result.findings == ()
    assert [(pair.source, pair.target) for pair in result.dataflow.pairs] == [
        ("Customer", "Customer"),
        ("Product", "Product"),
        ("Order", "Order"),
    ]
    for pair in result.dataflow.pairs:
        assert pair.create.when == "always"
        assert len(pair.rows) >= 12
        assert all(row.origin.by == "agreement" for row in pair.rows)
        assert all(row.source.text != row.target.text for row in pair.rows)
        assert any(len(row.source.head) > 1 for row in pair.rows)


def test_the_main_agreement_uses_every_cast():
    rows = [row for pair in main().pairs for row in pair.rows]
    types = {row.type for row in rows if isinstance(row.type, str)}
    assert types == set(casts.PLAIN_CASTS)
    assert any(isinstance(row.type, list) and row.type[0] == "datetime-format" for row in rows)


def test_the_main_agreement_links_and_refers():
    customer, product, order = main().pairs
    assert [[term.source.text for term in terms] for terms in customer.merge] == [["email"]]
    assert [[term.source.text for term in terms] for terms in product.merge] == [["sku"]]
    assert order.merge == ()
    assert {row.source.text: row.reference.source for row in order.rows if row.reference} == {
        "customerId": "Customer",
        "lines[].productId": "Product",
    }
    assert {row.reference.target for row in order.rows if row.reference} == {"Customer", "Product"}


def leaves(schema, at=()):
    for name, part in schema.get("properties", {}).items():
        if "properties" in part:
            yield from leaves(part, (*at, name))
        elif "properties" in part.get("items", {}):
            yield from leaves(part["items"], (*at, f"{name}[]"))
        else:
            yield ".".join((*at, name)), part


def test_the_main_schemas_can_be_used_and_leave_properties_unlisted():
    flow = main()
    for side in ("source", "target"):
        for pair in flow.pairs:
            schema = flow.types(side)[pair.type_on(side)].schema
            assert check_schema(schema) == ""
            listed = {row.path(side).text for row in pair.rows}
            known = dict(leaves(schema))
            assert listed <= set(known)
            unlisted = [name for name in known if name not in listed and "[]" not in name]
            assert len(unlisted) >= 4
            assert not set(unlisted) & set(schema["required"])


def test_what_the_target_requires_the_source_always_gives():
    flow = main()
    for pair in flow.pairs:
        source = flow.types("source")[pair.source].schema
        target = flow.types("target")[pair.target].schema
        given = {row.target.text: row for row in pair.rows}
        for name in target["required"]:
            assert given[name].type == "string"
            assert given[name].source.text in source["required"]
            assert source["properties"][given[name].source.text].get("type", "string") == "string"
        assert {given[name].source.text for name in target["required"]} == set(source["required"])


def test_everything_else_may_be_null_on_both_sides():
    flow = main()
    for side in ("source", "target"):
        for kind in flow.types(side).values():
            for name, part in leaves(kind.schema):
                if name not in kind.schema["required"]:
                    assert compile_schema(part).accepts(None), (side, kind.name, name)


def test_the_target_refuses_some_texts_that_the_source_allows():
    flow = main()
    for pair in flow.pairs:
        limits = [
            [
                dict(leaves(flow.types(side)[pair.type_on(side)].schema))[row.path(side).text]
                for side in ("source", "target")
            ]
            for row in pair.rows
        ]
        assert [255, 140] in [[part.get("maxLength") for part in both] for both in limits]
        for source, target in limits:
            if "enum" in source and "enum" in target:
                assert source["enum"] == target["enum"]


def test_the_unmarked_paths_of_a_checklist_are_plain():
    assert parse_path("lines[].productId").plain == "lines.productId"


def test_origins_name_the_files_as_they_were_given(monkeypatch):
    monkeypatch.chdir(resources.data_root())
    flow = compile_checklist(
        f"fixtures/checklists/{MAIN}.rst", Path(f"fixtures/agreements/{MAIN}.toml")
    ).dataflow
    assert flow.pairs[0].origin.file == f"fixtures/checklists/{MAIN}.rst"
    assert flow.pairs[0].rows[0].origin.file == f"fixtures/agreements/{MAIN}.toml"
