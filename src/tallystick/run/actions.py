"""How each kind of step is carried out in a world. Rule: one table, keyed by the kind of step.

A step that cannot be carried out (its record is not there, its system would not take the edit)
raises `StepImpossible`: in a feature that is the author's mistake, in a drawn script it is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tallystick.canonical import MISSING, Json
from tallystick.clock import SECOND_MS
from tallystick.dataflow.model import Side
from tallystick.derive.samples import sample_element, sample_record
from tallystick.laws.checks import CHECKS, CheckImpossible
from tallystick.laws.history import Record
from tallystick.laws.verdict import Violation
from tallystick.run.editing import (
    EditImpossible,
    assign,
    insert_element,
    move_element,
    remove_element,
)
from tallystick.run.world import World
from tallystick.systems import EditRefused
from tallystick.vocabulary.script import (
    AddElement,
    Clear,
    Create,
    Delete,
    Edit,
    HasCounterparts,
    KeyOf,
    MoveElement,
    Ref,
    RemoveElement,
    Settle,
    Start,
    Step,
    Value,
    Values,
    Wait,
    step_kind,
)
from tallystick.vocabulary.sentences import render_ref
from tallystick.vocabulary.weather import During, Fault, Kill, Many, Webhook

__all__ = ["ACTIONS", "StepImpossible", "perform"]


class StepImpossible(Exception):
    """A step cannot be carried out in this world; the message says why."""


def perform(world: World, step: Step) -> list[Violation]:
    """Carry out one step; give the violations that came to light with it."""
    with world.wiring.turn:
        world.step += 1
        known = len(world.violations)
        kind = step_kind(step)
        try:
            if kind in CHECKS:
                _check(world, kind, step)
            else:
                ACTIONS[kind](world, step)
        except (EditImpossible, EditRefused, CheckImpossible) as error:
            raise StepImpossible(str(error)) from error
        return world.violations[known:]


def _check(world: World, kind: str, step: Any) -> None:
    record = _found(world, _meant(step), step.side) if hasattr(step, "record") else None
    if hasattr(step, "values"):
        values = tuple((path, _resolve(world, step.side, item)) for path, item in step.values)
        failed = CHECKS[kind](world.judge, step, record, values)
    else:
        failed = CHECKS[kind](world.judge, step, record, ())
    world.violations += failed
    world.judge.judgement.violations += failed


def _meant(step: Any) -> Ref:
    """Give the record that a check looks at: the counterpart of a type, where it names one."""
    ref: Ref = step.record
    if isinstance(step, HasCounterparts) and step.type:
        return Ref(ref.label, ref.type, step.type, ref.section)
    return ref


def labelled(world: World, ref: Ref) -> Record:
    """Give the record that a label was given to."""
    record = world.labels.get(ref.label)
    if record is None:
        raise StepImpossible(f'no record is called "{ref.label}"')
    if record.type != ref.type:
        raise StepImpossible(f'"{ref.label}" is a {record.type}, not a {ref.type}')
    return record


def _found(world: World, ref: Ref, side: Side) -> Record | None:
    """Give the record, on `side`, that `ref` means; None for a counterpart that is not there."""
    record = labelled(world, ref)
    if record.side == side:
        if ref.counterpart:
            raise StepImpossible(f'"{ref.label}" itself is in this system, not its counterpart')
        return record
    wanted = "" if ref.counterpart in {"", "*"} else ref.counterpart
    return world.judge.book.counterpart(record, wanted, ref.section)


def _live(world: World, ref: Ref, side: Side) -> Record:
    record = _found(world, ref, side)
    if record is None:
        raise StepImpossible(f"there is no such record as {render_ref(ref)}")
    if not record.live:
        raise StepImpossible(f"{render_ref(ref)} was deleted")
    return record


def _resolve(world: World, side: Side, value: Value) -> Json:
    """Give the JSON value that a script's value stands for on `side`."""
    if not isinstance(value, KeyOf):
        return value
    record = world.labels.get(value.label)
    if record is None:
        raise StepImpossible(f'no record is called "{value.label}"')
    if record.side != side:
        record = world.judge.book.counterpart(record)
    if record is None:
        raise StepImpossible(f'"{value.label}" has no counterpart whose key could be written')
    return record.key


def _assigned(world: World, side: Side, data: Json, values: Any) -> Json:
    for path, value in values:
        data = assign(data, path, _resolve(world, side, value))
    return data


def _create(world: World, step: Create) -> None:
    _make(world, step.side, step.record, step.values, advance_ms=1)


def _make(world: World, side: Side, ref: Ref, values: Values, *, advance_ms: int) -> None:
    if ref.label in world.labels:
        raise StepImpossible(f'there is already a record called "{ref.label}"')
    if ref.type not in world.dataflow.types(side):
        known = ", ".join(world.dataflow.types(side))
        raise StepImpossible(f"no type is called {ref.type!r} there; known: {known}")
    world.clock.advance(advance_ms)
    sample = sample_record(world.dataflow, side, ref.type, ref.label)
    data = _assigned(world, side, sample, values)
    change = world.stores[side].create(ref.type, data)
    world.edited(change, ref.label)
    made = world.judge.history.record(change.side, change.type, change.key)
    if made is not None:
        world.labels[ref.label] = made


def _save(world: World, record: Record, data: Mapping[str, Json], label: str) -> None:
    world.clock.advance(1)
    world.edited(world.stores[record.side].replace(record.type, record.key, data), label)


def _edit(world: World, step: Edit) -> None:
    record = _live(world, step.record, step.side)
    data = _assigned(world, step.side, record.now.data, step.values)
    _save(world, record, data, step.record.label)


def _clear(world: World, step: Clear) -> None:
    record = _live(world, step.record, step.side)
    _save(world, record, assign(record.now.data, step.path, MISSING), step.record.label)


def _add_element(world: World, step: AddElement) -> None:
    record = _live(world, step.record, step.side)
    element = sample_element(
        world.dataflow, step.side, record.type, step.path, step.record.label, world.step
    )
    element = _assigned(world, step.side, element, step.values)
    _save(world, record, insert_element(record.now.data, step.path, element), step.record.label)


def _remove_element(world: World, step: RemoveElement) -> None:
    record = _live(world, step.record, step.side)
    data = remove_element(record.now.data, step.path, step.position)
    _save(world, record, data, step.record.label)


def _move_element(world: World, step: MoveElement) -> None:
    record = _live(world, step.record, step.side)
    data = move_element(record.now.data, step.path, step.position, step.to)
    _save(world, record, data, step.record.label)


def _delete(world: World, step: Delete) -> None:
    record = _live(world, step.record, step.side)
    world.clock.advance(1)
    world.edited(world.stores[record.side].delete(record.type, record.key), step.record.label)


def _wait(world: World, step: Wait) -> None:
    world.clock.advance(step.ms)


def _start(world: World, _: Start) -> None:
    world.start()


def _settle(world: World, _: Settle) -> None:
    world.settle()


def _during(world: World, step: During) -> None:
    act, kind = step.step, step_kind(step.step)
    if kind not in _PEOPLES:
        raise StepImpossible(f"{kind} is nothing that people could do at that moment")
    number = world.step

    def now() -> None:
        noted, world.step = world.step, number
        try:
            ACTIONS[kind](world, act)
        except (EditImpossible, EditRefused, StepImpossible) as reason:
            world.skipped(str(reason))
        world.step = noted

    world.forecast.plan(step.counting, step.request, now)


def _weather(world: World, step: Fault | Kill) -> None:
    world.forecast.plan(step.counting, step.request, step)


def _webhook(world: World, step: Webhook) -> None:
    world.forecast.plan_webhook(step.number, step.fate)


def _many(world: World, step: Many) -> None:
    world.clock.advance(-world.clock.now_ms % SECOND_MS)  # to the beginning of a second
    for number in range(1, step.number + 1):
        label = f"{step.label}{number}"
        _make(world, step.side, Ref(label, step.type), (), advance_ms=0)


_PEOPLES: Final = frozenset(
    {"create", "edit", "clear", "add-element", "remove-element", "move-element", "delete"}
)

ACTIONS: Final[Mapping[str, Callable[[World, Any], None]]] = {
    "create": _create,
    "edit": _edit,
    "clear": _clear,
    "add-element": _add_element,
    "remove-element": _remove_element,
    "move-element": _move_element,
    "delete": _delete,
    "during": _during,
    "fault": _weather,
    "kill": _weather,
    "many": _many,
    "webhook": _webhook,
    "wait": _wait,
    "start": _start,
    "settle": _settle,
}
