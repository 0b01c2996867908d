from __future__ import annotations

import json

import pytest
from checklist_paper import PROSE, line_of, paper, section

from tallystick.checklist import compile_checklist, read_agreement
from tallystick.dataflow.model import Condition, MergeTerm, Reference
from tallystick.dataflow.paths import KEY, parse_path
from tallystick.errors import BadInput, Problem

ROWS = (("name", "title", '"string"'), ("lines.price", "sum", "N/A"), ("customerId", "no", "N/A"))
SCHEMA = (
    '{ type = "object", properties = { name = { type = "string" },'
    ' lines = { type = "array", items = { properties = { price = {} } } } } }'
)
HEAD = '[[pairs]]\nsource = "Order"\ntarget = "Invoice"\n'


@pytest.fixture
def compiled(tmp_path):
    """Compile an agreement's text with a small checklist; the text's file is `a.toml`."""
    checklist = tmp_path / "doc.rst"
    checklist.write_text(
        paper(section(rows=ROWS), section(a="Shopco Deal", b="Booksy Job", lead=PROSE))
    )

    def run(text: str):
        (tmp_path / "a.toml").write_text(text)
        return compile_checklist(checklist, tmp_path / "a.toml")

    return run


@pytest.fixture
def problems(compiled):
    def run(text: str) -> list[Problem]:
        with pytest.raises(BadInput) as caught:
            compiled(text)
        for problem in caught.value.problems:
            assert problem.file.endswith("a.toml")
            assert problem.remedy
        return list(caught.value.problems)

    return run


def test_an_empty_agreement_agrees_on_nothing(compiled):
    flow = compiled("").dataflow
    assert flow.policies.agreed == {}
    assert flow.numbers == ""


def test_all_that_can_be_said(compiled, tmp_path):
    (tmp_path / "deal.json").write_text(json.dumps({"type": "object"}))
    text = f"""
checklist = "shopco to booksy"
numbers = "exact"
[systems.source]
name = "ShopCo"
api = "ledger/1"
[policies]
empty = "keep"
[meanings]
"wd:Q1" = "mobile"
[types.source.Order]
path = "orders"
schema = {SCHEMA}
[types.source.Deal]
schema = "deal.json"
{HEAD}
merge = [
  {{ source = "name", target = "title" }},
  [{{ source = "lines[].price", target = "c" }}, {{ source = "name", target = "e" }}],
]
"""
    text += """
[[pairs.properties]]
source = { key = true }
target = "shopNo"
[[pairs.properties]]
source = "lines[].price"
target = "lines[].cost"
type = ["datetime-format", "%Y", "_."]
when = [{ side = "target", path = "lines[].kind", equals = 3 }]
[[pairs.amend]]
source = "lines[].price"
target = "sum"
type = "decimal"
[[pairs]]
source = "Deal"
target = "Job"
create = { when = "condition", condition = [{ path = "stage", equals = true }] }
"""
    flow = compiled(text).dataflow
    assert (flow.source.system, flow.source.api, flow.numbers) == ("Shopco", "ledger/1", "exact")
    assert (flow.policies.empty, flow.policies.conflicts) == ("keep", "latest-wins")
    assert list(flow.policies.agreed) == ["empty"]
    assert flow.policies.agreed["empty"].line == 8
    order, deal = flow.pairs
    assert flow.source_types["Order"].path == "orders"
    assert flow.source_types["Deal"].schema == {"type": "object"}
    assert flow.target_types["Job"].path == "job"
    assert order.merge == (
        (MergeTerm(source=parse_path("name"), target=parse_path("title")),),
        (
            MergeTerm(source=parse_path("lines[].price"), target=parse_path("c")),
            MergeTerm(source=parse_path("name"), target=parse_path("e")),
        ),
    )
    merge = order.statement("merge")
    assert (merge.origin.by, merge.origin.line) == ("agreement", 21)
    assert merge.text.endswith("match: name = title; lines.price = c and name = e")
    name, price, customer, key, agreed = order.rows
    assert (name.type, name.origin.by) == ("string", "checklist")
    assert (price.source.text, price.type, price.unspecified) == ("lines[].price", "decimal", "")
    assert customer.unspecified
    assert (key.source, key.target.text, key.origin.by) == (KEY, "shopNo", "agreement")
    assert key.origin.line == line_of(text, "[[pairs.properties]]")
    assert agreed.type == ["datetime-format", "%Y", "_."]
    assert agreed.when == (Condition(side="target", path=parse_path("lines[].kind"), equals=3),)
    assert deal.create.when == "condition"
    assert deal.create.condition[0].equals is True
    assert deal.statement("lead-condition").unspecified == ""


def test_rows_may_stand_in_blocks_or_in_a_list(compiled):
    block = HEAD + '[[pairs.properties]]\nsource = "a"\ntarget = "b"\ntype = "string"\n'
    listed = HEAD + 'properties = [\n  { source = "a", target = "b", type = "string" },\n]\n'
    one = compiled(block).dataflow.pairs[0].rows[-1]
    other = compiled(listed).dataflow.pairs[0].rows[-1]
    assert (one.source, one.target, one.type) == (other.source, other.target, other.type)
    assert (one.origin.line, other.origin.line) == (4, 5)


def test_a_reference_names_the_source_type_or_both(compiled):
    amend = HEAD + 'amend = [{{ source = "customerId", target = "no", reference = {} }}]\n'
    for words in ('"Deal"', '{ source = "Deal", target = "Job" }'):
        row = compiled(amend.format(words)).dataflow.pairs[0].rows[2]
        assert row.reference == Reference(source="Deal", target="Job")
        assert (row.type, row.unspecified) == (None, "")


def test_a_key_is_amended_by_the_name_that_the_checklist_prints(compiled):
    text = (
        HEAD
        + 'amend = [{ source = { key = true, as = "customerId" }, target = "no", type = "string" }]'
    )
    row = compiled(text).dataflow.pairs[0].rows[2]
    assert (row.source, row.target.text, row.unspecified) == (KEY, "no", "")


WRONG: dict[str, tuple[str, int, str]] = {
    "broken TOML": ("a = 1\nb = = 2\n", 2, "is no TOML"),
    "unfinished TOML": ("a = 1\n[x\n\n", 2, "is no TOML"),
    "unfinished text": ('a = """\nb\n', 2, "is no TOML"),
    "unknown key": ("\nchecklst = 'x'\n", 2, "the file: unknown key 'checklst'"),
    "unknown key inside": (f"{HEAD}mrege = []\n", 4, "pairs[1]: unknown key 'mrege'"),
    "unknown policy": ("[policies]\nwinner = 'x'\n", 2, "policies: unknown key 'winner'"),
    "unknown choice": (
        "[policies]\nconflicts = 'newest'\n",
        2,
        "policies.conflicts: 'newest' is not one of ['latest-wins', 'source-wins', 'target-wins']",
    ),
    "unknown API": ("[systems.target]\napi = 'soap'\n", 2, "'soap' is not one of"),
    "wrong numbers": ("numbers = 'about'\n", 1, "numbers: 'exact' was expected"),
    "missing key": ("[[pairs]]\nsource = 'Order'\n", 1, "pairs[1]: 'target' is missing"),
    "wrong type": (
        f"{HEAD}properties = [\n  {{ source = 'a', target = 'b', type = 'strin' }},\n]\n",
        5,
        "pairs[1].properties[1].type: 'strin' can't stand here",
    ),
    "no path": (
        f"{HEAD}properties = [\n  {{ source = 5, target = 'b' }},\n]\n",
        5,
        "pairs[1].properties[1].source: 5 can't stand here",
    ),
    "no name": ("[[pairs]]\nsource = 5\ntarget = 'b'\n", 2, "pairs[1].source: 5 is not of type"),
    "no list": ("\npairs = 5\n", 2, "pairs: 5 is not of type 'array'"),
    "a date": (
        (
            f"{HEAD}properties = [{{ source = 'a', target = 'b', when = [{{ side = 'source', path = 'x',"
            " equals = 2024-05-01 }] }]"
        ),
        4,
        "is not of type 'string', 'number', 'boolean'",
    ),
    "wrong expression": (
        f"{HEAD}properties = [\n  {{ source = 'a', target = 'b', type = ['frob', '_.'] }},\n]\n",
        5,
        "the data type can't be executed: 'frob' is not a function",
    ),
    "type and reference": (
        f"{HEAD}properties = [{{ source = 'a', target = 'b', type = 'string', reference = 'Deal' }}]",
        4,
        "a row with a reference has no type",
    ),
    "two lists": (
        f"{HEAD}properties = [{{ source = 'a[].b[]', target = 'b' }}]",
        4,
        "'a[].b[]' marks more than one list",
    ),
    "two keys": (
        f"{HEAD}properties = [{{ source = {{ key = true }}, target = {{ key = true }} }}]",
        4,
        "the row has the record's own key on both sides",
    ),
    "unknown property": (
        (
            f"[types.source.Order]\nschema = {SCHEMA}\n{HEAD}properties = [\n\n"
            "  { source = 'nmae', target = 'x' },\n]"
        ),
        8,
        "source type 'Order': the schema knows no property 'nmae'",
    ),
    "unmarked list": (
        (
            f"[types.source.Order]\nschema = {SCHEMA}\n{HEAD}merge = [\n"
            "  { source = 'lines.price', target = 'x' },\n]"
        ),
        7,
        "'lines' is a list: write 'lines[].price'",
    ),
    "unknown property in a condition": (
        (
            f"[types.target.Invoice]\nschema = {SCHEMA}\n{HEAD}properties = [\n"
            "  { source = 'a', target = 'name', when = [{ side = 'target', path = 'x', equals = 1 }] },\n]"
        ),
        7,
        "target type 'Invoice': the schema knows no property 'x'",
    ),
    "unknown pair": ("\n[[pairs]]\nsource='Order'\ntarget='Job'\n", 2, "no pair 'Order' to 'Job'"),
    "unknown number": (f"{HEAD}number = 2\n", 1, "no pair 'Order' to 'Invoice' with number 2"),
    "pair twice": (f"{HEAD}\n{HEAD}", 5, "the pair 'Order' to 'Invoice' stands here a second time"),
    "unknown type": ("[types.source.Odrer]\npath = 'x'\n", 1, "no source type 'Odrer'"),
    "unknown type of target": ("[types.target.Order]\n", 1, "no target type 'Order'"),
    "unknown reference": (
        f"{HEAD}properties = [{{ source = 'a', target = 'b', reference = 'Debtor' }}]",
        4,
        "the reference is to 'Debtor', which is no source type",
    ),
    "path taken": (
        "[types.source.Order]\npath = 'x'\n[types.source.Deal]\npath = 'x'\n",
        3,
        "two source types have the path 'x'",
    ),
    "bad path": ("[types.source.Order]\npath = 'a b'\n", 2, "types.source.Order.path"),
    "other checklist": ("checklist = 'Shopco to Payrun'\n", 1, "the agreement is for"),
    "other name": ("[systems.target]\nname = 'Payrun'\n", 2, "the target system is 'Booksy'"),
    "no schema": (
        "[types.source.Order]\nschema = { type = 'objekt' }\n",
        2,
        "the schema can't be used: type",
    ),
    "remote schema": (
        "[types.source.Order]\nschema = { '$ref' = 'https://example.org/x.json' }\n",
        2,
        "$ref 'https://example.org/x.json' leaves the document",
    ),
    "no schema file": ("[types.source.Order]\nschema = 'x.json'\n", 2, "x.json: cannot be read"),
    "row is there": (
        f"{HEAD}properties = [{{ source = 'name', target = 'title' }}]",
        4,
        "the checklist has the row 'name' to 'title' already",
    ),
    "row is not there": (
        f"{HEAD}[[pairs.amend]]\nsource = 'name'\ntarget = 'x'\n",
        4,
        "the checklist has no row 'name' to 'x' to amend",
    ),
    "create contradicts": (
        f"{HEAD}create = {{ when = 'never' }}\n",
        4,
        "`create` contradicts the checklist, which says 'always' (line 12)",
    ),
    "condition is missing": (
        "[[pairs]]\nsource = 'Deal'\ntarget = 'Job'\ncreate = { when = 'condition' }\n",
        4,
        "pairs[1].create: 'condition' is missing",
    ),
    "unknown property in create": (
        (
            f"[types.source.Deal]\nschema = {SCHEMA}\n[[pairs]]\nsource = 'Deal'\ntarget = 'Job'\n"
            "create = { when = 'condition', condition = [{ path = 'won', equals = true }] }\n"
        ),
        6,
        "source type 'Deal': the schema knows no property 'won'",
    ),
    "position and when": (
        (
            f"{HEAD}properties = [\n  {{ source = 'l[].a', target = 'l[].a' }},\n  {{ source = 'l[].b',"
            " target = 'b', when = [{ side = 'source', path = 'l[].k', equals = 1 }] },\n]"
        ),
        6,
        "the list 'l' is matched by position and by `when`",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_mistake_is_one_problem_on_its_line(what, problems):
    text, line, words = WRONG[what]
    (problem,) = problems(text)
    assert words in problem.text
    assert problem.line == line


def test_create_can_only_name_types_of_the_checklist(tmp_path):
    checklist = tmp_path / "doc.rst"
    checklist.write_text(
        paper(
            section(
                lead="Before any synchronization can take place, a link between a {a} and a {b} must be established."
            )
        )
    )
    (tmp_path / "a.toml").write_text(HEAD + 'create = { when = "connected", by = ["Debtor"] }\n')
    with pytest.raises(BadInput, match="no source type 'Debtor'"):
        compile_checklist(checklist, tmp_path / "a.toml")


def test_all_problems_come_at_once_in_the_order_of_the_lines(problems):
    text = f"""checklist = 5
[policies]
conflicts = "newest"
{HEAD}
merge = [{{ source = "a" }}, {{ source = "x", target = "y", z = 1 }}]
properties = [
  {{ source = "p", target = "q", typ = "string" }},
  {{ source = "p" }},
  {{ source = "name", target = "title" }},
]
[[pairs]]
source = "Nobody"
target = "Knows"
[[pairs]]
target = "x"
"""
    found = [(problem.line, problem.text) for problem in problems(text)]
    assert found == [
        (1, "checklist: 5 is not of type 'string'"),
        (3, found[1][1]),
        (8, found[2][1]),
        (8, found[3][1]),
        (10, "pairs[1].properties[1]: unknown key 'typ'"),
        (11, "pairs[1].properties[2]: 'target' is missing"),
        (12, "the checklist has the row 'name' to 'title' already"),
        (14, "the checklist has no pair 'Nobody' to 'Knows'"),
        (17, "pairs[3]: 'source' is missing"),
    ]


def test_a_misspelt_key_is_recognized(problems):
    (problem,) = problems("[policies]\nconflict = 'latest-wins'\n")
    assert problem.remedy == "Was 'conflicts' meant?"
    (problem,) = problems("[policies]\nzzz = 'latest-wins'\n")
    assert problem.remedy == "These keys can stand here: conflicts, deletions, empty, create."


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "is no JSON"), ("[]", "holds no JSON object"), ('{"type": 5}', "can't be used")],
)
def test_a_schema_file_must_hold_a_schema(content, words, problems, tmp_path):
    (tmp_path / "order.json").write_text(content)
    (problem,) = problems("[types.source.Order]\npath = 'x'\nschema = 'order.json'\n")
    assert words in problem.text
    assert problem.line == 3


def test_an_agreement_that_cannot_be_read(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_agreement(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(BadInput, match="is not in UTF-8"):
        read_agreement(tmp_path / "a.toml")


def test_read_agreement_gives_values_or_all_problems(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(HEAD)
    assert read_agreement(path).pairs[0].source == "Order"
    path.write_text("x = 1\ny = 2\n")
    with pytest.raises(BadInput) as caught:
        read_agreement(path)
    assert [problem.line for problem in caught.value.problems] == [1, 2]
