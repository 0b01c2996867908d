"""The features written by hand: what they must speak of, and that every way plays them alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import tallystick.steps.session  # noqa: F401 - loaded once, not anew by every inner pytest
from tallystick.checklist import compile_checklist
from tallystick.dataflow.model import POLICY_CHOICES
from tallystick.resources import packaged
from tallystick.run.stage import Theatre
from tallystick.run.suite import play_features
from tallystick.steps.words import mistakes
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.gherkin import Feature, read_feature
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.script import STEP_KINDS, SetPolicy, UseChecklist, step_kind
from tallystick.vocabulary.sentences import Names, parse_step

pytest_plugins = ["pytester"]

FOLDER = packaged("features")
FILES = sorted(FOLDER.glob("*.feature"))
LONGEST = 16  # lines of a scenario, tables left out
SENTENCE_FORMS = {
    "lead-always",
    "lead-condition",
    "lead-link",
    "connected",
    "no-match",
    "merge",
    "in-sync",
    "properties",
}


def features() -> list[Feature]:
    return [read_feature(path.read_text(encoding="utf-8"), file=str(path)) for path in FILES]


@pytest.fixture(scope="module")
def told():
    """Every scenario with its steps: (feature, scenario, steps)."""
    found = []
    for feature in features():
        for scenario in feature.scenarios:
            names, steps = Names(), []
            for line in scenario.steps:
                step = parse_step(line.text, line.table, names)
                if isinstance(step, UseChecklist):
                    names = Names.of(dataflow_of(step))
                steps.append(step)
            found.append((feature, scenario, steps))
    return found


@cache
def dataflow_of(step: UseChecklist):
    checklist = packaged("fixtures", "checklists", f"{step.checklist}.rst")
    agreement = packaged("fixtures", "agreements", f"{step.agreement}.toml")
    return compile_checklist(checklist, agreement if step.agreement else None).dataflow


def test_there_are_features_and_all_are_ours():
    assert len(FILES) >= 12
    assert all(feature.ours for feature in features())
    assert [problem for feature in features() for problem in mistakes(feature)] == []


def test_every_law_has_a_scenario_of_its_own(told):
    tagged = {tag for _, scenario, _ in told for tag in scenario.tags}
    assert {f"@law-{law}" for law in LAWS} - tagged == set()


def test_every_choice_of_every_policy_is_played(told):
    played = {
        (s.policy, s.choice) for _, _, steps in told for s in steps if isinstance(s, SetPolicy)
    }
    for _, _, steps in told:
        for step in steps:
            if isinstance(step, UseChecklist):
                agreed = dataflow_of(step).policies
                played |= {(name, getattr(agreed, name)) for name in agreed.agreed}
    assert {(name, c) for name, choices in POLICY_CHOICES.items() for c in choices} <= played


def test_every_sentence_form_is_played(told):
    used = {step for _, _, steps in told for step in steps if isinstance(step, UseChecklist)}
    forms = {s.kind for step in used for pair in dataflow_of(step).pairs for s in pair.statements}
    assert forms >= SENTENCE_FORMS


def test_every_kind_of_step_is_used(told):
    derived = {"arrived", "agree", "explore"}
    weather = {"during", "fault", "kill", "many", "skew", "webhook"}
    used = {step_kind(s) for _, _, steps in told for s in steps}
    assert used | derived | weather == set(STEP_KINDS)


def test_scenarios_are_short_and_end_in_a_law(told):
    for feature, scenario, steps in told:
        assert len(steps) <= LONGEST, f"{feature.file}: {scenario.name}"
        assert step_kind(steps[-1]) == "holds", f"{feature.file}: {scenario.name}"


CHEAT = """
    import json, os, tempfile
    from tallystick_reference import connect as honest

    def connect(env, *, now, sleep):
        '''The reference, which was told that the source wins conflicts.'''
        with open(env["TALLYSTICK_DATAFLOW"], encoding="utf-8") as file:
            dataflow = json.load(file)
        dataflow.setdefault("policies", {})["conflicts"] = "source-wins"
        path = os.path.join(env["TALLYSTICK_STATE"], "other.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(dataflow, file)
        return honest({**env, "TALLYSTICK_DATAFLOW": path}, now=now, sleep=sleep)
"""


@pytest.mark.slow
def test_pytest_and_the_suite_find_the_same(pytester, monkeypatch, plugin_arguments):
    connector = "python:cheat:connect"
    pytester.makepyfile(cheat=CHEAT)
    monkeypatch.syspath_prepend(pytester.path)
    path = FOLDER / "conflicts.feature"
    with InProcess() as network:
        theatre = Theatre(network, connector=connector)
        result = play_features(theatre, [read_feature(path.read_text("utf-8"), file=str(path))])
        theatre.close()
    copy = pytester.path / path.name
    copy.write_text(path.read_text("utf-8"), "utf-8")
    run = pytester.runpytest_inprocess(*plugin_arguments, "--connector", connector, str(copy))
    assert 0 < len(result.failed) < len(result.played)
    run.assert_outcomes(failed=len(result.failed), passed=len(result.played) - len(result.failed))
    for played in result.failed:
        assert f"✗ {played.scenario.name}" in run.stdout.str()


def test_the_files_lie_where_the_package_finds_them():
    assert Path(FOLDER, "derived").is_dir()
