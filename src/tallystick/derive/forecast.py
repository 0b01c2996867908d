"""What befalls a connector in a random script: faults, kills, races, crowds and clocks."""

from __future__ import annotations

from typing import Final

from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.derive.acts import clear, delete, edit, unlisted, unlisted_edit
from tallystick.derive.cast import Cast, draw_row, draw_side, edit_of, plain_rows
from tallystick.vocabulary.script import (
    Step,
    Wait,
)
from tallystick.vocabulary.weather import (
    FAULT_WORDS,
    LIST_FAULTS,
    WEBHOOK_WORDS,
    Counting,
    During,
    Fault,
    Kill,
    KillMoment,
    Many,
    Skew,
    Webhook,
)

__all__ = ["WEATHER", "Weather", "clocks", "crowd", "hours", "maybe_foretell", "while_reading"]

WEATHER: Final = frozenset({"faults", "kills", "races", "crowds", "clocks"})
Weather = frozenset[str]
"""Kinds of weather: `faults`, `kills`, `races` (edits made meanwhile); `crowds`, more records than
a page holds; and `clocks`, systems whose clocks differ, and hours in which nothing happens.
Besides, `webhooks`: messages to connectors over sockets go astray."""

_ABOUT_WORLDS: Final = frozenset(
    {"crowds", "clocks", "webhooks"}
)  # rather than about single requests
_MEETS: Final = {"faults": "fault", "kills": "kill", "races": "edit-meanwhile"}
_SKEWS_MS: Final = (2_000, 500, 30_000, 120_000)
_WHILES_MS: Final = (3_600_000, 86_400_000)
_CROWD: Final = 105  # more than a page of either API holds
_CROWD_SHARE: Final = 15
_LAST_REQUESTS: Final = (16, 4)  # the first requests of a sync read listings
_LAST_OF_READING: Final = 8
_MOMENTS: Final[tuple[KillMoment, ...]] = ("before", "during", "after")
_COUNTINGS: Final[tuple[Counting, ...]] = ("write", "request")
_LAST_WRITE: Final = 4
_LAST_WEBHOOK: Final = 3
_PAUSES_MS: Final = (1_000, 2_500)  # so that what is edited meanwhile is of a later second
_FAULTS: Final = tuple(FAULT_WORDS)
_WRITE_FAULTS: Final = tuple(
    fault for fault in FAULT_WORDS if fault not in LIST_FAULTS and fault != "delta-expired"
)
_ABOUT_NEWS: Final = frozenset({*LIST_FAULTS, "delta-expired"})
_TURNED_AWAY: Final = frozenset({"unavailable", "throttled"})


def clocks(cast: Cast, weather: Weather) -> list[Step]:
    """A clock that is ahead of the other system's, for as long as the world lasts."""
    if "clocks" not in weather or not (cast.toss() or "skew" in cast.wanted):
        return []
    return [Skew(side=draw_side(cast), ms=cast.pick(_SKEWS_MS))]


def hours(cast: Cast, weather: Weather) -> list[Step]:
    """A while in which nothing happens."""
    if "clocks" not in weather or cast.number(0, 3) < 3:
        return []
    return [Wait(ms=cast.pick(_WHILES_MS))]


def crowd(cast: Cast, weather: Weather) -> list[Step]:
    """More records than a page holds, all of one second: rarely, because they cost time."""
    share = 1 if "second-page" in cast.wanted else _CROWD_SHARE
    if "crowds" not in weather or cast.number(0, share) != share:
        return []
    side: Side = cast.pick(SIDES) if cast.pair.merge else "source"
    kind = cast.pair.type_on(side)
    return [Many(side=side, type=kind, number=_CROWD, label="M")]


def while_reading(cast: Cast, weather: Weather) -> list[Step]:
    """The oldest record, saved while the first listing is read: there it moves to the end."""
    known = cast.labels.get(("source", cast.pair.source))
    if "races" not in weather or not known or not plain_rows(cast.pair) or cast.number(0, 3) < 3:
        return []
    step = edit_of(cast, known[0], "source", draw_row(cast))
    request = cast.number(2, _LAST_OF_READING)
    return [Wait(ms=_PAUSES_MS[0]), During(request=request, step=step)]


def maybe_foretell(cast: Cast, weather: Weather) -> list[Step]:
    """Give what befalls the connector in the sync that follows, if anything."""
    steps = _astray(cast) if "webhooks" in weather else []
    if not weather - _ABOUT_WORLDS or not cast.toss():
        return steps
    steps += _foretell(cast, weather)
    return steps + _foretell(cast, weather) if cast.toss() else steps


def _astray(cast: Cast) -> list[Step]:
    """What befalls one of the next webhooks."""
    if not cast.toss():
        return []
    fate = cast.pick(tuple(WEBHOOK_WORDS))
    return [Webhook(number=cast.number(1, _LAST_WEBHOOK), fate=fate)]


def _foretell(cast: Cast, weather: Weather) -> list[Step]:
    """What befalls the connector at some request of the sync that follows."""
    counting = cast.pick(_COUNTINGS)
    last = _LAST_WRITE if counting == "write" else cast.pick(_LAST_REQUESTS)
    request = cast.number(1, last)
    kinds = sorted(weather - _ABOUT_WORLDS)
    kind = cast.pick([kind for kind in kinds if _MEETS[kind] in cast.wanted] or kinds)
    if kind == "kills":
        moment = cast.pick(_MOMENTS)
        return [Kill(counting=counting, request=request, moment=moment)]
    if kind == "races" and plain_rows(cast.pair) and cast.number(0, 2) == 2:
        return _crossing(cast)
    if kind == "races":
        acts = (edit, edit, unlisted, clear) if plain_rows(cast.pair) else (unlisted,)
        act = cast.pick((*acts, delete))
        pause: list[Step] = [Wait(ms=cast.pick(_PAUSES_MS))] if cast.toss() else []
        steps = [During(counting=counting, request=request, step=step) for step in act(cast)]
        return [*pause, *steps]
    fault = cast.pick(_FAULTS if counting == "request" else _WRITE_FAULTS)
    seconds = cast.pick(cast.waits) if fault in _TURNED_AWAY else 0
    step = Fault(counting=counting, request=request, fault=fault, seconds=seconds)
    return [*(_news(cast) if fault in _ABOUT_NEWS else []), step]


def _news(cast: Cast) -> list[Step]:
    """Now and then an edit, for a listing that goes wrong to tell of or to leave out."""
    if not plain_rows(cast.pair) or not cast.toss():
        return []
    return [edit_of(cast, cast.one_of_pair(), draw_side(cast), draw_row(cast))]


def _crossing(cast: Cast) -> list[Step]:
    """An edit; and, just as it is written, one of the record that it is written to."""
    label, side = cast.one_of_pair(), draw_side(cast)
    written = other_side(side)
    first = edit_of(cast, label, side, draw_row(cast))
    seconds = unlisted_edit(cast, label, written) if cast.toss() else []
    seconds = seconds or [edit_of(cast, label, written, draw_row(cast))]
    request = cast.number(1, 2)
    return [first, *(During(counting="write", request=request, step=step) for step in seconds)]
