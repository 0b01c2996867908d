"""The suite's own proof: every faulty connector is caught, by the law that it declares."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tallystick.connectors.address import REFERENCE, resolve_factory
from tallystick.dataflow.json import save
from tallystick.dataflow.model import POLICY_CHOICES
from tallystick.errors import BadInput
from tallystick.run.explore import try_script
from tallystick.run.proof import Budget, ProofRow, Suspect, prove
from tallystick.run.stage import Theatre
from tallystick.run.wiring import state_root
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.script import Clear, Create, Ref, Script, Settle

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.faulty.catalogue import CATALOGUE, THEMES, factory_of, names, suspect
from tests.faulty.fault import Faulty

QUICKEST = (
    *("strictly-after", "time-tells-all", "creates-in-two-steps", "saves-twice"),
    *("saves-when-idle", "phone-normalised", "no-base", "direction-swapped"),
    *("names-swapped", "creates-twice", "key-property-edited", "token-in-log"),
    *("looks-up-by-name", "asks-without-token", "city-ignored-to-shop", "key-untranslated"),
    *("deletion-not-to-erp", "patch-nulls-unlisted"),
)
SEED = 1
ONE_SEARCH = Budget(scripts=300, seconds=120.0)
WEATHERS = ((), ("faults",), ("kills",), ("races",), ("faults", "kills", "races"))

ProveOne = Callable[..., ProofRow]


@pytest.fixture(scope="module")
def network() -> Iterator[InProcess]:
    with InProcess() as network:
        yield network


@pytest.fixture(scope="module")
def prove_one(network: InProcess) -> ProveOne:
    def prove_it(accused: Suspect, budget: Budget = ONE_SEARCH, **more: Any) -> ProofRow:
        [row] = prove(
            lambda address: Theatre(network, connector=address, **more), [accused], [SEED], budget
        )
        return row

    return prove_it


def test_the_catalogue_is_large_and_its_names_are_unique() -> None:
    assert len(CATALOGUE) == sum(len(theme.FAULTY) for theme in THEMES)
    assert len(names()) >= 80
    assert sum(1 for fault in CATALOGUE.values() if not fault.weather) >= 40


def test_every_law_has_a_fault_and_every_declared_law_exists() -> None:
    assert {fault.law for fault in CATALOGUE.values()} == set(LAWS)


def test_each_fault_tells_a_story_of_its_own() -> None:
    stories = [fault.story for fault in CATALOGUE.values()]
    assert len(set(stories)) == len(stories)
    assert all(story.endswith(".") for story in stories)
    assert all(fault.failure for fault in CATALOGUE.values())


def test_policies_and_weather_are_ones_that_there_are() -> None:
    for fault in CATALOGUE.values():
        assert fault.weather <= {"faults", "kills", "races", "clocks"}
        assert all(choice in POLICY_CHOICES[policy] for policy, choice in fault.policies.items())


def own_classes(fault: Faulty) -> list[type]:
    parts = vars(fault.parts).values()
    classes = [part for part in parts if isinstance(part, type)]
    return [part for part in classes if not part.__module__.startswith("tallystick_reference")]


@pytest.mark.parametrize("name", names())
def test_a_fault_differs_from_the_reference(name: str) -> None:
    """Each of its classes overrides something that the reference still has."""
    fault = CATALOGUE[name]
    classes = own_classes(fault)
    reads = fault.parts.read_dataflow.__module__
    assert classes or not reads.startswith("tallystick_reference")
    for kind in classes:
        ours = {
            n for base in kind.__mro__ if base.__module__.startswith("tests.") for n in vars(base)
        }
        theirs = {
            n for b in kind.__mro__ if b.__module__.startswith("tallystick_ref") for n in vars(b)
        }
        assert (ours & theirs) - {"__module__", "__doc__", "__dict__", "__weakref__"}


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder where worlds keep their state: databases on a disk take their time."""
    with tempfile.TemporaryDirectory(dir=state_root()) as folder:
        yield Path(folder)


@pytest.mark.slow
def test_each_fault_makes_a_connector(memory: Path, network: InProcess) -> None:
    theatre = Theatre(network)
    files: dict[str, Path] = {}
    for number, fault in enumerate(CATALOGUE.values()):
        folder = memory / str(number)
        folder.mkdir()
        name = f"{fault.checklist} {dict(fault.policies)}"
        if name not in files:
            files[name] = memory / f"dataflow-{len(files)}.json"
            save(suspect(fault).dataflow(theatre), files[name])
        file = files[name]
        env = {"TALLYSTICK_DATAFLOW": str(file), "TALLYSTICK_STATE": str(folder)}
        for side in ("SOURCE", "TARGET"):
            env[f"TALLYSTICK_{side}_URL"] = f"http://{side.lower()}.test"
            env[f"TALLYSTICK_{side}_TOKEN"] = "token"
        connector = resolve_factory(fault.address)(env, now=lambda: 0.0, sleep=lambda _: None)
        connector.close()
    theatre.close()


def test_an_unknown_name_is_said_with_those_that_there_are() -> None:
    with pytest.raises(KeyError):
        factory_of("no-such-fault")
    with pytest.raises(BadInput, match="no-such-fault"):
        resolve_factory("faulty:no-such-fault")


@pytest.mark.parametrize("name", QUICKEST)
def test_a_quick_one_is_caught_by_its_law(prove_one: ProveOne, name: str) -> None:
    row = prove_one(suspect(CATALOGUE[name]))
    assert (row.outcome, row.law) == ("caught", CATALOGUE[name].law), row.caught_by


def test_the_proof_counts_other_outcomes_apart(prove_one: ProveOne) -> None:
    fault = suspect(CATALOGUE["saves-twice"])
    innocent = Suspect(**{**vars_of(fault), "address": REFERENCE})
    assert prove_one(innocent, Budget(scripts=3)).outcome == "missed"
    mistaken = Suspect(**{**vars_of(fault), "law": "merged"})
    assert prove_one(mistaken).outcome == "other-law"
    lost = Suspect(**{**vars_of(fault), "address": "python:json:loads"})
    assert prove_one(lost).outcome == "broke"


def vars_of(accused: Suspect) -> dict[str, Any]:
    return {name: getattr(accused, name) for name in Suspect.__dataclass_fields__}


def test_a_caught_fault_is_shortened_to_a_story(network: InProcess) -> None:
    rows = prove(
        lambda address: Theatre(network, connector=address),
        [suspect(CATALOGUE["saves-twice"])],
        [SEED],
        shorten=True,
    )
    [row] = rows
    assert row.steps is not None
    assert row.steps <= 4


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_fault_is_caught_by_its_law(prove_one: ProveOne, name: str) -> None:
    row = prove_one(suspect(CATALOGUE[name]))
    assert row.outcome == "caught", row


MISTAKEN_MATCHES = {
    "case-ignored": ("Product", {"sku": "ab-1"}, {"ItemNumber": "AB-1"}),
    "blanks-ignored": ("Product", {"sku": "AB-1"}, {"ItemNumber": "AB-1 "}),
    "empty-matches": ("Person", {"email": None}, {"Email": None}),
}


@pytest.mark.parametrize("name", MISTAKEN_MATCHES)
def test_a_match_that_is_none_is_called_so(network: InProcess, name: str) -> None:
    kind, source, target = MISTAKEN_MATCHES[name]
    there = "Contact" if kind == "Person" else kind
    script: Script = (
        Create(side="target", record=Ref("There", there), values=tuple(target.items())),
        Create(side="source", record=Ref("Here", kind), values=tuple(source.items())),
        Settle(),
    )
    theatre = Theatre(network, connector=CATALOGUE[name].address)
    trial = try_script(theatre, suspect(CATALOGUE[name]).dataflow(theatre), script)
    theatre.close()
    assert ("merged", "no-match") in [(v.law, v.anomaly) for v in trial.violations]


def test_an_emptying_that_was_to_be_kept_is_seen(network: InProcess) -> None:
    fault = CATALOGUE["empty-overwrites"]
    member = Ref("Here", "Member")
    script: Script = (
        Create(side="source", record=member),
        Settle(),
        Clear(side="source", record=member, path="salary"),
        Settle(),
    )
    theatre = Theatre(network, connector=fault.address)
    trial = try_script(theatre, suspect(fault).dataflow(theatre), script)
    theatre.close()
    assert [v.law for v in trial.violations] == ["no-lost-edit"]


ALONE = [name for name, fault in CATALOGUE.items() if fault.alone]


def test_for_every_law_there_is_a_fault_that_no_other_law_sees() -> None:
    assert {CATALOGUE[name].law for name in ALONE} == set(LAWS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALONE)
def test_no_other_law_sees_it(prove_one: ProveOne, name: str) -> None:
    fault = CATALOGUE[name]
    caught = prove_one(suspect(fault))
    assert caught.outcome == "caught"
    budget = Budget(scripts=max(40, 2 * caught.scripts), seconds=120.0)
    assert prove_one(suspect(fault), budget, without={fault.law}).outcome == "missed"


@pytest.mark.slow
@pytest.mark.parametrize("weather", WEATHERS, ids=lambda kinds: "+".join(kinds) or "fine")
@pytest.mark.parametrize("checklist", sorted({f.checklist for f in CATALOGUE.values()}))
def test_the_reference_is_accused_of_nothing(
    prove_one: ProveOne, checklist: str, weather: tuple[str, ...]
) -> None:
    innocent = Suspect(
        name="reference",
        address=REFERENCE,
        law="in-sync",
        checklist=checklist,
        agreement=checklist,
        weather=frozenset(weather),
    )
    row = prove_one(innocent, Budget(scripts=100, seconds=120.0))
    assert row.outcome == "missed", row
