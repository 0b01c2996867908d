"""Which values count as hostile in the table of reach."""

from __future__ import annotations

import pytest

from tallystick.laws.hostile import brings_hostile_values, is_hostile
from tallystick.vocabulary.events import Change, Snapshot


@pytest.mark.parametrize(
    "value",
    [
        *(" a", "a\t", "0017", "Zoe\u0308", "\U0001f984", "x" * 201),
        *(2**31, -(2**31), 13.337, 0.125, 1e300),
        *(["a", " b"], {"a": [{"b": "007"}]}),
    ],
)
def test_hostile(value) -> None:
    assert is_hostile(value)


@pytest.mark.parametrize(
    "value",
    ["", "a b", "0", "17", "Zo\u00eb", "x" * 200, 0, 2**31 - 1, 13.25, True, None, [], {"a": "b"}],
)
def test_harmless(value) -> None:
    assert not is_hostile(value)


def test_only_what_a_change_brings_counts() -> None:
    def change(before, after) -> Change:
        shots = [
            None if data is None else Snapshot(data=data, modified_ms=1, version=1)
            for data in (before, after)
        ]
        return Change(side="source", type="T", key=1, before=shots[0], after=shots[1])

    assert brings_hostile_values(change(None, {"a": " x"}))
    assert brings_hostile_values(change({"a": "x"}, {"a": " x"}))
    assert not brings_hostile_values(change({"a": " x", "b": "1"}, {"a": " x", "b": "2"}))
    assert not brings_hostile_values(change({"a": " x"}, {}))
