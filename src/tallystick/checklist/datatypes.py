"""Data types as printed. Rule: an expression is taken only if it is understood; else it is opaque.

The hub prints a data type as JSON: a plain cast's name, or a prefix list of functions. A text
that lost its brackets on the way is not JSON; `repair` restores it where only one expression fits.
"""

from __future__ import annotations

import json
from typing import Final

from tallystick.checklist.document import DataType
from tallystick.checklist.repair import expressions_that_lost
from tallystick.dataflow import casts
from tallystick.dataflow.model import Expression

__all__ = ["expression_problem", "read_data_type"]

_VALUE: Final = "_."
_PREDICATES: Final = ("is-empty", "is-null", "is-decimal", "is-boolean")
_NEVER_PRINTED: Final = "the checklist does not print the conversion (N/A)"


def read_data_type(text: str) -> DataType:
    """Give what the third cell says; what can't be understood is opaque, with the reason."""
    text = text.strip()
    if text.upper() == "N/A":
        return DataType(text=text, state="hidden", expression="unknown", reason=_NEVER_PRINTED)
    try:
        given = json.loads(text)
        expression = _normal(given)
        problem = expression_problem(expression)
    except ValueError:
        return _repaired(text)
    except RecursionError:
        return _opaque(text, "it is nested beyond all measure")
    if problem:
        return _opaque(text, problem)
    restored = _plain(given) != expression
    return DataType(text=text, state="repaired" if restored else "printed", expression=expression)


def expression_problem(given: Expression) -> str:
    """Say why `given` is no data type that can be executed; "" if it is one."""
    if isinstance(given, list) or (isinstance(given, str) and given in casts.PLAIN_CASTS):
        return casts.check(given)
    return f"{given!r} is neither a cast's name nor an expression"


def _normal(given: Expression) -> Expression:
    """Write `["decimal", "_."]` as the plain cast, and bare names inside as what they stand for."""
    return _plain(_restored(given))


def _plain(given: Expression) -> Expression:
    if isinstance(given, list) and len(given) == 2 and given[1] == _VALUE:
        return given[0] if given[0] in casts.PLAIN_CASTS else given
    return given


def _restored(given: Expression) -> Expression:
    """Put `[name, "_."]` for a bare cast or predicate as an argument; it is never a constant."""
    if not isinstance(given, list) or not given:
        return given
    bare = (*casts.PLAIN_CASTS, *_PREDICATES)
    arguments = (
        [item, _VALUE] if isinstance(item, str) and item in bare else _restored(item)
        for item in given[1:]
    )
    return [given[0], *arguments]


def _repaired(text: str) -> DataType:
    """Restore an expression that lost its brackets, where only one can be meant."""
    found = [_plain(one) for one in expressions_that_lost(text) if not casts.check(one)]
    if len(found) == 1:
        return DataType(text=text, state="repaired", expression=found[0])
    if found:
        return _opaque(text, f"{len(found)} expressions fit what is left of it")
    return _opaque(text, "it is no JSON" if text else "it is blank")


def _opaque(text: str, reason: str) -> DataType:
    why = f"the data type can't be understood: {reason}"
    return DataType(text=text, state="opaque", expression="unknown", reason=why)
