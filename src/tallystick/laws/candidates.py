"""Who can have become whose counterpart since the last settle. Rule: it tells what is possible,
what left a trace and what leaves nobody to blame, and links nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from tallystick.dataflow.model import Pair
from tallystick.laws.coverage import Coverage
from tallystick.laws.history import Record
from tallystick.laws.leftovers import Leftovers
from tallystick.laws.links import How, Link, LinkBook
from tallystick.laws.merging import Merging
from tallystick.laws.trials import Trials
from tallystick.laws.unlinked import Unlinked

__all__ = ["Allowed", "Candidates", "how_of"]

Allowed = Callable[[Record, Record], bool]
"""Tells of a source and a target whether they may be linked."""


class Candidates:
    """Looks at the records without a link, by twos."""

    def __init__(
        self,
        book: LinkBook,
        coverage: Coverage,
        trials: Trials,
        merging: Merging,
        leftovers: Leftovers,
        unlinked: Unlinked,
    ) -> None:
        self.book = book
        self.coverage = coverage
        self.trials = trials
        self.merging = merging
        self.leftovers = leftovers
        self.unlinked = unlinked
        self.history = book.history

    def of(self, pair: Pair) -> tuple[list[Record], list[Record]]:
        """Give the sources and targets that could have been linked since the last settle."""
        sources, targets = self.unlinked.sources[pair.number], self.unlinked.targets[pair.target]
        made = self.made(targets)
        back = self.made(sources) if self._goes_back(pair) else []
        if not made and not back and not pair.merge:
            return [], []
        called = [
            source
            for source in sources.values()
            if source.birth.by == "person"
            and (pair.merge or self.coverage.of(pair, source, self.history.settled) is not False)
        ]
        there = [target for target in targets.values() if target.birth.by == "person"]
        return [*called, *back], [*made, *(there if back or pair.merge else ())]

    def to_merge(self, pair: Pair) -> tuple[list[Record], list[Record]]:
        """Give those of them that people made, and that live: they could have been merged."""
        sources, targets = self.of(pair)
        return (
            [source for source in sources if source.birth.by == "person" and source.live],
            [target for target in targets if target.birth.by == "person" and target.live],
        )

    def made(self, records: dict[int, Record]) -> list[Record]:
        """Give those of some records that the connector made since the last settle."""
        return [record for record in records.values() if self.is_made(record)]

    def is_made(self, record: Record) -> bool:
        """Tell whether the connector made a record since the last settle."""
        birth = record.birth
        return birth.by == "connector" and birth.event > self.history.settled

    def is_possible(
        self, pair: Pair, source: Record, target: Record, *, covered: bool = True
    ) -> bool:
        """Tell whether one can have been made for, or merged with, the other."""
        made = [record for record in (source, target) if record.birth.by == "connector"]
        if not made:
            return covered and self.merging.may_merge(pair, source, target)
        if len(made) > 1:
            return False
        origin = source if made == [target] else target
        if origin.first_seen > made[0].birth.event or self._was_gone(origin, made[0]):
            return False
        if origin is target:
            return covered and self._goes_back(pair)
        return (self.coverage.of(pair, source, self.history.settled) is not False) is covered

    def _was_gone(self, origin: Record, made: Record) -> bool:
        """Tell whether a record was deleted before any sync that could have made another of it."""
        if origin.deletion is None:
            return False
        history = self.history
        began = history.first_sync if history.disturbed else history.sync_of(made.birth)
        return origin.deletion.event < began

    def _goes_back(self, pair: Pair) -> bool:
        """Tell whether records of the target are created in the source."""
        mutual = pair.create.when in ("always", "no-match")
        return mutual and self.history.dataflow.policies.create == "both"

    def was_made(self, source: Record, target: Record) -> bool:
        """Tell whether a link has left a trace: a record created, or one written to."""
        since = self.history.settled
        return any(record.acts_by("connector", since) for record in (source, target))

    def is_told(self, pair: Pair, source: Record, target: Record) -> bool:
        """Tell whether the traces of a merge tell which target it was."""
        if how_of(source, target) == "created" or target.acts_by("connector", self.history.settled):
            return True
        return not any(
            other is not target
            and other.birth.by == "person"
            and self.is_possible(pair, source, other)
            and self.ends_well(pair, source, other, excused=True)
            for other in self.unlinked.targets[pair.target].values()
        )

    def ends_well(self, pair: Pair, source: Record, target: Record, *, excused: bool) -> bool:
        """Tell whether a new link of two records would end well at this settle."""
        if self.trials.glance.cannot_be(pair, source, target):
            return False
        before = self.merging.was_perhaps_merged(pair, source, target)
        trial = self.book.unjoined(pair, source, target, how_of(source, target), before=before)
        return self.trials.ends_well(trial, excused=excused)

    def is_innocent_of(self, pair: Pair, *, excused: bool = False, traced: bool = True) -> Allowed:
        """Tell, of two records, whether all is well if they were linked since the last settle; not
        `traced`: also if that left no trace.
        """

        def allowed(source: Record, target: Record) -> bool:
            possible = self.is_possible(pair, source, target)
            possible = possible and (not traced or self.was_made(source, target))
            ends_well = possible and self.ends_well(pair, source, target, excused=excused)
            return ends_well and self.is_told(pair, source, target)

        return allowed

    def is_rival(self, link: Link, rival: Record) -> bool:
        """Tell whether what was made of one record could have been made of another."""
        made = link.target if link.target.birth.by == "connector" else link.source
        source, target = (rival, made) if made is link.target else (made, rival)
        possible = self.is_possible(link.pair, source, target)
        return possible and self.leftovers.distance(link.pair, source, target) == 0


def how_of(source: Record, target: Record) -> How:
    """Say how two records became linked, if they are."""
    both = source.birth.by == "person" and target.birth.by == "person"
    return "merged" if both else "created"
