"""The files of a result: what they say, and that no value in them can do anything."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import cucumber_messages
import pytest
from run_events import EMAIL, FEATURE, ended, failure, scenario, tally, violation

from tallystick.report.annotations import workflow_commands
from tallystick.report.junit import junit_xml
from tallystick.report.markdown import markdown
from tallystick.report.messages import messages
from tallystick.results.events import Declined, Expected, FeatureRead

TEXT = """\
@tallystick
Feature: Customers

  Scenario: All is well
    When Customer "Ann" is edited in CustomWebshop
    And the connector synchronizes
    Then all laws hold

  Scenario: Nothing is well
    When the connector synchronizes
    Then all laws hold
    And no edit is lost
"""
HOSTILE = (
    "\x1b[31m</failure>]]>\n::error::gotcha\n##[command]x ```` </code></details> @octocat #1"
    " | `x` \ud83d \ufffe %0A, https://evil.example <img src=x>"
)
BROKEN = (scenario(violation()), failure())


def run(*events, footer=None, **declared):
    made = tally(*events, footer or ended(), **declared)
    return made, made.result()


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text.encode())  # noqa: S314 - our own


def junit(*events, **declared) -> ET.Element:
    return parsed(junit_xml(run(*events, **declared)[1]))


def case(root: ET.Element, name: str) -> ET.Element:
    return next(each for each in root.iter("testcase") if each.get("name") == name)


class TestJunit:
    def test_each_check_is_one_case_and_the_verdict_another(self) -> None:
        made = run(scenario())[1]
        root = parsed(junit_xml(made))
        names = [each.get("name") for each in root.iter("testcase")]
        assert names == [*(check.id for check in made.checks), "verdict"]
        suite = root.find("testsuite")
        assert (suite.get("tests"), suite.get("failures")) == (str(len(names)), "0")
        properties = {each.get("name"): each.get("value") for each in root.iter("property")}
        assert (properties["seed"], properties["level"]) == ("7", "full")
        assert not root.findall(".//error")

    def test_a_failure_holds_seed_and_reproduction_twice(self) -> None:
        failed = case(junit(*BROKEN), EMAIL)
        properties = {each.get("name"): each.get("value") for each in failed.iter("property")}
        assert properties["seed"] == "7"
        assert properties["reproduce"].startswith("tallystick replay")
        told = failed.find("failure")
        assert told.get("type") == "in-sync/not-arrived"
        assert "✗ All is well" in told.text
        assert "Seed: 7\nReproduce: tallystick replay" in told.text
        assert case(junit(*BROKEN), "verdict").find("failure") is not None

    def test_what_is_excused_is_skipped_with_its_reason(self) -> None:
        until = Expected(check=EMAIL, reason="issue 7", until="2027-01-01")
        skipped = case(junit(*BROKEN, expected=(until,)), EMAIL).find("skipped")
        assert skipped.get("message") == "fails as expected: issue 7"
        declines = (Declined(capability="in-sync", reason="one way only"),)
        skipped = case(junit(*BROKEN, declines=declines), EMAIL).find("skipped")
        assert skipped.get("message") == "declined: one way only"

    def test_half_a_run_is_an_error(self) -> None:
        footer = ended(complete=False, why="the connector is gone", exit_status=4)
        error = case(junit(scenario(), footer=footer), "verdict").find("error")
        assert "the connector is gone" in error.get("message")


class TestAnnotations:
    def test_a_failed_check_stands_at_the_line_of_the_checklist(self) -> None:
        first, last = workflow_commands(run(*BROKEN)[1]).splitlines()
        assert first.startswith("::error file=customwebshop-customerp.rst,line=19,title=in-sync/")
        assert "%0Atallystick replay" in first
        assert last == "::error title=Tallystick::Not conformant"
        assert workflow_commands(run(scenario())[1]) == ""

    def test_no_more_than_a_step_may_show(self) -> None:
        made = run(scenario())[1]
        broken = [violation(check.id) for check in made.checks[:30]]
        lines = workflow_commands(run(scenario(*broken), failure())[1]).splitlines()
        assert len(lines) == 10
        assert "22 more checks fail" in lines[-2]

    def test_half_a_run_is_an_error(self) -> None:
        footer = ended(complete=False, why="gone", exit_status=4)
        assert "incomplete: gone" in workflow_commands(run(scenario(), footer=footer)[1])


class TestMarkdown:
    def test_it_says_what_a_reviewer_asks(self) -> None:
        page = markdown(run(*BROKEN)[1])
        assert page.startswith("## ✗ Tallystick: not conformant\n")
        for words in ("seed 7", "| ✗ | core |", "Bridge 2.1", "### Failed checks", "Reach"):
            assert words in page
        assert markdown(run(scenario())[1]).startswith("## ✓ Tallystick: conformant, level full\n")

    def test_half_a_run_has_no_verdict(self) -> None:
        footer = ended(complete=False, why="gone", exit_status=4)
        page = markdown(run(scenario(), footer=footer)[1])
        assert page.startswith("## ✗ Tallystick: incomplete, there is no verdict")

    def test_it_stays_short_enough_for_a_comment(self) -> None:
        made = run(scenario())[1]
        told = [
            failure(check.id, story="x" * 9000, sentence="y" * 900, anomaly=str(at))
            for at, check in enumerate(made.checks)
        ]
        broken = scenario(*(violation(check.id) for check in made.checks))
        assert len(markdown(run(broken, *told)[1])) < 65_536


class TestMessages:
    def documents(self, *events, **more) -> list[dict]:
        return [json.loads(line) for line in messages(*run(*events, **more)).splitlines()]

    def test_they_are_what_the_library_knows(self) -> None:
        feature = FeatureRead(file=FEATURE, text=TEXT)
        well = scenario(name="All is well", line=4)
        bad = scenario(violation(), name="Nothing is well", line=9, failed_line=11)
        told = failure(scenario="Nothing is well", story="✗ a story")
        documents = self.documents(feature, well, bad, told)
        read = cucumber_messages.message_converter.from_dict
        again = [read(document, cucumber_messages.Envelope) for document in documents]
        assert [cucumber_messages.message_converter.to_dict(each) for each in again] == documents
        kinds = [next(iter(document)) for document in documents]
        assert (kinds[0], kinds[-1]) == ("meta", "testRunFinished")
        assert kinds.count("pickle") == kinds.count("testCaseFinished") == 2
        results = [
            document["testStepFinished"]["testStepResult"]
            for document in documents
            if "testStepFinished" in document
        ]
        assert [each["status"] for each in results] == [
            *("PASSED", "PASSED", "PASSED"),
            *("PASSED", "FAILED", "SKIPPED"),
        ]
        assert results[4]["message"] == "✗ a story"
        assert documents[-1]["testRunFinished"]["success"] is False
        ids = [
            document[kind]["id"]
            for document in documents
            for kind in document
            if isinstance(document[kind], dict) and "id" in document[kind]
        ]
        assert len(ids) == len(set(ids))

    def test_success_needs_a_whole_run(self) -> None:
        feature = FeatureRead(file=FEATURE, text=TEXT)
        whole = self.documents(feature, scenario())
        assert whole[-1]["testRunFinished"]["success"] is True
        half = ended(complete=False, why="gone", exit_status=4)
        cut = self.documents(feature, scenario(), footer=half)[-1]["testRunFinished"]
        assert (cut["success"], cut["message"]) == (False, "incomplete: gone")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    events = (
        FeatureRead(file=FEATURE, text=TEXT),
        scenario(violation(), name=HOSTILE),
        failure(scenario=HOSTILE, sentence=HOSTILE, story=HOSTILE, reproduce=HOSTILE),
    )
    declines = (Declined(capability=HOSTILE, reason=HOSTILE),)
    footer = ended(complete=False, why=HOSTILE, exit_status=4)
    made, result = run(*events, footer=footer, declines=declines)
    return {
        "junit": junit_xml(result),
        "markdown": markdown(result),
        "annotations": workflow_commands(result),
        "messages": messages(made, result),
    }


class TestHostileValues:
    def test_no_control_character_is_left(self, files) -> None:
        for name, text in files.items():
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe]", text), name
            text.encode()

    def test_nobody_elses_command_begins_a_line(self, files) -> None:
        for name in ("junit", "markdown", "messages"):
            assert not re.search(r"^\s*::|##\[|##vso", files[name], re.MULTILINE), name
        for line in files["annotations"].splitlines():
            assert re.match(r"::(error|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::[^\n]*$", line)
            assert line.count("%0A") == line.count("%") - line.count("%25")

    def test_xml_and_markdown_hold_it_as_text(self, files) -> None:
        root = parsed(files["junit"])
        assert "</failure>]]>" in case(root, EMAIL).find("failure").text
        outside = re.sub(r"(`{3,})text\n.*?\n\1", "", files["markdown"], flags=re.DOTALL)
        outside = re.sub(r"<code>[^<>\n]*</code>", "", outside)
        for sign in ("octocat", "evil", "<img", "`", "gotcha"):
            assert sign not in outside, sign
