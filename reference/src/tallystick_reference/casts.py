"""Data types: what a source value becomes on the target, and the way back.

An expression is a name ("integer"), or a prefix list in which "_." is the value:
["datetime-format", "%Y-%m-%d", "_."]. Every function is total: what it can't take gives null.
The way back is found by trying: a source value counts if its image is the value asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

from .values import Json, NoValue, empty, same

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_KINDS = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}


def _decimal(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    number = Decimal(str(value))
    return number if number.adjusted() <= 308 else None  # else it is no double


def _number(value: Json) -> Json:
    number = _decimal(value)
    if number is None or not isinstance(value, str):
        return None if number is None else value
    return int(number) if number == int(number) else float(number)


def _integer(value: Json) -> Json:
    number = _decimal(value)
    return None if number is None else int(number)


def _string(value: Json) -> Json:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if (number := _decimal(value)) is None:
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
    return next(iter(value), None) if isinstance(value, list) else value


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
    return moment and moment.strftime(form.replace("%Y", f"{moment.year:04d}"))


def _datetime_parse(form: str, value: Json) -> Json:
    try:
        moment = datetime.strptime(value, form).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def _matches(pattern: str, value: Json) -> bool:
    parts = ".*".join(map(re.escape, pattern.split("*")))
    return _is_text(value) and bool(re.fullmatch(parts, value, re.DOTALL))


def _join(glue: str, value: Json) -> Json:
    return glue.join(value) if isinstance(value, list) and all(map(_is_text, value)) else None


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


class Casts:
    """Values there and back; a connector for other systems may have more functions."""

    functions: dict[str, Callable[..., Json]] = {  # noqa: RUF012 - a table, never written
        "string": _string,
        "integer": _integer,
        "decimal": _number,
        "float": _number,
        "boolean": _boolean,
        "list": _list,
        "first": _first,
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

    def image(self, expression: Json, value: Json) -> Json:
        """Say what `value` is on the target; without an expression that is known, it is copied."""
        try:
            return self._evaluate([expression, "_."] if _is_text(expression) else expression, value)
        except (KeyError, TypeError):  # nothing that we know: some conversion, or none at all
            return value

    def back(self, expression: Json, target: Json, old: Json = None, schema: Json = None) -> Json:
        """Give a source value whose image is `target`, if there is one; `old` stays if it can."""
        if same(self.image(expression, old), target):
            return old
        found = [
            value
            for value in self._proposals(expression, target, old)
            if _fits(value, schema or {}) and same(self.image(expression, value), target)
        ]
        alike = (value for value in found if None in (old, value) or _kind(value) == _kind(old))
        return next(alike, found[0] if found else NoValue.NOTHING)

    def _evaluate(self, expression: Json, value: Json) -> Json:
        if not isinstance(expression, list):
            return value if expression in ("_.", None) else expression
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
    """Propose dates and times that print as `target`: with the old time of day, and without."""
    if (moment := _moment(_datetime_parse(form, target) or target)) is not None:
        stamp = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        if _is_text(old):
            yield stamp[:10] + old[10:]
        yield from (stamp.replace(".000000", ""), stamp[:10], moment.strftime(form))


def _kind(value: Json) -> str:
    return _KINDS.get(type(value), "object")


def _fits(value: Json, schema: Json) -> bool:
    """Tell whether `value` has the JSON type that the schema asks for; null may always stand."""
    kinds, form = schema.get("type", [*map(_kind, schema.get("enum", []))]), schema.get("format")
    if form in ("date", "date-time") and _is_text(value) and (form == "date") != ("T" not in value):
        return False
    kinds = [kinds] if _is_text(kinds) else kinds
    whole = _kind(value) == "number" and value == int(value)
    fitting = (_kind(value), "integer" if whole else None)
    return not kinds or value is None or any(kind in kinds for kind in fitting)
