"""The links of a world, as far as they can be told from outside. Rule: it never asks a connector.

A `Link` joins a source record with its counterpart for one pair. For each unit it keeps the views
that stood when the two were last seen to agree (the base), and the event up to which people's
edits have been accounted for. Links whose records cannot be told apart yet share a `group`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tallystick.canonical import Json
from tallystick.dataflow.model import SIDES, Pair, Reference, Row, Side
from tallystick.dataflow.units import Unit, units_of
from tallystick.laws.history import History, Record

__all__ = ["Base", "Group", "How", "Link", "LinkBook"]

How = Literal["created", "merged"]
Base = tuple[Json, Json]
Group = list["Link"]


@dataclass(slots=True, eq=False)
class Link:
    """A source record and its counterpart. `bases[i]` is None until unit i was seen to agree."""

    pair: Pair
    units: tuple[Unit, ...]
    source: Record
    target: Record
    how: How
    bases: list[Base | None] = field(default_factory=list)
    accounted: list[int] = field(default_factory=list)
    ended: bool = False  # by a deletion; a detached survivor keeps its ended link
    group: Group | None = None

    def record(self, side: Side) -> Record:
        """Give the record on `side`."""
        return self.source if side == "source" else self.target

    def views(self, unit: Unit, source: Json, target: Json) -> Base:
        """Give the views of a unit on the data of the two records."""
        return (
            unit.view("source", source, self.source.key),
            unit.view("target", target, self.target.key),
        )

    def forget(self) -> None:
        """Drop what was already accounted for from the two records' acts."""
        oldest = min(self.accounted, default=-1)
        for record in (self.source, self.target):
            if record.acts and record.acts[0].event <= oldest:
                record.acts = [act for act in record.acts if act.event > oldest]


class LinkBook:
    """All links of a world, and the records that have none."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.units: dict[int, tuple[Unit, ...]] = {
            pair.number: units_of(pair) for pair in history.dataflow.pairs
        }
        self.shared: dict[int, dict[int, tuple[int, ...]]] = {
            number: _shared(units) for number, units in self.units.items()
        }
        self.pairs: dict[tuple[Side, str], tuple[Pair, ...]] = {}
        for pair in history.dataflow.pairs:
            for side in ("source", "target"):
                entry: tuple[Side, str] = (side, pair.type_on(side))
                self.pairs[entry] = (*self.pairs.get(entry, ()), pair)
        self._by_source: dict[tuple[int, int], Link] = {}
        self._by_target: dict[int, Link] = {}

    def join(self, pair: Pair, source: Record, target: Record, how: How) -> Link:
        """Make a link; its bases are open until the first judgement."""
        units = self.units[pair.number]
        link = Link(pair, units, source, target, how, [None] * len(units), [-1] * len(units))
        self._by_source[pair.number, id(source)] = link
        self._by_target[id(target)] = link
        return link

    def rejoin(self, links: list[Link], targets: list[Record]) -> None:
        """Give the links of a group other targets (the same ones, in another order)."""
        for link, target in zip(links, targets, strict=True):
            link.target = target
            self._by_target[id(target)] = link

    def of_source(self, pair: Pair, record: Record) -> Link | None:
        """Give the link of a source record in one pair, ended ones included."""
        return self._by_source.get((pair.number, id(record)))

    def of_target(self, record: Record) -> Link | None:
        """Give the link of a target record, ended ones included."""
        return self._by_target.get(id(record))

    def links_of(self, record: Record) -> list[Link]:
        """Give all links of a record, in the pairs' order."""
        if record.side == "target":
            link = self._by_target.get(id(record))
            return [link] if link else []
        pairs = self.pairs.get(("source", record.type), ())
        found = (self._by_source.get((pair.number, id(record))) for pair in pairs)
        return [link for link in found if link is not None]

    def counterpart(self, record: Record, type_name: str = "") -> Record | None:
        """Give a record's counterpart (of `type_name`, if several) in the first pair that has one.

        A counterpart that was deleted is still the counterpart.
        """
        for link in self.links_of(record):
            other = link.target if record is link.source else link.source
            if not type_name or other.type == type_name:
                return other
        return None

    def all(self) -> list[Link]:
        """Give all links in the order of their making."""
        return list(self._by_source.values())

    def agree(self, reference: Reference, source_key: Json, target_key: Json) -> bool | None:
        """Tell whether two keys name counterparts; None where that cannot be known."""
        source = self._named("source", reference.source, source_key)
        target = self._named("target", reference.target, target_key)
        expected = self.counterpart(source, reference.target) if source else None
        if expected is not None:
            return expected is target
        if source_key is not None:
            return None  # unknown, or covered by no rule: not judged
        if target_key is None:
            return True
        return False if target is not None and self.links_of(target) else None

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


def _shared(units: tuple[Unit, ...]) -> dict[int, tuple[int, ...]]:
    """Give, for the units that have a property in common with others, the places of those."""
    found: dict[int, tuple[int, ...]] = {}
    for at, unit in enumerate(units):
        mates = tuple(
            other
            for other, candidate in enumerate(units)
            if other != at and _paths(unit) & _paths(candidate)
        )
        if mates:
            found[at] = mates
    return found


def _paths(unit: Unit) -> set[tuple[str, str]]:
    return {
        (side, row.path(side).text)
        for _, row in unit.rows
        for side in SIDES
        if not row.path(side).is_key
    }
