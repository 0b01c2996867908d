"""deletions: what is deleted on one side is deleted on the other, or stays and is left alone."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.dataflow.model import SIDES, Side, other_side
from tallystick.dataflow.units import NOT_APPLICABLE, Unit
from tallystick.laws.history import Act, Record
from tallystick.laws.law import Law
from tallystick.laws.links import Link
from tallystick.laws.verdict import Violation

__all__ = ["Deletions"]


class Deletions(Law):
    """Deletions go as the policy says, and nobody deletes what nobody deleted."""

    name = "deletions"

    def on_settle(self) -> Iterable[Violation]:
        """Look at links one or both of whose records are gone, and at what was never linked."""
        for oddity in self.scene.oddities:
            if oddity.kind == "stray":
                yield self.scene.violation(self.name, "stray", oddity.pair, *oddity.records)
        for link in self.scene.dirty:
            if id(link) not in self.scene.accused:
                yield from list(self._judge(link))
        for link in self.scene.veiled:
            deleted = [link.record(side) for side in SIDES if not link.record(side).live]
            if deleted and all(_by(record) == "connector" for record in deleted):
                yield from self._unasked(link, deleted)

    def _judge(self, link: Link) -> Iterable[Violation]:
        deleted = {side: link.record(side) for side in SIDES if not link.record(side).live}
        if not deleted:
            return
        by_people = [side for side, record in deleted.items() if _by(record) == "person"]
        if not by_people:
            if not self.scene.book.was_asked_for(link.pair, link.source):
                yield from self._unasked(link, list(deleted.values()))
            return
        asked = min(by_people, key=lambda side: _moment(deleted[side]))
        if _moment(deleted[asked]) > self.scene.history.sync_began:
            return
        other = link.record(other_side(asked))
        self.scene.test(self.name, link.pair)
        if self.scene.dataflow.policies.deletions == "propagate":
            if other.live and not link.ended:
                yield self._violation("not-deleted", link, other, link.record(asked))
        elif not link.ended:
            if not other.live and _by(other) == "connector":
                yield self._violation("not-detached", link, other, link.record(asked))
            elif self._written_at_once(other, link, _moment(deleted[asked])):
                yield self._violation("written-after-detach", link, other, link.record(asked))
        elif self._written(other) and not self._lives_on(other, link):
            yield self._violation("written-after-detach", link, other, link.record(asked))

    def _unasked(self, link: Link, deleted: list[Record]) -> Iterable[Violation]:
        if link.ended:
            return
        self.scene.test(self.name, link.pair)
        for record in deleted:
            yield self._violation("unasked", link, record, link.record(other_side(record.side)))

    def _violation(self, anomaly: str, link: Link, *records: Record) -> Violation:
        self.scene.accused.add(id(link))
        return self.scene.violation(self.name, anomaly, link.pair, *records)

    def _lives_on(self, record: Record, ended: Link) -> bool:
        """Tell whether a record has another link, or could have been given one by another pair."""
        pairs = self.scene.book.pairs[record.side, record.type]
        return len(pairs) > 1 or any(
            link is not ended and not link.ended for link in self.scene.book.links_of(record)
        )

    def _written_at_once(self, record: Record, link: Link, deleted: int) -> bool:
        """Tell whether a survivor was written to in the syncs that had to notice the deletion.

        Only where nothing can have been left to carry over: all was well at the last settle, every
        sync since then began after the deletion, and no listing was kept back.
        """
        history = self.scene.history
        early = deleted < history.first_sync and not history.disturbed
        open_yet = link in self.scene.links or link.pending or link.group or False in link.held
        if not early or open_yet or not record.live or self._lives_on(record, link):
            return False
        late = history.first_sync
        if record.acts_by("person", late):
            return False
        return any(
            not history.leaves_data(act) and not self._may_carry(act, record.side, link)
            for act in record.acts_by("connector", late)
        )

    def _may_carry(self, act: Act, side: Side, link: Link) -> bool:
        """Tell whether all that a write changed in a survivor is what people made of the other
        record before they deleted it, or follows from what they did to the survivor alone.
        """
        changed = [at for at, unit in enumerate(link.units) if link.changes(unit, side, act)]
        gone = link.record(other_side(side))
        edits = [e for e in gone.acts_by("person", self.scene.history.settled) if e.after.live]
        return bool(changed) and all(
            self._follows(at, side, link)
            or any(self._carries(link.units[at], side, link, act, edit) for edit in edits)
            for at in changed
        )

    def _carries(self, unit: Unit, side: Side, link: Link, act: Act, edit: Act) -> bool:
        if not link.changes(unit, other_side(side), edit):
            return False
        there, here = edit.after.data, act.after.data
        views = link.views(unit, there, here) if side == "target" else link.views(unit, here, there)
        return NOT_APPLICABLE in views or unit.agrees(*views, self.scene.book) is not False

    def _follows(self, index: int, side: Side, link: Link) -> bool:
        """Tell whether a unit may be written on one side out of what stands there itself: a key
        that people overwrote, a second property of one value, a value that is no image of any.
        """
        record, unit, since = link.record(side), link.units[index], self.scene.history.settled
        if not record.acts_by("person", since):
            return False
        mates = any(True for _ in self.scene.book.mates(link, index))
        keyed = unit.row.path(other_side(side)).is_key or unit.has_references
        rows = frozenset(number for number, _ in unit.rows)
        states = self.scene.history.states(record, since)
        foreign = side == "target" and any(
            self.scene.excuses.no_image(link, data, rows) for data in states
        )
        return mates or keyed or foreign or bool(unit.row.when)

    def _written(self, record: Record) -> bool:
        since = self.scene.history.settled
        return any(act.by == "connector" and act.event > since for act in record.acts)


def _by(record: Record) -> str:
    return record.deletion.by if record.deletion is not None else ""


def _moment(record: Record) -> int:
    return record.deletion.event if record.deletion is not None else -1
