"""Links whose records could not be told apart. Rule: accuse nobody while some reading is innocent.

Records that were alike when they were linked share a group. When one of them changes, the group
looks for the assignment under which every link ends well, takes it, and falls apart into groups of
those that are still alike.
"""

from __future__ import annotations

from tallystick.dataflow.model import SIDES
from tallystick.laws.cases import case_of
from tallystick.laws.history import Record
from tallystick.laws.links import Link, LinkBook
from tallystick.laws.matching import perfect
from tallystick.laws.outcomes import judge_ending

__all__ = ["Grouping"]


class Grouping:
    """Finds the innocent reading of groups."""

    def __init__(self, book: LinkBook) -> None:
        self.book = book

    def regroup(self, dirty: list[Link]) -> None:
        """Re-assign the groups that `dirty` links belong to."""
        seen: set[int] = set()
        for link in dirty:
            group = link.group
            if group is None or id(group) in seen or link.bases[:1] == [None]:
                continue
            seen.add(id(group))
            self._reassign(group)
            self._split(group)

    def _reassign(self, group: list[Link]) -> None:
        if all(self._ends_well(link, link.target) for link in group):
            return
        targets = [link.target for link in group]
        allowed = [
            [at for at, target in enumerate(targets) if self._ends_well(link, target)]
            for link in group
        ]
        found = perfect(allowed)
        if found is not None:
            self.book.rejoin(group, [targets[at] for at in found])

    def _ends_well(self, link: Link, target: Record) -> bool:
        trial = self.book.unjoined(link.pair, link.source, target, link.how)
        trial.bases, trial.accounted, trial.held = link.bases, link.accounted, link.held
        trial.made, trial.loose = link.made, link.loose
        gone = [side for side in SIDES if not trial.record(side).live]
        if gone:
            return self._deletion_fits(trial)
        policies = self.book.history.dataflow.policies
        for index in range(len(trial.units)):
            case = case_of(trial, index, self.book)
            if case is not None and judge_ending(case, policies) is not None:
                return False
        return True

    def _deletion_fits(self, trial: Link) -> bool:
        if not trial.source.live and not trial.target.live:
            return True
        gone = trial.source if trial.target.live else trial.target
        deletion = gone.deletion
        if deletion is None or deletion.by == "connector":
            return False
        late = deletion.event > self.book.history.sync_began
        return late or self.book.history.dataflow.policies.deletions == "detach"

    def _split(self, group: list[Link]) -> None:
        """Keep together only links whose two records still look like each other's."""
        alike: dict[str, list[Link]] = {}
        for link in group:
            alike.setdefault(self._look(link), []).append(link)
        for links in alike.values():
            for link in links:
                link.group = links if len(links) > 1 else None

    def _look(self, link: Link) -> str:
        views = [link.views(unit, link.source.data, link.target.data) for unit in link.units]
        return repr((views, link.source.live, link.target.live))
