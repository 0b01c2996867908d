"""What a data type makes of a value. Rule: never an exception; what cannot be cast is null.

A type is a plain cast's name ("integer"), a prefix list of the hub's language
(`["datetime-format", "%Y-%m-%d", "_."]`, where `"_."` is the source value), None (no conversion) or
"unknown" (some conversion that nobody wrote down). The plain casts do not look into lists; of the
other functions those that make one text of one text map over a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Final

from tallystick.canonical import MISSING, Json, is_empty, same
from tallystick.dataflow.dates import Stamp, format_moment, parse_format, read_stamp

__all__ = ["FUNCTIONS", "PLAIN", "VALUE", "Function", "evaluate", "image", "number", "text_of"]

VALUE: Final = "_."
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_MOST_DIGITS: Final = 400  # beyond what a double can hold


def text_of(value: float) -> str | None:
    """Give a number's shortest decimal: no exponent, no trailing zeros, and "0" for -0."""
    if isinstance(value, int):
        return str(value) if value.bit_length() < _MOST_DIGITS * 4 else None
    if not isfinite(value):
        return None
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=16_384)
def _exact(text: str) -> int | Decimal | None:
    found = _JSON_NUMBER.fullmatch(text)
    if found is None or len(text) > _MOST_DIGITS:
        return None
    if found[1] is None and found[2] is None:
        return int(text)
    nearest = float(text)
    if not isfinite(nearest):
        return None
    if nearest == 0:
        return 0  # no Decimal of an exponent that is none of this world
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else exact


def number(value: Json) -> int | float | None:
    """Give the JSON number that `value` is, or that its text is; None where it is neither."""
    kind = type(value)
    if kind is int:
        return int(value)
    if kind is float:
        return float(value) if isfinite(value) else None
    if kind is str:
        exact = _exact(value)
        if isinstance(exact, Decimal):
            return float(exact)
        return exact if exact is None or "e" not in value.lower() else float(exact)
    return None


def _string(value: Json) -> Json:
    kind = type(value)
    if kind is str:
        return value
    if kind is bool:
        return "true" if value else "false"
    return text_of(value) if kind is int or kind is float else None


def _integer(value: Json) -> Json:
    exact = _exact(value) if type(value) is str else number(value)
    return None if exact is None else int(exact)


def _boolean(value: Json) -> Json:
    kind = type(value)
    if kind is bool:
        return value
    if kind is str:
        return _TRUTHS.get(value.lower())
    found = number(value)
    return None if found is None else found != 0


_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "false": False}


def _list(value: Json) -> Json:
    if value is None or isinstance(value, list):
        return value
    return [] if value == "" else [value]


def _first(value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return value[0] if value else None


PLAIN: Final[Mapping[str, Callable[[Json], Json]]] = {
    "string": _string,
    "integer": _integer,
    "decimal": number,
    "float": number,
    "boolean": _boolean,
    "list": _list,
    "first": _first,
}


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the hub's language, and how many arguments it takes."""

    apply: Callable[..., Json]
    least: int
    most: int


def _mapping(function: Callable[..., Json]) -> Callable[..., Json]:
    """Let a function of one last text map over a list of texts."""

    def mapped(*arguments: Json) -> Json:
        last = arguments[-1]
        if isinstance(last, list):
            return [function(*arguments[:-1], item) for item in last]
        return function(*arguments)

    return mapped


def _if(condition: Json, then: Json, otherwise: Json = None) -> Json:
    return then if condition is True else otherwise


def _if_null(value: Json, otherwise: Json) -> Json:
    return otherwise if value is None else value


def _or(*conditions: Json) -> Json:
    return True in [condition for condition in conditions if isinstance(condition, bool)]


def _is_decimal(value: Json) -> Json:
    return isinstance(value, float) and isfinite(value) and not value.is_integer()


def _replace(old: Json, new: Json, value: Json) -> Json:
    if not (isinstance(old, str) and old and isinstance(new, str) and isinstance(value, str)):
        return None
    return value.replace(old, new)


@lru_cache(maxsize=256)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"\*+", pattern))), re.DOTALL)


def _matches(pattern: Json, value: Json) -> Json:
    if not (isinstance(pattern, str) and isinstance(value, str)):
        return False
    return _wildcard(pattern).fullmatch(value) is not None


def _join(separator: Json, value: Json) -> Json:
    if not isinstance(separator, str) or not isinstance(value, list):
        return _string(value)
    texts = [_string(item) for item in value]
    return separator.join(text for text in texts if text is not None)


def _slice(start: Json, *rest: Json) -> Json:
    *ends, value = rest
    bounds = [start, *ends]
    if not isinstance(value, (list, str)) or any(type(bound) is not int for bound in bounds):
        return None
    return value[slice(start, *ends)] if ends else value[start:]


def _split(separator: Json, value: Json) -> Json:
    if not (isinstance(separator, str) and separator and isinstance(value, str)):
        return None
    return value.split(separator)


def _gt(left: Json, right: Json) -> Json:
    if type(left) is str and type(right) is str:
        return left > right
    if type(left) in (int, float) and type(right) in (int, float):
        return left > right
    return False


def _abs(value: Json) -> Json:
    found = None if type(value) is str else number(value)
    return None if found is None else abs(found)


def _datetime_format(form: Json, value: Json) -> Json:
    if not (isinstance(form, str) and isinstance(value, str)):
        return None
    return _formatted(form, value)


@lru_cache(maxsize=16_384)
def _formatted(form: str, value: str) -> str | None:
    stamp = read_stamp(value)
    return None if stamp is None else format_moment(form, stamp.moment)


def _datetime_parse(form: Json, value: Json) -> Json:
    if not (isinstance(form, str) and isinstance(value, str)):
        return None
    moment = parse_format(form, value)
    return None if moment is None else Stamp(moment=moment).write(moment)


def _nothing(*_: Json) -> Json:
    """Stand for what needs a clock: never judged, and null so that the rest can be shown."""
    return None


FUNCTIONS: Final[Mapping[str, Function]] = {
    **{name: Function(apply, 1, 1) for name, apply in PLAIN.items()},
    "if": Function(_if, 2, 3),
    "if-null": Function(_if_null, 2, 2),
    "or": Function(_or, 1, 9),
    "eq": Function(same, 2, 2),
    "neq": Function(lambda left, right: not same(left, right), 2, 2),
    "gt": Function(_gt, 2, 2),
    "is-empty": Function(is_empty, 1, 1),
    "is-null": Function(lambda value: value is None, 1, 1),
    "is-decimal": Function(_is_decimal, 1, 1),
    "is-boolean": Function(lambda value: isinstance(value, bool), 1, 1),
    "matches": Function(_matches, 2, 2),
    "replace": Function(_mapping(_replace), 3, 3),
    "join": Function(_join, 2, 2),
    "slice": Function(_slice, 2, 3),
    "split": Function(_mapping(_split), 2, 2),
    "abs": Function(_mapping(_abs), 1, 1),
    "datetime-format": Function(_mapping(_datetime_format), 2, 2),
    "datetime-parse": Function(_mapping(_datetime_parse), 2, 2),
    "datetime-diff": Function(_nothing, 3, 3),
    "now": Function(_nothing, 0, 0),
}
"""The hub's language: every function that is understood."""


def evaluate(expression: Json, value: Json) -> Json:
    """Give what a full expression makes of `value`; null for what is not understood."""
    if not isinstance(expression, (list, tuple)):
        return value if expression == VALUE else expression
    name = expression[0] if expression else None
    function = FUNCTIONS.get(name) if isinstance(name, str) else None
    if function is None or not function.least < len(expression) <= function.most + 1:
        return None
    return function.apply(*[evaluate(argument, value) for argument in expression[1:]])


def image(type: Json, value: Json) -> Json:  # noqa: A002 - the contract's own word
    """Give what `value` becomes in the target by the data type `type`.

    None is null, also for what cannot be cast; null and MISSING are null under every plain cast.
    Without a type, and under "unknown", the value is its own image.
    """
    if value is MISSING:
        value = None
    if type is None:
        return value
    if isinstance(type, str):
        plain = PLAIN.get(type)
        if plain is not None:
            return None if value is None else plain(value)
        return value if type in ("unknown", VALUE) else None
    return evaluate(type, value)
