"""What is told apart at a glance. Rule: it only saves trials the trouble, and never says more.

In a crowd of records every two would have to be tried with one another. But where people alone
wrote to a source, before the connector was at work, and the connector alone to a target, it is
enough that the two disagree in a unit of which nothing but the values counts.
"""

from __future__ import annotations

from functools import cached_property

from tallystick.dataflow.model import SIDES, Pair
from tallystick.dataflow.units import Unit
from tallystick.laws.excuses import Excuses
from tallystick.laws.history import Record
from tallystick.laws.links import Link, LinkBook

__all__ = ["Glance"]


class Glance:
    """Tells records apart; what it finds out of one is remembered until the next event."""

    def __init__(self, book: LinkBook, excuses: Excuses) -> None:
        self.book = book
        self.excuses = excuses
        self.history = book.history
        self._event = -1
        self._is_stirred = False
        self._hands: dict[int, str] = {}
        self._withheld: dict[tuple[int, int], bool] = {}

    @cached_property
    def _telling(self) -> dict[int, tuple[Unit, ...]]:
        """By pair, the units that tell records apart."""
        return {
            pair.number: tuple(
                unit
                for index, unit in enumerate(self.book.units[pair.number])
                if self._is_telling(pair, index, unit)
            )
            for pair in self.history.dataflow.pairs
        }

    def _is_telling(self, pair: Pair, index: int, unit: Unit) -> bool:
        """Tell whether nothing but its two views decides whether a unit of a new link is well."""
        if not unit.judged or unit.has_references or self.book.shares_target(pair, index):
            return False
        paths = [(side, row.path(side)) for _, row in unit.rows for side in SIDES]
        open_ = any(path.is_key or self.book.filled_in(pair, on, path.text) for on, path in paths)
        return not open_ and not any(row.when for _, row in unit.rows)

    def cannot_swap(self, one: Link, two: Link) -> bool:
        """Tell whether one of two new links cannot have the other's target."""
        if not (_is_new(one) and _is_new(two)):
            return False
        forth = self.cannot_be(one.pair, one.source, two.target)
        return forth or self.cannot_be(two.pair, two.source, one.target)

    def cannot_be(self, pair: Pair, source: Record, target: Record) -> bool:
        """Tell whether a new link of two records cannot end well."""
        self._look_up()
        if self._is_stirred or self.history.dataflow.policies.empty == "keep":
            return False
        if self._hand(source) != "person" or self._hand(target) != "connector":
            return False
        return self._disagree(pair, source, target) and not self._is_withheld(pair, source)

    def _look_up(self) -> None:
        """Forget what was found out before the newest event."""
        if self._event == self.history.event:
            return
        self._event = self.history.event
        self._hands.clear()
        self._withheld.clear()
        changed = self.history.changed.values()
        self._is_stirred = any(one.edited_event > self.history.first_sync for one in changed)

    def _hand(self, record: Record) -> str:
        """Give who alone wrote to a record that is there; "" for several, or none."""
        known = self._hands.get(id(record))
        if known is None:
            by = {record.birth.by, *(act.by for act in record.acts)}
            known = self._hands[id(record)] = min(by) if record.live and len(by) == 1 else ""
        return known

    def _disagree(self, pair: Pair, source: Record, target: Record) -> bool:
        view = self.book.sight.view
        return any(
            unit.agrees(
                view(unit, "source", source.data, source.key),
                view(unit, "target", target.data, target.key),
                self.book,
            )
            is False
            for unit in self._telling[pair.number]
        )

    def _is_withheld(self, pair: Pair, source: Record) -> bool:
        place = (pair.number, id(source))
        if place not in self._withheld:
            self._withheld[place] = self.excuses.may_withhold(source, pair, None)
        return self._withheld[place]


def _is_new(link: Link) -> bool:
    """Tell whether nothing of a link was judged yet."""
    return not any(link.bases) and max(link.accounted, default=-1) < 0
