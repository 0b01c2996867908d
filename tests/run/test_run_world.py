"""Worlds: what happens in one, in which order, when, and that all of it is in the journal."""

from __future__ import annotations

import contextlib
from pathlib import Path

import httpx
import pytest
from run_agreed import small
from run_connectors import made_of, unstartable

from tallystick.clock import EPOCH_MS
from tallystick.connectors.environment import TOKENS
from tallystick.errors import ConnectorUnavailable
from tallystick.run.actions import StepImpossible, perform
from tallystick.run.world import MOST_ASKS, World
from tallystick.vocabulary.events import (
    CALM,
    Edited,
    Exchange,
    Killed,
    Printed,
    Settled,
    Skipped,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.script import (
    AddElement,
    Clear,
    Create,
    Delete,
    Edit,
    Has,
    HoldsRecords,
    KeyOf,
    MoveElement,
    Ref,
    RemoveElement,
    Settle,
    Start,
    Wait,
)
from tallystick.vocabulary.weather import FAULT_WORDS, LIST_FAULTS, During, Fault, Kill, Many

ANN = Ref("Ann", "Thing")
HERS = Ref("Ann", "Thing", "*")
CREATE = Create(side="source", record=ANN, values=(("name", "Ann"),))
EDIT = Edit(side="source", record=ANN, values=(("name", "Anna"),))
DIALECTS = [("storefront/1", "ledger/1"), ("ledger/1", "storefront/1")]


def events(world, *kinds):
    return [event for event in world.journal.events if isinstance(event, kinds)]


def kinds(world):
    return [type(event).__name__ for event in world.journal.events]


def play(world, *steps):
    found = []
    for step in steps:
        found += perform(world, step)
    return found


# order and time


def test_events_in_their_order(world_of):
    world = world_of(factory=made_of(lambda asks: asks.get()))
    play(world, CREATE, Settle(), Delete(side="source", record=ANN), Start())
    journal = world.close()
    assert kinds(world) == [
        *("Edited", "Started", "SyncBegan", "Exchange", "SyncEnded", "Settled", "Edited")
    ]
    assert journal.complete
    assert [event.step for event in events(world, Edited)] == [1, 3]
    assert events(world, Settled)[0] == Settled(
        at_ms=events(world, SyncEnded)[0].at_ms, number=1, sync=1, calm=CALM
    )


def test_the_clock_moves_with_edits_and_requests(world_of):
    def sync(asks):
        asks.get()
        asks.get("target", "/items")
        assert asks.now() == world.clock.now_ms / 1000
        asks.sleep(1.5)
        asks.sleep(-3)
        asks.get()

    world = world_of(factory=made_of(sync))
    play(world, CREATE, EDIT, Wait(ms=100), EDIT, Settle())
    times = [event.at_ms - EPOCH_MS for event in events(world, Edited, Exchange)]
    assert times == [1, 2, 103, 104, 105, 1606]
    assert [event.at_ms - EPOCH_MS for event in events(world, SyncBegan, SyncEnded)] == [103, 1606]


def test_many_are_of_one_second(world_of):
    world = world_of(factory=made_of(lambda _: None))
    play(world, Wait(ms=1), Many(side="source", type="Thing", number=5, label="M"))
    made = events(world, Edited)
    assert {event.at_ms for event in made} == {EPOCH_MS + 1000}
    assert [event.label for event in made] == ["M1", "M2", "M3", "M4", "M5"]
    assert {event.step for event in made} == {2}


def test_an_exchange_says_what_was_asked(world_of):
    def sync(asks):
        asks.post(data={"name": "made"})
        asks.ask("source", "GET", "/things?per_page=5", headers={"idempotency-key": "k", "x": "y"})
        asks.ask("source", "POST", "/things", content=b"{no json")
        asks.client.get(asks.env["TALLYSTICK_SOURCE_URL"] + "/things")
        asks.client.get(
            asks.env["TALLYSTICK_SOURCE_URL"] + "/things", headers={"authorization": "Basic x"}
        )

    world = world_of(factory=made_of(sync), without={"discreet", "one-to-one"})
    play(world, Settle())
    made, listed, bad, nobody, unknown = events(world, Exchange)
    assert (made.side, made.method, made.target, made.status) == ("target", "POST", "/items", 201)
    assert made.body == {"data": {"name": "made"}}
    assert made.answer["data"] == {"name": "made"}
    assert [change.after.data for change in made.changes] == [{"name": "made"}]
    assert (listed.target, listed.headers) == ("/things?per_page=5", {"idempotency-key": "k"})
    assert (bad.status, bad.body) == (415, None)
    assert [e.number for e in (made, listed, bad)] == [1, 2, 3]
    assert [e.token for e in (made, listed, nobody, unknown)] == [
        *("target", "source", "none", "unknown")
    ]


def test_foreign_hosts_are_noted_and_not_reached(world_of):
    def sync(asks):
        with pytest.raises(httpx.ConnectError):
            asks.client.get(
                "https://home.test/x", headers={"authorization": f"x {TOKENS['target']}"}
            )

    world = world_of(factory=made_of(sync))
    assert [violation.law for violation in play(world, Settle())] == ["discreet"]
    [strayed] = events(world, Strayed)
    assert (strayed.origin, strayed.tokens) == ("https://home.test", ("target",))


# its life


def test_it_is_asked_again_while_it_gives_up(world_of):
    def sync(asks):
        if asks.turn < 3:
            raise ValueError(f"not yet, {asks.env['TALLYSTICK_SOURCE_TOKEN']}")

    world = world_of(factory=made_of(sync))
    assert play(world, Settle()) == []
    ended = events(world, SyncEnded)
    assert [event.outcome for event in ended] == ["failed", "failed", "did"]
    assert ended[0].why == "ValueError: not yet, <source-token>"
    assert [event.sync for event in events(world, Settled)] == [3]


def test_it_is_not_asked_for_ever(world_of):
    def sync(_):
        raise ValueError("never")

    world = world_of(factory=made_of(sync))
    assert [violation.law for violation in play(world, Settle())] == ["runs"]
    assert len(events(world, SyncEnded)) == MOST_ASKS
    assert events(world, Settled) == []


def test_what_works_on_without_a_request_is_stopped(world_of):
    def sync(asks):
        asks.get()
        while True:
            asks.sleep(0.0)

    world = world_of(factory=made_of(sync))
    world.wiring.driver._watch.patience_s = 0.2
    [violation] = play(world, Settle())
    assert (violation.law, violation.anomaly) == ("runs", "crashed")
    assert "without any request" in violation.note
    assert len(events(world, Exchange)) == 1


def test_hammering_is_stopped(world_of, monkeypatch):
    monkeypatch.setattr("tallystick.run.world.World.most_requests", 50)

    def sync(asks):
        while asks.process == 1:
            asks.get()

    world = world_of(factory=made_of(sync))
    assert "runs" in {violation.law for violation in play(world, Settle())}
    assert len(events(world, Exchange)) == 50
    crashed = events(world, SyncEnded)[0]
    assert (crashed.outcome, "50 requests" in crashed.why) == ("crashed", True)
    assert [event.process for event in events(world, Started)] == [1]
    assert not events(world, Settled)  # it is not asked again: that it broke has been said


def test_a_sync_takes_a_minute_at_most(world_of):
    world = world_of(factory=made_of(lambda asks: asks.sleep(61 if asks.turn == 1 else 60)))
    assert [violation.law for violation in play(world, Settle())] == ["runs"]
    assert [event.outcome for event in events(world, SyncEnded)] == ["crashed"]


def test_it_is_started_once(world_of):
    world = world_of(factory=made_of(lambda _: None))
    play(world, Start(), Start(), Settle(), Settle())
    assert [event.process for event in events(world, Started)] == [1]


def test_one_that_cannot_be_started(world_of):
    world = world_of(factory=unstartable)
    with pytest.raises(ConnectorUnavailable, match="no licence"):
        play(world, Start())


def test_what_it_prints_is_noted_without_tokens(world_of, capsys):
    def sync(asks):
        print(f"with {asks.env['TALLYSTICK_TARGET_TOKEN']}")  # noqa: T201
        print("and nothing")  # noqa: T201

    world = world_of(factory=made_of(sync))
    play(world, Settle())
    assert [(event.text, event.tokens) for event in events(world, Printed)] == [
        *(("with <target-token>", ("target",)), ("and nothing", ()))
    ]


def test_closing(world_of):
    closed = []
    world = world_of(factory=made_of(lambda _: None, on_close=lambda: closed.append(1)))
    state = world.wiring.state
    play(world, Settle())
    assert state.is_dir()
    assert not world.journal.complete
    assert world.close().complete
    world.close()
    assert closed == [1]
    assert not state.exists()


def test_the_contracts_variables(world_of):
    seen = {}
    world = world_of(factory=made_of(lambda asks: seen.update(asks.env)))
    play(world, Settle())
    assert seen.pop("TALLYSTICK_CONTRACT") == "1"
    assert seen.pop("TALLYSTICK_MODE") == "stdio"
    assert Path(seen.pop("TALLYSTICK_STATE")).is_dir()
    assert Path(seen.pop("TALLYSTICK_DATAFLOW")).is_file()
    assert set(seen) == {
        f"TALLYSTICK_{side}_{what}" for side in ("SOURCE", "TARGET") for what in ("URL", "TOKEN")
    }


# kills


@pytest.mark.parametrize(
    ("moment", "made", "answered"),
    [("before", [], None), ("during", ["made"], False), ("after", ["made"], True)],
)
def test_a_kill_and_a_new_process(world_of, moment, made, answered):
    notes = []

    def sync(asks):
        note = Path(asks.env["TALLYSTICK_STATE"], "note")
        notes.append((asks.process, note.exists()))
        note.write_text("kept", encoding="utf-8")
        if asks.process == 1:
            asks.post()
            asks.get()
            notes.append("went on")

    world = world_of(factory=made_of(sync), without={"one-to-one"})
    play(world, Kill(request=1, moment=moment), Settle())
    assert notes[:2] == [(1, False), (2, True)]
    assert "went on" not in notes
    assert [s.data["name"] for s in world.stores["target"].live("Item").values()] == made
    exchanges = events(world, Exchange)
    assert [e.answered for e in exchanges] == ([] if answered is None else [answered])
    order = kinds(world)
    assert order[order.index("Killed") + 1] == "Started"
    assert [event.process for event in events(world, Started)] == [1, 2]
    assert [event.calm for event in events(world, Settled)] == [1, 2, 3]


def test_a_kill_after_the_last_request(world_of):
    world = world_of(factory=made_of(lambda asks: asks.process == 1 and asks.get()))
    play(world, Kill(request=1, moment="after"), Settle())
    assert len(events(world, Killed)) == 1
    assert len(events(world, Exchange)) == 1


def test_writes_are_counted_by_themselves(world_of):
    def sync(asks):
        if asks.process == 1:
            for _ in range(3):
                asks.get()
            asks.post(data={"name": "one"})
            asks.get()
            asks.post(data={"name": "two"})

    world = world_of(factory=made_of(sync), without={"one-to-one"})
    play(world, Kill(request=2, moment="before", counting="write"), Settle())
    assert [e.method for e in events(world, Exchange)] == ["GET", "GET", "GET", "POST", "GET"]


def test_a_kill_is_not_caught_by_the_connector(world_of):
    def sync(asks):
        if asks.process > 1:
            return
        with contextlib.suppress(Exception):
            asks.get()

    world = world_of(factory=made_of(sync))
    play(world, Kill(request=1, moment="before"), Settle())
    assert len(events(world, Killed)) == 1


# weather


def test_retry_after_closes_the_whole_system(world_of):
    statuses = []

    def sync(asks):
        if asks.turn > 1:
            return
        for pause in (0, 1.9, 0.2):
            asks.sleep(pause)
            statuses.append(asks.get("source").status_code)
            statuses.append(asks.get("target", "/items").status_code)

    world = world_of(factory=made_of(sync), without={"polite"})
    play(world, Fault(request=1, fault="unavailable", seconds=2), Settle())
    assert statuses == [503, 200, 503, 200, 200, 200]
    first, other, again, *_ = events(world, Exchange)
    assert (first.fault, first.retry_after_s) == ("unavailable", 2)
    assert (other.fault, other.retry_after_s) == ("", None)
    assert (again.status, again.fault) == (503, "")


@pytest.mark.parametrize(("fault", "at"), [("empty-list", 3), ("error", 1)])
def test_list_faults_wait_for_a_list(world_of, fault, at):
    def sync(asks):
        if asks.turn == 1:
            asks.get(target="/things/none")
            asks.get(target="/things/none")
            asks.get()

    world = world_of(factory=made_of(sync))
    play(world, Fault(request=1, fault=fault), Settle())
    assert [e.number for e in events(world, Exchange) if e.fault] == [at]


def test_one_fault_for_one_request(world_of):
    world = world_of(factory=made_of(lambda asks: asks.turn == 1 and [asks.get() for _ in "123"]))
    play(world, *[Fault(request=1, fault="error")] * 2, Settle())
    assert [e.fault for e in events(world, Exchange)] == ["error", "error", ""]


@pytest.mark.parametrize("plan", [Fault(request=5, fault="error"), Kill(request=5, moment="after")])
def test_plans_are_forgotten_after_a_settle(world_of, plan):
    world = world_of(factory=made_of(lambda asks: asks.get()))
    play(world, plan, Settle(), *[Settle()] * 6)
    assert len(events(world, Exchange)) == 7
    assert not any(event.fault for event in events(world, Exchange))
    assert events(world, Killed) == []


def test_the_calm_is_counted_after_weather(world_of):
    world = world_of(factory=made_of(lambda asks: asks.get()))
    play(world, Settle(), Fault(request=1, fault="error"), Settle(), Settle())
    assert [event.calm for event in events(world, Settled)] == [3, 0, 1, 2, 3, 3]


@pytest.mark.parametrize(("source", "target"), DIALECTS)
@pytest.mark.parametrize(
    "weather",
    [
        *([Fault(request=n, fault=f, seconds=s)] for f in FAULT_WORDS for n, s in [(2, 1), (3, 0)]),
        *([Kill(request=1, moment=m, counting="write")] for m in ("before", "during", "after")),
        [During(request=2, step=EDIT), Kill(request=3, moment="during")],
    ],
    ids=str,
)
def test_the_reference_weathers_it_in_any_dialect(world_of, source, target, weather):
    world = world_of(small(source, target))
    more = Create(side="source", record=Ref("Bob", "Thing"))
    found = play(world, CREATE, Settle(), more, *weather, Settle(), EDIT, Settle())
    assert found == []
    assert len(world.stores["target"].live("Item")) == 2
    elsewhere = {*LIST_FAULTS, "delta-expired"}  # which strike at such requests only
    if isinstance(weather[0], Fault) and weather[0].fault not in elsewhere:
        assert [e.fault for e in events(world, Exchange) if e.fault] == [weather[0].fault]


# people meanwhile


def test_an_edit_at_a_request_that_never_comes_is_made_after_the_settle(world_of):
    world = world_of()
    found = play(world, CREATE, Settle(), During(request=99, step=EDIT), Settle())
    assert kinds(world)[-2:] == ["Settled", "Edited"]
    found += play(world, Settle())
    assert found == []
    [item] = world.stores["target"].live("Item").values()
    assert "Anna" in item.data.values()


def test_an_edit_in_the_midst_of_a_request(world_of):
    seen = []

    def sync(asks):
        if asks.turn == 1:
            seen.extend(asks.get().json()["items"][0]["data"]["name"] for _ in "123")

    world = world_of(factory=made_of(sync), without={"linked"})
    play(world, CREATE, During(request=2, step=EDIT), Settle())
    assert seen == ["Ann", "Anna", "Anna"]
    assert kinds(world)[:6] == [
        *("Edited", "Started", "SyncBegan", "Exchange", "Edited", "Exchange")
    ]
    assert events(world, Edited)[1].step == 2
    assert [event.calm for event in events(world, Settled)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "step",
    [
        Delete(side="source", record=Ref("Nobody", "Thing")),
        Edit(side="source", record=ANN, values=(("lines[3].sku", "a"),)),
        Edit(side="source", record=ANN, values=(("name", ""),)),
    ],
)
def test_what_is_then_impossible_is_noted(world_of, step):
    world = world_of(factory=made_of(lambda asks: asks.get()), without={"linked"})
    play(world, CREATE, During(request=1, step=step), Settle())
    [skipped] = events(world, Skipped)
    assert skipped.step == 2
    assert skipped.why


def test_not_everything_can_happen_meanwhile(world_of):
    world = world_of(factory=made_of(lambda _: None))
    with pytest.raises(StepImpossible, match="settle is nothing that people could do"):
        play(world, During(request=1, step=Settle()))


# what people cannot do


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Delete(side="source", record=Ref("Bob", "Thing")), 'no record is called "Bob"'),
        (Delete(side="source", record=Ref("Ann", "Item")), '"Ann" is a Thing, not a Item'),
        (Delete(side="source", record=HERS), '"Ann" itself is in this system'),
        (Delete(side="target", record=HERS), 'no such record as the counterpart of Thing "Ann"'),
        (CREATE, 'there is already a record called "Ann"'),
        (Create(side="source", record=Ref("B", "Item")), "no type is called 'Item'.*Thing"),
        (Edit(side="source", record=ANN, values=(("name", 7),)), "does not take this Thing"),
        (Clear(side="source", record=ANN, path="name"), "does not take this Thing"),
        (AddElement(side="source", record=ANN, path="name"), "name is no list"),
        (RemoveElement(side="source", record=ANN, path="lines", position=9), "none at place 9"),
        (MoveElement(side="source", record=ANN, path="lines", position=9, to=1), "place 9"),
        (Edit(side="source", record=ANN, values=(("friend", KeyOf("B")),)), "no record is called"),
        (Edit(side="target", record=HERS, values=(("friend", KeyOf("Ann")),)), "no such record"),
        (
            Create(side="target", record=Ref("B", "Item"), values=(("friend", KeyOf("Ann")),)),
            '"Ann" has no counterpart whose key',
        ),
    ],
)
def test_impossible_steps_say_why(world_of, step, why):
    world = world_of(factory=made_of(lambda _: None))
    play(world, CREATE)
    known = len(world.journal.events)
    with pytest.raises(StepImpossible, match=why):
        play(world, step)
    assert len(world.journal.events) == known


def test_what_was_deleted_is_gone(world_of):
    world = world_of(factory=made_of(lambda _: None))
    play(world, CREATE, Delete(side="source", record=ANN))
    for step in (EDIT, Delete(side="source", record=ANN)):
        with pytest.raises(StepImpossible, match='Thing "Ann" was deleted'):
            play(world, step)


def test_everything_that_people_do(world_of):
    world = world_of()
    lines = [{"sku": "a"}, {"sku": "b"}]
    found = play(
        world,
        Create(side="source", record=ANN, values=(("lines", lines), ("note", "n"))),
        Create(side="source", record=Ref("Cas", "Thing"), values=(("friend", KeyOf("Ann")),)),
        AddElement(side="source", record=ANN, path="lines", values=(("sku", "c"),)),
        Settle(),
        MoveElement(side="source", record=ANN, path="lines", position=1, to=3),
        Clear(side="target", record=HERS, path="note"),
        Edit(side="target", record=HERS, values=(("lines[1].sku", "d"),)),
        Wait(ms=3000),
        Settle(),
        RemoveElement(side="target", record=HERS, path="lines", position=1),
        Create(side="target", record=Ref("Bob", "Item")),
        Settle(),
        Has(side="source", record=ANN, values=(("note", None),)),
        Delete(side="target", record=HERS),
        HoldsRecords(side="target", type="Item", number=2),
    )
    assert found == []
    assert len(events(world, Edited)) == 9
    ann, _ = world.stores["source"].live("Thing").values()
    hers = world.stores["target"].live("Item")
    assert len(ann.data["lines"]) == 2
    assert len(hers) == 2


def test_keys_on_either_side(world_of):
    world = world_of()
    play(world, CREATE, Create(side="source", record=Ref("Bob", "Thing")), Settle())
    key = Ref("Bob", "Thing")
    play(
        world,
        Edit(side="source", record=key, values=(("friend", KeyOf("Ann")),)),
        Edit(side="target", record=Ref("Bob", "Thing", "Item"), values=(("friend", KeyOf("Ann")),)),
    )
    [ann] = [k for k, s in world.stores["source"].live("Thing").items() if s.data["name"] == "Ann"]
    [hers] = [k for k, s in world.stores["target"].live("Item").items() if s.data["name"] == "Ann"]
    [here, there] = events(world, Edited)[-2:]
    assert (here.change.after.data["friend"], there.change.after.data["friend"]) == (ann, hers)


def test_skewed_clocks(world_of):
    world = world_of(factory=made_of(lambda _: None), skew_ms={"target": 5000})
    play(world, CREATE, Create(side="target", record=Ref("Bob", "Item")))
    here, there = events(world, Edited)
    assert here.change.after.modified_ms == here.at_ms
    assert there.change.after.modified_ms == there.at_ms + 5000


def test_the_script_stands_in_the_header(world_of):
    world = world_of(script=(CREATE, Settle()))
    assert isinstance(world, World)
    assert world.script == (CREATE, Settle())
