"""The vocabulary: three tables with one key set, and every step says and reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.canonical import MISSING
from tallystick.dataflow.model import POLICY_CHOICES
from tallystick.laws.checks import CHECKS
from tallystick.run.actions import ACTIONS
from tallystick.vocabulary.gherkin import read_feature, table_lines
from tallystick.vocabulary.laws import LAW_SENTENCES
from tallystick.vocabulary.script import ONLY, STEP_KINDS, KeyOf, Ref
from tallystick.vocabulary.script_json import script_from_json, script_to_json
from tallystick.vocabulary.sentences import SENTENCES, Names, parse_step, render_step
from tallystick.vocabulary.weather import FAULT_WORDS, WEBHOOK_WORDS, During, Fault

NAMES = Names(source="CustomWebshop", target="CustomERP")
PLAYED_BY_THE_STAGE = {"use-checklist", "set-policy", "speak", "skew", "explore"}
SAID_AROUND_OTHERS = {"during"}

letters = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters='"')
words = st.text(letters, min_size=1, max_size=8)
labels = st.lists(words, min_size=1, max_size=2).map(" ".join)
types = st.sampled_from(["Customer", "Support tickets", "Customers (human data)", "p:P1"])
paths = st.sampled_from(["email", "billing.city", "lines[2].price", "a b", "variants..sku", "$x"])
sides = st.sampled_from(["source", "target"])
counterparts = st.sampled_from(["", ONLY, "SalesOrder", "Support case"])
refs = st.builds(Ref, labels, types, counterparts, st.sampled_from([0, 0, 1, 12]))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
cells = json_values | st.just(MISSING) | labels.map(KeyOf)
tables = st.lists(st.tuples(paths, cells), min_size=1, max_size=3).map(tuple)
places = st.integers(1, 30)
countings = st.sampled_from(["request", "write"])

FIELDS = {
    "use-checklist": {
        "checklist": st.sampled_from(["shop-erp", "../shop.rst"]),
        "agreement": st.sampled_from(["", "shop-erp", "../shop.toml"]),
    },
    "set-policy": {
        "policy": st.sampled_from(list(POLICY_CHOICES)),
        "choice": st.sampled_from([c for choices in POLICY_CHOICES.values() for c in choices]),
    },
    "speak": {"side": sides, "api": st.sampled_from(["storefront/1", "ledger/1"])},
    "create": {"side": sides, "record": refs, "values": st.just(()) | tables},
    "edit": {"side": sides, "record": refs, "values": tables},
    "clear": {"side": sides, "record": refs, "path": paths},
    "add-element": {
        "side": sides,
        "record": refs,
        "path": paths,
        "values": st.just(()) | tables,
    },
    "remove-element": {"side": sides, "record": refs, "path": paths, "position": places},
    "move-element": {
        "side": sides,
        "record": refs,
        "path": paths,
        "position": places,
        "to": places,
    },
    "delete": {"side": sides, "record": refs},
    "skew": {"side": sides, "ms": st.integers(0, 120).map(lambda s: s * 1000)},
    "many": {"side": sides, "type": types, "number": places, "label": labels},
    "kill": {
        "request": places,
        "counting": countings,
        "moment": st.sampled_from(["before", "during", "after"]),
    },
    "webhook": {"number": places, "fate": st.sampled_from(list(WEBHOOK_WORDS))},
    "wait": {"ms": st.integers(0, 200_000)},
    "start": {},
    "settle": {},
    "explore": {"type": types},
    "holds": {"law": st.sampled_from(list(LAW_SENTENCES))},
    "has-counterparts": {
        "side": sides,
        "record": refs,
        "count": st.sampled_from([0, 1]),
        "type": st.just("") | types,
    },
    "has": {"side": sides, "record": refs, "values": tables},
    "holds-records": {"side": sides, "type": types, "number": st.integers(0, 99)},
    "arrived": {"side": sides, "record": refs, "path": paths},
    "agree": {"side": sides, "record": refs, "path": paths},
    "wrote": {"side": sides, "number": st.integers(0, 99)},
}


@st.composite
def faults(draw):
    fault, said = draw(st.sampled_from(list(FAULT_WORDS.items())))
    seconds = draw(st.integers(0, 10)) if "{seconds}" in said else 0
    return Fault(request=draw(places), fault=fault, seconds=seconds, counting=draw(countings))


OF_THEIR_OWN = {
    "fault": faults(),
    "during": st.builds(
        During,
        request=places,
        counting=countings,
        step=st.sampled_from(["edit", "create", "delete", "clear"]).flatmap(
            lambda kind: st.builds(STEP_KINDS[kind], **FIELDS[kind])
        ),
    ),
}
ALL = [*FIELDS, *OF_THEIR_OWN]


def steps(kind: str):
    if kind in OF_THEIR_OWN:
        return OF_THEIR_OWN[kind]
    return st.builds(STEP_KINDS[kind], **FIELDS[kind])


def test_the_tables_of_sentences_actions_and_checks_have_one_key_set():
    kinds = set(STEP_KINDS)
    assert {sentence.kind for sentence in SENTENCES} | SAID_AROUND_OTHERS == kinds
    assert not set(ACTIONS) & set(CHECKS)
    assert set(ACTIONS) | set(CHECKS) | PLAYED_BY_THE_STAGE == kinds
    assert set(ALL) == kinds


def test_no_two_sentences_are_one():
    said = [(sentence.template, sentence.table) for sentence in SENTENCES]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("kind", ALL)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_step_says_and_reads_the_same(kind, data):
    step = data.draw(steps(kind))
    story = render_step(step, NAMES)
    assert parse_step(story.text, story.table, NAMES) == step


@settings(max_examples=60, deadline=None)
@given(script=st.lists(st.sampled_from(ALL).flatmap(steps), min_size=1, max_size=4))
def test_a_script_goes_through_a_feature_and_through_json(script):
    lines = ["Feature: F", "  Scenario: S"]
    for step in script:
        story = render_step(step, NAMES)
        lines += (
            [f"    * {story.text}", *table_lines(story.table, " " * 6)]
            if story.table
            else [f"    * {story.text}"]
        )
    feature = read_feature("\n".join(lines) + "\n", file="f.feature")
    read = [parse_step(line.text, line.table, NAMES) for line in feature.scenarios[0].steps]
    assert read == script
    assert list(script_from_json(script_to_json(tuple(script)))) == script


@pytest.mark.parametrize(
    ("ms", "words_"),
    [
        (1000, "1 second passes"),
        (2000, "2 seconds pass"),
        (1, "1 millisecond passes"),
        (1500, "1500 milliseconds pass"),
    ],
)
def test_one_is_said_as_one(ms, words_):
    assert render_step(STEP_KINDS["wait"](ms=ms), NAMES).text == words_
    assert parse_step(words_, None, NAMES).ms == ms


def test_writes_are_counted_in_words():
    said = [render_step(STEP_KINDS["wrote"](side="target", number=n), NAMES).text for n in range(3)]
    assert said == [
        "the last synchronization wrote nothing to CustomERP",
        "the last synchronization wrote to CustomERP once",
        "the last synchronization wrote to CustomERP 2 times",
    ]


def test_a_step_that_nobody_knows_says_where_to_look():
    with pytest.raises(ValueError, match="tallystick steps"):
        parse_step("the moon rises", None, NAMES)
    with pytest.raises(ValueError, match="needs a table"):
        parse_step('Customer "Ann" is edited in CustomERP:', None, NAMES)
    with pytest.raises(ValueError, match="needs no table"):
        parse_step("the connector synchronizes", [["property", "value"], ["a", "1"]], NAMES)
    with pytest.raises(ValueError, match="no system is called"):
        parse_step('Customer "Ann" is created in Elsewhere', None, NAMES)
