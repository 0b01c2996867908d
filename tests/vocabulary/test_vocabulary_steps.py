"""Steps: each is said in a sentence, is read again through a feature and through JSON."""

from __future__ import annotations

import json

import pytest

from tallystick.canonical import MISSING
from tallystick.dataflow.model import Dataflow, System
from tallystick.errors import BadInput
from tallystick.vocabulary.gherkin import read_feature, table_lines
from tallystick.vocabulary.script import (
    ONLY,
    STEP_KINDS,
    AddElement,
    Agree,
    Arrived,
    Clear,
    Create,
    Delete,
    Edit,
    Explore,
    Has,
    HasCounterparts,
    Holds,
    HoldsRecords,
    KeyOf,
    MoveElement,
    Ref,
    RemoveElement,
    SetPolicy,
    Settle,
    Speak,
    Start,
    UseChecklist,
    Wait,
    Wrote,
    step_kind,
)
from tallystick.vocabulary.script_json import script_from_json, script_to_json
from tallystick.vocabulary.sentences import Names, parse_step, render_step
from tallystick.vocabulary.weather import (
    FAULT_WORDS,
    WEBHOOK_WORDS,
    During,
    Fault,
    Kill,
    Many,
    Skew,
    Webhook,
)

NAMES = Names(source="CustomWebshop", target="CustomERP")
ANN = Ref("Ann", "Customer")
HERS = Ref("Ann", "Customer", ONLY)
ORDER = Ref("Ann", "Customer", "SalesOrder")
BY_SECTION = Ref("Ann", "Customer", "SalesOrder", 12)
HOSTILE = (
    ("quotes", '"'),
    ("pipes", "a|b\\|"),
    ("backslashes", "\\ \\n \\\\"),
    ("lines", "a\nb\r\nc\u2028d\x85e"),
    ("control", "\x00\x07\x7f"),
    ("right-to-left", "\u202eabc\u05d0"),
    ("four bytes", "\U0001f9fe"),
    ("NFD", "Zoe\u0308"),
    ("half", "\ud83e"),
    ("blank", " "),
    ("gone", MISSING),
    ("null", None),
    ("key", KeyOf("Bob \u00eb")),
    ("lines[2].price", 1.5),
    ("deep", [{"a": ["|", None]}]),
)
EDIT = Edit(side="source", record=ANN, values=HOSTILE)
STEPS = (
    UseChecklist(checklist="a b/c.rst"),
    UseChecklist(checklist="shop", agreement="../shop.toml"),
    UseChecklist(checklist="forth.rst", back="back.rst"),
    UseChecklist(checklist="forth", agreement="forth.toml", back="b.rst"),
    SetPolicy(policy="conflicts", choice="source-wins"),
    Speak(side="target", api="storefront/1"),
    Create(side="source", record=ANN),
    Create(side="target", record=Ref("\U0001f9fe O'Neil | \\", "Support case"), values=HOSTILE),
    EDIT,
    Edit(side="target", record=HERS, values=(("a", 1),)),
    Edit(side="target", record=ORDER, values=(("a", ""),)),
    Clear(side="source", record=ANN, path="billing.city"),
    Clear(side="target", record=ORDER, path="a b"),
    AddElement(side="source", record=ANN, path="lines"),
    AddElement(side="source", record=HERS, path="lines", values=HOSTILE),
    RemoveElement(side="target", record=HERS, path="Lines", position=2),
    MoveElement(side="source", record=ANN, path="lines", position=10, to=1),
    Delete(side="target", record=ORDER),
    Delete(side="target", record=BY_SECTION),
    Edit(side="target", record=Ref("Ann", "Customer", ONLY, 3), values=(("a", 1),)),
    Wait(ms=0),
    Wait(ms=1),
    Wait(ms=999),
    Wait(ms=1000),
    Wait(ms=61_000),
    *(
        Fault(request=3, fault=fault, seconds=5 if "{seconds}" in words else 0, counting=counting)
        for fault, words in FAULT_WORDS.items()
        for counting in ("request", "write")
    ),
    *(
        Kill(request=2, moment=moment, counting=counting)
        for moment in ("before", "during", "after")
        for counting in ("request", "write")
    ),
    Many(side="target", type="Support case", number=105, label="M \u00eb"),
    Skew(side="source", ms=1500),
    Skew(side="target", ms=60_000),
    During(request=4, step=EDIT, counting="write"),
    During(request=1, step=Delete(side="target", record=HERS)),
    During(request=1, step=AddElement(side="source", record=ANN, path="lines")),
    *(Webhook(number=n, fate=fate) for n, fate in enumerate(WEBHOOK_WORDS, 1)),
    Start(),
    Settle(),
    Explore(type="Customers (human data)"),
    Holds(),
    Holds(law="latest-wins"),
    HasCounterparts(side="target", record=ANN, count=0),
    HasCounterparts(side="target", record=ANN, count=1),
    HasCounterparts(side="target", record=Ref("Ann", "Customer", section=2), count=1),
    Has(side="target", record=ORDER, values=HOSTILE),
    HoldsRecords(side="source", type="Order", number=0),
    Arrived(side="target", record=HERS, path="Address.City"),
    Agree(side="source", record=ANN, path="phones"),
    Wrote(side="source", number=0),
    Wrote(side="source", number=1),
    Wrote(side="target", number=7),
)


def said(steps, names=NAMES):
    lines = ["Feature: F", "", "  Scenario: S"]
    for step in steps:
        story = render_step(step, names)
        lines.append(f"    * {story.text}")
        lines += table_lines(story.table, "      ") if story.table else []
    return "\n".join(lines)


def read(text, names=NAMES):
    [scenario] = read_feature(text, file="f").scenarios
    return [parse_step(line.text, line.table, names) for line in scenario.steps]


def test_every_kind_is_in_the_list():
    assert {step_kind(step) for step in STEPS} == set(STEP_KINDS)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: render_step(step, NAMES).text)
def test_a_step_is_said_and_read(step):
    story = render_step(step, NAMES)
    assert parse_step(story.text, story.table, NAMES) == step
    assert parse_step(f"  {story.text} ", story.table or None, NAMES) == step
    assert read(said([step])) == [step]


def test_all_steps_go_through_one_feature():
    assert read(said(STEPS)) == list(STEPS)


def test_all_steps_go_through_json():
    text = json.dumps(script_to_json(STEPS))
    assert script_from_json(json.loads(text)) == STEPS
    assert script_from_json([]) == ()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (EDIT, 'Customer "Ann" is edited in CustomWebshop:'),
        (
            Clear(side="target", record=HERS, path="City"),
            '"City" of the counterpart of Customer "Ann" is emptied in CustomERP',
        ),
        (
            Delete(side="target", record=ORDER),
            'the SalesOrder counterpart of Customer "Ann" is deleted in CustomERP',
        ),
        (
            Delete(side="target", record=BY_SECTION),
            'the SalesOrder counterpart of Customer "Ann" by section 12 is deleted in CustomERP',
        ),
        (
            HasCounterparts(side="target", record=Ref("Ann", "Customer", section=2), count=0),
            'Customer "Ann" by section 2 has no counterpart in CustomERP',
        ),
        (
            Fault(request=2, fault="throttled", seconds=3),
            "request 2 of the connector is turned away with 429 for 3 seconds",
        ),
        (
            Kill(request=2, moment="during", counting="write"),
            "the connector is killed during its write 2",
        ),
        (
            During(request=1, step=Delete(side="source", record=ANN)),
            'while the connector is at its request 1, Customer "Ann" is deleted in CustomWebshop',
        ),
        (Skew(side="target", ms=2000), "the clock of CustomERP is ahead by 2 seconds"),
        (Skew(side="target", ms=1000), "the clock of CustomERP is ahead by 1 second"),
        (
            Many(side="source", type="Order", number=3, label="M"),
            '3 Order records "M" are created in CustomWebshop within one second',
        ),
        (Holds(), "all laws hold"),
    ],
)
def test_the_words(step, words):
    assert render_step(step, NAMES).text == words


def test_seconds_may_have_parts():
    assert parse_step("2.5 seconds pass", None, NAMES) == Wait(ms=2500)
    assert parse_step("0.001 seconds pass", None, NAMES) == Wait(ms=1)


TABLE = (("property", "value"), ("a", "1"))


@pytest.mark.parametrize(
    ("text", "table", "message"),
    [
        ("the moon rises", None, "no step without a table is called 'the moon rises'"),
        ("the moon rises", TABLE, "no step with a table is called"),
        ("", None, "tallystick steps"),
        ("The connector synchronizes", None, "no step"),
        ("the connector synchronizes.", None, "no step"),
        ("it is wrong", None, "no step"),
        ("the connector synchronizes", TABLE, "needs no table after it"),
        ('Customer "Ann" is edited in CustomERP:', None, "needs a table after it"),
        ('Customer "Ann" in CustomERP has:', (), "needs a table after it"),
        ('Customer "Ann" is deleted in CustomERP', TABLE, "needs no table after it"),
        (
            'Customer "Ann" is deleted in Elsewhere',
            None,
            "no system is called 'Elsewhere'; there are CustomWebshop and CustomERP",
        ),
        ("the clock of the ERP is ahead by 1 seconds", None, "no system is called 'the ERP'"),
        (
            'Customer "Ann" is edited in CustomERP:',
            (("name", "value"), ("a", "1")),
            r"the columns \| property \| value \|",
        ),
        (
            'Customer "Ann" is edited in CustomERP:',
            (("property", "value"), ("a", "Ann")),
            "'Ann' is no value",
        ),
        ("while the connector is at its request 1, the moon rises", None, "'the moon rises'"),
        (
            'while the connector is at its write 1, Customer "Ann" is edited in CustomERP:',
            None,
            "needs a table",
        ),
        ("the connector is killed between its request 1", None, "no step"),
        ("Customer Ann is deleted in CustomERP", None, "no step"),
    ],
)
def test_what_cannot_be_read_says_why(text, table, message):
    with pytest.raises(ValueError, match=message):
        parse_step(text, table, NAMES)


def dataflow(source, target):
    return Dataflow(
        source=System(system=source, api="storefront/1"),
        target=System(system=target, api="ledger/1"),
        source_types={},
        target_types={},
        pairs=(),
    )


@pytest.mark.parametrize(
    ("source", "target", "names"),
    [
        ("Shop", "ERP", ("Shop", "ERP")),
        ("Shop", "Shop", ("Shop (source)", "Shop (target)")),
        ("", "", ("the source system", "the target system")),
        ("", "ERP", ("the source system", "ERP")),
        ("Shop", "", ("Shop", "the target system")),
        ("the target system", "", ("the target system (source)", "the target system (target)")),
    ],
)
def test_names_are_never_equal_and_never_empty(source, target, names):
    given = Names.of(dataflow(source, target))
    assert (given.source, given.target) == names
    assert [given.on(side) for side in ("source", "target")] == list(names)
    assert [given.side(name) for name in names] == ["source", "target"]
    steps = [Create(side="target", record=ANN), EDIT, Wrote(side="source", number=1)]
    assert read(said(steps, given), given) == steps


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "f: a script is a list of steps"),
        ({"do": "settle"}, "a script is a list"),
        (["settle"], "step 1: no step is called None"),
        ([{"do": "settle"}, {"do": "dance"}], "step 2: no step is called 'dance'; known: "),
        ([{}], "step 1: no step is called None"),
        ([{"do": "settle", "more": 1}], r"step 1 \(settle\): .*more"),
        ([{"do": "wait"}], r"step 1 \(wait\): .*ms"),
        ([{"do": "delete", "side": "source", "record": {"label": "A"}}], r"\(delete\): 'type'"),
        ([{"do": "delete", "side": "source", "record": "A"}], r"\(delete\)"),
        (
            [{"do": "edit", "side": "source", "record": {"label": "", "type": ""}, "values": [1]}],
            r"\(edit\)",
        ),
        ([{"do": "during", "request": 1, "step": {"do": "dance"}}], "inside: .*'dance'"),
    ],
)
def test_a_script_that_cannot_be_read_says_which_step(document, message):
    with pytest.raises(BadInput, match=message):
        script_from_json(document, file="f")
