"""no-invention: no value stands anywhere that is not somebody's edit, or the image of one.

Judged at every write, weather or not. A value counts as given once any person has given it to any
record of the pair, on either side: which record it belongs to is for other laws to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tallystick.canonical import Json, fingerprint, is_empty, same
from tallystick.dataflow.model import Pair, Side
from tallystick.dataflow.units import NOT_APPLICABLE, Unit
from tallystick.laws.law import Law, Scene
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Change, Edited, Event, Exchange, Snapshot

__all__ = ["NoInvention"]


class NoInvention(Law):
    """Every value that a connector writes was given by somebody."""

    name = "no-invention"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._given: dict[tuple[int, int], set[str]] = {
            (number, unit.number): set()
            for number, units in scene.book.units.items()
            for unit in units
        }
        self._watched = {
            number: tuple(unit for unit in units if _is_watched(unit))
            for number, units in scene.book.units.items()
        }

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Remember what people give; look at what the connector writes."""
        match event:
            case Edited(change=change):
                if change.after.live:
                    self._remember(change)
            case Exchange(changes=changes):
                for change in changes:
                    if change.after.live:
                        yield from self._judge(change)
                        self._remember(change)  # an image of it may be written elsewhere
            case _:
                return

    def _remember(self, change: Change) -> None:
        for pair in self.scene.book.pairs.get((change.side, change.type), ()):
            for unit in self._watched[pair.number]:
                for atom in _atoms(unit, change.side, change.after, change.key):
                    self._given[pair.number, unit.number].add(fingerprint(atom))

    def _judge(self, change: Change) -> Iterator[Violation]:
        pairs = self.scene.book.pairs.get((change.side, change.type), ())
        suspects: dict[str, tuple[Pair, Unit, Json]] = {}
        cleared: set[str] = set()
        for pair in pairs:
            self.scene.test(self.name, pair)
            for unit in self._watched[pair.number]:
                path = unit.row.path(change.side).text
                invented = self._invented(pair, unit, change)
                if invented is None:
                    cleared.add(path)
                else:
                    suspects[path] = (pair, unit, invented[0])
        for path, (pair, unit, value) in suspects.items():
            if path not in cleared:
                yield self._violation(change, pair, unit, value)

    def _invented(self, pair: Pair, unit: Unit, change: Change) -> tuple[Json] | None:
        given = self._given[pair.number, unit.number]
        filled = self.scene.book.filled_in(pair, change.side, unit.row.path(change.side).text)
        after = unit.view(change.side, change.after.data, change.key)
        if change.before is not None and same(
            unit.view(change.side, change.before.data, change.key), after
        ):
            return None
        for atom in _atoms(unit, change.side, change.after, change.key):
            if any(same(atom, value) for value in filled):
                continue
            if not is_empty(atom) and fingerprint(atom) not in given:
                return (atom,)
        return None

    def _violation(self, change: Change, pair: Pair, unit: Unit, value: Json) -> Violation:
        record = self.scene.history.record(change.side, change.type, change.key)
        self.scene.invented.add((id(record), pair.number, unit.number))
        return self.scene.violation(
            self.name,
            "invented",
            pair,
            *([record] if record else []),
            row=unit.number,
            direction=change.side,
            found=value,
        )


def _is_watched(unit: Unit) -> bool:
    keyed = unit.row.source.is_key or unit.row.target.is_key
    return unit.judged and not keyed and not unit.is_reference


def _atoms(unit: Unit, side: Side, state: Snapshot, key: Json) -> tuple[Json, ...]:
    atoms = unit.atoms(side, unit.view(side, state.data, key))
    return tuple(atom for atom in atoms if atom is not NOT_APPLICABLE)
