"""Correct connectors on the reference's engine that talk quite differently.

`whole` writes all listed properties with every update, `full` reads everything each time and keeps
no cursor, `backwards` begins with the target, in batches: it reads once, and works until all that
it has read is done before it reads again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tallystick_reference import Connector, GaveUp, Parts
from tallystick_reference import connect as connect_reference
from tallystick_reference.dialect import Batch
from tallystick_reference.errors import Unavailable
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record
from tallystick_reference.storefront import Storefront, merge_patch
from tallystick_reference.values import Json


class WholePatch(Storefront):
    """Sends each property that the record has, changed or not, and null for what went."""

    listed = (  # of the packaged agreement's shop; others are sent whole as well
        *("email", "firstName", "lastName", "company", "billing", "phones", "acceptsMarketing"),
        *("loyaltyPoints", "tier", "creditLimit", "discountRate", "segment", "registeredAt"),
        *("sku", "title", "description", "price", "currency", "weight", "published", "position"),
        *("vendor", "barcode", "categories", "images", "metafields", "publishedAt"),
        *("number", "status", "placedAt", "customerId", "contactEmail", "note", "paid", "queue"),
        *("tags", "discountCodes", "lines"),
    )

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Send all that is listed."""
        whole = {name: data[name] for name in self.listed if name in data}
        body = {"data": whole | merge_patch(record.data, data)}
        answer = self.transport.send("PATCH", self.path(type_, record.id), body=body)
        return self.record(self.written(answer))


class FullShop(Storefront):
    """Lists everything that is there; who is missing is asked for."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read without cursor."""
        return Batch(records=self.pages(type_, {}), cursor="", complete=True)


class FullErp(Ledger):
    """Begins a full reading each time, and throws the delta link away."""

    def changes(self, type_: str, cursor: str | None) -> Batch:
        """Read without cursor."""
        return super().changes(type_, None)


class TargetFirst(Connector):
    """Works off one batch after the other, the target's first, the newest record first."""

    def sync(self) -> None:
        """Read a batch, work until it is done, read the next."""
        for system in self.systems.values():
            system.transport.begin()
        for _ in range(self.rounds):
            self.read()
            if not self.batch():
                return

    def batch(self) -> bool:
        """Do what is noted, again and again; tell whether there was anything."""
        found, waiting = False, 0
        for _ in range(self.tries):
            waiting = 0
            self._visited.clear()
            todo = sorted(self.store.todo(), key=lambda i: (i.side, str(i.id)), reverse=True)
            intents = self.store.intents()
            if not todo and not intents:
                return found
            found = True
            for work, what in (
                *((self.finish, i) for i in intents),
                *((self.visit, t) for t in todo),
            ):
                try:
                    work(what)
                except Unavailable:
                    waiting += 1
            if waiting:
                raise GaveUp(f"{waiting} records have to wait")
        return found


def _maker(parts: Parts) -> Callable[..., Any]:
    def connect(
        env: Mapping[str, str], *, now: Callable[[], float], sleep: Callable[[float], None]
    ) -> Any:
        return connect_reference(env, now=now, sleep=sleep, parts=parts)

    return connect


whole = _maker(Parts(storefront=WholePatch))
full = _maker(Parts(storefront=FullShop, ledger=FullErp))
backwards = _maker(Parts(connector=TargetFirst))
