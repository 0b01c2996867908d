"""What it would mean if two records were linked. Rule: a reading is innocent when under it nobody
has done anything wrong.
"""

from __future__ import annotations

from tallystick.canonical import Json, same
from tallystick.dataflow.model import SIDES, other_side
from tallystick.laws.cases import case_of, is_at_rest
from tallystick.laws.excuses import Excuses
from tallystick.laws.glance import Glance
from tallystick.laws.history import Record
from tallystick.laws.links import Base, Link, LinkBook
from tallystick.laws.outcomes import judge_ending

__all__ = ["Trials"]


class Trials:
    """Tries links that nobody has made."""

    def __init__(self, book: LinkBook, excuses: Excuses) -> None:
        self.book = book
        self.excuses = excuses
        self.glance = Glance(book, excuses)
        self.history = book.history

    def swapped(self, link: Link, other: Link) -> Link:
        """Give the link of one link's source with another's target (of one type, if not pair)."""
        trial = self.book.unjoined(link.pair, link.source, other.target, link.how)
        if link.pair is other.pair:
            theirs: list[Base | None] = other.bases
            accounted, held = other.accounted, other.held
        else:
            theirs = [self._as_it_was(trial, index) for index in range(len(trial.units))]
            accounted = [min((*other.accounted, self.history.settled))] * len(trial.units)
            held = link.held
        trial.bases = [_base(one, two) for one, two in zip(link.bases, theirs, strict=True)]
        trial.accounted = [min(two) for two in zip(link.accounted, accounted, strict=True)]
        trial.held = [one if one is two else None for one, two in zip(link.held, held, strict=True)]
        trial.made = min(link.made, other.made)
        trial.pending, trial.loose = link.pending | other.pending, link.loose | other.loose
        return trial

    def _as_it_was(self, link: Link, index: int) -> Base:
        """Give the views of a unit on the states of its two records at the last settle."""
        since = self.history.settled
        states = [self.history.states(link.record(side), since)[0] for side in SIDES]
        return link.views(link.units[index], *states)

    @staticmethod
    def people_deleted(record: Record) -> bool:
        """Tell whether people deleted a record."""
        return record.deletion is not None and record.deletion.by == "person"

    def may_end_well(self, link: Link) -> bool:
        """Tell whether a link ends well if people deleted another counterpart of its source."""
        both_gone = not link.source.live and not link.target.live
        return both_gone or self.ends_well(link)

    def ends_well(self, link: Link, *, excused: bool = True) -> bool:
        """Tell whether every unit of a link ends well, or its deletion does."""
        if not (link.source.live and link.target.live):
            return self._deletion_fits(link)
        alike = self._alike(link) if _is_a_copy(link) else frozenset()
        return all(
            unit in alike
            or is_at_rest(link, index, self.book)
            or self._unit_ends_well(link, index, excused=excused)
            for index, unit in enumerate(map(id, link.units))
        )

    def _alike(self, link: Link) -> frozenset[int]:
        """Give the units (by identity) of whose value one record's is a copy: all is well there."""
        return frozenset(
            id(unit)
            for unit in self.book.comparable[link.pair.number]
            if same(*link.views(unit, link.source.data, link.target.data))
        )

    def _unit_ends_well(self, link: Link, index: int, *, excused: bool) -> bool:
        case = case_of(link, index, self.book)
        if case is None:
            return True
        ending = judge_ending(case, self.history.dataflow.policies)
        if ending is None or not excused:
            return ending is None
        side = ending.direction
        return self.excuses.may_withhold(
            link.record(other_side(side)), link.pair, link.record(side)
        )

    def _deletion_fits(self, link: Link) -> bool:
        """Tell whether a deletion was somebody's wish, and went over if it had to."""
        gone = [link.record(side) for side in SIDES if not link.record(side).live]
        asked = [record for record in gone if self.book.was_asked_for(link.pair, record)]
        if not asked or len(gone) == len(SIDES):
            return bool(asked)
        deletion = asked[0].deletion
        late = deletion is not None and deletion.event > self.history.sync_began
        return late or self.history.dataflow.policies.deletions == "detach"


def _is_a_copy(link: Link) -> bool:
    """Tell whether only people wrote to one of the records, and only the connector to the other."""
    hands = [{act.by for act in link.record(side).acts} for side in SIDES]
    return not any(link.bases) and all(len(by) == 1 for by in hands) and hands[0] != hands[1]


def _base(one: Base | None, two: Base | None) -> Base | None:
    if one is None or two is None:
        return None
    views: tuple[Json, Json] = (one[0], two[1])
    return views
