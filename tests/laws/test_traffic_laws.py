"""polite, discreet, runs and what else is told by single events: lawful, violating, undecided."""

from __future__ import annotations

from typing import Any

import pytest
from dataflows import dataflow
from histories import Chronicle, said, tell

from tallystick.vocabulary.events import (
    Change,
    Exchange,
    Killed,
    Printed,
    Snapshot,
    Started,
    Strayed,
    SyncEnded,
)


def world(name: str = "plain", *, without: Any = ()) -> Chronicle:
    chronicle = Chronicle(dataflow(name), without=without)
    return chronicle.tell("s1:name=Ann-Smith;free=secret-thing [ >t1 ]")


def only(chronicle: Chronicle, law: str) -> list[str]:
    assert {found for found, _ in said(chronicle)} <= {law}
    return [anomaly for _, anomaly in said(chronicle)]


def answered(chronicle: Chronicle, status: int, **facts: Any) -> None:
    chronicle.exchange("target", "GET", "/x", status, **facts)


# polite


def test_waiting_as_long_as_was_asked_is_polite() -> None:
    chronicle = world()
    chronicle.begin()
    answered(chronicle, 429, retry_after_s=2)
    chronicle.tick(2000)
    answered(chronicle, 200)
    assert only(chronicle, "polite") == []


def test_not_waiting_is_not_and_is_said_of_that_system_only() -> None:
    chronicle = world()
    answered(chronicle, 503, retry_after_s=2)
    chronicle.exchange("source", "GET", "/a", 200)
    chronicle.tick(1990)
    answered(chronicle, 200)
    assert only(chronicle, "polite") == ["did-not-wait"]
    assert chronicle.violations[0].direction == "target"


def test_only_an_answer_that_arrived_asks_to_wait() -> None:
    chronicle = world()
    answered(chronicle, 0, retry_after_s=2, answered=False)
    answered(chronicle, 200)
    assert only(chronicle, "polite") == []


def test_a_new_process_need_not_know_of_it() -> None:
    chronicle = world()
    answered(chronicle, 429, retry_after_s=9)
    chronicle.emit(Killed(at_ms=chronicle.now_ms, process=1))
    chronicle.emit(Started(at_ms=chronicle.now_ms, process=2))
    answered(chronicle, 200)
    answered(chronicle, 401)
    chronicle.emit(Started(at_ms=chronicle.now_ms, process=3))
    answered(chronicle, 200)
    assert only(chronicle, "polite") == []


def test_going_on_after_401_is_not_polite() -> None:
    chronicle = world()
    answered(chronicle, 401)
    chronicle.exchange("source", "GET", "/a", 200)
    assert only(chronicle, "polite") == []
    answered(chronicle, 200)
    assert only(chronicle, "polite") == ["goes-on-after-401"]


@pytest.mark.parametrize(
    ("attempts", "anomalies"), [(10, []), (11, ["too-many-attempts"]), (14, ["too-many-attempts"])]
)
def test_attempts_are_bounded(attempts: int, anomalies: list[str]) -> None:
    chronicle = world()
    chronicle.begin()
    for _ in range(attempts):
        answered(chronicle, 500, fault="error")
    assert only(chronicle, "polite") == anomalies


def test_attempts_are_counted_for_each_request_and_sync() -> None:
    chronicle = world()
    for _ in range(3):
        chronicle.begin()
        for _ in range(10):
            answered(chronicle, 500, fault="error")
            chronicle.exchange("target", "POST", "/x", 0, answered=False, body={"data": {"N": 1}})
        chronicle.end("failed")
    assert only(chronicle, "polite") == []


def test_good_answers_and_refusals_are_no_attempts() -> None:
    chronicle = world()
    chronicle.begin()
    for _ in range(30):
        answered(chronicle, 200)
        chronicle.exchange("target", "POST", "/x", 422, body={"data": {"N": 1}})
    assert only(chronicle, "polite") == []


def refused(chronicle: Chronicle, times: int, method: str = "PUT", key: str = "") -> None:
    body = {"data": {"N": 1}} | ({"external_reference": key} if key else {})
    for _ in range(times):
        chronicle.exchange("target", method, "/x/1", 422, body=body)


@pytest.mark.parametrize(("times", "anomalies"), [(2, []), (3, ["refused-again"])])
@pytest.mark.parametrize(("method", "key"), [("PUT", ""), ("PATCH", ""), ("POST", "k1")])
def test_what_was_refused_is_not_sent_again_and_again(method, key, times, anomalies) -> None:
    chronicle = world()
    chronicle.begin()
    refused(chronicle, times, method, key)
    assert only(chronicle, "polite") == anomalies


def test_what_was_refused_may_be_sent_again_later() -> None:
    chronicle = world()
    for number in range(3):
        chronicle.begin()
        refused(chronicle, 2)
        chronicle.person(f"s{number + 1}", {"n": number})
        refused(chronicle, 2)
        chronicle.emit(Started(at_ms=chronicle.now_ms, process=number + 2))
        refused(chronicle, 2)
        chronicle.end()
    assert "polite" not in {violation.law for violation in chronicle.violations}


@pytest.mark.parametrize(("retries", "anomalies"), [(100, []), (101, ["too-many-retries"])])
def test_retries_are_bounded(retries: int, anomalies: list[str]) -> None:
    chronicle = world()
    chronicle.begin()
    for at in range(retries):
        chronicle.exchange("target", "GET", f"/x/{at}", 503, fault="unavailable")
    assert only(chronicle, "polite") == anomalies


def idle(chronicle: Chronicle, requests: int) -> Chronicle:
    chronicle.tell("[[ ]").begin()
    for _ in range(requests):
        answered(chronicle, 200)
    chronicle.end()
    return chronicle


def test_an_idle_sync_is_short() -> None:
    limit = 2 * (4 + 2)  # two types; four requests each, and twice their single page
    assert only(idle(world("plain"), limit), "polite") == []
    assert only(idle(world("plain"), limit + 1), "polite") == ["busy-when-idle"]
    assert (found := idle(world("plain"), 20).violations[0]).expected == limit
    assert found.found == 20


def test_more_records_may_take_more_pages() -> None:
    chronicle = tell(" ".join(f"s{n}:name=n{n}" for n in range(1, 61)), dataflow("plain"))
    chronicle.tell("[ " + " ".join(f">t{n}" for n in range(1, 61)) + " ]")
    assert only(idle(chronicle, 16), "polite") == []


def test_a_sync_after_something_happened_is_not_idle() -> None:
    chronicle = world()
    chronicle.tell("s1:name=q").begin()
    for _ in range(40):
        answered(chronicle, 200)
    chronicle.tell(">t1 ]").begin()
    for _ in range(40):
        answered(chronicle, 200)
    chronicle.end()
    assert only(chronicle, "polite") == []


# discreet


def post(chronicle: Chronicle, data: Any, **facts: Any) -> None:
    body = {"data": data, **facts.pop("more", {})}
    chronicle.exchange("target", "POST", "/x", 422, body=body, **facts)


def test_what_belongs_into_a_body_is_discreet() -> None:
    chronicle = world()
    key = str(chronicle.keys["s1"])
    post(chronicle, {"Name": "Ann-Smith", "N": 3}, more={"external_reference": f"shop/{key}"})
    post(chronicle, {"Name": "Ann-Smith", "Free": None, "Other": {}})
    chronicle.exchange("target", "GET", "/x?external_reference=shop-1", 200)
    assert only(chronicle, "discreet") == []


@pytest.mark.parametrize(
    ("data", "facts", "anomaly"),
    [
        ({"Name": "Ann", "Free": "x"}, {}, "unlisted-sent"),
        ({"Name": "Ann", "Deep": {"er": 1}}, {}, "unlisted-sent"),
        ({"Name": "Ann-Smith"}, {"more": {"external_reference": "Ann-Smith"}}, "data-in-reference"),
        (
            {"Name": "Ann-Smith"},
            {"headers": {"idempotency-key": "a/Ann-Smith"}},
            "data-in-reference",
        ),
        (
            {"Name": "Ann-Smith"},
            {"more": {"external_reference": "1"}, "headers": {"idempotency-key": "Ann-Smith"}},
            "data-in-reference",
        ),
        ({}, {"token": "source"}, "token-to-other-system"),
    ],
)
def test_what_is_sent_may_tell_too_much(data: Any, facts: Any, anomaly: str) -> None:
    chronicle = world()
    post(chronicle, data, **facts)
    assert only(chronicle, "discreet") == [anomaly]


def test_elements_may_tell_too_much() -> None:
    chronicle = world("lines")
    post(chronicle, {"Name": "Ann", "Lines": [{"Sku": "a", "N": 1}]})
    assert only(chronicle, "discreet") == []
    post(chronicle, {"Name": "Ann", "Lines": [{"Sku": "a", "Note": "x"}]})
    assert only(chronicle, "discreet") == ["unlisted-sent"]


def test_conditions_values_may_be_sent() -> None:
    chronicle = world("phones")
    post(chronicle, {"Name": "Ann", "Phones": [{"Kind": "on", "Number": 1}]})
    chronicle = world("when")
    post(chronicle, {"Name": "Ann", "Kind": "on", "Mobile": 1})
    assert only(chronicle, "discreet") == []


def test_looking_up_by_what_is_not_in_a_merge_rule_tells_too_much() -> None:
    chronicle = world("merge")
    chronicle.exchange("target", "GET", "/x?where=Name&equals=Ann", 200)
    chronicle.exchange("target", "GET", f"/x?where=No&equals={chronicle.keys['t1']}", 200)
    assert only(chronicle, "discreet") == []
    chronicle.exchange("target", "GET", "/x?where=Mail&equals=ann%40home", 200)
    assert only(chronicle, "discreet") == ["data-in-look-up"]


def test_a_token_must_not_go_to_strangers() -> None:
    chronicle = world()
    chronicle.emit(Strayed(at_ms=chronicle.now_ms, process=1, origin="http://elsewhere"))
    assert only(chronicle, "discreet") == []
    stray = Strayed(at_ms=chronicle.now_ms, process=1, origin="http://else", tokens=("source",))
    chronicle.emit(stray)
    assert only(chronicle, "discreet") == ["token-to-stranger"]


def printed(text: str, tokens: Any = (), more: str = "") -> list[str]:
    chronicle = world().tell(f's2:name="Ann\\u0020Smith";mail="ann@home.example" {more}')
    chronicle.emit(Printed(at_ms=chronicle.now_ms, text=text, tokens=tokens))
    return only(chronicle, "discreet")


def test_what_is_printed() -> None:
    assert printed("synced 3 records of type Customer, key a-0001") == []
    assert printed("Name, free, Mail; 2025-01-01") == []
    assert printed("sending <source-token>", ("source",)) == ["token-printed"]
    assert printed("could not save Ann Smith!") == ["data-printed"]
    assert printed("mail=ann@home.example") == ["data-printed"]
    assert printed("a d Ann Smit") == []


def test_what_somebody_once_wrote_is_still_theirs() -> None:
    assert printed("was ann@home.example", more="s2:mail=x@y") == ["data-printed"]


# runs


def end(chronicle: Chronicle, outcome: Any) -> None:
    chronicle.emit(SyncEnded(at_ms=chronicle.now_ms, number=9, outcome=outcome, why="why"))


def test_giving_up_now_and_then_is_no_breach() -> None:
    chronicle = world()
    for outcome in ("failed",) * 4 + ("did",) + ("failed",) * 4:
        end(chronicle, outcome)
    assert only(chronicle, "runs") == []


def test_giving_up_five_times_in_fine_weather_is() -> None:
    chronicle = world()
    for _ in range(5):
        end(chronicle, "failed")
    assert only(chronicle, "runs") == ["gave-up"]
    end(chronicle, "failed")
    assert only(chronicle, "runs") == ["gave-up"]


def test_faults_and_kills_start_the_count_again() -> None:
    chronicle = world()
    for _ in range(4):
        end(chronicle, "failed")
    answered(chronicle, 500, fault="error")
    for _ in range(4):
        end(chronicle, "failed")
    chronicle.emit(Killed(at_ms=chronicle.now_ms, process=1))
    end(chronicle, "failed")
    assert only(chronicle, "runs") == []


def test_a_crash_is_a_breach() -> None:
    chronicle = world()
    end(chronicle, "crashed")
    assert only(chronicle, "runs") == ["crashed"]
    assert chronicle.violations[0].note == "why"


# types in no pair


def test_types_in_no_pair_are_left_alone() -> None:
    chronicle = world("stranger")
    after = Snapshot(data={"x": 1}, modified_ms=chronicle.now_ms, version=1)
    change = Change(side="target", type="Z", key=7, before=None, after=after)
    chronicle.exchange("target", "POST", "/z", 201, changes=(change,))
    assert said(chronicle) == [("untouched", "unlisted-type")]
    assert chronicle.violations[0].records[0].type == "Z"


@pytest.mark.parametrize("law", ["polite", "discreet", "runs", "untouched"])
def test_each_of_them_can_be_switched_off(law: str) -> None:
    chronicle = world("stranger", without={law})
    if law == "polite":
        answered(chronicle, 401)
        answered(chronicle, 200)
    if law == "discreet":
        post(chronicle, {"Free": "x"})
    if law == "runs":
        end(chronicle, "crashed")
    if law == "untouched":
        chronicle.tell("t1:free=1 s1:name=q [ >t1:name=q;free=2 ]")
    assert said(chronicle) == []


def test_exchanges_put_them_to_the_test() -> None:
    tested = world().judge.judgement.tested
    assert tested["polite", 0]
    assert tested["discreet", 0]
    assert tested["runs", 0]
    nothing = Chronicle(dataflow("plain")).tell("s1").judge.judgement.tested
    assert not nothing["polite", 0]
    assert not nothing["discreet", 0]
    assert not nothing["runs", 0]


def test_an_exchange_that_leads_nowhere_tells_nothing() -> None:
    chronicle = world()
    chronicle.emit(
        Exchange(
            at_ms=chronicle.now_ms,
            number=99,
            process=1,
            side="target",
            method="POST",
            target="/webhooks",
            status=201,
            body={"url": "http://localhost"},
            token="target",
        )
    )
    post(chronicle, [1])
    assert only(chronicle, "discreet") == []
