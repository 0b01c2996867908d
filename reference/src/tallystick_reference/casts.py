"""Data types: what a source value becomes on the target, and the way back.

An expression is a name ("integer"), or a prefix list whose "_." is the value:
["datetime-format", "%Y-%m-%d", "_."]. Every function is total: what it can't take gives null.
The way back is found by trying: a source value counts when its image is the value asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from tallystick_reference.values import Json, NoValue, empty, same

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


def _decimal(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    number = Decimal(str(value))
    return number if abs(number.adjusted()) <= 400 else None  # noqa: PLR2004 - beyond any double


def _number(value: Json) -> Json:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    number = _decimal(value)
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def _integer(value: Json) -> Json:
    number = _decimal(value)
    return None if number is None else int(number)


def _string(value: Json) -> Json:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    number = _decimal(value)
    if number is None:
        return None
    text = f"{number:f}" if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _boolean(value: Json) -> Json:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return bool(value) if isinstance(value, (bool, int, float)) else None


def _list(value: Json) -> Json:
    if value is None or isinstance(value, list):
        return value
    return [] if value == "" else [value]


def _first(value: Json) -> Json:
    if isinstance(value, list):
        return value[0] if value else None
    return value


def _moment(value: Json) -> datetime | None:
    """Read a date and time; without an offset it is UTC."""
    if not isinstance(value, str) or not _STAMP.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _datetime_format(form: str, value: Json) -> Json:
    moment = _moment(value)
    return None if moment is None else moment.strftime(form.replace("%Y", f"{moment.year:04d}"))


def _datetime_parse(form: str, value: Json) -> Json:
    try:
        moment = datetime.strptime(value, form).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def _matches(pattern: str, value: Json) -> bool:
    parts = map(re.escape, pattern.split("*"))
    return isinstance(value, str) and bool(re.fullmatch(".*".join(parts), value, re.DOTALL))


def _join(glue: str, value: Json) -> Json:
    return glue.join(value) if isinstance(value, list) and all(map(_is_text, value)) else None


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


FUNCTIONS: Final[dict[str, Callable[..., Json]]] = {
    "string": _string,
    "integer": _integer,
    "decimal": _number,
    "float": _number,
    "boolean": _boolean,
    "list": _list,
    "first": _first,
    "unknown": lambda value: value,  # some conversion that nobody wrote down: the value as it is
    "datetime-format": _datetime_format,
    "datetime-parse": _datetime_parse,
    "if": lambda test, yes, no: yes if test is True else no,
    "if-null": lambda value, other: other if value is None else value,
    "or": lambda *tests: True in tests,
    "eq": same,
    "neq": lambda one, other: not same(one, other),
    "is-empty": empty,
    "is-null": lambda value: value is None,
    "is-boolean": lambda value: isinstance(value, bool),
    "is-decimal": lambda value: _decimal(value) is not None,
    "matches": _matches,
    "replace": lambda old, new, value: value.replace(old, new) if _is_text(value) else None,
    "split": lambda by, value: value.split(by) if _is_text(value) else None,
    "slice": lambda start, value: value[start:] if isinstance(value, list) else None,
    "join": _join,
}


class Casts:
    """Values there and back; a connector of your own may add functions to the table."""

    functions = FUNCTIONS

    def image(self, expression: Json, value: Json) -> Json:
        """Say what `value` is on the target; no expression, or one not known, copies it."""
        if expression is None or not self._known(expression):
            return value
        return self._evaluate([expression, "_."] if _is_text(expression) else expression, value)

    def back(self, expression: Json, target: Json, old: Json = None, schema: Json = None) -> Json:
        """Give a source value whose image is `target`, if any has; `old` stays where it can."""
        if same(self.image(expression, old), target):
            return old
        found: Json = NoValue.NOTHING
        for value in self._proposals(expression, target, old):
            if same(self.image(expression, value), target) and _fits(value, schema or {}):
                if old is None or value is None or _kind(value) == _kind(old):
                    return value
                found = value if found is NoValue.NOTHING else found
        return found

    def _known(self, expression: Json) -> bool:
        name, *arguments = [expression] if _is_text(expression) else expression
        nested = (argument for argument in arguments if isinstance(argument, list))
        return name in self.functions and all(map(self._known, nested))

    def _evaluate(self, expression: Json, value: Json) -> Json:
        if not isinstance(expression, list):
            return value if expression == "_." else expression
        arguments = [self._evaluate(argument, value) for argument in expression[1:]]
        return self.functions[expression[0]](*arguments)

    def _proposals(self, expression: Json, target: Json, old: Json) -> Iterator[Json]:
        if isinstance(expression, list) and expression[0].startswith("datetime"):
            yield from _stamps(expression[1], target, old)
        if isinstance(old, list) and target is not None:
            yield [target, *old[1:]]
        yield from (target, _string(target), _number(target), _boolean(target), _first(target))
        yield from ([target], int(target is True), "", None)


def _stamps(form: str, target: Json, old: Json) -> Iterator[str]:
    """Propose dates and times that print as `target`: on the old time of day, then on their own."""
    parsed = _datetime_parse(form, target) or target
    if (moment := _moment(parsed)) is not None:
        stamp = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        if _is_text(old):
            yield stamp[:10] + old[10:]
        yield from (stamp.replace(".000000", ""), stamp[:10], stamp[:-1], moment.strftime(form))


def _kind(value: Json) -> str:
    kind = _KINDS.get(type(value), "object")
    return "number" if kind == "integer" else kind


def _fits(value: Json, schema: Json) -> bool:
    """Tell whether `value` has the JSON type that the schema asks for; null may always stand."""
    kinds, day = schema.get("type"), schema.get("format") in ("date", "date-time")
    if day and _is_text(value) and (schema["format"] == "date") != (len(value) == len("2024-05-01")):
        return False
    if kinds is None or value is None:
        return True
    kinds = [kinds] if _is_text(kinds) else kinds
    whole = isinstance(value, float) and value.is_integer()
    mine = _KINDS.get(type(value), "object")
    return mine in kinds or _kind(value) in kinds or (whole and "integer" in kinds)
