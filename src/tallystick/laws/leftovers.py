"""What the links do not explain. Rule: it names what is odd, and accuses nobody yet.

Only what changed since the last settle is looked at, and what was still undecided then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tallystick.dataflow.model import SIDES, Pair, Side
from tallystick.laws.coverage import Coverage
from tallystick.laws.excuses import Excuses
from tallystick.laws.history import Record
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.merging import Merging
from tallystick.laws.unlinked import Unlinked

__all__ = ["Leftovers", "Oddity", "OddityKind"]

OddityKind = Literal[
    "missing",  # covered, due, and without a counterpart
    "uncovered",  # no rule covers it, and yet a counterpart was made
    "second",  # a counterpart was made for a record that has one
    "unasked",  # made for nobody
    "moved",  # the counterpart was deleted and another made in its place
    "came-back",  # made for a record that was deleted, or whose counterpart was
    "created-instead",  # made although the rule matched one that was there
    "wrong-match",  # merged with another than the rule names
    "no-match",  # merged although the rule does not match
    "overwritten",  # a record that nobody linked was changed
    "stray",  # a record that nobody linked was deleted
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something that the links do not explain; `records` has the record first that it is about."""

    kind: OddityKind
    pair: Pair
    records: tuple[Record, ...]


class Leftovers:
    """Looks at the records that are still without a link."""

    def __init__(
        self,
        book: LinkBook,
        coverage: Coverage,
        excuses: Excuses,
        merging: Merging,
        unlinked: Unlinked,
        order: Sequence[Pair],
    ) -> None:
        self.book = book
        self.coverage = coverage
        self.excuses = excuses
        self.merging = merging
        self.history = book.history
        self.order = order
        self._unlinked = unlinked
        self._undecided: dict[tuple[int, int], Record] = {}  # may still turn out to be missing
        self._said: set[tuple[int, int]] = set()

    def settle(self, links: Sequence[Link]) -> list[Oddity]:
        """Give everything that is odd at this settle, `links` being new."""
        changed = list(self.history.changed.values())
        fresh = {id(record) for link in links for record in (link.source, link.target)}
        oddities = [
            Oddity(kind="uncovered", pair=link.pair, records=(link.source, link.target))
            for link in links
            if self._is_uncovered(link)
        ] + [
            oddity
            for record in changed
            if id(record) not in fresh and record.acts_by("connector", self.history.settled)
            for oddity in self._of_touched(record, links)
        ]
        named = {id(record) for oddity in oddities for record in oddity.records}
        for pair in self.order:
            for side in SIDES:
                oddities += [
                    Oddity(kind="missing", pair=pair, records=(record,))
                    for record in self._missing_of(pair, side, changed)
                    if id(record) not in named
                ]
        return oddities

    def _is_uncovered(self, link: Link) -> bool:
        called = self.coverage.of(link.pair, link.source, self.history.settled)
        back = link.source.birth.by == "connector"
        return link.how == "created" and called is False and not back

    # what is missing

    def _missing_of(self, pair: Pair, side: Side, changed: Iterable[Record]) -> list[Record]:
        found = []
        for record in self._to_look_at(pair, self._unlinked.pool(pair, side), changed):
            answer = self._is_missing(pair, record)
            if answer is None:
                self._undecided[pair.number, id(record)] = record
            elif answer:
                found.append(record)
        return found

    def _to_look_at(
        self, pair: Pair, pool: dict[int, Record], changed: Iterable[Record]
    ) -> list[Record]:
        waiting = [
            self._undecided.pop(place)
            for place in [p for p in self._undecided if p[0] == pair.number and p[1] in pool]
        ]
        if pair.create.when == "connected":  # other records decide
            return list(pool.values())
        known = {id(record) for record in waiting}
        return waiting + [r for r in changed if id(r) in pool and id(r) not in known]

    def _is_missing(self, pair: Pair, record: Record) -> bool | None:
        """Tell whether a record lacks a counterpart, once; None: look again at the next settle."""
        place = (pair.number, id(record))
        if place in self._said:
            return False
        answer = self.calls(pair, record)
        if answer and record.unsure:
            return None
        if answer:
            self._said.add(place)
        return answer

    def calls(self, pair: Pair, record: Record) -> bool | None:
        """Tell whether a record must have a counterpart by now; None: perhaps."""
        if not record.live or record.birth.by == "connector":
            return False
        if any(link.ended for link in self.book.links_of(record)):
            return False
        covered = (
            self._creates_back(pair) if record.side == "target" else self.coverage.of(pair, record)
        )
        if covered is False:
            return False
        due = record.birth.event < self.history.sync_began and not record.withheld
        if covered is None or not due or self.merging.may_be_widowed(record):
            return None
        if self.excuses.may_withhold(record, pair, None):
            return None
        return True

    def _creates_back(self, pair: Pair) -> bool | None:
        if pair.create.when not in ("always", "no-match"):
            return False
        first = self.book.pairs["target", pair.target][0]
        if first is not pair or self.history.dataflow.policies.create != "both":
            return False
        return None if pair.create.unspecified else True

    # what was made or changed without a link

    def _of_touched(self, record: Record, links: Sequence[Link]) -> list[Oddity]:
        pairs = self._open_in(record)
        if not pairs:
            return []
        if record.birth.by == "connector":
            born_now = record.birth.event > self.history.settled
            return [self._extra(pairs, record, links)] if born_now and record.live else []
        if record.live:
            return [] if record.unsure else [self._overwritten(pairs, record, links)]
        deleted = record.deletion is not None and record.deletion.by == "connector"
        if deleted and not self.merging.may_be_widowed(record):
            return [Oddity(kind="stray", pair=pairs[0], records=(record,))]
        return []

    def _open_in(self, record: Record) -> list[Pair]:
        """Give the pairs in which a record has no link, if it has none in any other."""
        if self.book.links_of(record):
            return []
        return [pair for pair in self.order if pair.type_on(record.side) == record.type]

    def _extra(self, pairs: list[Pair], record: Record, links: Sequence[Link]) -> Oddity:
        """Name what a record is that was created for nobody who lacked one."""
        if record.side == "source":
            return Oddity(kind="unasked", pair=pairs[0], records=(record,))
        best = min(
            (
                (self.distance(pair, source, record), source.birth.event, pair.number, source, pair)
                for pair in pairs
                for source in self.history.all_of("source", pair.source)
            ),
            key=lambda item: item[:3],
            default=None,
        )
        if best is None or best[0] >= max(1, len(self.book.units[best[2]])):
            return Oddity(kind="unasked", pair=pairs[0], records=(record,))
        source, pair = best[3:]
        kind = self._extra_kind(pair, source, links)
        return Oddity(kind=kind, pair=pair, records=(record, source))

    def _extra_kind(self, pair: Pair, source: Record, links: Sequence[Link]) -> OddityKind:
        link = self.book.of_source(pair, source)
        if link is None:
            if not source.live:
                return "came-back"
            return "uncovered" if self.coverage.of(pair, source) is False else "unasked"
        if link.ended or not source.live:
            return "came-back"
        if not link.target.live:
            return "moved"
        if link in links and link.how == "merged":
            return "created-instead"
        return "second"

    def _overwritten(self, pairs: list[Pair], record: Record, links: Sequence[Link]) -> Oddity:
        """Name what it is that the connector wrote to a record that people had made."""
        for link in links:  # merged by the rule, but with another target
            mine = link.how == "merged" and link.pair in pairs and record.side == "target"
            if mine and self.distance(link.pair, link.source, record) == 0:
                return Oddity(kind="wrong-match", pair=link.pair, records=(record, link.source))
        for pair in pairs:
            for source, target in self._open_with(pair, record):
                if source.live and target.live and self.distance(pair, source, target) == 0:
                    return Oddity(kind="no-match", pair=pair, records=(target, source))
        return Oddity(kind="overwritten", pair=pairs[0], records=(record,))

    def _open_with(self, pair: Pair, record: Record) -> list[tuple[Record, Record]]:
        """Give source and target of whatever link an open record could have been given."""
        if record.side == "source":
            return [(record, target) for target in self._unlinked.pool(pair, "target").values()]
        return [(source, record) for source in self._unlinked.pool(pair, "source").values()]

    def distance(self, pair: Pair, source: Record, target: Record) -> int:
        """Give how many units disagree in every state that either had during the last syncs."""
        since = self.history.first_sync
        return sum(
            1
            for unit in self.book.units[pair.number]
            if not any(
                unit.agrees(
                    self.book.sight.view(unit, "source", left, source.key),
                    self.book.sight.view(unit, "target", right, target.key),
                    self.book.loosely,
                )
                is not False
                for left in self.history.states(source, since)
                for right in self.history.states(target, since)
            )
        )
