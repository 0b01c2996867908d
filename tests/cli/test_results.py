"""`tallystick run --results`: one result, and all files written from it."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from pathlib import Path

import pytest
from cli_documents import write_documents
from click.testing import CliRunner

from tallystick.cli import main
from tallystick.connectors.environment import TOKENS
from tallystick.dataflow.schemas import compile_schema
from tallystick.errors import BadInput
from tallystick.resources import schema
from tallystick.results.events import event_from_json
from tallystick.results.files import load_verdict
from tallystick.results.tally import Tally

QUICK = ("run", "club.rst", "--agreement", "club.toml", "--seed", "1", "--edits", "0")
BROKEN = (*QUICK, "--connector", "python:cli_connectors:without_city")


def read_events(folder: Path) -> list:
    lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [event_from_json(json.loads(line)) for line in lines]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the results of a run in which all was well."""
    return played(tmp_path_factory, *QUICK)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the results of a run in which much failed."""
    return played(tmp_path_factory, *BROKEN)


def played(factory: pytest.TempPathFactory, *arguments: str) -> Path:
    folder = factory.mktemp("run")
    write_documents(folder)
    with contextlib.chdir(folder):
        CliRunner().invoke(main, [*arguments, "--results", "out"], prog_name="tallystick")
    return folder / "out"


class TestVerdict:
    def test_a_complete_run_is_told_as_data(self, whole: Path) -> None:
        document = json.loads((whole / "verdict.json").read_text(encoding="utf-8"))
        assert not compile_schema(schema("verdict")).violations(document)
        verdict = load_verdict(whole)
        assert (verdict.complete, verdict.exit_status) == (True, 0)
        assert verdict.counts.scenarios == verdict.counts.planned > 20
        city = next(row for row in verdict.sections[0].rows if row.source == "city")
        assert (city.to_target.status, city.by, city.line) == ("holds", "agreement", 15)
        assert 0 < city.to_target.scenarios < verdict.counts.scenarios
        sentence = verdict.sections[0].sentences[0]
        assert sum(sentence.tick.laws.values()) == sentence.tick.count
        statuses = {check.id: check.status for check in verdict.checks}
        assert statuses["in-sync/Member=Contact/city=Town/to-target"] == "holds"
        assert verdict.weather["linked"]["fine"].tested > 20
        assert verdict.reach["repeat-edit"]

    def test_a_failure_is_told_once_with_all_that_reproduces_it(self, call, broken: Path) -> None:
        verdict = load_verdict(broken / "verdict.json")
        assert (verdict.status, verdict.counts.failed) == ("not-conformant", len(verdict.failures))
        failure = verdict.failures[0]
        assert failure.check == "in-sync/Member=Contact/city=Town/to-target"
        assert (failure.agreed_file, failure.agreed_line) == ("club.toml", 15)
        assert failure.story.startswith(f"✗ {failure.scenario}")
        for name in failure.files.values():
            assert (broken / name).is_file()
        row = next(row for row in verdict.sections[0].rows if row.source == "city")
        assert row.to_target.checks == (failure.check,)
        with contextlib.chdir(broken.parent):
            assert call(*failure.reproduce.split()[1:]).exit_code == 1

    def test_the_result_is_what_the_events_say(self, broken: Path) -> None:
        events = read_events(broken)
        assert Tally.of(events).result() == load_verdict(broken)
        assert events[-1].complete
        assert events[-1].events == len(events) - 1

    def test_without_its_footer_a_stream_is_half_a_run(self, whole: Path) -> None:
        half = Tally.of(read_events(whole)[:-1]).result()
        assert (half.complete, half.status) == (False, "incomplete")

    def test_each_way_of_telling_it_is_there(self, broken: Path) -> None:
        files = {path.name for path in broken.iterdir() if path.is_file()}
        assert files == {
            "annotations.txt",
            "events.jsonl",
            "junit.xml",
            "messages.ndjson",
            "report.html",
            "summary.md",
            "verdict.json",
        }

    def test_no_token_and_no_command_is_in_any_file(self, tmp_path_factory) -> None:
        leaky = ("--connector", "python:cli_connectors:leaky")
        folder = played(tmp_path_factory, *QUICK, *leaky)
        assert load_verdict(folder).failures[0].check == "discreet"
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert len(files) > 20
        for path in files:
            text = path.read_text(encoding="utf-8")
            assert not [token for token in TOKENS.values() if token in text], path
            if path.name != "annotations.txt":
                assert not re.search(r"^\s*::", text, re.MULTILINE), path
            assert "\x1b" not in text, path
        journal = min(folder.glob("failures/*.jsonl")).read_text(encoding="utf-8")
        assert "<source-token>" in journal  # so the connector did print it


@pytest.mark.usefixtures("folder")
class TestFolder:
    def test_a_new_run_leaves_nothing_of_the_old_one(self, call, broken: Path) -> None:
        shutil.copytree(broken, "out")
        mine = Path("out/failures/notes.json")
        mine.write_text("{}", encoding="utf-8")
        call(*QUICK, "--connector", "python:cli_connectors:cannot_start", "--results", "out")
        assert load_verdict(Path("out")).counts.failed == 0
        assert list(Path("out/failures").iterdir()) == [mine]

    def test_a_folder_that_cannot_be_written_ends_with_2(self, call) -> None:
        Path("out").write_text("", encoding="utf-8")
        result = call(*QUICK, "--results", "out/deeper")
        assert result.exit_code == 2
        assert "out/deeper: cannot be written" in result.stderr


@pytest.mark.usefixtures("folder")
class TestIncomplete:
    """Whatever cuts a run short, its files say so, and what was played so far is not lost."""

    @pytest.mark.parametrize(
        ("name", "status", "words"),
        [
            ("StartsSeldom", 4, "no second licence"),
            ("Interrupts", 130, "it was interrupted"),
        ],
    )
    def test_what_was_played_is_told_all_the_same(self, call, name, status, words) -> None:
        result = call(*QUICK, "--connector", f"python:cli_connectors:{name}", "--results", "out")
        assert result.exit_code == status
        assert f"Incomplete: there is no verdict (exit status {status})" in result.stdout
        assert "Only 2 of " in result.stdout
        assert "Traceback" not in result.output
        verdict = load_verdict(Path("out"))
        assert (verdict.complete, verdict.exit_status) == (False, status)
        assert words in verdict.why
        assert verdict.counts.scenarios == 2 < verdict.counts.planned
        assert not read_events(Path("out"))[-1].complete

    @pytest.mark.parametrize(
        ("name", "status"),
        [("cannot_start", 4), ("Idle", 4), ("LockedOut", 1), ("nothing_of_the_kind", 4)],
    )
    def test_where_nothing_was_played_there_is_a_verdict_file_all_the_same(
        self, call, name, status
    ) -> None:
        arguments = (*QUICK, "--connector", f"python:cli_connectors:{name}", "--results", "out")
        assert call(*arguments).exit_code == status
        verdict = load_verdict(Path("out"))
        assert (verdict.complete, verdict.exit_status) == (False, status)
        assert verdict.why
        assert verdict.counts.scenarios == 0

    def test_a_token_in_an_error_is_masked(self, call) -> None:
        address = "python:cli_connectors:tells_its_token"
        assert call(*QUICK, "--connector", address, "--results", "out").exit_code == 4
        assert load_verdict(Path("out")).why.endswith("no licence for <target-token>")

    def test_a_run_that_never_begins_leaves_no_old_verdict(self, call, whole: Path) -> None:
        shutil.copytree(whole, "out")
        assert call("run", "nowhere.rst", "--results", "out").exit_code == 2
        assert not Path("out/verdict.json").exists()
        assert not Path("out/events.jsonl").exists()

    def test_a_fault_of_our_own_is_told_as_one(self, call, monkeypatch) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("tallystick.cli.run.play_features", broken)
        assert call(*QUICK, "--results", "out").exit_code == 5
        verdict = load_verdict(Path("out"))
        assert (verdict.complete, verdict.exit_status, verdict.status) == (False, 5, "fault")


@pytest.mark.parametrize("text", ["", "{}", '{"format": "tallystick-verdict/1"}', "[1]"])
def test_what_is_no_verdict_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "verdict.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"verdict\.json: is no"):
        load_verdict(tmp_path)
    with pytest.raises(BadInput, match="cannot be read"):
        load_verdict(tmp_path / "elsewhere.json")
