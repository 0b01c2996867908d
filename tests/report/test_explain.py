"""Violations in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_cases import ANN, ANNS, dataflow, row, violation

from tallystick.dataflow.units import NOT_APPLICABLE
from tallystick.laws.explain import say_value, violation_words
from tallystick.laws.verdict import RecordName
from tallystick.laws.words import WORDS


def said(*arguments: str, **facts: object) -> str:
    return violation_words(violation(*arguments, **facts), dataflow()).sentence


def test_a_value_that_did_not_arrive_is_named_with_record_property_and_both_values() -> None:
    assert said() == (
        'The EmailAddress of Customer "Ann" in CustomERP should be "a@x.example", as entered in'
        ' CustomWebshop, but is "b@x.example".'
    )


def test_the_other_direction_names_the_other_property_and_system() -> None:
    assert said(direction="source", found=None) == (
        'The email of Customer "Ann" in CustomWebshop should be "a@x.example", as entered in'
        " CustomERP, but is nothing."
    )


def test_an_element_of_a_list_is_named_by_its_place() -> None:
    sentence = said(pair=3, row=row("lines[].price", 3), place=2, expected=12.5, found=12)
    assert sentence.startswith(
        'The Lines[2].UnitPrice of Customer "Ann" in CustomERP should be 12.5'
    )


def test_lists_of_different_lengths_are_told_by_their_lengths() -> None:
    facts = {"pair": 3, "row": row("lines[].price", 3), "expected": [[1], [2]], "found": []}
    assert "The Lines of" in said(**facts)
    assert "should be a list of 2 elements" in said(**facts)
    assert said(**facts).endswith("but is an empty list.")


def test_a_key_is_told_as_a_reference_whatever_the_law() -> None:
    facts = {"pair": 3, "row": row("customerId", 3), "expected": "cus-1", "found": 7}
    assert "the key of the counterpart of what the customerId in CustomWebshop names" in said(
        **facts
    )


def test_a_record_that_nobody_named_is_told_by_its_key() -> None:
    assert said("linked", "uncovered", row=-1) == (
        'Customer 1001 in CustomERP was made for Customer "Ann" in CustomWebshop, which should have'
        " no counterpart: no rule covers it."
    )


@pytest.mark.parametrize(
    ("law", "anomaly", "sentence"),
    [
        ("in-sync", "then-value", 'The LastName of Customer "Ann" in CustomERP should be'),
        ("untouched", "unlisted-property", 'The LastName of Customer "Ann" in CustomERP is not in'),
        ("quiet", "idle-write", 'The connector wrote to Customer "Ann" in CustomERP in a sync'),
        ("quiet", "vain-write", 'The connector wrote to Customer "Ann" in CustomERP what'),
        ("economical", "too-many-writes", 'The connector wrote to Customer "Ann" in CustomERP'),
    ],
)
def test_a_counterpart_is_called_after_the_record_that_people_named(law, anomaly, sentence) -> None:
    assert said(law, anomaly, row=-1, note="LastName", records=(ANNS, ANN)).startswith(sentence)
    other = replace(ANNS, type="Client")
    named = said(law, anomaly, row=-1, note="LastName", records=(other, ANN))
    assert 'the Client of Customer "Ann" in CustomERP' in named


def test_the_policy_is_named_where_the_wrong_edit_won() -> None:
    assert said("latest-wins", "wrong-winner").endswith("The later edit wins.")


def test_what_cannot_be_seen_is_escaped() -> None:
    evil = RecordName(side="source", type="Customer", key="k", label="A\x1b[31m\u202e")
    assert r"A\u001b[31m\u202e" in said("linked", "missing", records=(evil,))
    assert r"\u001b" in said("runs", "crashed", records=(), note="\x1b]0;x")


def test_only_what_the_sentence_uses_is_evidence() -> None:
    words = violation_words(violation("linked", "missing", row=-1), dataflow())
    assert (words.expected, words.found) == ("", "")
    assert violation_words(violation(), dataflow()).found == '"b@x.example"'


@pytest.mark.parametrize(("law", "anomaly"), WORDS)
@pytest.mark.parametrize("records", [(), (ANN,), (ANNS, ANN)])
def test_every_breach_can_be_told_with_whatever_records(law, anomaly, records) -> None:
    for facts in ({"row": -1, "pair": 0, "direction": None}, {}):
        sentence = said(law, anomaly, records=records, note="note", **facts)
        assert sentence[-1] in ".e"
        assert "{" not in sentence


def test_a_breach_without_words_is_told_all_the_same() -> None:
    assert said("in-sync", "brand-new").startswith("The law 'in-sync' is broken (brand-new)")


def test_long_values_are_cut_and_absent_ones_are_nothing() -> None:
    assert len(say_value("x" * 500)) == 120
    assert say_value(None) == say_value(NOT_APPLICABLE) == "nothing"
