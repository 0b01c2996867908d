"""The pytest plugin, in an inner pytest."""

from __future__ import annotations

import re
from functools import partial

import pytest

import tallystick.steps.session  # noqa: F401 - loaded once, not anew by every inner pytest
from tallystick.connectors.polling import Attachment
from tallystick.resources import packaged
from tallystick.systems.server import Sockets

pytest_plugins = ["pytester"]

HEAD = """\
@tallystick @mine
Feature: Mine
  Background:
    Given the checklist "customwebshop-customerp" without an agreement
"""

GOOD = """
  @law-linked @line-17
  Scenario: A customer comes over
    When Customer "Ann" is created in CustomWebshop
    And the connector synchronizes
    Then Customer "Ann" has one counterpart in CustomERP
"""

OUTLINE = """
  Scenario Outline: <type> comes over
    When <type> "X" is created in CustomWebshop
    And the connector synchronizes
    Then <type> "X" has one counterpart in CustomERP

    Examples:
      | type     |
      | Customer |
      | Product  |
"""

WRONG = """
  Scenario: Nothing comes over
    When Customer "Ann" is created in CustomWebshop
    And the connector synchronizes
    Then Customer "Ann" has no counterpart in CustomERP
"""

RANDOM = """
  @random
  Scenario: Anything
    When people make random edits to Customer records on either side
    Then all laws hold
"""

LAZY = """
class Lazy:
    def sync(self):
        pass

    def close(self):
        pass

def connect(env, *, now, sleep):
    return Lazy()
"""


MOODY = """
import importlib

import lazy

FAILING = {}

def connect(env, **more):
    known = lazy.connect if FAILING.pop(0) else importlib.import_module("tallystick_reference").connect
    return known(env, **more)
"""


@pytest.fixture
def play(pytester, plugin_arguments, monkeypatch):
    """Write features and run pytest on them: `play(GOOD, "-k", "customer")`."""
    monkeypatch.syspath_prepend(pytester.path)

    def run(text: str, *arguments: str, head: str = HEAD):
        pytester.path.joinpath("mine.feature").write_text(head + text, "utf-8")
        return pytester.runpytest_inprocess(*plugin_arguments, *arguments)

    return run


def said(result) -> str:
    return result.stdout.str()


def test_a_feature_of_ours_is_played(play):
    result = play(GOOD + OUTLINE, "-v")
    result.assert_outcomes(passed=3)
    assert "mine.feature::test_a_customer_comes_over PASSED" in said(result)
    assert "scenario.py" not in said(result)


def test_a_single_file_and_a_name_can_be_chosen(play):
    play(GOOD + OUTLINE, "mine.feature", "-k", "a_customer").assert_outcomes(passed=1, deselected=2)
    play(GOOD + OUTLINE, "-m", "law-linked").assert_outcomes(passed=1, deselected=2)
    play(GOOD + OUTLINE, "-m", "mine and not line-17").assert_outcomes(passed=2, deselected=1)


def test_strict_markers_and_warnings_as_errors_let_our_tags_pass(play):
    play(GOOD, "--strict-markers", "--strict-config", "-W", "error").assert_outcomes(passed=1)


def test_other_names_for_tests_do_not_hide_scenarios(play, pytester):
    pytester.makeini("[pytest]\npython_functions = check_*\n")
    play(GOOD).assert_outcomes(passed=1)


def test_features_of_others_are_left_alone(play, pytester):
    other = GOOD.replace("A customer", "Their customer")
    theirs = "Feature: Theirs\n" + other
    pytester.path.joinpath("theirs.feature").write_text(theirs, "utf-8")
    second = "@theirs @tallystick\nFeature: Theirs, too\n" + other
    pytester.path.joinpath("second.feature").write_text(second, "utf-8")
    named = "@tallystick-like\nFeature: Third\n" + other
    pytester.path.joinpath("third.feature").write_text(named, "utf-8")
    pytester.makepyfile(
        """
        import httpx
        from pytest_bdd import given, scenarios, then, when, parsers

        scenarios("theirs.feature")
        TRANSPORT = httpx.HTTPTransport.handle_request

        @when(parsers.parse('Customer "{name}" is created in CustomWebshop'))
        def created(name): pass

        @when("the connector synchronizes")
        def synchronized():
            assert httpx.HTTPTransport.handle_request is TRANSPORT

        @then(parsers.parse('Customer "{name}" has one counterpart in CustomERP'))
        def linked(name): pass
        """
    )
    result = play(GOOD, "-v")
    result.assert_outcomes(passed=2)
    assert said(result).count("PASSED") == 2
    assert "test_their_customer_comes_over" in said(result)


def test_without_features_nothing_of_ours_is_there(pytester, plugin_arguments):
    pytester.makepyfile(
        """
        import sys

        LIGHT = {"", ".plugin", ".steps", ".steps.ours"}

        def test_theirs():
            ours = {name for name in sys.modules if name.partition(".")[0] == "tallystick"}
            assert ours <= {f"tallystick{name}" for name in LIGHT}
        """
    )
    result = pytester.runpytest_subprocess(*plugin_arguments, "-v")
    result.assert_outcomes(passed=1)
    shown = [line for line in result.outlines if not re.match(r"running|plugins|rootdir", line)]
    assert not [line for line in shown if "tallystick" in line]
    result = pytester.runpytest_inprocess(*plugin_arguments, "--fixtures", "-v")
    assert "tallystick_" not in said(result)


def test_a_failing_scenario_is_told_without_python(play):
    result = play(WRONG)
    result.assert_outcomes(failed=1)
    text = said(result)
    assert "✗ Nothing comes over" in text
    assert "mine.feature:9" in text
    assert "Traceback" not in text
    assert not re.search(r"\w\.py:\d+", text)
    result.stdout.fnmatch_lines(["FAILED mine.feature::test_nothing_comes_over - The number of*"])


@pytest.mark.parametrize(
    ("scenario", "failing", "words"),
    [
        (GOOD, [0, 0, 0], "FIXED  mine.feature::test_a_customer_comes_over"),
        (GOOD, [1, 1, 1], "STILL FAILS  mine.feature::test_a_customer_comes_over"),
        (GOOD, [1, 0, 0], "FLAKY 1 of 3  mine.feature::test_a_customer_comes_over"),
        (GOOD, [0, 0, 1], "FLAKY 1 of 3  mine.feature::test_a_customer_comes_over"),
    ],
)
def test_a_saved_failure_is_said_to_be_mended_or_not(
    play, pytester, monkeypatch, scenario, failing, words
):
    pytester.makepyfile(lazy=LAZY, moody=MOODY.format(failing))
    monkeypatch.setattr("tallystick.steps.scene.plays_for", lambda _: len(failing))
    saved = scenario.replace("  @law-linked", "  @counterexample @law-linked")
    result = play(saved, "--connector", "python:moody:connect")
    result.assert_outcomes(**{"failed" if any(failing) else "passed": 1})
    result.stdout.fnmatch_lines([words])
    if any(failing):
        assert "✗ A customer comes over" in said(result)


def test_other_scenarios_are_played_once(play):
    assert "played again" not in said(play(GOOD))


def test_another_connector_can_be_named(play, pytester):
    pytester.makepyfile(lazy=LAZY)
    result = play(GOOD, "--connector", "python:lazy:connect")
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines[-1] == "python:lazy:connect is not conformant: 1 of 1 scenarios failed"


def test_one_that_is_attached_is_told_where(play, monkeypatch):
    with Sockets(("source", "target")) as free:
        one, two = (url.rpartition(":")[2] for url in free.urls.values())
    impatient = partial(Attachment, patience_s=0.1)
    monkeypatch.setattr("tallystick.connectors.address.Attachment", impatient)
    result = play(GOOD, "--connector", f"attach:{one},{two}")
    result.stdout.fnmatch_lines(
        [
            "Point the connector at these, in mode poll, and let it run:",
            f"  TALLYSTICK_SOURCE_URL=http://127.0.0.1:{one}",
            "Waiting up to 0.1 s for its first request*",
        ]
    )
    result.stdout.fnmatch_lines(["*has no verdict: no request came within 0.1 s*(status 4)"])


def test_a_named_connector_that_does_well_is_said_to(play):
    result = play(GOOD + OUTLINE, "--connector", "reference")
    assert result.ret == pytest.ExitCode.OK
    assert result.outlines[-1] == "reference is conformant in the 3 scenarios that were played"


def test_a_search_that_met_too_little_leaves_a_named_connector_undecided(play):
    result = play(RANDOM, "--connector", "reference", "--edits", "0")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines[-1].startswith("reference is undecided: Customer: random edits met no")


def test_no_scenario_at_all_is_undecided_too(pytester, plugin_arguments):
    pytester.makepyfile("def test_theirs(): pass")
    result = pytester.runpytest_inprocess(*plugin_arguments, "--connector", "reference")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.outlines[-1] == "reference is undecided: no scenario was played"


def test_random_edits_tell_their_seed_and_their_shortest_script(play, pytester):
    pytester.makepyfile(lazy=LAZY)
    arguments = ("--connector", "python:lazy:connect", "--edits-seed", "4711")
    result = play(RANDOM, *arguments, "--junit-xml", "report.xml")
    result.assert_outcomes(failed=1)
    assert "seed 4711" in said(result)
    report = pytester.path.joinpath("report.xml").read_text("utf-8")
    assert 'name="tallystick_seed" value="4711"' in report
    assert 'name="tallystick_tags"' in report
    assert said(play(RANDOM, *arguments)).count("is created in") == said(result).count(
        "is created in"
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "is no connector address"),
        ("python:there_is_no_such_module:connect", "cannot be imported"),
    ],
)
def test_a_wrong_address_is_told_at_once(play, address, words):
    result = play(GOOD, "--connector", address)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def refused(result, *lines: str) -> None:
    """Check that collecting failed, cleanly, and said these lines."""
    result.assert_outcomes(errors=1)
    text = said(result)
    for line in lines:
        assert line in text
    assert "Traceback" not in text
    assert not re.search(r"\w\.py:\d+", text)


def test_two_scenarios_of_one_name_are_refused(play):
    refused(
        play(GOOD + GOOD),
        "mine.feature:13: two scenarios are called 'A customer comes over'",
        "the other one in line 7",
    )


def test_broken_gherkin_is_refused(play):
    refused(play(GOOD + "    If it rains\n"), "mine.feature:11: not Gherkin")


def test_unknown_steps_are_refused_all_at_once(play):
    text = GOOD + "    And the moon rises\n    And the sun sets\n"
    refused(
        play(text),
        "mine.feature:11: no step is called 'the moon rises'",
        "mine.feature:12: no step is called 'the sun sets'",
    )


def test_a_step_without_its_table_is_refused(play):
    text = GOOD + '    And Customer "Ann" is edited in CustomERP:\n'
    refused(play(text), "mine.feature:11: the step", "needs a table after it")


def test_a_scenario_without_a_checklist_is_refused(play):
    head = "@tallystick\nFeature: Mine\n"
    refused(
        play(GOOD, head=head),
        "mine.feature:5: the scenario 'A customer comes over' never says which checklist",
    )
    refused(play("  Scenario: Nothing at all\n", head=head), "mine.feature:3: the scenario")


def test_a_file_that_is_no_text_is_refused(pytester, plugin_arguments):
    pytester.path.joinpath("mine.feature").write_bytes(b"@tallystick\nFeature: \xff\n")
    refused(pytester.runpytest_inprocess(*plugin_arguments), "mine.feature: not UTF-8")


def test_what_nobody_can_do_is_told_with_its_line(play):
    text = GOOD + '    And Customer "Bo" is deleted in CustomERP\n'
    result = play(text)
    result.assert_outcomes(failed=1)
    assert 'mine.feature:11: Customer "Bo" is deleted in CustomERP: no record is called' in said(
        result
    )
    assert "Traceback" not in said(result)


def test_a_checklist_that_is_not_there_is_told_with_its_line(play):
    result = play(GOOD, head=HEAD.replace("customwebshop-customerp", "elsewhere"))
    result.assert_outcomes(failed=1)
    assert "mine.feature:4: " in said(result)
    assert "there is no checklist 'elsewhere'" in said(result)


def test_nobody_can_slip_an_async_step_in(play, pytester):
    pytester.makeconftest(
        """
        from pytest_bdd import when

        @when("the connector synchronizes")
        async def never_awaited():
            raise AssertionError
        """
    )
    play(GOOD, "-W", "error").assert_outcomes(passed=1)


def test_checklists_may_lie_beside_their_feature(play, pytester):
    paper = packaged("fixtures", "checklists", "customwebshop-customerp.rst").read_bytes()
    pytester.path.joinpath("own.rst").write_bytes(paper)
    play(GOOD, head=HEAD.replace("customwebshop-customerp", "own.rst")).assert_outcomes(passed=1)


@pytest.mark.slow
def test_several_processes_play_as_one(play):
    pytest.importorskip("xdist")
    result = play(GOOD + OUTLINE + WRONG, "-n", "2", "--connector", "reference")
    result.assert_outcomes(passed=3, failed=1)
    assert result.outlines[-1] == "reference is not conformant: 1 of 4 scenarios failed"
