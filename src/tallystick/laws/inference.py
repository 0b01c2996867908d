"""Who became whose counterpart since the last settle. Rule: the kindest consistent explanation.

At each settle the records without a link are looked at: first the merges that the rule settles for
good, then what the connector created is matched with what called for it, innocent readings first.
What is left over is for `Leftovers` to name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tallystick.dataflow.model import SIDES, Pair, Side
from tallystick.laws.candidates import Allowed, Candidates, how_of
from tallystick.laws.completion import Completion
from tallystick.laws.coverage import Coverage
from tallystick.laws.excuses import Excuses
from tallystick.laws.grouping import Grouping
from tallystick.laws.history import Record
from tallystick.laws.leftovers import Leftovers, Oddity
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.matching import matched
from tallystick.laws.merging import Merging
from tallystick.laws.order import dependency_order
from tallystick.laws.rivalry import Rivalry
from tallystick.laws.unlinked import Unlinked

__all__ = ["Inference"]


class Inference:
    """Links records as the journal goes on."""

    def __init__(
        self, book: LinkBook, coverage: Coverage, excuses: Excuses, grouping: Grouping
    ) -> None:
        self.book = book
        self.grouping = grouping
        self.history = book.history
        self.merging = Merging(book.history)
        self.order = _surest_first(dependency_order(book.history.dataflow), book)
        self.unlinked = Unlinked(self.order)
        self._leftovers = Leftovers(
            book, coverage, excuses, self.merging, self.unlinked, self.order
        )
        self.candidates = Candidates(
            book, coverage, grouping.trials, self.merging, self._leftovers, self.unlinked
        )
        self._completion = Completion(
            book, self.candidates, self._leftovers, self.unlinked, self._join
        )
        self._rivalry = Rivalry(book, grouping.trials, self._leftovers, self.unlinked)

    def settle(self) -> tuple[list[Link], list[Oddity]]:
        """Link what can be linked now; give the new links and what they leave unexplained."""
        self.unlinked.take_in(self._born_since())
        self._rivalry.revise()
        links = self._merge()
        created: list[Link] = []
        for stage in (self._alike, self._innocent):
            created += [link for pair in self.order for link in stage(pair)]
        for type_name in self.unlinked.targets:
            of_type = [link for link in created if link.pair.target == type_name]
            links += self._completion.complete(of_type)
        for stage in (self._due, self._likely, self._uncovered):
            links += [link for pair in self.order for link in stage(pair)]
        for type_name in self.unlinked.targets:
            self.grouping.take_in([link for link in links if link.pair.target == type_name])
        self._rivalry.note(links, self.candidates.is_rival)
        self._remember_merges()
        oddities = self._leftovers.settle(links)
        for oddity in oddities:  # what was made for nobody is nobody's from now on
            if oddity.records[0].birth.by == "connector":
                self.unlinked.drop(oddity.records[0])
        self.unlinked.drop_dead()
        return links, oddities

    def _born_since(self) -> list[Record]:
        since = self.history.settled
        return [record for record in self.history.changed.values() if record.birth.event > since]

    def _remember_merges(self) -> None:
        changed = {(record.side, record.type) for record in self.history.changed.values()}
        for pair in self.order:
            if pair.merge and changed & {("source", pair.source), ("target", pair.target)}:
                sources, targets = (list(self.unlinked.pool(pair, s).values()) for s in SIDES)
                self.merging.remember(pair, sources, targets)
        self.merging.forget(self.unlinked.may_be_linked)

    def _join(self, pair: Pair, source: Record, target: Record) -> Link:
        self.unlinked.take_out(pair, source, target)
        return self.book.join(
            pair,
            source,
            target,
            how_of(source, target),
            before=self.merging.was_perhaps_merged(pair, source, target),
        )

    # the stages, surest first

    def _merge(self) -> list[Link]:
        """Make the merges that the rules settle."""
        changed = {(record.side, record.type) for record in self.history.changed.values()}
        links = []
        for type_name, targets in self.unlinked.targets.items():
            pairs = [pair for pair in self.order if pair.target == type_name and pair.merge]
            kinds: set[tuple[Side, str]] = {("source", pair.source) for pair in pairs}
            if not changed & (kinds | {("target", type_name)}):
                continue
            callers = [(pair, self.unlinked.sources[pair.number].values()) for pair in pairs]
            links += [
                self._join(*merge) for merge in self.merging.settled(callers, targets.values())
            ]
        return links

    def _alike(self, pair: Pair) -> list[Link]:
        """Match records that look the same and were left alone by people while it worked."""
        buckets: dict[str, tuple[list[Record], list[Record]]] = {}
        candidates = self.candidates.of(pair)
        if not all(candidates):
            return []
        for records, at in zip(candidates, (0, 1), strict=True):
            for record in records:
                if not self.grouping.is_stirred(record):
                    mark = f"{record.live} {self.book.mark(pair, record, record.data)}"
                    buckets.setdefault(mark, ([], []))[at].append(record)
        return [
            link
            for sources, targets in buckets.values()
            for link in self._match(pair, sources, targets, self.candidates.is_innocent_of(pair))
        ]

    def _innocent(self, pair: Pair) -> list[Link]:
        """Match what agrees in some state of late and leaves nobody to blame."""
        links = []
        for excused in (False, True):
            innocent = self.candidates.is_innocent_of(pair, excused=excused)

            def agrees(source: Record, target: Record, innocent: Allowed = innocent) -> bool:
                return innocent(source, target) and self._price(pair, source, target) == 0

            links += self._match(pair, *self.candidates.of(pair), agrees)
        return links

    def _due(self, pair: Pair) -> list[Link]:
        """Match, as merged, what must have a counterpart and has no other explanation."""
        if not pair.merge:
            return []

        def allowed(source: Record, target: Record) -> bool:
            called = [self._leftovers.calls(pair, record) for record in (source, target)]
            return True in called and self.candidates.is_possible(pair, source, target)

        sources, targets = self.candidates.to_merge(pair)
        links = []
        for source in sources:
            fitting = [target for target in targets if allowed(source, target)]
            innocent = [
                t for t in fitting if self.candidates.ends_well(pair, source, t, excused=True)
            ]
            known = innocent or fitting
            if len(known) == 1 and self.unlinked.has(pair, source, known[0]):
                links.append(self._join(pair, source, known[0]))
        return links

    def _likely(self, pair: Pair) -> list[Link]:
        """Match the rest with what disagrees least, leaving nobody to blame where that can be."""
        sources, targets = self.candidates.of(pair)
        innocent = self.candidates.is_innocent_of(pair, excused=True)
        priced = sorted(
            (self._price(pair, source, target), not innocent(source, target), i, j)
            for i, source in enumerate(sources)
            for j, target in enumerate(targets)
            if self.candidates.is_possible(pair, source, target)
            and self.candidates.was_made(source, target)
            and self.candidates.is_told(pair, source, target)
        )
        links = []
        for *_, i, j in priced:
            if self.unlinked.has(pair, sources[i], targets[j]):
                links.append(self._join(pair, sources[i], targets[j]))
        return links

    def _uncovered(self, pair: Pair) -> list[Link]:
        """Match what was created for a record that no rule covers."""
        made = self.candidates.made(self.unlinked.targets[pair.target])
        others = list(self.unlinked.sources[pair.number].values()) if made else []

        def allowed(source: Record, target: Record) -> bool:
            possible = self.candidates.is_possible(pair, source, target, covered=False)
            return possible and self._price(pair, source, target) == 0

        return self._match(pair, others, made, allowed)

    def _match(
        self,
        pair: Pair,
        sources: Sequence[Record],
        targets: Sequence[Record],
        allowed: Allowed,
    ) -> list[Link]:
        """Join as many as can be; what was there first goes first."""
        lefts, rights = _by_birth(sources), _by_birth(targets)
        if not lefts or not rights:
            return []
        found = matched(
            range(len(lefts)),
            range(len(rights)),
            lambda left, right: allowed(lefts[left], rights[right]),
        )
        return [self._join(pair, lefts[i], rights[j]) for i, j in sorted(found.items())]

    def _price(self, pair: Pair, source: Record, target: Record) -> int:
        """Give how many units disagree in every state that either lately had."""
        return self._leftovers.distance(pair, source, target)


def _surest_first(order: Sequence[Pair], book: LinkBook) -> tuple[Pair, ...]:
    """Give pairs in order, but of those with one target type the ones first that tell most of their
    records; what follows no rule that can be executed takes what is left over.
    """

    def rank(pair: Pair) -> tuple[bool, int]:
        return bool(pair.create.unspecified), -sum(u.is_comparable for u in book.units[pair.number])

    ranked = {
        name: iter(sorted((pair for pair in order if pair.target == name), key=rank))
        for name in {pair.target for pair in order}
    }
    return tuple(next(ranked[pair.target]) for pair in order)


def _by_birth(records: Iterable[Record]) -> list[Record]:
    """Put what the connector made first: it was made for somebody."""
    return sorted(records, key=lambda record: (record.birth.by == "person", record.birth.event))
