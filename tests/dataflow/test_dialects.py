"""A system that speaks another API: the properties that hold its keys hold them still."""

from __future__ import annotations

import pytest

from tallystick.checklist import compile_checklist
from tallystick.dataflow.dialects import speaking
from tallystick.dataflow.schemas import compile_schema
from tallystick.resources import packaged

NAME = "customwebshop-customerp"


@pytest.fixture(scope="module")
def agreed():
    checklist = packaged("fixtures", "checklists", f"{NAME}.rst")
    return compile_checklist(checklist, packaged("fixtures", "agreements", f"{NAME}.toml")).dataflow


def accepts(dataflow, side, name, value):
    """Tell whether a property of an order, or of its first line, takes a value."""
    inside = dataflow.types(side)["Order"].schema["properties"]
    whole, _, part = name.partition("[].")
    found = inside[whole]["items"]["properties"][part] if part else inside[whole]
    return compile_schema(found).accepts(value)


def test_references_are_texts_under_storefront_and_numbers_under_ledger(agreed) -> None:
    erp = speaking(agreed, "target", "storefront/1")
    assert erp.target.api == "storefront/1"
    for name in ("CustomerNo", "Lines[].ItemNo"):
        assert accepts(erp, "target", name, "cus-1")
        assert accepts(erp, "target", name, None)
        assert not accepts(erp, "target", name, 1001)
    shop = speaking(agreed, "source", "ledger/1")
    for name in ("customerId", "lines[].productId"):
        assert accepts(shop, "source", name, 1001)
        assert not accepts(shop, "source", name, "cus-1")


def test_nothing_else_changes(agreed) -> None:
    assert speaking(agreed, "target", "ledger/1") == agreed
    there = speaking(agreed, "target", "storefront/1")
    assert there != agreed
    assert speaking(there, "target", "ledger/1") == agreed
    erp = speaking(agreed, "target", "storefront/1")
    assert erp.source_types == agreed.source_types
    assert erp.types("target")["Customer"] == agreed.types("target")["Customer"]
