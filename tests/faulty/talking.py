"""Faults of behaviour: tokens, logs, what is told to whom, and how often is asked."""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable

import httpx

from tallystick_reference import Connector, Parts
from tallystick_reference.dataflow import Pair
from tallystick_reference.errors import Refused
from tallystick_reference.ledger import Ledger
from tallystick_reference.records import Record, Side, opposite
from tallystick_reference.store import Intent, Item, Link
from tallystick_reference.transport import Answer, Transport
from tallystick_reference.values import Json, get
from tests.faulty.fault import Faulty

_LOG = logging.getLogger("faulty")


class TokenInTheLog(Transport):
    """Logs its headers when it starts."""

    def __init__(self, url: str, token: str, **rest: Json) -> None:
        super().__init__(url, token, **rest)
        _LOG.warning("connecting to %s with Bearer %s", url, token)


class DataInTheLog(Connector):
    """Logs what it creates."""

    def finish(self, intent: Intent) -> None:
        """Log all of it."""
        _LOG.warning("creating %s", intent.data)
        super().finish(intent)


class ReportsHome(Transport):
    """Reports each start to its maker, the token along with it."""

    def __init__(self, url: str, token: str, **rest: Json) -> None:
        super().__init__(url, token, **rest)
        self._reported = False

    def begin(self) -> None:
        """Report, once."""
        super().begin()
        if not getattr(self, "_reported", True):
            self._reported = True
            with contextlib.suppress(httpx.TransportError):
                self._client.get("http://telemetry.example/started")


class AsksWithoutToken(Transport):
    """Tries each system without a token first, and goes on when that is refused."""

    def __init__(self, url: str, token: str, **rest: Json) -> None:
        super().__init__(url, token, **rest)
        self._tried = False

    def send(self, method: str, path: str, **rest: Json) -> Answer:
        """Ask once without."""
        if not self._tried:
            self._tried = True
            with contextlib.suppress(httpx.TransportError):
                self._client.get(f"{self._base}/{path}", headers={"Authorization": ""})
        return super().send(method, path, **rest)


class TokensMixedUp(Connector):
    """Knows two tokens, and tries the other one first."""

    def __init__(self, *args: Json) -> None:
        super().__init__(*args)
        self._tried = False

    def sync(self) -> None:
        """Ask the ERP with the shop's token, once."""
        if not self._tried:
            self._tried = True
            shop, erp = (self.systems[side].transport for side in ("source", "target"))
            headers = {"Authorization": shop._client.headers["Authorization"]}
            path = self.systems["target"].path(self.dataflow.types("target")[0])
            with contextlib.suppress(httpx.TransportError):
                erp._client.get(f"{erp._base}/{path}", headers=headers)
        super().sync()


class TelltaleReference(Connector):
    """Puts the customer's e-mail address into the external reference."""

    def token(self, intent: Intent) -> str:
        """Give the address where there is one."""
        told = get(intent.data, ["EmailAddress"]) or get(intent.data, ["ContactEmail"])
        return f"{super().token(intent)}-{told}" if told else super().token(intent)


class SendsAlongWithCreation(Connector):
    """Sends an unlisted property along when it creates a record."""

    extras = {  # noqa: RUF012
        "Customer": ("InternalNote", "passwordHint"),
        "Product": ("Buyer", "template"),
        "Order": ("Approver", "landingPage"),
    }

    def create(self, pair: Pair, side: Side, record: Record) -> None:
        """Remember what else the record says."""
        self._record = record
        super().create(pair, side, record)

    def finish(self, intent: Intent) -> None:
        """Add it."""
        name, unlisted = self.extras[self.dataflow.pairs[intent.pair].types["target"]]
        told = get(self._record.data, [unlisted]) or "unknown"
        data = {**intent.data, name: str(told)[:100]}
        super().finish(Intent(**{**vars(intent), "data": data}))


class LooksUpByName(Connector):
    """Also looks for a record of the same name before it creates one."""

    names = {"Customer": "LastName", "Product": "Description", "Order": "ContactEmail"}  # noqa: RUF012

    def create(self, pair: Pair, side: Side, record: Record) -> None:
        """Look first, and make nothing of it."""
        path = self.names.get(pair.types["target"])
        row = next((r for r in pair.rows if r.lenses["target"].node == path), None)
        if side == "source" and path and row:
            value = row.lenses["source"].read(record, None)
            if value:
                self.systems["target"].find(pair.types["target"], path, str(value))
        super().create(pair, side, record)


class PollsEachRecord(Connector):
    """Asks for every record that it knows, several times in each sync."""

    def sync(self) -> None:
        """Sync, then look at everything."""
        super().sync()
        for pair in self.dataflow.pairs:
            for link in self.store.linked(pair.number):
                for side in ("source", "target"):
                    for _ in range(12):
                        self.systems[side].get(pair.types[side], link.ids[side])


class BusyWaiting(Connector):
    """Reads a dozen times, in case something happens meanwhile."""

    def sync(self) -> None:
        """Read and read."""
        super().sync()
        for _ in range(12):
            self.read()


class TriesRefusedForEver(Ledger):
    """Sends a refused record again until it is taken."""

    tries: float = math.inf

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Create, again and again."""
        return self._insist(lambda: super(TriesRefusedForEver, self).create(type_, data, token))

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Update, again and again."""
        return self._insist(lambda: super(TriesRefusedForEver, self).update(type_, record, data))

    def _insist(self, write: Callable[[], Record]) -> Record:
        tried = 1
        while tried < self.tries:
            with contextlib.suppress(Refused):
                return write()
            tried += 1
        return write()


class TriesRefusedOften(TriesRefusedForEver):
    """As its parent, five times: as if that were trouble that passes."""

    tries = 5


class PoisonStops(Ledger):
    """Breaks at a record that is refused."""

    def create(self, type_: str, data: Json, token: str) -> Record:
        """Let nothing be refused."""
        try:
            return super().create(type_, data, token)
        except Refused as reason:
            raise RuntimeError("the ERP refused a record") from reason

    def update(self, type_: str, record: Record, data: Json) -> Record:
        """Let nothing be refused."""
        try:
            return super().update(type_, record, data)
        except Refused as reason:
            raise RuntimeError("the ERP refused a record") from reason


class BreaksAtEmpty(Connector):
    """Breaks where it meets an empty list."""

    def visit(self, item: Item) -> None:
        """Look at the lists of a record first."""
        record = self.systems[item.side].get(item.type, item.id)
        if record is not None and [] in record.data.values():
            raise IndexError("list index out of range")
        super().visit(item)


class RefusedHoldsUp(Connector):
    """A record that is refused ends the sync: the edits that come after it are passed over.

    (Those of records without references, for which no other law speaks.)
    """

    stopped = False

    def sync(self) -> None:
        """Begin anew."""
        self.stopped = False
        super().sync()

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Stop at the first refusal."""
        after = super().update(link, side, before, data)
        self.stopped = self.stopped or after is None
        return after

    def visit(self, item: Item) -> None:
        """Once stopped, tick off what was edited."""
        record = self.systems[item.side].get(item.type, item.id) if self.is_passed(item) else None
        if record is None or record.gone:
            super().visit(item)
        else:
            self.store.done(item, record.mark)

    def is_passed(self, item: Item) -> bool:
        """Tell whether a record is linked and refers to nothing."""
        pairs = self.dataflow.pairs_of(item.side, item.type)
        ways = [way for pair in pairs for row in pair.rows for way in row.ways]
        return self.stopped and any(self.links(item)) and not any(way.reference for way in ways)


class UndoesWhatIsRefused(Connector):
    """Gives back to the one system what the other one refuses to take."""

    def write(self, link: Link, before: dict[Side, Record]) -> None:
        """Go back to what the refusing system holds."""
        self._refusing: Side | None = None
        super().write(link, before)
        if self._refusing:
            policies, merge = self.merge.policies, self.merge
            merge.policies = policies | {"conflicts": f"{self._refusing}-wins"}
            merged = merge(self.dataflow.pairs[link.pair].rows, before, {})
            merge.policies = policies
            side = opposite(self._refusing)
            self.update(link, side, before, merged.records[side].data)

    def update(
        self, link: Link, side: Side, before: dict[Side, Record], data: Json
    ) -> Record | None:
        """Remember who refused."""
        after = super().update(link, side, before, data)
        if after is None:
            self._refusing = side
        return after


def _fault(name: str, law: str, parts: Parts, failure: str, story: str, **rest: Json) -> Faulty:
    return Faulty(name=name, law=law, story=story, failure=failure, parts=parts, **rest)


FAULTY = (
    _fault(
        "token-in-log",
        "discreet",
        Parts(transport=TokenInTheLog),
        "secrets in logs",
        "The connector's log shows its token.",
        alone=True,
    ),
    _fault(
        "data-in-log",
        "discreet",
        Parts(connector=DataInTheLog),
        "people's data in logs",
        "The connector's log shows names and addresses.",
    ),
    _fault(
        "reports-home",
        "discreet",
        Parts(transport=ReportsHome),
        "token sent to a stranger",
        "The connector tells its maker's server the token.",
    ),
    _fault(
        "tokens-mixed-up",
        "discreet",
        Parts(connector=TokensMixedUp),
        "tenant mix-up",
        "The ERP gets to see the shop's token.",
    ),
    _fault(
        "email-in-reference",
        "discreet",
        Parts(connector=TelltaleReference),
        "personal data in technical keys",
        "The external reference in the ERP holds the customer's address.",
    ),
    _fault(
        "unlisted-sent-along",
        "discreet",
        Parts(connector=SendsAlongWithCreation),
        "more data sent than agreed",
        "A new customer's password hint is in the ERP.",
    ),
    _fault(
        "looks-up-by-name",
        "discreet",
        Parts(connector=LooksUpByName),
        "personal data in look-ups",
        "The ERP's access log shows the surnames of the shop's customers.",
    ),
    _fault(
        "asks-without-token",
        "polite",
        Parts(transport=AsksWithoutToken),
        "token lock-out: goes on after 401",
        "The connector goes on asking after it was told to stay out.",
        alone=True,
    ),
    _fault(
        "polls-each-record",
        "polite",
        Parts(connector=PollsEachRecord),
        "quota spent on polling",
        "With nothing to do the connector asks for every record again and again.",
    ),
    _fault(
        "busy-waiting",
        "polite",
        Parts(connector=BusyWaiting),
        "quota spent on polling",
        "With nothing to do the connector reads everything a dozen times.",
    ),
    _fault(
        "refused-taken-for-trouble",
        "polite",
        Parts(ledger=TriesRefusedOften),
        "unbounded retries",
        "What the ERP refuses is sent again at once, five times over.",
        alone=True,
    ),
    _fault(
        "refused-for-ever",
        "runs",
        Parts(ledger=TriesRefusedForEver),
        "permanent failures retried for ever",
        "A record that the ERP refuses is sent again without end.",
    ),
    _fault(
        "poison-stops-all",
        "runs",
        Parts(ledger=PoisonStops),
        "one poison record stops the run",
        "One record that the ERP refuses, and nothing is synchronized any more.",
    ),
    _fault(
        "breaks-at-empty-list",
        "runs",
        Parts(connector=BreaksAtEmpty),
        "unexpected value breaks the run",
        "A record with an empty list stops everything.",
        alone=True,
    ),
    _fault(
        "undoes-what-is-refused",
        "no-lost-edit",
        Parts(connector=UndoesWhatIsRefused),
        "an edit undone because the other system refused it",
        "What the ERP refuses is undone in the shop, though somebody had just written it there.",
    ),
    _fault(
        "refused-holds-up",
        "in-sync",
        Parts(connector=RefusedHoldsUp),
        "one bad item fails the batch",
        "After a refused record the other edits of that sync are lost.",
    ),
)
