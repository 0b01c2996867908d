"""Data types that lost their brackets. Rule: an expression is restored only if no other one fits.

Such a text is an expression's JSON in which every `, "_."]` and then every `[` was deleted. The
search goes the other way: it tries every expression whose loss gives the text. `"_."` is missing
only where it is the last argument of a function that takes one value, or of the two datetime
functions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from tallystick.dataflow.expressions import FUNCTIONS, VALUE
from tallystick.dataflow.model import Expression

__all__ = ["expressions_that_lost"]

_TOKEN: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?|true|false|null|[\],])')
_MOST_TOKENS: Final = 100
"""Beyond what any expression of the dialect needs (the longest has 23)."""
_MOST_READINGS: Final = 200
_CLOSE: Final = "]"
_ELIDED: Final = {
    **{name: 0 for name, function in FUNCTIONS.items() if function.least == function.most == 1},
    "datetime-format": 1,
    "datetime-parse": 1,
}
"""How many arguments are printed by a function that lost its `"_."`."""

_Reading = tuple[Expression, int]
"""An expression, and the place of the token after it."""


def expressions_that_lost(text: str) -> list[Expression]:
    """Give every expression whose printing, without its brackets, is `text`; [] if none is."""
    tokens = _tokens(text)
    if not tokens or len(tokens) > _MOST_TOKENS:
        return []
    found = [one for one, end in _Search(tokens).calls(0) if end == len(tokens)]
    return [one for index, one in enumerate(found) if one not in found[:index]]


def _tokens(text: str) -> list[str]:
    """Give the tokens of a text without opening brackets; [] where something else stands in it."""
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            return []
        tokens.append(found[1])
        at = found.end()
    return tokens


class _Search:
    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._readings = cache(self._read)

    def calls(self, at: int) -> Iterator[_Reading]:
        """Give every call that can begin at a token."""
        name = self._constant(at)
        function = FUNCTIONS.get(name) if isinstance(name, str) else None
        if function is None:
            return
        printed = _ELIDED.get(name)
        for arguments, end in self._arguments(at + 1, function.most):
            if len(arguments) == printed:
                yield [name, *arguments, VALUE], end
            if function.least <= len(arguments) and self._is(end, _CLOSE):
                yield [name, *arguments], end + 1

    def _arguments(self, at: int, most: int) -> Iterator[tuple[list[Expression], int]]:
        yield [], at
        if most and self._is(at, ","):
            for first, end in self._readings(at + 1):
                for rest, last in self._arguments(end, most - 1):
                    yield [first, *rest], last

    def _read(self, at: int) -> list[_Reading]:
        """Give every argument that can begin at a token: a call, or a constant."""
        if at >= len(self._tokens) or self._tokens[at] in (_CLOSE, ","):
            return []
        value = self._constant(at)
        if isinstance(value, str) and value in FUNCTIONS:
            return list(islice(self.calls(at), _MOST_READINGS))
        return [(value, at + 1)]

    def _constant(self, at: int) -> Expression:
        if self._tokens[at] in (_CLOSE, ","):
            return None
        try:
            return json.loads(self._tokens[at])
        except ValueError:
            return None

    def _is(self, at: int, token: str) -> bool:
        return at < len(self._tokens) and self._tokens[at] == token
