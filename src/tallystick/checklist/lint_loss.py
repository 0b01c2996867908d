"""What a data type drops. Rule: a loss is told only where the source's own type is known.

It is known from the record's JSON Schema, or from the other direction's checklist: what a value
becomes when it is written to a property is that property's type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tallystick.checklist.agreement import Agreement
from tallystick.checklist.document import Document
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.properties import types_at
from tallystick.dataflow.model import Expression

__all__ = ["lint_loss", "loss"]

_NUMBERS: Final = ("integer", "decimal", "float")
_LOSSES: Final[Mapping[tuple[str, str], str]] = {
    ("string", "integer"): "drops every text that is no whole number",
    ("string", "decimal"): "drops every text that is no number",
    ("string", "float"): "drops every text that is no number",
    ("string", "boolean"): "drops every text that is neither true, false nor a number",
    ("decimal", "integer"): "drops fractions",
    ("float", "integer"): "drops fractions",
    **{(number, "boolean"): "keeps only whether a number is zero" for number in _NUMBERS},
    **{("boolean", number): "drops booleans" for number in _NUMBERS},
    **{("list", name): "drops lists" for name in ("string", "boolean", *_NUMBERS)},
    ("list", "first"): "keeps only the first of a list",
    ("datetime", "date"): "drops the time of the day",
    **{("object", name): "drops objects" for name in ("string", "boolean", *_NUMBERS)},
}
"""What is dropped between the type of the source and a cast."""

_JSON_TYPES: Final[Mapping[str, str]] = {"number": "decimal", "array": "list"}


def loss(source: Expression, cast: Expression) -> str:
    """Say what `cast` drops of values that `source` made; "" if nothing, or nobody knows."""
    return _LOSSES.get((_kind(source), _kind(cast)), "")


def _kind(expression: Expression) -> str:
    if isinstance(expression, str):
        return expression
    if isinstance(expression, list) and expression[0] == "datetime-format":
        return "datetime" if "%H" in expression[1] else "date"
    return ""


def lint_loss(document: Document, agreement: Agreement) -> Iterator[Finding]:
    """Compare each row's data type with what the agreed schemas say of the source."""
    for section in document.sections:
        schema = agreement.schema_of("source", section.source_type)
        for row in section.properties if schema else ():
            types = types_at(schema, row.source.path)
            kinds = {_JSON_TYPES.get(one, one) for one in types}
            losses = [_LOSSES.get((kind, _kind(row.type.expression)), "") for kind in kinds]
            if losses and all(losses):
                text = f"{row.type.text} {losses[0]}; the schema says that"
                text += f" {row.source.path!r} is {' or '.join(types)}"
                yield finding(
                    "lossy-data-type", document.file, row.line, text, last_line=row.last_line
                )
