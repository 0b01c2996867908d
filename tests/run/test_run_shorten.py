"""Shortening: what is left fails, is as short as can be, and was found within the bound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.run import shorten
from tallystick.run.shorten import shortened
from tallystick.vocabulary.script import AddElement, Create, Edit, Ref, Settle, Wait

ANN = Ref("Ann", "Customer")
VALUES = (("a", 1), ("b", 2), ("c", 3))
CREATE = Create(side="source", record=ANN, values=VALUES)
EDIT = Edit(side="source", record=ANN, values=VALUES)
ADD = AddElement(side="source", record=ANN, path="lines", values=VALUES)


def waits(script):
    return [step.ms for step in script if isinstance(step, Wait)]


def named(script):
    return {path for step in script for path, _ in getattr(step, "values", ())}


def waiting(*times):
    return tuple(Wait(ms=ms) for ms in times)


@pytest.mark.parametrize(
    ("script", "fails", "shortest"),
    [
        (waiting(*range(40)), lambda s: 17 in waits(s), waiting(17)),
        (waiting(*range(40)), lambda s: {0, 39} <= set(waits(s)), waiting(0, 39)),
        (waiting(*range(9)), lambda s: sum(waits(s)) >= 30, None),
        (waiting(1, 2), lambda _: True, ()),
        ((), lambda _: True, ()),
        (
            (CREATE, Settle(), EDIT, Settle()),
            lambda s: any(isinstance(step, Edit) for step in s),
            (Edit(side="source", record=ANN, values=VALUES[:1]),),
        ),
        (
            (CREATE, EDIT, Settle()),
            lambda s: isinstance(s[:1] and s[0], Create) and "b" in named(s),
            (Create(side="source", record=ANN, values=VALUES[1:2]),),
        ),
        (
            (CREATE, ADD, Settle()),
            lambda s: {type(step) for step in s} >= {Create, AddElement},
            (
                Create(side="source", record=ANN),
                AddElement(side="source", record=ANN, path="lines"),
            ),
        ),
    ],
)
def test_the_shortest_is_found(script, fails, shortest):
    short = shortened(script, fails)
    assert not script or fails(short)
    if shortest is not None:
        assert short == shortest
    else:
        assert not any(fails(short[:at] + short[at + 1 :]) for at in range(len(short)))


def test_an_edit_keeps_a_value():
    assert shortened((EDIT,), lambda script: len(script) == 1)[0].values == VALUES[:1]


@pytest.mark.parametrize(
    ("side", "path", "born"),
    [
        ("source", "firstName", "firstName"),
        ("target", "FirstName", "firstName"),
        ("target", "Lines[2].Quantity", "lines[2].quantity"),
    ],
)
def test_a_record_is_created_with_what_it_was_edited_to(side, path, born):
    create = Create(side="source", record=ANN)
    edit = Edit(side=side, record=ANN, values=((path, "x"),))
    back = Edit(side=side, record=ANN, values=((path, "y"),))
    whole = Create(side="source", record=ANN, values=((born, "x"),))
    long = (create, Settle(), edit, Settle(), back, Settle(), edit, Settle())
    short = (whole, Settle(), back, Settle(), edit, Settle())
    opposite = {
        (ANN.type, "FirstName"): "firstName",
        (ANN.type, "Lines[].Quantity"): "lines[].quantity",
    }
    assert shortened(long, lambda script: script in (long, short), opposite=opposite) == short


def test_what_cannot_be_shortened_stays():
    script = waiting(1, 2, 3)
    assert shortened(script, lambda candidate: candidate == script) == script


def test_it_stops_at_its_bound():
    tried = []

    def fails(script):
        tried.append(script)
        return False

    script = waiting(*range(400))
    assert shortened(script, fails) == script
    assert len(tried) == shorten._MOST_TRIES


def test_a_costly_script_is_left_half_way():
    tried = []

    def fails(script):
        tried.append(script)
        return len(script) >= 100  # each single step may go, one after the other

    short = shortened(waiting(*range(500)), fails)
    assert len(tried) <= shorten._MOST_TRIES
    assert 100 <= len(short) < 500


def test_a_passing_script_is_never_given():
    met = set()

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(1, 3))
    def check(times, most):
        needed = set(times[:most])

        def fails(script):
            return needed <= set(waits(script))

        short = shortened(waiting(*times), fails)
        assert sorted(waits(short)) == sorted(needed)
        met.add((len(needed), len(times) > len(needed)))

    check()
    assert {(1, True), (2, True)} <= met
