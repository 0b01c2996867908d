"""Which records a rule covers, and when nobody could tell; merge rules through lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dataflows import AX, ORDERS, dataflow
from histories import Chronicle, flow, pair, row, said, tell

from tallystick.dataflow.model import Creation, Dataflow

LISTED = pair(
    "B", "Y", row("title"), row("parts[].of", "Parts[].Of", ref=("A", "X")), merge=[["title"]]
)
BY_LIST = flow(pair("A", "X", row("name"), merge=[[("name", "Mails[].At")]]))
TWO_WAYS = flow(pair("A", "X", row("name"), row("n"), merge=[["name"], ["n"]]))
BOTH_TERMS = flow(pair("A", "X", row("name"), row("n"), merge=[["name", "n"]]))
CHAINED = flow(
    pair("A", "X", row("name"), row("of", "Of", ref=("B", "Y")), when="connected", by=["B"]),
    pair("B", "Y", row("title"), row("of", "Of", ref=("A", "X")), when="connected", by=["A"]),
)
PROSE = flow(
    replace(
        pair("A", "X", row("name"), when="never"),
        create=Creation(when="never", unspecified="its condition is prose"),
    )
)
CAST = flow(pair("A", "X", row("n", "N", "string"), merge=[["n"]]))


def told(text: str, made: Dataflow) -> list[tuple[str, str]]:
    return said(tell(text, made))


@pytest.mark.parametrize(
    ("text", "made", "expected"),
    [
        # a list of references covers what it names
        (
            's1:name=x sb1:parts=[{"of":"a-0001"}] [ >tb1 ]',
            flow(pair("A", "X", row("name"), when="connected", by=["B"]), LISTED),
            [("linked", "missing")],
        ),
        (
            's1:name=x sb1:parts=[{"of":"a-0001"}] [ >t1 >tb1 ]',
            flow(pair("A", "X", row("name"), when="connected", by=["B"]), LISTED),
            [],
        ),
        # a referrer that is itself covered by nothing covers nothing; two in a ring neither
        ("s1:name=x sb1:of=@s1 s1:of=@sb1 [ ]", CHAINED, []),
        # a rule in prose: nobody can tell whom it covers, but one counterpart is enough for anybody
        ("s1:name=x [ ]", PROSE, []),
        ("s1:name=x [ >t1<s1 ]", PROSE, []),
        ("s1:name=x [ >t1<s1 >t2<s1 ]", PROSE, [("one-to-one", "second")]),
        ("s1:name=x [ >t1<s1 ] s1:name=y [ ]", PROSE, [("in-sync", "not-arrived")]),
        # merge rules
        (
            's1:name=x t1:mails=[{"At":"y"},{"At":"x"}] [ >t2<s1 ]',
            BY_LIST,
            [("merged", "created-instead")],
        ),
        ('s1:name=x t1:mails=[{"At":"y"}] [ >t2<s1 ]', BY_LIST, []),
        ("s1:name=x;n=1 t1:name=y;n=1 [ >t2<s1 ]", TWO_WAYS, [("merged", "created-instead")]),
        ("s1:name=x;n=1 t1:name=x;n=2 [ >t2<s1 ]", BOTH_TERMS, []),
        ("s1:name=x;n=1 t1:name=x;n=1 [ >t2<s1 ]", BOTH_TERMS, [("merged", "created-instead")]),
        ("s1:name=x;n=- t1:name=x;n=- [ >t2<s1 ]", BOTH_TERMS, []),
        ('s1:n=5 t1:n="5" [ >t2<s1 ]', CAST, [("merged", "created-instead")]),
        ("s1:n=5 t1:n=5 [ >t2<s1 ]", CAST, []),
        # of several the lowest key, on both sides
        ("s1:name=x;n=1 s2:name=x t1:name=x;n=1 [ >t2<s1 >t1<s2 ]", TWO_WAYS, None),
    ],
)
def test_rules(text: str, made: Dataflow, expected: Any) -> None:
    found = told(text, made)
    if expected is None:
        assert found
        assert {law for law, _ in found} <= {"merged", "linked", "in-sync"}
    else:
        assert found == expected


def test_a_rule_in_prose_asks_for_nothing_and_forbids_nothing() -> None:
    assert told("s1 [ ]", dataflow("prose")) == []
    assert told("s1 [ >t1 ]", dataflow("prose")) == []


def test_an_empty_value_never_matches() -> None:
    assert told('s1:name="" t1:name="" [ >t2<s1 ]', dataflow("merge")) == []
    assert told("s1:n=1 t1:n=1 [ >t2<s1 ]", dataflow("merge")) == []


def test_a_deleted_record_never_matches() -> None:
    assert told("t1:name=x -t1 s1:name=x [ >t2<s1 ]", dataflow("merge")) == []


def test_a_linked_record_never_matches() -> None:
    text = "s1:name=x [ >t1 ] s2:name=x [ >t2<s2 ]"
    assert told(text, dataflow("merge")) == []


def test_what_is_referred_to_comes_first_whatever_the_order_of_the_file() -> None:
    for pairs in ((AX, ORDERS), (ORDERS, AX)):
        letters = "" if pairs[0] is AX else "b"
        other = "b" if pairs[0] is AX else ""
        text = f"s{letters}1:name=x s{other}1:title=y;of=@s{letters}1 [ >t{letters}1 >t{other}1 ]"
        chronicle = tell(text, flow(*pairs))
        assert said(chronicle) == []
        assert [link.pair.source for link in chronicle.judge.book.all()] == ["A", "B"]


def test_a_record_that_a_system_would_refuse_is_not_missing() -> None:
    required = {"X": {"type": "object", "required": ["Tax"]}}
    assert told("s1 [ ]", flow(AX, schemas=required)) == []
    strict = {"X": {"type": "object", "properties": {"Name": {"type": "string"}}}}
    assert told("s1:name=- [ ]", flow(AX, schemas=strict)) == []
    assert told("s1:name=x [ ]", flow(AX, schemas=strict)) == [("linked", "missing")]


def test_what_leans_on_a_refused_record_may_wait_however_far_away() -> None:
    short = {"X": {"type": "object", "properties": {"Name": {"type": "string", "maxLength": 2}}}}
    third = pair("C", "Z", row("name"), row("of", "Of", ref=("B", "Y")))
    made = flow(AX, ORDERS, third, schemas=short)
    assert told("s1:name=long sb1:of=@s1 sc1:of=@sb1 [ ]", made) == []
    assert told("s1:name=ok sb1:of=@s1 sc1:of=@sb1 [ >t1 >tb1 ]", made) == [("linked", "missing")]


def test_edits_of_references_are_tested_and_arrive() -> None:
    chronicle = tell(
        "s1 s2 [ >t1 >t2 ] sb1:of=@s1 [ >tb1 ] sb1:of=@s2 [ >tb1 ]", dataflow("orders")
    )
    judgement = chronicle.judge.judgement
    assert judgement.tested["references", 2] >= 2
    assert judgement.arrived[2, 1, "target"] == 1
    assert judgement.arrived[2, 1, "source"] == 0


def test_nothing_arrives_where_nothing_changed() -> None:
    judgement = tell("s1:name=a [ >t1 ] s1:free=2 [ ]", dataflow("plain")).judge.judgement
    assert sum(judgement.arrived.values()) == 0
    judgement = tell("s1:name=a [ >t1 ] t1:name=b [ >s1 ]", dataflow("plain")).judge.judgement
    assert dict(judgement.arrived) == {(1, 0, "source"): 1}


def test_a_chronicle_knows_its_names() -> None:
    chronicle = Chronicle(dataflow("orders")).tell("s1 sb1:of=@s1")
    assert chronicle.data("sb1") == {"of": chronicle.keys["s1"]}
