"""The hand-written cases of fixtures/casts.json, run against the harness's own casts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick.canonical import MISSING, same
from tallystick.dataflow import casts

CASES = json.loads((Path(__file__).parents[2] / "fixtures/casts.json").read_text("utf-8"))


def name(case):
    return json.dumps([case["type"], case.get("value"), case.get("target", "")])[:90]


@pytest.mark.parametrize("case", CASES["forward"], ids=name)
def test_forward(case):
    found = casts.image(case["type"], case["value"])
    assert same(found, case["image"]), f"{found!r}: {case['why']}"


@pytest.mark.parametrize("case", CASES["back"], ids=name)
def test_back(case):
    old = case.get("old", MISSING)
    found = casts.back(case["type"], case["target"], old=old, schema=case.get("schema"))
    if case.get("none"):
        assert found is casts.NO_PREIMAGE, f"{found!r}: {case['why']}"
        return
    right = [case["value"], *case.get("also", [])]
    assert any(same(found, value) for value in right), f"{found!r}: {case['why']}"
    for value in right:
        assert same(casts.image(case["type"], value), case["target"]), value
