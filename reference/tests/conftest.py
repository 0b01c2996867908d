"""Worlds in either order of dialects."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from world import World, dataflow

ORDERS = [("storefront/1", "ledger/1"), ("ledger/1", "storefront/1")]


@pytest.fixture(params=ORDERS, ids=["shop-first", "erp-first"])
def dialects(request):
    return request.param


@pytest.fixture
def worlds(dialects):
    """Make worlds: `worlds(conflicts=...)`; in memory, where the machine has such a folder."""
    memory = Path("/dev/shm")
    made = []
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as top:

        def make(**options):
            folder = Path(top) / str(len(made))
            folder.mkdir()
            made.append(World(folder, dataflow(*dialects, **options)))
            return made[-1]

        yield make
        for world in made:
            world.connector.close()


@pytest.fixture
def world(worlds):
    return worlds()
