"""The ticked checklist in the terminal."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
from report_cases import dataflow, row, violation
from rich.console import Console

from tallystick.laws.ticks import tick_checklist
from tallystick.laws.verdict import Judgement
from tallystick.report.checklist import TickedReport
from tallystick.report.progress import ProgressLine
from tallystick.results.verdict import count_ticks
from tallystick.vocabulary.gherkin import Scenario


def page(judgement: Judgement, *, terminal: bool = False, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=width, emoji=False)
    console.print(TickedReport(tick_checklist(dataflow(), judgement)))
    return stream.getvalue()


def judged() -> Judgement:
    made = Judgement(violations=[violation()], settles=1)
    made.arrived[1, row("firstName"), "target"] = 12_345
    made.arrived[1, row("lastName"), "target"] = 7
    made.tested["linked", 1] = 3
    made.tested["deletions", 1] = 4
    made.tested["polite", 0] = 5
    return made


def line_with(text: str, *, of: Callable[[], Judgement] = judged) -> str:
    return next(line for line in page(of()).splitlines() if text in line and "match" not in line)


def test_each_row_has_a_mark_for_either_direction_and_says_who_said_it() -> None:
    assert line_with(" firstName").split() == (
        ["firstName", "FirstName", "string", "✓", "12k", "?", "agreed"]
    )
    assert line_with(" EmailAddress   ").split() == (
        ["email", "EmailAddress", "string", "✗", "?", "agreed"]
    )


def test_a_sentence_has_its_mark_its_count_and_its_line() -> None:
    assert line_with("Every CustomWebshop Customer").split()[-2:] == ["line", "17"]
    assert " ✓ Every CustomWebshop Customer" in page(judged())
    assert " ? Every CustomWebshop Product" in page(judged())
    assert "was never put to the test" in page(judged())


def test_policies_are_said_in_words_and_defaults_as_such() -> None:
    assert line_with("a record is deleted").split()[-2:] == ["4", "agreed"]
    assert line_with("a property is emptied").split()[-1] == "default"
    assert "{" not in page(judged())


def test_nothing_tested_is_never_ticked() -> None:
    assert "✓" not in page(Judgement()).replace("✓ holds", "")


def test_no_line_is_wider_than_80_columns_and_none_has_colours_without_a_terminal() -> None:
    text = page(judged())
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [60, 100])
def test_other_widths_are_kept(width: int) -> None:
    assert max(map(len, page(judged(), width=width).splitlines())) <= width


def test_a_terminal_has_colours_unless_no_color_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m✓" in page(judged(), terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in page(judged(), terminal=True)


def test_defaults_are_no_statement_of_anybody() -> None:
    counts = count_ticks(tick_checklist(dataflow(), judged()))
    ticked = tick_checklist(dataflow(), judged())
    assert sum(counts.values()) == len(list(ticked.all_ticks())) - 2
    assert counts["violated"] == 3  # the row, and the two sentences that it belongs to


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def progress(*, terminal: bool, every_s: float = 60.0, lasts_s: float = 0.0) -> str:
    stream = Terminal() if terminal else io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80)
    with ProgressLine(console, every_s=every_s) as line:
        line(3, 9, Scenario(name="An [edit] \x1b[31marrives", tags=(), steps=()))
        time.sleep(lasts_s)
    return stream.getvalue()


def test_progress_is_a_bar_on_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert progress(terminal=False) == ""
    shown = progress(terminal=True)
    assert "3/9" in shown
    assert r"An [edit] \u001b[31marrives" in shown


def test_elsewhere_it_is_a_line_from_time_to_time() -> None:
    first, *_ = progress(terminal=False, every_s=0.02, lasts_s=0.3).splitlines()
    assert first == r"0 s: 3 of 9 scenarios played; now: An [edit] \u001b[31marrives"


def test_it_tells_of_the_first_record_before_any_scenario() -> None:
    stream = io.StringIO()
    with ProgressLine(Console(file=stream), every_s=0.02):
        time.sleep(0.3)
    assert stream.getvalue().startswith("0 s: one record is tried first\n")
