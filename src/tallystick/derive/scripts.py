"""Random scripts. Rule: draws collide on purpose, and nothing is ever filtered away.

A script has a prelude (records, some there before the connector's first start), and rounds of
people's acts, each ended by a settle. Which kinds of acts occur at all is drawn first (swarm
testing), so that rare combinations are not rare.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tallystick.dataflow.model import Dataflow, Pair
from tallystick.derive.acts import ACT_KINDS, enabled_kinds
from tallystick.derive.cast import Cast, Draw
from tallystick.derive.forecast import (
    WEATHER,
    Weather,
    clocks,
    crowd,
    hours,
    maybe_foretell,
    while_reading,
)
from tallystick.derive.onboarding import companions, onboarding
from tallystick.vocabulary.script import Script, Settle, Step

__all__ = ["ACT_KINDS", "WEATHER", "Weather", "scripts"]

_MOST_ROUNDS: Final = 6
_MOST_ACTS: Final = 4


@st.composite
def _script(
    draw: Draw,
    dataflow: Dataflow,
    pair: Pair,
    weather: Weather,
    waits: tuple[int, ...],
    wanted: frozenset[str],
) -> Script:
    cast = Cast(dataflow, pair, draw, waits, wanted)
    steps: list[Step] = [*clocks(cast, weather), *companions(cast), *onboarding(cast)]
    for _ in range(cast.number(1, 3)):
        steps += ACT_KINDS["create"](cast)
    steps += [*crowd(cast, weather), *while_reading(cast, weather)]
    steps += maybe_foretell(cast, weather)
    steps.append(Settle())
    kinds = enabled_kinds(cast)
    for _ in range(cast.number(1, _MOST_ROUNDS)):
        steps += hours(cast, weather)
        for _ in range(cast.number(1, _MOST_ACTS)):
            steps += ACT_KINDS[cast.pick(kinds)](cast)
        steps += maybe_foretell(cast, weather)
        steps.append(Settle())
    if cast.toss():
        steps.append(Settle())
    return tuple(steps)


def scripts(
    dataflow: Dataflow,
    pair: Pair,
    *,
    weather: Weather = frozenset(),
    waits: tuple[int, ...] = (1, 0, 5),
    wanted: frozenset[str] = frozenset(),
) -> st.SearchStrategy[Script]:
    """Give scripts of people's random edits on either side of one pair's records.

    `weather` names what else may happen, as `Weather` says. `waits` are the seconds that a
    `Retry-After` may ask for, the simplest first. `wanted` names situations (those that the laws
    count) that a search has not met yet: they are drawn more often.
    """
    return _script(dataflow, pair, weather, waits, wanted)
