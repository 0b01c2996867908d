"""Documents in the dialect, with all its defects: every one is read, as it was meant."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings

from tallystick.checklist import audit, read_document
from tallystick.checklist.agreement import Agreement
from tallystick.checklist.audit import MODEL_USES
from tallystick.checklist.build import build_dataflow
from tallystick.checklist.lint import lint_document
from tallystick.dataflow import casts
from tallystick.dataflow.json import from_json, to_json
from tests.dialect.documents import document
from tests.dialect.fidelity import misread_lines
from tests.dialect.rendering import rendered
from tests.dialect.strategies import papers

KNOWN = {
    "empty-system-name",
    "no-sections",
    "foreign-system",
    "condition-in-prose",
    "merge-blank-cell",
    "merge-without-row",
    "empty-property-table",
    "hidden-conversion",
    "opaque-data-type",
    "repaired-data-type",
    "empty-path-segment",
    "dependency-blank",
    "dependency-hub-id",
}
"""Findings of which the generator knows every one; of `PLANTED` it knows some."""
PLANTED = KNOWN | {"spelling-drift"}
NOTHING = Agreement(file="")


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
    assert [one for one in found.findings if one.severity == "error"] == []
    return found


def check_lines(found):
    """Each line has exactly one place in the model, and what it says stands there."""
    for line, uses in audit(found).items():
        places = [use for use in uses if use in MODEL_USES]
        assert len(places) == 1, (line, uses, found.lines[line - 1])
    assert misread_lines(found) == []


def check_findings(paper, found):
    findings = {(one.code, one.line) for one in lint_document(found, NOTHING)}
    assert paper.planted - findings == set()
    assert {one for one in findings if one[0] in KNOWN} - paper.planted == set()


def without_lines(found):
    """Give what stands in a document, wherever it stands."""
    return [
        (
            one.heading.text,
            [(said.kind, said.text) for said in one.sentences],
            [(table.header, table.is_properties) for table in one.tables],
            [(row.source, row.target) for row in one.merges],
            [(row.source, row.target, row.type) for row in one.properties],
        )
        for one in found.sections
    ]


@settings(max_examples=40, deadline=None)
@given(papers())
def test_a_document_is_read_as_it_was_meant(paper):
    found = check(paper)
    check_lines(found)


@settings(max_examples=40, deadline=None)
@given(papers())
def test_lint_finds_what_was_planted_and_nothing_else_of_its_kind(paper):
    check_findings(paper, read_document(paper.text, file="doc.rst"))


@settings(max_examples=25, deadline=None)
@given(papers())
def test_what_was_read_can_be_written_and_read_again(paper):
    found = read_document(paper.text, file="doc.rst")
    text = rendered(found)
    again = read_document(text, file="doc.rst")
    assert replace(again, lines=(), sections=(), findings=(), prose=(), headings=()) == replace(
        found, lines=(), sections=(), findings=(), prose=(), headings=()
    )
    assert without_lines(again) == without_lines(found)
    assert rendered(again) == text


@settings(max_examples=25, deadline=None)
@given(papers())
def test_a_document_compiles_to_a_valid_dataflow(paper):
    found = read_document(paper.text, file="doc.rst")
    dataflow, _ = build_dataflow(found, NOTHING)
    assert from_json(to_json(dataflow)) == dataflow
    for pair, section in zip(dataflow.pairs, found.sections, strict=True):
        rows = [*pair.rows, *pair.left_out]
        assert sorted(row.origin.line for row in rows) == [row.line for row in section.properties]
        assert [one.origin.line for one in pair.statements] == [
            one.line for one in section.sentences
        ]
        assert all(casts.check(row.type) == "" for row in rows)


def test_long_documents_are_read_too_and_all_kinds_of_defects_occur():
    planted: Counter[str] = Counter()
    sizes, types = [], Counter()
    for seed in range(30):
        paper = document(Random(seed))
        found = check(paper)
        check_lines(found)
        check_findings(paper, found)
        planted.update(code for code, _ in paper.planted)
        sizes.append(len(paper.sections))
        types.update(row.state for section in paper.sections for row in section.rows)
    assert max(sizes) > 10
    assert set(planted) == PLANTED
    judged = types["printed"] + types["repaired"]
    assert judged / (judged + types["opaque"]) > 0.98
