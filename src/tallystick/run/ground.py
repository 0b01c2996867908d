"""The two systems that a world stands on. Rule: they know of no script and no journal.

Mostly every world has a ground of its own. Where one connector process serves many scripts, their
worlds share one: records of earlier worlds stay there as bystanders, deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tallystick.clock import Clock
from tallystick.connectors.environment import TOKENS
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.systems import Store, Storefront, System, build
from tallystick.systems.webhooks import Delivery
from tallystick.vocabulary.events import Change

__all__ = ["Ground"]

RecordKey = tuple[Side, str, str | int]


@dataclass(slots=True)
class Ground:
    """Both systems and their records; `bystanders` are the records of earlier worlds."""

    stores: dict[Side, Store]
    systems: dict[Side, System]
    shared: bool = False
    bystanders: set[RecordKey] = field(default_factory=set)

    @classmethod
    def new(
        cls,
        dataflow: Dataflow,
        clock: Clock,
        urls: Mapping[Side, str],
        *,
        tokens: Mapping[Side, str] = TOKENS,
        skew_ms: Mapping[Side, int] | None = None,
        shared: bool = False,
        webhooks: bool = False,
    ) -> Ground:
        """Give empty systems at `urls`, open to `tokens`, that live by `clock`.

        With `webhooks`, those that speak storefront/1 take registrations.
        """
        stores = {
            side: Store(side, dataflow.types(side), clock, skew_ms=(skew_ms or {}).get(side, 0))
            for side in SIDES
        }
        systems: dict[Side, System] = {
            side: build(
                dataflow.system(side).api,
                stores[side],
                token=tokens[side],
                base_url=urls[side],
                numbers=dataflow.numbers,
            )
            for side in SIDES
        }
        for system in systems.values():
            if webhooks and isinstance(system, Storefront):
                system.offer_webhooks()
        return cls(stores, systems, shared)

    def deliveries(self, change: Change, now_ms: int) -> list[Delivery]:
        """Give the webhooks that tell of a change."""
        system = self.systems[change.side]
        if not isinstance(system, Storefront) or system.webhooks is None:
            return []
        return system.webhooks.deliveries(change, now_ms)

    def own(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Give the changes that are not of bystanders."""
        changed = tuple(changes)
        if not self.bystanders:
            return changed
        return tuple(c for c in changed if (c.side, c.type, c.key) not in self.bystanders)

    def clear(self) -> None:
        """Have people delete every record that is there."""
        for store in self.stores.values():
            for name in store.tables:
                for key in store.live(name):
                    store.clock.advance(1)
                    store.delete(name, key)

    def retire(self) -> None:
        """Make bystanders of all records."""
        for side, store in self.stores.items():
            for name, table in store.tables.items():
                self.bystanders.update((side, name, key) for key in table.newest)
