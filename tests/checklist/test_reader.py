from __future__ import annotations

import pytest
from checklist_paper import (
    ALWAYS,
    CONNECTED,
    IN_SYNC,
    LINK,
    MERGE,
    NO_MATCH,
    PROPERTIES,
    codes,
    line_of,
    paper,
    read,
    section,
    table,
)
from docutils.parsers.rst import directives

from tallystick.checklist import CODES, read_checklist, read_document, unread_lines
from tallystick.checklist.reader import read_data
from tallystick.checklist.rules import creation_of
from tallystick.errors import BadInput

ROW = ("name", "title", '"string"')


def test_title_date_and_introduction():
    document = read(section())
    assert (document.source, document.target) == ("Shopco", "Booksy")
    assert document.generated == "2024-05-01 03:15:00"
    assert [one.text for one in document.prose] == [
        "Generated: 2024-05-01 03:15:00",
        "For people.",
    ]
    assert codes(document) == []


@pytest.mark.parametrize("underline", ["-----------", "------------"])
def test_an_introduction_with_a_full_stop_has_a_short_underline(underline):
    document = read(section(), intro=f"Introduction.\n{underline}\n\nFor people.")
    assert codes(document) == []
    assert document.headings[1].text == "Introduction."


def test_a_section_with_everything():
    text = paper(
        section(
            lead=LINK,
            more=(CONNECTED,),
            to="Shopco Order",
            merge=(("email", "mail"), ("id", "id")),
            rows=(ROW, ("a.b", "c", "N/A")),
        )
    )
    document = read_document(text, file="doc.rst")
    (found,) = document.sections
    assert (found.number, found.source_system, found.source_type) == (1, "Shopco", "Order")
    assert (found.target_system, found.target_type) == ("Booksy", "Invoice")
    assert [one.kind for one in found.sentences] == [
        "lead-link",
        "connected",
        "merge",
        "in-sync",
        "properties",
    ]
    assert [(row.source.path, row.target.path) for row in found.merges] == [
        ("email", "mail"),
        ("id", "id"),
    ]
    assert [(row.source.path, row.target.path) for row in found.properties] == [
        ("name", "title"),
        ("a.b", "c"),
    ]
    assert [row.line for row in found.properties] == [
        line_of(text, "* - name"),
        line_of(text, "* - a.b"),
    ]
    assert found.sentences[0].line == line_of(text, "Before any")
    assert found.heading.line == line_of(text, "Shopco Order to")
    assert found.heading.last_line == found.heading.line + 1
    assert codes(document) == []


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_line_ends_change_nothing(end):
    text = paper(section(more=(NO_MATCH,), merge=(("a", "b"),), rows=(ROW,)))
    plain = read_document(text, file="doc.rst")
    other = read_document(text.replace("\n", end), file="doc.rst")
    assert other == plain


def test_an_empty_table_is_kept():
    (found,) = read(section()).sections
    (only,) = found.tables
    assert only.is_properties
    assert only.header[2] == "Booksy Data Type"
    assert found.properties == ()


def test_a_third_cell_at_column_0_belongs_to_its_row():
    for cell in ('"string"', '["decimal","_."]', "N/A"):
        text = paper(section(rows=(("name", "title", "@"), ("a", "b", "@"))))
        text = text.replace("     - @", cell)
        document = read_document(text, file="doc.rst")
        (found,) = document.sections
        assert [row.type.text for row in found.properties] == [cell, cell]
        assert [row.line for row in found.properties] == [
            line_of(text, "* - name"),
            line_of(text, "* - a"),
        ]
        assert codes(document) == []


def test_cells_are_trimmed_and_never_markup():
    rows = (
        ("\t *a*.`b`_ \t", "|c|*", '"string"'),
        ("_x", "$y", "N/A"),
        ("p:P1.ps:P1", "a..b", "N/A"),
    )
    (found,) = read(section(rows=rows)).sections
    assert [(row.source.path, row.target.path) for row in found.properties] == [
        ("*a*.`b`_", "|c|*"),
        ("_x", "$y"),
        ("p:P1.ps:P1", "a..b"),
    ]


def test_a_cell_may_go_on_in_the_next_line():
    text = paper(section(rows=(("name", "title", '["datetime-format",@"%Y", "_."]'),)))
    text = text.replace("@", "\n         ")
    (found,) = read_document(text, file="doc.rst").sections
    (row,) = found.properties
    assert row.type.expression == ["datetime-format", "%Y", "_."]
    assert row.last_line == row.line + 3


def test_an_empty_target_name_is_read():
    document = read(section(a="Shopco Order", b=" Invoice", target="", rows=(ROW,)), target="")
    (found,) = document.sections
    assert (document.source, document.target) == ("Shopco", "")
    assert (found.target_system, found.target_type) == ("", "Invoice")
    assert codes(document) == ["empty-system-name"]


def test_the_third_header_cell_names_the_target():
    text = section(b="Acme Ledger Invoice", target="Acme Ledger")
    (found,) = read(text, target="Ledgerpro").sections
    assert (found.target_system, found.target_type) == ("Acme Ledger", "Invoice")
    unnamed = section(a="Shopco Order", b=" Invoice", target="")
    (found,) = read(unnamed, target="Ledgerpro").sections
    assert (found.target_system, found.target_type) == ("", "Invoice")


def test_a_header_without_a_system_is_overruled_by_title_and_heading():
    (found,) = read(section(target="", rows=(ROW,))).sections
    assert (found.target_system, found.target_type) == ("Booksy", "Invoice")


def test_a_header_in_another_case_still_names_the_target():
    text = section(b="ACME ledger Sales Invoice", target="Acme Ledger", rows=(ROW,))
    (found,) = read(text, target="").sections
    assert (found.target_system, found.target_type) == ("ACME ledger", "Sales Invoice")


def test_another_target_system_is_foreign():
    document = read(section(b="Kioskly Invoice", target="Kioskly", rows=(ROW,)))
    assert codes(document) == ["foreign-system"]


def test_a_system_may_face_itself():
    document = read(section(b="Shopco Order", target="Shopco"), target="Shopco")
    (found,) = document.sections
    assert (found.source_type, found.target_type) == ("Order", "Order")
    assert codes(document) == []


def test_types_may_hold_blanks_digits_and_parentheses():
    (found,) = read(section(a="Shopco Customers (human data)", b="Booksy item_2 v2")).sections
    assert (found.source_type, found.target_type) == ("Customers (human data)", "item_2 v2")


def test_duplicate_sections_are_both_kept_and_numbered():
    document = read(section(), section(rows=(ROW,)))
    assert [(one.number, len(one.properties)) for one in document.sections] == [(1, 0), (2, 1)]
    assert codes(document) == ["duplicate-section-rows"]


def test_a_file_that_is_not_utf8_is_read_and_reported(tmp_path):
    path = tmp_path / "doc.rst"
    path.write_bytes(paper(section(rows=(ROW,))).encode().replace(b"people", b"pe\xffple"))
    document = read_checklist(path)
    assert codes(document) == ["not-utf8"]
    assert document.findings[0].line == 10
    assert len(document.sections) == 1


def test_a_byte_order_mark_is_no_part_of_the_title():
    document = read_data(b"\xef\xbb\xbf" + paper(section(rows=(ROW,))).encode(), file="doc.rst")
    assert codes(document) == []
    assert document.source == "Shopco"


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "Hello.\n", "Title\n=====\n\nSome text.\n\n- a\n- b\n", "{}", "\x00", "= \n"],
)
def test_what_is_no_checklist_at_all_is_an_error(text, tmp_path):
    path = tmp_path / "notes.rst"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_checklist(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(path), 1)
    assert problem.text.startswith("is no checklist")
    assert "Dataflow" in problem.remedy


def test_a_text_that_is_nested_beyond_measure_is_an_error():
    text = "\n".join(" " * depth + "x" for depth in range(400))
    with pytest.raises(BadInput, match="is no checklist"):
        read_document(text, file="doc.rst")


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_checklist(tmp_path / "none.rst")


def test_a_very_long_line_is_read():
    name = "x" * 20_000
    (found,) = read(section(rows=((name, "b", "N/A"),))).sections
    assert found.properties[0].source.path == name


@pytest.mark.parametrize(
    "directive",
    [
        ".. include:: {}",
        ".. raw:: html\n   :file: {}",
        ".. csv-table::\n   :file: {}",
        ".. literalinclude:: {}",
        ".. INCLUDE :: {}",
    ],
)
def test_directives_that_read_files_read_nothing_and_are_findings(directive, tmp_path, capfd):
    secret = tmp_path / "secret.txt"
    secret.write_text("Every Secret Thing will be synchronized with a Booksy Invoice.\n")
    text = paper(section(rows=(ROW,)), directive.format(secret))
    document = read_document(text, file="doc.rst")
    (only,) = document.findings
    assert (only.code, only.line) == ("file-directive", line_of(text, ".. " + directive[3:7]))
    assert len(document.sections[0].sentences) == 3
    assert unread_lines(document) == ()
    assert capfd.readouterr() == ("", "")


def test_substitutions_read_no_files_either(tmp_path, capfd):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    text = paper(section(), f".. |x| include:: {secret}")
    document = read_document(text, file="doc.rst")
    assert codes(document) == ["unread-text"]
    assert capfd.readouterr() == ("", "")


def test_docutils_says_nothing(capfd):
    read(
        section(),
        "A *broken `paragraph |x\n  with: indents\n\n.. foo::\n\n.. _x:\n\n_`",
        intro="I\n=\n",
    )
    assert capfd.readouterr() == ("", "")


def test_docutils_own_directives_stay_as_they_are():
    read(section())
    assert "list-table" not in directives._directives


@pytest.mark.parametrize("mark", ["| ", ":x: ", "* ", "3. ", ">>> ", "-x, ", "  ", "> "])
def test_a_sentence_is_read_however_its_line_begins(mark):
    lead = f"{mark}when it is won, it  will be synchronized with a {{b}}."
    document = read(section(lead=lead, rows=(ROW,)))
    assert codes(document) == []
    assert document.sections[0].sentences[0].prose == f"{mark}when it is won".strip()


def test_an_introduction_may_hold_anything():
    intro = "Introduction\n------------\n\nSo::\n\n    a\n      b\n\n| c\n\n- d\n\n.. e\n\n:f: g"
    document = read(section(rows=(ROW,)), intro=intro)
    assert codes(document) == []


def test_the_type_that_is_connected_stands_behind_any_spelling_of_the_system():
    sections = (
        section(a="Shop Sales orders", rows=(ROW,)),
        section(a="Shop Debtor", lead=LINK, more=(CONNECTED,), to="Shop Central Sales-orders"),
    )
    document = read(*sections, source="Shop Central")
    rule = creation_of(document.sections[1], document)
    assert (rule.by, rule.unknown) == (("Sales orders",), ())


HEADLESS = table(ROW)

EXAMPLES: dict[str, tuple[str, str]] = {
    "missing-title": (paper(section(), title="Notes"), "====="),
    "empty-system-name": (paper(section(), target=""), "====="),
    "no-sections": (paper(), "====="),
    "file-directive": (paper(section(), ".. include:: x"), ".. include"),
    "foreign-directive": (paper(section(), ".. note:: x"), ".. note"),
    "unread-text": (paper(section(), ".. a comment"), ".. a comment"),
    "sentence-outside-section": (
        paper(
            section(),
            intro="Introduction\n------------\n\nEvery A b will be synchronized with a C d.",
        ),
        "Every A b",
    ),
    "unknown-section": (paper(section(), "Notes\n-----\n\nNothing."), "Notes"),
    "empty-type-name": (paper(section(heading="Shopco to Booksy Invoice")), "Shopco to Booksy I"),
    "spelling-drift": (paper(section(a="SHOPCO Order")), "SHOPCO Order to"),
    "foreign-system": (paper(section(a="Hubly Order")), "Hubly Order to"),
    "duplicate-section": (
        paper(section(), section(heading="Shopco  Order to Booksy Invoice")),
        "Shopco  Order",
    ),
    "duplicate-section-rules": (
        paper(section(), section(heading="Shopco  Order to Booksy Invoice", lead=LINK)),
        "Shopco  Order",
    ),
    "duplicate-section-rows": (
        paper(section(), section(heading="Shopco  Order to Booksy Invoice", rows=(ROW,))),
        "Shopco  Order",
    ),
    "unknown-sentence": (paper(section(more=("Some Orders may be late.",))), "Some Orders"),
    "missing-lead": (paper(section(lead="")), "Shopco Order to"),
    "second-lead": (paper(section(more=(LINK,))), "Before any"),
    "repeated-sentence": (
        paper(section(end=(IN_SYNC, IN_SYNC.replace("Once", "ONCE"), PROPERTIES))),
        "ONCE",
    ),
    "sentence-order": (paper(section(lead=NO_MATCH, more=(ALWAYS,))), "Every"),
    "half-no-match": (paper(section(more=(NO_MATCH.split("\n")[1],))), "If no matching"),
    "missing-sentence": (paper(section(end=(PROPERTIES,))), "Shopco Order to"),
    "table-without-sentence": (paper(section(end=(IN_SYNC,))), ".. list-table"),
    "missing-table": (paper(section(columns=False)), "The following"),
    "table-header": (paper(section(columns=False, end=(IN_SYNC, PROPERTIES, HEADLESS))), ".. list"),
    "cell-count": (paper(section(rows=(("name", "title"),))), "* - name"),
    "row-outside-table": (paper(section(), "* - late"), "* - late"),
}


@pytest.mark.parametrize("code", EXAMPLES)
def test_each_defect_is_a_finding_on_its_line(code):
    text, words = EXAMPLES[code]
    document = read_document(text, file="doc.rst")
    found = next(one for one in document.findings if one.code == code)
    assert (found.file, found.line) == ("doc.rst", line_of(text, words))
    assert (found.severity, found.remedy) == (CODES[code].severity, CODES[code].remedy)
    assert str(found).startswith(f"doc.rst:{found.line}: {found.severity}: ")
    assert found.text
    assert unread_lines(document) == ()


def test_a_title_outside_its_frame_still_names_the_systems():
    text = paper(section()).replace("=" * 25 + "\n", "", 1).replace("=" * 25, "==-==", 1)
    document = read_document(text, file="doc.rst")
    assert (document.source, document.target) == ("Shopco", "Booksy")
    assert "missing-title" in codes(document)


def test_a_heading_that_names_no_pair_is_read_from_its_sentences():
    document = read(section(heading="Orders"))
    (found,) = document.sections
    assert (found.source_type, found.target_type) == ("Order", "Invoice")
    assert codes(document) == ["unknown-section"]


def test_a_section_without_pair_is_left_out_as_one_finding():
    text = paper(section(), "Notes\n-----\n\nNothing.\n\n- a\n- b")
    document = read_document(text, file="doc.rst")
    (only,) = document.findings
    assert (only.line, only.last_line) == (line_of(text, "Notes"), line_of(text, "- b"))
    assert len(document.sections) == 1


def test_a_merge_table_is_missing_where_the_next_sentence_follows():
    document = read(section(more=(MERGE,)))
    assert codes(document) == ["missing-table"]


def test_a_sentence_that_spells_the_pair_otherwise_is_a_drift():
    document = read(section(more=(ALWAYS.replace("{a}", "Shopco Offer"),), lead=""))
    assert codes(document) == ["spelling-drift"]
    assert "Shopco Offer" in document.findings[0].text


def test_a_header_that_spells_the_pair_otherwise_is_a_drift():
    header = ("Hubly Order Property", "Booksy  invoice Property", "Booksy Data Type")
    document = read(section(columns=False, end=(IN_SYNC, PROPERTIES, table(header, ROW))))
    assert codes(document) == ["spelling-drift"]
    assert "'Hubly Order'" in document.findings[0].text


def test_a_table_of_strange_lines_reports_each():
    broken = table(("Shopco Order Property", "Booksy Invoice Property", "Booksy Data Type"))
    broken = broken.replace("   :header-rows: 1", "   :header-rows: 1\n   strange")
    document = read(section(columns=False, end=(IN_SYNC, PROPERTIES, broken)))
    assert codes(document) == ["unread-text"]


def test_a_header_of_the_wrong_width_is_reported():
    narrow = table(("Shopco Order Property", "Booksy Invoice Property"), ROW)
    document = read(section(columns=False, end=(IN_SYNC, PROPERTIES, narrow)))
    assert codes(document) == ["table-header"]
    assert len(document.sections[0].properties) == 1


def test_tables_outside_sections_are_reported():
    document = read(section(), intro="Introduction\n------------\n\n" + table(ROW))
    assert codes(document) == ["table-without-sentence"]
