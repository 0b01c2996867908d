"""Links whose records could not be told apart. Rule: accuse nobody while some reading is innocent.

Links that could as well have had each other's targets share a group. When one of them changes, the
group looks for the reading under which every link ends well, takes it, and falls apart into groups
of those that still cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tallystick.dataflow.model import SIDES
from tallystick.laws.history import Record
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.matching import matched
from tallystick.laws.trials import Trials

__all__ = ["Grouping"]


class Grouping:
    """Makes groups, finds their innocent reading, and takes them apart."""

    def __init__(self, book: LinkBook, trials: Trials) -> None:
        self.book = book
        self.trials = trials
        self.history = book.history

    def regroup(self, dirty: Iterable[Link]) -> None:
        """Look again at the groups that `dirty` links belong to."""
        groups = {id(link.group): link.group for link in dirty if link.group is not None}
        for group in groups.values():
            self._reassign(group)
            for link in group:
                link.group = None
            self.group(group)

    def _reassign(self, group: list[Link]) -> None:
        good = {at: at for at, link in enumerate(group) if self.trials.ends_well(link)}
        if len(good) == len(group):
            return

        def rights_of(left: int) -> list[int]:
            order = sorted(range(len(group)), key=lambda right: right in good)
            return [
                right
                for right in order
                if self.trials.ends_well(self.trials.swapped(group[left], group[right]))
            ]

        found = matched(range(len(group)), rights_of, good)
        if len(found) == len(group):
            self._rejoin(group, [group[found[at]] for at in range(len(group))])

    def _rejoin(self, group: list[Link], others: list[Link]) -> None:
        made = [self.trials.swapped(*pair) for pair in zip(group, others, strict=True)]
        for link, other, trial in zip(group, others, made, strict=True):
            if link is other:
                continue
            link.bases, link.accounted, link.held = trial.bases, trial.accounted, trial.held
            link.made, link.loose = trial.made, trial.loose
            self.book.retarget(link, trial.target)
            link.ended = link.ended and not (link.source.live and link.target.live)

    def group(self, links: Sequence[Link]) -> None:
        """Put those links (to one target type) into groups whose records cannot be told apart."""
        classes: dict[object, list[Link]] = {}
        for link in links:
            classes.setdefault(self._class_of(link), []).append(link)
        groups = list(classes.values())
        where = list(range(len(groups)))  # in which group each class ended up
        for marked in self._by_mark(groups).values():
            for at, one in enumerate(marked):
                for two in marked[at + 1 :]:
                    if where[one] != where[two] and self._is_alike(groups[one][0], groups[two][0]):
                        kept, lost = sorted((where[one], where[two]))
                        where = [kept if place == lost else place for place in where]
        for place in set(where):
            group = [link for at, g in enumerate(groups) if where[at] == place for link in g]
            if len(group) > 1:
                for link in group:
                    link.group = group

    def _class_of(self, link: Link) -> object:
        """Give what is equal only for links that are alike in everything, now and lately."""
        if any(self.is_stirred(link.record(side)) for side in SIDES):
            return id(link)
        views = [link.views(unit, link.source.data, link.target.data) for unit in link.units]
        return repr((link.pair.number, views, link.source.live, link.target.live))

    def is_stirred(self, record: Record) -> bool:
        """Tell whether people changed a record's data while the connector was at work."""
        late = record.acts_by("person", self.history.first_sync)
        return not all(self.history.leaves_data(act) for act in late)

    def _by_mark(self, groups: list[list[Link]]) -> dict[str, list[int]]:
        """Give the groups that some mark, of either side and of any late state, brings together."""
        marks: dict[str, list[int]] = {}
        for at, group in enumerate(groups):
            link = group[0]
            for look in self._looks(link):
                marks.setdefault(look, []).append(at)
        return marks

    def _looks(self, link: Link) -> set[str]:
        """Give how both records look, and lately looked, to every pair that could link them."""
        since = self.history.settled
        pairs = self.book.pairs["target", link.pair.target]
        records = [(link.pair, link.source), *((pair, link.target) for pair in pairs)]
        return {
            f"{pair.number} {self.book.mark(pair, record, data)}"
            for pair, record in records
            for data in self.history.states(record, since)
        }

    def _is_alike(self, one: Link, two: Link) -> bool:
        trials = self.trials
        return trials.ends_well(trials.swapped(one, two)) and trials.ends_well(
            trials.swapped(two, one)
        )
