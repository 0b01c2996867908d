from __future__ import annotations

import pytest
from systems_driver import DRIVERS, SKINS, LedgerDriver, StorefrontDriver

from tallystick.systems.inprocess import InProcess


@pytest.fixture(scope="module")
def network():
    with InProcess() as entered:
        yield entered


@pytest.fixture(params=[f"{api} {skin}" for api in DRIVERS for skin in SKINS])
def driver(request, network):
    api, skin = request.param.split()
    return DRIVERS[api](skin, network)


@pytest.fixture
def shop():
    return StorefrontDriver()


@pytest.fixture
def erp():
    return LedgerDriver()
