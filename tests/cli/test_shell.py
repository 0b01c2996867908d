"""Every way in which the process can end."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from itertools import permutations
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from tallystick import __version__
from tallystick.cli import main
from tallystick.cli.shell import Shell
from tallystick.cli.verdict import tell_counts
from tallystick.errors import (
    BadInput,
    ConnectorCrashed,
    ConnectorUnavailable,
    HarnessFault,
    Problem,
)
from tallystick.laws.ticks import Tick, TickedChecklist
from tallystick.laws.verdict import Judgement, Violation
from tallystick.results.status import PRECEDENCE, ExitStatus, worst
from tallystick.results.verdict import verdict_of

ERRORS = {
    "bad": (BadInput(Problem(file="a.toml", line=3, text="is odd \x1b[1m", remedy="mend")), 2),
    "away": (ConnectorUnavailable("gone", remedy="Start it."), 4),
    "crashed": (ConnectorCrashed("gone"), 4),
    "exit": (SystemExit(0), 4),
    "fault": (HarnessFault("two clocks"), 5),
    "bug": (ZeroDivisionError("oh"), 5),
    "interrupt": (KeyboardInterrupt(), 130),
    "pipe": (BrokenPipeError(), 141),
}


@click.group(cls=Shell)
@click.option("--debug", is_flag=True)
def shell(debug: bool) -> None: ...  # noqa: FBT001


@shell.command()
@click.argument("name")
def fail(name: str) -> None:
    raise ERRORS[name][0]


@pytest.mark.parametrize("name", [name for name in ERRORS if name != "pipe"])
def test_every_error_has_its_status_and_no_traceback(name: str) -> None:
    result = CliRunner().invoke(shell, ["fail", name])
    assert result.exit_code == ERRORS[name][1]
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert "\x1b" not in result.stderr


def test_bad_input_gives_place_and_remedy() -> None:
    result = CliRunner().invoke(shell, ["fail", "bad"])
    assert result.stderr == "a.toml:3: is odd \\u001b[1m\n    mend\n"


def test_one_that_is_not_there_gives_a_remedy() -> None:
    result = CliRunner().invoke(shell, ["fail", "away"])
    assert result.stderr.endswith("\n  gone\n    Start it.\n")


def test_a_fault_of_ours_says_so_and_where_to_report_it() -> None:
    result = CliRunner().invoke(shell, ["fail", "bug"])
    assert "a fault of Tallystick itself" in result.stderr
    assert "ZeroDivisionError: oh" in result.stderr
    assert "report it" in result.stderr
    assert "Traceback" in CliRunner().invoke(shell, ["--debug", "fail", "bug"]).stderr


def test_precedence_is_5_4_2_1_3_0() -> None:
    assert [int(status) for status in PRECEDENCE] == [5, 4, 2, 1, 3, 0]
    for better, status in permutations(PRECEDENCE, 2):
        assert worst([better, status]) == min(better, status, key=PRECEDENCE.index)
    assert worst([]) is ExitStatus.CONFORMANT


def ticked(*ticks: Tick) -> TickedChecklist:
    general = {str(at): tick for at, tick in enumerate(ticks)}
    return TickedChecklist(dataflow=None, pairs=(), policies=(), general=general)  # type: ignore[arg-type]


HOLDS, OPEN, BROKEN, UNSAID, DECLINED = (
    Tick(status=status) for status in ("holds", "undecided", "violated", "unspecified", "declined")
)
BREACH = Violation(law="runs", anomaly="crashed", event=0)


@pytest.mark.parametrize(
    ("ticks", "judgement", "status"),
    [
        ([HOLDS, UNSAID, DECLINED], Judgement(settles=1), 0),
        ([UNSAID], Judgement(settles=1), 0),
        ([HOLDS, OPEN], Judgement(settles=1), 3),
        ([HOLDS], Judgement(), 3),
        ([HOLDS], Judgement(settles=1, unreached=["random edits met no conflict"]), 3),
        ([HOLDS, BROKEN, OPEN], Judgement(settles=1, violations=[BREACH]), 1),
        ([HOLDS], Judgement(settles=1, violations=[BREACH]), 1),
        ([], Judgement(violations=[BREACH]), 1),
    ],
)
def test_what_ticks_come_to(ticks, judgement, status) -> None:
    assert verdict_of(ticked(*ticks), judgement).status == status


@pytest.mark.parametrize(
    ("ticks", "words"),
    [
        ([HOLDS, HOLDS], "All 2 statements hold."),
        ([HOLDS, BROKEN], "Of 2 statements 1 holds, 1 is violated."),
        ([HOLDS, HOLDS, OPEN, OPEN], "Of 4 statements 2 hold, 2 are undecided."),
    ],
)
def test_ticks_are_counted_in_words(ticks, words) -> None:
    console = Console(file=StringIO(), width=80)
    tell_counts(console, ticked(*ticks), [])
    assert console.file.getvalue().strip() == words


def test_what_else_makes_a_run_fail_or_leaves_it_open() -> None:
    fine = Judgement(settles=1)
    both = verdict_of(ticked(HOLDS), fine, wrong=["x no longer fails"], untested=["y"])
    assert (both.status, both.reasons) == (1, ("x no longer fails",))
    assert verdict_of(ticked(HOLDS), fine, untested=["y"]).status == 3


def test_what_was_not_met_is_said() -> None:
    verdict = verdict_of(ticked(OPEN), Judgement(settles=1, unreached=["met no conflict"]))
    assert verdict.reasons == (
        "1 statement could not be put to the test",
        "met no conflict",
    )


def test_alone_it_prints_help_and_claims_nothing(call) -> None:
    result = call()
    assert result.exit_code == 2
    assert "Usage: tallystick" in result.stdout
    assert "run" in result.stdout


def test_help_and_version(call) -> None:
    assert call("--version").stdout.strip().endswith(__version__)
    text = call("run", "--help")
    assert text.exit_code == 0
    assert "Exit status: 0 conformant, 1 not conformant" in text.stdout
    assert "\x08" not in text.stdout


def test_an_unknown_command_ends_with_2(call) -> None:
    assert call("runn").exit_code == 2


def in_a_process(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    code = "from tallystick.cli import main; main(prog_name='tallystick')"
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": path, **options.pop("env", {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )


def test_a_process_ends_with_the_status_and_prints_results_on_stdout_only(folder: Path) -> None:
    arguments = ("run", "club.rst", "--agreement", "club.toml", "--edits", "0")
    ended = in_a_process(*arguments, cwd=folder, env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("Conformant\x1b[0m (exit status 0)\n")
    assert "\x1b[32m" not in ended.stdout
    assert ended.stderr == "1 finding in the checklist; `tallystick lint` lists them.\n"


def test_a_process_whose_connector_ends_it_does_not_look_conformant(folder: Path) -> None:
    arguments = ("run", "club.rst", "--connector", "python:cli_connectors:Exits")
    assert in_a_process(*arguments, cwd=folder).returncode == 4


def test_a_terminal_of_another_encoding_is_served(folder: Path) -> None:
    ended = in_a_process("explain", cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert ended.returncode == 0, ended.stderr


def test_a_reader_that_leaves_does_not_look_like_a_verdict() -> None:
    code = "from tallystick.cli import main; main(prog_name='tallystick')"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "steps"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=30) == 141
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def commands(group: click.Group = main, *names: str):
    """Give the names of every command, with those inside groups."""
    for name, command in group.commands.items():
        yield (*names, name)
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)


@pytest.mark.parametrize("names", list(commands()), ids=" ".join)
def test_help_fits_80_columns_and_says_what_each_option_does(call, names) -> None:
    text = call(*names, "--help").stdout
    assert max(map(len, text.splitlines())) <= 80
    command = main
    for name in names:
        command = command.commands[name]
    assert command.help
    undocumented = [
        each.name
        for each in command.params
        if isinstance(each, click.Option) and not each.help and not each.hidden
    ]
    assert not undocumented


@pytest.mark.slow
@pytest.mark.parametrize(("shell", "words"), [("bash", "complete"), ("zsh", "compdef")])
def test_shells_complete(shell, words) -> None:
    environment = {**os.environ, "_TALLYSTICK_COMPLETE": f"{shell}_source"}
    code = "from tallystick.cli import main; main(prog_name='tallystick')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert words in done.stdout
