"""The connector in JavaScript, written from the contract's page alone: it is never accused."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.dataflow.dialects import speaking
from tallystick.run.explore import explore_pair, try_script
from tallystick.run.stage import Effort, Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.script import ONLY, Create, Edit, Ref, Settle
from tallystick.vocabulary.weather import During, Skew

MAIN = Path(__file__).resolve().parents[2] / "reference" / "javascript" / "main.js"
ALL_WEATHER = frozenset({"faults", "kills", "races", "crowds", "clocks"})
QUICK_WEATHER = frozenset({"kills", "races"})  # nothing in it is waited for
CHECKLIST = "customwebshop-customerp"
EDITS = 2000


def is_there() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    asked = [node, "-p", "process.versions.node.split('.')[0]"]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout) >= 20


pytestmark = pytest.mark.skipif(not is_there(), reason="there is no Node 20 here")


@pytest.fixture
def theatre(request: pytest.FixtureRequest) -> Iterator[Theatre]:
    with InProcess() as network:
        made = Theatre(network, connector=f"{request.param}:node {shlex.quote(str(MAIN))}")
        yield made
        made.close()


def explored(theatre: Theatre, edits: int, weather: frozenset[str], number: int) -> int:
    """Play random edits for one pair; give how many settles were judged."""
    dataflow = theatre.dataflow(CHECKLIST, CHECKLIST, None)
    pair, effort = dataflow.pairs[number], Effort(edits=edits, seed=1, weather=weather)
    judgement, found = explore_pair(theatre, dataflow, pair, effort)
    assert found is None, (pair.name, found and found.violations)
    assert judgement.edits >= edits
    return judgement.settles


@pytest.mark.parametrize(
    "theatre", ["command", pytest.param("poll", marks=pytest.mark.slow)], indirect=True
)
def test_it_is_not_accused(theatre: Theatre) -> None:
    assert explored(theatre, 2, QUICK_WEATHER, 0) > 1


@pytest.mark.parametrize("theatre", ["command"], indirect=True)
def test_it_does_not_take_its_own_write_for_an_edit(theatre: Theatre) -> None:
    """It once did, where the other system's record moved between two writes of one link."""
    known = theatre.dataflow(CHECKLIST, CHECKLIST, None)
    dataflow = speaking(known, "source", "ledger/1")
    label, street = Ref("C1", "Customer"), "billing.street"
    script = (
        Skew(side="target", ms=120_000),  # so that its own write looks like the later one
        Create(side="source", record=label),
        Settle(),
        Edit(
            side="target",
            record=Ref("C1", "Customer", ONLY),
            values=(("Address.City", "Oslo"),),
        ),
        Edit(side="source", record=label, values=((street, "first"),)),
        During(
            counting="write",
            request=1,
            step=Edit(side="source", record=label, values=((street, "second"),)),
        ),
        Settle(),
        Settle(),
    )
    trial = try_script(theatre, dataflow, script)
    assert trial.violations == ()
    assert trial.judgement.reach["edit-meanwhile"]


@pytest.mark.slow
@pytest.mark.parametrize("pair", [0, 1, 2], ids=["Customer", "Product", "Order"])
@pytest.mark.parametrize("theatre", ["command", "poll"], indirect=True)
def test_it_is_not_accused_in_any_weather(theatre: Theatre, pair: int) -> None:
    assert explored(theatre, EDITS // 3 + 1, ALL_WEATHER, pair) > EDITS / 60
