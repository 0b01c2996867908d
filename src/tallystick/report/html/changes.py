"""What a change did to a record, in lines. Rule: it compares two snapshots and knows no systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tallystick.canonical import MISSING, Json, same
from tallystick.report.html.text import shown
from tallystick.vocabulary.cells import render_cell
from tallystick.vocabulary.events import Change

__all__ = ["changed_paths", "flattened", "lines_of", "verb_of"]

_MOST_LINES = 12


def flattened(data: Json, path: str = "") -> dict[str, Json]:
    """Give every value of a record by its dotted path; lists stay whole."""
    if not isinstance(data, Mapping) or (not data and path):
        return {path: data}
    found: dict[str, Json] = {}
    for name, value in data.items():
        found.update(flattened(value, f"{path}.{name}" if path else str(name)))
    return found


def _differences(change: Change) -> Iterator[tuple[str, Json, Json]]:
    before = flattened(change.before.data) if change.before else {}
    after = flattened(change.after.data) if change.after.live else {}
    for path in dict.fromkeys((*before, *after)):
        old, new = before.get(path, MISSING), after.get(path, MISSING)
        if not same(old, new):
            yield path, old, new


def changed_paths(change: Change) -> list[str]:
    """Give the paths whose values a change moved."""
    return [path for path, _, _ in _differences(change)]


def verb_of(change: Change) -> str:
    """Give what was done: creates, edits or deletes."""
    if not change.after.live:
        return "deletes"
    return "creates" if change.before is None else "edits"


def lines_of(change: Change) -> list[str]:
    """Give a change in lines: `email: "a" → "b"`."""
    if not change.after.live:
        return ["deleted"]
    lines = []
    for path, old, new in _differences(change):
        said = shown(render_cell(new))
        if change.before is not None:
            said = f"{shown(render_cell(old))} → {said}"
        lines.append(f"{shown(path)}: {said}")
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], *([f"… and {more} more"] if more > 0 else [])]
