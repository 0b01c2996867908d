"""Whatever was agreed, its features can be read and say only what the vocabulary knows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

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
from tallystick.derive.features import derive_features
from tallystick.steps.words import mistakes
from tallystick.vocabulary.gherkin import read_feature

TYPES = ("Customer", "Orders", "Customers (human data)", "p_type", "Support tickets")
PATHS = (
    *(
        "id",
        "email",
        "billing",
        "billing.city",
        "variants..sku",
        "$x",
        "p:P1.ps:P1",
        "a b",
        "price",
    ),
    *("price.amount", "lines[].price", "lines[].qty", "tags[]", "phones[].number"),
)
CASTS = (
    *("string", "integer", "decimal", "boolean", "list", "first", None, "unknown"),
    ["datetime-format", "%Y-%m-%d", "_."],
    ["if", ["eq", "", "_."], "-", "_."],
)
HERE = Origin(file="c.rst", line=7)
LEADS = {"always": "lead-always", "no-match": "lead-always", "condition": "lead-condition"}

types = st.sampled_from(TYPES)
paths = st.sampled_from(PATHS).map(parse_path)
ends = st.one_of(*[paths] * 9, st.just(KEY))


@st.composite
def rows(draw) -> Row:
    source, target = draw(ends), draw(paths)
    when = ()
    if not source.is_key and draw(st.integers(0, 5)) == 0:
        beside = f"{source.list_text}[].kind" if source.in_list else "kind"
        when = (Condition(side="source", path=parse_path(beside), equals="x"),)
    refers = not when and draw(st.integers(0, 5)) == 0
    return Row(
        source=source,
        target=target,
        type=None if refers else draw(st.sampled_from(CASTS)),
        when=when,
        reference=Reference(source=draw(types), target=draw(types)) if refers else None,
        unspecified=draw(st.sampled_from(["", "", "", "nobody knows"])),
        origin=HERE,
    )


@st.composite
def pairs(draw, number: int) -> Pair:
    when = draw(st.sampled_from(["always", "no-match", "condition", "connected", "never"]))
    terms = st.builds(MergeTerm, source=paths, target=paths)
    alternatives = st.lists(st.lists(terms, min_size=1, max_size=2).map(tuple), max_size=2)
    merge = tuple(draw(alternatives)) if when in {"no-match", "never"} else ()
    equals = draw(st.sampled_from(["won", 3, True]))
    kinds = [LEADS.get(when, "lead-link")]
    kinds += ["connected"] * (when == "connected") + ["no-match"] * (when == "no-match")
    kinds += [*["merge"] * bool(merge), "in-sync", "properties"]
    return Pair(
        number=number,
        source=draw(types),
        target=draw(types),
        create=Creation(
            when=when,
            condition=(FieldEquals(path=parse_path("stage"), equals=equals),)
            if when == "condition"
            else (),
            by=tuple(draw(st.lists(types, min_size=1, max_size=2))) if when == "connected" else (),
        ),
        merge=merge,
        rows=tuple(draw(st.lists(rows(), max_size=5))),
        statements=tuple(Statement(kind=k, text=f"It is\n{k}.", origin=HERE) for k in kinds),
        origin=HERE,
    )


@st.composite
def dataflows(draw) -> Dataflow:
    names = st.sampled_from(["Shop", "Shop Central", ""])
    apis = st.sampled_from(["storefront/1", "ledger/1"])
    known = {name: RecordType(name=name, path=f"t{at}") for at, name in enumerate(TYPES)}
    chosen = {name: draw(st.sampled_from(choices)) for name, choices in POLICY_CHOICES.items()}
    return Dataflow(
        source=System(system=draw(names), api=draw(apis)),
        target=System(system=draw(names), api=draw(apis)),
        source_types=known,
        target_types=known,
        pairs=tuple(draw(pairs(number)) for number in range(1, draw(st.integers(1, 3)) + 1)),
        policies=Policies(**chosen),
    )


@settings(max_examples=40, deadline=None)
@given(dataflow=dataflows())
def test_features_of_anything_are_sound(dataflow):
    derived = derive_features(dataflow, checklist="c.rst", agreement="a.toml")
    assert len({feature.file_name for feature in derived}) == len(dataflow.pairs)
    for pair, found in zip(dataflow.pairs, derived, strict=True):
        feature = read_feature(found.text, file=found.file_name)
        assert list(mistakes(feature)) == []
        assert found.text.count("  Rule: ") >= len(pair.statements)
        draws = dataflow.pairs_of("source", pair.source)[0] is pair  # for all pairs of its type
        assert ("@random" in found.text) is draws
