"""Events folded into one result: what counts, what is excused, and what a run comes to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from run_events import EMAIL, ended, failure, figures, scenario, started, tally, violation

from tallystick.levels import sets
from tallystick.results.events import Declined, Expected, event_from_json, event_to_json
from tallystick.results.files import verdict_json
from tallystick.results.result import RunResult
from tallystick.results.tally import Tally

FAILED = (scenario(violation()), failure())


def expected(check: str = EMAIL, until: str = "2026-11-23", **more: int) -> Expected:
    return Expected(check=check, reason="known", until=until, file="expected.toml", line=2, **more)


def result(*events, **declared) -> RunResult:
    made = tally(*events, ended(), **declared).result()
    assert json.loads(verdict_json(made))["exit_status"] == made.exit_status
    return made


def status_of(made: RunResult, check: str = EMAIL) -> str:
    return next(each.status for each in made.checks if each.id == check)


def test_what_was_well_is_conformant() -> None:
    made = result(scenario())
    assert (made.status, made.exit_status, made.reasons, made.notes) == ("conformant", 0, (), ())
    assert made.levels.reached == "full"
    assert set(made.ticks) == {"holds"}
    assert {check.status for check in made.checks} == {"holds"}


def test_a_violation_is_not_conformant() -> None:
    made = result(*FAILED)
    assert (made.status, made.exit_status) == ("not-conformant", 1)
    assert status_of(made) == "violated"
    assert made.levels.reached == ""
    assert made.ticks["violated"] == 3  # the row, its sentence and the two-way promise


def test_what_was_assumed_is_noted() -> None:
    assert result(scenario(), assumed=("a", "b")).notes == ("a", "b")


def test_what_is_not_met_is_undecided() -> None:
    none = replace(figures(), tested=(), arrived=())
    made = result(scenario(figures=none))
    assert (made.status, made.exit_status) == ("undecided", 3)
    assert status_of(made) == "undecided"


def test_what_never_ended_has_no_verdict() -> None:
    made = tally(scenario()).result()
    assert (made.complete, made.status) == (False, "incomplete")
    assert made.levels.reached == ""
    cut = tally(scenario(), ended(complete=False, why="gone", exit_status=4)).result()
    assert (cut.status, cut.exit_status, cut.why) == ("unavailable", 4, "gone")


def test_events_read_back_equal() -> None:
    for event in (started(declines=(Declined(capability="kill", reason="never"),)), *FAILED):
        assert event_from_json(json.loads(json.dumps(event_to_json(event)))) == event


def test_a_stream_begins_once_and_with_a_start() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        Tally.of(FAILED)
    with pytest.raises(ValueError, match="starts once"):
        tally(started())
    assert Tally.of((started(), *FAILED, ended())).result() == result(*FAILED)


class TestDeclined:
    @pytest.mark.parametrize(
        "capability", ["in-sync", "in-sync/Customer", "in-sync/Customer/email=EmailAddress", EMAIL]
    )
    def test_what_is_declined_does_not_count(self, capability) -> None:
        made = result(*FAILED, declines=(Declined(capability=capability, reason="no time"),))
        assert (made.status, made.exit_status) == ("conformant", 0)
        assert status_of(made) == "declined"
        assert made.ticks["declined"] == 3
        assert made.levels.reached == ""
        row = next(row for row in made.sections[0].rows if row.source == "email")
        assert (row.to_target.status, row.to_target.note) == ("declined", "declined: no time")
        assert row.to_source.status == "holds"

    @pytest.mark.parametrize("capability", ["in-sy", "in-sync/Cust", "deletions", "kill"])
    def test_a_decline_covers_nothing_else(self, capability) -> None:
        made = result(*FAILED, declines=(Declined(capability=capability, reason="no"),))
        assert made.exit_status == 1

    def test_a_situation_can_be_declined(self) -> None:
        declines = (Declined(capability="kill", reason="it is never killed"),)
        killed = scenario(violation(), situations=("kill",))
        made = result(killed, failure(situations=("kill",)), declines=declines)
        assert (made.exit_status, status_of(made)) == (0, "declined")
        assert made.levels.reached == "steady"

    def test_one_that_works_is_said_to(self) -> None:
        made = result(scenario(), declines=(Declined(capability="deletions", reason="no"),))
        assert made.notes == ("deletions is declined, but works",)
        assert made.levels.reached == "core"
        made = result(scenario(), declines=(Declined(capability="kill", reason="no"),))
        assert made.notes == ("kill is declined, but works",)

    def test_one_that_was_not_tried_is_not_said_to_work(self) -> None:
        untried = scenario(figures=figures(kill=0))
        assert not result(untried, declines=(Declined(capability="kill", reason="no"),)).notes


class TestExpected:
    def test_a_known_failure_is_no_news(self) -> None:
        made = result(*FAILED, expected=(expected(),))
        assert (made.status, made.exit_status) == ("conformant", 0)
        assert (status_of(made), made.notes) == ("expected", ("1 check fails as expected",))
        assert made.levels.reached == ""
        assert made.ticks["violated"] == 3

    def test_another_failure_still_counts(self) -> None:
        other = EMAIL.replace("to-target", "to-source")
        made = result(*FAILED, expected=(expected(other),))
        assert made.exit_status == 1

    def test_one_that_no_longer_fails_makes_the_run_fail(self) -> None:
        made = result(scenario(), expected=(expected(),))
        assert made.exit_status == 1
        assert made.reasons == (f"{EMAIL} no longer fails: take it out of expected.toml:2",)

    def test_one_that_has_expired_makes_the_run_fail(self) -> None:
        made = result(*FAILED, expected=(expected(until="2026-11-22"),))
        assert (made.exit_status, status_of(made)) == (1, "violated")
        assert made.reasons == (f"{EMAIL} was expected to fail until 2026-11-22 only",)

    def test_one_that_was_not_put_to_the_test_leaves_it_open(self) -> None:
        made = result(scenario(), expected=(expected("scenario/faults/a-kill"),))
        assert made.exit_status == 3
        assert "never put to the test" in made.reasons[0]


def test_what_a_frozen_set_does_not_know_is_unscored(monkeypatch) -> None:
    frozen = replace(sets.CURRENT, breaches=frozenset({"in-sync/drifted"}))
    monkeypatch.setattr("tallystick.results.tally.CURRENT", frozen)
    made = result(*FAILED)
    assert (made.exit_status, status_of(made)) == (0, "unscored")
    assert "unscored" in made.notes[0]
    drifted = result(scenario(violation(anomaly="drifted")), failure(anomaly="drifted"))
    assert (drifted.exit_status, status_of(drifted)) == (1, "violated")


def test_a_scenario_about_another_checklist_is_a_check_of_its_own() -> None:
    other = scenario(violation(), name="A link", own=False, feature="features/x.feature")
    made = result(scenario(), other, failure("scenario/x/a-link"))
    assert (made.exit_status, status_of(made, "scenario/x/a-link")) == (1, "violated")
    assert status_of(made) == "holds"
    assert made.counts.others == 1
    excused = expected("scenario/x/a-link")
    assert result(scenario(), other, failure("scenario/x/a-link"), expected=(excused,)).status == (
        "conformant"
    )


def test_a_violation_without_a_check_of_its_own_is_kept() -> None:
    odd = replace(violation("linked/Order"), law="merged")
    made = result(scenario(odd), failure("merged/Order"))
    assert (made.exit_status, status_of(made, "merged/Order")) == (1, "violated")


@pytest.mark.parametrize(
    ("change", "reached", "missing"),
    [
        ({"repeat_edit": 0}, "", "the situation repeat-edit never occurred"),
        ({"conflict": 0}, "core", "the situation conflict never occurred"),
        ({"kill": 0}, "steady", "the situation kill never occurred"),
        ({"second_page": 0}, "resilient", "the situation second-page never occurred"),
        ({}, "full", ""),
    ],
)
def test_the_level_is_the_highest_with_all_before_it(change, reached, missing) -> None:
    made = result(scenario(figures=figures(**change)))
    assert made.levels.reached == reached
    said = [text for level in made.levels.levels for text in level.missing]
    assert said[:1] == ([missing] if missing else [])


@pytest.mark.parametrize(
    ("check", "situations", "reached"),
    [
        (EMAIL, (), ""),
        (EMAIL, ("deletion",), "core"),
        ("deletions/Customer", (), "core"),
        (EMAIL, ("deletion", "kill"), "steady"),
        ("polite", (), "steady"),
        (EMAIL, ("second-page",), "resilient"),
    ],
)
def test_a_failure_stands_where_its_law_and_situations_are_asked_for(
    check, situations, reached
) -> None:
    made = result(
        scenario(violation(check), situations=situations), failure(check, situations=situations)
    )
    assert made.levels.reached == reached
    assert made.exit_status == 1


def test_the_reach_table_names_what_never_occurred() -> None:
    made = result(scenario(figures=figures(kill=0)))
    assert (made.reach["kill"], made.reach["conflict"]) == (0, 5)


def test_laws_are_counted_by_weather() -> None:
    rough = scenario(violation(), name="Rough", weather="faults+kills")
    made = result(scenario(), rough, failure())
    assert made.weather["in-sync"]["fine"].violated == 0
    assert made.weather["in-sync"]["faults+kills"].violated == 1
    assert made.weather["polite"]["fine"].tested == 10
