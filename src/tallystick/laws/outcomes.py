"""How a unit may end, and which law is broken where it ends otherwise. Rule: a table of endings.

The strongest anomaly is named: a value that nobody wrote, then a lost edit, then the wrong winner,
then records that disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tallystick.canonical import same
from tallystick.dataflow.model import SIDES, Policies, Side, other_side
from tallystick.laws.cases import Case

__all__ = ["Ending", "is_kept_empty", "is_taken_back", "judge_ending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A wrong ending: the law it breaks, what it is called, and the side that is at fault.

    `one_way` is False where nobody can tell which side should have taken the other's value.
    """

    law: str
    anomaly: str
    direction: Side
    one_way: bool = True


def _law_of_disagreement(case: Case) -> str:
    return "references" if case.unit.is_reference else "in-sync"


def is_kept_empty(case: Case, policies: Policies) -> bool:
    """Tell whether an emptied property rightly left the other side's value alone."""
    if policies.empty != "keep":
        return False
    if case.entangled:  # it may have been emptied, and kept, before the other unit's edit came
        return any(case.finds_nothing(side) for side in SIDES)
    return any(_is_kept(case, side) for side in case.edits)


def _is_kept(case: Case, side: Side) -> bool:
    other = other_side(side)
    if not case.is_emptied(side) or not case.is_emptying(side, case.found_on(side)):
        return False
    if case.finds_nothing(other):
        return False
    if case.meanwhile:  # what stands there may have been carried before
        return True
    unmoved = case.base is None or same(case.found_on(other), case.base_on(other))
    return other not in case.edits and unmoved


def _overwritten(case: Case, policies: Policies) -> Ending | None:
    """An emptying that was to leave the other side's value alone has overwritten it."""
    if policies.empty != "keep" or len(case.edits) != 1 or case.entangled or case.meanwhile:
        return None
    ((side, edit),) = case.edits.items()
    other = other_side(side)
    if case.base is None or not case.unit.holds_nothing(side, edit.value):
        return None
    if case.unit.holds_nothing(other, case.base_on(other)) or not case.finds_nothing(other):
        return None
    return Ending(law="no-lost-edit", anomaly="undone", direction=other)


def _untouched(case: Case) -> Ending | None:
    """Nobody edited: both sides stay at the base, unless that had to be mended."""
    if case.base is None:
        return None
    moved: list[Side] = [
        side for side in ("target", "source") if not same(case.found_on(side), case.base_on(side))
    ]
    if not moved or case.held is False or case.agrees is None:
        return None
    if not case.agrees:
        if case.held is None and not case.unit.is_reference:
            return None
        return Ending(law=_law_of_disagreement(case), anomaly="drifted", direction=moved[0])
    if case.held:
        return Ending(law="no-lost-edit", anomaly="undone", direction=moved[0])
    return None


def _one_sided(case: Case) -> Ending | None:
    """One side edited: its value stands there, and the other side agrees."""
    ((side, _),) = case.edits.items()
    other = other_side(side)
    if side not in case.stands:
        return Ending(law="no-lost-edit", anomaly="undone", direction=other)
    if case.agrees is False:
        return Ending(law=_law_of_disagreement(case), anomaly="not-arrived", direction=other)
    return None


def _both_sided(case: Case) -> Ending | None:
    """Both edited: an allowed winner's value stands there, and the other side agrees."""
    if case.agrees is False:
        loser = other_side(min(case.winners))
        if len(case.winners) > 1 and len(case.stands) == 1:
            loser = other_side(min(case.stands))
        law = _law_of_disagreement(case)
        return Ending(
            law=law,
            anomaly="conflict-unresolved",
            direction=loser,
            one_way=len(case.winners) == 1 or len(case.stands) == 1,
        )
    if case.winners & case.stands or case.agrees is None:
        return None
    if case.stands:
        winner = min(case.winners)
        return Ending(law="latest-wins", anomaly="wrong-winner", direction=other_side(winner))
    return Ending(law="no-lost-edit", anomaly="both-undone", direction="target")


def is_taken_back(case: Case) -> bool:
    """Tell whether a property that was edited on one side stands there as had been agreed, as if it
    had never been edited: whatever may be withheld, nobody called for that.
    """
    ordinary = not (case.entangled or case.meanwhile or case.free or case.loose)
    return (
        ordinary
        and case.held is True
        and len(case.edits) == 1
        and all(
            side not in case.stands and same(case.found_on(side), case.base_on(side))
            for side in case.edits
        )
    )


_ENDINGS: Final[dict[int, Callable[[Case], Ending | None]]] = {
    0: _untouched,
    1: _one_sided,
    len(SIDES): _both_sided,
}


def judge_ending(case: Case, policies: Policies) -> Ending | None:
    """Give the wrong ending of a case, or None."""
    if overwritten := _overwritten(case, policies):
        return overwritten
    if case.free or is_kept_empty(case, policies):
        return None
    if not case.entangled:
        return _ENDINGS[len(case.edits)](case)
    if case.agrees is not False or _is_left(case):
        return None
    waited = not case.edits and same(case.found, case.base)
    emptied = case.finds_nothing("source") and not case.finds_nothing("target")
    return Ending(
        law=_law_of_disagreement(case),
        anomaly="not-arrived" if waited else "drifted",
        direction="source" if waited and emptied else "target",
    )


def _is_left(case: Case) -> bool:
    """Tell whether what has no image stands as it stood, and nobody edited it."""
    if case.unit.has_references or case.held is not None or case.base is None or case.edits:
        return False
    return all(same(case.found_on(side), case.base_on(side)) for side in SIDES)
