"""What follows from a dataflow is worked out once for each, and of the oldest it is forgotten."""

from __future__ import annotations

from dataflows import AX
from histories import flow

from tallystick.laws.once import once


def test_each_dataflow_is_worked_out_once():
    made = []

    def names(dataflow):
        made.append(dataflow)
        return [pair.name for pair in dataflow.pairs]

    flows = [flow(AX) for _ in range(3)]
    for each in (*flows, *flows):
        assert once(names, each) == ["A to X"]
    assert len(made) == 3
    assert all(one is other for one, other in zip(made, flows, strict=True))


def test_the_oldest_are_forgotten():
    made = []
    flows = [flow(AX) for _ in range(20)]
    for each in (*flows, flows[-1], flows[0]):
        once(made.append, each)
    assert len(made) == 21
