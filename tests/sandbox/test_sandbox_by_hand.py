"""When a connector that somebody runs by hand is taken to rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from sandbox_cases import dataflow

from tallystick.dataflow.model import SIDES
from tallystick.sandbox.by_hand import ByHand
from tallystick.systems.server import Sockets
from tallystick.vocabulary.events import Exchange


@pytest.fixture
def driver() -> Iterator[ByHand]:
    times = count()
    with Sockets(SIDES) as sockets:
        yield ByHand(dataflow(), sockets, clock=lambda: next(times) / 100)


def read_everything(driver: ByHand) -> None:
    flow = dataflow()
    for side in SIDES:
        for kind in flow.types(side).values():
            driver.heard(
                Exchange(
                    at_ms=1,
                    number=1,
                    process=1,
                    side=side,
                    method="GET",
                    target=f"/{kind.path}",
                    status=200,
                )
            )


def test_one_that_has_read_everything_twice_and_written_nothing_rests(driver: ByHand) -> None:
    for _ in range(4):  # the last of them after the quiet period
        read_everything(driver)
    assert driver.sync() == ""
    assert driver._rests()


def test_one_that_has_only_begun_to_read_does_not(driver: ByHand) -> None:
    read_everything(driver)
    assert not driver._rests()


def test_one_that_asks_no_more_rests_in_the_end(driver: ByHand) -> None:
    assert not driver._rests()
    for _ in range(400):
        if driver._rests():
            return
    pytest.fail("it never rested")


def test_nobody_here_can_kill_it(driver: ByHand) -> None:
    with pytest.raises(NotImplementedError):
        driver.kill()
