"""no-invention: no value stands anywhere that is not somebody's edit, or the image of one.

Judged at every write, weather or not. A value counts as given once any person has given it to any
record of the pair, on either side: which record it belongs to is for other laws to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tallystick.canonical import Json, fingerprint, is_empty, same
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Side
from tallystick.dataflow.units import NOT_APPLICABLE, Atom, Unit
from tallystick.laws.law import Law, Scene
from tallystick.laws.once import once
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Change, Edited, Event, Exchange

__all__ = ["NoInvention"]

Units = Sequence[tuple[Pair, Unit]]
Place = tuple[int, int]
"""A pair's number, and the index of one of its rows."""

Brought = dict[int, list[tuple[int, Json, str]]]
"""By identity of a unit: row, value and the value's fingerprint."""


class NoInvention(Law):
    """Every value that a connector writes was given by somebody."""

    name = "no-invention"
    hears = frozenset({Edited, Exchange})

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        kindred, self._lax = once(_kindred, scene.dataflow)
        given: dict[int, set[str]] = {number: set() for number in kindred.values()}
        self._given = {place: given[number] for place, number in kindred.items()}
        self._watched = {
            number: tuple(unit for unit in units if _is_watched(unit))
            for number, units in scene.book.units.items()
        }

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Remember what people give; look at what the connector writes."""
        match event:
            case Edited(change=change) if change.after.live:
                units = self._touched(change)
                self._remember(change, units, self._brought(change, units))
            case Exchange(changes=changes):
                for change in changes:
                    if change.after.live:
                        units = self._touched(change)
                        brought = self._brought(change, units)
                        yield from self._judge(change, units, brought)
                        self._remember(change, units, brought)  # its image may be written elsewhere
            case _:
                return

    def _touched(self, change: Change) -> list[tuple[Pair, Unit]]:
        """Give the units that rest on a property that a change touches."""
        sight, side, before = self.scene.book.sight, change.side, change.before
        names = None if before is None else sight.touched(before.data, change.after.data)
        return [
            (pair, unit)
            for pair in self.scene.book.pairs.get((side, change.type), ())
            for unit in self._watched[pair.number]
            if names is None or not names.isdisjoint(unit.heads[side])
        ]

    def _brought(self, change: Change, units: Units) -> Brought:
        """Give what a change brings, for each unit whose view it changes."""
        sight, side, data, key = self.scene.book.sight, change.side, change.after.data, change.key
        before = None if change.before is None else change.before.data
        brought: Brought = {}
        for _, unit in units:
            if before is None or sight.changes(unit, side, before, data, key):
                atoms = unit.atoms(side, sight.view(unit, side, data, key))
                brought[id(unit)] = [
                    (row, value, fingerprint(value))
                    for row, value in atoms
                    if value is not NOT_APPLICABLE
                ]
        return brought

    def _remember(self, change: Change, units: Units, brought: Brought) -> None:
        for pair, unit in units:
            for row, _, mark in brought.get(id(unit), ()):
                self._given[pair.number, row].add(mark)
            for row, value in unit.dormant(change.side, change.after.data) if unit.row.when else ():
                self._given[pair.number, row].add(fingerprint(value))

    def _judge(self, change: Change, units: Units, brought: Brought) -> Iterator[Violation]:
        for pair in self.scene.book.pairs.get((change.side, change.type), ()):
            self.scene.test(self.name, pair)
        suspects: dict[str, tuple[Pair, Unit, Atom]] = {}
        cleared: set[str] = set()
        for pair, unit in units:
            path = unit.row.path(change.side).text
            invented = self._invented(pair, path, change.side, brought.get(id(unit), ()))
            if invented is None:
                cleared.add(path)
            else:
                suspects[path] = (pair, unit, invented)
        for path, (pair, unit, atom) in suspects.items():
            if path not in cleared:
                yield self._violation(change, pair, unit, atom)

    def _invented(
        self, pair: Pair, path: str, side: Side, brought: Iterable[tuple[int, Json, str]]
    ) -> Atom | None:
        for row, value, mark in brought:
            place = (pair.number, row)
            if mark in self._given[place] or place in self._lax or is_empty(value):
                continue
            filled = self.scene.book.filled_in(pair, side, path)
            if not any(same(value, condition) for condition in filled):
                return row, value
        return None

    def _violation(self, change: Change, pair: Pair, unit: Unit, atom: Atom) -> Violation:
        record = self.scene.history.record(change.side, change.type, change.key)
        self.scene.invented.add((id(record), pair.number, unit.number))
        return self.scene.violation(
            self.name,
            "invented",
            pair,
            *([record] if record else []),
            row=atom[0],
            direction=change.side,
            found=atom[1],
        )


def _kindred(dataflow: Dataflow) -> tuple[dict[Place, int], set[Place]]:
    """Give a number by pair and row, the same one for all rows that have a property in common.

    An edit of one row's property can reach the others' through that property. Where their data
    types differ nobody can tell which values it brings: the second answer names those rows.
    """
    rows = {
        (pair.number, at): (pair, row)
        for pair in dataflow.pairs
        for at, row in enumerate(pair.rows)
    }
    kin: dict[Place, int] = {place: number for number, place in enumerate(rows)}
    at_path: dict[tuple[Side, str, str], Place] = {}
    for place, (pair, row) in rows.items():
        for side in SIDES:
            first = at_path.setdefault((side, pair.type_on(side), row.path(side).text), place)
            if not row.path(side).is_key and kin[first] != kin[place]:
                lost, kept = kin[place], kin[first]
                kin.update({p: kept for p, number in kin.items() if number == lost})
    types: dict[int, list[Json]] = {}
    for place, number in kin.items():
        types.setdefault(number, []).append(rows[place][1].type)
    lax = {
        place
        for place, number in kin.items()
        if any(not same(one, types[number][0]) for one in types[number])
    }
    return kin, lax


def _is_watched(unit: Unit) -> bool:
    keyed = unit.row.source.is_key or unit.row.target.is_key
    return unit.judged and not keyed and not unit.is_reference
