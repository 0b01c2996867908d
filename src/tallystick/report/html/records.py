"""The records of a violation side by side, as they stood when it came to light.

Rule: listed properties face each other in the checklist's order, then what is not listed; what the
violation is about is marked, nothing else is judged here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.canonical import MISSING, Json, is_empty
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Row, Side
from tallystick.dataflow.paths import elements, read
from tallystick.laws.verdict import RecordName, Violation
from tallystick.report.html.changes import flattened
from tallystick.report.html.text import shown
from tallystick.vocabulary.cells import render_cell
from tallystick.vocabulary.events import Edited, Event, Exchange, Snapshot
from tallystick.vocabulary.sentences import Names

__all__ = ["Facing", "RecordView", "SideBySide", "side_by_side"]

_MOST_UNLISTED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record's head: `state` is "" where it simply is there; `there`: whether it can be shown."""

    title: str
    state: str = ""
    there: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facing:
    """Two properties that face each other; `differs` marks what the violation is about."""

    source: str
    source_value: str
    target: str
    target_value: str
    differs: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Two records (or one, and the lack of the other), property by property."""

    source: RecordView
    target: RecordView
    rows: tuple[Facing, ...]


def side_by_side(
    violations: Sequence[Violation], events: Sequence[Event], dataflow: Dataflow
) -> SideBySide | None:
    """Give the records of the first violation; None where it names none."""
    first = violations[0]
    pair = next((pair for pair in dataflow.pairs if pair.number == first.pair), None)
    if pair is None or not first.records:
        return None
    records = {side: _record(first.records, side) for side in SIDES}
    states = {side: _state(records[side], events[: first.event + 1]) for side in SIDES}
    about = {v.row for v in violations if v.pair == first.pair and v.records == first.records}
    names = Names.of(dataflow)
    return SideBySide(
        source=_view(records["source"], states["source"], pair, "source", names),
        target=_view(records["target"], states["target"], pair, "target", names),
        rows=(*_listed(pair, states, about), *_unlisted(pair, states, first)),
    )


def _record(records: Sequence[RecordName], side: Side) -> RecordName | None:
    return next((record for record in records if record.side == side), None)


def _state(record: RecordName | None, events: Sequence[Event]) -> Snapshot | None:
    """Give the newest state of a record in these events."""
    if record is None:
        return None
    for event in reversed(events):
        changes = (
            (event.change,)
            if isinstance(event, Edited)
            else event.changes
            if isinstance(event, Exchange)
            else ()
        )
        for change in reversed(changes):
            if (change.side, change.type, change.key) == (record.side, record.type, record.key):
                return change.after
    return None


def _view(
    record: RecordName | None, state: Snapshot | None, pair: Pair, side: Side, names: Names
) -> RecordView:
    if record is None:
        return RecordView(
            title=shown(f"{pair.type_on(side)} in {names.on(side)}"),
            state="none is named",
            there=False,
        )
    called = f'"{record.label}" ({record.key})' if record.label else str(record.key)
    title = shown(f"{record.type} {called} in {names.on(side)}")
    if state is None:
        return RecordView(title=title, state="not in this journal", there=False)
    return RecordView(title=title, state="" if state.live else "deleted")


def _listed(pair: Pair, states: dict[Side, Snapshot | None], about: set[int]) -> list[Facing]:
    return [
        Facing(
            source="(key)" if row.source.is_key else shown(row.source.plain),
            source_value=_value(row, "source", states["source"]),
            target="(key)" if row.target.is_key else shown(row.target.plain),
            target_value=_value(row, "target", states["target"]),
            differs=number in about,
        )
        for number, row in enumerate(pair.rows)
    ]


def _value(row: Row, side: Side, state: Snapshot | None) -> str:
    path = row.path(side)
    if state is None or path.is_key:
        return ""
    if not path.in_list:
        return _said(read(state.data, path.head))
    found = elements(state.data, path)
    if found is None:
        return _said(MISSING)
    return ", ".join(_said(read(element, path.tail or ())) for element in found) or "[]"


def _said(value: Json) -> str:
    return "" if value is MISSING else shown(render_cell(value))


def _unlisted(
    pair: Pair, states: dict[Side, Snapshot | None], violation: Violation
) -> list[Facing]:
    """Give the properties that no row names; they face nothing."""
    found: list[Facing] = []
    for side in SIDES:
        state = states[side]
        listed = [row.path(side).list_text for row in pair.rows]
        for path, value in flattened(state.data if state else {}).items():
            if not path or any(_within(path, name) for name in listed) or is_empty(value):
                continue
            name, said = shown(path), _said(value)
            differs = violation.law == "untouched" and name in violation.note
            found.append(
                Facing(
                    source=name if side == "source" else "",
                    source_value=said if side == "source" else "",
                    target=name if side == "target" else "",
                    target_value=said if side == "target" else "",
                    differs=differs,
                    listed=False,
                )
            )
    return found[:_MOST_UNLISTED]


def _within(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.") or name.startswith(f"{path}.")
