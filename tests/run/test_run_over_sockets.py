"""Worlds over sockets: the same events as in process, real faults, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from run_agreed import small

from tallystick.connectors.command import Command
from tallystick.connectors.environment import contract_variables
from tallystick.connectors.polling import Attachment
from tallystick.errors import ConnectorUnavailable
from tallystick.laws.judge import judge
from tallystick.run import wiring
from tallystick.run.actions import perform
from tallystick.run.backstage import NotRun
from tallystick.run.explore import explore_pair, try_script
from tallystick.run.stage import Effort, Stage, Theatre
from tallystick.run.world import World
from tallystick.systems.inprocess import InProcess
from tallystick.systems.server import Sockets
from tallystick.vocabulary.events import Edited, Exchange, Killed, Printed, Started, SyncEnded
from tallystick.vocabulary.script import Create, Edit, Has, HoldsRecords, Ref, Settle, Start, Wait
from tallystick.vocabulary.weather import FAULT_WORDS, LIST_FAULTS, During, Fault, Kill

ROOT = Path(__file__).resolve().parents[2]
BAD = ROOT / "tests" / "connectors" / "misbehaving.py"
RUN = f"""
import sys
sys.path.insert(0, {str(ROOT / "reference" / "src")!r})
from tallystick_reference.__main__ import main
sys.exit(main())
"""
REFERENCE = (sys.executable, "-c", RUN)
ANN = Ref("Ann", "Thing")
HERS = Ref("Ann", "Thing", "*")
CREATE = Create(side="source", record=ANN, values=(("name", "Ann"),))
EDIT = Edit(side="source", record=ANN, values=(("name", "Anna"),))


def command(mode="stdio", **more):
    return Command(argv=REFERENCE, mode=mode, **more)


def bad(habit, mode="stdio", **more):
    times = {"start_s": 20.0, "sync_s": 20.0, "stop_s": 0.2, **more}
    return Command(argv=(sys.executable, "-IS", str(BAD), habit), mode=mode, **times)


@pytest.fixture
def theatre():
    made = []

    def make(launch=None, **more):
        made.append(Theatre(InProcess(), connector="command:…", launch=launch or command(), **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def events(world, *kinds):
    return [event for event in world.journal.events if isinstance(event, kinds)]


def play(world, *steps):
    found = []
    for step in steps:
        found += perform(world, step)
    return found


def laws(violations):
    return {violation.law for violation in violations}


def our_threads():
    return sorted(t.name for t in threading.enumerate() if t.name.startswith("tallystick"))


def is_running(pid):
    """Tell whether a process runs; one that waits to be reaped does not."""
    shown = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()[:1] not in ("", "Z", "X")


# a life


@pytest.mark.parametrize("mode", ["stdio", "poll"])
def test_a_record_goes_over_and_back(theatre, mode):
    world = theatre(command(mode)).world(small())
    found = play(
        world,
        CREATE,
        Settle(),
        Edit(side="target", record=HERS, values=(("note", "hers"),)),
        Settle(),
        Has(side="source", record=ANN, values=(("note", "hers"),)),
        EDIT,
        Settle(),
        Settle(),
        Has(side="target", record=HERS, values=(("name", "Anna"),)),
        HoldsRecords(side="target", type="Item", number=1),
    )
    assert found == []
    journal = world.close()
    assert journal.complete
    assert journal.header.own_pace == (mode == "poll")
    assert judge(journal).violations == []
    times = [event.at_ms for event in journal.events]
    assert times == sorted(times)
    assert abs(times[0] / 1000 - time.time()) < 60


def test_time_runs_and_jumps(theatre):
    world = theatre().world(small())
    play(world, CREATE, Wait(ms=90_000), EDIT)
    first, second = events(world, Edited)
    assert 90_000 <= second.at_ms - first.at_ms < 95_000


@pytest.mark.slow
def test_the_next_connectors_start_while_one_is_played(theatre):
    stage, dataflow = theatre(), small()
    for turn in range(3):
        world = stage.world(dataflow)
        assert play(world, CREATE, Settle()) == []
        assert len(stage._backstage._waiting) == (2 if turn else 0)
        world.close()
    stage.world(small(numbers="exact")).close()
    assert not stage._backstage._waiting


def test_a_dataflow_that_is_equal_is_the_same_file(theatre):
    stage = theatre()
    assert stage._file(small()) == stage._file(small()) != stage._file(small(numbers="exact"))


# weather


BRIEFLY = [
    [Fault(request=3, fault="reset-after")],
    [Fault(request=2, fault="stall")],
    [Kill(request=1, moment="during", counting="write")],
    [During(request=2, step=EDIT), Kill(request=3, moment="during")],
]
AT_LENGTH = [
    *([Fault(request=n, fault=f, seconds=1)] for f in FAULT_WORDS for n in (2, 3)),
    *([Kill(request=1, moment=m, counting="write")] for m in ("before", "after")),
]


@pytest.mark.parametrize(
    "weather",
    [*BRIEFLY, *(pytest.param(each, marks=pytest.mark.slow) for each in AT_LENGTH)],
    ids=str,
)
def test_the_reference_weathers_it(theatre, weather, monkeypatch):
    monkeypatch.setattr(wiring, "_LONG_STALL_S", 0.3)
    world = theatre().world(small())
    more = Create(side="source", record=Ref("Bob", "Thing"))
    found = play(world, CREATE, Settle(), more, *weather, Settle(), EDIT, Settle())
    assert found == []
    assert len(world.stores["target"].live("Item")) == 2
    elsewhere = {*LIST_FAULTS, "delta-expired"}
    if isinstance(weather[0], Fault) and weather[0].fault not in elsewhere:
        assert [e.fault for e in events(world, Exchange) if e.fault] == [weather[0].fault]
    kills = sum(isinstance(step, Kill) for step in weather)
    assert len(events(world, Killed)) == kills
    assert [event.process for event in events(world, Started)] == list(range(1, kills + 2))


@pytest.mark.slow
def test_a_kill_and_a_fault_in_poll_mode(theatre):
    world = theatre(command("poll")).world(small())
    found = play(world, CREATE, Kill(request=1, moment="during", counting="write"), Settle())
    found += play(world, EDIT, Fault(request=1, fault="reset-after", counting="write"), Settle())
    assert found == []
    assert len(events(world, Killed)) == 1
    assert len(world.stores["target"].live("Item")) == 1


@pytest.mark.parametrize(
    ("moment", "made", "answered"),
    [("before", 0, []), ("during", 1, [False]), ("after", 1, [True])],
)
def test_a_kill_at_exactly_that_request(theatre, moment, made, answered):
    world = theatre(bad("posts"), without={"one-to-one"}).world(small())
    play(world, Start(), Kill(request=1, moment=moment, counting="write"), Settle())
    order = [type(e).__name__ for e in world.journal.events]
    first = world.journal.events[: order.index("Killed")]
    exchanges = [e for e in first if isinstance(e, Exchange)]
    assert [e.answered for e in exchanges] == answered
    assert sum(bool(e.changes) for e in exchanges) == made


# connectors that misbehave


@pytest.mark.parametrize("habit", ["crashes-at-start", "greets"])
def test_one_that_cannot_be_started(theatre, habit):
    world = theatre(bad(habit)).world(small())
    with pytest.raises(ConnectorUnavailable, match="could not be started"):
        play(world, CREATE, Settle())


@pytest.mark.parametrize(
    ("habit", "why"),
    [
        ("crashes", "exit status 7"),
        ("floods", "no answer to sync"),
        ("speaks-nonsense", "no answer to sync"),
        ("hammers", "more than 40 requests"),
    ],
)
def test_one_that_breaks_breaks_a_law(theatre, habit, why, monkeypatch):
    monkeypatch.setattr(World, "most_requests", 40)
    world = theatre(bad(habit)).world(small())
    [violation] = [v for v in play(world, CREATE, Settle()) if v.law == "runs"]
    assert why in violation.note
    [ended] = events(world, SyncEnded)
    assert ended.outcome == "crashed"
    assert not world._driver.running


def test_one_that_hangs(theatre):
    world = theatre(bad("hangs", sync_s=0.2)).world(small())
    assert laws(play(world, CREATE, Settle())) == {"runs"}


def test_one_that_does_not_come_back_after_a_kill(theatre, tmp_path):
    once = tmp_path / "once"
    argv = (
        *("/bin/sh", "-c"),
        f'test -e {once} && exit 9; touch {once}; exec "$0" -IS {BAD} posts',
        sys.executable,
    )
    world = theatre(Command(argv=argv), without={"one-to-one"}).world(small())
    found = play(world, Kill(request=1, moment="before"), Settle())
    assert [(v.law, "exit status 9" in v.note) for v in found] == [("runs", True)]


def test_what_it_logs_is_searched_for_tokens(theatre):
    world = theatre(bad("tells")).world(small())
    ann = Create(side="source", record=ANN, values=(("name", "Ann Example-Person"),))
    found = play(world, ann, Settle())
    assert [v.anomaly for v in found if v.law == "discreet"] == ["token-printed", "data-printed"]
    assert events(world, Printed)[0].text == "token <target-token>"


@pytest.mark.parametrize(
    "habit",
    [
        "has-children",
        *(pytest.param(h, marks=pytest.mark.slow) for h in ("ignores-everything", "hangs")),
    ],
)
def test_nothing_is_left(habit, tmp_path, monkeypatch):
    monkeypatch.setattr(wiring, "state_root", lambda: tmp_path)
    before = our_threads()
    theatre = Theatre(InProcess(), connector="command:…", launch=bad(habit, sync_s=0.1))
    worlds = [theatre.world(small()) for _ in range(3)]
    states = [world.wiring.state for world in worlds]
    play(worlds[0], CREATE, Settle())
    notes = [
        file for state in states for file in state.iterdir() if file.name in ("starts", "pids")
    ]
    pids = {int(pid) for file in notes for pid in file.read_text().split()}
    assert pids
    for world in worlds:
        world.close()
    theatre.close()
    assert our_threads() == before
    assert list(tmp_path.iterdir()) == []
    assert not any(map(is_running, pids))


@pytest.mark.parametrize("mode", [pytest.param("stdio", marks=pytest.mark.slow), "poll"])
def test_worlds_that_were_not_closed_end_with_the_theatre(mode):
    theatre = Theatre(InProcess(), connector="command:…", launch=command(mode))
    world = theatre.world(small())
    play(world, CREATE, Settle())
    pid = world.wiring.driver._process.pid
    assert is_running(pid)
    theatre.close()
    assert not is_running(pid)
    assert not world.wiring.state.exists()


@pytest.mark.slow
def test_a_connector_may_ask_before_it_is_ready(theatre):
    stage = theatre(bad("wants-its-systems-first"), without={"linked"})
    for _ in range(3):
        world = stage.world(small())
        assert play(world, CREATE, Settle()) == []
        assert [e.status for e in events(world, Exchange)] == [200]
        world.close()


# one connector for a whole run


@pytest.mark.parametrize("mode", ["stdio", pytest.param("poll", marks=pytest.mark.slow)])
def test_one_process_serves_many_scripts(theatre, mode):
    stage, dataflow = theatre(command(mode, reuse=True)), small()
    script = (CREATE, Settle(), EDIT, Settle(), HoldsRecords(side="target", type="Item", number=1))
    pids = set()
    for _ in range(3):
        trial = try_script(stage, dataflow, script)
        assert trial.violations == ()
        assert trial.judgement.settles == 2
        assert judge(trial.journal).violations == []
        [(kept, ground)] = stage._backstage._kept.values()
        pids.add(kept.driver._process.pid)
        assert not ground.stores["target"].live("Item")
    assert len(pids) == 1


def test_what_needs_a_process_of_its_own_is_not_run(theatre):
    stage = Stage(theatre(command(reuse=True)))
    stage.dataflow = small()
    for step in (Kill(request=1, moment="before"), Start()):
        with pytest.raises(NotRun, match="neither killed nor started"):
            stage.play(step)
    with pytest.raises(NotRun, match="skewed"):
        stage.theatre.world(small(), skew_ms={"source": 5000})


@pytest.mark.slow
def test_an_attached_connector(theatre, tmp_path):
    with Sockets(("source", "target")) as free:
        ports = [int(url.rpartition(":")[2]) for url in free.urls.values()]
    attachment = Attachment(source_port=ports[0], target_port=ports[1], patience_s=20.0)
    stage = theatre(attachment)
    dataflow = small()
    world = stage.world(dataflow)
    assert list(world.wiring.urls.values()) == [f"http://127.0.0.1:{port}" for port in ports]
    variables = contract_variables(
        dataflow_file=stage._file(dataflow), state=tmp_path, urls=world.wiring.urls, mode="poll"
    )
    by_hand = subprocess.Popen(REFERENCE, env={**os.environ, **variables})
    try:
        assert play(world, CREATE, Settle(), EDIT, Settle()) == []
        world.close()
        second = try_script(stage, dataflow, (CREATE, Settle(), EDIT, Settle()))
        assert second.violations == ()
        with pytest.raises(NotRun, match="one dataflow"):
            stage.world(small(numbers="exact"))
    finally:
        by_hand.kill()
        by_hand.wait()


WEATHER = frozenset({"faults", "kills", "races", "crowds", "clocks"})


@pytest.mark.slow
@pytest.mark.parametrize("pair", [0, 1, 2], ids=["Customer", "Product", "Order"])
@pytest.mark.parametrize("mode", ["stdio", "poll"])
def test_the_reference_as_a_process_is_never_accused(theatre, mode, pair):
    """With the two other pairs, 2,000 edits in all weather; a test for each, to be run abreast."""
    stage = theatre(command(mode))
    dataflow = stage.dataflow("customwebshop-customerp", "customwebshop-customerp", None)
    effort = Effort(edits=667, seed=1, weather=WEATHER)
    judgement, found = explore_pair(stage, dataflow, dataflow.pairs[pair], effort)
    assert found is None, found
    assert judgement.reach["fault"]
    assert judgement.reach["kill"]


def test_an_attached_connector_that_never_comes(theatre):
    with Sockets(("source", "target")) as free:
        ports = [int(url.rpartition(":")[2]) for url in free.urls.values()]
    attachment = Attachment(source_port=ports[0], target_port=ports[1], patience_s=0.05)
    world = theatre(attachment).world(small())
    with pytest.raises(ConnectorUnavailable, match="no request came within"):
        play(world, CREATE, Settle())
