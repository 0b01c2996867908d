"""Shorter scripts that may come to the same as a failing one. Rule: it guesses, and plays nothing.

Leaving out one step after the other stops where two steps hold each other up: a kill at request 15
comes too late once there is a record less. So several steps are left out at once, trouble comes at
an earlier request, and one record stands for two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import combinations, permutations
from typing import Any, Final, get_args

from tallystick.dataflow.model import Dataflow, Side
from tallystick.vocabulary.script import Create, Edit, KeyOf, Ref, Script, Settle
from tallystick.vocabulary.weather import During, Fault, Kill, KillMoment, Many

__all__ = ["NO_OPPOSITES", "Opposite", "opposites", "retold"]

Opposite = Mapping[tuple[str, str], str]
NO_OPPOSITES: Final[Opposite] = {}

_PLACE: Final = re.compile(r"\[\d+\]")
_BEARABLE: Final = 6  # steps; only for longer stories is everything tried
_CROWD: Final = "M"  # as searches call the records of a crowd
_FARTHEST: Final = 12  # requests that trouble may come earlier


def opposites(dataflow: Dataflow) -> Opposite:
    """Give, by a record's type and a path on the other side, its own path: for `retold`."""
    own: dict[tuple[str, str], str] = {}
    for pair in dataflow.pairs:
        for row in pair.rows:
            own.setdefault((pair.source, row.target.text), row.source.text)
            own.setdefault((pair.target, row.source.text), row.target.text)
    return own


def retold(script: Script, first: Script, opposite: Opposite = NO_OPPOSITES) -> Iterator[Script]:
    """Give scripts with fewer steps than `script`, the likeliest first.

    `first` is the script that it was shortened from: its steps may come back. `opposite` is what
    `opposites` gives.
    """
    yield from _with_one_record_less(script)
    yield from _with_a_crowd(script)
    yield from _with_an_edit_at_birth(script, opposite)
    yield from _without(script, 2)
    yield from _with_earlier_trouble(script)
    if len(script) > _BEARABLE:
        yield from _without(script, 3)
        yield from _with_another_step(script, first)


def _without(script: Script, count: int) -> Iterator[Script]:
    yield from combinations(script, len(script) - count)


def _with_another_step(script: Script, first: Script) -> Iterator[Script]:
    """Put one step that was left out in the place of two that stand together."""
    others = [step for step in first if step not in script]
    for at in range(len(script) - 1):
        yield from ((*script[:at], other, *script[at + 2 :]) for other in others)


def _with_earlier_trouble(script: Script) -> Iterator[Script]:
    """Leave out one step; fewer requests come then, so the trouble has to come earlier."""
    for at, step in enumerate(script):
        for trouble in _earlier(step):
            told = (*script[:at], trouble, *script[at + 1 :])
            yield from (told[:out] + told[out + 1 :] for out in range(len(told)) if out != at)


def _earlier(step: Any) -> Iterator[Any]:
    if isinstance(step, Kill):
        for request in range(step.request, max(step.request - _FARTHEST, 0), -1):
            for moment in get_args(KillMoment):
                yield replace(step, request=request, moment=moment)
    elif isinstance(step, Fault | During):
        for request in range(step.request - 1, max(step.request - _FARTHEST, 0), -1):
            yield replace(step, request=request)


def _with_one_record_less(script: Script) -> Iterator[Script]:
    """Take one record for another of its type."""
    created = {step.record: at for at, step in enumerate(script) if isinstance(step, Create)}
    for one, other in permutations(created, 2):
        if one.type == other.type:
            at = created[other]
            yield _renamed(script[:at] + script[at + 1 :], other.label, one.label)


def _with_an_edit_at_birth(script: Script, opposite: Opposite) -> Iterator[Script]:
    """Create a record with what it was edited to, on either side; a settle after the edit goes with
    it.
    """
    created = {step.record.label: step for step in script if isinstance(step, Create)}
    for at, edit in enumerate(script):
        if not isinstance(edit, Edit) or edit.record.label not in created:
            continue
        born = created[edit.record.label]
        values = {
            _own(path, born, opposite) if edit.side != born.side else path: value
            for path, value in edit.values
        }
        whole = replace(born, values=tuple((dict(born.values) | values).items()))
        told = tuple(whole if step is born else step for step in script)
        ends = (at + 2, at + 1) if script[at + 1 : at + 2] == (Settle(),) else (at + 1,)
        yield from (told[:at] + told[end:] for end in ends)


def _own(path: str, born: Create, opposite: Opposite) -> str:
    """Give the path that a record has for a path on the other side, of the same element."""
    place = _PLACE.search(path)
    found = opposite.get((born.record.type, _PLACE.sub("[]", path)), path)
    return found.replace("[]", place[0]) if place else found


def _with_a_crowd(script: Script) -> Iterator[Script]:
    """Create records of a type in one step, where the first of them was created."""
    plain = [step for step in script if isinstance(step, Create) and not step.values]
    label = _CROWD * (1 + sum(isinstance(step, Many) for step in script))
    for (side, kind), steps in _grouped(plain).items():
        if len(steps) > 1:
            crowd = Many(side=side, type=kind, number=len(steps), label=label)
            told: Script = tuple(step for step in script if step not in steps[1:])
            told = tuple(crowd if step == steps[0] else step for step in told)
            for number, step in enumerate(steps, 1):
                told = _renamed(told, step.record.label, f"{label}{number}")
            yield told


def _grouped(steps: list[Create]) -> dict[tuple[Side, str], list[Create]]:
    groups: dict[tuple[Side, str], list[Create]] = {}
    for step in steps:
        groups.setdefault((step.side, step.record.type), []).append(step)
    return groups


def _renamed(thing: Any, label: str, other: str) -> Any:
    """Give steps, values or a name with one label in the place of another."""
    if isinstance(thing, Ref | KeyOf):
        return replace(thing, label=other) if thing.label == label else thing
    if isinstance(thing, tuple):
        return tuple(_renamed(item, label, other) for item in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    changed: Any = {
        field.name: _renamed(getattr(thing, field.name), label, other) for field in fields(thing)
    }
    return replace(thing, **changed)
