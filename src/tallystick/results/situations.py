"""What a script needs besides calm edits on one side. Rule: it reads steps, and runs nothing.

The names are those of the reach table, so that a failure can be said to belong to a situation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.dataflow.model import Side
from tallystick.vocabulary.script import (
    AddElement,
    Clear,
    Delete,
    Edit,
    MoveElement,
    RemoveElement,
    Script,
    Settle,
    Step,
)
from tallystick.vocabulary.weather import During, Fault, Kill, Many, Skew

__all__ = ["situations_of"]

_EDITS: Final = (Edit, Clear, AddElement, RemoveElement, MoveElement)


def situations_of(script: Script) -> tuple[str, ...]:
    """Give the situations that a script makes, each once, in the order in which it makes them."""
    return tuple(dict.fromkeys(_made(script)))


def _made(script: Script) -> Iterator[str]:
    sides: set[Side] = set()
    for step in script:
        if isinstance(step, Settle):
            sides.clear()
        yield from _of(step)
        edit = step.step if isinstance(step, During) else step
        if isinstance(edit, _EDITS):
            sides.add(edit.side)
        if len(sides) > 1:
            yield "both-edited"


def _of(step: Step) -> Iterator[str]:
    match step:
        case During(step=inner):
            yield "edit-meanwhile"
            yield from _of(inner)
        case Fault():
            yield "fault"
        case Kill():
            yield "kill"
        case Skew():
            yield "skew"
        case Many():
            yield "second-page"
        case Delete():
            yield "deletion"
        case _:
            return
