"""Each finding has a document that calls it forth, and a clean document has none of them."""

from __future__ import annotations

import pytest
from checklist_paper import CONNECTED, LINK, MERGE, NO_MATCH, line_of, paper, read, section, table

from tallystick.checklist import CODES, SEVERITIES, lint_files
from tallystick.checklist.agreement import Agreement
from tallystick.checklist.build import build_dataflow
from tallystick.checklist.lint_mirror import are_mirrored
from tallystick.checklist.patterns import TRIGGER
from tallystick.errors import BadInput

ROW = ("name", "title", '"string"')
CLEAN = (
    section(
        more=(NO_MATCH,),
        merge=(("email", "mail"),),
        rows=(ROW, ("email", "mail", '"string"'), ("placed", "day", '"integer"')),
    ),
    section(
        a="Shopco Customer",
        b="Booksy Debtor",
        lead=LINK,
        merge=(("email", "mail"), ("vat.number", "VatNumber")),
        rows=(
            ("vat.number", "VatNumber", '"string"'),
            ("born", "BornOn", '["datetime-format", "%Y-%m-%d", "_."]'),
            ("vat.open", "Open", '"boolean"'),
        ),
    ),
)
BACK = (
    section(
        a="Booksy Invoice",
        b="Shopco Order",
        target="Shopco",
        rows=(
            ("title", "name", '"string"'),
            ("mail", "email", '"string"'),
            ("day", "placed", '"integer"'),
        ),
    ),
    section(
        a="Booksy Debtor",
        b="Shopco Customer",
        target="Shopco",
        rows=(
            ("VatNumber", "vat.number", '"string"'),
            ("BornOn", "born", '["datetime-format", "%Y-%m-%d", "_."]'),
            ("Open", "vat.open", '"boolean"'),
        ),
    ),
)

ODDITIES: dict[str, tuple[str, str]] = {
    "fan-in": (section(rows=(("a", "x", '"string"'), ("b", "x", '"string"'))), "* - a"),
    "fan-out": (section(rows=(("a", "x", '"string"'), ("a", "y", '"string"'))), "* - a"),
    "trigger-source": (
        section(rows=tuple(("go", f"x{n}", '"string"') for n in range(TRIGGER))),
        "* - go",
    ),
    "mapping-cycle": (
        section(rows=tuple((*one, '"string"') for one in ("ax", "bx", "by", "cz", "ay"))),
        "- y\n@2",
    ),
    "value-and-object": (
        section(rows=(("price.amount", "x", '"float"'), ("price", "y", '"float"'))),
        "* - price\n",
    ),
    "same-target-types": (
        section(rows=(("a", "x", '"string"'), ("b", "x", '"integer"'))),
        "* - b",
    ),
    "duplicate-row": (section(rows=(ROW, ("b", "c", '"string"'), ROW)), "* - name\n@2"),
    "row-not-judged": (
        section(rows=(("a (Dependant on having x in b)", "c", '"string"'), ("b.d", "e", "N/A"))),
        "* - a (Dependant on having x in b)",
    ),
    "merge-on-key": (section(merge=(("mail", "mail"), ("id", "id"))), "* - id"),
}
IN_FILES = {"no-checklist", "not-utf8", "unmirrored-type", "unmirrored-row", "lossy-data-type"}


@pytest.fixture
def lint(tmp_path, monkeypatch):
    """Lint texts, and give the findings of each."""
    monkeypatch.chdir(tmp_path)

    def run(*texts: str, agreement: str = ""):
        files = [f"{number}.rst" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            (tmp_path / file).write_text(text)
        if agreement:
            (tmp_path / "a.toml").write_text(agreement)
        linted = lint_files(files, "a.toml" if agreement else None)
        assert [one.file for one in linted] == files
        return [one.findings for one in linted]

    return run


def codes(findings):
    return [one.code for one in findings]


def place(text: str, words: str) -> int:
    """Give the line of `words`, of its nth occurrence where they end in `@n`."""
    words, _, nth = words.partition("@")
    words = words.rstrip("\n")
    found = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == words]
    found = found or [line_of(text, words)]
    return found[int(nth or 1) - 1]


def test_a_clean_document_has_no_finding(lint):
    assert lint(paper(*CLEAN)) == [()]


def test_two_clean_directions_have_no_finding(lint):
    back = paper(*BACK, source="Booksy", target="Shopco")
    assert lint(paper(*CLEAN), back) == [(), ()]


@pytest.mark.parametrize("code", ODDITIES)
def test_an_oddity_is_a_finding_on_its_line(lint, code):
    given, words = ODDITIES[code]
    text = paper(given)
    (findings,) = lint(text)
    (found,) = [one for one in findings if one.code == code]
    line = place(text, words)
    if code == "mapping-cycle":
        line -= 1
    assert (found.file, found.line) == ("0.rst", line)
    assert found.text


def test_a_fan_out_below_the_threshold_is_no_trigger(lint):
    rows = tuple(("go", f"x{n}", '"string"') for n in range(TRIGGER - 1))
    (findings,) = lint(paper(section(rows=rows)))
    assert codes(findings) == ["fan-out"]


def test_a_link_that_nothing_can_make_is_told_where_it_is_asked_for(lint):
    more = {"lead": LINK, "rows": (ROW,)}
    for given in ({}, {"more": (CONNECTED,), "to": "Shopco Nothing"}, {"merge": ()}):
        text = paper(section(**more, **given))
        (found,) = [one for one in lint(text)[0] if one.code == "nothing-links"]
        assert found.line == line_of(text, "Before any")


def test_rows_of_a_trigger_are_not_judged_by_value(lint):
    document = read(section(rows=tuple(("go", f"x{n}", '"string"') for n in range(TRIGGER))))
    dataflow, _ = build_dataflow(document, Agreement(file=""))
    assert {row.type for row in dataflow.pairs[0].rows} == {"unknown"}
    assert all("sets off" in row.unspecified for row in dataflow.pairs[0].rows)


def test_a_combination_through_a_value_is_not_used(lint):
    text = paper(section(merge=(("a", "x"), ("c", "z")), rows=(("a.b", "y", '"string"'),)))
    (findings,) = lint(text)
    (found,) = [one for one in findings if one.code == "merge-not-used"]
    assert found.line == place(text, "* - a")


def test_long_lists_are_cut(lint):
    rows = tuple((f"a{n}", "x", '"string"') for n in range(20))
    (findings,) = lint(paper(section(rows=rows)))
    (found,) = [one for one in findings if one.code == "fan-in"]
    assert "'a6' and 13 others (lines " in found.text
    assert found.text.endswith(", …)")


def test_rows_that_only_share_a_side_are_no_circle(lint):
    rows = tuple((*one, '"string"') for one in ("ax", "ay", "az", "bz", "bw"))
    (findings,) = lint(paper(section(rows=rows)))
    assert "mapping-cycle" not in codes(findings)


def test_a_row_that_depends_on_something_else_is_no_duplicate(lint):
    rows = tuple(
        (f"phones.number (Dependant on having {kind} in phones.kind)", "Phone", '"string"')
        for kind in ("home", "work")
    )
    (findings,) = lint(paper(section(rows=rows)))
    assert "duplicate-row" not in codes(findings)


def test_an_unknown_conversion_contradicts_no_other_type(lint):
    rows = (("a", "x", '"string"'), ("b", "x", "N/A"))
    (findings,) = lint(paper(section(rows=rows)))
    assert "same-target-types" not in codes(findings)


def test_two_sections_into_one_type_are_compared(lint):
    sections = (
        section(rows=(("a", "x", '"string"'),)),
        section(a="Shopco Offer", rows=(("a", "x", '"float"'),)),
    )
    (findings,) = lint(paper(*sections))
    assert codes(findings) == ["same-target-types"]


def test_a_type_that_the_other_direction_lacks(lint):
    forth = paper(*CLEAN)
    findings, back = lint(forth, paper(BACK[0], source="Booksy", target="Shopco"))
    assert codes(findings) == ["unmirrored-type"]
    assert findings[0].line == line_of(forth, "Shopco Customer to")
    assert back == ()


def test_a_row_that_the_other_direction_lacks(lint):
    short = section(
        a="Booksy Invoice",
        b="Shopco Order",
        target="Shopco",
        rows=(("title", "name", '"string"'), ("note", "remark", '"string"')),
    )
    forth, back = paper(CLEAN[0]), paper(short, source="Booksy", target="Shopco")
    there, here = lint(forth, back)
    assert codes(there) == ["unmirrored-row"] * 2
    assert [one.line for one in there] == [
        place(forth, "* - email\n@2"),
        place(forth, "* - placed"),
    ]
    assert [(one.code, one.line) for one in here] == [("unmirrored-row", place(back, "* - note"))]


def test_an_empty_table_opposite_is_one_finding(lint):
    empty = section(a="Booksy Invoice", b="Shopco Order", target="Shopco")
    there, here = lint(paper(CLEAN[0]), paper(empty, source="Booksy", target="Shopco"))
    assert codes(there) == ["unmirrored-row"]
    assert codes(here) == ["empty-property-table"]


@pytest.mark.parametrize(
    ("cast", "back", "lossy"),
    [
        ('"integer"', '"decimal"', True),
        ('"integer"', '"string"', True),
        ('"first"', '"list"', True),
        (
            '["datetime-format", "%Y-%m-%d", "_."]',
            '["datetime-format", "%Y-%m-%dT%H:%M:%S", "_."]',
            True,
        ),
        ('"string"', '"integer"', False),
        ('"integer"', '"integer"', False),
        ('"integer"', "N/A", False),
    ],
)
def test_the_other_direction_tells_the_type_of_the_source(lint, cast, back, lossy):
    forth = paper(section(rows=(("a", "b", cast),)))
    other = section(a="Booksy Invoice", b="Shopco Order", target="Shopco", rows=(("b", "a", back),))
    there, _ = lint(forth, paper(other, source="Booksy", target="Shopco"))
    assert ("lossy-data-type" in codes(there)) is lossy


def test_a_schema_tells_the_type_of_the_source(lint):
    text = paper(section(rows=(("a", "b", '"integer"'), ("c", "d", '"integer"'))))
    agreed = """
[types.source.Order]
schema = { type = "object", properties = { a = { type = "number" }, c = { type = "integer" } } }
"""
    (findings,) = lint(text, agreement=agreed)
    assert [(one.code, one.line) for one in findings] == [("lossy-data-type", place(text, "* - a"))]


HEAD = '[[pairs]]\nsource = "Order"\ntarget = "Invoice"\n'


@pytest.mark.parametrize(
    ("code", "agreed"),
    [
        (
            "same-target-types",
            f'{HEAD}amend = [{{ source = "b", target = "x", type = "string" }}]\n',
        ),
        (
            "trigger-source",
            f"{HEAD}amend = ["
            + ",".join(
                f'{{ source = "go", target = "x{n}", type = "string" }}' for n in range(TRIGGER)
            )
            + "]\n",
        ),
        ("value-and-object", '[types.source.Order]\nschema = { type = "object" }\n'),
        ("merge-on-key", f'{HEAD}merge = [{{ source = "a", target = "b" }}]\n'),
    ],
)
def test_what_was_agreed_is_found_no_more(lint, code, agreed):
    text = paper(ODDITIES[code][0])
    assert code in codes(lint(text)[0])
    assert code not in codes(lint(text, agreement=agreed)[0])


@pytest.mark.parametrize(
    ("forth", "back", "mirrored"),
    [
        (("Shopco", "Booksy"), ("booksy", "SHOPCO"), True),
        (("Shopco", ""), ("Booksy", "Shopco"), True),
        (("Shopco", "Booksy"), ("Shopco", "Booksy"), False),
        (("Shopco", "Booksy"), ("Booksy", "Kioskly"), False),
        (("Shopco", ""), ("Booksy", "Kioskly"), False),
        (("Shopco", "Shopco"), ("Shopco", "Shopco"), False),
        (("Shopco", ""), ("Shopco", ""), False),
    ],
)
def test_which_titles_are_two_directions(forth, back, mirrored):
    one, other = (read(source=a, target=b) for a, b in (forth, back))
    assert are_mirrored(one, other) is mirrored


def test_documents_of_other_systems_are_not_compared(lint):
    other = paper(*BACK, source="Booksy", target="Kioskly")
    assert "unmirrored-type" not in codes(lint(paper(*CLEAN), other)[0])
    selves = [paper(section(), source="Shopco", target="Shopco")] * 2
    assert "unmirrored-type" not in codes(lint(*selves)[0])


def test_an_agreement_is_for_the_direction_that_it_names(lint):
    back = paper(*BACK, source="Booksy", target="Shopco")
    agreed = 'checklist = "Shopco to Booksy"\n[policies]\ndeletions = "detach"\n'
    assert lint(paper(*CLEAN), back, agreement=agreed) == [(), ()]


def test_an_agreement_about_something_else_is_bad_input(lint):
    with pytest.raises(BadInput, match="no pair"):
        lint(paper(*CLEAN), agreement='[[pairs]]\nsource = "No"\ntarget = "Such"\n')


def test_what_is_no_checklist_is_a_finding_of_its_own(tmp_path):
    (tmp_path / "a.rst").write_text("Hello.\n")
    for name in ("a.rst", "none.rst"):
        (found,) = lint_files([str(tmp_path / name)])
        assert codes(found.findings) == ["no-checklist"]
        assert not found.is_checklist


def test_each_code_says_what_it_means():
    for code, entry in CODES.items():
        assert entry.severity in SEVERITIES, code
        assert entry.means.endswith("."), code
        assert entry.remedy.endswith("."), code


def test_a_header_alone_is_no_row(lint):
    text = paper(
        section(
            columns=False,
            more=(MERGE, table(("Shopco Order Property", "Booksy Invoice Property"))),
        )
    )
    assert "merge-without-row" in codes(lint(text)[0])
