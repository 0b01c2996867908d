"""Who became whose counterpart since the last settle. Rule: the kindest consistent explanation.

At each settle the records without a link are looked at: first the merges that the rule settles for
good, then what the connector created is matched with what called for it, innocent readings first.
What is left over is for `Leftovers` to name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tallystick.dataflow.model import Pair, Side
from tallystick.laws.coverage import Coverage
from tallystick.laws.excuses import Excuses
from tallystick.laws.grouping import Grouping
from tallystick.laws.history import Record
from tallystick.laws.leftovers import Leftovers, Oddity
from tallystick.laws.links import How, Link, LinkBook
from tallystick.laws.matching import matched
from tallystick.laws.merging import Merging
from tallystick.laws.order import dependency_order
from tallystick.laws.rivalry import Rivalry
from tallystick.laws.trials import Trials

__all__ = ["Inference"]

Allowed = Callable[[Record, Record], bool]


class Inference:
    """Keeps the records without links, and links them as the journal goes on."""

    def __init__(
        self, book: LinkBook, coverage: Coverage, excuses: Excuses, grouping: Grouping
    ) -> None:
        self.book = book
        self.coverage = coverage
        self.grouping = grouping
        self.trials: Trials = grouping.trials
        self.history = book.history
        self.merging = Merging(book.history)
        self.order = _surest_first(dependency_order(book.history.dataflow), book)
        self._open_sources: dict[int, dict[int, Record]] = {p.number: {} for p in self.order}
        self._open_targets: dict[str, dict[int, Record]] = {p.target: {} for p in self.order}
        self._leftovers = Leftovers(
            book,
            coverage,
            excuses,
            self.merging,
            self._open_sources,
            self._open_targets,
            self.order,
        )

        self._rivalry = Rivalry(
            book, self.trials, self._leftovers, self._open_sources, self._open_targets
        )

    def settle(self) -> tuple[list[Link], list[Oddity]]:
        """Link what can be linked now; give the new links and what they leave unexplained."""
        self._take_in(self.history.changed.values())
        self._rivalry.revise()
        links = self._merge()
        created: list[Link] = []
        for stage in (self._alike, self._innocent):
            created += [link for pair in self.order for link in stage(pair)]
        for type_name in self._open_targets:
            created += self._complete([link for link in created if link.pair.target == type_name])
        links += created
        for stage in (self._due, self._likely, self._uncovered):
            links += [link for pair in self.order for link in stage(pair)]
        for type_name in self._open_targets:
            self.grouping.take_in([link for link in links if link.pair.target == type_name])
        self._rivalry.note(links, self._is_rival)
        self._remember_merges()
        oddities = self._leftovers.settle(links)
        self._drop_dead()
        return links, oddities

    # the records without links

    def _take_in(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.birth.event <= self.history.settled:
                continue
            if record.side == "source":
                for pair in self.book.pairs.get(("source", record.type), ()):
                    self._open_sources[pair.number][id(record)] = record
            elif record.type in self._open_targets:
                self._open_targets[record.type][id(record)] = record

    def _drop_dead(self) -> None:
        for pool in (*self._open_sources.values(), *self._open_targets.values()):
            for number in [n for n, record in pool.items() if not record.live]:
                del pool[number]

    def _remember_merges(self) -> None:
        changed = {(record.side, record.type) for record in self.history.changed.values()}
        for pair in self.order:
            if pair.merge and changed & {("source", pair.source), ("target", pair.target)}:
                sources, targets = self._open_sources[pair.number], self._open_targets[pair.target]
                self.merging.remember(pair, list(sources.values()), list(targets.values()))

        def is_open(number: int, source: Record, target: Record) -> bool:
            sources, targets = self._open_sources[number], self._open_targets[target.type]
            here = (id(source) in sources, id(target) in targets)
            return any(here) and all(
                there or not record.live
                for there, record in zip(here, (source, target), strict=True)
            )

        self.merging.forget(is_open)

    def _join(self, pair: Pair, source: Record, target: Record) -> Link:
        del self._open_sources[pair.number][id(source)]
        self._open_targets[pair.target].pop(id(target), None)
        return self.book.join(
            pair,
            source,
            target,
            _how(source, target),
            before=self.merging.was_perhaps_merged(pair, source, target),
        )

    def _ends_well(self, pair: Pair, source: Record, target: Record, *, excused: bool) -> bool:
        """Tell whether a new link of two records would end well at this settle."""
        if self.trials.glance.cannot_be(pair, source, target):
            return False
        before = self.merging.was_perhaps_merged(pair, source, target)
        trial = self.book.unjoined(pair, source, target, _how(source, target), before=before)
        return self.trials.ends_well(trial, excused=excused)

    # the stages, surest first

    def _merge(self) -> list[Link]:
        """Make the merges that the rules settle."""
        changed = {(record.side, record.type) for record in self.history.changed.values()}
        links = []
        for type_name, targets in self._open_targets.items():
            pairs = [pair for pair in self.order if pair.target == type_name and pair.merge]
            kinds: set[tuple[Side, str]] = {("source", pair.source) for pair in pairs}
            if not changed & (kinds | {("target", type_name)}):
                continue
            callers = [(pair, self._open_sources[pair.number].values()) for pair in pairs]
            links += [
                self._join(*merge) for merge in self.merging.settled(callers, targets.values())
            ]
        return links

    def _alike(self, pair: Pair) -> list[Link]:
        """Match records that look the same and were left alone by people while it worked."""
        buckets: dict[str, tuple[list[Record], list[Record]]] = {}
        for records, at in zip(self._candidates(pair), (0, 1), strict=True):
            for record in records:
                if not self.grouping.is_stirred(record):
                    mark = f"{record.live} {self.book.mark(pair, record, record.data)}"
                    buckets.setdefault(mark, ([], []))[at].append(record)
        return [
            link
            for sources, targets in buckets.values()
            for link in self._match(pair, sources, targets, self._is_innocent_of(pair))
        ]

    def _innocent(self, pair: Pair) -> list[Link]:
        """Match what agrees in some state of late and leaves nobody to blame."""
        links = []
        for excused in (False, True):
            innocent = self._is_innocent_of(pair, excused=excused)

            def agrees(source: Record, target: Record, innocent: Allowed = innocent) -> bool:
                return innocent(source, target) and self._price(pair, source, target) == 0

            links += self._match(pair, *self._candidates(pair), agrees)
        return links

    def _complete(self, links: list[Link]) -> list[Link]:
        """Move what was matched so far, so that more of what was created finds its origin."""
        if not links:
            return []
        type_name = links[0].pair.target
        pairs = self.book.pairs["target", type_name]
        made = self._made(self._open_targets[type_name])
        callers = [(link.pair, link.source) for link in links] + [
            (pair, source)
            for pair in pairs
            for source in self._open_sources[pair.number].values()
            if made or self._leftovers.calls(pair, source)
        ]
        more = self._open_targets[type_name].values() if len(callers) > len(links) else ()
        targets = [link.target for link in links] + list(more)
        if len(targets) == len(links):
            return []
        innocent = {pair.number: self._is_innocent_of(pair, excused=True) for pair in pairs}

        def allowed(left: int, right: int) -> bool:
            (pair, source), target = callers[left], targets[right]
            if innocent[pair.number](source, target):
                return True
            merged = _how(source, target) == "merged" and self._leftovers.calls(pair, source)
            possible = merged and self._is_possible(pair, source, target)
            return bool(possible) and self._ends_well(pair, source, target, excused=True)

        start = {at: at for at in range(len(links))}
        found = matched(range(len(callers)), range(len(targets)), allowed, start)
        for at, link in enumerate(links):
            if found[at] != at:
                self._open_targets[type_name].pop(id(targets[found[at]]), None)
                self.book.retarget(link, targets[found[at]])
        return [
            self._join(*callers[left], targets[right])
            for left, right in sorted(found.items())
            if left >= len(links)
        ]

    def _is_innocent_of(self, pair: Pair, *, excused: bool = False) -> Allowed:
        def allowed(source: Record, target: Record) -> bool:
            possible = self._is_possible(pair, source, target) and self._was_made(source, target)
            ends_well = possible and self._ends_well(pair, source, target, excused=excused)
            return ends_well and self._is_told(pair, source, target)

        return allowed

    def _due(self, pair: Pair) -> list[Link]:
        """Match, as merged, what must have a counterpart and has no other explanation."""
        if not pair.merge:
            return []

        def allowed(source: Record, target: Record) -> bool:
            called = [self._leftovers.calls(pair, record) for record in (source, target)]
            return True in called and self._is_possible(pair, source, target)

        sources, targets = self._merged_candidates(pair)
        links = []
        for source in sources:
            fitting = [target for target in targets if allowed(source, target)]
            innocent = [t for t in fitting if self._ends_well(pair, source, t, excused=True)]
            known = innocent or fitting
            if len(known) == 1 and not self._is_taken(pair, source, known[0]):
                links.append(self._join(pair, source, known[0]))
        return links

    def _likely(self, pair: Pair) -> list[Link]:
        """Match the rest with what disagrees least, leaving nobody to blame where that can be."""
        sources, targets = self._candidates(pair)
        innocent = self._is_innocent_of(pair, excused=True)
        priced = sorted(
            (self._price(pair, source, target), not innocent(source, target), i, j)
            for i, source in enumerate(sources)
            for j, target in enumerate(targets)
            if self._is_possible(pair, source, target)
            and self._was_made(source, target)
            and self._is_told(pair, source, target)
        )
        links = []
        for *_, i, j in priced:
            if not self._is_taken(pair, sources[i], targets[j]):
                links.append(self._join(pair, sources[i], targets[j]))
        return links

    def _uncovered(self, pair: Pair) -> list[Link]:
        """Match what was created for a record that no rule covers."""
        made = self._made(self._open_targets[pair.target])
        others = list(self._open_sources[pair.number].values()) if made else []

        def allowed(source: Record, target: Record) -> bool:
            possible = self._is_possible(pair, source, target, covered=False)
            return possible and self._price(pair, source, target) == 0

        return self._match(pair, others, made, allowed)

    # what they rest on

    def _candidates(self, pair: Pair) -> tuple[list[Record], list[Record]]:
        """Give the sources and targets that could have been linked since the last settle."""
        sources, targets = self._open_sources[pair.number], self._open_targets[pair.target]
        made = self._made(targets)
        back = self._made(sources) if self._goes_back(pair) else []
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

    def _merged_candidates(self, pair: Pair) -> tuple[list[Record], list[Record]]:
        sources, targets = self._candidates(pair)
        return (
            [source for source in sources if source.birth.by == "person" and source.live],
            [target for target in targets if target.birth.by == "person" and target.live],
        )

    def _made(self, records: dict[int, Record]) -> list[Record]:
        since = self.history.settled
        return [r for r in records.values() if r.birth.by == "connector" and r.birth.event > since]

    def _goes_back(self, pair: Pair) -> bool:
        """Tell whether records of the target are created in the source."""
        mutual = pair.create.when in ("always", "no-match")
        return mutual and self.history.dataflow.policies.create == "both"

    def _is_possible(
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

    def _is_rival(self, link: Link, rival: Record) -> bool:
        """Tell whether what was made of one record could have been made of another."""
        made = link.target if link.target.birth.by == "connector" else link.source
        source, target = (rival, made) if made is link.target else (made, rival)
        possible = self._is_possible(link.pair, source, target)
        return possible and self._price(link.pair, source, target) == 0

    def _was_gone(self, origin: Record, made: Record) -> bool:
        """Tell whether a record was deleted before any sync that could have made another of it."""
        if origin.deletion is None:
            return False
        history = self.history
        began = history.first_sync if history.disturbed else history.sync_of(made.birth)
        return origin.deletion.event < began

    def _was_made(self, source: Record, target: Record) -> bool:
        """Tell whether a link has left a trace: a record created, or one written to."""
        since = self.history.settled
        return any(record.acts_by("connector", since) for record in (source, target))

    def _is_told(self, pair: Pair, source: Record, target: Record) -> bool:
        """Tell whether the traces of a merge tell which target it was."""
        if _how(source, target) == "created" or target.acts_by("connector", self.history.settled):
            return True
        return not any(
            other is not target
            and other.birth.by == "person"
            and self._is_possible(pair, source, other)
            and self._ends_well(pair, source, other, excused=True)
            for other in self._open_targets[pair.target].values()
        )

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

    def _is_taken(self, pair: Pair, source: Record, target: Record) -> bool:
        open_sources = self._open_sources[pair.number]
        return id(source) not in open_sources or id(target) not in self._open_targets[pair.target]

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


def _how(source: Record, target: Record) -> How:
    both = source.birth.by == "person" and target.birth.by == "person"
    return "merged" if both else "created"


def _by_birth(records: Iterable[Record]) -> list[Record]:
    """Put what the connector made first: it was made for somebody."""
    return sorted(records, key=lambda record: (record.birth.by == "person", record.birth.event))
