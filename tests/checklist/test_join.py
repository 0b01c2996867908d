"""Two directions of one pair of systems, read as one dataflow."""

from __future__ import annotations

import pytest
from checklist_paper import LINK, paper, section

from tallystick.checklist import join_checklists
from tallystick.errors import BadInput

FORTH = "Shopco Order", "Booksy Invoice"
BACK = "Booksy Invoice", "Shopco Order"


@pytest.fixture
def joined(tmp_path):
    """Join two checklists, given their sections; the second one's are about Booksy first."""

    def join(forth, back, source="Booksy", target="Shopco"):
        first, second = tmp_path / "forth.rst", tmp_path / "back.rst"
        first.write_text(paper(*forth), encoding="utf-8")
        second.write_text(paper(*back, source=source, target=target), encoding="utf-8")
        return join_checklists(first, second)

    return join


def there(*rows, a=FORTH[0], b=FORTH[1], **more):
    return section(a=a, b=b, rows=rows, **more)


def back(*rows, a=BACK[0], b=BACK[1], **more):
    return section(a=a, b=b, target="Shopco", rows=rows, **more)


def names(pair):
    return [(row.source.text, row.target.text, row.type) for row in pair.rows]


def test_what_both_create_is_created_from_both_sides(joined) -> None:
    one = joined([there(("name", "Title", '"string"'))], [back(("Title", "name", '"string"'))])
    assert one.dataflow.policies.create == "both"
    (pair,) = one.dataflow.pairs
    assert (pair.source, pair.target) == ("Order", "Invoice")
    assert names(pair) == [("name", "Title", "string")]
    assert not pair.create.unspecified
    assert not {f.code for f in one.findings} & {"unmirrored-type", "unmirrored-row"}


def test_the_statements_of_both_are_ticked(joined) -> None:
    one = joined([there()], [back()])
    files = {
        statement.origin.file.rpartition("/")[2] for statement in one.dataflow.pairs[0].statements
    }
    assert files == {"forth.rst", "back.rst"}


def test_a_row_of_the_second_only_is_turned_and_reported(joined) -> None:
    one = joined(
        [there(("name", "Title", '"string"'))],
        [
            back(
                ("Title", "name", '"string"'),
                ("Note", "text", '"string"'),
                ("Sum", "total", '"integer"'),
            )
        ],
    )
    assert names(one.dataflow.pairs[0]) == [
        ("name", "Title", "string"),
        ("text", "Note", "string"),
        ("total", "Sum", "unknown"),
    ]
    assert "converts the other way" in one.dataflow.pairs[0].rows[2].unspecified
    assert [f.code for f in one.findings].count("unmirrored-row") == 2


def test_a_pair_that_the_second_does_not_create_is_left_open(joined) -> None:
    one = joined([there()], [back(lead=LINK)])
    assert one.dataflow.policies.create == "source"
    assert "the other way" in one.dataflow.pairs[0].create.unspecified


def test_a_pair_of_the_second_only_is_there_and_reported(joined) -> None:
    one = joined([there()], [back(), back(a="Booksy Item", b="Shopco Product")])
    assert [(pair.number, pair.source, pair.target) for pair in one.dataflow.pairs] == [
        (1, "Order", "Invoice"),
        (2, "Product", "Item"),
    ]
    assert one.dataflow.pairs[1].create.when == "never"
    assert one.dataflow.pairs[1].create.unspecified
    assert set(one.dataflow.source_types) == {"Order", "Product"}
    assert set(one.dataflow.target_types) == {"Invoice", "Item"}
    assert "unmirrored-type" in [f.code for f in one.findings]


def test_merge_rules_count_in_both_directions(joined) -> None:
    one = joined(
        [there(merge=(("email", "Mail"),))], [back(merge=(("Mail", "email"), ("No", "number")))]
    )
    terms = [(t.source.text, t.target.text) for (t,) in one.dataflow.pairs[0].merge]
    assert terms == [("email", "Mail"), ("number", "No")]


def agreed(tmp_path, text):
    first, second = tmp_path / "forth.rst", tmp_path / "back.rst"
    first.write_text(paper(there(("name", "Title", "N/A"))), encoding="utf-8")
    turned = back(("Title", "name", "N/A"))
    second.write_text(paper(turned, source="Booksy", target="Shopco"), encoding="utf-8")
    agreement = tmp_path / "forth.toml"
    agreement.write_text(text, encoding="utf-8")
    return join_checklists(first, second, agreement)


def test_an_agreement_is_about_the_first_direction(tmp_path) -> None:
    one = agreed(
        tmp_path, '[systems.source]\napi = "ledger/1"\n[policies]\nconflicts = "source-wins"\n'
    )
    assert one.dataflow.source.api == "ledger/1"
    assert one.dataflow.policies.conflicts == "source-wins"
    assert one.dataflow.policies.create == "both"


def test_who_creates_is_as_agreed(tmp_path) -> None:
    one = agreed(tmp_path, '[policies]\ncreate = "source"\n')
    assert one.dataflow.policies.create == "source"


def test_an_agreement_that_does_not_fit_is_refused(tmp_path) -> None:
    with pytest.raises(BadInput, match="conflicts"):
        agreed(tmp_path, '[policies]\nconflicts = "nobody"\n')


def test_other_systems_cannot_be_joined(joined) -> None:
    with pytest.raises(BadInput, match="opposite order"):
        joined([there()], [back()], source="Else", target="Shopco")
