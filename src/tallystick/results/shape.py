"""Frozen values as JSON and back, by their annotations. Rule: what is written reads back equal.

Known are dataclasses, text, numbers, truth values, `X | None`, `Literal`, `Any`, tuples of one
kind, and mappings from text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tallystick.canonical import Json

__all__ = ["build", "plain"]

_T = TypeVar("_T")


def plain(value: Any) -> Json:
    """Give a value as JSON; what JSON has no word for (a property that is not there) is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, NoneType)) else None


def build(kind: type[_T], document: Json) -> _T:
    """Give the value of a dataclass that `plain` wrote; unknown names are ignored.

    KeyError, TypeError or ValueError where the document is none; check it by its schema first.
    """
    any_kind: Any = kind
    hints = _hints(any_kind)
    given = {name: _read(hints[name], item) for name, item in document.items() if name in hints}
    return kind(**given)


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Json) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        wanted = [one for one in inner if one is not NoneType]
        return None if value is None else _read(wanted[0], value) if len(wanted) == 1 else value
    if origin is tuple:
        return tuple(_read(inner[0], item) for item in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {name: _read(inner[1], item) for name, item in value.items()}
    return build(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
