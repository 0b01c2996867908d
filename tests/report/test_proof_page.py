"""The page of the proof: what is counted, and what is said of it."""

from __future__ import annotations

from typing import Any

from tallystick.report.proof import Found, ProofLine, proof_line, proof_page, proof_summary
from tallystick.report.proof_figures import figures, within


def found(outcome: str = "caught", *laws: str, scripts: int = 1, seconds: float = 0.05) -> Found:
    return Found(outcome=outcome, laws=laws or ("in-sync",), scripts=scripts, seconds=seconds)


def line(*searches: Found, **rest: Any) -> ProofLine:
    known: dict[str, Any] = {"name": "some-fault", "law": "in-sync", "weather": "fine"}
    story = "Fish & <Chips> | lost."
    return ProofLine(**{**known, "story": story, "found": searches or (found(),), **rest})


def row(page: str, start: str) -> list[str]:
    [text] = [text for text in page.splitlines() if text.startswith(f"| {start}")]
    return [cell.strip() for cell in text.strip("|").split(" | ")]


def page(*lines: ProofLine, **rest: Any) -> str:
    known: dict[str, Any] = {"command": "tallystick prove", "classes": {}, "left_out": {}}
    return proof_page(lines, **{**known, **rest})


def figure(lines: list[ProofLine], name: str) -> str:
    [value] = [value for title, value, _ in figures(lines) if title.startswith(name)]
    return value


def test_only_the_declared_law_makes_a_catch() -> None:
    lines = [
        line(found(), found("other-law", "quiet")),
        line(found("broke", "runs"), found("missed")),
        line(found(), found()),
    ]
    assert figure(lines, "faulty connectors caught") == "1 of 3"
    assert figure(lines, "searches that ended") == "3 of 6"
    assert figure(lines, "searches in which the connector broke") == "1"
    assert figure(lines, "searches in which another law") == "1"
    assert figure(lines, "searches that found nothing") == "1"


def test_medians_are_taken_over_the_searches_that_caught_it() -> None:
    slow = line(found(scripts=100, seconds=20.0), found("missed", scripts=300, seconds=60.0))
    quick = line(found(scripts=2), found(scripts=4), found(scripts=9))
    assert (slow.scripts, slow.seconds) == (100, 20.0)
    assert quick.scripts == 4
    assert figure([slow, quick, quick], "scripts to catch, median") == "4"
    assert figure([slow, quick], "scripts to catch, 95th") == "100"
    assert within([slow, quick]) == {0.1: 1, 1.0: 1, 10.0: 1, 60.0: 2}


def test_the_95th_percentile_is_a_value_that_five_of_a_hundred_exceed() -> None:
    lines = [line(found(scripts=n)) for n in range(1, 101)]
    assert figure(lines, "scripts to catch, 95th") == "95"


def test_nothing_caught_gives_no_medians() -> None:
    missed = [line(found("missed"))]
    assert not [title for title, _, _ in figures(missed) if "median" in title]
    assert "0 of 1" in proof_summary(missed)


def test_steps_are_told_where_stories_were_shortened() -> None:
    lines = [line(steps=2), line(steps=3), line(steps=6), line()]
    assert figure(lines, "steps of a shortened story, median") == "3"
    assert figure(lines, "steps of a shortened story, most") == "6"


def test_one_that_another_law_sees_is_not_proved_alone() -> None:
    good, bad = line(alone=()), line(alone=("quiet",))
    assert good.is_proved
    assert not bad.is_proved
    assert figure([good, bad, line()], "declared alone") == "1 of 2"
    assert "quiet sees it" in proof_line(bad)
    assert row(page(bad), "**some-fault**")[-1] == "no: quiet"
    assert row(page(good), "**some-fault**")[-1] == "yes"


def test_the_page_says_which_law_caught_what() -> None:
    one = line(found("caught", "in-sync", "quiet"), found("caught", "in-sync"), name="one")
    two = line(found("broke", "runs"), name="two", law="quiet")
    text = page(one, two)
    assert row(text, "**in-sync**")[1:] == ["one", "", "0"]
    assert row(text, "**quiet**")[1:] == ["", "", "1"]
    assert row(text, "**runs**")[1:] == ["", "", "1"]
    cells = row(text, "**one**")
    assert cells[3:7] == ["2 of 2", "in-sync 2, quiet 1", "", ""]
    assert row(text, "**two**")[5] == "1"


def test_stories_stay_in_their_cell() -> None:
    assert "**some-fault**: Fish &amp; &lt;Chips> \\| lost. |" in page(line())


def test_a_class_without_a_fault_is_a_gap() -> None:
    text = page(line(), classes={"covered": ["a", "b"], "open": []}, left_out={"ruled out": "So."})
    assert "| covered | a, b |" in text
    assert "Nothing stands for these yet" in text
    assert "\n- open\n" in text
    assert "| ruled out | So. |" in text
