from __future__ import annotations

import pytest
from checklist_paper import (
    ALWAYS,
    CONNECTED,
    LINK,
    NO_MATCH,
    PROSE,
    line_of,
    paper,
    section,
)
from test_lint import IN_FILES, ODDITIES
from test_reader import EXAMPLES

from tallystick.checklist import CODES, compile_checklist
from tallystick.dataflow.json import from_json, to_json
from tallystick.dataflow.model import Condition, Origin
from tallystick.dataflow.paths import parse_path

ROW = ("name", "title", '"string"')
CUSTOMER = {"a": "Shopco Customers (old)", "b": "Booksy Debtor"}


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """Compile sections and, where given, an agreement; the files are `doc.rst` and `a.toml`."""
    monkeypatch.chdir(tmp_path)

    def run(*sections: str, agreement: str | None = None, text: str = "", **front: str):
        (tmp_path / "doc.rst").write_text(text or paper(*sections, **front))
        if agreement is None:
            return compile_checklist("doc.rst")
        (tmp_path / "a.toml").write_text(agreement)
        return compile_checklist("doc.rst", "a.toml")

    return run


def codes(result):
    return [one.code for one in result.findings]


def test_systems_types_and_origins(compiled):
    result = compiled(section(rows=(ROW,)), section(**CUSTOMER))
    flow = result.dataflow
    assert (flow.source.system, flow.source.api) == ("Shopco", "storefront/1")
    assert (flow.target.system, flow.target.api) == ("Booksy", "ledger/1")
    assert [(name, one.name, one.path) for name, one in flow.source_types.items()] == [
        ("Order", "Order", "order"),
        ("Customers (old)", "Customers (old)", "customers-old"),
    ]
    order = flow.pairs[0]
    text = paper(section(rows=(ROW,)))
    assert order.origin == Origin(file="doc.rst", line=line_of(text, "Shopco Order to"))
    assert order.rows[0].origin == Origin(file="doc.rst", line=line_of(text, "* - name"))
    assert [(one.kind, one.origin.line) for one in order.statements] == [
        ("lead-always", line_of(text, "Every")),
        ("in-sync", line_of(text, "Once")),
        ("properties", line_of(text, "The following")),
    ]
    assert from_json(to_json(flow)) == flow


def test_slugs_are_unique(compiled):
    sections = [
        section(a=f"Shopco {name}") for name in ("Sales order", "sales-order", "%%", "Ünïx")
    ]
    types = compiled(*sections).dataflow.source_types
    assert [one.path for one in types.values()] == ["sales-order", "sales-order-2", "type", "n-x"]


def test_an_empty_target_is_named_by_the_agreement(compiled):
    text = section(a="Shopco Order", b=" Invoice", target="")
    assert compiled(text, target="").dataflow.target.system == ""
    named = compiled(text, target="", agreement='[systems.target]\nname = "Booksy"\n')
    assert named.dataflow.target.system == "Booksy"


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ({}, "always"),
        ({"more": (NO_MATCH,)}, "no-match"),
        ({"lead": LINK, "merge": (("a", "b"),)}, "never"),
        ({"lead": LINK}, "never"),
    ],
)
def test_rules_of_creation_that_can_be_executed(compiled, given, when):
    (pair,) = compiled(section(rows=(ROW,), **given)).dataflow.pairs
    assert (pair.create.when, pair.create.unspecified) == (when, "")
    assert all(one.unspecified == "" for one in pair.statements)


def test_a_condition_in_prose_creates_nothing_until_it_is_agreed(compiled):
    text = section(lead=PROSE, rows=(ROW,))
    result = compiled(text)
    (pair,) = result.dataflow.pairs
    assert (pair.create.when, pair.create.unspecified) == ("never", "its condition is prose")
    assert pair.statement("lead-condition").unspecified == "its condition is prose"
    assert codes(result) == ["condition-in-prose"]
    head = '[[pairs]]\nsource = "Order"\ntarget = "Invoice"\n'
    agreed = (
        head + 'create = { when = "condition", condition = [{ path = "paid", equals = true }] }'
    )
    result = compiled(text, agreement=agreed)
    (pair,) = result.dataflow.pairs
    assert (pair.create.when, pair.create.unspecified) == ("condition", "")
    assert pair.create.condition[0].path == parse_path("paid")
    assert codes(result) == []


ORDER = section(rows=(("customerKey", "debtor", "N/A"),))
CONNECTED_TO = section(**CUSTOMER, lead=LINK, more=(CONNECTED,), to="Shopco Order", rows=(ROW,))
REFERENCE = """
[[pairs]]
source = "Order"
target = "Invoice"
amend = [{ source = "customerKey", target = "debtor", reference = "Customers (old)" }]
"""


def test_a_connection_needs_a_reference(compiled):
    result = compiled(ORDER, CONNECTED_TO)
    create = result.dataflow.pairs[1].create
    assert (create.when, create.unspecified) == (
        "never",
        "no row says by which property they are connected",
    )
    assert "connected-without-reference" in codes(result)
    result = compiled(ORDER, CONNECTED_TO, agreement=REFERENCE)
    assert result.dataflow.pairs[1].create.by == ("Order",)
    assert result.dataflow.pairs[1].create.when == "connected"
    assert codes(result) == []


@pytest.mark.parametrize(
    ("spelled", "by"),
    [
        ("Shopco Order", ("Order",)),
        ("Shopco order", ("Order",)),
        ("Shopco Orders", ()),
        ("Shopco Customers-old, or Order", ("Customers (old)", "Order")),
        ("Shopco Shopco-order, Order, or Owner", ("Order",)),
        ("Shopco Owner, or Chef", ()),
        (",", ()),
    ],
)
def test_connected_types_are_found_by_their_spelling(compiled, spelled, by):
    text = section(**CUSTOMER, lead=LINK, more=(CONNECTED,), to=spelled, rows=(ROW,))
    result = compiled(ORDER, text, agreement=REFERENCE)
    create = result.dataflow.pairs[1].create
    if by:
        assert (create.when, create.by) == ("connected", by)
    else:
        assert (create.when, create.by) == ("never", ())
        assert create.unspecified == "the types that it names have no section here"
    named = [one for one in result.findings if one.code == "connected-without-section"]
    assert bool(named) == any(word in spelled for word in ("Orders", "Owner"))


def test_the_agreement_can_name_the_connected_types(compiled):
    text = CONNECTED_TO.replace("Shopco Order that", "Shopco Owner that")
    agreed = REFERENCE + (
        '[[pairs]]\nsource = "Customers (old)"\ntarget = "Debtor"\n'
        'create = { when = "connected", by = ["Order"] }\n'
    )
    result = compiled(ORDER, text, agreement=agreed)
    assert result.dataflow.pairs[1].create.by == ("Order",)
    assert codes(result) == []


def test_a_condition_and_a_connection_are_not_guessed_at(compiled):
    text = section(**CUSTOMER, lead=PROSE, more=(CONNECTED,), to="Shopco Order")
    result = compiled(ORDER, text, agreement=REFERENCE)
    assert result.dataflow.pairs[1].create.when == "never"
    assert "prose" in result.dataflow.pairs[1].create.unspecified


def test_the_narrower_of_two_rules_counts(compiled):
    text = section(**CUSTOMER, lead=ALWAYS, more=(CONNECTED,), to="Shopco Order", rows=(ROW,))
    result = compiled(ORDER, text, agreement=REFERENCE)
    assert result.dataflow.pairs[1].create.when == "connected"
    assert codes(result) == ["contradictory-creation"]


def test_what_only_the_agreement_says_is_a_statement_of_its_own(compiled):
    agreed = """
[[pairs]]
source = "Order"
target = "Invoice"
merge = [{ source = "number", target = "no" }]
create = { when = "always" }
"""
    (pair,) = compiled(section(lead=LINK, rows=(ROW,)), agreement=agreed).dataflow.pairs
    merge, policy = pair.statements[-2:]
    assert merge.kind == "merge"
    assert merge.text == (
        "A Shopco Order will merge with a Booksy Invoice if one of the following property"
        " combinations match: number = no"
    )
    assert (policy.kind, policy.text) == ("policy", "A Booksy Invoice is created: always")
    assert {one.origin for one in (merge, policy)} == {
        Origin(file="a.toml", line=5, by="agreement"),
        Origin(file="a.toml", line=6, by="agreement"),
    }


def test_agreed_combinations_join_those_of_the_checklist(compiled):
    agreed = '[[pairs]]\nsource = "Order"\ntarget = "Invoice"\nmerge = [{ source = "c", target = "d" }]\n'
    (pair,) = compiled(section(merge=(("a", "b"),)), agreement=agreed).dataflow.pairs
    assert [terms[0].source.text for terms in pair.merge] == ["a", "c"]
    assert [one.kind for one in pair.statements].count("merge") == 1


def test_duplicate_sections_are_pairs_of_their_own(compiled):
    agreed = """
[[pairs]]
source = "Order"
target = "Invoice"
number = 2
properties = [{ source = "a", target = "b" }]
"""
    pairs = compiled(section(rows=(ROW,)), section(rows=(ROW,)), agreement=agreed).dataflow.pairs
    assert [(one.number, len(one.rows)) for one in pairs] == [(1, 1), (2, 2)]


def test_a_bare_table_leaves_its_statements_unspecified(compiled):
    (pair,) = compiled(section()).dataflow.pairs
    assert pair.statement("lead-always").unspecified == ""
    assert "empty" in pair.statement("in-sync").unspecified
    assert "empty" in pair.statement("properties").unspecified


# -- rows


def rows_of(compiled, *rows, agreement=None):
    result = compiled(section(rows=rows), agreement=agreement)
    return result.dataflow.pairs[0].rows, codes(result)


def test_a_conversion_that_is_not_printed_is_unknown(compiled):
    (row,), found = rows_of(compiled, ("a", "b", "N/A"))
    assert (row.type, found) == ("unknown", ["hidden-conversion"])
    assert "N/A" in row.unspecified


def test_an_opaque_type_is_unknown(compiled):
    (row,), found = rows_of(compiled, ("a", "b", '"if","%Y","_."]]'))
    assert (row.type, found) == ("unknown", ["opaque-data-type"])
    assert row.unspecified


def test_a_row_that_looks_like_a_key_is_not_judged_as_a_copy(compiled):
    rows, found = rows_of(compiled, ("country.id", "countryCode", '"string"'), ("id", "id", "N/A"))
    assert [row.type for row in rows] == ["unknown", "unknown"]
    assert all("key" in row.unspecified for row in rows)
    assert found == ["reference-to-value", "hidden-conversion", "mapped-key"]


def test_a_path_with_an_empty_segment_is_not_judged(compiled):
    (row,), found = rows_of(compiled, ("variants..sku", "sku", '"string"'))
    assert (row.source.text, row.type, found) == (
        "variants..sku",
        "unknown",
        ["empty-path-segment"],
    )


def test_rows_without_a_property_are_findings_only(compiled):
    rows, found = rows_of(
        compiled, ("", "b", '"string"'), ("a", "", "N/A"), ("x[].y[]", "b", "N/A")
    )
    assert rows == ()
    assert found == ["blank-cell", "blank-cell", "unreadable-path"]


PHONE = "phones.number (Dependant on having mobile in phones.kind)"


def test_a_dependency_on_a_sibling_makes_a_list(compiled):
    (row,), found = rows_of(compiled, (PHONE, "mobile", '"string"'))
    assert row.source.text == "phones[].number"
    assert row.when == (
        Condition(side="source", path=parse_path("phones[].kind"), equals="mobile"),
    )
    assert (row.type, row.unspecified, found) == ("string", "", ["assumed-list"])


def test_a_schema_decides_what_is_a_list(compiled):
    schema = "{ properties = { phones = { type = 'object' } } }"
    agreed = f"[types.source.Order]\nschema = {schema}\n"
    (row,), found = rows_of(compiled, (PHONE, "mobile", '"string"'), agreement=agreed)
    assert (row.source.text, row.when[0].path.text) == ("phones.number", "phones.kind")
    assert found == []


def test_nested_lists_of_a_schema_keep_the_outer_mark(compiled):
    inner = "{ type = 'array', items = { properties = { n = {} } } }"
    schema = f"{{ properties = {{ l = {{ type = 'array', items = {{ properties = {{ m = {inner} }} }} }} }} }}"
    agreed = f"[types.source.Order]\nschema = {schema}\n"
    (row,), _ = rows_of(compiled, ("l.m.n", "x", '"string"'), agreement=agreed)
    assert row.source.text == "l[].m.n"


def test_a_dependency_on_the_record_stays_beside_the_row(compiled):
    cell = "name (Dependant on having person in kind)"
    (row,), found = rows_of(compiled, ("title", cell, '"string"'))
    assert row.when == (Condition(side="target", path=parse_path("kind"), equals="person"),)
    assert found == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("a.x (Dependant on having  in  )", "dependency-blank"),
        ("a.x (Dependant on having  in a.k)", "dependency-blank"),
        ("a.x (Dependant on having wd:Q1 in k)", "dependency-hub-id"),
        (
            "x (Dependant on having a in kDependant on having b in k)",
            "dependency-contradictory",
        ),
    ],
)
def test_a_dependency_that_cannot_be_executed_leaves_the_row_open(compiled, cell, code):
    (row,), found = rows_of(compiled, (cell, "b", '"string"'))
    assert (row.type, row.when) == ("unknown", ())
    assert code in found


def test_meanings_translate_dependencies(compiled):
    cell = "x (Dependant on having wd:Q1 in k)"
    agreed = '[meanings]\n"wd:Q1" = 7\n'
    (row,), found = rows_of(compiled, (cell, "b", '"string"'), agreement=agreed)
    assert (row.when[0].equals, row.unspecified, found) == (7, "", [])


def test_amendments_settle_what_the_checklist_leaves_open(compiled):
    agreed = """
[[pairs]]
source = "Order"
target = "Invoice"
[[pairs.amend]]
source = "phones[].number"
target = "mobile"
when = [{ side = "source", path = "phones[].type", equals = "m" }]
[[pairs.amend]]
source = "companyId"
target = "code"
type = "string"
"""
    cell = "phones.number (Dependant on having wd:Q1 in phones.kind)"
    rows = ((cell, "mobile", '"string"'), ("companyId", "code", "N/A"))
    (phone, company), found = rows_of(compiled, *rows, agreement=agreed)
    assert phone.when == (Condition(side="source", path=parse_path("phones[].type"), equals="m"),)
    assert (phone.type, company.type) == ("string", "string")
    assert (phone.unspecified, company.unspecified, found) == ("", "", [])


def test_the_agreement_may_leave_a_conversion_open(compiled):
    agreed = """
[[pairs]]
source = "Order"
target = "Invoice"
amend = [{ source = "a", target = "b", type = "unknown" }]
properties = [{ source = "c", target = "d", type = "unknown" }]
"""
    rows, found = rows_of(compiled, ("a", "b", '"string"'), agreement=agreed)
    assert [row.type for row in rows] == ["unknown", "unknown"]
    assert [row.unspecified for row in rows] == ["the agreement leaves the conversion open"] * 2
    assert found == []


def test_a_block_with_a_number_goes_before_a_general_one(compiled):
    block = '[[pairs]]\nsource = "Order"\ntarget = "Invoice"\nproperties = [{{ source = "a", target = "{}" }}]\n'
    agreed = block.format("all") + block.format("second") + "number = 2\n"
    pairs = compiled(section(), section(), agreement=agreed).dataflow.pairs
    assert [pair.rows[0].target.text for pair in pairs] == ["all", "second"]


# -- findings

EXAMPLES_OF_MEANING: dict[str, str] = {
    "condition-in-prose": section(lead=PROSE),
    "contradictory-creation": section(more=(CONNECTED,), to="Shopco Order"),
    "nothing-links": section(lead=LINK),
    "connected-without-section": section(lead=LINK, more=(CONNECTED,), to="Shopco Owner"),
    "connected-without-reference": section(lead=LINK, more=(CONNECTED,), to="Shopco Order"),
    "empty-property-table": section(),
    "blank-cell": section(rows=(("", "b", '"string"'),)),
    "merge-blank-cell": section(merge=(("", "b"), ("c", "d"))),
    "merge-not-used": section(merge=(("a (Dependant on having x in y)", "b"),)),
    "merge-without-row": section(merge=()),
    "unreadable-path": section(merge=(("a[].b[]", "b"),)),
    "empty-path-segment": section(rows=(("a..b", "c", "N/A"),)),
    "hidden-conversion": section(rows=(("a", "c", "N/A"),)),
    "opaque-data-type": section(rows=(("a", "c", "x"),)),
    "repaired-data-type": section(rows=(("a", "c", '"integer", "decimal"]'),)),
    "dependency-blank": section(rows=(("a (Dependant on having x)", "c", "N/A"),)),
    "dependency-hub-id": section(rows=(("a (Dependant on having wd:Q1 in k)", "c", "N/A"),)),
    "dependency-contradictory": section(
        rows=(("a (Dependant on having x in kDependant on having y in k)", "c", "N/A"),)
    ),
    "mapped-key": section(rows=(("id", "customerId", '"string"'),)),
    "reference-to-value": section(rows=(("id", "c", '"string"'),)),
    "assumed-list": section(rows=((PHONE, "c", '"string"'),)),
}


@pytest.mark.parametrize("code", EXAMPLES_OF_MEANING)
def test_each_defect_of_meaning_is_a_finding(compiled, code):
    result = compiled(EXAMPLES_OF_MEANING[code])
    found = next(one for one in result.findings if one.code == code)
    assert (found.file, found.remedy) == ("doc.rst", CODES[code].remedy)
    assert 1 <= found.line <= found.last_line <= len(result.document.lines)
    assert from_json(to_json(result.dataflow)) == result.dataflow


def test_every_code_has_an_example():
    assert {*EXAMPLES, *EXAMPLES_OF_MEANING, *ODDITIES, *IN_FILES} == set(CODES)


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_document_with_a_defect_still_compiles(compiled, code):
    result = compiled(text=EXAMPLES[code][0])
    assert from_json(to_json(result.dataflow)) == result.dataflow
    assert code in codes(result)
