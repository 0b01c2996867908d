from __future__ import annotations

import pytest
from checklist_paper import ALWAYS, CONNECTED, IN_SYNC, LINK, MERGE, NO_MATCH, PROPERTIES, PROSE

from tallystick.checklist.sentences import read_sentence, read_sentences

A, B = "Shopco Order", "Booksy Invoice"


def say(form: str, **words: str) -> str:
    return form.format(a=words.pop("a", A), b=words.pop("b", B), into="Booksy", **words)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (ALWAYS, "lead-always"),
        (LINK, "lead-link"),
        (NO_MATCH, "no-match"),
        (MERGE, "merge"),
        (IN_SYNC, "in-sync"),
        (PROPERTIES, "properties"),
    ],
)
def test_a_form_gives_its_kind_and_both_sides(form, kind):
    sentence = read_sentence(say(form), 3, 4)
    assert (sentence.kind, sentence.source, sentence.target) == (kind, A, B)
    assert (sentence.line, sentence.last_line) == (3, 4)


@pytest.mark.parametrize("form", [ALWAYS, LINK, NO_MATCH, MERGE, IN_SYNC, PROPERTIES, PROSE])
def test_white_space_and_case_do_not_matter(form):
    plain = read_sentence(say(form), 1, 1)
    wild = read_sentence(say(form).upper().replace(" ", " \t ").replace("\n", "\r\n"), 1, 1)
    assert wild.kind == plain.kind
    assert wild.target == plain.target.upper()


@pytest.mark.parametrize("form", [ALWAYS, LINK, NO_MATCH, MERGE, IN_SYNC, PROPERTIES, PROSE])
def test_structure_does_matter(form):
    assert read_sentence(say(form) + " Really", 1, 1) is None
    assert read_sentence("Well, " + say(form)[:-1], 1, 1) is None


@pytest.mark.parametrize(
    "prose",
    [
        "When a Deal is won",
        "only some. not all",
        "Every time the Other Hub asks",
        "If so, and so",
        "If so, it will be seen",
        "While a Job will be synchronized with a Task, it will be synchronized with a Plan",
    ],
)
def test_a_conditional_lead_keeps_its_prose(prose):
    sentence = read_sentence(f"{prose}, it  will be synchronized with a {B}.", 1, 1)
    assert (sentence.kind, sentence.prose, sentence.target) == ("lead-condition", prose, B)


@pytest.mark.parametrize(
    ("spelled", "types"),
    [
        ("Shopco Orders", ("Shopco Orders",)),
        ("Shopco Orders, or Tickets", ("Shopco Orders", "Tickets")),
        ("Shopco Orders, Tickets, or Shopco-Calls", ("Shopco Orders", "Tickets", "Shopco-Calls")),
    ],
)
def test_connected_lists_its_types(spelled, types):
    sentence = read_sentence(say(CONNECTED, to=spelled), 1, 1)
    assert (sentence.kind, sentence.connections, sentence.into) == ("connected", types, "Booksy")


def test_an_empty_target_is_read_in_every_form():
    for form in (ALWAYS, LINK, NO_MATCH, MERGE, IN_SYNC, PROPERTIES, PROSE):
        assert read_sentence(say(form, b=" Invoice"), 1, 1).target == "Invoice"
    into_nothing = CONNECTED.format(a=A, b=" Invoice", to="Shopco Orders", into="")
    assert read_sentence(into_nothing, 1, 1).into == ""


def test_a_paragraph_is_read_line_by_line_where_it_is_no_whole():
    text = f"{say(ALWAYS)}\nSomething else.\nAnd more.\n{say(IN_SYNC)}"
    sentences, strangers = read_sentences(text, 10)
    assert [(one.kind, one.line) for one in sentences] == [("lead-always", 10), ("in-sync", 13)]
    assert strangers == [(11, 12, "Something else.")]


def test_a_sentence_may_be_broken_into_lines():
    sentences, strangers = read_sentences(say(IN_SYNC).replace(" it ", "\nit ", 1), 4)
    assert [(one.kind, one.line, one.last_line) for one in sentences] == [("in-sync", 4, 5)]
    assert strangers == []


def test_a_condition_may_go_over_several_lines():
    text = f"When a Deal is won\nand paid, it  will be synchronized with a {B}."
    (sentence,), strangers = read_sentences(text, 7)
    assert strangers == []
    assert (sentence.kind, sentence.line, sentence.last_line) == ("lead-condition", 7, 8)
    assert sentence.prose == "When a Deal is won and paid"


def test_two_sentences_in_one_line_are_none():
    glued = f"{say(ALWAYS)} When it is won, it  will be synchronized with a {B}."
    assert read_sentence(glued, 1, 1) is None
    assert read_sentence(f"{say(ALWAYS)} {say(ALWAYS)}", 1, 1) is None
    assert read_sentence(f"{say(ALWAYS)} {say(PROSE)}", 1, 1) is None


def test_both_lines_of_the_no_match_rule_belong_together():
    sentences, strangers = read_sentences(f"{say(ALWAYS)}\n{say(NO_MATCH)}", 1)
    assert [(one.kind, one.line, one.last_line) for one in sentences] == [
        ("lead-always", 1, 1),
        ("no-match", 2, 3),
    ]
    assert strangers == []
