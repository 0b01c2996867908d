"""Derived features: the same every time, complete, and true of the reference."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest

from tallystick.checklist import compile_checklist
from tallystick.dataflow.model import DEFAULT_POLICIES, Creation
from tallystick.derive.features import derive_features
from tallystick.laws.ticks import tick_checklist
from tallystick.resources import packaged
from tallystick.run.stage import Theatre
from tallystick.run.suite import play_features
from tallystick.steps.words import mistakes
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.gherkin import Feature, read_feature

MAIN = "customwebshop-customerp"
COMMITTED = packaged("features", "derived", MAIN)
COMMAND = (
    f"tallystick derive fixtures/checklists/{MAIN}.rst"
    f" --agreement fixtures/agreements/{MAIN}.toml -o features/derived/{MAIN}"
)
QUICK = [("no-match", True), ("onboarding", True), ("conditional", True), ("conditional", False)]
QUICK += [(MAIN, False)]
SLOW = [("connected", True), ("connected", False), ("no-match", False), ("onboarding", False)]
SLOW += [(MAIN, True)]


@cache
def dataflow(name: str, *, agreed: bool = True):
    agreement = packaged("fixtures", "agreements", f"{name}.toml")
    checklist = packaged("fixtures", "checklists", f"{name}.rst")
    return compile_checklist(checklist, agreement if agreed else None).dataflow


def derived(name: str, *, agreed: bool = True) -> dict[str, str]:
    found = derive_features(
        dataflow(name, agreed=agreed), checklist=name, agreement=name if agreed else ""
    )
    return {feature.file_name: feature.text for feature in found}


def parsed(name: str, *, agreed: bool = True) -> list[Feature]:
    return [read_feature(text, file=file) for file, text in derived(name, agreed=agreed).items()]


def without_search(feature: Feature) -> Feature:
    kept = tuple(s for s in feature.scenarios if "@random" not in s.tags)
    return Feature(file=feature.file, name=feature.name, tags=feature.tags, scenarios=kept)


def test_the_committed_features_have_not_drifted():
    committed = {p.name: p.read_text(encoding="utf-8") for p in COMMITTED.glob("*.feature")}
    assert committed == derived(MAIN), f"features/derived has drifted; run: {COMMAND}"


def digest(name: str) -> str:
    return hashlib.sha256(repr(sorted(derived(name).items())).encode()).hexdigest()


def test_another_process_gives_the_same_bytes():
    code = "from tests.derive import test_features as t; print(t.digest(t.MAIN))"
    root = packaged("features").parent
    env = os.environ | {"PYTHONHASHSEED": "1"}
    env["PYTHONPATH"] = os.pathsep.join([str(root), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == digest(MAIN)


@pytest.mark.parametrize(("name", "agreed"), QUICK + SLOW)
def test_derived_features_are_sound(name, agreed):
    for feature in parsed(name, agreed=agreed):
        assert feature.ours
        assert list(mistakes(feature)) == []
        last = feature.scenarios[-1]
        assert "@random" in last.tags
        assert last.steps[-1].text == "all laws hold"


def play(name: str, *, agreed: bool):
    with InProcess() as network:
        theatre = Theatre(network)
        result = play_features(theatre, [without_search(f) for f in parsed(name, agreed=agreed)])
        theatre.close()
    return result


def check_played(name: str, *, agreed: bool) -> None:
    result = play(name, agreed=agreed)
    assert result.played
    assert [(p.scenario.name, p.line, p.violations) for p in result.failed] == []
    flow = dataflow(name, agreed=agreed)
    linkable = {pair.number for pair in flow.pairs if not pair.create.unspecified}
    for pair in tick_checklist(flow, result.judgement).pairs:
        if pair.pair.number not in linkable:
            continue
        for sentence in pair.sentences:
            assert sentence.tick.status in {"holds", "unspecified"}, sentence
        for row in pair.rows:
            for side, tick in row.ticks.items():
                assert tick.status in {"holds", "unspecified"}, f"{row.row} towards {side}"


@pytest.mark.parametrize(("name", "agreed"), QUICK)
def test_the_reference_fulfils_them_and_every_line_is_put_to_the_test(name, agreed):
    check_played(name, agreed=agreed)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "agreed"), SLOW)
def test_the_reference_fulfils_the_larger_ones(name, agreed):
    check_played(name, agreed=agreed)


def test_every_row_has_an_example_in_either_direction():
    for pair, feature in zip(dataflow(MAIN).pairs, parsed(MAIN), strict=True):
        told = {scenario.name for scenario in feature.scenarios}
        for row in pair.rows:
            one, other = (p.text.replace("[]", "[1]") for p in (row.source, row.target))
            assert f"An edit of {one} in CustomWebshop arrives as {other} in CustomERP" in told
            assert f"An edit of {other} in CustomERP arrives as {one} in CustomWebshop" in told


def test_every_sentence_and_policy_has_a_rule_with_its_line():
    for pair, text in zip(dataflow(MAIN).pairs, derived(MAIN).values(), strict=True):
        for statement in pair.statements:
            tag = "line" if statement.origin.by == "checklist" else "agreed-line"
            assert f"@{tag}-{statement.origin.line}\n  Rule: {statement.text}" in text
        for policy in DEFAULT_POLICIES:
            assert f"@policy-{policy}" in text
        assert "Rule: As agreed, where both sides edited the same property" in text
        assert "Rule: By default, records come from CustomWebshop only" in text


def test_what_is_open_is_said_and_nothing_is_played_for_it():
    (text,) = derived("conditional", agreed=False).values()
    assert "# Not judged: its condition is prose" in text
    assert "# There is nothing to play here" in text
    (text,) = derived("no-match").values()
    assert re.search(r"# home.country ↔ Address.Country: not judged by value", text)
    bare = derived(MAIN, agreed=False)
    assert all("# Not judged: the property table is empty" in text for text in bare.values())


def test_scenarios_are_short():
    for feature in parsed(MAIN) + parsed("connected"):
        for scenario in feature.scenarios:
            assert len(scenario.steps) <= 14, f"{feature.file}: {scenario.name}"


KEYS = """
checklist = "Teamdesk to Payrun"

[[pairs]]
source = "Member"
target = "Employee"
properties = [
  { source = { key = true }, target = "TeamdeskNo", type = "string" },
  { source = "name", target = "Name", type = "string" },
  { source = "nick", target = "Name", type = "string" },
  { source = "mail", target = "Mail", type = "string" },
  { source = "mail", target = "Login", type = "string" },
  { source = "boss", target = "ManagerNo", reference = "Member" },
  { source = "phones[].number", target = "Phones[].No", type = "string", when = [
      { side = "target", path = "Phones[].Kind", equals = "mobile" } ] },
  { source = "rooms[].name", target = "Room", type = "string" },
]
"""

PAPER = """\
========================
Teamdesk to Payrun Dataflow
========================

Generated: 2026-11-02 03:15:00

Introduction
------------

None.

Teamdesk Member to Payrun Employee
----------------------------------

Every Teamdesk Member will be synchronized with a Payrun Employee.

Once a link between a Teamdesk Member and a Payrun Employee is established, it will keep in sync between the two systems, regardless of where it is edited.

The following properties are synchronized between a Teamdesk Member and a Payrun Employee:

.. list-table::
   :header-rows: 1

   * - Teamdesk Member Property
     - Payrun Employee Property
     - Payrun Data Type
"""


def test_keys_fan_in_fan_out_and_references_to_the_own_type(tmp_path):
    (tmp_path / "c.rst").write_text(PAPER.replace("========================", "=" * 27))
    (tmp_path / "a.toml").write_text(KEYS)
    flow = compile_checklist(tmp_path / "c.rst", tmp_path / "a.toml").dataflow
    (found,) = derive_features(flow, checklist="c.rst", agreement="a.toml")
    feature = read_feature(found.text, file=str(tmp_path / found.file_name))
    assert "The property TeamdeskNo shows the key of the record in Teamdesk" in found.text
    assert list(mistakes(feature)) == []
    with InProcess() as network:
        theatre = Theatre(network)
        result = play_features(theatre, [without_search(feature)])
        theatre.close()
    assert [(p.scenario.name, p.line, p.violations) for p in result.failed] == []
    (pair,) = tick_checklist(flow, result.judgement).pairs
    for row in pair.rows:
        for side, tick in row.ticks.items():
            assert tick.status in {"holds", "unspecified"}, f"{row.row} towards {side}: {tick}"


def test_nothing_new_is_asked_for_where_the_rule_cannot_be_executed():
    """Whether a record without a match gets a counterpart is then up to a rule nobody knows."""
    flow = dataflow("no-match")
    [pair, *others] = flow.pairs
    vague = replace(pair, create=Creation(when="never", unspecified="nobody knows"))
    texts = [
        derive_features(replace(flow, pairs=(one, *others)), checklist="c", agreement="")[0].text
        for one in (pair, vague)
    ]
    assert ["Scenario: Without a matching" in text for text in texts] == [True, False]
