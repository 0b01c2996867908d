"""Correct connectors that work differently from the reference: none of them is ever accused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.run.proof import Budget, Suspect, prove
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

ADDRESSES = (
    "python:tests.correct.one_file:connect",
    "python:tests.correct.all_at_once:whole",
    "python:tests.correct.all_at_once:full",
    "python:tests.correct.all_at_once:backwards",
)
WEATHERS = (frozenset(), frozenset({"faults", "kills", "races"}))
MAIN = "customwebshop-customerp"


@pytest.fixture(scope="module")
def network() -> Iterator[InProcess]:
    with InProcess() as network:
        yield network


def outcome(network: InProcess, address: str, weather: frozenset[str], scripts: int) -> tuple:
    innocent = Suspect(
        name=address, address=address, law="runs", checklist=MAIN, agreement=MAIN, weather=weather
    )
    [row] = prove(
        lambda at: Theatre(network, connector=at),
        [innocent],
        [1],
        Budget(scripts=scripts, seconds=300.0),
    )
    return row.outcome, row.caught_by


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_not_accused(network: InProcess, address: str) -> None:
    assert outcome(network, address, WEATHERS[0], 5) == ("missed", ())


@pytest.mark.slow
@pytest.mark.parametrize("weather", WEATHERS, ids=("fine", "all"))
@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_not_accused_in_any_weather(
    network: InProcess, address: str, weather: frozenset[str]
) -> None:
    assert outcome(network, address, weather, 150) == ("missed", ())
