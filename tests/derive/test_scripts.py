"""Random scripts: every kind of act and weather is drawn, edits do collide, and worlds can play them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tallystick.canonical import same
from tallystick.checklist import compile_checklist
from tallystick.derive import scripts as drawing
from tallystick.derive.scripts import ACT_KINDS, WEATHER, scripts
from tallystick.resources import packaged
from tallystick.run.explore import try_script
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.events import Skipped
from tallystick.vocabulary.script import Clear, Create, Edit, KeyOf, Settle, Wait, step_kind
from tallystick.vocabulary.script_json import script_from_json, script_to_json
from tallystick.vocabulary.weather import (
    FAULT_WORDS,
    LIST_FAULTS,
    WEBHOOK_WORDS,
    During,
    Fault,
    Kill,
    Many,
    Webhook,
)

pytestmark = pytest.mark.slow  # many scripts are drawn

NAME = "customwebshop-customerp"
DRAWN = 300  # for each pair: half of them in any weather, half with faults only
FAULTS = frozenset({"faults"})
TURNED_AWAY = ("unavailable", "throttled")
PLAYED = 12
MOST_SKIPPED = 0.15


@cache
def agreed():
    checklist = packaged("fixtures", "checklists", f"{NAME}.rst")
    return compile_checklist(checklist, packaged("fixtures", "agreements", f"{NAME}.toml")).dataflow


PAIRS = agreed().pairs
NAMES = [pair.name for pair in PAIRS]


def draw(pair, count, weather=frozenset(), number=1):
    """Draw as searches do: few scripts at once."""
    found = []

    @settings(
        max_examples=min(count, 10),
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts(agreed(), pair, weather=weather))
    def note(script):
        found.append(script)

    for batch in range(max(count // 10, 1)):
        seed(1000 * number + batch)(note)()
    return found


@pytest.fixture(scope="module")
def noted():
    """For each pair the scripts drawn in some weather, and how often each kind of act was drawn."""
    found = {}
    acts = dict.fromkeys(ACT_KINDS)
    with pytest.MonkeyPatch.context() as patch:
        for pair in PAIRS:
            counts = dict.fromkeys(acts, 0)

            def counting(kind, act, counts=counts):
                def counted(cast):
                    steps = act(cast)
                    counts[kind] += bool(steps)
                    return steps

                return counted

            table = {kind: counting(kind, act) for kind, act in ACT_KINDS.items()}
            patch.setattr(drawing, "ACT_KINDS", table)
            drawn = draw(pair, DRAWN // 2, WEATHER) + draw(pair, DRAWN // 2, FAULTS)
            found[pair.name] = drawn, counts
            patch.undo()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_act_is_drawn(noted, name):
    drawn, counts = noted[name]
    assert len(drawn) == DRAWN
    lists = any(row.source.in_list for pair in PAIRS if pair.name == name for row in pair.rows)
    assert [kind for kind, count in counts.items() if count < 5] == []
    kinds = {step_kind(step) for script in drawn for step in script}
    assert kinds >= {
        *("create", "edit", "clear", "delete", "wait", "settle", "during", "fault", "kill", "many")
    }
    assert not lists or kinds >= {"add-element", "remove-element", "move-element"}


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_weather_is_drawn(noted, name):
    steps = [step for script in noted[name][0] for step in script]
    faults = [step for step in steps if isinstance(step, Fault)]
    assert {step.fault for step in faults} == set(FAULT_WORDS)
    assert {step.counting for step in faults} == {"request", "write"}
    assert {step.seconds for step in faults if step.fault == "unavailable"} == {0, 1, 5}
    assert {step.seconds for step in faults if step.fault == "stall"} == {0}
    for_writes = {step.fault for step in faults if step.counting == "write"}
    assert not for_writes & (LIST_FAULTS | {"delta-expired"})
    kills = [step for step in steps if isinstance(step, Kill)]
    assert {step.moment for step in kills} == {"before", "during", "after"}
    meanwhile = {type(step.step) for step in steps if isinstance(step, During)}
    assert meanwhile >= {Edit, Clear}
    assert all(step.number > 100 for step in steps if isinstance(step, Many))


@pytest.mark.parametrize("name", NAMES)
def test_edits_collide(noted, name):
    """Both sides are edited between two settles, in one property, to values that differ."""
    pair = next(pair for pair in PAIRS if pair.name == name)
    ways = {(row.source.text, row.target.text) for row in pair.rows}
    different = alike = 0
    for script in noted[name][0]:
        since: list[Edit] = []
        for step in script:
            if isinstance(step, Settle):
                since = []
            elif isinstance(step, Edit):
                for other in since:
                    if (other.record.label, other.side) == (step.record.label, step.side):
                        continue
                    if other.record.label != step.record.label:
                        continue
                    both = {each.side: dict(each.values) for each in (other, step)}
                    for source, target in ways:
                        if source in both["source"] and target in both["target"]:
                            is_same = same(both["source"][source], both["target"][target])
                            different, alike = different + (not is_same), alike + is_same
                since.append(step)
    assert different > 20
    assert different + alike > 30


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_made_to_be_judged(noted, name):
    for script in noted[name][0]:
        assert isinstance(script[-1], Settle)
        labels = [step.record.label for step in script if isinstance(step, Create)]
        assert labels
        assert len(set(labels)) == len(labels)
        for step in script:
            acted = step.step if isinstance(step, During) else step
            record = getattr(acted, "record", None)
            assert record is None or record.label in labels
            for _, value in getattr(acted, "values", ()):
                assert not isinstance(value, KeyOf) or value.label in labels
            assert not isinstance(step, Wait) or step.ms > 0
        assert script_from_json(script_to_json(script)) == script


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_fine_weather_has_none(pair):
    kinds = {step_kind(step) for script in draw(pair, 40) for step in script}
    assert not kinds & {"fault", "kill", "during", "many", "skew", "webhook"}
    assert len(kinds) > 4


@pytest.mark.parametrize("weather", [frozenset(), FAULTS], ids=("alone", "with faults"))
def test_webhooks_go_astray_where_that_was_asked_for(weather):
    drawn = draw(PAIRS[0], 60, weather | {"webhooks"})
    fates = {step.fate for script in drawn for step in script if isinstance(step, Webhook)}
    assert fates == set(WEBHOOK_WORDS)
    kinds = {step_kind(step) for script in drawn for step in script}
    assert ("fault" in kinds) == ("faults" in weather)


def test_waits_are_as_long_as_was_asked_for():
    @given(scripts(agreed(), PAIRS[0], weather=FAULTS, waits=(7,)))
    @settings(max_examples=60, database=None, deadline=None, phases=(Phase.generate,))
    @seed(1)
    def note(script):
        waits.update(s.seconds for s in script if isinstance(s, Fault) and s.fault in TURNED_AWAY)

    waits = set()
    note()
    assert waits == {7}


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_one_seed_draws_the_same(pair):
    weather = frozenset({"faults", "races"})
    first, again, other = (draw(pair, 20, weather, number) for number in (3, 3, 4))
    assert first == again != other


def test_hardly_anything_is_drawn_that_no_world_can_do():
    steps = skipped = 0
    with InProcess() as network:
        theatre = Theatre(network)
        for pair in PAIRS:
            for script in draw(pair, PLAYED, number=2):
                trial = try_script(theatre, agreed(), script)
                steps += len(script)
                skipped += sum(isinstance(event, Skipped) for event in trial.journal.events)
        theatre.close()
    assert steps > 100
    assert skipped / steps < MOST_SKIPPED
