"""Scripts that once led to a false alarm, or past a fault. Rule: each file says what it taught.

A file holds a script as exploration saves it; the reference connector must pass it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick.run.explore import try_script
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.script import script_from_json

FILES = sorted(Path(__file__).parent.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nobody_is_accused_wrongly(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    script = script_from_json(document["script"], file=path.name)
    with InProcess() as network:
        theatre = Theatre(network)
        dataflow = theatre.dataflow(document["checklist"], document["agreement"], None)
        trial = try_script(theatre, dataflow, script)
        theatre.close()
    assert trial.violations == (), document["lesson"]
