"""Connectors in this process: what they raise, write and log, and how they end."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
import time

import connectors_in_test as theirs
import pytest

from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.python import PythonConnector
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.vocabulary.events import Exchange


class Time:
    def __init__(self):
        self.now_s = 100.0

    def now(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


def connector(factory, env=None):
    clock = Time()
    return PythonConnector(factory, env or {}, now=clock.now, sleep=clock.sleep)


def started(factory):
    made = connector(factory)
    made.start()
    return made


def test_a_life():
    made = connector(theirs.connect, {"TALLYSTICK_MODE": "stdio"})
    assert (made.running, made.processes) == (False, 0)
    made.start()
    assert (made.running, made.processes) == (True, 1)
    assert made.sync() == ""
    made.close()
    assert not made.running
    made.start()
    assert made.processes == 2


def test_each_start_gets_an_environment_of_its_own():
    theirs.seen.clear()
    given = {"A": "1"}
    made = connector(theirs.connect, given)
    given["B"] = "2"
    made.start()
    made.start()
    first, second = theirs.seen
    assert first == second == {"A": "1", "changed": "here only"}
    assert first is not second
    assert "changed" not in given


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("no url"), "could not be started: ValueError: no url"),
        (SystemExit(3), r"it ended the whole process \(sys.exit\(3\)\)"),
        (SystemExit(), r"sys.exit\(None\)"),
    ],
)
def test_a_factory_that_fails(error, message):
    made = connector(theirs.failing(error))
    with pytest.raises(ConnectorUnavailable, match=message):
        made.start()
    assert not made.running
    assert made.printed == ["on its way"]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ValueError("no way"), "ValueError: no way"),
        (KeyError("id"), "KeyError: 'id'"),
        (SystemExit(1), "it ended the whole process (sys.exit(1))"),
        (SystemExit("bye"), "it ended the whole process (sys.exit('bye'))"),
        (RecursionError(), "RecursionError: "),
    ],
)
def test_what_it_raises_means_that_it_gave_up(error, why):
    made = started(theirs.raising(error))
    assert made.sync() == why
    assert made.running
    assert made.printed == ["before it gave up"]


def test_a_kill_passes_through():
    made = started(theirs.killed)
    with pytest.raises(ConnectorKilled):
        made.sync()
    assert not made.running
    assert made.printed == ["before it gave up"]


def test_somebody_at_the_keyboard_passes_through():
    made = started(theirs.raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        made.sync()


def test_closing_is_never_a_failure():
    made = started(theirs.closes_badly)
    made.close()
    assert not made.running
    assert made.printed == ["last words"]
    made.close()
    assert made.printed == ["last words"]


def test_an_abandoned_one_is_not_closed():
    made = started(theirs.closes_badly)
    made.kill()
    made.close()
    assert (made.running, made.printed) == (False, [])


def test_output_and_logs_are_kept(capsys):
    level = logging.getLogger().level
    logging.getLogger("theirs").setLevel(logging.DEBUG)
    made = started(theirs.talks)
    made.sync()
    assert made.printed == ["one", "two", "to stderr", "logged deeply"]
    made.sync()
    assert len(made.printed) == 8
    logging.getLogger("theirs").setLevel(logging.NOTSET)
    assert logging.getLogger().level == level
    assert capsys.readouterr() == ("", "")


def test_nothing_stays_behind():
    handlers, streams = list(logging.getLogger().handlers), (sys.stdout, sys.stderr)
    made = started(theirs.raising(ValueError()))
    made.sync()
    assert logging.getLogger().handlers == handlers
    assert (sys.stdout, sys.stderr) == streams


def test_it_lives_in_the_given_time():
    made = started(theirs.sleeper)
    assert made.sync() == ""


def busy(seconds):
    """Keep the processor busy."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


class Works:
    """A connector whose sync is a function."""

    def __init__(self, sync):
        self.sync = sync

    def close(self):
        self.sync()


def working(sync, *, patience_s=0.2):
    clock = Time()
    made = PythonConnector(
        lambda *_, **__: Works(sync), {}, now=clock.now, sleep=clock.sleep, patience_s=patience_s
    )
    made.start()
    return made


def for_ever():
    while True:
        busy(0.01)


def for_ever_caught():
    while True:
        with contextlib.suppress(Exception):
            busy(0.01)


@pytest.mark.parametrize("sync", [for_ever, for_ever_caught])
def test_one_that_works_for_ever_is_ended(sync):
    made = working(sync)
    with pytest.raises(ConnectorCrashed, match=r"0\.2 seconds of the processor without any"):
        made.sync()
    assert not made.running
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) == signal.SIG_DFL


def test_one_that_never_starts_or_closes_is_ended():
    clock = Time()
    made = PythonConnector(
        lambda *_, **__: for_ever(), {}, now=clock.now, sleep=clock.sleep, patience_s=0.2
    )
    with pytest.raises(ConnectorUnavailable, match="could not be started: it worked for"):
        made.start()
    made = working(for_ever)
    made.close()
    assert not made.running


def test_requests_and_waiting_are_no_endless_work():
    exchange = Exchange(
        at_ms=0, number=1, process=1, side="source", method="GET", target="/", status=200
    )

    def sync():
        for _ in range(4):
            busy(0.12)
            made.heard(exchange)
        time.sleep(0.4)

    made = working(sync)
    assert made.sync() == ""


def test_another_thread_or_another_profiler_is_left_alone():
    made = working(lambda: busy(0.5))
    told = []
    thread = threading.Thread(target=lambda: told.append(made.sync()))
    thread.start()
    thread.join()
    before = signal.signal(signal.SIGPROF, lambda *_: None)
    try:
        told.append(made.sync())
    finally:
        signal.signal(signal.SIGPROF, before)
    assert told == ["", ""]
