"""Failures as stories."""

from __future__ import annotations

from report_cases import (
    NAME,
    SCRIPT,
    dataflow,
    exchange,
    journal,
    printed,
    violation,
)

from tallystick.report import feature_text, story
from tallystick.report.columns import sync_columns, window
from tallystick.report.plain import harmless, many, place_text, wrapped
from tallystick.report.scenario import numbered_steps
from tallystick.vocabulary.events import Killed, Settled, SyncBegan, SyncEnded
from tallystick.vocabulary.gherkin import read_feature
from tallystick.vocabulary.script import Wrote
from tallystick.vocabulary.sentences import Names, parse_step


def told(**facts: object) -> str:
    given = {"title": "An edit arrives", "script": SCRIPT, "violations": [violation()]}
    return story(**{**given, "dataflow": dataflow(), "journal": journal(), **facts})


def test_a_story_as_a_whole() -> None:
    assert (
        told(place="features/a.feature:7")
        == """\
✗ An edit arrives
  features/a.feature:7

     Given the checklist "customwebshop-customerp" with the agreement
       "customwebshop-customerp"
  1. When Customer "Ann" is created in CustomWebshop
  2. And the connector synchronizes
  3. And Customer "Ann" is edited in CustomWebshop:
       | property | value         |
       | email    | "a@x.example" |
  4. And the connector synchronizes

  The EmailAddress of Customer "Ann" in CustomERP should be "a@x.example", as
  entered in CustomWebshop, but is "b@x.example".

  law        in-sync: linked records agree in every listed property
  agreed in  fixtures/agreements/customwebshop-customerp.toml:51
             email ↔ EmailAddress (string)
  expected   "a@x.example"
  found      "b@x.example"

  CustomWebshop           connector                       CustomERP
  ──────────────────────  ──────────────────────────────  ──────────────────────
  Customer "Ann"
  edited by people
    email "a@x.example"
                          sync 2 begins
                          → PUT /customers/1001?…  412
                            stale
                          settled"""
    )


def test_no_line_is_wider_than_80_columns() -> None:
    long = "x" * 300
    text = told(
        title=f"Very {long}",
        violations=[violation(expected=long, found=long)],
        journal=journal(events=[exchange("source", "GET", f"/{long}", 500), printed(long)]),
    )
    assert max(map(len, text.splitlines())) <= 80


def test_a_sentence_of_the_checklist_is_quoted_with_its_line() -> None:
    statement = dataflow().pairs[0].statements[0]
    text = told(violations=[violation("linked", "missing", row=-1, origin=statement.origin)])
    assert "customwebshop-customerp.rst:17" in text
    assert "Every CustomWebshop Customer will be synchronized with a CustomERP" in text


def test_other_breaches_of_the_moment_are_told_in_a_sentence_each_and_once() -> None:
    others = [violation(found=str(at)) for at in range(5)]
    text = told(violations=[violation(), violation(), *others])
    assert text.count("•") == 4
    assert "and 2 more" in text


def test_a_check_is_a_then() -> None:
    lines = numbered_steps((*SCRIPT, Wrote(side="target", number=0)), dataflow())
    assert lines[-1] == "  5. Then the last synchronization wrote nothing to CustomERP"


def test_nothing_printed_is_a_workflow_command_or_an_escape() -> None:
    evil = "::error::x ##[error]y ##vso[task.z] ##teamcity[q] \x1b[31m"
    events = [printed(f"\n{evil}"), exchange("source", "GET", "/a", 400, answer={"detail": evil})]
    text = told(
        title=evil,
        journal=journal(events=events),
        violations=[violation("runs", "crashed", note=evil, event=1)],
    )
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert not [mark for mark in ("##[", "##vso[", "##teamcity[", "\x1b", "\r") if mark in text]


def test_harmless_leaves_ordinary_text_alone() -> None:
    text = "## A heading\n  a::b and :c"
    assert harmless(text) == text


def test_the_window_is_one_sync_with_the_edits_before_it() -> None:
    assert window(journal().events, 7) == (3, 7)
    assert window(journal().events, 5) == (3, 7)
    assert window(journal().events, 99) == (3, 7)


def test_the_window_goes_back_to_where_something_happened() -> None:
    idle = [
        SyncBegan(at_ms=2, number=3),
        exchange("source", "GET", "/customers"),
        SyncEnded(at_ms=2, number=3, outcome="did"),
        Settled(at_ms=2, number=3, sync=3),
    ]
    assert window([*journal().events, *idle], 11) == (3, 11)
    assert window(idle, 3) == (0, 3)
    killed = [*idle[:2], Killed(at_ms=2, process=1), *idle[2:]]
    assert window([*journal().events, *killed], 12) == (8, 12)


def test_reads_are_counted_where_several_follow_each_other() -> None:
    reads = [exchange("source", "GET", f"/customers/{at}") for at in range(3)]
    reads += [exchange("target", "GET", "/customers")]
    text = "\n".join(sync_columns(reads, 3, dataflow()))
    assert "4 reads (← 3, → 1)  200" in text
    few = "\n".join(sync_columns(reads[:2], 1, dataflow()))
    assert "← GET /customers/0  200" in few


def test_a_refusal_says_why_and_a_lost_answer_that_it_is_lost() -> None:
    errors = [{"path": "EmailAddress", "message": "is required"}, {"path": "x", "message": "y"}]
    events = [
        exchange("target", "POST", "/customers", 422, answer={"errors": errors}),
        exchange("target", "POST", "/customers", 0, answered=False, fault="reset-after"),
    ]
    text = "\n".join(sync_columns(events, 1, dataflow()))
    assert "EmailAddress: is required" in text
    assert "and 1 more" in text
    assert "no answer" in text
    assert "reset-after" in text


def test_a_long_sync_keeps_its_begin_and_its_end() -> None:
    events = [exchange("target", "PUT", f"/c/{at}") for at in range(200)]
    lines = sync_columns(events, 199, dataflow())
    assert len(lines) < 60
    assert any("lines left out" in line for line in lines)
    assert "/c/199" in lines[-1]


def test_a_story_without_journal_has_no_columns() -> None:
    assert "connector   " not in told(journal=None)


def test_a_saved_feature_reads_back_as_the_same_script() -> None:
    text = feature_text(
        SCRIPT, dataflow(), feature="A\nfailure", scenario="one", comments=["saved from\nthere"]
    )
    feature = read_feature(text, file="x.feature")
    assert feature.ours
    names = Names.of(dataflow())
    steps = feature.scenarios[0].steps
    assert tuple(parse_step(line.text, line.table, names) for line in steps) == SCRIPT
    assert NAME in text


def test_small_words() -> None:
    assert many(1, "edit") == "1 edit"
    assert many(1200, "property", "properties") == "1,200 properties"
    assert wrapped("aaa bbb", 5, indent=" ", first="* ") == "* aaa\n bbb"
    assert place_text(dataflow().pairs[0].origin).endswith("customwebshop-customerp.rst:14")
