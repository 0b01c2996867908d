"""Casts, by the cases that stand in the checkout's fixtures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick_reference.casts import Casts
from tallystick_reference.values import NoValue, same

CASES = Path(__file__).parents[2] / "fixtures" / "casts.json"
cases = json.loads(CASES.read_text(encoding="utf-8")) if CASES.exists() else {}


def name(case):
    return f"{case['type']}-{case.get('value', case.get('target'))}-{case['why']}"[:80]


@pytest.mark.parametrize("case", cases.get("forward", []), ids=name)
def test_a_value_has_this_image(case):
    assert same(Casts().image(case["type"], case["value"]), case["image"])


@pytest.mark.parametrize("case", cases.get("back", []), ids=name)
def test_an_image_leads_back_to_this_value(case):
    found = Casts().back(case["type"], case["target"], case.get("old"), case.get("schema"))
    if case.get("none"):
        assert found is NoValue.NOTHING
    else:
        assert any(same(found, value) for value in [case["value"], *case.get("also", [])])
