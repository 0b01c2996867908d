"""What units see of records, and where two states differ. Rule: looked at once until a settle."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.canonical import MISSING, Json, fingerprint, same
from tallystick.dataflow.model import Side
from tallystick.dataflow.units import Unit
from tallystick.laws.history import Act, Record

__all__ = ["Sight"]


class Sight:
    """What units see of records, remembered until a settle has been judged."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Side, int, int], tuple[Json, Json]] = {}
        self._marks: dict[tuple[int, int, str | int], tuple[Json, str]] = {}
        self._touched: dict[tuple[int, int], tuple[Json, Json, frozenset[str]]] = {}
        self._since: dict[tuple[int, int], list[Act]] = {}
        self._names: dict[tuple[int, int], frozenset[str] | None] = {}
        self._doubtful: dict[tuple[int, int], bool] = {}

    def view(self, unit: Unit, side: Side, data: Json, key: Json) -> Json:
        """Give a unit's view of a record's data."""
        place = (side, id(unit), id(data))
        seen = self._seen.get(place)
        if seen is None:
            if unit.row.path(side).is_key:
                return key
            # the data are kept, so that nothing else can have their identity
            seen = self._seen[place] = (data, unit.view(side, data, key))
        return seen[1]

    def changes(self, unit: Unit, side: Side, before: Json, after: Json, key: Json) -> bool:
        """Tell whether a unit's views of two states of one record differ."""
        if self.touched(before, after).isdisjoint(unit.heads[side]):
            return False
        return not same(self.view(unit, side, before, key), self.view(unit, side, after, key))

    def touched(self, before: Json, after: Json) -> frozenset[str]:
        """Give the outermost names at which two states of a record differ."""
        place = (id(before), id(after))
        known = self._touched.get(place)
        if known is None:
            names = frozenset(
                name
                for name in before.keys() | after.keys()
                if not same(before.get(name, MISSING), after.get(name, MISSING))
            )
            known = self._touched[place] = (before, after, names)
        return known[2]

    def acts_since(self, record: Record, since: int) -> Sequence[Act]:
        """Give what was done to a record after the event `since`.

        To be asked at a settle only, while nothing happens to the record.
        """
        place = (id(record), since)
        known = self._since.get(place)
        if known is None:
            known = self._since[place] = [act for act in record.acts if act.event > since]
        return known

    def is_doubtful(self, record: Record, since: int) -> bool:
        """Tell whether, after the event `since`, a write was blind or went unanswered."""
        place = (id(record), since)
        known = self._doubtful.get(place)
        if known is None:
            acts = self.acts_since(record, since)
            known = any(act.blind or not act.acknowledged for act in acts)
            self._doubtful[place] = known
        return known

    def touched_since(self, record: Record, since: int) -> frozenset[str] | None:
        """Give the outermost names that were touched after the event `since`; None: it was made."""
        place = (id(record), since)
        if place not in self._names:
            acts = self.acts_since(record, since)
            made = any(act.before is None for act in acts)
            each = (self.touched(act.before.data, act.after.data) for act in acts if act.before)
            self._names[place] = None if made else frozenset().union(*each)
        return self._names[place]

    def mark(self, units: Sequence[Unit], record: Record, data: Json) -> str:
        """Give a text that is equal for records that agree in all of some units."""
        place = (id(units), id(data), record.key)
        known = self._marks.get(place)
        if known is None:
            atoms = [
                unit.atoms(record.side, self.view(unit, record.side, data, record.key))
                for unit in units
            ]
            known = self._marks[place] = (data, fingerprint(atoms))
        return known[1]

    def forget(self) -> None:
        """Forget everything."""
        self._seen.clear()
        self._marks.clear()
        self._touched.clear()
        self._since.clear()
        self._names.clear()
        self._doubtful.clear()
