"""Connectors as processes: however they behave, there is a clear word, and nothing is left."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from tallystick.connectors.command import Command, StdioConnector
from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.environment import contract_variables
from tallystick.connectors.process import Evidence, Process
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable

SCRIPT = Path(__file__).with_name("misbehaving.py")
URLS = {"source": "http://127.0.0.1:9", "target": "http://127.0.0.1:9"}


def is_running(pid):
    """Tell whether a process runs; a zombie of somebody else's does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Trial:
    """One connector of a habit, with the folder that it keeps its notes in."""

    def __init__(self, state, habit, **more):
        self.state = state
        self.turn = threading.Condition()
        command = Command(
            argv=(sys.executable, "-IS", str(SCRIPT), habit),
            **{"start_s": 20.0, "sync_s": 20.0, "stop_s": 0.2, **more},
        )
        variables = contract_variables(dataflow_file=state / "d.json", state=state, urls=URLS)
        self.driver = StdioConnector(command, variables, self.turn)

    def __enter__(self):
        self.turn.acquire()
        return self.driver

    def __exit__(self, *_):
        self.turn.release()
        self.driver.close()

    def pids(self, name="starts"):
        return [int(line) for line in (self.state / name).read_text().split()]


@pytest.fixture
def trial(tmp_path):
    return lambda habit, **more: Trial(tmp_path, habit, **more)


def test_a_life(trial):
    this = trial("honest", stop_s=20.0)
    with this as driver:
        assert not driver.running
        driver.start()
        assert (driver.running, driver.processes) == (True, 1)
        assert [driver.sync(), driver.sync()] == ["", ""]
        [pid] = this.pids()
        assert is_running(pid)
    assert not driver.running
    assert not is_running(pid)


def test_one_that_gives_up_says_why(trial):
    with trial("gives-up") as driver:
        driver.start()
        assert [driver.sync(), driver.sync()] == ["not today", "not today"]
        assert driver.running


@pytest.mark.parametrize(
    ("habit", "more", "message"),
    [
        ("crashes-at-start", {}, "exit status 3; its last words on stderr: no licence found"),
        (
            "crashes-as-node-does",
            {},
            r"its last words on stderr: Error: no config \|     at Object.<anonymous> \(/home",
        ),
        ("floods-stderr-and-crashes", {}, r"line 19999 x+ \| a fault of mine$"),
        ("never-ready", {"start_s": 0.1}, r'it did not print {"ready": true} within 0.1 s'),
        ("greets", {}, "it printed 'hello, world' in place of"),
    ],
)
def test_one_that_cannot_be_started(trial, habit, more, message):
    with trial(habit, **more) as driver, pytest.raises(ConnectorUnavailable, match=message) as said:
        driver.start()
    assert not isinstance(said.value, ConnectorCrashed)
    assert str(said.value).startswith("the connector could not be started: ")
    assert not driver.running


def test_a_command_that_is_not_there(tmp_path):
    for argv, why in (
        (("no-such-command-here",), "'no-such-command-here' cannot be started: No such file"),
        ((str(tmp_path),), "Permission denied"),
        (("a\0b",), "null byte"),
    ):
        driver = StdioConnector(Command(argv=argv), {}, threading.Condition())
        with pytest.raises(ConnectorUnavailable, match=why):
            driver.start()
        driver.close()


@pytest.mark.parametrize(
    ("habit", "more", "message"),
    [
        ("crashes", {}, "it ended with exit status 7; its last words on stderr: a fault of mine"),
        ("is-ended", {}, "it was ended by SIGSEGV"),
        ("hangs", {"sync_s": 0.1}, "it did not answer within 0.1 s"),
        ("floods", {}, "it answered 'xxx.*no answer to sync 1"),
        ("floods-without-end", {}, "it answered 'xxx.*no answer to sync 1"),
        ("speaks-nonsense", {}, "it answered 'ok', which is no answer to sync 1"),
        ("answers-another", {}, "no answer to sync 1"),
        ("answers-a-list", {}, "no answer to sync 1"),
        ("answers-both", {}, "no answer to sync 1"),
        ("fails-without-a-reason", {}, "no answer to sync 1"),
        ("nests-deeply", {}, "no answer to sync 1"),
        ("speaks-unasked", {}, "though nothing was asked|no answer to sync 1"),
    ],
)
def test_one_that_breaks(trial, habit, more, message):
    this = trial(habit, **more)
    with this as driver:
        driver.start()
        with pytest.raises(ConnectorCrashed, match=message) as said:
            driver.sync()
        assert len(str(said.value)) < 500
        assert not driver.running
        assert not is_running(this.pids()[0])


def test_what_it_logged_is_there_when_it_answers(trial):
    with trial("tells") as driver:
        driver.start()
        for _ in range(5):
            driver.sync()
            token, person = driver.take_printed()
            assert token.startswith("token target-token")
            assert person == "Ann Example-Person was here"
    assert driver.take_printed() == []


def test_a_flood_on_stderr_holds_nobody_up_and_is_not_kept(trial):
    with trial("floods-stderr") as driver:
        driver.start()
        assert driver.sync() == ""
        *lines, last = driver.take_printed()
        assert len(lines) == Evidence.most_lines
        assert last == f"({20_000 - len(lines)} more lines were not kept)"


def test_long_lines_are_cut_to_pieces():
    evidence = Evidence()
    evidence.add("x" * (2 * Evidence.longest_line + 1))
    evidence.add("")
    assert [len(line) for line in evidence.take()] == [4096, 4096, 1, 0]
    assert evidence.take() == []


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="nothing tells where they went")
@pytest.mark.parametrize("how", ["kill", "close"])
def test_its_children_go_with_it(trial, how):
    this = trial("has-children")
    with this as driver:
        driver.start()
        driver.sync()
        child, away = this.pids("pids")
        assert is_running(child)
        if how == "kill":
            driver.kill()
            assert not is_running(child)
            assert not is_running(away)
    assert not is_running(child)
    assert not is_running(away)


def test_one_that_ignores_everything_is_ended(trial):
    this = trial("ignores-everything")
    with this as driver:
        driver.start()
    assert not is_running(this.pids()[0])


def test_a_kill_and_a_new_start(trial):
    this = trial("honest")
    with this as driver:
        driver.start()
        driver.sync()
        driver.kill()
        assert not driver.running
        driver.start()
        assert driver.processes == 2
        assert driver.sync() == ""
        first, second = this.pids()
        assert first != second
        assert not is_running(first)


def test_a_kill_while_it_is_waited_for(trial):
    this = trial("hangs")

    def kill():
        with this.turn:
            this.driver.kill()

    with this as driver:
        driver.start()
        killer = threading.Timer(0.02, kill)
        killer.start()
        with pytest.raises(ConnectorKilled):
            driver.sync()
        killer.join()
        with pytest.raises(ConnectorKilled):
            driver.sync()


def test_its_environment(trial, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_HARNESS", "x")
    show = "import json, os, sys; open(sys.argv[1], 'w').write(json.dumps(dict(os.environ)))"
    command = Command(
        argv=(sys.executable, "-ISc", show, str(tmp_path / "env")),
        environment={"LEVEL": "debug", "TALLYSTICK_MODE": "mine", "PATH": "/bin"},
        folder=tmp_path,
    )
    variables = contract_variables(dataflow_file=tmp_path / "d", state=tmp_path, urls=URLS)
    driver = StdioConnector(command, variables, threading.Condition())
    with driver._turn, pytest.raises(ConnectorUnavailable, match="exit status 0"):
        driver.start()
    driver.close()
    seen = __import__("json").loads((tmp_path / "env").read_text())
    seen.pop("LC_CTYPE", None)  # Python's own doing
    assert seen == {**variables, "LEVEL": "debug", "PATH": "/bin", "HOME": os.environ["HOME"]}


def test_an_end_is_seen_without_help_of_the_machine(trial, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    with trial("crashes") as driver:
        driver.start()
        with pytest.raises(ConnectorCrashed, match="exit status 7"):
            driver.sync()


def leftovers():
    names = {thread.name for thread in threading.enumerate()}
    return names & {"tallystick connector"}, len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize(
    "times", [3, pytest.param(200, marks=pytest.mark.slow)], ids=["briefly", "long"]
)
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts what /proc shows")
def test_kills_and_starts_leave_nothing(trial, times):
    before = leftovers()
    this = trial("honest")
    with this as driver:
        for _ in range(times):
            driver.start()
            driver.sync()
            driver.kill()
    assert driver.processes == times
    assert not any(map(is_running, this.pids()))
    assert leftovers() == before


def test_a_process_is_not_killed_twice(tmp_path):
    """Its number may belong to somebody else by then."""
    process = Process(
        (sys.executable, "-ISc", "pass"),
        {},
        folder=None,
        turn=threading.Condition(),
        evidence=Evidence(),
    )
    process.kill()
    sent = []
    process._signal = sent.append
    process.finish(0)
    assert sent == []
    assert not process.write("hello")


def test_time_to_end(trial):
    this = trial("honest", stop_s=20.0)
    began = time.monotonic()
    with this as driver:
        driver.start()
    assert time.monotonic() - began < 15
