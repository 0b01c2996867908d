"""The connector as a process, by its messages, and with a kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from stub import Stub, serve
from world import dataflow

SOURCE = str(Path(__file__).parents[1] / "src")


class Process:
    """A connector process between two stubs on sockets."""

    def __init__(self, folder, *, mode="stdio", erp_token="erp-token"):
        self.shop, self.erp = (
            Stub("storefront/1", "", "shop-token"),
            Stub("ledger/1", "", "erp-token"),
        )
        self.servers = [serve(self.shop), serve(self.erp)]
        (folder / "state").mkdir()
        (folder / "dataflow.json").write_text(json.dumps(dataflow()))
        self.errors = folder / "stderr"
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": SOURCE,
            "TALLYSTICK_CONTRACT": "1",
            "TALLYSTICK_DATAFLOW": str(folder / "dataflow.json"),
            "TALLYSTICK_STATE": str(folder / "state"),
            "TALLYSTICK_SOURCE_URL": self.shop.url,
            "TALLYSTICK_SOURCE_TOKEN": "shop-token",
            "TALLYSTICK_TARGET_URL": self.erp.url,
            "TALLYSTICK_TARGET_TOKEN": erp_token,
            "TALLYSTICK_MODE": mode,
        }
        self.start()

    def start(self):
        with self.errors.open("a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tallystick_reference"],
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def say(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        for server in self.servers:
            server.shutdown()
            server.server_close()


@pytest.fixture
def launch(tmp_path):
    """Launch processes, and leave none behind."""
    made = []

    def start(**options):
        made.append(Process(tmp_path, **options))
        return made[-1]

    yield start
    for process in made:
        process.close()


def test_it_says_ready_and_answers_each_request(launch):
    process = launch()
    assert process.hear() == {"ready": True}
    process.shop.create("customer", email="a@x")
    for number in (7, 8):
        process.say(id=number, do="sync")
        assert process.hear() == {"id": number, "did": "sync"}
    assert [data["Mail"] for data in process.erp.live("client").values()] == ["a@x"]
    process.say(id=9, do="dance")
    assert process.hear()["failed"]
    rest, _ = process.process.communicate(timeout=5)
    assert (rest, process.process.returncode) == ("", 0)


def test_it_gives_up_on_401_and_tells_no_secret(launch):
    process = launch(erp_token="wr0ng")
    process.hear()
    process.shop.create("customer", email="ann@secret.example")
    process.say(id=1, do="sync")
    answer = process.hear()
    assert answer["id"] == 1
    assert "token" in answer["failed"]
    told = process.errors.read_text() + json.dumps(answer)
    assert not any(secret in told for secret in ("wr0ng", "shop-token", "ann@secret"))


def test_a_fault_of_its_own_is_an_answer_and_a_log_without_data(launch):
    process = launch()
    process.hear()
    process.shop.handle = lambda *request: (200, {"secret": "ann@secret.example"})
    process.say(id=1, do="sync")
    assert process.hear()["failed"]
    assert "KeyError at" in process.errors.read_text()
    assert "ann@secret" not in process.errors.read_text()


def test_it_exits_at_the_end_of_input_even_within_a_sync(launch):
    process = launch()
    process.hear()
    asked, go_on = threading.Event(), threading.Event()

    def stall(request):
        asked.set()
        go_on.wait(10)

    process.erp.before = stall
    process.say(id=1, do="sync")
    assert asked.wait(5)
    began = time.monotonic()
    process.process.stdin.close()
    assert process.process.wait(5) == 0
    assert time.monotonic() - began < 4
    go_on.set()


def test_a_kill_in_the_middle_of_a_create_makes_no_second_record(launch):
    process = launch()
    process.hear()
    process.shop.create("customer", email="a@x")
    created, go_on = threading.Event(), threading.Event()
    honest = process.erp.post

    def post(path, headers, body):
        answer = honest(path, headers, body)
        if not created.is_set():
            created.set()
            go_on.wait(10)
        return answer

    process.erp.post = post
    process.say(id=1, do="sync")
    assert created.wait(5)
    process.process.kill()
    process.process.communicate()
    go_on.set()
    process.start()
    assert process.hear() == {"ready": True}
    process.say(id=2, do="sync")
    assert process.hear() == {"id": 2, "did": "sync"}
    assert len(process.erp.live("client")) == 1


def test_another_mode_is_refused_with_a_clear_message(launch):
    process = launch(mode="dance")
    assert process.process.wait(5) == 2
    assert "dance" in process.errors.read_text()


def until(condition):
    """Wait until something has come about."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_can_work_by_itself_whatever_happens(launch):
    process = launch(mode="poll")
    process.shop.create("customer", email="a@x")
    until(lambda: process.erp.live("client"))
    honest, process.shop.handle = process.shop.handle, lambda *_: (200, {"no": "list"})
    until(lambda: "KeyError at" in process.errors.read_text())
    process.shop.handle = honest
    process.shop.create("customer", email="b@x")
    until(lambda: len(process.erp.live("client")) == 2)


def test_a_token_that_is_refused_ends_its_work(launch):
    assert launch(mode="poll", erp_token="wr0ng").process.wait(10) == 1
