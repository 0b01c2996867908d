"""Judging: the same from a saved journal, deterministic, and flat in the journal's length."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dataflows import dataflow
from histories import Chronicle, chance, said, tell
from random_histories import Stage, history, settings

from tallystick.journal.journal import load, save, to_lines
from tallystick.laws.judge import Judge, judge
from tallystick.laws.verdict import Judgement, merge_judgements
from tallystick.vocabulary.events import Settled

KINDS = tuple(settings())


def random_chronicle(kind: str, seed: int) -> Chronicle:
    choose = chance(seed)
    setting = settings()[kind](choose)
    return Stage(setting).play(history(choose, setting, 20))


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_journal_is_judged_like_a_live_one(kind: str, tmp_path: Path) -> None:
    for seed in range(5):
        chronicle = random_chronicle(kind, seed)
        save(chronicle.journal, tmp_path / "journal.jsonl")
        loaded = load(tmp_path / "journal.jsonl")
        assert loaded.events == chronicle.events
        assert list(to_lines(loaded)) == list(to_lines(chronicle.journal))
        assert judge(loaded) == chronicle.judge.judgement


def test_violations_come_out_of_a_saved_journal(tmp_path: Path) -> None:
    chronicle = tell("s1 [ >t1 ] s1:name=x [ ] s2 [ ]", dataflow("plain"))
    save(chronicle.journal, tmp_path / "journal.jsonl")
    loaded = load(tmp_path / "journal.jsonl")
    assert judge(loaded).violations == chronicle.violations
    assert [v.law for v in chronicle.violations] == ["in-sync", "linked"]
    assert judge(loaded, without={"linked"}).violations == chronicle.violations[:1]


def test_judging_twice_gives_the_same() -> None:
    for kind in KINDS:
        one, two = random_chronicle(kind, 77), random_chronicle(kind, 77)
        assert one.events == two.events
        assert one.judge.judgement == two.judge.judgement


def test_judgements_add_up() -> None:
    parts = [random_chronicle("plain", seed).judge.judgement for seed in range(3)]
    total = merge_judgements(parts)
    assert total.journals == 3
    assert total.edits == sum(part.edits for part in parts)
    assert total.tested["in-sync", 1] == sum(part.tested["in-sync", 1] for part in parts)
    assert merge_judgements([]) == Judgement()


def test_nothing_is_judged_before_the_weather_is_calm() -> None:
    chronicle = tell("s1 [", dataflow("plain"))
    judge_ = Judge(dataflow("plain"))
    for event in chronicle.events:
        judge_.feed(event)
    for calm in (0, 1, 2):
        settle = Settled(at_ms=chronicle.now_ms, number=1, sync=1, calm=calm)
        assert judge_.feed(settle) == []
    settle = Settled(at_ms=chronicle.now_ms, number=1, sync=1, calm=3)
    assert [violation.law for violation in judge_.feed(settle)] == ["linked"]


# what it costs


def calls_of(work: Callable[[], Any]) -> int:
    """Count calls of Python functions: the same on every machine."""
    count = 0

    def note(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


ROUND: dict[str, str] = {
    "plain": "s1 [ >t1 ] t1 [ >s1 ]",
    "keep": "s1:name=- [ ] s1 [ >t1 ]",
    "lines": 's1:lines=[{"sku":"a","n":1}] [ >t1 ] s1:lines=[] [ >t1 ]',
    "bare": "s1:free=1 t1:free=2 [ ]",
    "merge": "s1:n=5 [ >t1 ] t1:free=1 t1:n=6 [ >s1 ]",
    "refused": "s1:name=longer [ ] s1:n=3 [ ] t1:n=4 [ ]",
    "orders": "s1 [ >t1 ] sb1:of=@s1 [ >tb1 ] sb1:of=- [ >tb1 ]",
    "two-pairs": "s1:name=a [ >t1 >tb1<s1 ] tb1:title=q [ >s1:name=q >t1 ]",
}
START: dict[str, str] = {
    "two-pairs": "s1 [ >t1 >tb1<s1 ]",
    "orders": "s1 sb1:title=x [ >t1 >tb1 ]",
    "bare": "s1 s2 s3 s4 [ >t1 >t2 >t3 >t4 ]",
    "refused": "s1:name=abc [ >t1 ]",
}


@pytest.mark.parametrize("name", ROUND)
def test_a_round_costs_the_same_however_long_the_journal_is(name: str) -> None:
    chronicle = tell(START.get(name, "s1:name=a [ >t1 ]"), dataflow(name))
    costs = []
    for _ in range(4):
        costs.append(calls_of(lambda: chronicle.tell(ROUND[name])))
        chronicle.tell(" ".join([ROUND[name]] * 30))
    assert said(chronicle) == []
    assert costs[3] <= 1.1 * costs[1]


@pytest.mark.parametrize("name", ROUND)
def test_what_is_kept_of_a_record_is_bounded(name: str) -> None:
    chronicle = tell(START.get(name, "s1:name=a [ >t1 ]"), dataflow(name))
    most = 0
    for _ in range(40):
        chronicle.tell(ROUND[name])
        most = max(most, *(len(record.acts) for record in records_of(chronicle)))
    assert most <= 6


def records_of(chronicle: Chronicle) -> list[Any]:
    return [
        record
        for of_side in chronicle.judge.history.records.values()
        for of_type in of_side.values()
        for record in of_type.values()
    ]


def test_a_detached_survivor_is_not_watched_for_ever() -> None:
    chronicle = tell("s1 [ >t1 ] -s1 [ ] " + "t1 [ ] " * 30, dataflow("detach"))
    assert said(chronicle) == []
    assert max(len(record.acts) for record in records_of(chronicle)) <= 3


def test_records_that_were_never_linked_are_not_watched_for_ever() -> None:
    chronicle = tell("t1 " + "t1 [ ] " * 30, dataflow("plain"))
    assert max(len(record.acts) for record in records_of(chronicle)) <= 3


@pytest.mark.parametrize("name", ["plain", "bare", "merge"])
def test_many_records_cost_no_more_each_than_few(name: str) -> None:
    costs = Counter[int]()
    for many in (25, 100):
        chronicle = Chronicle(dataflow(name))
        alike = "x" if name == "plain" else ""
        chronicle.tell(" ".join(f"s{n}:name={alike or n}" for n in range(1, many + 1)))
        writes = " ".join(f">t{n}" for n in range(1, many + 1))
        costs[many] = calls_of(lambda: chronicle.tell(f"[ {writes} ]"))  # noqa: B023
        assert said(chronicle) == []
    assert costs[100] / 100 <= 1.5 * costs[25] / 25


def test_many_records_of_two_sections_cost_no_more_each_than_few() -> None:
    costs = Counter[int]()
    for many in (25, 100):
        chronicle = Chronicle(dataflow("twin-rows"))
        chronicle.tell(" ".join(f"s{n}:name={n};title={-n}" for n in range(1, many + 1)))
        writes = " ".join(f">t{n} >tb{n}<s{n} >tc{n}<s{n}" for n in range(1, many + 1))
        costs[many] = calls_of(lambda: chronicle.tell(f"[ {writes} ]"))  # noqa: B023
        assert said(chronicle) == []
    assert costs[100] / 100 <= 2.2 * costs[25] / 25


def test_a_thousand_records_alike_are_matched() -> None:
    chronicle = Chronicle(dataflow("bare"))
    chronicle.tell(" ".join(f"s{n}:free=1" for n in range(1, 1001)))
    chronicle.tell("[ " + " ".join(f">t{n}" for n in range(1, 1001)) + " ]")
    chronicle.tell("-s500 [ >-t7 ] [ ]")
    assert said(chronicle) == []
