"""Documents in the dialect, with all its defects: every one is read, as it was meant."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings

from tallystick.checklist import read_document, unread_lines
from tests.dialect.documents import document
from tests.dialect.strategies import papers


def told(paper):
    """What the generator knows, in the form in which `heard` says what was read."""
    return [
        (
            (one.line, one.source_system, one.source_type, one.target_system, one.target_type),
            one.sentences,
            one.merges,
            [vars(row) for row in one.rows],
        )
        for one in paper.sections
    ]


def terms(cell):
    return tuple((one.value, one.path) for one in cell.dependencies)


def heard(found):
    return [
        (
            (
                one.heading.line,
                one.source_system,
                one.source_type,
                one.target_system,
                one.target_type,
            ),
            [(said.kind, said.line, said.last_line) for said in one.sentences],
            [(row.line, row.source.path, row.target.path) for row in one.merges],
            [
                {
                    "line": row.line,
                    "last_line": row.last_line,
                    "source": row.source.path,
                    "target": row.target.path,
                    "when_source": terms(row.source),
                    "when_target": terms(row.target),
                    "text": row.type.text,
                    "state": row.type.state,
                    "expression": row.type.expression,
                }
                for row in one.properties
            ],
        )
        for one in found.sections
    ]


def check(paper):
    found = read_document(paper.text, file="doc.rst")
    assert (found.source, found.target) == (paper.source, paper.target)
    assert found.generated == paper.generated
    assert tuple(one.text for one in found.prose) == paper.prose
    assert heard(found) == told(paper)
    assert unread_lines(found) == ()
    errors = [one for one in found.findings if one.severity == "error"]
    assert errors == []


@settings(max_examples=60, deadline=None)
@given(papers())
def test_a_document_is_read_as_it_was_meant(paper):
    check(paper)


def test_long_documents_are_read_too():
    sizes = []
    for seed in range(12):
        paper = document(Random(seed))
        check(paper)
        sizes.append(len(paper.sections))
    assert max(sizes) > 10
