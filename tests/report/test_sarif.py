"""Findings as SARIF: valid by the published schema, and what code hosts look at.

`sarif-2.1.0.json` is the schema that OASIS publishes, without its descriptions.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from tallystick.checklist import CODES, Linted
from tallystick.checklist.findings import finding
from tallystick.report.lint import Tally
from tallystick.report.lint_writers import WRITERS

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text())


def log(*findings):
    stream = io.StringIO()
    writer = WRITERS["sarif"](stream)
    linted = Linted(file="a.rst", findings=findings, lines=9)
    tally = Tally()
    tally.add(linted)
    writer.document(linted)
    writer.finish(tally)
    given = json.loads(stream.getvalue())
    Draft4Validator(SCHEMA).validate(given)
    return given["runs"][0]


def test_a_log_without_findings_is_valid():
    assert log()["results"] == []


def test_every_code_is_a_rule():
    rules = log()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules)


def test_a_finding_is_a_result():
    run = log(*(finding(code, "a.rst", 3, "Oh", last_line=5) for code in CODES))
    assert len(run["results"]) == len(CODES)
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a.rst"
        assert place["region"] == {"startLine": 3, "endLine": 5}


@pytest.mark.parametrize(
    ("file", "uri"),
    [("my docs/a#1.rst", "my%20docs/a%231.rst"), ("/x/å.rst", "file:///x/%C3%A5.rst")],
)
def test_files_are_uris(file, uri):
    (result,) = log(finding("fan-in", file, 1, "Oh"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
