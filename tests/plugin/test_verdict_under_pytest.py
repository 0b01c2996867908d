"""`pytest --connector` and `tallystick run`: one verdict, and the same files."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

import tallystick.steps.session  # noqa: F401 - loaded once, not anew by every inner pytest
from tallystick.cli import main
from tallystick.results.files import load_verdict

pytest_plugins = ["pytester"]

CHECKLIST = (Path(__file__).parent.parent / "cli" / "cli_documents.py").read_text("utf-8")
DOCUMENTS: dict[str, str] = {}
exec(CHECKLIST.split("def write_documents")[0], DOCUMENTS)  # noqa: S102 - our own
CONNECTORS = (Path(__file__).parent.parent / "cli" / "cli_connectors.py").read_text("utf-8")


@pytest.fixture
def folder(pytester, plugin_arguments, monkeypatch):
    """Give a function that derives a small checklist's features and plays them."""
    monkeypatch.syspath_prepend(pytester.path)
    (pytester.path / "club.rst").write_text(DOCUMENTS["CHECKLIST"], "utf-8")
    (pytester.path / "club.toml").write_text(DOCUMENTS["AGREEMENT"], "utf-8")
    (pytester.path / "club_connectors.py").write_text(CONNECTORS, "utf-8")
    command("derive", "club.rst", "--agreement", "club.toml", "-o", "features")

    def play(*arguments: str):
        return pytester.runpytest_inprocess(
            *plugin_arguments, "features", "--edits", "30", "--edits-seed", "1", *arguments
        )

    return play


def command(*arguments: str):
    return CliRunner().invoke(main, list(arguments), prog_name="tallystick")


def run(*arguments: str):
    given = ("--agreement", "club.toml", "--edits", "30", "--seed", "1")
    return command("run", "club.rst", *given, *arguments)


WORDS = {0: "is conformant: 8 statements hold", 1: "is not conformant:", 3: "is undecided:"}


@pytest.mark.parametrize(
    "address",
    ["reference", pytest.param("python:club_connectors:without_city", marks=pytest.mark.slow)],
)
def test_a_session_with_all_that_is_derived_comes_to_the_verdict_of_a_run(
    folder, pytester, address
):
    result = folder("--connector", address, "--tallystick-results", "by-pytest")
    ran = run("--connector", address, "--results", "by-run")
    ours, theirs = (load_verdict(pytester.path / name) for name in ("by-pytest", "by-run"))
    assert ours.complete
    assert ours.exit_status == theirs.exit_status == ran.exit_code
    assert result.ret == (1 if ours.exit_status else 0)
    assert result.outlines[-1].startswith(f"{address} {WORDS[ours.exit_status]}")
    assert result.outlines[-1].endswith(f"(status {ours.exit_status})")
    assert (ours.ticks, ours.reach, ours.counts) == (theirs.ticks, theirs.reach, theirs.counts)
    checks = [[replace(check, file="") for check in each.checks] for each in (ours, theirs)]
    assert checks[0] == checks[1]
    assert ours.levels == theirs.levels
    names = {path.name for path in (pytester.path / "by-pytest").iterdir()}
    assert names - {"failures"} == {
        path.name for path in (pytester.path / "by-run").iterdir() if path.is_file()
    }
    for failure in ours.failures:
        assert (pytester.path / "by-pytest" / failure.files["journal"]).is_file()


def test_part_of_a_session_is_no_whole_run(folder, pytester):
    folder("--connector", "reference", "--tallystick-results", "out", "-k", "created_later")
    verdict = load_verdict(pytester.path / "out")
    assert not verdict.complete
    assert "derived scenarios were selected" in verdict.why
    address = "python:club_connectors:without_city"
    folder("--connector", address, "--tallystick-results", "out", "-x")
    verdict = load_verdict(pytester.path / "out")
    assert (verdict.complete, verdict.exit_status) == (False, 1)
    assert "scenarios were played" in verdict.why


def test_a_connector_that_cannot_be_started_is_no_verdict(folder, pytester):
    address = "python:club_connectors:cannot_start"
    result = folder("--connector", address, "--tallystick-results", "out", "-k", "created_later")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "has no verdict: the connector could not be started" in result.outlines[-1]
    verdict = load_verdict(pytester.path / "out")
    assert (verdict.complete, verdict.exit_status, verdict.counts.scenarios) == (False, 4, 0)


@pytest.mark.slow
def test_what_is_declared_and_expected_counts_here_too(folder, pytester):
    path = pytester.path / "connector.toml"
    path.write_text('name = "B"\naddress = "python:club_connectors:without_city"\n', "utf-8")
    arguments = ("--connector", "connector.toml", "--tallystick-results", "out")
    folder(*arguments)
    assert command("expect", "update", "out", "--reason", "issue 7").exit_code == 0
    result = folder(*arguments)
    assert result.ret == pytest.ExitCode.OK, result.stdout.str()
    assert "is conformant" in result.outlines[-1]
    assert result.parseoutcomes()["xfailed"] > 10
    path.write_text('name = "B"\naddress = "reference"\n', "utf-8")
    mended = folder(*arguments)
    assert mended.ret == pytest.ExitCode.TESTS_FAILED
    assert "no longer fails" in mended.outlines[-1]
    path.write_text('name = "B"\ncomand = []\n', "utf-8")
    assert folder(*arguments).ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.slow
def test_several_processes_tell_one_result(folder, pytester):
    pytest.importorskip("xdist")
    chosen = ("-n", "2", "-k", "edit_in_club_reaches or same_property_in_club")
    address = "faulty:drops-shop-edits"
    folder("--connector", address, "--tallystick-results", "out", *chosen)
    verdict = load_verdict(pytester.path / "out")
    assert (verdict.counts.scenarios, verdict.exit_status) == (2, 1)
    assert verdict.why == "only 2 of 32 derived scenarios were selected"
    saved = {name for failure in verdict.failures for name in failure.files.values()}
    assert len(saved) == 6
    assert all((pytester.path / "out" / name).is_file() for name in saved)
    page = (pytester.path / "out" / "report.html").read_text("utf-8")
    assert all(failure.sentence in unescape(page) for failure in verdict.failures)
    lines = (pytester.path / "out" / "events.jsonl").read_text("utf-8").splitlines()
    kinds = [json.loads(line)["event"] for line in lines]
    assert (kinds.count("run-started"), kinds.count("feature")) == (1, 1)
    assert kinds[-1] == "run-ended"
