"""Links whose records could not be told apart. Rule: accuse nobody while some reading is innocent.

Links that could as well have had each other's targets share a group. When one of them changes, the
group looks for the reading under which every link ends well, takes it, and falls apart into groups
of those that still cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

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
        """Look again at the groups that `dirty` links belong to, and once more at those that are
        left when one has fallen apart: what is certain by then may tell more of the others.
        """
        groups = _groups_of(dirty)
        while groups:
            for _ in groups:  # what one of them shows may help with another of the same sources
                revised = [self._reassign(group) for group in groups]
                if not any(revised):
                    break
            for group in groups:
                self.group(group)
            left = _groups_of(link for group in groups for link in group)
            fell_apart = sum(map(len, left)) < sum(map(len, groups)) or len(left) > len(groups)
            groups = left if fell_apart else []

    def take_in(self, links: Sequence[Link]) -> None:
        """Give new links (to one target type) their innocent reading, then group them."""
        for cluster in _clusters([self._looks(link) for link in links]):
            together = [links[at] for at in cluster]
            _unite(together)
            self._reassign(together)
        self.group(links)

    def _reassign(self, group: list[Link]) -> bool:
        """Take the reading under which all is well, if there is another; tell whether there is."""
        if all(map(self.trials.ends_well, group)):
            return False
        if self._rematch(group, self.trials.ends_well):
            return True
        asked = [link for link in group if self.trials.people_deleted(link.target)]
        return bool(asked) and self._share_out(group, asked)

    def _rematch(self, group: list[Link], well: Callable[[Link], bool]) -> bool:
        """Have each link end well, if it can be had; tell whether it can."""
        good = {at: at for at, link in enumerate(group) if well(link)}

        def allowed(left: int, right: int) -> bool:
            return well(self.trials.swapped(group[left], group[right]))

        places = range(len(group))
        rights = sorted(places, key=lambda right: right in good)
        found = matched(places, rights, allowed, good)
        if len(found) == len(group):
            self._rejoin(group, [group[found[at]] for at in places])
        return len(found) == len(group)

    def _share_out(self, group: list[Link], asked: list[Link]) -> bool:
        """Find out of which sources people deleted a counterpart, where each has several: it is
        for the sake of one of them that all the others are gone.
        """
        if not self._rematch(group, self.trials.may_end_well):
            return False
        targets = {id(link.target) for link in asked}
        for link in group:
            if self.trials.ends_well(link):
                continue
            for other in [other for other in group if id(other.target) in targets]:
                bad = self._count_bad(group)
                self._rejoin([link, other], [other, link])
                if self._count_bad(group) < bad:
                    break
                self._rejoin([link, other], [other, link])
        return True

    def _count_bad(self, group: list[Link]) -> int:
        return sum(not self.trials.ends_well(link) for link in group)

    def _rejoin(self, group: list[Link], others: list[Link]) -> None:
        made = [self.trials.swapped(*pair) for pair in zip(group, others, strict=True)]
        for link, other, trial in zip(group, others, made, strict=True):
            if link is other:
                continue
            link.bases, link.accounted, link.held = trial.bases, trial.accounted, trial.held
            link.made, link.pending, link.loose = trial.made, trial.pending, trial.loose
            self.book.retarget(link, trial.target)
            link.ended = link.ended and not (link.source.live and link.target.live)

    def group(self, links: Sequence[Link]) -> None:
        """Put those links (to one target type) into groups whose records cannot be told apart."""
        classes: dict[object, list[Link]] = {}
        for link in links:
            classes.setdefault(self._class_of(link), []).append(link)
        parts = list(classes.values())
        where = list(range(len(parts)))  # in which group each class ended up
        for cluster in _clusters([self._looks(part[0]) for part in parts]):
            _unite([link for at in cluster for link in parts[at]])  # references within are open
            for at, one in enumerate(cluster):
                for two in cluster[at + 1 :]:
                    if where[one] != where[two] and self._is_alike(parts[one][0], parts[two][0]):
                        kept, lost = sorted((where[one], where[two]))
                        where = [kept if place == lost else place for place in where]
        for place in set(where):
            _unite([link for at, part in enumerate(parts) if where[at] == place for link in part])

    def _class_of(self, link: Link) -> object:
        """Give what is equal only for links that are alike in everything, now and lately."""
        if any(self.is_stirred(link.record(side)) for side in SIDES):
            return id(link)
        views = [link.views(unit, link.source.data, link.target.data) for unit in link.units]
        others = [p for p in self.book.pairs["target", link.pair.target] if p is not link.pair]
        looks = [self.book.mark(pair, link.target, link.target.data) for pair in others]
        return repr((link.pair.number, views, looks, link.source.live, link.target.live))

    def is_stirred(self, record: Record) -> bool:
        """Tell whether people changed a record's data while the connector was at work."""
        late = record.acts_by("person", self.history.first_sync)
        return not all(self.history.leaves_data(act) for act in late)

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
        if trials.glance.cannot_swap(one, two):
            return False
        return trials.ends_well(trials.swapped(one, two)) and trials.ends_well(
            trials.swapped(two, one)
        )


def _groups_of(links: Iterable[Link]) -> list[list[Link]]:
    """Give the groups to which some links belong, each once."""
    return list({id(link.group): link.group for link in links if link.group is not None}.values())


def _unite(links: list[Link]) -> None:
    """Make one group of those links; a single one has none."""
    for link in links:
        link.group = links if len(links) > 1 else None


def _clusters(looks: Sequence[set[str]]) -> list[list[int]]:
    """Give the places that some look brings together, also through others; no single ones."""
    cluster_at: dict[str, list[int]] = {}
    clusters: dict[int, list[int]] = {}
    for at, marks in enumerate(looks):
        mine = [at]
        for mark in marks:
            other = cluster_at.setdefault(mark, mine)
            if other is not mine:
                mine, lost = (other, mine) if len(other) >= len(mine) else (mine, other)
                mine += lost
                clusters.pop(id(lost), None)
                for known, cluster in cluster_at.items():
                    if cluster is lost:
                        cluster_at[known] = mine
        clusters[id(mine)] = mine
    return [sorted(cluster) for cluster in clusters.values() if len(cluster) > 1]
