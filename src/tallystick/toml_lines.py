"""Where each value of a TOML text stands. Rule: the text is known to be valid; only lines are new.

`tomllib` reads values and forgets their lines. This walks the same text once more and gives the
line of every table, key and list element, by its path: `("pairs", 0, "properties", 3, "type")`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Final

__all__ = ["Place", "line_of", "toml_lines"]

Place = tuple[str | int, ...]

_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE: Final = re.compile(r"[^,\]}#\n]*")


def toml_lines(text: str) -> Mapping[Place, int]:
    """Give the line (1-based) of every place in a valid TOML text; the whole is line 1."""
    return _Walk(text).run()


def line_of(lines: Mapping[Place, int], place: Place) -> int:
    """Give the line of `place`, or of the nearest thing around it that has one."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Place, int] = {(): 1}
        self._counts: dict[Place, int] = {}

    def run(self) -> dict[Place, int]:
        table: Place = ()
        self._space()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._space()
        return self._lines

    def _space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _note(self, place: Place, at: int) -> None:
        self._lines.setdefault(place, self._text.count("\n", 0, at) + 1)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while match := _KEY.match(self._text, self._at):
            keys.append(_plain(match[1]))
            self._at = match.end()
            if self._text[self._at] != ".":
                break
            self._at += 1
        return keys

    def _header(self) -> Place:
        """Read `[a.b]` or `[[a.b]]`; a name that stands for a list means its last element."""
        start = self._at
        double = self._text.startswith("[[", start)
        self._at += 2 if double else 1
        place: Place = ()
        keys = self._keys()
        for key in keys[:-1]:
            place = self._entered((*place, key), start)
        place = (*place, keys[-1])
        self._note(place, start)
        if double:
            self._counts[place] = self._counts.get(place, 0) + 1
            place = (*place, self._counts[place] - 1)
        self._note(place, start)
        self._at = self._text.index("]]" if double else "]", self._at) + (2 if double else 1)
        return place

    def _entered(self, place: Place, at: int) -> Place:
        self._note(place, at)
        return (*place, self._counts[place] - 1) if place in self._counts else place

    def _pair(self, table: Place) -> None:
        start = self._at
        place = table
        for key in self._keys():
            place = (*place, key)
            self._note(place, start)
        self._at += 1  # the "="
        self._value(place)

    def _value(self, place: Place) -> None:
        self._space()
        self._note(place, self._at)
        first = self._text[self._at]
        if first == "[":
            self._array(place)
        elif first == "{":
            self._inline(place)
        else:
            match = _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at)
            self._at = match.end() if match else len(self._text)

    def _array(self, place: Place) -> None:
        self._at += 1
        index = 0
        self._space()
        while self._text[self._at] != "]":
            self._value((*place, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline(self, place: Place) -> None:
        self._at += 1
        self._space()
        while self._text[self._at] != "}":
            self._pair(place)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._space()
        if self._text[self._at] == ",":
            self._at += 1
            self._space()


def _plain(key: str) -> str:
    """Give the key that stands in quotes, its escapes undone."""
    return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key
