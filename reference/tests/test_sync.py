"""The connector as a whole, against small stubs, in both orders of the dialects."""

from __future__ import annotations

import httpx
import pytest
from stub import Kill
from world import CUSTOMERS, ORDERS_PAIR

from tallystick_reference import GaveUp


def one(records):
    (data,) = records.values()
    return data


def fill(world):
    customer = world.shop.create("customer", email="a@x", name={"first": "Ann"}, vip=True)
    world.shop.create("order", number=1, customer=customer, lines=[{"sku": "x", "price": "1.10"}])
    return customer


def test_a_creation_is_one_write_with_all_properties_and_what_it_refers_to_comes_first(world):
    fill(world)
    writes = world.sync()
    assert [method for method, _, _ in writes] == ["POST", "POST"]
    (client,) = world.erp.live("client")
    assert one(world.erp.live("client")) == {"Mail": "a@x", "FirstName": "Ann"}
    lines = [{"Item": "x", "UnitPrice": 1.1}]
    assert one(world.erp.live("sale")) == {"No": 1, "Client": client, "Lines": lines}


def test_an_idle_sync_writes_nothing_and_reads_each_type_once(world):
    fill(world)
    world.sync()
    world.sync()
    read = len(world.shop.log) + len(world.erp.log)
    assert world.sync() == []
    assert len(world.shop.log) + len(world.erp.log) == read + 4


def test_edits_of_different_properties_on_both_sides_survive(world):
    customer = fill(world)
    world.sync()
    (client,) = world.erp.live("client")
    world.shop.edit("customer", customer, email="b@x")
    world.erp.edit("client", client, LastName="Lee", Extra=1)
    assert len(world.sync()) == 2
    shop, erp = one(world.shop.live("customer")), one(world.erp.live("client"))
    assert shop == {"email": "b@x", "name": {"first": "Ann", "last": "Lee"}, "vip": True}
    assert erp == {"Mail": "b@x", "FirstName": "Ann", "LastName": "Lee", "Extra": 1}


@pytest.mark.parametrize(
    ("policy", "stands"),
    [("latest-wins", "erp"), ("source-wins", "shop"), ("target-wins", "erp")],
)
def test_the_policys_winner_stands_on_both_sides(worlds, policy, stands):
    world = worlds(conflicts=policy)
    customer = fill(world)
    world.sync()
    (client,) = world.erp.live("client")
    world.erp.ticks = world.shop.ticks + 10
    world.shop.edit("customer", customer, email="shop")
    world.erp.edit("client", client, Mail="erp")
    world.sync()
    assert one(world.shop.live("customer"))["email"] == stands
    assert one(world.erp.live("client"))["Mail"] == stands


@pytest.mark.parametrize("side", ["shop", "erp"])
@pytest.mark.parametrize("policy", ["propagate", "detach"])
def test_deletions_follow_the_policy_and_win_over_edits(worlds, side, policy):
    world = worlds(deletions=policy)
    customer = fill(world)
    world.sync()
    (client,) = world.erp.live("client")
    system, path, key = {
        "shop": (world.shop, "customer", customer),
        "erp": (world.erp, "client", client),
    }[side]
    world.shop.edit("customer", customer, email="later")
    system.delete(path, key)
    world.sync()
    left = len(world.shop.live("customer")) + len(world.erp.live("client"))
    assert left == (0 if policy == "propagate" else 1)
    assert world.sync() == []


def test_records_that_match_are_linked_and_not_created(world):
    world.erp.create("client", Mail="a@x", LastName="Lee")
    world.erp.create("client", Mail="A@x")
    world.shop.create("customer", email="a@x", name={"first": "Ann"})
    world.sync()
    assert one(world.shop.live("customer"))["name"] == {"first": "Ann", "last": "Lee"}
    assert [c.get("FirstName") for c in world.erp.live("client").values()] == ["Ann", None]


def test_of_several_sources_the_lowest_key_has_the_match(world):
    first = world.shop.create("customer", email="a@x", name={"first": "1"})
    second = world.shop.create("customer", email="a@x", name={"first": "2"})
    world.shop.create("order", number=1, customer=second)
    match = world.erp.create("client", Mail="a@x")
    world.sync()
    assert first < second
    assert world.erp.live("client")[match]["FirstName"] == "1"


def test_a_refused_record_holds_up_no_other_and_goes_through_once_mended(world):
    world.erp.refuses = lambda data: data.get("Mail") == "bad"
    customer = world.shop.create("customer", email="bad", name={})
    world.shop.create("customer", email="good", name={})
    world.shop.create("order", number=1, customer=customer)
    world.sync()
    assert one(world.erp.live("client")) == {"Mail": "good"}
    assert one(world.erp.live("sale")) == {"No": 1}
    assert world.sync() == []
    world.shop.edit("customer", customer, email="mended")
    world.sync()
    assert {c["Mail"] for c in world.erp.live("client").values()} == {"good", "mended"}
    mended = next(k for k, c in world.erp.live("client").items() if c["Mail"] == "mended")
    assert one(world.erp.live("sale")) == {"No": 1, "Client": mended}


def test_a_refused_edit_does_not_hold_up_the_other_direction(world):
    customer = fill(world)
    world.sync()
    (client,) = world.erp.live("client")
    world.erp.refuses = lambda data: data.get("Mail") == "bad"
    world.shop.edit("customer", customer, email="bad")
    world.erp.edit("client", client, LastName="Lee")
    world.sync()
    assert one(world.shop.live("customer"))["name"]["last"] == "Lee"
    assert world.sync() == []
    world.shop.edit("customer", customer, email="mended")
    world.sync()
    assert one(world.erp.live("client"))["Mail"] == "mended"


def test_a_listing_that_is_empty_deletes_nothing_and_loses_nothing(world):
    customer = fill(world)
    world.sync()
    world.shop.edit("customer", customer, email="new")
    honest = {stub: stub.listing for stub in (world.shop, world.erp)}
    for stub, listing in honest.items():
        stub.listing = lambda path, query, listing=listing: (
            200,
            {k: [] if isinstance(v, list) else v for k, v in listing(path, query)[1].items()},
        )
    world.sync()
    assert len(world.shop.live("customer")) == len(world.erp.live("client")) == 1
    for stub, listing in honest.items():
        stub.listing = listing
    world.sync()
    assert one(world.erp.live("client"))["Mail"] == "new"


def test_more_records_than_pages_hold_in_one_second_all_arrive(world):
    for stub in (world.shop, world.erp):
        stub.page = 3
    for number in range(11):
        world.shop.create("customer", email=f"{number}@x")
    for record in world.shop.records["customer"].values():
        record["at"] = world.shop.records["customer"][next(iter(world.shop.records["customer"]))][
            "at"
        ]
    world.sync()
    assert len(world.erp.live("client")) == 11


def test_people_create_on_the_target_too_where_that_is_agreed(worlds):
    world = worlds(create="both")
    world.erp.create("client", Mail="a@x", LastName="Lee")
    assert [method for method, _, _ in world.sync()] == ["POST"]
    assert one(world.shop.live("customer")) == {"email": "a@x", "name": {"last": "Lee"}}
    assert world.sync() == []


def test_connected_records_are_created_when_something_refers_to_them(worlds):
    customers = CUSTOMERS | {"create": {"when": "connected", "by": ["Order"]}}
    world = worlds(pairs=(customers, ORDERS_PAIR))
    customer = world.shop.create("customer", email="a@x")
    world.shop.create("customer", email="b@x")
    world.sync()
    assert world.erp.live("client") == {}
    world.shop.create("order", number=1, customer=customer)
    world.sync()
    (client,) = world.erp.live("client")
    assert one(world.erp.live("sale")) == {"No": 1, "Client": client}


def test_a_cycle_is_completed_with_one_more_write(worlds):
    friends = {
        "source": "friend",
        "target": "Friend",
        "reference": {"source": "Customer", "target": "Client"},
    }
    world = worlds(pairs=(CUSTOMERS | {"properties": [*CUSTOMERS["properties"], friends]},))
    ann = world.shop.create("customer", email="a@x")
    bob = world.shop.create("customer", email="b@x", friend=ann)
    world.shop.edit("customer", ann, friend=bob)
    assert len(world.sync()) == 3
    clients = {
        data["Mail"]: (key, data["Friend"]) for key, data in world.erp.live("client").items()
    }
    assert clients["a@x"][0] == clients["b@x"][1]
    assert clients["b@x"][0] == clients["a@x"][1]


def test_a_wrong_token_stops_the_connector_for_good(world):
    world.erp.token = "another"
    with pytest.raises(GaveUp):
        world.connector.sync()
    asked = len(world.erp.log)
    with pytest.raises(GaveUp):
        world.connector.sync()
    assert len(world.erp.log) == asked


def history(world, kill_at, moment):
    """Live through a small history with a kill at one request; gives how many there were."""
    count = 0

    def tick(request):
        nonlocal count
        count += 1
        if count == kill_at:
            raise Kill

    for stub in (world.shop, world.erp):
        setattr(stub, moment, tick)
    customer = fill(world)
    world.erp.create("client", Mail="b@x")
    world.shop.create("customer", email="b@x", name={"first": "Bob"})
    world.sync()
    (client,) = [key for key, data in world.erp.live("client").items() if data["Mail"] == "a@x"]
    world.shop.edit("customer", customer, email="a2@x")
    world.erp.edit("client", client, LastName="Lee")
    world.sync()
    (sale,) = world.erp.live("sale")
    world.erp.delete("sale", sale)
    world.sync()
    return count


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_at_any_request_changes_nothing_in_the_outcome(worlds, moment):
    def outcome(world):
        tables = [world.shop.live("customer"), world.shop.live("order"), world.erp.live("client")]
        return [*tables, world.erp.live("sale")]

    calm = worlds()
    requests = history(calm, 0, moment)
    for kill_at in range(1, requests + 1):
        world = worlds()
        history(world, kill_at, moment)
        assert outcome(world) == outcome(calm), f"killed {moment} request {kill_at}"
        assert world.sync() == []


def test_an_edit_after_a_kill_is_not_taken_for_a_conflict_with_our_own_write(worlds):
    world = worlds(conflicts="target-wins")
    customer = fill(world)
    world.sync()
    world.shop.edit("customer", customer, email="first")

    def kill(request):
        if request.method in ("PUT", "PATCH"):
            world.erp.after = lambda request: None
            raise Kill

    world.erp.after = kill
    with pytest.raises(Kill):
        world.connector.sync()
    world.start()
    world.shop.edit("customer", customer, email="second")
    world.sync()
    assert one(world.erp.live("client"))["Mail"] == "second"
    assert one(world.shop.live("customer"))["email"] == "second"


def test_a_lost_answer_to_a_create_makes_no_second_record(world):
    fill(world)
    lost = []

    def lose_answer(request):
        if request.method == "POST" and len(lost) < 2:
            lost.append(request)
            raise httpx.ReadTimeout("lost")

    world.erp.after = lose_answer
    world.sync()
    assert len(lost) == 2
    assert len(world.erp.live("client")) == len(world.erp.live("sale")) == 1


def test_an_edit_made_while_we_write_survives(world):
    customer = fill(world)
    world.sync()
    (client,) = world.erp.live("client")
    world.shop.edit("customer", customer, email="b@x")

    def edit_first(request):
        if request.method in ("PUT", "PATCH"):
            world.erp.before = lambda request: None
            world.erp.edit("client", client, LastName="Lee", Own=5)

    world.erp.before = edit_first
    world.sync()
    world.sync()
    erp = one(world.erp.live("client"))
    assert erp == {"Mail": "b@x", "FirstName": "Ann", "LastName": "Lee", "Own": 5}
    assert one(world.shop.live("customer"))["name"]["last"] == "Lee"


def test_an_edit_reaches_every_pair_in_which_a_record_takes_part(worlds):
    name = {"source": "name", "target": "Name"}
    persons = {"source": "Party", "target": "Person", "properties": [name]}
    firms = {"source": "Party", "target": "Firm", "properties": [name]}
    world = worlds(pairs=(persons, firms))
    party = world.shop.create("party", name="Ann")
    world.sync()
    (firm,) = world.erp.live("firm")
    world.erp.edit("firm", firm, Name="Lee")
    world.sync()
    assert one(world.erp.live("person")) == {"Name": "Lee"}
    assert world.shop.live("party")[party] == {"name": "Lee"}
    world.erp.delete("firm", firm)
    world.sync()
    assert world.shop.live("party") == world.erp.live("person") == {}


def test_a_match_that_appears_later_is_found(worlds):
    customers = CUSTOMERS | {"create": {"when": "never"}}
    world = worlds(pairs=(customers,))
    world.shop.create("customer", email="a@x", name={"first": "Ann"})
    world.sync()
    assert world.erp.live("client") == {}
    world.erp.create("client", Mail="a@x")
    world.sync()
    assert one(world.erp.live("client")) == {"Mail": "a@x", "FirstName": "Ann"}


def test_keys_travel_one_way_and_cost_one_write_at_most(worlds):
    keys = [
        {"source": {"key": True}, "target": "ShopKey"},
        {"source": "erpKey", "target": {"key": True}},
    ]
    world = worlds(pairs=(CUSTOMERS | {"properties": [*CUSTOMERS["properties"], *keys]},))
    customer = world.shop.create("customer", email="a@x")
    assert len(world.sync()) == 2
    (client,) = world.erp.live("client")
    assert one(world.erp.live("client"))["ShopKey"] == customer
    assert one(world.shop.live("customer"))["erpKey"] == client
    world.erp.edit("client", client, ShopKey="typed")
    world.sync()
    assert one(world.erp.live("client"))["ShopKey"] == customer


def test_what_a_merge_changes_is_known_to_what_is_created_beside_it(worlds):
    rows = [{"source": "email", "target": "Mail"}, {"source": "name", "target": "Name"}]
    merge = [[{"source": "email", "target": "Mail"}]]
    types = {"source": "Customer", "target": "Client"}
    merging = {**types, "create": {"when": "never"}, "merge": merge, "properties": rows}
    creating = {"source": "Customer", "target": "Payer", "create": {"when": "always"}}
    world = worlds(pairs=[{**creating, "properties": rows}, merging])
    world.shop.create("customer", email="a@x")
    world.erp.create("client", Mail="a@x", Name="Ann")
    writes = world.sync()
    assert one(world.erp.live("payer")) == {"Mail": "a@x", "Name": "Ann"}
    assert len(writes) == 2


def test_a_deletion_reaches_all_counterparts_in_one_sync(worlds):
    types = {"create": {"when": "always"}, "properties": [{"source": "email", "target": "Mail"}]}
    pairs = [{"source": "Customer", "target": name, **types} for name in ("Payer", "Client")]
    world = worlds(pairs=pairs)
    customer = world.shop.create("customer", email="a@x")
    world.sync()
    world.shop.edit("customer", customer, email="b@x")
    (client,) = world.erp.live("client")
    world.erp.delete("client", client)
    assert world.sync()
    assert not world.erp.live("payer")
    assert world.sync() == []
