"""Scripts that once led to a false alarm, or past a fault. Rule: each file says what it taught.

A file holds a script as exploration saves it, and names a packaged checklist or one beside it; the
reference connector must pass it, or the correct one that the file names.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallystick.dataflow.dialects import speaking
from tallystick.dataflow.model import Dataflow
from tallystick.run.explore import try_script
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.script_json import script_from_json

FILES = sorted(Path(__file__).parent.glob("*.json"))


def altered(dataflow: Dataflow, document: dict[str, Any]) -> Dataflow:
    """Give the dataflow with the policies and dialects under which it happened."""
    for side, api in document.get("apis", {}).items():
        dataflow = speaking(dataflow, side, api)
    policies = replace(dataflow.policies, **document.get("policies", {}))
    return replace(dataflow, policies=policies)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nobody_is_accused_wrongly(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    script = script_from_json(document["script"], file=path.name)
    with InProcess() as network:
        theatre = Theatre(network, connector=document.get("connector", "reference"))
        dataflow = theatre.dataflow(document["checklist"], document["agreement"], path.parent)
        trial = try_script(theatre, altered(dataflow, document), script)
        theatre.close()
    assert trial.violations == (), document["lesson"]
