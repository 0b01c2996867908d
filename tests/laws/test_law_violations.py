"""Every breach of every law that can be told without faults: one line each, law on and law off."""

from __future__ import annotations

from typing import Any

import pytest
from dataflows import dataflow
from histories import Chronicle, edits_meanwhile, said, tell

Told = tuple[str, str, str, str]  # dataflow, history, law, anomaly

LINE_A = '[{"sku":"a","n":1}]'

BREACHES: list[Told] = [
    # linked
    ("plain", "s1 [ ]", "linked", "missing"),
    ("plain", "s1 [ >t1 ] s2 [ ]", "linked", "missing"),
    ("plain", "s1 [[ ]", "linked", "missing"),
    ("plain", "s1 [ ]x [ ]", "linked", "missing"),
    ("plain", "[ s1 ] [ ]", "linked", "missing"),
    ("both", "t1 [ ]", "linked", "missing"),
    ("merge-both", "t1:name=x s1:name=y [ >t2<s1 ]", "linked", "missing"),
    ("condition", "s1:open=yes;name=x [ ]", "linked", "missing"),
    ("condition", "s1:open=no [ ] s1:open=yes [ ]", "linked", "missing"),
    ("connected", "s1:name=x sb1:of=@s1 [ >tb1 ]", "linked", "missing"),
    ("refused", "s1:name=far-too-long [ ] s1:name=ok [ ]", "linked", "missing"),
    ("bare", "s1 s2 [ >t1 ]", "linked", "missing"),
    ("condition", "s1:open=no;name=x [ >t1 ]", "linked", "uncovered"),
    ("never", "s1:name=x [ >t1 ]", "linked", "uncovered"),
    ("connected", "s1:name=x [ >t1 ]", "linked", "uncovered"),
    ("plain", "t1:name=x s1:name=y [ >t2<s1 >t1:name=y ]", "linked", "overwritten"),
    ("plain", "s1:name=x [ >t1 ] t9:name=q [ >t9:name=x ]", "linked", "overwritten"),
    ("never", "s1:name=x s2:name=y [ >s1:name=y ]", "linked", "overwritten"),
    # one-to-one
    ("plain", "s1 [ >t1 >t2<s1 ]", "one-to-one", "second"),
    ("plain", "s1 [ >t1 ] s2 [ >t2 >t3<s1 ]", "one-to-one", "second"),
    ("bare", "s1 [ >t1 >t2<s1 ]", "one-to-one", "second"),
    ("plain", "t1:name=x [ >s1 ]", "one-to-one", "unasked"),
    ("plain", "s1:name=x [ >t1 >s2<t1 ]", "one-to-one", "unasked"),
    ("both", "t1:name=x [ >s1 >s2<t1 ]", "one-to-one", "unasked"),
    ("condition", "s1:open=yes;name=x [ >t1 ] t2:name=x [ >s2 ]", "one-to-one", "unasked"),
    # merged
    ("merge", "s1:name=x t1:name=x;n=1 [ >t2<s1 ]", "merged", "created-instead"),
    ("merge", "s1:name=x t1:name=x [ >t2<s1 ]", "merged", "created-instead"),
    ("never", "s1:name=x t1:name=x [ >t2<s1 ]", "merged", "created-instead"),
    ("merge", "s1:name=x t1:name=y;n=1 [ >t1<s1 ]", "merged", "no-match"),
    ("merge", "s1:name=x t1:name=X;n=1 [ >t1<s1 ]", "merged", "no-match"),
    ("merge", "t1:name=- s2:name=q [ >t1<s2 ]", "merged", "no-match"),
    ("merge", "s1:name=x t1:name=x;n=1 t2:name=x;n=2 [ >t2<s1 ]", "merged", "wrong-match"),
    # for-life
    ("plain", "s1 [ >t1 ] -t1 [ >t2<s1 ]", "for-life", "moved"),
    ("plain", "s1 [ >t1 ] -t1 [ >-s1 >t2<s1 ]", "for-life", "came-back"),
    ("plain", "s1 [ >t1 ] -s1 [ >-t1 ] s2 [ >t2 >t3<s1 ]", "for-life", "came-back"),
    ("detach", "s1 [ >t1 ] -t1 [ ] s2 [ >t2 >t3<s1 ]", "for-life", "came-back"),
    ("plain", "s1 -s1 s2 [ >t2 >t1 ]", "for-life", "came-back"),
    # deletions
    ("plain", "s1 [ >t1 ] -s1 [ ]", "deletions", "not-deleted"),
    ("plain", "s1 [ >t1 ] -t1 [ ]", "deletions", "not-deleted"),
    ("plain", "s1 [ >t1 ] -s1 t1:name=x [ ]", "deletions", "not-deleted"),
    ("bare", "s1 s2 [ >t1 >t2 ] -s1 [ ]", "deletions", "not-deleted"),
    ("plain", "s1 [ >t1 ] s2 [ >t2 >-t1 ]", "deletions", "unasked"),
    ("plain", "s1 [ >t1 ] s2 [ >t2 >-s1 ]", "deletions", "unasked"),
    ("detach", "s1 [ >t1 ] -s1 [ >-t1 ]", "deletions", "not-detached"),
    ("detach", "s1 [ >t1 ] -t1 [ >-s1 ]", "deletions", "not-detached"),
    (
        "detach",
        "s1:name=a [ >t1 ] -s1 [ ] s2:name=z [ >t2 >t1:name=z ]",
        "deletions",
        "written-after-detach",
    ),
    ("detach", "s1:name=a [ >t1 ] -s1 [ >t1:name=- ]", "deletions", "written-after-detach"),
    ("detach", "s1:name=a [ >t1 ] -t1 [ >s1:name=- ]", "deletions", "written-after-detach"),
    (
        "detach",
        "s1:name=a [ >t1 ] s1:name=x -s1 [ >t1:name=- ]",
        "deletions",
        "written-after-detach",
    ),
    ("detach", "s1:name=a [ >t1 ] t1:n=7 -s1 [ >t1:n=- ]", "deletions", "written-after-detach"),
    ("detach", "s1:name=a [ >t1 ] t1:n=7 -t1 [ >s1:name=- ]", "deletions", "written-after-detach"),
    ("plain", "t5:name=x s1 [ >t1 >-t5 ]", "deletions", "stray"),
    ("condition", "s1:open=no [ >-s1 ]", "deletions", "stray"),
    # in-sync
    ("plain", "s1 [ >t1 ] s1:name=x [ ]", "in-sync", "not-arrived"),
    ("plain", "s1 [ >t1 ] t1:name=x [ ]", "in-sync", "not-arrived"),
    ("plain", "s1 [ >t1 ] s1:name=x;n=2 [ >t1:name=x ]", "in-sync", "not-arrived"),
    ("plain", "s1:name=a;n=1 [ >t1:name=a ]", "in-sync", "not-arrived"),
    ("plain", "s1:name=a [ >t1 ] s1:name=- [ ]", "in-sync", "not-arrived"),
    ("plain", "s1 [ >t1 s1:name=x ] [ ]", "in-sync", "not-arrived"),
    ("keep", "s1:name=a [ >t1 ] s1:name=- [ ] t1:name=b [ ]", "in-sync", "not-arrived"),
    ("lines", f"s1:lines={LINE_A} [ >t1 ] t1:lines=[] [ ]", "in-sync", "not-arrived"),
    ("when", "s1:phone=1 [ >t1 ] s1:phone=2 [ ]", "in-sync", "not-arrived"),
    ("phones", "s1:phone=1 [ >t1 ] s1:phone=2 [ ]", "in-sync", "not-arrived"),
    ("one-sided", "s1:mail=a [ >t1 ] s1:mail=b [ ]", "in-sync", "not-arrived"),
    ("key", "s1 [ >t1<s1:no=- ]", "in-sync", "not-arrived"),
    ("key", "s1 [ >t1 ] t1:no=7 [ ]", "in-sync", "drifted"),
    ("two-pairs", "s1:name=a [ >t1 >tb1<s1 ] s1:name=b [ >t1 ]", "in-sync", "not-arrived"),
    ("refused", "s1:name=abc;n=1 [ >t1 ] s1:n=2 [ ]", "in-sync", "not-arrived"),
    ("plain", "s1:name=a [ >t1 ] s2:name=b [ >t2 >t1:name=b ]", "in-sync", "drifted"),
    ("fan-out", "s1:name=a [ >t1 ] t1:First=b [ >s1:name=b ]", "in-sync", "drifted"),
    ("plain", "s1:name=a [ >t1 ] s1:name=x t1:name=y [ ]", "in-sync", "conflict-unresolved"),
    # latest-wins
    ("plain", "s1:name=a [ >t1 ] s1:name=x 5s t1:name=y [ >t1 ]", "latest-wins", "wrong-winner"),
    ("plain", "s1:name=a [ >t1 ] t1:name=y 5s s1:name=x [ >s1 ]", "latest-wins", "wrong-winner"),
    ("ledgers", "s1:name=a [ >t1 ] s1:name=x 9ms t1:name=y [ >t1 ]", "latest-wins", "wrong-winner"),
    ("source-wins", "s1:name=a [ >t1 ] s1:name=x t1:name=y [ >s1 ]", "latest-wins", "wrong-winner"),
    ("target-wins", "s1:name=a [ >t1 ] t1:name=y s1:name=x [ >t1 ]", "latest-wins", "wrong-winner"),
    ("merge", "s1:name=a;n=1 5s t1:name=a;n=2 [ >t1 ]", "latest-wins", "wrong-winner"),
    ("merge", "t1:name=a;n=2 5s s1:name=a;n=1 [ >s1 ]", "latest-wins", "wrong-winner"),
    ("keep", "s1:name=a [ >t1 ] t1:name=y 5s s1:name=- [ >t1 ]", "latest-wins", "wrong-winner"),
    # no-lost-edit
    ("plain", "s1:name=a [ >t1 ] s1:name=x [ >s1:name=a ]", "no-lost-edit", "undone"),
    ("plain", "s1:name=a;n=1 [ >t1 ] s1:name=x t1:n=2 [ >t1 ]", "no-lost-edit", "undone"),
    (
        "plain",
        "s1:name=a [ >t1 ] s1:name=b [ >t1 ] s2 [ >t2 >s1:name=a >t1 ]",
        "no-lost-edit",
        "undone",
    ),
    ("shops", "s1:name=a [ >t1 ] t1:name=y [[ >t1:name=a ]", "no-lost-edit", "undone"),
    (
        "refused",
        "s1:name=abc;n=1 [ >t1 ] s1:name=far-too-long [ >!t1 >s1:name=abc ]",
        "no-lost-edit",
        "undone",
    ),
    (
        "refused",
        "s1:name=abc;n=1 [ >t1 ] s1:name=far-too-long;n=2 [ >!t1 >s1:n=1 ]",
        "no-lost-edit",
        "undone",
    ),
    ("fan-out", "s1:name=a [ >t1 ] t1:First=b s1:n=5 [ >t1 ]", "no-lost-edit", "undone"),
    (
        "fan-in",
        "s1:p=a;q=b [ >t1:In=b ] t1:In=c s1:q=d [ >s1:q=b >t1:In=b ]",
        "no-lost-edit",
        "both-undone",
    ),
    ("fan-out", "s1:name=a [ >t1 ] s1:name=b [ >t1:First=b ]", "in-sync", "not-arrived"),
    (
        "plain",
        "s1:name=a [ >t1 ] s1:name=x t1:name=y [ >s1:name=a >t1:name=a ]",
        "no-lost-edit",
        "both-undone",
    ),
    # no-invention
    ("plain", "s1:name=a [ >t1:name=A ]", "no-invention", "invented"),
    ("plain", "s1:name=a [ >t1 ] t1:name=x [ >s1:name=X ]", "no-invention", "invented"),
    ("cast", 's1:n="5" [ >t1<s1:n=7 ]', "no-invention", "invented"),
    (
        "lines",
        f"s1:lines={LINE_A} [ " + '>t1:lines=[{"Sku":"a","N":2}] ]',
        "no-invention",
        "invented",
    ),
    ("phones", 's1:phone=1 [ >t1:phones=[{"Kind":"on","Number":2}] ]', "no-invention", "invented"),
    # references
    ("orders", "s1 s2 [ >t1 >t2 ] sb1:of=@s1 [ >tb1 ] sb1:of=@s2 [ ]", "references", "not-arrived"),
    ("orders", "s1 [ >t1 ] sb1:title=x;of=@s1 [ >tb1:title=x ]", "references", "not-arrived"),
    (
        "refused",
        "s1:name=far-too-long sb1:of=@s1 [ >tb1 ] s1:name=ok [ >t1 ]",
        "references",
        "not-arrived",
    ),
    ("orders", "s1 [ >t1 ] sb1:title=x;of=@s1 [ >tb1<sb1:of=@s1 ]", "references", "not-arrived"),
    ("orders", "s1 [ >t1 ] sb1 [ >tb1 ] tb1:of=@t1 [ >sb1:of=@t1 ]", "references", "not-arrived"),
    (
        "orders",
        "s1 s2 [ >t1 >t2 ] sb1:of=@s1 [ >tb1 ] s3 [ >t3 >tb1:of=@t2 ]",
        "references",
        "drifted",
    ),
    (
        "orders",
        "s1 s2 s3 [ >t1 >t2 >t3 ] sb1:of=@s1 [ >tb1 ] sb1:of=@s2 tb1:of=@t3 [ ]",
        "references",
        "conflict-unresolved",
    ),
    (
        "orders",
        "s1 sb1:title=q;of=@s1 [ >tb1:title=q >t1 >tb1:of=@t1 ]",
        "references",
        "created-first",
    ),
    # untouched
    (
        "plain",
        "s1 [ >t1 ] t1:free=1 s1:name=q [ >t1:name=q;free=- ]",
        "untouched",
        "unlisted-property",
    ),
    (
        "plain",
        "s1:free=1 [ >t1 ] t1:name=q [ >s1:name=q;free=2 ]",
        "untouched",
        "unlisted-property",
    ),
    (
        "lines",
        f"s1:lines={LINE_A} [ >t1 ] " + 't1:lines=[{"Sku":"a","N":1,"Note":"x"}] [ ]'
        ' s1:lines=[{"sku":"b","n":1}] [ >t1:lines=[{"Sku":"b","N":1}] ]',
        "untouched",
        "unlisted-property",
    ),
    # quiet
    ("plain", "s1 [ >t1 ] [ >=t1 ]", "quiet", "idle-write"),
    ("plain", "s1 [ >t1 ] [ ] [ >=s1 ]", "quiet", "idle-write"),
    ("plain", "s1 [ >t1 s1 ] [ >t1 ] [ >=t1 ]", "quiet", "idle-write"),
    ("plain", "s1 [ >t1 >=s1 ]", "quiet", "vain-write"),
    ("plain", "s1 [ >t1 ] s1:name=x [ >t1 >=s1 ]", "quiet", "vain-write"),
    # economical
    ("plain", "s1:name=a;n=1 [ >t1:name=a >t1 ]", "economical", "too-many-writes"),
    (
        "plain",
        "s1:name=a [ >t1 ] s1:name=b;n=2 [ >t1:name=b >t1 ]",
        "economical",
        "too-many-writes",
    ),
    (
        "plain",
        "s1:name=a [ >t1 ] t1:name=b;n=2 [ >s1:name=b >s1 ]",
        "economical",
        "too-many-writes",
    ),
]


def named(story: Told) -> str:
    return f"{story[2]}-{story[3]}-{story[0]}-{story[1][:40]}"


@pytest.mark.parametrize("story", BREACHES, ids=named)
def test_a_breach_is_named_and_nothing_else(story: Told) -> None:
    name, text, law, anomaly = story
    assert set(said(tell(text, dataflow(name)))) == {(law, anomaly)}


@pytest.mark.parametrize("story", BREACHES, ids=named)
def test_nothing_speaks_up_where_the_law_is_off(story: Told) -> None:
    name, text, law, _ = story
    assert said(tell(text, dataflow(name), without={law})) == []


@pytest.mark.parametrize("story", BREACHES, ids=named)
def test_idle_syncs_in_between_change_nothing(story: Told) -> None:
    name, text, law, anomaly = story
    slower = text if edits_meanwhile(text) else text.replace(" ] ", " ] [ ] [ ] ")
    assert set(said(tell(slower, dataflow(name)))) == {(law, anomaly)}


def test_every_breach_of_the_state_laws_is_told_here() -> None:
    from tallystick.laws.words import WORDS  # noqa: PLC0415

    told = {(law, anomaly) for _, _, law, anomaly in BREACHES}
    elsewhere = {"polite", "discreet", "runs"}
    by_hand = {("untouched", "unlisted-type")}
    for law, anomaly in WORDS:
        if law not in elsewhere and not anomaly.startswith("then-"):
            assert (law, anomaly) in told | by_hand


def facts(chronicle: Chronicle) -> dict[str, Any]:
    violation = chronicle.violations[0]
    return {
        "records": [(r.side, r.type, r.label) for r in violation.records],
        "row": violation.row,
        "direction": violation.direction,
        "expected": violation.expected,
        "found": violation.found,
        "place": violation.place,
        "line": violation.origin.line,
        "pair": violation.pair,
        "event": violation.event == len(chronicle.events) - 1,
    }


def test_what_a_violation_says_of_a_row() -> None:
    said_of = facts(tell("s1:name=a [ >t1 ] t1:n=5 [ ]", dataflow("plain")))
    assert said_of == {
        "records": [("source", "A", "s1"), ("target", "X", "")],
        "row": 1,
        "direction": "source",
        "expected": 5,
        "found": None,
        "place": 0,
        "line": 12,
        "pair": 1,
        "event": True,
    }


def test_what_a_violation_says_of_an_element() -> None:
    text = 's1:lines=[{"sku":"a","n":1},{"sku":"b","n":2}] [ >t1 ] t1:lines.x=1 [ ]'
    text = text.replace("t1:lines.x=1", 't1:lines=[{"Sku":"a","N":1},{"Sku":"b","N":3}]')
    said_of = facts(tell(text, dataflow("lines")))
    assert (said_of["row"], said_of["place"]) == (2, 2)
    assert (said_of["expected"], said_of["found"], said_of["direction"]) == (3, 2, "source")


def test_what_a_violation_says_of_a_sentence() -> None:
    missing = facts(tell("s1 [ ]", dataflow("orders")))
    assert missing["records"] == [("source", "A", "s1")]
    assert (missing["line"], missing["pair"], missing["row"]) == (1001, 1, -1)
    second = facts(tell("sb1 [ >tb1 >tb2<sb1 ]", dataflow("orders")))
    assert (second["line"], second["pair"]) == (2000, 2)
    assert [record[1] for record in second["records"]] == ["Y", "B"]


def test_what_a_violation_says_of_a_conflict() -> None:
    text = "s1:name=a [ >t1 ] s1:name=x 5s t1:name=y [ >t1 ]"
    said_of = facts(tell(text, dataflow("plain")))
    assert (said_of["expected"], said_of["found"], said_of["direction"]) == ("y", "x", "source")


@pytest.mark.parametrize(
    "text",
    [
        "s1 [ >t1 ] [ >=t1 ]",
        "s1 [ >t1 ] s1:name=x [ >t1 >=t1 ]",
        "s1:name=a;n=1 [ >t1 ] s1:name=b;n=2 [ >t1:name=b >t1 ]",
        "s1 [ >t1 ] s1:name=x [ >t1:free=1 ]",
    ],
)
def test_what_was_written_comes_with_the_record_that_people_named(text: str) -> None:
    said_of = facts(tell(text, dataflow("plain")))
    assert said_of["records"] == [("target", "X", ""), ("source", "A", "s1")]


def test_a_list_of_another_length_is_one_difference() -> None:
    text = f"s1:lines={LINE_A} [ >t1 ] s1:lines=[] [ ]"
    chronicle = tell(text, dataflow("lines"))
    assert [(v.expected, v.found, v.place) for v in chronicle.violations] == [([], [["a", 1]], 0)]


def test_a_breach_is_said_once() -> None:
    chronicle = tell("s1 s2 [ >t1 ] [ ] [ ]", dataflow("plain"))
    assert said(chronicle) == [("linked", "missing")]
    chronicle = tell("s1 [ >t1 ] s1:name=x [ ] [ ] [ ]", dataflow("plain"))
    assert said(chronicle) == [("in-sync", "not-arrived")]
    chronicle = tell("s1 [ >t1 ] -s1 [ ] [ ]", dataflow("plain"))
    assert said(chronicle) == [("deletions", "not-deleted")]


def test_mending_a_breach_later_is_no_breach() -> None:
    chronicle = tell("s1 [ >t1 ] s1:name=x [ ] s2 [ >t2 >t1 ]", dataflow("plain"))
    assert ("no-lost-edit", "undone") not in said(chronicle)
