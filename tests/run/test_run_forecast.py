"""What is planned for a world comes once, at its request, and nowhere else."""

from __future__ import annotations

import pytest
from run_agreed import small

from tallystick.clock import Clock
from tallystick.run.forecast import Forecast
from tallystick.systems import Store, build
from tallystick.vocabulary.events import Request
from tallystick.vocabulary.weather import Fault, Kill

LIST = Request(method="GET", target="/things")
FOLLOW = Request(method="GET", target="/things?deltatoken=1")
WRITE = Request(method="POST", target="/things")


@pytest.fixture(scope="module")
def system():
    store = Store("source", small().types("source"), Clock())
    return build("storefront/1", store, token="t", base_url="http://s.test")


def test_plans_are_counted_from_now_on_and_come_once():
    forecast = Forecast()
    forecast.request(LIST)
    kill = Kill(request=2, moment="before")
    forecast.plan("request", 2, kill)
    found = []
    for _ in range(4):
        forecast.request(LIST)
        found.append(forecast.kills(LIST))
    assert found == [[], [kill], [], []]
    assert len(forecast) == 0


def test_what_is_planned_for_a_write_passes_reads_by():
    forecast = Forecast()
    forecast.plan("write", 1, print)
    for request in (LIST, WRITE, LIST):
        forecast.request(request)
        acts = forecast.acts(request)
        assert bool(acts) is (request is WRITE)


def test_each_kind_is_taken_by_itself(system):
    forecast = Forecast()
    fault, kill = Fault(request=1, fault="error"), Kill(request=1, moment="after")
    for plan in (kill, fault, print):
        forecast.plan("request", 1, plan)
    forecast.request(LIST)
    assert forecast.acts(LIST) == [print]
    assert forecast.kills(LIST) == [kill]
    assert forecast.fault(LIST, system) == fault
    assert forecast.fault(LIST, system) is None


@pytest.mark.parametrize(
    ("kind", "spared", "struck"),
    [("empty-list", WRITE, LIST), ("delta-expired", LIST, FOLLOW)],
)
def test_a_fault_waits_for_a_request_that_it_can_befall(system, kind, spared, struck):
    forecast = Forecast()
    fault = Fault(request=1, fault=kind)
    forecast.plan("request", 1, fault)
    for request in (spared, struck):
        forecast.request(request)
    assert forecast.fault(spared, system) is None
    assert forecast.fault(struck, system) == fault


def test_webhooks_are_counted_and_plans_forgotten():
    forecast = Forecast()
    assert forecast.webhook() == (1, "")
    forecast.plan_webhook(2, "lost")
    assert [forecast.webhook() for _ in range(3)] == [(2, ""), (3, "lost"), (4, "")]
    forecast.plan_webhook(1, "lost")
    forecast.plan("request", 1, print)
    forecast.clear()
    forecast.request(LIST)
    assert (forecast.acts(LIST), forecast.webhook()) == ([], (5, ""))
