from __future__ import annotations

import pytest
from systems_driver import DRIVERS, SKINS, LedgerDriver, StorefrontDriver

from tallystick.systems.inprocess import InProcess
from tallystick.systems.server import Sockets


@pytest.fixture(scope="module")
def network():
    with InProcess() as entered:
        yield entered


@pytest.fixture(scope="module")
def sockets():
    with Sockets(("target",)) as bound:
        yield bound


@pytest.fixture(params=[f"{api} {skin}" for api in DRIVERS for skin in SKINS])
def driver(request, network, sockets):
    api, skin = request.param.split()
    made = DRIVERS[api](skin, sockets if skin == "sockets" else network)
    yield made
    made.skin.close()


@pytest.fixture
def shop():
    return StorefrontDriver()


@pytest.fixture
def erp():
    return LedgerDriver()
