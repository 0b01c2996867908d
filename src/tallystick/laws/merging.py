"""What the merge rules settle. Rule: a merge counts as settled only where everybody who reads the
contract must come to the same one.

Of several matches the lowest keys go together: the lowest source takes the lowest target that is
left. Records that came, changed or went while the connector was at work leave that open, and so do
several pairs that reach for one target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Final

from tallystick.canonical import Json, fingerprint, is_empty
from tallystick.dataflow.model import MergeTerm, Pair
from tallystick.laws.coverage import term_values
from tallystick.laws.history import History, Record

__all__ = ["Merging"]

_NONE: Final[frozenset[str]] = frozenset()


class Merging:
    """Finds the merges that are settled, and those that may have been made."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._known: dict[tuple[int, int], tuple[Json, frozenset[str]]] = {}
        self._perhaps: dict[tuple[int, int, int], tuple[Record, Record]] = {}

    def may_merge(self, pair: Pair, source: Record, target: Record) -> bool:
        """Tell whether two records matched at some moment of the last syncs, or before, unseen."""
        if not pair.merge:
            return False
        if self.was_perhaps_merged(pair, source, target):
            return True
        return bool(self.meanwhile(pair, source) & self.meanwhile(pair, target))

    def was_perhaps_merged(self, pair: Pair, source: Record, target: Record) -> bool:
        """Tell whether two records may have been merged, unseen, before the last settle."""
        return (pair.number, id(source), id(target)) in self._perhaps

    def remember(self, pair: Pair, sources: Iterable[Record], targets: Iterable[Record]) -> None:
        """Remember which of the records that are still without a link may have been merged."""
        places: dict[str, list[Record]] = {}
        for target in targets:
            if not self._went_before(target):
                for mark in self.meanwhile(pair, target):
                    places.setdefault(mark, []).append(target)
        for source in sources if places else ():
            if not self._went_before(source):
                for mark in self.meanwhile(pair, source):
                    for target in places.get(mark, ()):
                        place = (pair.number, id(source), id(target))
                        self._perhaps[place] = (source, target)

    def may_be_widowed(self, record: Record) -> bool:
        """Tell whether a record may have been merged with one that people then deleted."""
        return record.unsure and any(
            other.deletion is not None and other.deletion.by == "person"
            for records in self._perhaps.values()
            if record in records
            for other in records
            if other is not record
        )

    def forget(self, is_open: Callable[[int, Record, Record], bool]) -> None:
        """Forget what was linked, or went, in the meantime."""
        before = [record for records in self._perhaps.values() for record in records]
        self._perhaps = {
            place: records
            for place, records in self._perhaps.items()
            if is_open(place[0], *records)
        }
        for record in before:
            record.unsure = False
        for records in self._perhaps.values():
            for record in records:
                record.unsure = True

    def settled(
        self, callers: Iterable[tuple[Pair, Iterable[Record]]], targets: Iterable[Record]
    ) -> list[tuple[Pair, Record, Record]]:
        """Give the settled merges of pairs, with their sources, into one target type."""
        there = [t for t in _by_key(targets) if not self._went_before(t)]
        search = _Search(
            self,
            [
                (pair, [s for s in _by_key(found) if not self._went_before(s)])
                for pair, found in callers
            ],
            there,
        )
        return search.settled()

    def _went_before(self, record: Record) -> bool:
        return record.deletion is not None and record.deletion.event < self.history.first_sync

    def was_quiet(self, pair: Pair, record: Record) -> bool:
        """Tell whether a record was there, and matched what it matches, throughout the syncs."""
        history = self.history
        there = record.live and record.birth.event < history.first_sync
        if not there or record.unsure or record.withheld or history.disturbed:
            return False
        return len(set(self._lately(pair, record))) == 1

    def at_first(self, pair: Pair, record: Record) -> frozenset[str]:
        """Give the marks of a record as it was before the connector's own writes."""
        for act in record.acts:
            if act.by == "connector" and act.event > self.history.first_sync and act.before:
                return self._marks(pair, record, act.before.data)
        return self._marks(pair, record, record.data)

    def meanwhile(self, pair: Pair, record: Record) -> frozenset[str]:
        """Give the marks that a record had from people at any moment of the last syncs."""
        return _NONE.union(*self._lately(pair, record))

    def _lately(self, pair: Pair, record: Record) -> list[frozenset[str]]:
        acts = [act for act in record.acts if act.event > self.history.first_sync]
        held = [act.after.data for act in acts if act.by == "person" and act.after.live]
        before = acts[0].before if acts else record.now
        if before is not None:
            held.append(before.data)
        return [self._marks(pair, record, data) for data in held]

    def _marks(self, pair: Pair, record: Record, data: Json) -> frozenset[str]:
        """Give a text for each way in which a record can match: equal ones match."""
        place = (pair.number, id(record))
        known = self._known.get(place)
        if known is None or known[0] is not data:
            found = (_ways(pair, at, terms, record, data) for at, terms in enumerate(pair.merge))
            known = self._known[place] = (data, _NONE.union(*found))
        return known[1]


def _ways(
    pair: Pair, at: int, terms: Sequence[MergeTerm], record: Record, data: Json
) -> frozenset[str]:
    values = [
        [value for value in term_values(pair, term, record.side, data) if not is_empty(value)]
        for term in terms
    ]
    return frozenset(f"{at} {fingerprint(way)}" for way in product(*values) if way)


class _Search:
    """The settled merges into one target type, at one settle."""

    def __init__(
        self, merging: Merging, callers: list[tuple[Pair, list[Record]]], targets: list[Record]
    ) -> None:
        self.merging = merging
        self.callers = callers
        self.open: set[int] = set()  # targets of which nobody can tell who took them
        self._places: dict[int, dict[str, list[int]]] = {}
        self.targets = targets
        self.mine = [_may_be_matched(target, merging.history) for target in targets]
        self._find_contests()

    def _find_contests(self) -> None:
        reached: dict[int, Pair] = {}
        for pair, sources in self.callers:
            for source in sources:
                quiet = self.merging.was_quiet(pair, source)
                for at in self._fitting(pair, source):
                    if not quiet or reached.setdefault(at, pair) is not pair:
                        self.open.add(at)

    def _fitting(self, pair: Pair, source: Record) -> list[int]:
        """Give the places of all targets that matched a source at some moment of the syncs."""
        places = self._places.get(pair.number)
        if places is None:
            places = self._places[pair.number] = {}
            for at, target in enumerate(self.targets):
                for mark in self.merging.meanwhile(pair, target) if self.mine[at] else ():
                    places.setdefault(mark, []).append(at)
        marks = self.merging.meanwhile(pair, source)
        return sorted({at for mark in marks for at in places.get(mark, ())})

    def settled(self) -> list[tuple[Pair, Record, Record]]:
        """Give the settled merges of all pairs."""
        return [merge for pair, sources in self.callers for merge in self._of_pair(pair, sources)]

    def _of_pair(self, pair: Pair, sources: list[Record]) -> list[tuple[Pair, Record, Record]]:
        found = []
        taken: set[int] = set()
        for source in sources:
            if not self.merging.was_quiet(pair, source):
                continue
            fitting = [at for at in self._fitting(pair, source) if at not in taken]
            if not fitting:
                continue
            best = fitting[0]
            if best in self.open or not self._surely(pair, source, best):
                self.open.update(fitting)
                continue
            taken.add(best)
            found.append((pair, source, self.targets[best]))
        return found

    def _surely(self, pair: Pair, source: Record, at: int) -> bool:
        merging = self.merging
        matching = merging.at_first(pair, source) & merging.at_first(pair, self.targets[at])
        return merging.was_quiet(pair, self.targets[at]) and bool(matching)


def _may_be_matched(target: Record, history: History) -> bool:
    return target.birth.by == "person" or target.birth.event < history.settled


_KEY_ORDER: Final = {str: 1, int: 0}


def _by_key(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (_KEY_ORDER[type(record.key)], record.key))
