"""No ideal connector is ever accused: random histories over every kind of dataflow and policy.

People edit on both sides, also while it is at work; syncs give up half-way; times are close.
"""

from __future__ import annotations

from collections import Counter

import pytest
from histories import Chronicle, chance
from random_histories import Stage, history, settings, shortened

from tallystick.vocabulary.events import Edited, Exchange, SyncBegan, SyncEnded

KINDS = tuple(settings())
QUICK = range(40)
LONG = range(1000, 2500)
ACCUSED_ONCE = (
    ("bare", 1012),  # two records made for three alike, one of which people edited meanwhile
    ("many pairs", 2166),  # what tells one pair's counterparts apart tells the other's as well
    ("many pairs", 7746),  # two that one matched, before an edit and after: nobody can say which
    ("rules", 3298),  # one made, and two alike: one that calls for it, and one that did once
    ("rules", 7541),  # edited before its create, so that a reference is completed after it
)


def tell(kind: str, seed: int) -> Chronicle:
    """Play one history; shorten and raise where somebody is accused."""
    choose = chance(hash_of(kind, seed))
    setting = settings()[kind](choose)
    ops = history(choose, setting, choose.randrange(3, 25))
    chronicle = Stage(setting).play(ops)
    if chronicle.violations:
        short = shortened(ops, lambda some: bool(Stage(setting).play(some).violations))
        first = Stage(setting).play(short).violations[0]
        told = "\n".join(map(str, short))
        pytest.fail(f"{kind} {seed}: {first}\n{setting.dataflow.policies}\n{told}")
    return chronicle


def hash_of(kind: str, seed: int) -> int:
    return KINDS.index(kind) * 1_000_000 + seed


@pytest.mark.parametrize("kind", KINDS)
def test_an_ideal_connector_is_not_accused(kind: str) -> None:
    for seed in QUICK:
        tell(kind, seed)


@pytest.mark.parametrize(("kind", "seed"), ACCUSED_ONCE)
def test_an_ideal_connector_is_not_accused_once_more(kind: str, seed: int) -> None:
    tell(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_ideal_connector_is_never_accused(kind: str) -> None:
    for seed in LONG:
        tell(kind, seed)


def test_the_histories_meet_what_they_are_about() -> None:
    met: Counter[str] = Counter()
    for kind in KINDS:
        for seed in range(12):
            chronicle = tell(kind, seed)
            met.update(chronicle.judge.judgement.reach)
            met.update(_situations(chronicle))
    wanted = ("conflict", "both-edited", "deletion", "delete-against-edit", "repeat-edit", "merge")
    met["conflict"] += met["conflict-meanwhile"]
    for situation in (*wanted, "late", "blind", "gave-up", "refused", "412", "grouped"):
        assert met[situation] >= 2, (situation, met)


def _situations(chronicle: Chronicle) -> Counter[str]:
    met: Counter[str] = Counter()
    at_work = False
    for event in chronicle.events:
        match event:
            case SyncBegan():
                at_work = True
            case SyncEnded(outcome=outcome):
                at_work = False
                met["gave-up"] += outcome == "failed"
            case Edited():
                met["late"] += at_work
            case Exchange(status=status):
                met["refused"] += status == 422
                met["412"] += status == 412
            case _:
                pass
    met["blind"] = chronicle.judge.judgement.reach["unseen-edit"]
    met["grouped"] = sum(link.group is not None for link in chronicle.judge.book.all())
    return met
