from __future__ import annotations

import pytest

from tallystick.checklist.names import is_spelling, read_title, same_name, split_heading, split_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shopco to Booksy Dataflow", ("Shopco", "Booksy")),
        ("Shop Central 2.0 to Acme Ledger Pro Dataflow", ("Shop Central 2.0", "Acme Ledger Pro")),
        ("Ledgerly to  Dataflow", ("Ledgerly", "")),
        ("Ledgerly to Dataflow", ("Ledgerly", "")),
        ("Ledgerly to Dataflow Dataflow", ("Ledgerly", "Dataflow")),
        ("Introduction", None),
        ("Shopco Order to Booksy Invoice", None),
    ],
)
def test_titles(text, names):
    assert read_title(text) == names


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Shopco Order to Booksy Invoice", ("Shopco Order", "Booksy Invoice")),
        ("Ledgerly Invoice to  Invoice", ("Ledgerly Invoice", " Invoice")),
        ("Introduction", None),
        ("Tomato together", None),
    ],
)
def test_headings(text, sides):
    assert split_heading(text) == sides


@pytest.mark.parametrize(
    ("text", "system", "found"),
    [
        ("Shopco Order", "Shopco", ("Shopco", "Order")),
        ("Shop Central Sales order", "Shop Central", ("Shop Central", "Sales order")),
        ("shopCentral Order", "Shop Central", ("shopCentral", "Order")),
        ("Shop central Order", "ShopCentral", ("Shop central", "Order")),
        ("Shop Order", "Shop Central", ("Shop", "Order")),
        ("Ledgerpro Order", "Acme Ledger Pro", ("Ledgerpro", "Order")),
        ("ShopcoShopco Order", "Shopco", ("ShopcoShopco", "Order")),
        ("Otherhub Order", "Shopco", ("Otherhub", "Order")),
        (" Invoice", "", ("", "Invoice")),
        ("Shopco", "Shopco", ("Shopco", "")),
        ("", "Shopco", ("", "")),
        ("Shopco Customers (human data)", "Shopco", ("Shopco", "Customers (human data)")),
    ],
)
def test_system_and_type(text, system, found):
    named = split_name(text, system)
    assert (named.system, named.type) == found


@pytest.mark.parametrize(
    ("name", "system", "same"),
    [
        ("Ledgerpro", "Acme Ledger Pro", True),
        ("ShopcoShopco", "Shopco", True),
        ("Shop", "Shop Central", True),
        ("Otherhub", "Shopco", False),
        ("", "Shopco", False),
    ],
)
def test_other_spellings_and_other_systems(name, system, same):
    assert is_spelling(name, system) is same


def test_names_are_the_same_but_for_case_blanks_and_punctuation():
    assert same_name("Shop Central", "shop-central")
    assert not same_name("Shop Central", "Shop")
