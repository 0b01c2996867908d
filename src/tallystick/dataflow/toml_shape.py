"""A document of ours against its schema. Rule: one message for each mistake, in plain words.

What breaks the schema is cut out, so that the rest can be looked at in the same run.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tallystick import resources
from tallystick.canonical import Json
from tallystick.toml_lines import Place

__all__ = ["Items", "Shape", "Table", "without_violations"]

_NEEDED: Final = ("source", "target", "when", "side", "path", "equals")
"""Keys that their tables need inside a pair, so that they can't be cut out alone."""


class Table(dict[str, Any]):
    """A table that knows its place in the file, whatever is cut out around it."""

    place: Place = ()


class Items(list[Any]):
    """A list that knows its place."""

    place: Place = ()


_SEE: Final = "Its schema says what can stand here: see `tallystick schema`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The violations (place, text, remedy), and what is left when they are cut out."""

    violations: tuple[tuple[Place, str, str], ...]
    rest: Table


def without_violations(given: Mapping[str, Json], schema: str) -> Shape:
    """Check `given` against the packaged schema `schema`, and cut out what breaks it."""
    validator = Draft202012Validator(resources.schema(schema))
    rest = _placed(dict(given), ())
    violations: dict[tuple[Place, str], str] = {}
    while errors := list(validator.iter_errors(rest)):
        cuts = {at for error in errors for at in _cuts(error)}
        if () in cuts and violations:
            break  # what is missing now was cut out
        for error in errors:
            for place, text, remedy in _violation(rest, error):
                violations.setdefault((place, text), remedy)
        if () in cuts:  # what is missing is a part of the whole
            rest = Table()
            break
        whole = [at for at in cuts if not any(at[:size] in cuts for size in range(len(at)))]
        for place in sorted(whole, key=_last_first):
            _cut(rest, place)
    found = tuple((place, text, remedy) for (place, text), remedy in violations.items())
    return Shape(violations=found, rest=rest)


def _placed(given: Json, place: Place) -> Any:
    if isinstance(given, dict):
        table = Table({name: _placed(item, (*place, name)) for name, item in given.items()})
        table.place = place
        return table
    if isinstance(given, list):
        items = Items(_placed(item, (*place, index)) for index, item in enumerate(given))
        items.place = place
        return items
    return given


def _place_of(rest: Json, path: Place) -> Place:
    """Give where the thing at `path` stands in the file, before anything was cut out."""
    found = _at(rest, path)
    if isinstance(found, (Table, Items)):
        return found.place
    return (*_place_of(rest, path[:-1]), path[-1]) if path else ()


def _violation(rest: Json, error: ValidationError) -> Iterator[tuple[Place, str, str]]:
    place = _place_of(rest, tuple(error.absolute_path))
    words = error.schema if isinstance(error.schema, Mapping) else {}
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        known = list(words.get("properties", ()))
        for name in _unknown(error):
            yield (*place, name), f"{_inside(place)}: unknown key {name!r}", _meant(name, known)
    elif error.validator == "required":
        needed: Any = error.validator_value
        missing = [name for name in needed if name not in instance]
        yield place, f"{_inside(place)}: {missing[0]!r} is missing", _remedy(words)
    elif error.validator == "anyOf":
        yield place, f"{_inside(place)}: {instance!r} can't stand here", _remedy(words)
    else:
        yield place, f"{_inside(place)}: {error.message}", _remedy(words)


def _unknown(error: ValidationError) -> list[str]:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    instance: Any = error.instance
    return [name for name in instance if name not in known]


def _cuts(error: ValidationError) -> list[Place]:
    path: Place = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        return [(*path, name) for name in _unknown(error)]
    return [_cut_at(path)]


def _remedy(schema: Mapping[str, Json]) -> str:
    return str(
        schema.get("description", "Its schema (`tallystick schema`) says what can stand here.")
    )


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"Was {close[0]!r} meant?"
    return f"These keys can stand here: {', '.join(known)}."


def _inside(place: Place) -> str:
    words = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(words).lstrip(".") or "the file"


def _last_first(place: Place) -> tuple[tuple[bool, float, str], ...]:
    """Order places so that cutting one out doesn't move those that follow."""
    return tuple(
        (False, -part, "") if isinstance(part, int) else (True, 0.0, part) for part in place
    )


def _cut_at(place: Place) -> Place:
    """Give what has to go: an element whose required key is missing or bad goes as a whole."""
    size = len(place)
    while place[:1] == ("pairs",) and place[size - 1] in _NEEDED:
        size -= 1
    return place[:size]


def _at(given: Any, place: Place) -> Any:
    for part in place:
        given = given[part]
    return given


def _cut(given: Any, place: Place) -> None:
    del _at(given, place[:-1])[place[-1]]
