"""When a connector that works by itself is quiet, told from its traffic and a clock of the test's."""

from __future__ import annotations

import threading

import pytest

from tallystick.connectors.polling import Rest
from tallystick.connectors.quiet import QuietWatch
from tallystick.dataflow.model import Creation, Dataflow, Pair, RecordType, System
from tallystick.vocabulary.events import Change, Edited, Exchange, Killed, Snapshot, Started

DATAFLOW = Dataflow(
    source=System(system="Shop", api="storefront/1"),
    target=System(system="ERP", api="ledger/1"),
    source_types={
        "Thing": RecordType(name="Thing", path="things"),
        "Other": RecordType(name="Other", path="others"),  # no pair is about it
    },
    target_types={"Item": RecordType(name="Item", path="items")},
    pairs=(Pair(number=1, source="Thing", target="Item", create=Creation(when="always"), rows=()),),
)
NOW = Snapshot(data={}, modified_ms=0, version=1)
MADE = Change(side="target", type="Item", key=1, before=None, after=NOW)
FEEDS = {"source": "/things?modified_since=x&page=1", "target": "/items?deltatoken=x"}
GAP = 0.1


class Play:
    """Feeds a watch, one request every tenth of a second unless a pause is said."""

    def __init__(self, unheeded=None):
        self.watch = QuietWatch(DATAFLOW, set() if unheeded is None else unheeded)
        self.now = 100.0

    def request(self, side, target, *, after=GAP, method="GET", status=200, **more):
        self.now += after
        event = Exchange(
            at_ms=0,
            number=1,
            process=1,
            side=side,
            method=method,
            target=target,
            status=status,
            **more,
        )
        self.watch.feed(event, self.now)

    def read(self, *sides, **more):
        for side in sides or ("source", "target"):
            self.request(side, FEEDS[side], **more)

    def write(self, **more):
        self.request("target", "/items", method="POST", status=201, changes=(MADE,), **more)

    def edit(self):
        self.watch.feed(Edited(at_ms=0, step=1, label="", change=MADE), self.now)

    @property
    def left(self):
        return self.watch.left_s(self.now)


@pytest.fixture
def play():
    made = Play()
    made.edit()
    return made


def test_everything_has_to_be_read_twice(play):
    for _ in range(3):
        assert play.left is None
        play.read("source")
        assert play.left is None
        play.read("target")
        if play.watch.rounds == 2:
            break
    assert play.left == 0.0


def test_reading_only_one_system_is_not_enough(play):
    for _ in range(20):
        play.read("source")
    assert play.left is None


@pytest.mark.parametrize(
    "target",
    [
        "/things?page=2&modified_since=x",
        "/things?where=a&equals=b",
        "/things/1",
        "/others",
        "/things?external_reference=a",
        "/things?skiptoken=a",
    ],
)
def test_what_is_no_reading(play, target):
    for _ in range(3):
        play.request("source", target)
        play.read("target")
    assert play.watch.rounds == 0


@pytest.mark.parametrize("status", [0, 410, 500, 503])
def test_what_was_not_answered_is_not_read(play, status):
    for _ in range(3):
        play.read(status=status, answered=status != 0)
    assert play.watch.rounds == 0


def test_the_quiet_period_is_three_times_the_longest_gap(play):
    play.read()
    play.read("source", after=0.7)
    play.read("target")
    assert play.watch.longest_gap_s == pytest.approx(0.7)
    assert play.watch.period_s == pytest.approx(2.1)
    assert play.left == pytest.approx(2.1 - 1.0)


def test_it_is_never_shorter_than_a_tenth_of_a_second():
    play = Play()
    play.edit()
    play.read(after=0.001)
    play.read(after=0.001)
    assert play.left == pytest.approx(0.1 - 0.004)


@pytest.mark.parametrize("stir", ["write", "edit", "fault"])
def test_a_change_begins_it_anew(play, stir):
    play.read()
    play.read()
    if stir == "write":
        play.write()
    elif stir == "edit":
        play.edit()
    else:
        play.request("source", "/things/1", fault="reset-before", answered=False, status=0)
    assert play.left is None
    assert not play.watch.is_still(play.now)
    play.read()
    assert play.left is None
    play.read()
    assert play.left is not None
    assert play.watch.is_still(play.now + 1)


def test_a_write_that_changes_nothing_does_not(play):
    play.read()
    play.read()
    play.request("target", "/items", method="POST", status=422)
    assert play.left == 0.0


def test_a_retry_after_is_waited_for(play):
    play.read()
    play.read()
    play.request("source", "/things", status=503, retry_after_s=5)
    assert play.left == pytest.approx(5.0)
    play.read("target", after=2.0)
    assert play.left == pytest.approx(3.0)
    assert play.watch.longest_gap_s == pytest.approx(GAP)


def test_one_that_was_never_heard_is_not(play):
    play.read()
    play.read()
    play.request("source", "/things", status=503, answered=False, retry_after_s=5)
    assert play.left == 0.0


@pytest.mark.parametrize("what", ["stall", "kill"])
def test_gaps_that_others_caused_do_not_count(play, what):
    play.read()
    if what == "stall":
        play.request("source", "/things/1", fault="stall", answered=False, status=0)
    else:
        play.watch.feed(Killed(at_ms=0, process=1), play.now)
        play.watch.feed(Started(at_ms=0, process=2), play.now)
    play.read("source", after=8.0)
    assert play.watch.longest_gap_s == pytest.approx(GAP)


def test_what_it_never_reads_is_waited_for_once():
    unheeded = set()
    play = Play(unheeded)
    play.edit()
    for _ in range(4):
        play.read("source")
    assert play.left is None
    play.watch.give_up()
    assert unheeded == {("target", "items")}
    another = Play(unheeded)
    another.edit()
    another.read("source")
    another.read("source")
    assert another.left is not None


def test_a_rest_waits_for_requests_that_are_being_answered():
    turn, busy = threading.Condition(), [1]
    rest = Rest(DATAFLOW, turn, lambda: busy[0], set())

    def answered():
        with turn:
            busy[0] = 0
            turn.notify_all()

    with turn:
        for _ in range(2):
            for side in ("source", "target"):
                rest.heard(
                    Exchange(
                        at_ms=0,
                        number=1,
                        process=1,
                        side=side,
                        method="GET",
                        target=FEEDS[side],
                        status=200,
                    )
                )
        threading.Timer(0.02, answered).start()
        assert rest.wait(20.0, lambda: False)
        assert busy == [0]


@pytest.mark.parametrize(("writes", "rests"), [(False, True), (True, False)])
def test_at_the_deadline_only_one_that_writes_does_not_rest(writes, rests):
    turn = threading.Condition()
    rest = Rest(DATAFLOW, turn, lambda: 0, set())
    rest._watch._changed_s = 1e9 if writes else -1e9
    with turn:
        assert rest.wait(0.01, lambda: False) == rests
