"""Values as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tallystick.canonical import MISSING
from tallystick.dataflow.model import Origin
from tallystick.laws.verdict import RecordName, Violation
from tallystick.results.shape import build, plain


@dataclass(frozen=True, kw_only=True)
class Inner:
    name: str
    at: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outer:
    inner: Inner
    more: tuple[Inner, ...] = ()
    by: Mapping[str, Inner] = field(default_factory=dict)
    side: Literal["a", "b"] | None = None
    maybe: Inner | None = None
    anything: Any = None


def test_what_is_written_reads_back_equal() -> None:
    one = Inner(name="one", at=(("x", "y"), ()))
    for value in (
        Outer(inner=one),
        Outer(inner=one, more=(one, one), by={"k": one}, side="b", maybe=one, anything=[1, {}]),
    ):
        assert build(Outer, json.loads(json.dumps(plain(value)))) == value


def test_a_violation_reads_back_equal() -> None:
    violation = Violation(
        law="linked",
        anomaly="missing",
        event=3,
        pair=1,
        direction="target",
        records=(RecordName(side="source", type="Customer", key=7, label="Ann"),),
        expected=["a", None],
        origin=Origin(file="a.rst", line=3, by="agreement"),
    )
    assert build(Violation, json.loads(json.dumps(plain(violation)))) == violation


def test_what_json_has_no_word_for_is_null_and_unknown_names_are_ignored() -> None:
    assert plain({"a": MISSING, "b": (1, MISSING)}) == {"a": None, "b": [1, None]}
    assert build(Inner, {"name": "x", "later": 1}) == Inner(name="x")
