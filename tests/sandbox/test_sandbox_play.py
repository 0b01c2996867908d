"""The sandbox: what people do in it, what a connector does with it, and what is kept of it."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from sandbox_cases import NAME, dataflow, playing, settled, settles, until

from tallystick.connectors.environment import TOKENS
from tallystick.errors import BadInput, ConnectorUnavailable
from tallystick.run.actions import StepImpossible
from tallystick.run.stage import Theatre
from tallystick.run.suite import play_features
from tallystick.sandbox import Sandbox
from tallystick.sandbox.feed import MOST_LINES, Feed
from tallystick.sandbox.view import SandboxView
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.events import Event, Killed, Printed, SyncEnded
from tallystick.vocabulary.gherkin import read_feature
from tallystick.vocabulary.script import Create, Delete, Edit, Ref


def test_links_are_shown_once_they_are_inferred_and_what_differs_is_named() -> None:
    with playing("faulty:city-ignored-to-shop") as sandbox:
        view = SandboxView(sandbox)
        sandbox.create("source", "Customer")
        settled(sandbox)
        with sandbox.turn:
            shop, erp = view.records()
            assert view.links() == [[shop["id"], erp["id"], False]]
            assert (shop["label"], erp["label"], shop["bad"], erp["bad"]) == ("Ann", "Ann", [], [])
        before = settles(sandbox)
        sandbox.act(
            Edit(
                side="target",
                record=Ref("Ann", "Customer", "Customer"),
                values=(("Address.City", "Bergen"),),
            )
        )
        settled(sandbox, before)
        with sandbox.turn:
            shop, erp = view.records()
            assert (shop["bad"], erp["bad"]) == (["billing.city"], ["Address.City"])
            assert "Bergen" in view.state()["violations"][-1]["text"]
            rows = view.pair(next(iter(sandbox.records())))["rows"]
        assert [row["source"]["path"] for row in rows if row["bad"]] == ["billing.city"]


def test_what_was_done_runs_as_a_scenario() -> None:
    with playing("reference") as sandbox:
        sandbox.create("source", "Customer")
        settled(sandbox)
        assert sandbox.burst(12) > 6
        before = settles(sandbox)
        sandbox.ask()
        settled(sandbox, before)
        text = sandbox.scenario("Played by hand")
    feature = read_feature(text, file="sandbox.feature")
    assert len(feature.scenarios[0].steps) > 12
    with InProcess() as network:
        theatre = Theatre(network=network)
        theatre.dataflows[NAME, NAME] = dataflow()
        result = play_features(theatre, [feature])
        theatre.close()
    assert result.judgement.settles >= 2
    assert not result.failed


def test_what_people_do_while_the_connector_works_is_synchronized_next() -> None:
    with playing("reference") as sandbox:

        def interrupt(event: Event | None) -> None:
            if isinstance(event, SyncEnded):
                sandbox.listeners.remove(interrupt)
                sandbox.create("source", "Product")

        with sandbox.turn:
            sandbox.listeners.append(interrupt)
            sandbox.create("source", "Customer")
        settled(sandbox, 1)
        with sandbox.turn:
            assert len(SandboxView(sandbox).links()) == 2


def test_a_connector_is_killed_and_started_again() -> None:
    with playing("reference") as sandbox:
        sandbox.create("source", "Customer")
        settled(sandbox)
        sandbox.kill()
        until(sandbox, lambda: any(isinstance(e, Killed) for e in sandbox.world.journal.events))
        settled(sandbox, 1)
        assert sandbox.wiring.driver.processes == 2
        assert not sandbox.world.violations


@pytest.mark.slow
def test_a_connector_run_by_hand_needs_nothing_but_the_ports() -> None:
    with playing() as sandbox:
        sandbox.create("source", "Customer")
        url = urlsplit(sandbox.wiring.urls["target"])
        data = {"EmailAddress": "ann@example.com", "LastName": "Ann's last name"}
        headers = {
            "Authorization": f"Bearer {TOKENS['target']}",
            "Content-Type": "application/json",
        }
        shop = urlsplit(sandbox.wiring.urls["source"])
        reading = HTTPConnection(str(shop.hostname), shop.port, timeout=20)
        reading.request(
            "GET", "/customers", headers={"Authorization": f"Bearer {TOKENS['source']}"}
        )
        assert b"ann@example.com" in reading.getresponse().read()
        reading.close()
        connection = HTTPConnection(str(url.hostname), url.port, timeout=20)
        connection.request("POST", "/customers", json.dumps({"data": data}), headers)
        assert connection.getresponse().status == 201
        connection.close()
        settled(sandbox)
        with sandbox.turn:
            assert len(SandboxView(sandbox).links()) == 1


def test_what_no_system_takes_is_refused_and_not_kept() -> None:
    with playing() as sandbox:
        with pytest.raises(StepImpossible):
            sandbox.act(Delete(side="source", record=Ref("Nobody", "Customer")))
        with pytest.raises(StepImpossible):
            sandbox.create("source", "Unheard of")
        assert len(sandbox.steps) == 1


def test_labels_are_given_once_and_never_to_two() -> None:
    with playing() as sandbox:
        sandbox.act(Create(side="source", record=Ref("Ann", "Customer")))
        sandbox.create("source", "Customer", 12)
        sandbox.create("target", "Customer", 3)
        assert len(sandbox.world.labels) == 16


def test_a_connector_that_cannot_be_started_is_said_so() -> None:
    with pytest.raises(ConnectorUnavailable):
        Sandbox(dataflow(), connector="python:no.such.module:connect")
    with pytest.raises(BadInput):
        Sandbox(dataflow(), connector="nonsense")
    sandbox = Sandbox(dataflow(), connector="command:/no/such/program")
    with pytest.raises(ConnectorUnavailable):
        sandbox.start()


def test_a_feed_tells_all_once_and_then_only_what_is_new() -> None:
    with playing() as sandbox, Feed(sandbox, SandboxView(sandbox)) as feed:
        with sandbox.turn:
            first = feed.message()
            assert {"about", "records", "links", "state"} <= first.keys()
            assert not feed.has_news
        sandbox.create("source", "Customer", 2)
        with sandbox.turn:
            assert feed.has_news
            news = feed.message()
        assert [record["label"] for record in news["changed"]] == ["Ann", "Bo"]
        assert [line["text"] for line in news["log"]] == [
            'creates Customer "Ann"',
            'creates Customer "Bo"',
        ]
        assert "about" not in news


def test_who_comes_late_is_told_no_more_lines_than_a_page_keeps() -> None:
    with playing() as sandbox:
        with sandbox.turn:
            for number in range(MOST_LINES + 50):
                sandbox.world.emit(Printed(at_ms=1, text=f"line {number}"))
        with Feed(sandbox, SandboxView(sandbox)) as feed, sandbox.turn:
            assert len(feed.message()["log"]) == MOST_LINES
