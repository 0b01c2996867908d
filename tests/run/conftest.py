"""Worlds for the tests, each closed in order."""

from __future__ import annotations

import pytest
from run_agreed import small

from tallystick.connectors.address import REFERENCE, resolve_factory
from tallystick.dataflow.json import save
from tallystick.journal.journal import Header
from tallystick.run.stage import Theatre
from tallystick.run.wiring import InProcessWiring
from tallystick.run.world import World
from tallystick.systems.inprocess import InProcess


@pytest.fixture(scope="module")
def network():
    with InProcess() as entered:
        yield entered


@pytest.fixture
def theatre(network):
    made = Theatre(network)
    yield made
    made.close()


@pytest.fixture
def world_of(network, tmp_path):
    """Make a world of a dataflow and a connector's factory (the reference's by default)."""
    made = []

    def make(dataflow=None, factory=None, *, without=(), **header):
        dataflow = dataflow or small()
        file = tmp_path / f"dataflow-{len(made)}.json"
        save(dataflow, file)
        wiring = InProcessWiring(network, factory or resolve_factory(REFERENCE), file)
        world = World(dataflow, wiring, header=Header(dataflow=dataflow, **header), without=without)
        made.append(world)
        return world

    yield make
    for world in made:
        world.close()
