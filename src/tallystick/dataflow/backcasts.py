"""From a target value back to a source value. Rule: what is given back has been tried forwards.

Each function of the hub's language has an inverse that proposes arguments; the proposals that have
the right JSON type and the right image count, and of these the one that is most like the old value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from tallystick.canonical import MISSING, Json, Missing, same
from tallystick.dataflow.dates import Stamp, format_moment, parse_fields, read_stamp
from tallystick.dataflow.expressions import VALUE, evaluate, image, number, text_of

__all__ = ["NO_PREIMAGE", "NoPreimage", "back"]


class NoPreimage:
    """The type of `NO_PREIMAGE`: no source value has this image."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_PREIMAGE"

    def __bool__(self) -> Literal[False]:
        return False


NO_PREIMAGE: Final = NoPreimage()

_EMPTY: Final[Mapping[str, Json]] = {}
_TYPES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def back(
    type: Json,  # noqa: A002 - the contract's own word
    target_value: Json,
    *,
    old: Json | Missing = MISSING,
    schema: Mapping[str, Json] | None = None,
) -> Json | NoPreimage:
    """Give a source value whose image by `type` is `target_value`, or NO_PREIMAGE.

    `old` is the present source value: it stays where its image is right already. The JSON type is
    one of `schema`'s; without a schema `old`'s where that is possible.
    """
    if same(image(type, old), target_value):
        return None if old is MISSING else old
    wanted = None if target_value is MISSING else target_value
    allowed = _allowed(schema or _EMPTY)
    best: Json | NoPreimage = NO_PREIMAGE
    for proposal in _proposals(type, wanted, None if old is MISSING else old):
        fitted = _fit(proposal, allowed)
        if fitted is NO_PREIMAGE or not same(image(type, fitted), wanted):
            continue
        if old is MISSING or old is None or _alike(fitted, old):
            return fitted
        if best is NO_PREIMAGE:
            best = fitted
    return best


def _alike(value: Json, old: Json) -> bool:
    """Tell whether `value` has `old`'s JSON type; null does, except beside a list: that has []."""
    if value is None:
        return not isinstance(old, list)
    numbers = ("integer", "number")
    left, right = _TYPES.get(value.__class__), _TYPES.get(old.__class__)
    return left == right or (left in numbers and right in numbers)


def _allowed(schema: Mapping[str, Json]) -> frozenset[str]:
    """Give the JSON types that a property's schema names; none where it names none."""
    named = schema.get("type")
    if isinstance(named, str):
        return frozenset({named})
    if isinstance(named, list):
        return frozenset(named)
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    found = {_TYPES.get(value.__class__, "null") for value in values}
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if isinstance(part, Mapping):
            found |= _allowed(part)
    return frozenset(found)


def _fit(value: Json, allowed: frozenset[str]) -> Json | NoPreimage:
    """Give `value` as one of the allowed JSON types; null stands for "missing" and always fits."""
    if value is None or not allowed:
        return value
    name = _TYPES.get(value.__class__, "")
    if name in allowed or (name == "integer" and "number" in allowed):
        return value
    if name == "number" and "integer" in allowed and value.is_integer():
        return int(value)
    return NO_PREIMAGE


Inverse = Callable[[Json, Json], Iterator[Json]]
"""From a wanted result and the old argument to arguments that may give it."""


def _to_string(wanted: Json, _: Json) -> Iterator[Json]:
    if isinstance(wanted, str):
        yield wanted
        if wanted in ("true", "false"):
            yield wanted == "true"
        found = number(wanted)
        if found is not None:
            yield found


def _to_number(wanted: Json, _: Json) -> Iterator[Json]:
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        yield wanted
        yield text_of(wanted)


def _to_boolean(wanted: Json, _: Json) -> Iterator[Json]:
    if isinstance(wanted, bool):
        yield wanted
        yield "true" if wanted else "false"
        yield int(wanted)


def _to_list(wanted: Json, _: Json) -> Iterator[Json]:
    if isinstance(wanted, list):
        yield wanted
        if not wanted:
            yield ""
        elif len(wanted) == 1:
            yield wanted[0]


def _to_first(wanted: Json, old: Json) -> Iterator[Json]:
    if not isinstance(wanted, list):
        yield wanted
    if wanted is None:
        yield []
    yield [wanted, *old[1:]] if isinstance(old, list) else [wanted]


PLAIN_INVERSES: Final[Mapping[str, Inverse]] = {
    "string": _to_string,
    "integer": _to_number,
    "decimal": _to_number,
    "float": _to_number,
    "boolean": _to_boolean,
    "list": _to_list,
    "first": _to_first,
}


def _proposals(type: Json, wanted: Json, old: Json) -> Iterator[Json]:  # noqa: A002
    """Give source values that may have the image `wanted`, the likeliest first."""
    if type is None or isinstance(type, str):
        inverse = None if type is None else PLAIN_INVERSES.get(type)
        if inverse is None:
            yield wanted
        elif wanted is None:
            yield from (None, [])
        else:
            yield from inverse(wanted, old)
        return
    yield from _undo(type, wanted, old)
    yield from (wanted, None, "")


def _undo(expression: Json, wanted: Json, old: Json) -> Iterator[Json]:
    """Give values of `_.` for which `expression` may be `wanted`."""
    if expression == VALUE:
        yield wanted
    elif isinstance(expression, (list, tuple)) and expression and isinstance(expression[0], str):
        name, *arguments = expression
        if name == "if":
            yield from _undo_if(arguments, wanted, old)
        elif name == "if-null":
            for argument in arguments:
                yield from _undo(argument, wanted, old)
        elif name in UNDOING and arguments:
            inner = arguments[-1]
            before = evaluate(inner, old)
            for value in UNDOING[name](arguments[:-1], wanted, before):
                yield from _undo(inner, value, old)


def _undo_if(arguments: list[Json], wanted: Json, old: Json) -> Iterator[Json]:
    """Try both branches, then the values at which the condition turns."""
    for branch in arguments[1:]:
        yield from _undo(branch, wanted, old)
    yield from _turning(arguments[0])


def _turning(condition: Json) -> Iterator[Json]:
    """Give the constants that a condition compares with."""
    if isinstance(condition, (list, tuple)):
        for argument in condition[1:]:
            yield from _turning(argument)
    elif condition != VALUE:
        yield condition


Undoing = Callable[[list[Json], Json, Json], Iterator[Json]]
"""From the constant arguments, the wanted result and the last argument's old value."""


def _plain(inverse: Inverse) -> Undoing:
    return lambda _, wanted, before: inverse(wanted, before)


def _undo_replace(_: list[Json], wanted: Json, __: Json) -> Iterator[Json]:
    yield wanted


def _undo_join(constants: list[Json], wanted: Json, _: Json) -> Iterator[Json]:
    separator = constants[0] if constants else None
    if isinstance(wanted, str) and isinstance(separator, str) and separator:
        yield wanted.split(separator)


def _undo_split(constants: list[Json], wanted: Json, _: Json) -> Iterator[Json]:
    separator = constants[0] if constants else None
    if isinstance(separator, str) and isinstance(wanted, list):
        texts = [item for item in wanted if isinstance(item, str)]
        if len(texts) == len(wanted):
            yield separator.join(texts)


def _undo_slice(constants: list[Json], wanted: Json, before: Json) -> Iterator[Json]:
    """Put back what was cut off: the old beginning, or a mere sign for each element."""
    start = constants[0] if constants else None
    if isinstance(wanted, list) and type(start) is int and 0 <= start < 9:
        if isinstance(before, list) and len(before) >= start:
            yield [*before[:start], *wanted]
        yield [*["+"] * start, *wanted]


def _undo_datetime_format(constants: list[Json], wanted: Json, before: Json) -> Iterator[Json]:
    """Keep of the old datetime what the format does not show, and the way it was written.

    Where that day does not exist (31 February), the month's first, or a leap year's January, does.
    """
    form = constants[0] if constants else None
    if not (isinstance(wanted, str) and isinstance(form, str)):
        return
    fields = parse_fields(form, wanted)
    if fields is None:
        return
    old = read_stamp(before) if isinstance(before, str) else None
    style = old or Stamp(moment=datetime(1970, 1, 1, tzinfo=UTC))
    base = style.moment
    if "hour" in fields:
        base = base.replace(minute=0, second=0, microsecond=0)
    for filler in (base, base.replace(day=1), base.replace(year=2024, month=1, day=1)):
        try:
            moment = filler.replace(**fields)
        except ValueError:
            continue
        yield style.write(moment)
        return


def _undo_datetime_parse(constants: list[Json], wanted: Json, _: Json) -> Iterator[Json]:
    form = constants[0] if constants else None
    stamp = read_stamp(wanted) if isinstance(wanted, str) else None
    if isinstance(form, str) and stamp is not None:
        yield format_moment(form, stamp.moment)


def _undo_abs(_: list[Json], wanted: Json, __: Json) -> Iterator[Json]:
    yield wanted


UNDOING: Final[Mapping[str, Undoing]] = {
    **{name: _plain(inverse) for name, inverse in PLAIN_INVERSES.items()},
    "replace": _undo_replace,
    "join": _undo_join,
    "split": _undo_split,
    "slice": _undo_slice,
    "abs": _undo_abs,
    "datetime-format": _undo_datetime_format,
    "datetime-parse": _undo_datetime_parse,
}
