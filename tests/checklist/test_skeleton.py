"""Agreements to be filled in: untouched they change nothing, and what they propose can stand."""

from __future__ import annotations

import re
import tomllib

from checklist_paper import LINK, PROSE, paper, read, section
from hypothesis import HealthCheck, given, settings

from tallystick.checklist import compile_checklist, lint_files, read_checklist
from tallystick.checklist.skeleton import agreement_skeleton
from tests.dialect.strategies import papers


def skeleton(tmp_path, text: str) -> str:
    path = tmp_path / "doc.rst"
    path.write_bytes(text.encode())
    written = agreement_skeleton(read_checklist(path))
    (tmp_path / "a.toml").write_text(written)
    return written


def settled(text: str) -> str:
    """Take the `#` away from every setting."""
    return re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(paper=papers(most_sections=3, most_rows=6))
def test_an_untouched_skeleton_says_nothing(tmp_path, paper):
    written = skeleton(tmp_path, paper.text)
    plain = compile_checklist(tmp_path / "doc.rst")
    agreed = compile_checklist(tmp_path / "doc.rst", tmp_path / "a.toml")
    assert agreed == plain
    assert all(len(line) < 100 for line in written.splitlines() if line.startswith("# "))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(paper=papers(most_sections=3, most_rows=6))
def test_every_setting_that_it_proposes_is_toml(tmp_path, paper):
    written = settled(skeleton(tmp_path, paper.text))
    given_ = tomllib.loads(written)
    assert {pair["source"] for pair in given_.get("pairs", ())} <= {
        one.source_type for one in paper.sections
    }


def test_it_names_what_is_open_with_its_line(tmp_path):
    text = paper(
        section(lead=PROSE, rows=(("a", "b", "N/A"), ("customerId", "debtorId", '"string"'))),
        section(a="Shopco Customers", b="Booksy Debtor"),
    )
    written = skeleton(tmp_path, text)
    at = text.split("\n").index("   * - a") + 1
    assert f"# line {at}: the checklist does not print the conversion (N/A)" in written
    assert '#{ source = "a", target = "b", type = "string" },' in written
    assert '#{ source = "customerId", target = "debtorId", reference = "Customers" },' in written
    assert "When the order is paid" in written
    assert written.count("properties = [") == 1


def test_an_older_checklist_tells_conversions_that_are_hidden_now():
    older = read(section(rows=(("a", "b", '["datetime-format", "%Y-%m-%d", "_."]'),)))
    newer = read(section(rows=(("a", "b", "N/A"), ("c", "d", "N/A"))))
    written = agreement_skeleton(newer, older)
    assert 'type = ["datetime-format", "%Y-%m-%d", "_."] },' in written
    assert '#{ source = "c", target = "d", type = "string" },' in written


def test_what_may_be_a_list_by_its_name_is_proposed_as_one(tmp_path):
    rows = (("lines.price", "address.city", '"float"'), ("status.text", "b", '"string"'))
    written = skeleton(tmp_path, paper(section(rows=rows)))
    assert "'lines.price' may pass a list" in written
    assert '#{ source = "lines[].price", target = "address.city", type = "float" },' in written
    assert "status" not in written


def test_a_document_that_leaves_nothing_open_needs_no_pair(tmp_path):
    rows = (("name", "title", '"string"'),)
    assert "[[pairs]]" not in skeleton(tmp_path, paper(section(rows=rows)))


OPEN = paper(
    section(
        lead=PROSE,
        b=" Invoice",
        target="",
        rows=(
            ("a", "b", "N/A"),
            ("c", "d", '"if","x"'),
            ("phones.number (Dependant on having wd:Q1 in phones.kind)", "Phone", '"string"'),
            ("customerId", "DebtorKey", '"string"'),
        ),
    ),
    section(a="Shopco Customers", b=" Debtor", lead=LINK, merge=(("", "x"),), target=""),
    target="",
)
ANSWERS = {
    'name = "…"': 'name = "Booksy"',
    '"wd:Q1" = "…"': '"wd:Q1" = "mobile"',
    'path = "…", equals = true': 'path = "paid", equals = true',
    'source = "…", target = "…"': 'source = "mail", target = "Mail"',
    'equals = "…"': 'equals = "mobile"',
}


def test_filled_in_it_settles_what_can_be_settled(tmp_path):
    filled = settled(skeleton(tmp_path, OPEN))
    for blank, answer in ANSWERS.items():
        assert blank in filled
        filled = filled.replace(blank, answer)
    (tmp_path / "a.toml").write_text(filled)
    result = compile_checklist(tmp_path / "doc.rst", tmp_path / "a.toml")
    order, customers = result.dataflow.pairs
    assert result.dataflow.target.system == "Booksy"
    assert order.create.when == "condition"
    assert [row.unspecified for row in order.rows] == [""] * 4
    assert [row.type for row in order.rows] == ["string", "string", "string", None]
    assert order.rows[2].when[0].equals == "mobile"
    assert order.rows[3].reference.source == "Customers"
    assert [term.source.text for terms in customers.merge for term in terms] == ["mail"]
    assert [row.source.text for row in customers.rows] == ["mail"]
    (linted,) = lint_files([str(tmp_path / "doc.rst")], tmp_path / "a.toml")
    assert {one.code for one in linted.findings} == {"merge-blank-cell"}
