"""Events as JSON lines, and back. Rule: what is read again is equal to what was written.

One line for the header, one for each event, one for the footer. Optional fields that have their
default are left out. Times are milliseconds since 1970; no token ever stands in a journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import Field, fields
from typing import Any, Final, get_args

from tallystick.canonical import Json
from tallystick.vocabulary.events import Change, Event, Snapshot

__all__ = ["event_from_json", "event_kind", "event_to_json"]

_KINDS: Final[Mapping[str, type[Any]]] = {kind.__name__.lower(): kind for kind in get_args(Event)}
_NAMES: Final[Mapping[type[Any], str]] = {event_type: name for name, event_type in _KINDS.items()}


def event_kind(event: Event) -> str:
    """Give the kind of an event as its line names it: `exchange`, `syncbegan`."""
    return _NAMES[type(event)]


_LAYOUTS: Final[dict[type[Any], tuple[tuple[str, Any], ...]]] = {}


def _layout(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """Give the names and defaults of a kind's fields."""
    if kind not in _LAYOUTS:
        _LAYOUTS[kind] = tuple((field.name, _default(field)) for field in fields(kind))
    return _LAYOUTS[kind]


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not NO_DEFAULT:
        return field.default_factory()
    return field.default


def _plain(value: Any) -> Json:
    if isinstance(value, (Change, Snapshot)):
        return _fields(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _fields(value: Any) -> dict[str, Json]:
    out: dict[str, Json] = {}
    for name, default in _layout(type(value)):
        item = getattr(value, name)
        if default is NO_DEFAULT or item != default or type(item) is not type(default):
            out[name] = _plain(item)
    return out


def event_to_json(event: Event) -> dict[str, Json]:
    """Give an event as one JSON object, its kind first."""
    return {"event": event_kind(event), **_fields(event)}


def _change(document: Mapping[str, Json]) -> Change:
    before = document["before"]
    return Change(
        side=document["side"],
        type=document["type"],
        key=document["key"],
        before=None if before is None else Snapshot(**before),
        after=Snapshot(**document["after"]),
    )


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "change": _change,
    "changes": lambda items: tuple(_change(item) for item in items),
    "tokens": tuple,
}


def event_from_json(document: Mapping[str, Json]) -> Event:
    """Read an event; KeyError, TypeError or ValueError where it is none."""
    kind = _KINDS[document["event"]]
    made: Event = kind(
        **{
            name: _READERS[name](value) if name in _READERS else value
            for name, value in document.items()
            if name != "event"
        }
    )
    return made
