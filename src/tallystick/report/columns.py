"""What happened in one sync, in three columns: one system, the connector, the other system.

Rule: it shows the journal as it is, shortened, and explains nothing. Reads that were answered are
counted where several follow each other; writes, refusals and faults each have their line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from tallystick.canonical import MISSING, Json, same
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.laws.explain import say_value
from tallystick.report.plain import WIDTH, cut
from tallystick.vocabulary.cells import visible
from tallystick.vocabulary.events import (
    Change,
    Edited,
    Event,
    Exchange,
    Killed,
    Notified,
    Printed,
    Settled,
    Skipped,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.sentences import Names
from tallystick.vocabulary.weather import WEBHOOK_WORDS

__all__ = ["sync_columns", "window"]

_GAP: Final = "  "
_ARROWS: Final[Mapping[Side, str]] = {"source": "←", "target": "→"}
_MOST_LINES: Final = 48
_MOST_CHANGES: Final = 4
_MOST_READS: Final = 2  # that follow each other before they are only counted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One line of the table, before it is cut to the columns' widths."""

    source: Sequence[str] = ()
    connector: Sequence[str] = ()
    target: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _View:
    """What the columns are about: whose names, and which properties come first."""

    labels: Mapping[tuple[Side, str, Any], str] = field(default_factory=dict)
    first: Mapping[tuple[Side, str], str] = field(default_factory=dict)


def window(events: Sequence[Event], at: int) -> tuple[int, int]:
    """Give the first and last event of the sync that the event `at` belongs to, edits included.

    Where nothing happened in that sync, or in those before it, the last one counts in which
    something did: what ought to have followed from it is what is missing.
    """
    at = min(at, len(events) - 1)
    last = next((i for i in range(at, len(events)) if isinstance(events[i], Settled)), at)
    first = _beginning(events, at)
    while first > 0 and not any(map(_is_happening, events[first : last + 1])):
        first = _beginning(events, first - 1)
    return first, last


def _beginning(events: Sequence[Event], at: int) -> int:
    """Give the event after the settle before event `at`."""
    return next((i + 1 for i in range(at - 1, -1, -1) if isinstance(events[i], Settled)), 0)


def _is_happening(event: Event) -> bool:
    """Tell whether this is more than a connector that looks round and finds nothing to do."""
    if isinstance(event, Exchange):
        return not _is_plain_read(event)
    return not isinstance(event, SyncBegan | SyncEnded | Settled)


def sync_columns(
    events: Sequence[Event],
    at: int,
    dataflow: Dataflow,
    *,
    first: Mapping[tuple[Side, str], str] | None = None,
    width: int = WIDTH,
) -> list[str]:
    """Give the lines of the three columns for the sync of event `at`.

    `first` names, by side and type, the property that is shown first where a record changed.
    """
    if not events:
        return []
    begin, end = window(events, at)
    view = _View(_labels(events[: end + 1]), first or {})
    rows = [_heading(dataflow), *_rows(events[begin : end + 1], view)]
    lines = [line for row in rows for line in _laid_out(row, width)]
    rule = _GAP.join("─" * each for each in _widths(width))
    shown = lines if len(lines) <= _MOST_LINES else _without_middle(lines)
    return [shown[0], rule, *shown[1:]]


def _without_middle(lines: list[str]) -> list[str]:
    half = _MOST_LINES // 2
    left_out = len(lines) - 2 * half
    return [*lines[:half], f"  … {left_out} lines left out …", *lines[-half:]]


def _widths(width: int) -> tuple[int, int, int]:
    outer = (width - 2 * len(_GAP) - 30) // 2
    return outer, width - 2 * len(_GAP) - 2 * outer, outer


def _heading(dataflow: Dataflow) -> _Row:
    names = Names.of(dataflow)
    source, target = visible(names.source), visible(names.target)
    return _Row(source=[source], connector=["connector"], target=[target])


def _laid_out(row: _Row, width: int) -> Iterator[str]:
    widths = _widths(width)
    columns = [
        [cut(text, each) for text in texts]
        for texts, each in zip((row.source, row.connector, row.target), widths, strict=True)
    ]
    for at in range(max(map(len, columns))):
        cells = [column[at] if at < len(column) else "" for column in columns]
        line = _GAP.join(cell.ljust(each) for cell, each in zip(cells, widths, strict=True))
        yield line.rstrip()


def _labels(events: Iterable[Event]) -> dict[tuple[Side, str, Any], str]:
    return {
        (event.change.side, event.change.type, event.change.key): event.label
        for event in events
        if isinstance(event, Edited) and event.label
    }


def _rows(events: Sequence[Event], view: _View) -> Iterator[_Row]:
    for read, group in groupby(events, _is_plain_read):
        run = list(group)
        if read and len(run) > _MOST_READS:
            yield _Row(connector=[_counted(run)])
            continue
        for event in run:
            yield from _row(event, view)


def _is_plain_read(event: Event) -> bool:
    """Tell whether this is a read that was answered: such ones are counted where many follow."""
    if not isinstance(event, Exchange) or event.method != "GET":
        return False
    return event.answered and event.status == 200 and not event.fault


def _counted(run: Sequence[Any]) -> str:
    counts = {side: sum(event.side == side for event in run) for side in SIDES}
    reads = [f"{_ARROWS[side]} {count}" for side, count in counts.items() if count]
    return f"{len(run)} reads ({', '.join(reads)})  200"


def _row(event: Event, view: _View) -> Iterator[_Row]:
    match event:
        case Edited():
            yield _on(event.change.side, _changed(event.change, view, by="people"))
        case Exchange():
            yield _exchange(event, view)
        case SyncBegan():
            yield _Row(connector=[f"sync {event.number} begins"])
        case SyncEnded() if event.outcome != "did":
            what = "gave up" if event.outcome == "failed" else "broke"
            yield _Row(connector=_told(f"{what}: {event.why}"))
        case Settled():
            yield _Row(connector=["settled"])
        case Started():
            yield _Row(connector=["started" if event.process == 1 else "started again"])
        case Killed():
            yield _Row(connector=["killed"])
        case Printed():
            yield _Row(connector=_told(f"printed: {event.text}"))
        case Strayed():
            yield _Row(connector=_told(f"asked {event.origin}, which is neither system"))
        case Skipped():
            yield _Row(source=[f"step {event.step} left out"])
        case Notified(fate=fate) if fate:
            yield _on(event.side, [f"webhook {event.number} {WEBHOOK_WORDS[fate]}"])
        case _:
            return


def _on(side: Side, lines: Sequence[str]) -> _Row:
    return _Row(source=lines) if side == "source" else _Row(target=lines)


def _told(text: str) -> list[str]:
    lines = textwrap.wrap(visible(text), 30, subsequent_indent="  ")
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][:28]} …"]


def _exchange(event: Exchange, view: _View) -> _Row:
    connector = [_request(event, 30), *_refusal(event)]
    changed = [line for change in event.changes for line in _changed(change, view, by="connector")]
    if event.side == "source":
        return _Row(source=changed, connector=connector)
    return _Row(connector=connector, target=changed)


def _request(event: Exchange, width: int) -> str:
    """Give `→ PUT /customers/1001  200` in `width` characters, the path shortened where need be."""
    status = str(event.status) if event.answered and event.status else "no answer"
    head = f"{_ARROWS[event.side]} {event.method} "
    path, query, _ = visible(event.target).partition("?")
    room = width - len(head) - len(status) - 2
    return f"{head}{cut(path + ('?…' if query else ''), room)}  {status}"


def _refusal(event: Exchange) -> list[str]:
    """Say why a system refused, in its own words."""
    if event.status < 400 or not isinstance(event.answer, Mapping):
        return [f"  {event.fault}"] if event.fault else []
    errors = event.answer.get("errors")
    if not isinstance(errors, list) or not errors:
        said = [str(event.answer.get("detail", ""))]
    else:
        said = [f"{error.get('path', '')}: {error.get('message', '')}" for error in errors]
    lines = textwrap.wrap(visible(said[0]), 28)[:3] if said[0] else []
    more = [f"and {len(said) - 1} more"] if len(said) > 1 else []
    return [f"  {line}" for line in (*lines, *more)]


def _changed(change: Change, view: _View, *, by: str) -> list[str]:
    label = view.labels.get((change.side, change.type, change.key), "")
    name = f'{change.type} "{label}"' if label else f"{change.type} {change.key}"
    done = "edited" if change.before is not None else "created"
    if not change.after.live:
        done = "deleted"
    lines = [visible(name), f"{done} by {by}" if by == "people" else done]
    if done == "deleted":
        return lines
    moved = _moved(change, view.first.get((change.side, change.type), ""))
    limit = 1 if change.before is None else _MOST_CHANGES
    lines += [line for path, value in moved[:limit] for line in _value_lines(path, value)]
    return [*lines, f"  and {len(moved) - limit} more"] if len(moved) > limit else lines


def _moved(change: Change, first: str) -> list[tuple[str, Json]]:
    """Give the properties that changed with their new values, `first` first, if only as missing."""
    before = change.before.data if change.before is not None else {}
    moved = _differences(before, change.after.data, "")
    about = [item for item in moved if item[0].partition("[")[0] == first]
    if first and not about and change.before is None:
        about = [(first, MISSING)]
    return about + [item for item in moved if item not in about]


def _value_lines(path: str, value: Json) -> list[str]:
    said = f"  {visible(path)} {say_value(None if value is MISSING else value)}"
    return [said] if len(said) <= 21 else [f"  {visible(path)}", f"    {said[len(path) + 3 :]}"]


def _differences(before: Json, after: Json, place: str) -> list[tuple[str, Json]]:
    """Give path and new value of every property that differs."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found: list[tuple[str, Json]] = []
        for name in dict.fromkeys((*before, *after)):
            was, now = before.get(name, MISSING), after.get(name, MISSING)
            found += _differences(was, now, f"{place}.{name}".lstrip("."))
        return found
    if before is MISSING and isinstance(after, Mapping):
        return _differences({}, after, place)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = zip(before, after, strict=True)
        return [
            item
            for at, (was, now) in enumerate(pairs, 1)
            for item in _differences(was, now, f"{place}[{at}]")
        ]
    same_absence = (before is MISSING) == (after is MISSING)
    return [] if same_absence and same(before, after) else [(place, after)]
