from __future__ import annotations

from checklist_paper import (
    CONNECTED,
    LINK,
    NO_MATCH,
    PROSE,
    paper,
    section,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.checklist import read_document, unread_lines
from tallystick.checklist.agreement import Agreement
from tallystick.checklist.build import build_dataflow
from tallystick.dataflow.json import from_json, to_json
from tallystick.errors import BadInput

ROWS = (
    ("name", "title", '"string"'),
    ("phones.number (Dependant on having x in phones.kind)", "b", "N/A"),
    ("placed", "day", '["datetime-format", "%Y-%m-%d", "_."]'),
)
DOCUMENT = paper(
    section(more=(NO_MATCH,), merge=(("a", "b"), ("id", "id")), rows=ROWS),
    section(a="Shopco Deal", b="Booksy Job", lead=PROSE, rows=ROWS[:1]),
    section(a="Shopco Debtor", lead=LINK, more=(CONNECTED,), to="Shopco Deal, or Order"),
).replace("\n", "\r\n")

PIECES = st.text(st.sampled_from('*-_|`:.="[]() \t\n\r\x00\f\x85\u2028aZ0é'), max_size=3)
PLACES = st.integers(0, 10_000)


def changed(text: str, place: int, piece: str, length: int) -> str:
    at = place % (len(text) + 1)
    return text[:at] + piece + text[at + length :]


def shuffled(text: str, first: int, second: int, kind: str) -> str:
    lines = text.split("\n")
    one, other = first % len(lines), second % len(lines)
    if kind == "drop":
        del lines[one]
    elif kind == "double":
        lines.insert(one, lines[one])
    elif kind == "swap":
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines[one] = " " * (second % 9) + lines[one].lstrip()
    return "\n".join(lines)


@st.composite
def mutants(draw):
    text = DOCUMENT
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            text = changed(text, draw(PLACES), draw(PIECES), draw(st.integers(0, 3)))
        else:
            kinds = st.sampled_from(["drop", "double", "swap", "indent"])
            text = shuffled(text, draw(PLACES), draw(PLACES), draw(kinds))
    return text


def check(text: str) -> None:
    """No traceback; every line read or reported; every finding on a line; a valid dataflow."""
    try:
        document = read_document(text, file="doc.rst")
    except BadInput:
        return
    assert unread_lines(document) == ()
    dataflow, findings = build_dataflow(document, Agreement(file=""))
    for one in (*document.findings, *findings):
        assert 1 <= one.line <= one.last_line <= len(document.lines)
    assert from_json(to_json(dataflow)) == dataflow


@settings(max_examples=150, deadline=None)
@given(mutants())
def test_a_mutated_document_gives_findings_and_no_traceback(text):
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('*-_|`:.="[]()^~ \t\n\raAto'), max_size=60))
@example("=\n=\n")
@example("::\n\n  x\n")
@example(".. |x| replace:: y\n")
def test_any_text_behind_a_title_gives_findings_and_no_traceback(text):
    check(paper() + text)
    check(text)


def test_the_document_itself_is_read_without_an_error():
    document = read_document(DOCUMENT, file="doc.rst")
    assert [len(one.sentences) for one in document.sections] == [5, 3, 4]
    assert all(one.severity != "error" for one in document.findings)
