from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.dataflow.json import FORMAT, from_json, load, save, to_json
from tallystick.dataflow.model import (
    POLICY_CHOICES,
    Condition,
    Creation,
    Dataflow,
    FieldEquals,
    MergeTerm,
    Origin,
    Pair,
    Policies,
    RecordType,
    Reference,
    Row,
    Statement,
    System,
)
from tallystick.dataflow.paths import KEY, parse_path
from tallystick.errors import BadInput, HarnessFault

GIVEN = {
    "format": FORMAT,
    "source": {"system": "Shopco", "api": "storefront/1"},
    "target": {"system": "Booksy", "api": "ledger/1"},
    "types": {
        "source": {"Order": {"path": "order", "schema": {}}},
        "target": {"Invoice": {"path": "invoice"}},
    },
    "pairs": [
        {
            "source": "Order",
            "target": "Invoice",
            "create": {"when": "always"},
            "merge": [[{"source": "email", "target": "Mail"}]],
            "properties": [
                {"source": "email", "target": "Mail", "type": "string"},
                {"source": "at", "target": "Day", "type": ["datetime-format", "%Y-%m-%d", "_."]},
                {
                    "source": "customerId",
                    "target": "No",
                    "reference": {"source": "Order", "target": "Invoice"},
                },
                {"source": "lines[].price", "target": "Lines[].Price", "type": "decimal"},
                {
                    "source": "phone",
                    "target": "Phones[].Number",
                    "when": [{"side": "target", "path": "Phones[].Kind", "equals": "mobile"}],
                },
                {"source": {"key": True}, "target": "ShopNumber"},
            ],
        }
    ],
    "policies": {"conflicts": "source-wins", "deletions": "detach"},
}


def changed(**more):
    given = json.loads(json.dumps(GIVEN))
    given.update(more)
    return given


def test_a_document_as_the_contract_gives_it():
    flow = from_json(GIVEN)
    (pair,) = flow.pairs
    assert (flow.source.system, flow.target.api, flow.numbers) == ("Shopco", "ledger/1", "")
    assert (pair.number, pair.create.when, len(pair.rows)) == (1, "always", 6)
    assert pair.rows[3].source.list_text == "lines"
    assert pair.rows[4].when[0].equals == "mobile"
    assert pair.rows[5].source is KEY
    assert (flow.policies.conflicts, flow.policies.empty) == ("source-wins", "propagate")
    assert flow.policies.agreed == {}


def test_unknown_names_are_ignored_and_policies_have_defaults():
    given = changed(invented=1)
    given["pairs"][0]["invented"] = given["pairs"][0]["properties"][0]["invented"] = [2]
    del given["policies"]
    assert from_json(given).policies == Policies()
    assert from_json(given).pairs == from_json(GIVEN).pairs


def test_what_stands_at_its_default_may_be_left_out():
    written = to_json(from_json(GIVEN))
    assert "statements" not in written["pairs"][0]
    assert "origin" not in written["pairs"][0]["properties"][0]
    assert "numbers" not in written
    assert from_json(written) == from_json(GIVEN)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("format",), "other/1", "format: 'tallystick-dataflow/1' was expected"),
        (("source", "api"), "soap", "source.api"),
        (("numbers",), "about", "numbers"),
        (("types", "source", "Order", "path"), "a b", "types.source.Order.path"),
        (("types", "source", "Order", "schema"), {"type": 5}, "types.source.Order.schema"),
        (("pairs", 0, "source"), "Nobody", "pairs[0].source: 'Nobody' is not among types.source"),
        (("pairs", 0, "create"), {"when": "condition"}, "condition"),
        (("pairs", 0, "create"), {"when": "connected", "by": []}, "pairs[0].create.by"),
        (
            ("pairs", 0, "create"),
            {
                "when": "condition",
                "condition": [{"path": "a[", "equals": 1}, {"path": "[]", "equals": 1}],
            },
            "pairs[0].create.condition[1].path",
        ),
        (("pairs", 0, "merge", 0, 0, "target"), "a[]b", "pairs[0].merge[0].target"),
        (("pairs", 0, "properties", 1, "source"), "a[].b[]", "pairs[0].properties[1].source"),
        (("pairs", 0, "properties", 4, "when", 0, "path"), "[]", "pairs[0].properties[4].when"),
        (("pairs", 0, "properties", 0, "type"), "strin", "pairs[0].properties[0].type"),
        (("policies", "conflicts"), "newest", "policies.conflicts"),
    ],
)
def test_what_breaks_the_schema_or_makes_no_sense_is_a_problem(path, value, words):
    given = changed()
    place = given
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(BadInput) as caught:
        from_json(given, file="d.json")
    (problem,) = caught.value.problems
    assert words in problem.text
    assert (problem.file, bool(problem.remedy)) == ("d.json", True)


def test_all_problems_come_at_once():
    with pytest.raises(BadInput) as caught:
        from_json({"format": 1, "source": {}, "target": 2, "types": {}, "pairs": [{}]})
    assert len(caught.value.problems) >= 5


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [(b"{\n 1", 2, "is no JSON"), (b"\xff", 0, "is not in UTF-8"), (b"[]", 0, "the document")],
)
def test_files_that_are_no_dataflow(tmp_path, content, line, words):
    path = tmp_path / "d.json"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load(path)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == (str(path), line)
    assert words in problem.text


def test_files_that_are_not_there_or_cannot_be_written(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "none.json")
    with pytest.raises(BadInput, match="cannot be written"):
        save(from_json(GIVEN), tmp_path / "none" / "d.json")


def test_saving_replaces_the_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "d.json"
    path.write_text("old")
    save(from_json(GIVEN), path)
    assert load(path) == from_json(GIVEN)
    assert [one.name for one in tmp_path.iterdir()] == ["d.json"]
    assert path.read_text().endswith("\n")


def test_a_failed_save_leaves_no_draft(tmp_path):
    (tmp_path / "d.json").mkdir()
    (tmp_path / "d.json" / "x").touch()
    with pytest.raises(BadInput, match="cannot be written"):
        save(from_json(GIVEN), tmp_path / "d.json")
    assert [one.name for one in tmp_path.iterdir()] == ["d.json"]


def test_an_invalid_dataflow_is_never_written(tmp_path):
    flow = from_json(GIVEN)
    pair = Pair(number=1, source="Nobody", target="Invoice", create=Creation(when="always"))
    broken = Dataflow(
        source=flow.source,
        target=flow.target,
        source_types=flow.source_types,
        target_types=flow.target_types,
        pairs=(pair,),
    )
    with pytest.raises(HarnessFault, match="Nobody"):
        save(broken, tmp_path / "d.json")
    assert list(tmp_path.iterdir()) == []


NAMES = st.text(min_size=1, max_size=6)
SEGMENTS = st.text(st.characters(exclude_characters=".[]"), max_size=4)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSONS = st.recursive(
    SCALARS, lambda part: st.lists(part, max_size=2) | st.dictionaries(NAMES, part, max_size=2)
)
TYPES = st.sampled_from(
    [None, "string", "integer", "unknown", ["datetime-format", "%Y", "_."], ["or", True, [], {}]]
)
ORIGINS = st.builds(
    Origin,
    file=st.text(max_size=5),
    line=st.integers(0, 99),
    by=st.sampled_from(["checklist", "agreement", "default", "assumed"]),
)


@st.composite
def paths(draw):
    head = draw(st.lists(SEGMENTS, min_size=1, max_size=3).map(".".join).filter(bool))
    if draw(st.booleans()):
        return parse_path(head)
    tail = draw(st.lists(SEGMENTS, max_size=2))
    return parse_path(head + "[]" + "".join(f".{segment}" for segment in tail))


CONDITIONS = st.builds(
    Condition, side=st.sampled_from(["source", "target"]), path=paths(), equals=JSONS
)


def tuples(values, **size):
    return st.lists(values, max_size=2, **size).map(tuple)


@st.composite
def creations(draw):
    when = draw(st.sampled_from(["always", "no-match", "condition", "connected", "never"]))
    terms = st.builds(FieldEquals, path=paths(), equals=JSONS)
    return Creation(
        when=when,
        condition=draw(tuples(terms, min_size=1)) if when == "condition" else (),
        by=draw(tuples(NAMES, min_size=1)) if when == "connected" else (),
        unspecified=draw(st.text(max_size=3)),
    )


ROWS = st.builds(
    Row,
    source=paths() | st.just(KEY),
    target=paths() | st.just(KEY),
    type=TYPES,
    when=tuples(CONDITIONS),
    reference=st.none() | st.builds(Reference, source=NAMES, target=NAMES),
    origin=ORIGINS,
    unspecified=st.text(max_size=3),
)
STATEMENTS = st.builds(
    Statement,
    kind=st.sampled_from(["lead-always", "merge", "policy"]),
    text=st.text(max_size=5),
    origin=ORIGINS,
    unspecified=st.text(max_size=3),
)
POLICIES = st.builds(
    Policies,
    **{name: st.sampled_from(choices) for name, choices in POLICY_CHOICES.items()},
    agreed=st.dictionaries(st.sampled_from(sorted(POLICY_CHOICES)), ORIGINS),
)


@st.composite
def record_types(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    schemas = st.sampled_from([{}, {"type": "object", "properties": {"a": {"enum": [1, None]}}}])
    return {
        name: RecordType(name=name, path=f"t-{index}", schema=draw(schemas))
        for index, name in enumerate(names)
    }


@st.composite
def dataflows(draw):
    sources, targets = draw(record_types()), draw(record_types())
    pairs = [
        Pair(
            number=draw(st.integers(1, 5)),
            source=draw(st.sampled_from(list(sources))),
            target=draw(st.sampled_from(list(targets))),
            create=draw(creations()),
            merge=draw(
                tuples(tuples(st.builds(MergeTerm, source=paths(), target=paths()), min_size=1))
            ),
            rows=draw(tuples(ROWS)),
            statements=draw(tuples(STATEMENTS)),
            origin=draw(ORIGINS),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    apis = st.sampled_from(["storefront/1", "ledger/1"])
    return Dataflow(
        source=System(system=draw(st.text(max_size=4)), api=draw(apis)),
        target=System(system=draw(st.text(max_size=4)), api=draw(apis)),
        source_types=sources,
        target_types=targets,
        pairs=tuple(pairs),
        policies=draw(POLICIES),
        numbers=draw(st.sampled_from(["", "exact"])),
    )


@settings(max_examples=100, deadline=None)
@given(dataflows())
def test_a_dataflow_comes_back_as_it_was(flow):
    assert from_json(json.loads(json.dumps(to_json(flow)))) == flow
