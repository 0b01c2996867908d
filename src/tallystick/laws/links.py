"""The links of a world, as far as they can be told from outside. Rule: it never asks a connector.

A `Link` joins a source record with its counterpart for one pair. For each unit it keeps the views
that stood when the two were last seen to agree (the base), and the event up to which people's
edits have been accounted for. Links whose records cannot be told apart yet share a `group`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from tallystick.canonical import Json, is_empty, same
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Reference, Row, Side, other_side
from tallystick.dataflow.paths import read
from tallystick.dataflow.units import Unit, units_of
from tallystick.laws.history import Act, History, Record
from tallystick.laws.once import once
from tallystick.laws.sight import Sight

__all__ = ["Base", "Group", "How", "Link", "LinkBook", "rewrites"]

How = Literal["created", "merged"]
Base = tuple[Json, Json]
Group = list["Link"]

AT: Final[Mapping[Side, int]] = {"source": 0, "target": 1}
"""Where a side stands in a `Base`."""


@dataclass(slots=True, eq=False)
class Link:
    """A source record and its counterpart. `bases[i]` is None until unit i was seen to agree."""

    pair: Pair
    units: tuple[Unit, ...]
    source: Record
    target: Record
    how: How
    sight: Sight
    bases: list[Base | None] = field(default_factory=list)
    accounted: list[int] = field(default_factory=list)
    held: list[bool | None] = field(default_factory=list)  # whether the bases were as they ought
    loose: set[int] = field(default_factory=set)  # units in which people left keys to nowhere
    pending: set[int] = field(default_factory=set)  # units that an earlier settle left open
    made: int = -1  # the event of the settle at which it was found
    rivals: list[Record] = field(default_factory=list)  # for whom the made record may be as well
    ended: bool = False  # by a deletion; a detached survivor keeps its ended link
    group: Group | None = None

    def record(self, side: Side) -> Record:
        """Give the record on `side`."""
        return self.source if side == "source" else self.target

    def views(self, unit: Unit, source: Json, target: Json) -> Base:
        """Give the views of a unit on the data of the two records."""
        return (self.view(unit, "source", source), self.view(unit, "target", target))

    def view(self, unit: Unit, side: Side, data: Json) -> Json:
        """Give what a unit sees of the data of the record on `side`."""
        return self.sight.view(unit, side, data, self.record(side).key)

    def changes(self, unit: Unit, side: Side, act: Act) -> bool:
        """Tell whether an act on the record on `side` changed what a unit sees of it."""
        if act.before is None:
            return True
        key = self.record(side).key
        return self.sight.changes(unit, side, act.before.data, act.after.data, key)


def rewrites(unit: Unit, side: Side, act: Act) -> bool:
    """Tell whether an act wrote a property of a unit otherwise, also where that means the same on
    the other side: 01:00Z as 03:00+02:00, or an empty list as null.
    """
    if act.before is None:
        return False
    for _, row in unit.rows:
        path = row.path(side)
        before, after = (read(shot.data, path.head) for shot in (act.before, act.after))
        if path.is_key or same(before, after):
            continue
        if not path.in_list or (is_empty(before) and is_empty(after)):
            return True
    return False


class LinkBook:
    """All links of a world, and the records that have none."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.units = once(_units, history.dataflow)
        self.comparable = once(_comparable, history.dataflow)
        self.sight = Sight()
        self._mates = once(_mates, history.dataflow)
        self.pairs = once(_pairs, history.dataflow)
        self.loosely = _Loosely(self)
        self._filled_in = once(_filled_in, history.dataflow)
        self._filling = {number for number, *_ in self._filled_in}
        self._by_source: dict[tuple[int, int], Link] = {}
        self._by_target: dict[int, Link] = {}
        self.revision = 0
        """Goes up whenever a link is made, taken back, or led elsewhere."""

    def join(
        self, pair: Pair, source: Record, target: Record, how: How, *, before: bool = False
    ) -> Link:
        """Make a link; its bases are open until the first judgement."""
        link = self.unjoined(pair, source, target, how, before=before)
        self.revision += 1
        self._by_source[pair.number, id(source)] = link
        self._by_target[id(target)] = link
        return link

    def unjoined(
        self, pair: Pair, source: Record, target: Record, how: How, *, before: bool = False
    ) -> Link:
        """Make a link that nobody knows of, perhaps made before: to try what it would mean."""
        units = self.units[pair.number]
        size = len(units)
        return Link(
            pair,
            units,
            source,
            target,
            how,
            self.sight,
            bases=[None] * size,
            accounted=[-1] * size,
            held=[None] * size,
            pending=set(range(size)) if before else set(),
            made=self.history.event,
        )

    def part(self, link: Link) -> None:
        """Take back a link that nobody has judged yet."""
        self.revision += 1
        del self._by_source[link.pair.number, id(link.source)]
        del self._by_target[id(link.target)]

    def retarget(self, link: Link, target: Record) -> None:
        """Give a link another target; every target must find its link in the end."""
        self.revision += 1
        link.target = target
        self._by_target[id(target)] = link

    def reorigin(self, link: Link, origin: Record) -> None:
        """Give a link another origin: nothing of what was known of its units holds any longer."""
        self.revision += 1
        if origin.side == "source":
            del self._by_source[link.pair.number, id(link.source)]
            self._by_source[link.pair.number, id(origin)] = link
            link.source = origin
        else:
            del self._by_target[id(link.target)]
            self._by_target[id(origin)] = link
            link.target = origin
        blank = self.unjoined(link.pair, link.source, link.target, link.how, before=True)
        link.bases, link.accounted, link.held = blank.bases, blank.accounted, blank.held
        link.pending, link.loose, link.ended = blank.pending, blank.loose, False

    def mark(self, pair: Pair, record: Record, data: Json) -> str:
        """Give a text that is equal for records that agree in whatever is comparable by itself."""
        return self.sight.mark(self.comparable[pair.number], record, data)

    def of_source(self, pair: Pair, record: Record) -> Link | None:
        """Give the link of a source record in one pair, ended ones included."""
        return self._by_source.get((pair.number, id(record)))

    def links_of(self, record: Record) -> list[Link]:
        """Give all links of a record, in the pairs' order."""
        if record.side == "target":
            link = self._by_target.get(id(record))
            return [link] if link else []
        pairs = self.pairs.get(("source", record.type), ())
        found = (self._by_source.get((pair.number, id(record))) for pair in pairs)
        return [link for link in found if link is not None]

    def mates(self, link: Link, index: int) -> Iterator[tuple[Link, int, frozenset[Side]]]:
        """Give the units, with their links, that have a property in common with one of `link`, and
        on which sides. Of a counterpart that cannot be told apart from others that were edited,
        those as well.
        """
        for number, at, sides in self._mates.get((link.pair.number, index), ()):
            if number == link.pair.number:
                yield link, at, sides
            else:
                other = self._by_source.get((number, id(link.source)))
                if other is not None and not other.ended:
                    yield other, at, sides
                    for perhaps in other.group or ():
                        edited = perhaps.target.edited_event > perhaps.made
                        if edited and perhaps is not other and perhaps.pair is other.pair:
                            yield perhaps, at, sides

    def shares_target(self, pair: Pair, index: int) -> bool:
        """Tell whether a unit's target property is also that of another one of its pair."""
        mates = self._mates.get((pair.number, index), ())
        return any(number == pair.number and "target" in sides for number, _, sides in mates)

    def kin(self, link: Link, index: int) -> Iterator[tuple[Link, int]]:
        """Give the units, with their links, from which a value may come to one of `link`: its
        mates, their mates, and so on.
        """
        seen = {(link.pair.number, index)}
        waiting = list(seen)
        while waiting:
            for number, at, _ in self._mates.get(waiting.pop(), ()):
                if (number, at) in seen:
                    continue
                seen.add((number, at))
                waiting.append((number, at))
                if number == link.pair.number:
                    yield link, at
                elif (number, id(link.source)) in self._by_source:
                    yield self._by_source[number, id(link.source)], at

    def counterpart(self, record: Record, type_name: str = "", section: int = 0) -> Record | None:
        """Give a record's counterpart in the first pair that has one: of `type_name`, and in the
        pair with the number `section`, if these are given.

        A counterpart that was deleted is still the counterpart.
        """
        link = self.link_of(record, type_name, section)
        if link is None:
            return None
        return link.target if record is link.source else link.source

    def link_of(self, record: Record, type_name: str = "", section: int = 0) -> Link | None:
        """Give a record's first link (to `type_name`, or in a pair, if said), ended or not."""
        for link in self.links_of(record):
            other = link.target if record is link.source else link.source
            fits = not section or link.pair.number == section
            if fits and (not type_name or other.type == type_name):
                return link
        return None

    def was_asked_for(self, pair: Pair, record: Record) -> bool:
        """Tell whether people deleted a record, or its counterpart in another pair than this."""
        if record.deletion is None or record.deletion.by == "person":
            return record.deletion is not None
        if record.side == "target" or self.history.dataflow.policies.deletions != "propagate":
            return False
        others = [link for link in self.links_of(record) if link.pair is not pair]
        gone = [link.target.deletion for link in others]
        return any(deletion is not None and deletion.by == "person" for deletion in gone)

    def all(self) -> list[Link]:
        """Give all links in the order of their making."""
        return list(self._by_source.values())

    def agree(self, reference: Reference, source_key: Json, target_key: Json) -> bool | None:
        """Tell whether two keys name counterparts, or are both empty; None in a group of links."""
        if is_empty(source_key) or is_empty(target_key):
            return is_empty(source_key) and is_empty(target_key)
        link = self._link_of("source", reference, source_key)
        if link is None:
            return False
        if same(link.target.key, target_key):
            return True
        return None if any(same(m.target.key, target_key) for m in link.group or ()) else False

    def leads_nowhere(self, side: Side, reference: Reference, key: Json) -> bool:
        """Tell whether a key on `side` names no record with a counterpart of the right type."""
        return not is_empty(key) and self._link_of(side, reference, key) is None

    def leads_on(self, side: Side, reference: Reference, key: Json) -> bool:
        """Tell whether a key on `side` names a record that is linked, and both are there."""
        link = self._link_of(side, reference, key)
        return link is not None and not link.ended and link.source.live and link.target.live

    def _link_of(self, side: Side, reference: Reference, key: Json) -> Link | None:
        """Give the first link of the record that a key names, to a record of the other type."""
        names: dict[Side, str] = {"source": reference.source, "target": reference.target}
        record = self._named(side, names[side], key)
        return self.link_of(record, names[other_side(side)]) if record else None

    def fills_in(self, pair: Pair) -> bool:
        """Tell whether some row of a pair has a condition, whose value is filled in."""
        return pair.number in self._filling

    def filled_in(self, pair: Pair, side: Side, path: str) -> tuple[Json, ...]:
        """Give the values that conditions of the pair's rows ask for at a path."""
        return self._filled_in.get((pair.number, side, path), ())

    def resolve(self, to: Side, row: Row, key: Json) -> Json:
        """Give the key, on side `to`, of the counterpart of the record `key` names, or None."""
        if row.reference is None:
            return None
        side: Side = "source" if to == "target" else "target"
        names = {"source": row.reference.source, "target": row.reference.target}
        record = self._named(side, names[side], key)
        found = self.counterpart(record, names[to]) if record else None
        return found.key if found else None

    def _named(self, side: Side, type_name: str, key: Json) -> Record | None:
        if not isinstance(key, (str, int)) or isinstance(key, bool):
            return None
        return self.history.record(side, type_name, key)


class _Loosely:
    """Compares references where people left keys that lead nowhere: those are not judged."""

    def __init__(self, book: LinkBook) -> None:
        self._book = book

    def agree(self, reference: Reference, source_key: Json, target_key: Json) -> bool | None:
        """Tell whether two keys name counterparts; None where one of them leads nowhere."""
        keys: tuple[tuple[Side, Json], ...] = (("source", source_key), ("target", target_key))
        if any(self._book.leads_nowhere(side, reference, key) for side, key in keys):
            return None
        return self._book.agree(reference, source_key, target_key)


def _units(dataflow: Dataflow) -> dict[int, tuple[Unit, ...]]:
    """Give the units of each pair, by its number."""
    return {pair.number: units_of(pair) for pair in dataflow.pairs}


def _comparable(dataflow: Dataflow) -> dict[int, tuple[Unit, ...]]:
    """Give those units by which records can be found."""
    units = once(_units, dataflow)
    return {n: tuple(unit for unit in of if unit.is_comparable) for n, of in units.items()}


def _pairs(dataflow: Dataflow) -> dict[tuple[Side, str], tuple[Pair, ...]]:
    """Give the pairs that a type takes part in, by side and type."""
    found: dict[tuple[Side, str], tuple[Pair, ...]] = {}
    for pair in dataflow.pairs:
        for side in SIDES:
            entry = (side, pair.type_on(side))
            found[entry] = (*found.get(entry, ()), pair)
    return found


def _filled_in(dataflow: Dataflow) -> dict[tuple[int, Side, str], tuple[Json, ...]]:
    """Give the values that conditions ask for, by pair, side and path."""
    found: dict[tuple[int, Side, str], tuple[Json, ...]] = {}
    for pair in dataflow.pairs:
        for condition in (c for row in pair.rows for c in row.when):
            place = (pair.number, condition.side, condition.path.text)
            found[place] = (*found.get(place, ()), condition.equals)
    return found


def _mates(
    dataflow: Dataflow,
) -> dict[tuple[int, int], list[tuple[int, int, frozenset[Side]]]]:
    """Give, by pair and place of a unit, those of the units that have a property in common with it.

    Units of another pair can have one in common where both pairs have the same source type.
    """
    units = once(_units, dataflow)
    places = [
        (pair, at, _paths(unit))
        for pair in dataflow.pairs
        for at, unit in enumerate(units[pair.number])
    ]
    found: dict[tuple[int, int], list[tuple[int, int, frozenset[Side]]]] = {}
    for pair, at, paths in places:
        for other, place, theirs in places:
            if pair.source != other.source:
                continue
            sides: frozenset[Side] = frozenset(side for side, _ in paths & theirs)
            if pair is not other:
                sides &= {"source"}
                if _list_of(units[pair.number][at]) & _list_of(units[other.number][place]):
                    sides = frozenset({"source"})
            if sides and not (pair is other and at == place):
                found.setdefault((pair.number, at), []).append((other.number, place, sides))
    return found


def _list_of(unit: Unit) -> set[str]:
    """Give the source list that the unit is the whole of: its elements belong to all such units."""
    return {unit.row.source.list_text} if unit.is_list else set()


def _paths(unit: Unit) -> set[tuple[Side, str]]:
    return {
        (side, row.path(side).text)
        for _, row in unit.rows
        for side in SIDES
        if not row.path(side).is_key
    }
