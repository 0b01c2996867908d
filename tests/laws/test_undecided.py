"""What was never put to the test is undecided, never "holds"; what was, is counted and ticked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dataflows import dataflow
from histories import flow, pair, row, tell

from tallystick.dataflow.model import Origin, Policies
from tallystick.laws.ticks import TickedChecklist, tick_checklist
from tallystick.laws.verdict import Judgement
from tallystick.vocabulary.laws import LAWS

UNTESTED: list[tuple[str, str, str]] = [
    ("linked", "plain", "t1 [ ]"),
    ("one-to-one", "plain", "[ ]"),
    ("in-sync", "plain", "s1 [ ]"),
    ("in-sync", "bare", "s1 [ >t1 ]"),
    ("latest-wins", "plain", "s1 [ >t1 ] s1 [ >t1 ]"),
    ("latest-wins", "plain", "s1:name=a [ >t1 ] s1:name=x t1:name=y [ >t1 ]"),
    ("latest-wins", "plain", "s1:name=a [ >t1 ] s1:name=x 5s t1:name=x [ ]"),
    ("no-lost-edit", "plain", "s1 [ >t1 ]"),
    ("no-lost-edit", "plain", "s1 [ >t1 ] s1:free=1 [ ]"),
    ("no-invention", "plain", "s1 [ ]"),
    ("untouched", "plain", "s1 [ >t1 ]"),
    ("for-life", "plain", "s1 [ >t1 ]"),
    ("merged", "merge", "s1:name=a [ >t1 ]"),
    ("references", "orders", "s1 [ >t1 ]"),
    ("references", "orders", "sb1:of=nobody [ >tb1:title=- ]"),
    ("deletions", "plain", "s1 [ >t1 ] s1 [ >t1 ]"),
    ("deletions", "plain", "s1 [ >t1 ] [ -s1 ]"),
    ("quiet", "plain", "s1 [ >t1 ]"),
    ("economical", "plain", "s1 [ ]"),
    ("polite", "plain", "s1 [[ ]"),
    ("discreet", "plain", "s1 [[ ]"),
    ("runs", "plain", "s1"),
]
TESTED: list[tuple[str, str, str]] = [
    ("linked", "plain", "s1 [ >t1 ]"),
    ("one-to-one", "plain", "s1 [ >t1 ]"),
    ("in-sync", "plain", "s1 [ >t1 ]"),
    ("latest-wins", "plain", "s1:name=a [ >t1 ] s1:name=x 5s t1:name=y [ >s1 ]"),
    ("no-lost-edit", "plain", "s1 [ >t1 ] s1 [ >t1 ]"),
    ("no-invention", "plain", "s1 [ >t1 ]"),
    ("untouched", "plain", "s1 [ >t1 ] s1 [ >t1 ]"),
    ("for-life", "plain", "s1 [ >t1 ] s1 [ >t1 ]"),
    ("merged", "merge", "s1:name=a;n=1 t1:name=a [ >t1 ]"),
    ("references", "orders", "s1 sb1:of=@s1 [ >t1 >tb1 ]"),
    ("deletions", "plain", "s1 [ >t1 ] -s1 [ >-t1 ]"),
    ("quiet", "plain", "s1 [ >t1 ] [ ]"),
    ("economical", "plain", "s1 [ >t1 ]"),
    ("polite", "plain", "s1 [ >t1 ]"),
    ("discreet", "plain", "s1 [ >t1 ]"),
    ("runs", "plain", "s1 [ >t1 ]"),
]


def times_tested(law: str, name: str, text: str) -> int:
    tested = tell(text, dataflow(name)).judge.judgement.tested
    return sum(count for (of, _), count in tested.items() if of == law)


@pytest.mark.parametrize(("law", "name", "text"), UNTESTED)
def test_a_law_is_not_tested_by_a_history_that_is_not_about_it(
    law: str, name: str, text: str
) -> None:
    assert times_tested(law, name, text) == 0


@pytest.mark.parametrize(("law", "name", "text"), TESTED)
def test_a_law_is_tested_by_one_that_is(law: str, name: str, text: str) -> None:
    assert times_tested(law, name, text) > 0
    assert tell(text, dataflow(name)).violations == []


def test_every_law_is_among_them() -> None:
    assert {law for law, _, _ in UNTESTED} == {law for law, _, _ in TESTED} == set(LAWS)


# ticks


def ticked(text: str, name: str = "plain", made: Any = None) -> TickedChecklist:
    known = made or dataflow(name)
    return tick_checklist(known, tell(text, known).judge.judgement if text else Judgement())


def sentences(ticks: TickedChecklist, number: int = 0) -> dict[str, str]:
    return {each.statement.kind: each.tick.status for each in ticks.pairs[number].sentences}


def rows(ticks: TickedChecklist, number: int = 0) -> list[tuple[str, str]]:
    return [
        (each.ticks["target"].status, each.ticks["source"].status)
        for each in ticks.pairs[number].rows
    ]


def test_nothing_judged_is_undecided_everywhere() -> None:
    ticks = ticked("")
    assert set(sentences(ticks).values()) == {"undecided"}
    assert set(rows(ticks)) == {("undecided", "undecided")}
    assert {tick.status for tick in ticks.general.values()} == {"undecided"}
    assert {policy.name: policy.tick.status for policy in ticks.policies} == {
        "conflicts": "undecided",
        "deletions": "undecided",
        "empty": "unspecified",
        "create": "unspecified",
    }


def test_what_was_tested_holds_row_by_row_and_direction_by_direction() -> None:
    ticks = ticked("s1:name=a [ >t1 ] s1:name=b [ >t1 ] t1:n=5 [ >s1 ] [ ]")
    assert rows(ticks) == [("holds", "undecided"), ("undecided", "holds")]
    assert sentences(ticks)["in-sync"] == "holds"
    assert sentences(ticks)["lead-always"] == "holds"
    assert sentences(ticks)["merge"] == "undecided"
    assert ticks.general["runs"].status == "holds"
    assert ticks.pairs[0].rows[0].ticks["target"].count == 1


def test_what_was_broken_is_violated_there_only() -> None:
    ticks = ticked("s1:name=a [ >t1 ] s1:name=b [ ]")
    assert rows(ticks) == [("violated", "undecided"), ("undecided", "undecided")]
    assert sentences(ticks)["in-sync"] == "violated"
    assert sentences(ticks)["properties"] == "violated"
    assert sentences(ticks)["lead-always"] == "holds"
    ticks = ticked("s1 [ ]")
    assert sentences(ticks)["lead-always"] == "violated"
    assert sentences(ticks)["in-sync"] == "undecided"


def test_policies_are_ticked_and_say_who_agreed() -> None:
    ticks = ticked("s1:name=a [ >t1 ] s1:name=x 5s t1:name=y [ >t1 ] -s1 [ >-t1 ]")
    found = {policy.name: policy for policy in ticks.policies}
    assert found["conflicts"].tick.status == "violated"
    assert found["deletions"].tick.status == "holds"
    assert found["deletions"].by == "default"
    agreed = Policies(agreed={"deletions": Origin(by="agreement")})
    ticks = ticked("s1 [ >t1 ]", made=replace(dataflow("plain"), policies=agreed))
    assert {policy.name: policy.by for policy in ticks.policies}["deletions"] == "agreement"
    assert ticks.policies[0].choice == "latest-wins"


def test_what_nobody_specified_is_said_to_be_so() -> None:
    ticks = ticked("s1 [ >t1 ] [ ] -s1 [ >-t1 ]", "bare")
    assert sentences(ticks)["properties"] == "unspecified"
    assert sentences(ticks)["in-sync"] == "unspecified"
    assert {policy.name: policy.tick.status for policy in ticks.policies}["conflicts"] == (
        "unspecified"
    )
    ticks = ticked("s1 [ >t1:name=q ]", "unknown")
    assert rows(ticks)[0] == ("unspecified", "unspecified")
    assert rows(ticked("s1 [ >t1 ]", "key"))[1] == ("holds", "unspecified")
    assert rows(ticked("", "key"))[1] == ("undecided", "unspecified")


def test_a_condition_in_prose_is_unspecified() -> None:
    made = dataflow("prose")
    [first] = made.pairs
    statement = replace(first.statements[0], kind="lead-condition")
    made = replace(made, pairs=(replace(first, statements=(statement,)),))
    assert sentences(ticked("s1 [ ]", made=made)) == {"lead-condition": "unspecified"}


def test_general_laws_are_ticked() -> None:
    made = dataflow("plain")
    chronicle = tell("s1 [ >t1 ]", made)
    chronicle.exchange("target", "GET", "/x", 401)
    chronicle.exchange("target", "GET", "/x", 200)
    ticks = tick_checklist(made, chronicle.judge.judgement)
    assert ticks.general["polite"].status == "violated"
    assert ticks.general["polite"].count == 1
    assert len(list(ticks.all_ticks())) == 6 + 2 * 2 + 4 + 3


def test_rows_of_two_sections_are_ticked_apart() -> None:
    made = flow(pair("A", "X", row("name")), pair("B", "Y", row("name")))
    ticks = ticked("s1 sb1 [ >t1 >tb1 ] s1 [ >t1 ] sb1 [ ]", made=made)
    assert rows(ticks, 0) == [("holds", "undecided")]
    assert rows(ticks, 1) == [("violated", "undecided")]
