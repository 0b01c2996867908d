"""Quick acceptance of data. Rule: it says yes only where the JSON Schema surely says yes.

Nearly everything that is written is valid, and a full validator takes longer than all the rest of
an exchange. So the common keywords are compiled to plain tests; where a schema uses another one,
or a test says no, the validator is asked, and only its word counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from tallystick.canonical import Json
from tallystick.dataflow.schemas import compile_schema

__all__ = ["quick_acceptance"]

Test = Callable[[Json], bool]

_MEMO: Final = 4096  # texts whose format is remembered, for each schema that names one
_SAYS_NOTHING: Final = frozenset(
    {
        *("$schema", "$comment", "$defs", "title", "description", "default", "examples"),
        *("deprecated", "readOnly", "writeOnly"),
    }
)


class _UnknownKeyword(Exception):
    """The schema uses something that is left to the validator."""


def _is_integer(value: Json) -> bool:
    return (type(value) is int) or (isinstance(value, float) and value.is_integer())


_TYPES: Final[Mapping[str, Test]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: type(value) is int or isinstance(value, float),
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _all(tests: Iterable[Test]) -> Test:
    first, *others = tests
    if not others:
        return first
    if len(others) == 1:
        second = others[0]
        return lambda value: first(value) and second(value)
    both = (first, *others)
    return lambda value: all(test(value) for test in both)


def _any(tests: Iterable[Test]) -> Test:
    several = tuple(tests)
    return several[0] if len(several) == 1 else lambda value: any(test(value) for test in several)


def _types(said: Json) -> Test:
    names = [said] if isinstance(said, str) else said
    return _any(_TYPES[name] for name in names)


def _choice(said: list[Json]) -> Test:
    if not all(value is None or isinstance(value, str) for value in said):
        raise _UnknownKeyword
    choices = frozenset(said)
    return lambda value: (value is None or isinstance(value, str)) and value in choices


def _format(name: str) -> Test:
    accepts = lru_cache(_MEMO)(compile_schema({"format": name}).accepts)
    return lambda value: not isinstance(value, str) or accepts(value)


def _pattern(text: str) -> Test:
    found = re.compile(text).search
    return lambda value: not isinstance(value, str) or found(value) is not None


def _on(kind: type | tuple[type, ...], test: Test) -> Test:
    """Give a test that everything but values of `kind` passes."""
    return lambda value: not isinstance(value, kind) or test(value)


_NUMBER: Final = (int, float)

# For each keyword, what makes its test of the keyword's value.
_SIMPLE: Final[Mapping[str, Callable[[Any], Test]]] = {
    "type": _types,
    "enum": _choice,
    "const": lambda said: _choice([said]),
    "format": _format,
    "pattern": _pattern,
    "minLength": lambda said: _on(str, lambda value: len(value) >= said),
    "maxLength": lambda said: _on(str, lambda value: len(value) <= said),
    "minItems": lambda said: _on(list, lambda value: len(value) >= said),
    "maxItems": lambda said: _on(list, lambda value: len(value) <= said),
    "minimum": lambda said: _on(_NUMBER, lambda value: value >= said),
    "maximum": lambda said: _on(_NUMBER, lambda value: value <= said),
    "exclusiveMinimum": lambda said: _on(_NUMBER, lambda value: value > said),
    "exclusiveMaximum": lambda said: _on(_NUMBER, lambda value: value < said),
}
_OBJECT: Final = frozenset({"properties", "required", "additionalProperties"})


class _Compiler:
    """Compiles the parts of one document, whose `$defs` its references name."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self._root = root
        self._open: set[str] = set()

    def test(self, schema: Json) -> Test:
        if isinstance(schema, bool):
            return lambda _: schema
        tests = [
            self._keyword(name, said)
            for name, said in schema.items()
            if name not in _SAYS_NOTHING and name not in _OBJECT
        ]
        if not _OBJECT.isdisjoint(schema):
            tests.append(self._object(schema))
        return _all(tests) if tests else lambda _: True

    def _keyword(self, name: str, said: Json) -> Test:
        if name in _SIMPLE:
            return _SIMPLE[name](said)
        if name == "items":
            each = self.test(said)
            return _on(list, lambda value: all(map(each, value)))
        if name in ("anyOf", "allOf"):
            return (_any if name == "anyOf" else _all)([self.test(part) for part in said])
        if name == "$ref":
            return self._reference(said)
        raise _UnknownKeyword

    def _reference(self, said: str) -> Test:
        found = self._root.get("$defs", {}).get(said.removeprefix("#/$defs/"))
        if not said.startswith("#/$defs/") or found is None or said in self._open:
            raise _UnknownKeyword
        self._open.add(said)
        test = self.test(found)
        self._open.remove(said)
        return test

    def _object(self, schema: Mapping[str, Json]) -> Test:
        properties = {name: self.test(part) for name, part in schema.get("properties", {}).items()}
        required = tuple(schema.get("required", ()))
        others = self.test(schema.get("additionalProperties", True))

        def test(value: Json) -> bool:
            if not isinstance(value, dict):
                return True
            for name in required:
                if name not in value:
                    return False
            for name, part in value.items():  # noqa: SIM110 - a loop costs half of all(...)
                if not properties.get(name, others)(part):
                    return False
            return True

        return test


_KNOWN: Final[dict[int, tuple[Mapping[str, Json], Test]]] = {}
_MOST_KEPT: Final = 512


def quick_acceptance(schema: Mapping[str, Json]) -> Test:
    """Give a test that tells whether `schema` accepts a value, as its validator would."""
    known = _KNOWN.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_KNOWN) >= _MOST_KEPT:
        _KNOWN.clear()
    test = _compiled(schema)
    _KNOWN[id(schema)] = (schema, test)
    return test


def _compiled(schema: Mapping[str, Json]) -> Test:
    accepts = compile_schema(schema).accepts
    try:
        surely = _Compiler(schema).test(schema)
    except (_UnknownKeyword, LookupError, TypeError, re.error):
        return accepts
    return lambda value: surely(value) or accepts(value)
