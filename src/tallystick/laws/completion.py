"""Who goes without, where not everybody finds a counterpart. Rule: whoever must have one has one,
and then as much as can be of what was created finds its origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tallystick.dataflow.model import Pair
from tallystick.laws.candidates import Candidates, how_of
from tallystick.laws.history import Record
from tallystick.laws.leftovers import Leftovers
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.matching import matched
from tallystick.laws.unlinked import Unlinked

__all__ = ["Completion"]

Caller = tuple[Pair, Record]
"""A source and the pair in which it may have, or must have, a counterpart."""


class Completion:
    """Moves links that were made at this settle, as long as nobody has judged them."""

    def __init__(
        self,
        book: LinkBook,
        candidates: Candidates,
        leftovers: Leftovers,
        unlinked: Unlinked,
        join: Callable[[Pair, Record, Record], Link],
    ) -> None:
        self.book = book
        self.candidates = candidates
        self.leftovers = leftovers
        self.unlinked = unlinked
        self._join = join

    def complete(self, links: Sequence[Link]) -> list[Link]:
        """Give the links (all to one target type) that are left, moved, and the new ones."""
        others = self._others(links[0].pair.target) if links else []
        if not others:
            return list(links)
        there = self.unlinked.targets[links[0].pair.target]
        callers = [(link.pair, link.source) for link in links] + others
        targets = [*(link.target for link in links), *there.values()]
        firm = {at: at for at, link in enumerate(links) if not self._is_optional(link)}
        needy = [at for at in range(len(links), len(callers)) if self._must(*callers[at])]
        if not there and (len(firm) == len(links) or not needy):
            return list(links)
        found = matched(
            dict.fromkeys([*firm, *needy, *range(len(callers))]),
            range(len(targets)),
            self._allowed(links, callers, targets),
            firm if needy else {at: at for at in range(len(links))},
        )
        return self._redone(links, callers, targets, found)

    def _others(self, type_name: str) -> list[Caller]:
        """Give the sources without a link for which something may have been made."""
        pairs = self.book.pairs["target", type_name]
        made = self.candidates.made(self.unlinked.targets[type_name])
        return [
            (pair, source)
            for pair in pairs
            for source in self.unlinked.sources[pair.number].values()
            if made or self.candidates.is_made(source) or self._must(pair, source)
        ]

    def _must(self, pair: Pair, source: Record) -> bool:
        return self.leftovers.calls(pair, source) is True

    def _is_optional(self, link: Link) -> bool:
        """Tell whether what was created for a source need not have been created at all."""
        return link.target.birth.by == "connector" and not self._must(link.pair, link.source)

    def _allowed(
        self, links: Sequence[Link], callers: Sequence[Caller], targets: Sequence[Record]
    ) -> Callable[[int, int], bool]:
        def may_be(pair: Pair, source: Record, target: Record) -> bool:
            """A merge that is due may have left no trace; all else has."""
            due = how_of(source, target) == "merged" and self._must(pair, source)
            innocent = self.candidates.is_innocent_of(pair, excused=True, traced=not due)
            return innocent(source, target)

        def allowed(left: int, right: int) -> bool:
            return left == right < len(links) or may_be(*callers[left], targets[right])

        return allowed

    def _redone(
        self,
        links: Sequence[Link],
        callers: Sequence[Caller],
        targets: Sequence[Record],
        found: Mapping[int, int],
    ) -> list[Link]:
        """Give the links by the places that were found, those of the callers by their number."""
        kept = []
        for at, link in enumerate(links):
            if at not in found:
                self.book.part(link)
                self.unlinked.take_in_again(link.pair, link.source, link.target)
        for at, link in enumerate(links):
            if at in found:
                kept.append(link)
                if found[at] != at:
                    self.unlinked.targets[link.pair.target].pop(id(targets[found[at]]), None)
                    self.book.retarget(link, targets[found[at]])
        return kept + [
            self._join(*callers[left], targets[right])
            for left, right in sorted(found.items())
            if left >= len(links)
        ]
