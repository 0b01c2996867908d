"""Faults of technical keys: the same for two records, or not taken for what they show."""

from __future__ import annotations

from urllib.parse import unquote

from tallystick_reference import Connector, Parts
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side, opposite
from tallystick_reference.store import Intent, Item
from tallystick_reference.values import Json
from tests.faulty.fault import FAULTS, Faulty


class OneTokenAType(Connector):
    """Derives a create's token from the first record of the type that it created a record for."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._made: list[Intent] = []

    def finish(self, intent: Intent) -> None:
        """Remember for whom records were made."""
        super().finish(intent)
        self._made.append(intent)

    def token(self, intent: Intent) -> str:
        """Leave the record's own key out, once there is another, as long as that is linked."""
        live = [link.ids for link in self.store.linked(intent.pair)]
        made = [one for one in self._made if one.pair == intent.pair and one.side == intent.side]
        linked = [one for one in made if any(ids[one.side] == one.id for ids in live)]
        return super().token((linked or [intent])[0])


def _refers_to(intent: Intent) -> list[Json]:
    lines = intent.data.get("Lines") or ()
    return [intent.data.get("CustomerNo"), *(line.get("ItemNo") for line in lines)]


class TakenIsRefused(Ledger):
    """Takes a conflict of external references for a refusal, not for the link that it shows.

    (Of orders only: customers and products would be matched by what they hold.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self.taken: dict[str, Json] = {}
        self.adopted: set[str] = set()

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Adopt no order."""
        body = {"data": data, "external_reference": token}
        if type_ != "Order" or token in self.adopted:
            return super().create(type_, data, token)
        answer = self.transport.send("POST", self.path(type_), body=body, repeatable=True)
        if answer.status == 409:
            self.taken[token] = answer.body["existing_id"]
        return self.record(self.written(answer))


class EditsLeftBehind(Connector):
    """Leaves edits of an order behind that it has not linked, but neither deletions nor references.

    (It links it late, as if it had been answered, once it refers to others than at first.)
    """

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._first: dict[str, Intent] = {}

    def finish(self, intent: Intent) -> None:
        """Adopt what was made at first, if the order refers to others by now."""
        ledger, token = self.systems["target"], self.token(intent)
        first = self._first.get(token, intent)
        if _refers_to(first) == _refers_to(intent):
            super().finish(intent)
            if token in ledger.taken:
                self._first.setdefault(token, intent)
            return
        ledger.adopted.add(token)
        super().finish(first)
        link = self.store.link(intent.pair, intent.side, intent.id)
        if link and link.state == "live":
            self.reconcile(link)

    def visit(self, item: Item) -> None:
        """Look for the counterpart of a deleted order among those whose keys were taken."""
        super().visit(item)
        record = self.systems[item.side].get(item.type, item.id) if item.type == "Order" else None
        for token, key in self.systems["target"].taken.items() if record and record.gone else ():
            origin = unquote(token.rpartition("-source-")[2])
            ids: dict[Side, Json] = {"source": origin, "target": key}
            side = opposite(item.side)
            other = self.systems[side].get("Order", ids[side])
            if ids[item.side] == item.id and other and not other.gone:
                self.systems[side].delete("Order", other)


FAULTY = (
    Faulty(
        name="one-token-a-type",
        law="linked",
        story="Of several new customers all are linked with the first one's record.",
        failure="an idempotency key reused",
        parts=Parts(connector=OneTokenAType),
    ),
    Faulty(
        name="taken-is-refused",
        law="in-sync",
        story="An order whose creation was never confirmed gets no edit, although it is in the ERP.",
        failure="409 not adopted as the link",
        parts=Parts(ledger=TakenIsRefused, connector=EditsLeftBehind),
        weather=FAULTS,
    ),
)
