"""Stages: set-up comes first, then a world is made, and every mistake is explained."""

from __future__ import annotations

import pytest
from run_agreed import small

from tallystick.dataflow.model import POLICY_CHOICES
from tallystick.errors import BadInput
from tallystick.laws.verdict import Judgement, Violation
from tallystick.run.actions import StepImpossible
from tallystick.run.stage import Effort, Stage, Theatre
from tallystick.vocabulary.events import Edited, Started
from tallystick.vocabulary.script import Create, Explore, Ref, SetPolicy, Settle, UseChecklist

USE = 'the checklist "{0}" with the agreement "{0}"'
ONBOARDING = USE.format("onboarding")
CREATED = 'Thing "Ann" is created in Shop'


@pytest.fixture
def stage(theatre):
    theatre.dataflows["small", "small"] = small()
    made = Stage(theatre, title="one")
    yield made
    made.close()


def set_up(stage, *texts):
    for text in (USE.format("small"), *texts):
        assert stage.say(text) == []


def test_set_up_makes_no_world(stage):
    set_up(
        stage,
        'the agreed policy for conflicts is "source-wins"',
        'ERP speaks "storefront/1"',
        "the clock of ERP is ahead by 2 seconds",
    )
    assert stage.world is None
    assert stage.dataflow.policies.conflicts == "source-wins"
    assert stage.dataflow.policies.agreed["conflicts"].by == "agreement"
    assert stage.dataflow.target.api == "storefront/1"
    assert stage.skew_ms == {"target": 2000}
    assert small().policies.conflicts != "source-wins"
    assert stage.close() is None


def test_the_first_step_makes_the_world(stage):
    set_up(stage, "the clock of ERP is ahead by 2 seconds")
    stage.say(CREATED)
    assert stage.world.stores["target"].skew_ms == 2000
    assert stage.say("the connector synchronizes") == []
    assert stage.say('Thing "Ann" has one counterpart in ERP') == []
    journal = stage.close()
    assert journal.complete
    assert journal.header.title == "one"
    assert journal.header.script == tuple(stage.steps)
    assert len(stage.steps) == 5
    assert stage.judgement.edits == 1
    assert stage.close() is journal
    assert stage.judgement.edits == 1
    assert [type(event) for event in journal.events[:2]] == [Edited, Started]


def test_names_are_those_of_the_checklist(theatre):
    stage = Stage(theatre)
    assert stage.names.source == "the source system"
    stage.say(ONBOARDING)
    assert (stage.names.source, stage.names.target) == ("Kioskly", "Ledgerline")
    assert stage.dataflow.policies.conflicts == "target-wins"


@pytest.mark.parametrize(
    ("policy", "choice"), [(p, c) for p, choices in POLICY_CHOICES.items() for c in choices]
)
def test_every_choice_of_every_policy_can_be_set(stage, policy, choice):
    set_up(stage, f'the agreed policy for {policy} is "{choice}"')
    assert getattr(stage.dataflow.policies, policy) == choice


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (['the agreed policy for conflicts is "nobody-wins"'], "no such policy or choice.*latest"),
        (['the agreed policy for lunch is "late"'], "no such policy or choice"),
        (['Shop speaks "soap/1"'], "no API is called 'soap/1'; there are storefront/1"),
        (['Elsewhere speaks "ledger/1"'], "no system is called 'Elsewhere'"),
        ([CREATED, 'Shop speaks "ledger/1"'], "only be said before anything happens"),
        ([CREATED, USE.format("small")], "only be said before anything happens"),
        ([CREATED, CREATED], 'already a record called "Ann"'),
        (["the moon rises"], "no step without a table is called"),
        (["people make random edits to Thing records on either side"], "not available here"),
        (['Thing "Bob" is deleted in Shop'], 'no record is called "Bob"'),
    ],
)
def test_mistakes_say_which_step_and_why(stage, texts, message):
    set_up(stage, *texts[:-1])
    with pytest.raises(BadInput, match=message) as caught:
        stage.say(texts[-1])
    assert str(caught.value).startswith(f"{texts[-1]}: ")


@pytest.mark.parametrize(
    "text",
    [
        *('Thing "Ann" is created in the source system', "the connector synchronizes"),
        *(
            'the agreed policy for conflicts is "source-wins"',
            'the source system speaks "ledger/1"',
        ),
    ],
)
def test_the_checklist_comes_first(theatre, text):
    with pytest.raises(BadInput, match="must first say which checklist"):
        Stage(theatre).say(text)


def test_steps_as_data_raise_as_they_are(stage):
    stage.play(UseChecklist(checklist="small", agreement="small"))
    with pytest.raises(StepImpossible):
        stage.play(SetPolicy(policy="lunch", choice="late"))
    stage.play(Create(side="source", record=Ref("Ann", "Thing")))
    assert stage.play(Settle()) == []


def test_both_directions_are_one_dataflow(theatre, tmp_path):
    for file, (a, b) in {"forth.rst": ("Shop", "Book"), "back.rst": ("Book", "Shop")}.items():
        text = f"""{a} to {b} Dataflow
=====================

{a} Order to {b} Order
------------------------

Every {a} Order will be synchronized with a {b} Order.
"""
        (tmp_path / file).write_text(text, encoding="utf-8")
    stage = Stage(theatre, beside=tmp_path)
    stage.say('the checklists "forth.rst" and "back.rst" without an agreement')
    assert stage.dataflow.source.system == "Shop"
    assert stage.dataflow.policies.create == "both"
    alone = Stage(theatre, beside=tmp_path)
    alone.say('the checklist "forth.rst" without an agreement')
    assert alone.dataflow.policies.create == "source"


def test_documents_that_are_not_there(theatre, tmp_path):
    for text, message in (
        ('the checklist "nobody" without an agreement', "there is no checklist 'nobody'"),
        ('the checklist "onboarding" with the agreement "nobody"', "no agreement 'nobody'"),
    ):
        with pytest.raises(BadInput, match=message):
            Stage(theatre, beside=tmp_path).say(text)


def test_a_document_beside_the_feature_is_found_first(theatre, tmp_path):
    text = "==============\nMine to Theirs\n==============\n\nIntroduction\n------------\n"
    (tmp_path / "onboarding.rst").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        theatre.dataflow("onboarding.rst", "nobody.toml", tmp_path)
    assert "nobody.toml" in str(caught.value)
    with pytest.raises(BadInput) as caught:
        theatre.dataflow("onboarding.rst", "", tmp_path)
    assert str(tmp_path / "onboarding.rst") in str(caught.value)


def test_a_dataflow_is_compiled_and_saved_once(theatre):
    agreed = theatre.dataflow("onboarding", "onboarding", None)
    assert theatre.dataflow("onboarding", "onboarding", None) is agreed
    first, again, other = theatre._file(agreed), theatre._file(agreed), theatre._file(small())
    assert first == again != other
    assert first.is_file()
    theatre.close()
    assert not first.exists()
    theatre.close()
    assert theatre._file(agreed).is_file()


def test_exploring_is_somebody_elses_work(network):
    asked = []

    def explorer(theatre, dataflow, type_name, effort):
        asked.append((theatre, dataflow, type_name, effort))
        violation = Violation(law="linked", anomaly="missing", event=3)
        return Judgement(violations=[violation], edits=7), "the counterexample"

    theatre = Theatre(network, explorer=explorer, effort=Effort(weather=frozenset({"faults"})))
    theatre.dataflows["small", "small"] = small()
    stage = Stage(theatre, weather=frozenset({"kills"}))
    set_up(stage)
    assert [found.law for found in stage.play(Explore(type="Thing"))] == ["linked"]
    assert stage.failure == "the counterexample"
    assert stage.judgement.edits == 7
    [(_, dataflow, type_name, effort)] = asked
    assert dataflow is stage.dataflow
    assert type_name == "Thing"
    assert effort.weather == {"faults", "kills"}
    assert stage.close() is None
    theatre.close()


def test_the_effort_is_fair_by_default():
    effort = Effort()
    assert (effort.edits, effort.seed, effort.weather, effort.memory) == (200, None, set(), None)
    assert not effort.out_of_time()
