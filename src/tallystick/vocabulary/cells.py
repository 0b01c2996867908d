"""Values as they stand in a story's table. Rule: what is rendered parses back to the same value.

A cell is JSON (`"0017"`, `12.5`, `true`, `null`), or `nothing` for a property that is not there,
or `the key of "Ann"`. Characters that cannot be seen or that a table would swallow are escaped.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

from tallystick.canonical import MISSING
from tallystick.vocabulary.script import KeyOf, Value, Values

__all__ = ["parse_cell", "parse_table", "render_cell", "render_table", "visible"]

_NOTHING: Final = "nothing"
_KEY = re.compile(r'the key of "([^"]*)"')
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me"})


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN_CATEGORIES
    if not hidden and (character == " " or not character.isspace()):
        return character
    return json.dumps(character)[1:-1]


def visible(text: str) -> str:
    """Give a text with every character escaped that cannot be seen, control characters included."""
    return "".join(map(_visible, text))


def render_cell(value: Value) -> str:
    """Give the cell for a value."""
    if isinstance(value, KeyOf):
        return f'the key of "{value.label}"'
    if value is MISSING:
        return _NOTHING
    return visible(json.dumps(value, ensure_ascii=False))


def parse_cell(text: str) -> Value:
    """Read a cell; ValueError, in words for the author of a feature, when it is none."""
    text = text.strip()
    if text == _NOTHING:
        return MISSING
    key = _KEY.fullmatch(text)
    if key:
        return KeyOf(key[1])
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(
            f'{text!r} is no value: write text in double quotes ("{text}"), numbers, true, false,'
            f' null, nothing, or: the key of "LABEL"'
        ) from None


def render_table(values: Values) -> tuple[tuple[str, str], ...]:
    """Give the rows of a table of properties, with its header."""
    return (("property", "value"), *((path, render_cell(value)) for path, value in values))


def parse_table(rows: list[list[str]] | tuple[tuple[str, ...], ...]) -> Values:
    """Read a table of properties; ValueError where it has not the two columns."""
    if not rows or [cell.strip() for cell in rows[0]] != ["property", "value"]:
        raise ValueError("this step needs a table with the columns | property | value |")
    return tuple((row[0].strip(), parse_cell(row[1])) for row in rows[1:])
