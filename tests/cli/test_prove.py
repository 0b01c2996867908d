"""`tallystick prove`: the catalogue searched from the command line, and the page that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tallystick.cli import main
from tallystick.cli.prove import prove


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(prove, list(arguments))


def lines(result: Result) -> list[list[str]]:
    return [line.split()[:4] for line in result.stdout.splitlines() if line[:1] in ("✓", "✗")]


def test_what_was_caught_is_told_and_written(tmp_path: Path) -> None:
    page = tmp_path / "PROOF.md"
    result = asked("saves-when-idle", "-o", str(page))
    assert result.exit_code == 0, result.output
    assert lines(result) == [["✓", "saves-when-idle", "quiet", "1/1"]]
    text = page.read_text(encoding="utf-8")
    assert "| faulty connectors caught each time | 1 of 1 | all |" in text
    assert "| declared alone, and passed without their law | 1 of 1 | all |" in text
    assert "## Left out, and why" in text


def test_what_was_missed_fails() -> None:
    result = asked("strictly-after", "--scripts", "1", "--seconds", "0")
    assert result.exit_code == 1, result.output
    assert lines(result) == [["✗", "strictly-after", "in-sync", "0/1"]]
    assert "1 missed" in result.output


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    result = CliRunner().invoke(main, ["prove", "no-such-fault"])
    assert result.exit_code == 2
    assert "saves-twice" in result.output


@pytest.mark.slow
def test_several_processes_tell_in_the_order_that_was_asked_for() -> None:
    names = ["surname-ignored-to-erp", "saves-twice", "creates-twice"]
    result = asked(*names, "--processes", "2")
    assert result.exit_code == 0, result.output
    assert [line[1] for line in lines(result)] == names


@pytest.mark.slow
def test_a_fault_is_caught_in_a_process_of_its_own(tmp_path: Path) -> None:
    page = tmp_path / "PROOF.md"
    result = asked("saves-when-idle", "--as-processes", "-o", str(page))
    assert result.exit_code == 0, result.output
    assert lines(result) == [["✓", "saves-when-idle", "quiet", "1/1"]]
    assert "--as-processes" in page.read_text(encoding="utf-8")
