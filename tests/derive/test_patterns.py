"""Texts that match simple patterns."""

from __future__ import annotations

import re
from itertools import count

import pytest

from tallystick.derive.patterns import matching


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "abc",
        "^[A-Z]{3}-\\d{2,4}$",
        "^(0|[1-9][0-9]{0,6})([.][0-9]{1,8})?$",
        "a*b+c?",
        "(?:ab|cd)+?",
        "[^a-y0-9]x{2,}",
        "\\w\\s\\.[\\d-]",
        "[]a]",
        "[a-]",
        ".{3}",
        "\\+47 \\d{8}",
        "x{0}y",
    ],
)
def test_what_is_made_matches(pattern):
    for start in range(20):
        numbers = count(start)
        text = matching(pattern, lambda choices, numbers=numbers: next(numbers) % choices)
        assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(
    "pattern", ["(?=a)", "(?P<x>a)", "(a", "a)", "[a", "\\bx", "a\\", "[^a-z0-9]", "a{x}", "(?"]
)
def test_what_is_not_understood_is_said(pattern):
    with pytest.raises(ValueError, match=r".+"):
        matching(pattern, lambda choices: choices - 1)
