"""The records without a link. Rule: a source stands here once for each of its pairs, a target once
for all pairs of its type; whoever is dead leaves after the settle at which that was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tallystick.dataflow.model import Pair, Side
from tallystick.laws.history import Record

__all__ = ["Unlinked"]


class Unlinked:
    """Pools of records, by identity: of sources by the pair's number, of targets by their type."""

    def __init__(self, order: Sequence[Pair]) -> None:
        self.sources: dict[int, dict[int, Record]] = {pair.number: {} for pair in order}
        self.targets: dict[str, dict[int, Record]] = {pair.target: {} for pair in order}
        self._pools: dict[tuple[Side, str], list[dict[int, Record]]] = {
            ("target", type_name): [pool] for type_name, pool in self.targets.items()
        }
        for pair in order:
            pools = self._pools.setdefault(("source", pair.source), [])
            pools.append(self.sources[pair.number])

    def pool(self, pair: Pair, side: Side) -> dict[int, Record]:
        """Give the records of a pair's type on one side that have no link by it."""
        return self.sources[pair.number] if side == "source" else self.targets[pair.target]

    def take_in(self, records: Iterable[Record]) -> None:
        """Take in records that are new."""
        for record in records:
            for pool in self._pools.get((record.side, record.type), ()):
                pool[id(record)] = record

    def take_out(self, pair: Pair, source: Record, target: Record) -> None:
        """Take out two records that are linked by a pair from now on."""
        del self.sources[pair.number][id(source)]
        self.targets[pair.target].pop(id(target), None)

    def take_in_again(self, pair: Pair, source: Record, target: Record) -> None:
        """Take in two records that are no longer linked by a pair."""
        self.sources[pair.number][id(source)] = source
        self.targets[pair.target][id(target)] = target

    def has(self, pair: Pair, source: Record, target: Record) -> bool:
        """Tell whether both records are here."""
        return id(source) in self.pool(pair, "source") and id(target) in self.pool(pair, "target")

    def may_be_linked(self, number: int, source: Record, target: Record) -> bool:
        """Tell whether one of two records at least is here; the other one, if not, is dead."""
        pools = (self.sources[number], self.targets[target.type])
        here = [id(record) in pool for record, pool in zip((source, target), pools, strict=True)]
        return any(here) and all(
            there or not record.live for there, record in zip(here, (source, target), strict=True)
        )

    def drop(self, record: Record) -> None:
        """Forget a record."""
        for pool in self._pools.get((record.side, record.type), ()):
            pool.pop(id(record), None)

    def drop_dead(self) -> None:
        """Forget the records that are deleted."""
        for pool in (*self.sources.values(), *self.targets.values()):
            for number in [n for n, record in pool.items() if not record.live]:
                del pool[number]
