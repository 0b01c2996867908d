r"""Texts that match a pattern. Rule: simple patterns only; the caller checks what it gets.

Understood are literals, `.`, `\d \w \s`, classes, groups, alternatives and the quantifiers;
look-arounds and back references are not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

__all__ = ["matching"]

_SHORTHANDS: Final = {"d": "0123456789", "w": "abcdefghijklmnopqrstuvwxyz0123456789_", "s": " "}
_ANY: Final = "abcdefghijklmnopqrstuvwxyz"
_MOST: Final = 3  # repetitions beyond the least, where a quantifier has no end

Pick = Callable[[int], int]
"""From a number of choices (at least 1) to one of them."""


def matching(pattern: str, pick: Pick) -> str:
    """Give a text that `pattern` describes, choices made by `pick`; ValueError if not understood.

    Anchors are dropped: the text is the whole of what the pattern describes.
    """
    reader = _Reader(pattern, pick)
    text = reader.alternatives()
    if reader.at < len(pattern):
        raise ValueError(f"{pattern!r} is not understood at {reader.at}")
    return text


class _Reader:
    def __init__(self, pattern: str, pick: Pick) -> None:
        self.pattern = pattern
        self.pick = pick
        self.at = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise ValueError(f"{self.pattern!r} ends too early")
        self.at += 1
        return found

    def alternatives(self) -> str:
        found = [self.sequence()]
        while self.peek() == "|":
            self.take()
            found.append(self.sequence())
        return found[self.pick(len(found))]

    def sequence(self) -> str:
        text = ""
        while self.peek() not in ("", "|", ")"):
            start = self.at
            piece = self.atom()
            least, most = self.quantifier()
            count = least + (self.pick(most - least + 1) if most > least else 0)
            text += piece if count == 1 else ""
            end = self.at
            for _ in range(count if count != 1 else 0):
                self.at = start
                text += self.atom()
            self.at = end
        return text

    def atom(self) -> str:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.one_of(self.members())
        if sign == "\\":
            return self.one_of(self.escaped())
        if sign in "^$":
            return ""
        return self.one_of(_ANY) if sign == "." else sign

    def group(self) -> str:
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise ValueError(f"{self.pattern!r} looks around or names a group")
        text = self.alternatives()
        if self.take() != ")":
            raise ValueError(f"a group in {self.pattern!r} does not end")
        return text

    def escaped(self) -> str:
        sign = self.take()
        if sign in _SHORTHANDS:
            return _SHORTHANDS[sign]
        if sign.isalnum():
            raise ValueError(f"\\{sign} in {self.pattern!r} is not understood")
        return sign

    def members(self) -> str:
        negated = self.peek() == "^"
        if negated:
            self.take()
        found = ""
        while self.peek() != "]" or not found:
            first = self.member()
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.take()
                found += "".join(map(chr, range(ord(first[-1]), ord(self.member()[0]) + 1)))
            else:
                found += first
        self.take()
        if negated:
            found = "".join(sign for sign in _ANY + "0123456789" if sign not in found)
        return found

    def member(self) -> str:
        sign = self.take()
        return self.escaped() if sign == "\\" else sign

    def one_of(self, members: str) -> str:
        if not members:
            raise ValueError(f"a class in {self.pattern!r} is empty")
        return members[self.pick(len(members))]

    def quantifier(self) -> tuple[int, int]:
        bounds = {"?": (0, 1), "*": (0, _MOST), "+": (1, 1 + _MOST)}.get(self.peek())
        if bounds is not None:
            self.take()
        elif self.peek() == "{":
            end = self.pattern.find("}", self.at)
            least, comma, most = self.pattern[self.at + 1 : end].partition(",")
            bounds = (int(least), int(most) if most else int(least) + (_MOST if comma else 0))
            self.at = end + 1
        else:
            return 1, 1
        if self.peek() in ("?", "+"):
            self.take()
        return bounds
