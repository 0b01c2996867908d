"""What is saved of a failure."""

from __future__ import annotations

import json
from pathlib import Path

from tallystick.checklist import compile_checklist
from tallystick.journal.journal import Header, Journal, load
from tallystick.laws.verdict import Judgement, Violation
from tallystick.recording.saving import save_failure
from tallystick.run.suite import Played
from tallystick.vocabulary.gherkin import Feature, Scenario, read_feature
from tallystick.vocabulary.script import Create, Ref, UseChecklist
from tallystick.vocabulary.script_json import script_from_json

HALF = "half \ud83d a pair"


def test_half_a_surrogate_pair_can_be_saved_and_read(folder: Path) -> None:
    dataflow = compile_checklist(folder / "club.rst", folder / "club.toml").dataflow
    ann = Create(side="source", record=Ref("Ann", "Member"), values=(("city", HALF),))
    script = (UseChecklist(checklist="club.rst", agreement="club.toml"), ann)
    scenario = Scenario(name="Half", tags=(), steps=())
    played = Played(
        feature=Feature(file="half.feature", name="", tags=(), scenarios=(scenario,)),
        scenario=scenario,
        violations=(Violation(law="linked", anomaly="missing", event=0, pair=1, found=HALF),),
        judgement=Judgement(),
        dataflow=dataflow,
        script=script,
        journal=Journal(Header(dataflow=dataflow), complete=True),
    )
    paths = save_failure(folder / "out", 1, played)
    again = script_from_json(json.loads(paths["script"].read_text(encoding="utf-8")))
    assert again[1] == ann
    assert load(paths["journal"]).header.script == again
    feature = read_feature(paths["feature"].read_text(encoding="utf-8"), file="half.feature")
    assert "\\ud83d" in feature.scenarios[0].steps[1].table[1][1]
