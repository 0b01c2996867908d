"""Who became whose counterpart since the last settle. Rule: the kindest consistent explanation.

At each settle the records without a link are looked at: first the merges that the rule settles for
good, then what the connector created is matched with what called for it, preferring matches in
which everything agrees. What is left over is an `Oddity`: data for the laws, accusing nobody yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from tallystick.canonical import fingerprint
from tallystick.dataflow.model import SIDES, Pair, Side
from tallystick.laws.coverage import Coverage, matches
from tallystick.laws.excuses import Excuses
from tallystick.laws.history import Record
from tallystick.laws.links import How, Link, LinkBook
from tallystick.laws.matching import cheapest
from tallystick.laws.order import dependency_order

__all__ = ["Inference", "Oddity", "OddityKind"]

OddityKind = Literal[
    "missing",  # covered, due, and without a counterpart
    "uncovered",  # no rule covers it, and yet a counterpart was made
    "second",  # a counterpart was made for a record that has one
    "unasked",  # made for nobody
    "moved",  # the counterpart was deleted and another made in its place
    "came-back",  # made for a record that was deleted, or whose counterpart was
    "created-instead",  # made although the rule matched one that was there
    "wrong-match",  # merged with another than the rule says
    "no-match",  # merged although the rule does not match
    "overwritten",  # a record that nobody linked was changed
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something that the links do not explain; `records` has the record first that it is about."""

    kind: OddityKind
    pair: Pair
    records: tuple[Record, ...]


class Inference:
    """Keeps the records without links, and links them as the journal goes on."""

    def __init__(self, book: LinkBook, coverage: Coverage, excuses: Excuses) -> None:
        self.book = book
        self.coverage = coverage
        self.excuses = excuses
        self.history = book.history
        self.order = dependency_order(book.history.dataflow)
        self._open_sources: dict[int, dict[int, Record]] = {p.number: {} for p in self.order}
        self._open_targets: dict[str, dict[int, Record]] = {p.target: {} for p in self.order}
        self._missing: set[tuple[int, int]] = set()

    def settle(self) -> tuple[list[Link], list[Oddity]]:
        """Link what can be linked now; give the new links and what they leave unexplained."""
        self._take_in(self.history.changed.values())
        links: list[Link] = []
        oddities: list[Oddity] = []
        for pair in self.order:
            links += self._merge(pair)
        for pair in self.order:
            links += self._match(pair)
        fresh = {id(record) for link in links for record in (link.source, link.target)}
        oddities += [self._as_uncovered(link) for link in links if self._is_uncovered(link)]
        for pair in self.order:
            oddities += self._missing_of(pair)
        for type_name in dict.fromkeys(pair.target for pair in self.order):
            oddities += self._left_over(type_name, links, fresh)
        if self.history.dataflow.policies.create == "both":
            oddities += self._left_over_sources(fresh)
        self._drop_dead()
        return links, oddities

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

    def _join(self, pair: Pair, source: Record, target: Record, how: How) -> Link:
        del self._open_sources[pair.number][id(source)]
        del self._open_targets[pair.target][id(target)]
        return self.book.join(pair, source, target, how)

    # merges that the rule settles

    def _merge(self, pair: Pair) -> list[Link]:
        if not pair.merge:
            return []
        links = []
        for source in _by_key(self._open_sources[pair.number].values()):
            if not self._was_quiet(source):
                continue
            target = self._merge_partner(pair, source)
            if target is not None:
                links.append(self._join(pair, source, target, "merged"))
        return links

    def _merge_partner(self, pair: Pair, source: Record) -> Record | None:
        candidates = [
            target
            for target in _by_key(self._open_targets[pair.target].values())
            if target.birth.by == "person" or target.birth.event < self.history.settled
        ]
        before = self._seen_before(source)
        fitting = [t for t in candidates if matches(pair, before, self._seen_before(t))]
        if not fitting or not self._was_quiet(fitting[0]):
            return None
        return None if self._is_contested(pair, fitting[0]) else fitting[0]

    def _is_contested(self, pair: Pair, target: Record) -> bool:
        """Tell whether a record that came, or changed, late could have got the match first."""
        return any(
            not self._was_quiet(source) and self._may_be_merged(pair, source, target)
            for source in self._open_sources[pair.number].values()
        )

    def _seen_before(self, record: Record) -> object:
        """Give the data before the connector's own writes of this sync."""
        for act in record.acts:
            if act.by == "connector" and act.event > self.history.sync_began and act.before:
                return act.before.data
        return record.data

    def _was_quiet(self, record: Record) -> bool:
        """Tell whether a record was there, and left alone by people, throughout the last sync."""
        first = self.history.first_sync
        late = any(act.by == "person" and act.event > first for act in record.acts)
        kept = record.withheld or self.history.disturbed
        there = record.live and record.birth.event < first
        return there and not late and not kept

    # what was created, and what called for it

    def _match(self, pair: Pair) -> list[Link]:
        sources = list(self._open_sources[pair.number].values())
        targets = list(self._open_targets[pair.target].values())
        if not sources or not targets:
            return []
        links = self._match_alike(pair, sources, targets)
        taken = {id(record) for link in links for record in (link.source, link.target)}
        return links + self._match_rest(
            pair,
            [s for s in sources if id(s) not in taken],
            [t for t in targets if id(t) not in taken],
        )

    def _match_alike(self, pair: Pair, sources: list[Record], targets: list[Record]) -> list[Link]:
        """Match records whose every plain value agrees now; those alike share a group."""
        alike: dict[str, tuple[list[Record], list[Record]]] = {}
        for record in (*sources, *targets):
            bucket = alike.setdefault(self.signature(pair, record), ([], []))
            bucket[0 if record.side == "source" else 1].append(record)
        links = []
        for lefts, rights in alike.values():
            matched = cheapest(lefts, rights, lambda s, t: self._price(pair, s, t))
            free = [(s, t) for s, t, price in matched if price == 0]
            group = [self._join(pair, s, t, self._how(pair, s, t)) for s, t in free]
            if len(group) > 1:
                for link in group:
                    link.group = group
            links += group
        return links

    def _match_rest(self, pair: Pair, sources: list[Record], targets: list[Record]) -> list[Link]:
        wanted = [s for s in sources if self.coverage.of(pair, s) is not False]
        matched = cheapest(wanted, targets, lambda s, t: self._price(pair, s, t))
        return [self._join(pair, s, t, self._how(pair, s, t)) for s, t, _ in matched]

    def signature(self, pair: Pair, record: Record) -> str:
        """Give a text that is equal for records whose every plain, judged value agrees."""
        return fingerprint(
            [
                unit.view(record.side, record.data, record.key)
                for unit in self.book.units[pair.number]
                if type(unit).__name__ == "Unit"
                and unit.judged
                and not unit.is_reference
                and not unit.row.source.is_key
                and not unit.row.target.is_key
                and not unit.row.when
            ]
        )

    def _how(self, _pair: Pair, source: Record, target: Record) -> How:
        both = source.birth.by == "person" and target.birth.by == "person"
        return "merged" if both else "created"

    def _price(self, pair: Pair, source: Record, target: Record) -> int | None:
        """Give twice the units that disagree in every state that either lately had, and one more
        where what called for the target is gone again; None where they cannot belong together.
        """
        if source.birth.by == target.birth.by == "connector":
            return None
        if source.birth.by == target.birth.by == "person" and not self._may_be_merged(
            pair, source, target
        ):
            return None
        if source.birth.by == "connector" and self.history.dataflow.policies.create != "both":
            return None
        return (not source.live) + sum(
            2
            for unit in self.book.units[pair.number]
            if not any(
                unit.agrees(left, right, self.book) is not False
                for left in self._views(unit, source)
                for right in self._views(unit, target)
            )
        )

    def _views(self, unit: object, record: Record) -> list[object]:
        return [
            unit.view(record.side, data, record.key)  # type: ignore[attr-defined]
            for data in self.history.states(record, self.history.settled)
        ]

    def _may_be_merged(self, pair: Pair, source: Record, target: Record) -> bool:
        states = [
            (left, right)
            for left in (
                *self.history.states(source, self.history.settled),
                self._seen_before(source),
            )
            for right in (
                *self.history.states(target, self.history.settled),
                self._seen_before(target),
            )
        ]
        return any(matches(pair, left, right) for left, right in states)

    # what is left

    def _is_uncovered(self, link: Link) -> bool:
        called = self.coverage.of(link.pair, link.source, self.history.settled)
        return link.how == "created" and called is False

    @staticmethod
    def _as_uncovered(link: Link) -> Oddity:
        return Oddity(kind="uncovered", pair=link.pair, records=(link.source, link.target))

    def _is_due(self, record: Record) -> bool:
        there = record.live and record.birth.event < self.history.sync_began
        return there and not record.withheld

    def _missing_of(self, pair: Pair) -> list[Oddity]:
        found = []
        for side in SIDES:
            pool = self._calling(pair, side)
            for record in pool:
                mark = (pair.number, id(record))
                if mark in self._missing or not self._is_due(record):
                    continue
                if record.birth.by == "connector" or self._is_excused(pair, record):
                    continue
                self._missing.add(mark)
                found.append(Oddity(kind="missing", pair=pair, records=(record,)))
        return found

    def _calling(self, pair: Pair, side: Side) -> list[Record]:
        """Give the records of `side` that call for a counterpart in `pair`."""
        if side == "source":
            pool = self._open_sources[pair.number].values()
            return [record for record in pool if self.coverage.of(pair, record) is True]
        mutual = pair.create.when in ("always", "no-match")
        if self.history.dataflow.policies.create != "both" or not mutual:
            return []
        first = self.book.pairs["target", pair.target][0]
        return list(self._open_targets[pair.target].values()) if first is pair else []

    def _is_excused(self, pair: Pair, record: Record) -> bool:
        ended = [link for link in self.book.links_of(record) if link.ended]
        return bool(ended) or self.excuses.may_withhold(record, pair, None)

    def _left_over(self, type_name: str, links: list[Link], fresh: set[int]) -> list[Oddity]:
        found = []
        pairs = [pair for pair in self.order if pair.target == type_name]
        for target in list(self._open_targets[type_name].values()):
            touched = [
                a for a in target.acts if a.by == "connector" and a.event > self.history.settled
            ]
            if not touched or id(target) in fresh:
                continue
            if target.birth.by == "connector":
                if target.live and target.birth.event > self.history.settled:
                    found.append(self._explain_extra(pairs, target, links))
            elif target.live:
                found.append(self._explain_overwritten(pairs, target))
        return found

    def _explain_extra(self, pairs: list[Pair], target: Record, links: list[Link]) -> Oddity:
        best = min(
            (
                (self._distance(pair, source, target), source.birth.event, pair, source)
                for pair in pairs
                for source in self.history.all_of("source", pair.source)
            ),
            key=lambda item: item[:2],
            default=None,
        )
        if best is None or best[0] >= max(1, len(self.book.units[best[2].number])):
            return Oddity(kind="unasked", pair=pairs[0], records=(target,))
        pair, source = best[2], best[3]
        return Oddity(
            kind=self._extra_kind(pair, source, links), pair=pair, records=(target, source)
        )

    def _extra_kind(self, pair: Pair, source: Record, links: list[Link]) -> OddityKind:
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

    def _distance(self, pair: Pair, source: Record, target: Record) -> int:
        data = self.history.states(target, -1)
        return sum(
            1
            for unit in self.book.units[pair.number]
            if not any(
                unit.agrees(
                    unit.view("source", source.data, source.key),
                    unit.view("target", state, target.key),
                    self.book,
                )
                is not False
                for state in data
            )
        )

    def _explain_overwritten(self, pairs: list[Pair], target: Record) -> Oddity:
        for pair in pairs:
            for source in self._open_sources[pair.number].values():
                if self._distance(pair, source, target) == 0:
                    return Oddity(kind="no-match", pair=pair, records=(target, source))
        return Oddity(kind="overwritten", pair=pairs[0], records=(target,))

    def _left_over_sources(self, fresh: set[int]) -> list[Oddity]:
        found = []
        for pair in self.order:
            for source in self._open_sources[pair.number].values():
                born_now = source.birth.event > self.history.settled
                if (
                    source.birth.by == "connector"
                    and born_now
                    and id(source) not in fresh
                    and source.live
                ):
                    found.append(Oddity(kind="unasked", pair=pair, records=(source,)))
        return found


_KEY_ORDER: Final = {str: 1, int: 0}


def _by_key(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (_KEY_ORDER[type(record.key)], record.key))
