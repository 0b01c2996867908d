"""Faults of technical keys: the same for two records, or not taken for what they show."""

from __future__ import annotations

from tallystick_reference import Connector, Parts
from tallystick_reference.errors import Refused
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record
from tallystick_reference.store import Intent
from tests.faulty.fault import FAULTS, Faulty


class OneTokenAType(Connector):
    """Derives a create's token from the type, and not from the record."""

    def token(self, intent: Intent) -> str:
        """Leave the record's key out."""
        return f"tallystick-{intent.pair}-{intent.side}"


class TakenIsRefused(Ledger):
    """Takes a conflict of external references for a refusal, not for the link that it shows."""

    def adopt(self, record: Record | None, token: str) -> Record:
        """Adopt nothing."""
        raise Refused(f"{token} is taken already, by {record and record.id}")


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
        story="A create whose answer was lost is refused when it is sent again; the two never meet.",
        failure="409 not adopted as the link",
        parts=Parts(ledger=TakenIsRefused),
        weather=FAULTS,
    ),
)
