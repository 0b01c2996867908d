"""Telling a failing script otherwise: each way leads to fewer steps where leaving out one does not."""

from __future__ import annotations

import pytest

from tallystick.run import shorten
from tallystick.run.retell import retold
from tallystick.run.shorten import shortened
from tallystick.vocabulary.script import Create, Edit, KeyOf, Ref, Settle, Wait
from tallystick.vocabulary.weather import During, Fault, Kill, Many


@pytest.fixture(autouse=True)
def _nothing_is_short_enough(monkeypatch):
    monkeypatch.setattr(shorten, "_SHORT", 1)


def created(label, kind="Customer", **values):
    return Create(side="source", record=Ref(label, kind), values=tuple(values.items()))


def edited(label, side="source", value=1):
    return Edit(side=side, record=Ref(label, "Customer"), values=(("city", value),))


def of(script, kind):
    return [step for step in script if isinstance(step, kind)]


ANN, BEN, CLEO = map(created, ("Ann", "Ben", "Cleo"))
SYNC = Settle()


def test_steps_that_hold_each_other_up_go_together():
    script = (ANN, SYNC, Wait(ms=1), Wait(ms=2), edited("Ann"), SYNC)
    short = shortened(
        script,
        lambda s: (
            len(of(s, Wait)) != 1 and len(of(s, Settle)) == 2 and {ANN, edited("Ann")} <= set(s)
        ),
    )
    assert not of(short, Wait)


def test_three_of_a_long_story_go_together():
    waits = tuple(Wait(ms=ms) for ms in range(3))
    script = (ANN, BEN, CLEO, SYNC, *waits, SYNC)
    short = shortened(
        script,
        lambda s: len(of(s, Create)) == 3 and len(of(s, Wait)) in {0, 3} and s[-1:] == (SYNC,),
    )
    assert short == (ANN, BEN, CLEO, SYNC)


@pytest.mark.parametrize(
    "trouble",
    [
        lambda request: Kill(request=request, moment="before"),
        lambda request: Fault(request=request, fault="error"),
        lambda request: During(request=request, step=edited("Ann", "target")),
    ],
    ids=["kill", "fault", "edit"],
)
def test_trouble_comes_earlier_once_there_is_less_to_do(trouble):
    script = (ANN, BEN, CLEO, SYNC, edited("Ann"), trouble(9), SYNC)

    def fails(candidate):
        at = [step.request for step in of(candidate, Kill | Fault | During)]
        return edited("Ann") in candidate and at == [3 * len(of(candidate, Create))]

    short = shortened(script, fails)
    assert len(short) == 3
    assert trouble(3) in short


def test_a_kill_may_come_at_another_moment_of_its_request():
    script = (ANN, BEN, SYNC, Kill(request=2, moment="during"), SYNC)

    def fails(candidate):
        kills = of(candidate, Kill)
        wanted = "during" if BEN in candidate else "before"
        return ANN in candidate and [kill.moment for kill in kills] == [wanted]

    assert shortened(script, fails) == (ANN, Kill(request=2, moment="before"))


def test_one_record_takes_the_place_of_two():
    keyed = Edit(side="source", record=Ref("Ben", "Customer"), values=(("boss", KeyOf("Ben")),))
    script = (ANN, BEN, SYNC, edited("Ann"), keyed, SYNC)

    def fails(candidate):
        here = {step.record.label for step in of(candidate, Create)}
        edits = of(candidate, Edit)
        return len(edits) == 2 and {edit.record.label for edit in edits} <= here

    short = shortened(script, fails)
    assert of(short, Create) == [ANN]
    assert of(short, Edit)[1].values == (("boss", KeyOf("Ann")),)


def test_records_of_one_type_come_as_a_crowd():
    product = created("Pin", "Product")
    script = (ANN, product, BEN, SYNC, edited("Ben"), SYNC)

    def fails(candidate):
        crowds, edits = of(candidate, Many), of(candidate, Edit)
        customers = [step for step in of(candidate, Create) if step.record.type == "Customer"]
        return (
            len(customers) + sum(many.number for many in crowds) == 2
            and product in candidate
            and len(edits) == 1
            and edits[0].record.label in {"Ben", "M2"}
        )

    crowd = Many(side="source", type="Customer", number=2, label="M")
    assert shortened(script, fails) == (crowd, product, edited("M2"))


def test_a_second_crowd_is_called_otherwise():
    crowd = Many(side="source", type="Product", number=2, label="M")
    told = list(retold((crowd, ANN, BEN, SYNC, SYNC), ()))
    assert {many.label for script in told for many in of(script, Many)} == {"M", "MM"}


def test_a_step_comes_back_in_the_place_of_two():
    script = (ANN, BEN, CLEO, SYNC, edited("Ann"), SYNC, edited("Ben", "target"), Wait(ms=1), SYNC)
    direct = edited("Ann", "target")

    def fails(candidate):
        if direct in candidate:
            return len(candidate) == 9 or (candidate.count(SYNC) == 2 and len(candidate) >= 7)
        return candidate in {script, script[:7] + script[8:]}

    first = (*script[:7], direct, script[8])
    assert direct in shortened(first, lambda s: s == first or fails(s))


def test_every_telling_is_shorter():
    script = (ANN, BEN, SYNC, Kill(request=3, moment="after"), edited("Ben"), Wait(ms=1), SYNC)
    told = list(retold(script, (*script, edited("Ann", "target"))))
    assert told
    assert all(len(candidate) < len(script) for candidate in told)
