"""What a scenario's Then asks for: silent where it is so, a violation with its facts where not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dataflows import dataflow
from histories import Chronicle, tell

from tallystick.canonical import MISSING
from tallystick.laws.checks import CHECKS, CheckImpossible
from tallystick.laws.history import Record
from tallystick.laws.judge import Judge
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import SyncBegan, SyncEnded
from tallystick.vocabulary.script import (
    Agree,
    Arrived,
    Has,
    HasCounterparts,
    Holds,
    HoldsRecords,
    Ref,
    Step,
    Wrote,
    step_kind,
)

ANN = Ref("s1", "A")


def record(chronicle: Chronicle, name: str) -> Record | None:
    side, kind = chronicle.side(name), chronicle.type(name)
    return chronicle.judge.history.record(side, kind, chronicle.keys.get(name))


def check(chronicle: Chronicle, step: Step, name: str = "", values: Any = ()) -> list[Violation]:
    found = record(chronicle, name) if name else None
    return CHECKS[step_kind(step)](chronicle.judge, step, found, values)


def world() -> Chronicle:
    return tell("s1:name=x;n=2 [ >t1 ]", dataflow("plain"))


def test_holding_is_counted_and_says_nothing_itself() -> None:
    chronicle = world()
    before = chronicle.judge.judgement.tested["quiet", 0]
    assert check(chronicle, Holds(law="quiet")) == []
    assert chronicle.judge.judgement.tested["quiet", 0] == before + 1
    assert check(chronicle, Holds()) == []


def test_counterparts_are_counted() -> None:
    chronicle = world()
    one = HasCounterparts(side="target", record=ANN, count=1)
    none = HasCounterparts(side="target", record=ANN, count=0)
    assert check(chronicle, one, "t1") == []
    assert check(chronicle, none) == []
    [violation] = check(chronicle, none, "t1")
    assert (violation.law, violation.anomaly) == ("linked", "then-counterparts")
    assert (violation.expected, violation.found, violation.pair) == (0, 1, 1)
    chronicle.tell("-s1 [ >-t1 ]")
    assert check(chronicle, none, "t1") == []
    assert len(check(chronicle, one, "t1")) == 1


def test_values_are_compared() -> None:
    chronicle = world()
    step = Has(side="target", record=ANN, values=())
    assert check(chronicle, step, "t1", (("Name", "x"), ("N", 2.0), ("Free", MISSING))) == []
    found = check(chronicle, step, "t1", (("Name", "y"), ("Free", 1)))
    assert [(v.law, v.note, v.expected, v.found) for v in found] == [
        ("in-sync", "Name", "y", "x"),
        ("in-sync", "Free", 1, None),
    ]
    [gone] = check(chronicle, step)
    assert (gone.anomaly, gone.pair, gone.expected) == ("then-gone", 0, "s1")


def test_a_record_without_a_name_comes_with_the_one_that_people_named() -> None:
    chronicle = world()
    for step, name, values in (
        (Has(side="target", record=ANN, values=()), "t1", (("Name", "y"),)),
        (HasCounterparts(side="target", record=ANN, count=0), "t1", ()),
    ):
        [violation] = check(chronicle, step, name, values)
        assert [(r.side, r.label) for r in violation.records] == [("target", ""), ("source", "s1")]
    [violation] = check(chronicle, Has(side="source", record=ANN, values=()), "s1", (("n", 9),))
    assert [record.label for record in violation.records] == ["s1"]


def test_values_in_elements_are_compared() -> None:
    chronicle = tell('s1:lines=[{"sku":"a","n":1}] [ >t1 ]', dataflow("lines"))
    step = Has(side="target", record=ANN, values=())
    assert check(chronicle, step, "t1", (("Lines[1].Sku", "a"), ("Lines[2].Sku", MISSING))) == []
    assert len(check(chronicle, step, "t1", (("Lines[1].N", 2), ("Name[1]", 1)))) == 2


def test_records_are_counted() -> None:
    chronicle = world()
    assert check(chronicle, HoldsRecords(side="target", type="X", number=1)) == []
    [violation] = check(chronicle, HoldsRecords(side="target", type="X", number=2))
    assert (violation.law, violation.anomaly) == ("one-to-one", "then-records")
    assert (violation.expected, violation.found, violation.note) == (2, 1, "X")
    chronicle.tell("-t1")
    assert check(chronicle, HoldsRecords(side="target", type="X", number=0)) == []


def test_writes_of_the_last_sync_are_counted() -> None:
    chronicle = world()
    assert check(chronicle, Wrote(side="target", number=1)) == []
    chronicle.tell("[ ]")
    assert check(chronicle, Wrote(side="target", number=0)) == []
    [violation] = check(chronicle, Wrote(side="target", number=1))
    assert (violation.law, violation.expected, violation.found) == ("economical", 1, 0)


def test_at_its_own_pace_the_last_sync_is_what_led_to_the_last_settle() -> None:
    chronicle = Chronicle(dataflow("plain"))
    asked = world().events
    chronicle.judge = Judge(chronicle.dataflow, own_pace=True)
    for event in asked:
        if isinstance(event, SyncEnded):  # it is waited for from here on
            chronicle.emit(SyncBegan(at_ms=event.at_ms, number=2))
        chronicle.emit(event)
    last = asked[-1]
    chronicle.emit(SyncBegan(at_ms=last.at_ms, number=3))  # what it does now is of the next settle
    assert check(chronicle, Wrote(side="target", number=1)) == []
    chronicle.emit(replace(last, number=2))
    assert check(chronicle, Wrote(side="target", number=0)) == []


@pytest.mark.parametrize("kind", [Arrived, Agree])
def test_properties_agree(kind: Any) -> None:
    chronicle = world()
    assert check(chronicle, kind(side="target", record=ANN, path="Name"), "t1") == []
    chronicle.tell("s1:name=y")
    [violation] = check(chronicle, kind(side="target", record=ANN, path="Name"), "t1")
    assert (violation.law, violation.row, violation.direction) == ("in-sync", 0, "target")
    assert (violation.expected, violation.found) == ("y", "x")
    [violation] = check(chronicle, kind(side="source", record=ANN, path="name"), "s1")
    assert (violation.expected, violation.found) == ("x", "y")
    assert check(chronicle, kind(side="target", record=ANN, path="N"), "t1") == []
    with pytest.raises(CheckImpossible):
        check(chronicle, kind(side="target", record=ANN, path="Free"), "t1")
    [gone] = check(chronicle, kind(side="target", record=ANN, path="Name"))
    assert gone.anomaly == "then-gone"
    chronicle.tell("t5:name=q")
    [unlinked] = check(chronicle, kind(side="target", record=ANN, path="Name"), "t5")
    assert (unlinked.law, unlinked.pair) == ("linked", 1)


def test_elements_agree_one_by_one() -> None:
    text = 's1:lines=[{"sku":"a","n":1},{"sku":"b","n":2}] [ >t1 ]'
    chronicle = tell(text, dataflow("lines"))
    chronicle.tell('s1:lines=[{"sku":"a","n":1},{"sku":"c","n":2}]')
    for path, wrong in (("Lines[].Sku", 1), ("Lines[1].Sku", 0), ("Lines[2].Sku", 1), ("Lines", 1)):
        found = check(chronicle, Agree(side="target", record=ANN, path=path), "t1")
        assert len(found) == wrong, path
    chronicle.tell("s1:lines=[]")
    assert len(check(chronicle, Agree(side="target", record=ANN, path="Lines[1].Sku"), "t1")) == 1


def test_references_lead_to_counterparts() -> None:
    chronicle = tell("s1 s2 [ >t1 >t2 ] sb1:of=@s1 [ >tb1 ] sb1:of=@s2", dataflow("orders"))
    [violation] = check(chronicle, Agree(side="target", record=ANN, path="Of"), "tb1")
    assert (violation.law, violation.anomaly) == ("references", "not-arrived")
