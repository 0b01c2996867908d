"""A connector's test as a good tester writes it by hand in an afternoon; `by_hand.py` measures it.

A rule-based state machine creates, edits and deletes customers and orders in two stubbed systems.
After each sync it compares the two, record by record, matched by e-mail address or order number:
what people changed must stand on both sides, and what they did not must be as it was. It knows
nothing of Tallystick. Trouble, kills and races would take more than an afternoon.
"""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from hand_written_systems import Erp, Shop, Stored, get, put
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

__all__ = ["Outcome", "run"]

MOST_RECORDS: Final = 8
SYNC_S: Final = 5.0  # a sync that takes longer has failed
TOKENS: Final = {"shop": "shop-token", "erp": "erp-token"}

# What is kept in sync: values of each kind, and what the shop's become in the ERP


class Kind(NamedTuple):
    """Values on both sides, the ERP's image of the shop's, and the ERP's as they are compared."""

    shop: st.SearchStrategy[Any]
    erp: st.SearchStrategy[Any]
    image: Callable[[Any], Any] = lambda value: value
    plain: Callable[[Any], Any] = lambda value: value


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def alike(values: st.SearchStrategy[Any]) -> Kind:
    """Give a kind that is the same on both sides."""
    return Kind(values, values)


NAMES = ["Ann", "Øyvind Æsop", "O'Brien & Sons", "0017", " blank ", "", "Zoë 😀", "<b>", "x" * 120]
TEXTS = optional(
    st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["C"]), max_size=20)
)
AMOUNTS = st.decimals(0, 9999, places=2) | st.decimals(0, 9999, places=3)
NUMBERS = optional(st.integers(0, 9))
WORDS = st.sampled_from(["a", "b b", "0", "Ø"])
TEXT = alike(TEXTS)
LAND = alike(optional(st.sampled_from(["NO", "SE", "DE"])))
MONEY = alike(optional(st.sampled_from(["NOK", "EUR", "USD"])))
STATUS = alike(st.sampled_from(["pending", "paid", "shipped", "cancelled"]))
YES = alike(optional(st.booleans()))
COUNT = alike(optional(st.integers(0, 10_000)))
RATE = alike(optional(st.sampled_from([0, 0.25, 0.1, 1])))
CODE = Kind(
    NUMBERS, NUMBERS.map(lambda n: n if n is None else str(n)), lambda v: v if v is None else str(v)
)
AMOUNT = Kind(
    optional(AMOUNTS.map(str)), optional(AMOUNTS.map(float)), lambda v: v if v is None else float(v)
)
FIRST = Kind(optional(st.lists(WORDS, max_size=3)), optional(WORDS), lambda v: v[0] if v else None)
ONE = Kind(
    optional(WORDS),
    optional(st.lists(WORDS, max_size=1)),
    lambda v: v if v is None else [v] if v else [],
)
MANY = alike(optional(st.lists(WORDS, max_size=4)))
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1)).map(str)
HOURS = st.sampled_from(["00:00:00", "12:30:00", "23:59:59"])
DAY = Kind(
    optional(st.builds("{}T{}Z".format, DAYS, HOURS)),
    optional(DAYS),
    lambda v: v if v is None else v[:10],
)

LINE: Final = {
    "title": ("Text", TEXT),
    "quantity": ("Quantity", COUNT),
    "price": ("UnitPrice", AMOUNT),
    "giftWrap": ("GiftWrap", YES),
}
LINES = Kind(
    st.lists(
        st.fixed_dictionaries({name: kind.shop for name, (_, kind) in LINE.items()}), max_size=3
    ),
    st.lists(st.fixed_dictionaries({there: kind.erp for there, kind in LINE.values()}), max_size=3),
    lambda lines: [
        {there: kind.image(get(line, name)) for name, (there, kind) in LINE.items()}
        for line in lines or []
    ],
    lambda lines: [{there: get(line, there) for there, _ in LINE.values()} for line in lines or []],
)


class View(NamedTuple):
    """A record as it is compared: what is kept in sync, what is not, and all of it."""

    values: dict[str, Any]
    unlisted: dict[str, Any]
    data: dict[str, Any]


class Type(NamedTuple):
    """A type of record: its tables, the key that people know it by, its properties."""

    tables: Mapping[str, str]
    key: Mapping[str, str]
    properties: Mapping[str, tuple[str, Kind]]
    unlisted: Mapping[str, tuple[str, ...]]


CUSTOMER: Final = Type(
    {"shop": "customers", "erp": "customers"},
    {"shop": "email", "erp": "EmailAddress"},
    {
        "firstName": ("FirstName", TEXT),
        "lastName": ("LastName", TEXT),
        "company.name": ("CompanyName", TEXT),
        "company.vatNumber": ("Tax.Number", TEXT),
        "billing.street": ("Address.Line1", TEXT),
        "billing.postalCode": ("Address.PostCode", TEXT),
        "billing.city": ("Address.City", TEXT),
        "billing.country": ("Address.CountryCode", LAND),
        "phones": ("PrimaryPhone", FIRST),
        "acceptsMarketing": ("MarketingConsent", YES),
        "loyaltyPoints": ("BonusPoints", COUNT),
        "tier": ("PriceGroup", CODE),
        "creditLimit": ("Credit.Limit", AMOUNT),
        "discountRate": ("DiscountRate", RATE),
        "segment": ("Segments", ONE),
        "registeredAt": ("CustomerSince", DAY),
    },
    {"shop": ("passwordHint", "cartToken"), "erp": ("InternalNote", "Credit.Rating")},
)
ORDER: Final = Type(
    {"shop": "orders", "erp": "sales-orders"},
    {"shop": "number", "erp": "ExternalNumber"},
    {
        "status": ("Status", STATUS),
        "placedAt": ("OrderDate", DAY),
        "contactEmail": ("ContactEmail", TEXT),
        "note": ("Comment", TEXT),
        "paid": ("Settled", YES),
        "currency": ("CurrencyCode", MONEY),
        "queue": ("Priority", CODE),
        "shipping.name": ("Delivery.Name", TEXT),
        "shipping.street": ("Delivery.Address", TEXT),
        "shipping.postalCode": ("Delivery.PostCode", TEXT),
        "shipping.city": ("Delivery.City", TEXT),
        "shipping.country": ("Delivery.CountryCode", LAND),
        "totals.grand": ("Amounts.Total", AMOUNT),
        "totals.tax": ("Amounts.Tax", AMOUNT._replace(shop=AMOUNT.erp, image=lambda v: v)),
        "tags": ("Labels", MANY),
        "discountCodes": ("VoucherCode", FIRST),
        "lines": ("Lines", LINES),
    },
    {"shop": ("clientIp", "shipping.method"), "erp": ("Approver", "Delivery.Carrier")},
)
TYPES: Final = (CUSTOMER, ORDER)
REFERENCE: Final = {"shop": "customerId", "erp": "CustomerNo"}
SIDES: Final = ("shop", "erp")
UNKNOWN: Final = "?"  # the customer of an order that names none who is there


THEN: Final = st.sampled_from(["", "", "", "sync", "sync", "twice", "restart"])
Form: TypeAlias = tuple[str, dict[str, Any]]


def forms(type_: Type, side: str, *, some: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Draw values by path: of every property, or of up to three."""
    fields = {
        (path if side == "shop" else there): getattr(kind, side)
        for path, (there, kind) in type_.properties.items()
    }
    fields |= dict.fromkeys(type_.unlisted[side], TEXTS)
    if not some:
        return st.fixed_dictionaries(fields)
    chosen = st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({n: fields[n] for n in names}))


def made(type_: Type) -> st.SearchStrategy[Form]:
    """Draw a side, the shop more often, and a whole form."""
    return st.sampled_from(["shop", "shop", "erp"]).flatmap(
        lambda side: st.tuples(st.just(side), forms(type_, side, some=False))
    )


def edited(type_: Type) -> st.SearchStrategy[Form]:
    """Draw a side and a few changes."""
    return st.sampled_from(SIDES).flatmap(
        lambda side: st.tuples(st.just(side), forms(type_, side, some=True))
    )


# The test


class Bench:
    """What the machines of one run share: the stubs, how to make a connector, and the count."""

    def __init__(self, connect: Callable[..., Any], dataflow: Path, seconds: float) -> None:
        self.connect, self.dataflow = connect, dataflow
        self.stubs = {"shop": Shop(TOKENS["shop"]), "erp": Erp(TOKENS["erp"])}
        self.began, self.budget = time.process_time(), seconds
        self.edits = 0
        self.is_over = False
        self.failure = ""
        self.failed_after = 0.0

    def spent(self) -> float:
        """Give the processor's seconds so far, the stubs' included."""
        return time.process_time() - self.began

    def fail(self, what: str) -> None:
        """Note the first failure."""
        if not self.failure:
            self.failure, self.failed_after = what, self.spent()


class OutOfTime(BaseException):
    """The run is over."""


class TooLong(BaseException):
    """A sync goes on and on."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong in the main thread after so many seconds."""

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def is_young(machine: Synchronized) -> bool:
    """Tell whether there are few records yet: edits of known ones are what it is about."""
    return machine.count < MOST_RECORDS


def is_full(machine: Synchronized) -> bool:
    """Tell whether records may be deleted: some always stay."""
    return machine.deleted < MOST_RECORDS // 2


class Synchronized(RuleBasedStateMachine):
    """Two systems, their people, and the connector between them."""

    bench: Bench
    customers: Bundle[str] = Bundle("customers")
    strangers: Bundle[str] = Bundle("strangers")
    orders: Bundle[str] = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.count = self.deleted = 0
        self.stood: dict[tuple[str, str], dict[str, Any]] = {}  # what was agreed, by table and key
        self.stubs = self.bench.stubs
        for stub in self.stubs.values():
            stub.clear()
        self.folder = tempfile.TemporaryDirectory(dir=self.bench.dataflow.parent)
        self.start()

    def start(self) -> None:
        """Start the connector."""
        env = {
            "TALLYSTICK_CONTRACT": "1",
            "TALLYSTICK_MODE": "stdio",
            "TALLYSTICK_DATAFLOW": str(self.bench.dataflow),
            "TALLYSTICK_STATE": self.folder.name,
        }
        for name, side in (("SOURCE", "shop"), ("TARGET", "erp")):
            env[f"TALLYSTICK_{name}_URL"] = self.stubs[side].url
            env[f"TALLYSTICK_{name}_TOKEN"] = TOKENS[side]
        self.connector = self.bench.connect(env, now=time.time, sleep=time.sleep)

    def teardown(self) -> None:
        """Sync for the last time, and clean up."""
        try:
            if not self.bench.failure:
                self.sync()
        finally:
            self.connector.close()
            self.folder.cleanup()

    # What people do; `then` is what the connector does next

    @initialize(target=customers, values=forms(CUSTOMER, "shop", some=False))
    def first_customer(self, values: dict[str, Any]) -> str:
        return self.create(CUSTOMER, "shop", values)

    @initialize(target=orders, values=forms(ORDER, "shop", some=False), customer=customers)
    def first_order(self, values: dict[str, Any], customer: str) -> str:
        key = self.create(ORDER, "shop", values)
        self.move(key, customer, "shop")
        self.sync()
        return key

    @precondition(is_young)
    @rule(target=customers, values=forms(CUSTOMER, "shop", some=False), then=THEN)
    def new_customer(self, values: dict[str, Any], then: str) -> str:
        key = self.create(CUSTOMER, "shop", values)
        self.then(then)
        return key

    @precondition(is_young)
    @rule(target=strangers, values=forms(CUSTOMER, "erp", some=False), then=THEN)
    def new_customer_in_erp(self, values: dict[str, Any], then: str) -> str:
        """Create one who must not appear in the shop."""
        key = self.create(CUSTOMER, "erp", values)
        self.then(then)
        return key

    @rule(
        target=customers,
        key=consumes(strangers),
        values=forms(CUSTOMER, "shop", some=False),
        then=THEN,
    )
    def stranger_in_shop(self, key: str, values: dict[str, Any], then: str) -> str:
        """Create in the shop whom only the ERP knows: the two belong together."""
        self.create(CUSTOMER, "shop", values, key)
        self.then(then)
        return key

    @precondition(is_young)
    @rule(target=orders, form=made(ORDER), customer=customers, guest=st.booleans(), then=THEN)
    def new_order(self, form: Form, customer: str, guest: bool, then: str) -> str:  # noqa: FBT001
        key = self.create(ORDER, *form)
        if not guest:
            self.move(key, customer, form[0])
        self.then(then)
        return key

    @rule(key=customers, form=edited(CUSTOMER), then=THEN)
    def edit_customer(self, key: str, form: Form, then: str) -> None:
        self.edit(CUSTOMER, key, *form)
        self.then(then)

    @rule(key=orders, form=edited(ORDER), then=THEN)
    def edit_order(self, key: str, form: Form, then: str) -> None:
        self.edit(ORDER, key, *form)
        self.then(then)

    @rule(key=orders, customer=customers, side=st.sampled_from(SIDES), then=THEN)
    def move_order(self, key: str, customer: str, side: str, then: str) -> None:
        self.move(key, customer, side)
        self.then(then)

    @precondition(is_full)
    @rule(key=consumes(customers), side=st.sampled_from(SIDES), then=THEN)
    def delete_customer(self, key: str, side: str, then: str) -> None:
        self.delete(CUSTOMER, key, side)
        self.then(then)

    @precondition(is_full)
    @rule(key=consumes(orders), side=st.sampled_from(SIDES), then=THEN)
    def delete_order(self, key: str, side: str, then: str) -> None:
        self.delete(ORDER, key, side)
        self.then(then)

    def then(self, what: str) -> None:
        """Sync or not, twice or after a restart; once in sync, another sync writes nothing."""
        if what == "restart":
            self.connector.close()
            self.start()
        if what:
            self.sync()
        if what == "twice":
            writes = [stub.writes for stub in self.stubs.values()]
            with self.noting():
                self.work()
                assert writes == [stub.writes for stub in self.stubs.values()], "it goes on writing"

    def sync(self) -> None:
        """Sync and compare."""
        before = [self.snapshot(type_) for type_ in TYPES]
        with self.noting():
            self.work()
            for type_, rows in zip(TYPES, before, strict=True):
                self.compare(type_, rows, self.snapshot(type_))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what fails, and when."""
        try:
            yield
        except Exception as error:
            self.bench.fail(f"{type(error).__name__}: {error}")
            raise

    def work(self) -> None:
        """Let the connector work."""
        if self.bench.spent() > self.bench.budget:
            self.bench.is_over = True
            raise OutOfTime
        try:
            with at_most(SYNC_S):
                self.connector.sync()
        except TooLong:
            raise AssertionError("the sync does not end") from None

    def create(self, type_: Type, side: str, values: dict[str, Any], key: str | None = None) -> str:
        """Create a record; give its e-mail address or number."""
        self.count += 1
        key = key or (
            f"Customer.{self.count}@example.com" if type_ is CUSTOMER else f"N{self.count}"
        )
        self.save(type_, side, None, {type_.key[side]: key, **values})
        return key

    def edit(self, type_: Type, key: str, side: str, values: dict[str, Any]) -> None:
        """Edit a record, if it is there."""
        if row := self.row(type_, side, key):
            self.save(type_, side, row, values)

    def move(self, key: str, customer: str, side: str) -> None:
        """Let an order name another customer, one whom the shop knows."""
        known = self.row(CUSTOMER, "shop", customer)
        there = self.row(CUSTOMER, side, customer)
        if known and there:
            self.edit(ORDER, key, side, {REFERENCE[side]: there.id})

    def save(self, type_: Type, side: str, row: Stored | None, values: dict[str, Any]) -> None:
        """Save what somebody entered."""
        data = deepcopy(row.data) if row else {}
        for path, value in values.items():
            put(data, path, value)
        self.stubs[side].save(type_.tables[side], row, data)
        self.bench.edits += 1

    def delete(self, type_: Type, key: str, side: str) -> None:
        """Delete a record, if it is there."""
        self.deleted += 1
        if row := self.row(type_, side, key):
            self.stubs[side].delete(type_.tables[side], row)
            self.bench.edits += 1

    def row(self, type_: Type, side: str, key: str) -> Stored | None:
        """Find a live record."""
        rows = self.stubs[side].live(type_.tables[side])
        return next((row for row in rows if row.data.get(type_.key[side]) == key), None)

    # What must be so afterwards

    def snapshot(self, type_: Type) -> dict[str, dict[str, View]]:
        """Give the live records of both sides, by key; no key may be there twice."""
        found: dict[str, dict[str, View]] = {}
        for side in SIDES:
            people = {r.id: r.data.get(CUSTOMER.key[side]) for r in self.live(CUSTOMER, side)}
            rows = self.live(type_, side)
            key = type_.key[side]
            found[side] = {str(r.data.get(key)): view(type_, side, r, people) for r in rows}
            assert len(found[side]) == len(rows), f"duplicates in the {side}"
        return found

    def live(self, type_: Type, side: str) -> list[Stored]:
        """Give the live records of a type."""
        return self.stubs[side].live(type_.tables[side])

    def compare(
        self, type_: Type, before: dict[str, dict[str, View]], after: dict[str, dict[str, View]]
    ) -> None:
        """Compare the two sides, with one another and with what people did."""
        table = type_.tables["shop"]
        linked = {key for where, key in self.stood if where == table}
        there = {key for key in linked if all(key in before[side] for side in SIDES)}
        there |= before["shop"].keys() - linked
        lonely = before["erp"].keys() - before["shop"].keys() - linked
        assert after["shop"].keys() == there, f"{table} of the shop: {after['shop'].keys() ^ there}"
        assert after["erp"].keys() == there | lonely, f"{table} of the ERP"
        for side in SIDES:
            for key in before[side].keys() & after[side].keys():
                unlisted = [rows[side][key].unlisted for rows in (before, after)]
                assert unlisted[0] == unlisted[1], f"{key}: unlisted properties in the {side}"
        for key in lonely:
            assert before["erp"][key].data == after["erp"][key].data, f"{key}: is not linked"
        for key in linked - there:
            del self.stood[table, key]
        for key in there:
            stood = self.stood.get((table, key), {})
            self.stood[table, key] = {}
            views = [before[side].get(key) for side in SIDES]
            for name, value in after["shop"][key].values.items():
                other = after["erp"][key].values[name]
                if UNKNOWN in (value, other):
                    continue
                allowed = wanted(name, [view.values[name] for view in views if view], stood)
                assert value == other, f"{key}: {name} is {value!r} here, {other!r} there"
                assert value in allowed, f"{key}: {name} is {value!r}, not one of {allowed!r}"
                self.stood[table, key][name] = value


def view(type_: Type, side: str, row: Stored, people: Mapping[Any, Any]) -> View:
    """Give a record in the ERP's terms; a customer's key becomes the e-mail address."""
    values = {}
    for path, (there, kind) in type_.properties.items():
        given = get(row.data, path if side == "shop" else there)
        values[path] = kind.image(given) if side == "shop" else kind.plain(given)
    if type_ is ORDER:
        reference = row.data.get(REFERENCE[side])
        values["customer"] = None if reference is None else people.get(reference, UNKNOWN)
    unlisted = {path: get(row.data, path) for path in type_.unlisted[side]}
    return View(values, unlisted, row.data)


def wanted(name: str, values: list[Any], stood: Mapping[str, Any]) -> list[Any]:
    """Give what may stand: what was changed, on either side; if nothing was, what stood."""
    if name in stood:
        return [value for value in values if value != stood[name]] or [stood[name]]
    return [value for value in values if value not in (None, "", [])] or values


@dataclass(frozen=True)
class Outcome:
    """What a run gave: people's edits, the processor's seconds, and the first failure, if any."""

    edits: int
    seconds: float
    failure: str = ""


def run(connect: Callable[..., Any], dataflow: Path, seconds: float, number: int = 1) -> Outcome:
    """Test the connector that `connect` makes, for so many seconds of the processor at most.

    The first failure ends it; it isn't made smaller. The file's folder is used for the state.
    """
    bench = Bench(connect, dataflow, seconds)
    machine = seed(number)(type("Run", (Synchronized,), {"bench": bench}))
    chosen = settings(
        max_examples=1_000_000,
        stateful_step_count=30,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except (Exception, OutOfTime) as error:  # noqa: BLE001 - whatever it is, it failed
        if not bench.is_over:  # being broken off looks like any failure to Hypothesis
            bench.fail(f"{type(error).__name__}: {error}")
    finally:
        for stub in bench.stubs.values():
            stub.close()
    return Outcome(bench.edits, bench.failed_after or bench.spent(), bench.failure)
