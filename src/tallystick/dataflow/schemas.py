"""JSON Schemas, compiled once. Rule: no schema is ever fetched; an unknown `$ref` is an error.

`violations` gives one entry for each offending path, as the systems answer a 422.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable

from tallystick.canonical import Json, fingerprint
from tallystick.clock import parse_time
from tallystick.errors import Problem

__all__ = ["SchemaViolation", "Validator", "check_schema", "compile_schema", "document_problems"]

_COMPILED: Final[dict[str, Validator]] = {}
_BY_IDENTITY: Final[dict[int, tuple[Mapping[str, Json], Validator]]] = {}
_MOST_KEPT: Final = 512
_FORMATS: Final = FormatChecker()


@_FORMATS.checks("date-time", ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or parse_time(value) is not None


class SchemaViolation(tuple[str, str]):
    """A dotted path (`lines[0].price`; "" for the whole) and what is wrong there."""

    __slots__ = ()

    @property
    def path(self) -> str:
        """Where."""
        return self[0]

    @property
    def message(self) -> str:
        """What."""
        return self[1]


def _refuse(uri: str) -> Resource[Any]:
    raise NoSuchResource(uri)


_REGISTRY: Final[Registry[Any]] = Registry(retrieve=_refuse)  # type: ignore[call-arg]


class Validator:
    """One compiled JSON Schema (2020-12, formats asserted)."""

    __slots__ = ("_schema", "_validator")

    def __init__(self, schema: Mapping[str, Json]) -> None:
        self._schema = schema
        self._validator = Draft202012Validator(schema, format_checker=_FORMATS, registry=_REGISTRY)

    def violations(self, value: Json) -> list[SchemaViolation]:
        """Give every offending path once, in the order of the paths; [] for a valid value."""
        if not self._schema:
            return []
        found: dict[str, str] = {}
        for error in self._validator.iter_errors(value):
            for path, message in _places(error):
                found.setdefault(path, message)
        return [SchemaViolation(item) for item in sorted(found.items())]

    def accepts(self, value: Json) -> bool:
        """Tell whether `value` is valid."""
        return not self._schema or bool(self._validator.is_valid(value))


def _places(error: ValidationError) -> list[tuple[str, str]]:
    here = dotted(error.absolute_path)
    if error.validator == "required" and isinstance(error.instance, dict):
        required: Any = error.validator_value
        missing = [name for name in required if name not in error.instance]
        return [(f"{here}.{name}".lstrip("."), "is required") for name in missing]
    return [(here, error.message)]


def dotted(parts: Any) -> str:
    """Give `lines[0].price` for the parts `lines`, 0, `price`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def compile_schema(schema: Mapping[str, Json]) -> Validator:
    """Give the validator of `schema`, which must never be changed; equal schemas share one."""
    known = _BY_IDENTITY.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    print_ = fingerprint(schema)
    if print_ not in _COMPILED:
        _COMPILED[print_] = Validator(schema)
    if len(_BY_IDENTITY) >= _MOST_KEPT:
        _BY_IDENTITY.clear()
        _COMPILED.clear()
        return compile_schema(schema)
    _BY_IDENTITY[id(schema)] = (schema, _COMPILED[print_])
    return _COMPILED[print_]


def check_schema(schema: Mapping[str, Json]) -> str:
    """Say what is wrong with a JSON Schema itself, remote references included; "" if nothing."""
    return _checked(json.dumps(schema, default=str))


@lru_cache(maxsize=_MOST_KEPT)  # the same few schemas are met at each step of a dataflow's way
def _checked(text: str) -> str:
    schema = json.loads(text)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"{dotted(error.absolute_path) or 'the schema'}: {error.message}"
    for ref in _references(schema):
        if not ref.startswith("#"):
            return f"$ref {ref!r} leaves the document; only references inside it are followed"
        try:
            _REGISTRY.resolver_with_root(Resource.opaque(schema)).lookup(ref)
        except Unresolvable:
            return f"$ref {ref!r} leads nowhere"
    return ""


def _references(schema: Json) -> list[str]:
    if isinstance(schema, Mapping):
        own = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        return own + [ref for part in schema.values() for ref in _references(part)]
    if isinstance(schema, list):
        return [ref for part in schema for ref in _references(part)]
    return []


def document_problems(value: Json, schema: Mapping[str, Json], *, file: str) -> list[Problem]:
    """Check one of our own files against its published schema."""
    return [
        Problem(file=file, text=f"{path or 'the document'}: {message}")
        for path, message in Validator(schema).violations(value)
    ]
