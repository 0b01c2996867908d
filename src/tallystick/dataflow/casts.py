"""Data types. Rule: the one door to casts; what they do stands in its siblings.

`image` goes from source to target, `back` the other way; `check` says what is wrong with a type,
and `is_judged` whether the contract settles what it makes of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tallystick.canonical import Json
from tallystick.dataflow.backcasts import NO_PREIMAGE, NoPreimage, back
from tallystick.dataflow.dates import format_problem, read_stamp
from tallystick.dataflow.expressions import FUNCTIONS, PLAIN, VALUE, image, number
from tallystick.dataflow.model import Expression

__all__ = [
    "NO_PREIMAGE",
    "PLAIN_CASTS",
    "UNKNOWN",
    "NoPreimage",
    "back",
    "check",
    "image",
    "is_certain",
    "is_judged",
    "is_known",
]

UNKNOWN: Final = "unknown"
PLAIN_CASTS: Final = tuple(PLAIN)

_UNJUDGED: Final = frozenset({"now", "datetime-diff"})
_TAKES_TEXTS: Final = frozenset(
    {"eq", "neq", "matches", "replace", "split", "join", "datetime-format", "datetime-parse"}
)
_OF_ONE_TEXT: Final = frozenset({"replace", "split", "abs", "datetime-format", "datetime-parse"})
_MICROSECONDS: Final = 6  # digits
_DATE_ALIKE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check(type: Expression | None) -> str:  # noqa: A002
    """Say what is wrong with a data type; "" if nothing ("unknown" is a type, too)."""
    if type is None or type in (*PLAIN_CASTS, UNKNOWN, VALUE):
        return ""
    if isinstance(type, (list, tuple)):
        return _check_call(type)
    return f"{type!r} is not a data type; plain ones are: {', '.join(PLAIN_CASTS)}"


def _check_call(call: Expression) -> str:
    name = call[0] if call else None
    function = FUNCTIONS.get(name) if isinstance(name, str) else None
    if function is None or not isinstance(name, str):
        return f"{name!r} is not a function; these are: {', '.join(FUNCTIONS)}"
    if not function.least <= len(call) - 1 <= function.most:
        wanted = f"{function.least} to {function.most}"
        if function.least == function.most:
            wanted = str(function.least)
        return f"{name!r} takes {wanted} arguments, here are {len(call) - 1}"
    if name in ("datetime-format", "datetime-parse"):
        if not isinstance(call[1], str):
            return f"the format of {name!r} has to be a text, not {call[1]!r}"
        if problem := format_problem(call[1]):
            return problem
    problems = (_check_argument(name, argument) for argument in call[1:])
    return next(filter(None, problems), "")


def _check_argument(name: str, argument: Expression) -> str:
    if isinstance(argument, (list, tuple)):
        return _check_call(argument)
    if isinstance(argument, dict):
        return f"an object cannot be an argument of {name!r}"
    if not isinstance(argument, str) or argument == VALUE:
        return ""
    if argument.startswith(VALUE):
        return f"{argument!r} reads another property, which is not supported"
    if argument in PLAIN and name not in _TAKES_TEXTS:
        return f'the bare word {argument!r} in {name!r} has to be ["{argument}", "{VALUE}"]'
    return ""


def is_known(type: Expression | None) -> bool:  # noqa: A002
    """Tell whether it is known what `type` makes of a value."""
    return type != UNKNOWN and not check(type)


def is_judged(type: Expression | None) -> bool:  # noqa: A002
    """Tell whether rows of this type are judged by value: known, and free of the clock."""
    return is_known(type) and _UNJUDGED.isdisjoint(_functions(type))


def is_certain(type: Expression | None, value: Json) -> bool:  # noqa: A002
    """Tell whether the contract settles the image of this `value` by a judged type.

    It leaves open a fraction under `is-decimal`, whether a date alone, or a time without seconds,
    is a datetime, whether functions of one text map over a list, and with how many digits a parsed
    fraction of a second is written.
    """
    return is_judged(type) and not any(_is_open(name, type, value) for name in _functions(type))


def _is_open(function: str, type: Expression | None, value: Json) -> bool:  # noqa: A002
    if function in _OF_ONE_TEXT and isinstance(value, list):
        return True
    if function == "is-decimal":
        found = number(value)
        return found is not None and found != int(found)
    if function == "datetime-format" and isinstance(value, str) and _DATE_ALIKE.match(value):
        return read_stamp(value) is None
    return function == "datetime-parse" and _has_short_fraction(image(type, value))


def _has_short_fraction(text: Json) -> bool:
    stamp = read_stamp(text) if isinstance(text, str) else None
    return stamp is not None and 0 < stamp.digits < _MICROSECONDS


def _functions(type: Expression | None) -> Iterator[str]:  # noqa: A002
    if isinstance(type, (list, tuple)) and type:
        yield type[0]
        for argument in type[1:]:
            yield from _functions(argument)
