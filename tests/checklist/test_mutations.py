from __future__ import annotations

from contextlib import suppress

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
from tallystick.checklist.lint import lint_document
from tallystick.checklist.reader import read_data
from tallystick.dataflow.json import from_json, to_json
from tallystick.errors import BadInput
from tests.dialect.fidelity import misread_lines
from tests.dialect.strategies import damaged, damaged_bytes

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


def check(text: str) -> None:
    """No traceback; every line read or reported; every finding on a line; a valid dataflow."""
    try:
        document = read_document(text, file="doc.rst")
    except BadInput:
        return
    assert unread_lines(document) == ()
    assert misread_lines(document) == []
    dataflow, _ = build_dataflow(document, Agreement(file=""))
    for one in lint_document(document, Agreement(file="")):
        assert 1 <= one.line <= one.last_line <= len(document.lines)
    assert from_json(to_json(dataflow)) == dataflow


@settings(max_examples=80, deadline=None)
@given(damaged())
def test_a_mutated_document_gives_findings_and_no_traceback(text):
    check(text)


@settings(max_examples=40, deadline=None)
@given(damaged_bytes())
def test_any_byte_may_change(data):
    try:
        document = read_data(data, file="doc.rst")
    except BadInput:
        return
    assert unread_lines(document) == ()
    with suppress(UnicodeDecodeError):
        check(data.decode())


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
