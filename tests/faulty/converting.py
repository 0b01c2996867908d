"""Faults of meaning: currencies, units, countries, and values that nobody entered."""

from __future__ import annotations

from collections.abc import Callable, Collection

from tallystick_reference import Connector, Parts
from tallystick_reference.records import Lens, Record
from tallystick_reference.store import Intent
from tallystick_reference.values import Json
from tests.faulty.fault import Faulty
from tests.faulty.lenses import with_lens_at, with_writes

_ROOM = 10  # longer lists are refused, which would be told first


class OnlyGrows(Lens):
    """Adds to a list as long as there is room, and takes nothing away unless everything goes."""

    def write(self, record: Record, value: Json, old: Json) -> None:
        """Write what is there, and what is new."""
        there = self.items(record)
        if isinstance(value, list) and value:
            grown = [*there, *(item for item in value if item not in there)]
            value = grown if len(grown) <= _ROOM else value
        super().write(record, value, old)


class PaidAtOnce(Connector):
    """Reports an order as paid as soon as it is in the books."""

    def finish(self, intent: Intent) -> None:
        """Write the status back."""
        super().finish(intent)
        type_ = self.dataflow.pairs[intent.pair].types[intent.side]
        if type_ == "Order" and intent.side == "source":
            record = self.systems["source"].get(type_, intent.id)
            if record is not None and not record.gone:
                data = {**record.data, "status": "paid"}
                self.systems["source"].update(type_, record, data)


def _number(change: Callable[[float], float]) -> Callable[[Json], Json]:
    """Change numbers, and nothing else."""

    def changed(value: Json) -> Json:
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        return change(value) if plain else value

    return changed


def _digits(value: Json) -> Json:
    """Take a text of many digits for a number."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) > 15:
        return str(int(float(value)))
    return value


def _fault(
    name: str,
    law: str,
    change: Callable[[Json], Json],
    failure: str,
    story: str,
    *,
    of: str = "",
    at: Collection[str] = (),
) -> Faulty:
    parts = Parts(read_dataflow=with_writes(change, of=of, at=at))
    return Faulty(name=name, law=law, story=story, failure=failure, parts=parts)


FAULTY = (
    _fault(
        "gross-for-net",
        "no-invention",
        _number(lambda amount: amount * 1.25),
        "net taken for gross",
        "Prices arrive with the tax added once more.",
        at=("Sales.UnitPrice", "Amounts.Total"),
    ),
    _fault(
        "one-currency",
        "no-invention",
        lambda value: value and "NOK",
        "currency replaced by the default",
        "What was ordered in euros is in the books in kroner.",
        at=("Sales.CurrencyCode", "CurrencyCode"),
    ),
    _fault(
        "country-unknown",
        "in-sync",
        lambda value: None if value == "DK" else value,
        "country codes",
        "Addresses in a country that the connector does not know arrive without it.",
        at=("Address.CountryCode", "Delivery.CountryCode"),
    ),
    _fault(
        "grams-as-kilograms",
        "no-invention",
        _number(lambda grams: round(grams / 1000, 6)),
        "unit factors",
        "A weight in grams arrives as so many thousandths of it.",
        at=("Logistics.NetWeight",),
    ),
    _fault(
        "digits-are-numbers",
        "no-invention",
        _digits,
        "numbers beyond 2^53",
        "The last digits of a long bar code are wrong.",
        of="string",
    ),
    Faulty(
        name="labels-pile-up",
        law="no-invention",
        story="A tag that was taken off in the shop stays on the order in the ERP.",
        failure="lists that only grow",
        parts=Parts(read_dataflow=with_lens_at("Labels", OnlyGrows)),
    ),
    Faulty(
        name="paid-at-once",
        law="no-invention",
        story="Every order that reaches the ERP is reported as paid to the shop.",
        failure="premature status write-back",
        parts=Parts(connector=PaidAtOnce),
    ),
)
