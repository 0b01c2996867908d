from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.toml_lines import line_of, toml_lines

TEXT = '''# a comment = [1]
name = "x"  # [not.a.table]
"quoted key" = 'a ] b'
dotted.inner.leaf = 1
list = [ # [[ ]]
  1, "two",
  { a = 1, b = [3, { c = 4 }] },

  [5,
   6],
]
long = """
[[fake]]
a = 1 \\""" still """
other = \'\'\'
[fake]
\'\'\'
date = 2024-05-01 10:00:00

[table]
x = true
[table.sub."a.b"]
y = {}
[[items]]
v = 1
[[items]]
v = 2
[[items.deep]]
w = 1
[[items.deep]]
w = 2
[items.flat]
z = []
'''

PLACES = {
    ("name",): 2,
    ("quoted key",): 3,
    ("dotted",): 4,
    ("dotted", "inner", "leaf"): 4,
    ("list",): 5,
    ("list", 0): 6,
    ("list", 1): 6,
    ("list", 2): 7,
    ("list", 2, "b", 1, "c"): 7,
    ("list", 3): 9,
    ("list", 3, 1): 10,
    ("long",): 12,
    ("other",): 15,
    ("date",): 18,
    ("table",): 20,
    ("table", "x"): 21,
    ("table", "sub", "a.b"): 22,
    ("table", "sub", "a.b", "y"): 23,
    ("items",): 24,
    ("items", 0): 24,
    ("items", 0, "v"): 25,
    ("items", 1): 26,
    ("items", 1, "v"): 27,
    ("items", 1, "deep", 0): 28,
    ("items", 1, "deep", 1, "w"): 31,
    ("items", 1, "flat", "z"): 33,
}


def places(value, at=()):
    yield at
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*at, name))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*at, index))


def test_every_place_has_its_line():
    lines = toml_lines(TEXT)
    assert {place: lines[place] for place in PLACES} == PLACES
    assert set(places(tomllib.loads(TEXT))) == set(lines)


def test_windows_line_ends_change_nothing():
    assert toml_lines(TEXT.replace("\n", "\r\n")) == toml_lines(TEXT)


def test_a_place_without_a_line_has_that_of_what_is_around_it():
    lines = toml_lines(TEXT)
    assert line_of(lines, ("items", 1, "missing")) == 26
    assert line_of(lines, ("nothing", "at", "all")) == 1
    assert toml_lines("") == {(): 1}


KEYS = st.sampled_from(["a", "b-c", "d_1", '"e f"', '"g.h"', "'i\"'", '"\\u00e9"'])
SCALARS = st.sampled_from(
    [
        "1",
        "-2.5",
        "true",
        "1979-05-27",
        '"x"',
        "'y]'",
        '"z\\"]"',
        '"""\nq\n"""',
        "'''\n]\n'''",
        '""',
    ]
)
SPACES = st.sampled_from(["", " ", "  "])
BREAKS = st.sampled_from(["", "\n", " # [x]\n", "\n\n "])


@st.composite
def arrays(draw, values):
    items = draw(st.lists(values, max_size=3))
    gap = draw(BREAKS)
    return "[" + gap + ("," + gap).join(items) + gap + "]"


@st.composite
def inlines(draw, values):
    names = draw(st.lists(KEYS, max_size=3, unique=True))
    return "{ " + ", ".join(f"{name} = {draw(values)}" for name in names) + " }"


FLAT = st.recursive(SCALARS.filter(lambda text: "\n" not in text), inlines, max_leaves=3)
VALUES = st.recursive(SCALARS | FLAT, arrays, max_leaves=5)


@st.composite
def documents(draw):
    parts = []
    for header in draw(st.lists(KEYS, max_size=4, unique=True)):
        double = draw(st.booleans())
        for _ in range(draw(st.integers(1, 2)) if double else 1):
            parts.append(f"[[{header}]]" if double else f"[{header}]")
            keys = draw(st.lists(KEYS, max_size=3, unique=True))
            parts += [f"{draw(SPACES)}{key}{draw(SPACES)}= {draw(VALUES)} # c" for key in keys]
            parts.append(draw(BREAKS))
    return "\n".join(parts)


@settings(max_examples=150, deadline=None)
@given(documents())
def test_any_document_has_a_line_for_every_place(text):
    lines = toml_lines(text)
    assert set(lines) == set(places(tomllib.loads(text)))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
