"""Faults of technical keys: the same for two records, or not taken for what they show."""

from __future__ import annotations

from tallystick_reference import Connector, Parts
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record
from tallystick_reference.store import Intent
from tallystick_reference.values import Json
from tests.faulty.fault import FAULTS, Faulty


class OneTokenAType(Connector):
    """Derives a create's token from the type, and not from the record."""

    def token(self, intent: Intent) -> str:
        """Leave the record's key out."""
        return f"tallystick-{intent.pair}-{intent.side}"


class TakenIsRefused(Ledger):
    """Takes a conflict of external references for a refusal, not for the link that it shows.

    (Of orders only: customers and products would be matched by what they hold.)
    """

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Adopt no order."""
        body = {"data": data, "external_reference": token}
        if type_ != "Order":
            return super().create(type_, data, token)
        answer = self.transport.send("POST", self.path(type_), body=body, repeatable=True)
        return self.record(self.written(answer))


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
        parts=Parts(ledger=TakenIsRefused),
        weather=FAULTS,
    ),
)
