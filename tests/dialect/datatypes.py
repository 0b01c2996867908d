"""Data types as checklists print them, in the frequencies in which they occur."""

from __future__ import annotations

import json
from random import Random
from typing import Any

SLICED = ["join", " ", ["slice", 1, ["split", " ", "_."]]]
CENTURY = ["gt", ["abs", ["datetime-diff", "year", "_.", ["now"]]], 100]
WEIGHTED: tuple[tuple[Any, int], ...] = (
    (["decimal", "_."], 978),
    (["list", "_."], 644),
    (["datetime-format", "%Y-%m-%d", "_."], 1500),
    (["datetime-format", "%Y-%m-%dT%H:%M:%S", "_."], 900),
    (["datetime-format", "%Y-%m-%dT%H:%M:%SZ", "_."], 527),
    (["datetime-parse", "%Y-%m-%dT%H:%M:%S.%fZ", "_."], 41),
    (["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]], 569),
    (["replace", " ", "", ["string", "_."]], 344),
    (["if", ["or", ["is-empty", "_."], ["eq", "", "_."]], "-", "_."], 150),
    (["if", ["eq", "", "_."], "-", "_."], 140),
    (["if", ["matches", "+*", "_."], SLICED, "_."], 300),
    (["if", ["matches", "+* *", "_."], SLICED, "_."], 157),
    (["integer", ["decimal", "_."]], 200),
    (["string", ["integer", ["decimal", "_."]]], 195),
    (["if-null", ["integer", ["string", "_."]], ["decimal", "_."]], 68),
    (["if", ["is-decimal", "_."], ["decimal", "_."], ["integer", "_."]], 140),
    (["if", ["is-decimal", "_."], ["decimal", "_."], ["float", ["decimal", "_."]]], 135),
    (["if", ["is-boolean", ["boolean", "_."]], ["boolean", "_."], ["string", "_."]], 28),
    (["if", CENTURY, "1935-01-01", ["datetime-format", "%Y-%m-%d", "_."]], 48),
    (["if", ["is-empty", "_."], True, ["boolean", "_."]], 3),
    (["if", ["is-empty", "_."], False, ["boolean", "_."]], 3),
)
EXPRESSIONS = tuple(expression for expression, _ in WEIGHTED)
PLAIN = ("string", "integer", "float", "boolean")
OLD_PLAIN = ("decimal", "list", "first")
BEYOND = ('""if", "eq"]]"', '["if",["is-null","_.DefaultValue"],"a","_."]', '"frobnicate", "_."]')
_CASTS = ("string", "integer", "float", "boolean", "decimal", "list", "first")
_BARE = ("integer", "string", "boolean", "is-empty", "is-decimal", "is-boolean")
_ELIDING = ("datetime-format", "datetime-parse", *_CASTS, *_BARE)

Printed = tuple[str, str, Any]
"""The text, the state in which it is, and the expression ("unknown" if none can be made out)."""


def plain(expression: Any) -> Any:
    """Give `"decimal"` for `["decimal", "_."]`."""
    single = isinstance(expression, list) and len(expression) == 2 and expression[1] == "_."
    return expression[0] if single and expression[0] in _CASTS else expression


def full(expression: Any, *, tight: bool = False) -> str:
    """Print an expression as it is."""
    return json.dumps(expression, separators=(",", ":") if tight else (", ", ": "))


def lost(expression: Any, *, tight: bool = False) -> str:
    """Print an expression, and lose its brackets."""
    return full(expression, tight=tight).replace(', "_."]', "").replace("[", "")


def partly(expression: Any) -> Any:
    """Put bare names for the inner calls of one value."""
    if not isinstance(expression, list):
        return expression
    return [expression[0], *(_bare(item) for item in expression[1:])]


def _bare(item: Any) -> Any:
    single = isinstance(item, list) and len(item) == 2 and item[1] == "_."
    return item[0] if single and item[0] in _BARE else partly(item)


def survives(expression: Any) -> bool:
    """Tell whether what is left of an expression that lost its brackets can still be told."""
    if not isinstance(expression, list):
        return True
    elided = expression[-1] == "_."
    return (not elided or expression[0] in _ELIDING) and all(map(survives, expression[1:]))


def printed(random: Random, *, modern: bool) -> Printed:
    """Draw a third cell; what was generated after March 2024 holds plain casts and N/A only."""
    chance = random.random()
    if chance < 0.06:
        return "N/A", "hidden", "unknown"
    if modern or chance < 0.85:
        casts = PLAIN if modern else (*PLAIN, *OLD_PLAIN)
        name = random.choices(casts, (91, *(3 for _ in casts[1:])))[0]
        return f'"{name}"', "printed", name
    if chance < 0.86:
        return random.choice(BEYOND), "opaque", "unknown"
    expression = random.choices(EXPRESSIONS, [weight for _, weight in WEIGHTED])[0]
    return damaged(random, expression)


def damaged(random: Random, expression: Any) -> Printed:
    """Print an expression in one of the three states."""
    tight = random.random() < 0.5
    chance = random.random()
    if chance < 0.4:
        return full(expression, tight=tight), "printed", plain(expression)
    if chance < 0.6:
        bare = partly(expression)
        state = "printed" if bare == expression else "repaired"
        return full(bare, tight=tight), state, plain(expression)
    text = lost(expression, tight=tight)
    if text == f'"{plain(expression)}"':
        return text, "printed", plain(expression)
    if tight or survives(expression):
        return text, "repaired", plain(expression)
    return text, "opaque", "unknown"
