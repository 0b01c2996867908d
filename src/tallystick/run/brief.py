"""A brief suite: something of each pair, for when there are thousands. Rule: breadth first, so that
a run that is out of time has put every pair to the test.

Each pair has a tour (`derive.tour`), some of its scenarios, and a few random edits, in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import Final

from tallystick.dataflow.model import SIDES, Dataflow, Pair
from tallystick.derive.kit import Kit
from tallystick.derive.tour import tour
from tallystick.laws.verdict import Judgement
from tallystick.run.explore import skim_pair, try_script
from tallystick.run.stage import Theatre
from tallystick.run.suite import play_scenario
from tallystick.vocabulary.gherkin import Feature, Scenario
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.sentences import Names

__all__ = ["SCENARIOS", "is_exercised", "play_briefly"]

SCENARIOS: Final = 8
"""How many scenarios of each pair are played."""


def play_briefly(
    theatre: Theatre,
    dataflow: Dataflow,
    features: Sequence[Feature],
    *,
    out_of_time: Callable[[], bool],
) -> Judgement:
    """Play tours, scenarios and random edits for as long as there is time."""
    total = Judgement()
    for act in _acts(theatre, dataflow, features):
        if out_of_time():
            break
        total.add(act())
    return total


def _acts(
    theatre: Theatre, dataflow: Dataflow, features: Sequence[Feature]
) -> Iterator[Callable[[], Judgement]]:
    names = Names.of(dataflow)
    for pair in dataflow.pairs:
        script = tour(Kit(dataflow=dataflow, pair=pair, names=names))
        if script:
            yield partial(_tried, theatre, dataflow, script)
    for feature, scenario in _chosen(features):
        yield partial(_played, theatre, feature, scenario)
    for pair in dataflow.pairs if theatre.effort.edits else ():
        yield partial(_skimmed, theatre, dataflow, pair)


def _tried(theatre: Theatre, dataflow: Dataflow, script: Script) -> Judgement:
    return try_script(theatre, dataflow, script).judgement


def _played(theatre: Theatre, feature: Feature, scenario: Scenario) -> Judgement:
    return play_scenario(theatre, feature, scenario).judgement


def _skimmed(theatre: Theatre, dataflow: Dataflow, pair: Pair) -> Judgement:
    return skim_pair(theatre, dataflow, pair, theatre.effort)


def _chosen(features: Sequence[Feature]) -> Iterator[tuple[Feature, Scenario]]:
    """Choose scenarios from the whole length of each feature; one of each in turn."""
    by_feature = []
    for feature in features:
        told = [scenario for scenario in feature.scenarios if "@random" not in scenario.tags]
        count = min(len(told), SCENARIOS)
        by_feature.append([(feature, told[at * len(told) // count]) for at in range(count)])
    return (item for item in chain.from_iterable(zip_longest(*by_feature)) if item is not None)


def is_exercised(pair: Pair, judgement: Judgement) -> bool:
    """Tell whether records of a pair were linked, and edits of either side arrived on the other."""
    rows = range(len(pair.rows))
    edited = all(any(judgement.arrived[pair.number, row, side] for row in rows) for side in SIDES)
    return edited and judgement.tested["linked", pair.number] > 0
