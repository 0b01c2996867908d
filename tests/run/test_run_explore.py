"""Random search: it finds, shortens, remembers, knows its bounds and says what it did not meet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from run_agreed import small

from tallystick.connectors.address import REFERENCE
from tallystick.dataflow.model import Creation
from tallystick.run import explore as searching
from tallystick.run.explore import NEEDED_IN, explore, explore_pair, try_script
from tallystick.run.memory import Memory
from tallystick.run.stage import Effort, Theatre
from tallystick.vocabulary.events import Skipped
from tallystick.vocabulary.script import Create, Delete, Edit, Ref, Settle, step_kind
from tallystick.vocabulary.script_json import script_to_json

pytestmark = pytest.mark.slow  # whole searches

IDLE = "python:run_connectors:idle"
FORGETFUL = "python:run_connectors:forgetful"
ANN = Ref("Ann", "Thing")
AGREED = small()
[PAIR] = AGREED.pairs


@pytest.fixture
def search(network):
    theatres = []

    def explore_it(connector, dataflow=AGREED, **effort):
        theatres.append(Theatre(network, connector=connector))
        return explore(
            theatres[-1], dataflow, "Thing", Effort(**{"edits": 60, "seed": 1, **effort})
        )

    yield explore_it
    for theatre in theatres:
        theatre.close()


@pytest.fixture(scope="module")
def forgotten(network, tmp_path_factory):
    """One search that found the forgetful connector: what it found, and its memory."""
    memory = Memory(tmp_path_factory.mktemp("memory"))
    theatre = Theatre(network, connector=FORGETFUL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "_SHRINK_TRIES", 20)
        _, found = explore(theatre, AGREED, "Thing", Effort(edits=60, seed=1, memory=memory))
    theatre.close()
    return found, memory


def test_a_script_in_a_world_of_its_own(theatre):
    script = (
        Create(side="source", record=ANN),
        Delete(side="source", record=Ref("Bob", "Thing")),
        Settle(),
    )
    trial = try_script(theatre, AGREED, script)
    assert trial.violations == ()
    assert trial.judgement.edits == 1
    assert trial.journal.complete
    assert trial.journal.header.script == trial.script == script
    [skipped] = [event for event in trial.journal.events if isinstance(event, Skipped)]
    assert (skipped.step, skipped.why) == (2, 'no record is called "Bob"')
    assert try_script(theatre, AGREED, script).journal.events == trial.journal.events


def test_a_trial_ends_with_the_first_that_comes_to_light(network):
    theatre = Theatre(network, connector=IDLE)
    script = (Create(side="source", record=ANN), Settle(), Delete(side="source", record=ANN))
    trial = try_script(theatre, AGREED, script)
    assert [violation.law for violation in trial.violations] == ["linked"]
    assert trial.judgement.edits == 1
    theatre.close()


def test_the_reference_passes_and_everything_was_met(search):
    judgement, found = search("reference", edits=300)
    assert found is None
    assert judgement.edits >= 300
    assert judgement.unreached == []
    assert judgement.tested["latest-wins", 1] > 0


def test_an_idle_connector_is_found_and_its_story_is_short(search):
    judgement, found = search(IDLE)
    assert [step_kind(step) for step in found.script] == ["create", "settle"]
    assert found.script[0].values == ()
    assert [violation.law for violation in found.violations] == ["linked"]
    assert [violation.law for violation in judgement.violations] == ["linked"]
    assert found.journal.header.script == found.script
    assert (found.seed, found.scripts_to_failure, found.pair) == (1, 1, PAIR)
    assert found.first_length >= len(found.script)


def test_a_forgetful_connector_is_found_and_its_story_is_short(forgotten, theatre):
    found, _ = forgotten
    assert step_kind(found.script[-1]) == "settle"
    assert sum(isinstance(step, Settle) for step in found.script) == 4
    assert len(found.script) <= 6
    assert found.violations
    assert found.first_length > len(found.script)
    assert try_script(theatre, AGREED, found.script).violations == ()


@pytest.mark.parametrize("failing", [(1, 1, 1), (0, 1, 0), (0, 0, 0)])
def test_what_does_not_fail_each_time_is_told(search, network, monkeypatch, failing):
    everything = [Theatre(network, connector=IDLE if fails else REFERENCE) for fails in failing]
    theatres = list(everything)
    known = {"shortened": False}

    def shortened(script, _, **_limits):
        known["shortened"] = True
        return script

    def trial(theatre, dataflow, script):
        return try_script(theatres.pop() if known["shortened"] else theatre, dataflow, script)

    monkeypatch.setattr(searching, "plays_for", lambda _: len(failing))
    monkeypatch.setattr(searching, "shortened", shortened)
    monkeypatch.setattr(searching, "try_script", trial)
    _, found = search(IDLE)
    assert (found.failures, found.plays) == (sum(failing), 3)
    assert [violation.law for violation in found.violations] == ["linked"]
    for each in everything:
        each.close()


def test_what_is_reported_was_judged_from_a_fresh_world(forgotten, network):
    found, _ = forgotten
    theatre = Theatre(network, connector=FORGETFUL)
    again = try_script(theatre, AGREED, found.script)
    assert again.violations == found.violations
    assert again.journal.events == found.journal.events
    theatre.close()


def test_a_seed_gives_the_same_scripts(search, monkeypatch):
    tried = []
    real = try_script

    def noting(theatre, dataflow, script):
        tried[-1].append(script_to_json(script))
        return real(theatre, dataflow, script)

    monkeypatch.setattr(searching, "try_script", noting)
    for seed in (5, 5, 6):
        tried.append([])
        search("reference", edits=12, seed=seed)
    assert len(tried[0]) > 1
    assert tried[0] == tried[1] != tried[2]


def test_without_a_seed_one_is_drawn_and_told(search):
    seeds = {search(IDLE, seed=None)[1].seed for _ in range(2)}
    assert len(seeds) == 2


def test_the_budget(search):
    few, _ = search("reference", edits=1)
    more, _ = search("reference", edits=few.edits + 1)
    assert 1 <= few.edits < more.edits
    assert few.journals <= searching._LEAST < more.journals


def test_nothing_reached_is_undecided(search):
    judgement, found = search("reference", edits=0)
    assert found is None
    assert judgement.edits == 0
    [note] = judgement.unreached
    assert note.endswith("random edits met no conflict, no deletion, no repeat-edit")


@pytest.mark.parametrize("kind", sorted(NEEDED_IN))
def test_weather_that_was_not_met_is_undecided(search, kind):
    judgement, _ = search("reference", edits=0, weather=frozenset({kind}))
    assert f"no {NEEDED_IN[kind]}" in judgement.unreached[0]


def test_a_pair_without_rows_needs_only_deletions(search):
    bare = replace(AGREED, pairs=(replace(PAIR, rows=(), create=Creation(when="never")),))
    judgement, _ = search("reference", bare, edits=0)
    assert judgement.unreached[0].endswith("random edits met no deletion")


def test_out_of_time(search):
    asked = []

    def out_of_time():
        asked.append(1)
        return len(asked) > 1

    judgement, _ = search("reference", edits=10_000, out_of_time=out_of_time)
    assert len(asked) == 2
    assert 0 < judgement.journals <= searching._BATCH


def test_all_pairs_of_a_type_until_one_fails(search):
    twice = replace(AGREED, pairs=(PAIR, replace(PAIR, number=2)))
    judgement, _ = search("reference", twice, edits=0)
    assert len(judgement.unreached) == 2
    _, found = search(IDLE, twice)
    assert found.pair.number == 1
    other, found = explore(None, AGREED, "Nobody", Effort())
    assert (other.journals, found) == (0, None)


def test_what_failed_is_tried_first(search, forgotten, monkeypatch):
    found, memory = forgotten
    assert memory.recall(FORGETFUL, AGREED, PAIR) == found.script
    monkeypatch.setattr(searching._Search, "_batch", lambda *_: pytest.fail("drew scripts"))
    _, again = search(FORGETFUL, memory=memory)
    assert again.script == found.script
    assert again.scripts_to_failure == 1


def test_what_fails_no_more_is_forgotten(network, tmp_path):
    memory = Memory(tmp_path)
    script = (Create(side="source", record=ANN), Settle())
    memory.remember(REFERENCE, AGREED, PAIR, script)
    theatre = Theatre(network)
    judgement, found = explore_pair(theatre, AGREED, PAIR, Effort(edits=1, seed=1, memory=memory))
    theatre.close()
    assert found is None
    assert judgement.edits >= 1
    assert memory.recall(REFERENCE, AGREED, PAIR) is None


def test_a_failure_that_is_gone_once_more_is_told_as_it_was(network, monkeypatch):
    """What was seen once is told, even if the shortened story would show nothing."""
    theatre = Theatre(network, connector=IDLE)
    monkeypatch.setattr(searching, "shortened", lambda script, fails, **_: ())
    _, found = explore_pair(theatre, AGREED, PAIR, Effort(edits=10, seed=1))
    assert [violation.law for violation in found.violations] == ["linked"]
    assert found.script
    theatre.close()


def test_weather_is_met(search):
    weather = frozenset({"faults", "kills", "races"})
    judgement, found = search("reference", edits=100, weather=weather)
    assert found is None
    assert [n for n in ("fault", "kill", "edit-meanwhile") if not judgement.reach[n]] == []


def test_edits_are_of_the_pairs_records(forgotten):
    found, _ = forgotten
    assert all(isinstance(s, Settle) or s.record.type in {"Thing", "Item"} for s in found.script)
    assert any(isinstance(step, (Edit, Create, Delete)) for step in found.script)
