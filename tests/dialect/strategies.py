"""Hypothesis strategies: documents in the dialect, and what becomes of them when they are damaged."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from tests.dialect.documents import Paper, document

PIECES = st.text(st.sampled_from('*-_|`:.="[]() \t\n\r\x00\f\x85\u2028aZ0é'), max_size=3)
PLACES = st.integers(0, 1_000_000)


def papers(*, most_sections: int = 6, most_rows: int = 8) -> st.SearchStrategy[Paper]:
    """Give documents in the dialect, small enough to look at."""
    return st.builds(
        lambda seed, sections, rows: document(Random(seed), most_sections=sections, most_rows=rows),
        st.integers(0, 2**32),
        st.integers(1, most_sections),
        st.integers(1, most_rows),
    )


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Give the text of a document in which bytes were changed, or lines lost, doubled or moved."""
    text = draw(papers(most_sections=3, most_rows=4)).text
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            at = draw(PLACES) % (len(text) + 1)
            text = text[:at] + draw(PIECES) + text[at + draw(st.integers(0, 3)) :]
        else:
            kinds = st.sampled_from(["drop", "double", "swap", "indent", "cut"])
            text = _shuffled(text, draw(PLACES), draw(PLACES), draw(kinds))
    return text


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """Give the bytes of a document in which some were changed to any others."""
    data = bytearray(draw(papers(most_sections=2, most_rows=3)).text.encode())
    for _ in range(draw(st.integers(1, 4))):
        data[draw(PLACES) % len(data)] = draw(st.integers(0, 255))
    return bytes(data)


def _shuffled(text: str, first: int, second: int, kind: str) -> str:
    lines = text.split("\n")
    one, other = first % len(lines), second % len(lines)
    if kind == "drop":
        del lines[one]
    elif kind == "double":
        lines.insert(one, lines[one])
    elif kind == "swap":
        lines[one], lines[other] = lines[other], lines[one]
    elif kind == "cut":
        return text[: first % (len(text) + 1)]
    else:
        lines[one] = " " * (second % 9) + lines[one].lstrip()
    return "\n".join(lines)
