"""economical: one saved edit causes at most one write for each counterpart; a creation is one.

Each record has an allowance: people's edits of its counterpart that touched what is listed, one for
a merge, and what the rules grant for free (keys, references that could only be known later).
Only writes that were answered 2xx and changed something count.
"""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.canonical import same
from tallystick.dataflow.model import SIDES, Row, Side
from tallystick.laws.history import Act, Record
from tallystick.laws.law import Law
from tallystick.laws.links import Link, rewrites
from tallystick.laws.order import refers_back
from tallystick.laws.verdict import Violation

__all__ = ["Economical"]


class Economical(Law):
    """Writes are counted against the edits that called for them."""

    name = "economical"

    def on_settle(self) -> Iterable[Violation]:
        """Count the writes of every link that changed; links that are alike pay for each other."""
        seen: set[int] = set()
        for link in self.scene.dirty:
            if id(link) in self.scene.accused or id(link) in seen or link.source.unsure:
                continue
            links = link.group or [link]
            seen.update(map(id, links))
            self.scene.test(self.name, link.pair)
            for side in ("target", "source"):
                yield from self._judge(links, side)

    def _judge(self, links: list[Link], side: Side) -> Iterable[Violation]:
        written = [self._written(link.record(side)) for link in links]
        if sum(written) <= sum(link in self.scene.links for link in links):
            return  # each was created, at most: nobody need be asked what else called for a write
        allowed = [self._allowance(link, link.record(side)) for link in links]
        counts = list(zip(written, allowed, strict=True))
        if sum(written) <= sum(allowed):
            return
        at = max(range(len(links)), key=lambda at: counts[at][0] - counts[at][1])
        yield self.scene.violation(
            self.name,
            "too-many-writes",
            links[at].pair,
            *self.scene.named(links[at].record(side)),
            direction=side,
            expected=counts[at][1],
            found=counts[at][0],
        )

    def _written(self, record: Record) -> int:
        """Give how many writes there were."""
        since = self.scene.history.settled
        return sum(1 for act in record.acts_by("connector", since) if self._counts(act))

    @staticmethod
    def _counts(act: Act) -> bool:
        changed = (
            act.before is None or not act.after.live or not same(act.before.data, act.after.data)
        )
        return act.acknowledged and changed

    def _allowance(self, link: Link, record: Record) -> int:
        """Give how many writes were called for."""
        called = sum(
            1
            for each, other in self._connected(link)
            if other is not record
            for act in other.acts_by("person")
            if act.before is not None and self._calls(each, other, act)
        )
        siblings = self.scene.book.links_of(link.source)
        if self.scene.history.situations and any(map(_has_twins, siblings)):
            called *= 2  # of properties that share one, each may be carried in a process of its own
        called += sum(  # to create a record or to merge it; what another merge brings travels on
            each is link or each.how == "merged" for each in siblings if each in self.scene.links
        )
        return called + self._turned(link, record) + self._free(link, record)

    def _turned(self, link: Link, record: Record) -> int:
        """Give how often a conflict may have been turned round: whatever is saved while the
        connector works moves the time of the whole record.
        """
        if not any(self._calls(link, record, act) for act in record.acts_by("person")):
            return 0
        began = self.scene.history.first_sync
        return sum(
            not self._calls(each, other, act)
            for each, other in self._connected(link)
            if other is not record
            for act in other.acts_by("person", began)
        )

    def _connected(self, link: Link) -> Iterable[tuple[Link, Record]]:
        """Give the records whose edits may travel over a link, each with a link of its own.

        A counterpart that cannot be told apart from others may be any of them.
        """
        yield link, link.source
        yield link, link.target
        for each in self.scene.book.links_of(link.source):
            if each is not link:
                yield each, each.target
                for mate in each.group or ():
                    if mate is not each and mate.target.edited_event > self.scene.history.settled:
                        yield mate, mate.target

    def _calls(self, link: Link, record: Record, act: Act) -> bool:
        if not act.after.live:
            return True
        return act.before is not None and any(
            link.changes(unit, record.side, act) or rewrites(unit, record.side, act)
            for unit in link.units
        )

    def _free(self, link: Link, record: Record) -> int:
        """Give the writes that no edit need call for."""
        rows = link.pair.rows
        free = sum(1 for row in rows if row.source.is_key or row.target.is_key)
        free += sum(1 for row in rows if row.reference is not None and self._may_wait(link, row))
        return free + sum(self._calls(link, record, act) for act in self._own(link, record))

    def _own(self, link: Link, record: Record) -> list[Act]:
        """Give people's edits of the record itself that may be written back."""
        if _has_twins(link) or any(row.when for row in link.pair.rows) or None in link.held:
            return record.acts_by("person")
        if link in self.scene.links and link.how == "merged":  # filled in again, if in doubt
            return record.acts_by("person", self.scene.history.first_sync)
        return []

    def _may_wait(self, link: Link, row: Row) -> bool:
        """Tell whether a reference may have been completed later: in a cycle, or where what it
        leads to could be linked only now, met trouble, or either was edited while it was at work.
        """
        others = [new for new in self.scene.links if new is not link]
        if link not in self.scene.links:
            return bool(others)
        if refers_back(self.scene.dataflow, link.pair, row):
            return True
        if self.scene.history.situations:  # the create of what it leads to may have been put off
            return bool(others)
        began = self.scene.history.first_sync
        late = any(new.source.acts_by("person", began) for new in (link, *others))
        return bool(others) and late


def _has_twins(link: Link) -> bool:
    """Tell whether rows of the link's pair share a property on some side."""
    rows = link.pair.rows
    return any(len({row.path(side).text for row in rows}) < len(rows) for side in SIDES)
