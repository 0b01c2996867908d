"""`tallystick run`: what it prints, and what it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick.journal.journal import load

CLUB = ("run", "club.rst", "--agreement", "club.toml", "--seed", "1")
QUICK = (*CLUB, "--edits", "0")


def last_line(text: str) -> str:
    return text.rstrip().splitlines()[-1]


@pytest.mark.usefixtures("folder")
class TestConformant:
    def test_a_conformant_connector_ends_with_0(self, call) -> None:
        result = call(*CLUB, "--edits", "40")
        assert result.exit_code == 0, result.output
        assert last_line(result.stdout) == "Conformant (exit status 0)"
        assert "✗" not in result.stdout.replace("✗ violated", "")
        assert "seed 1" in result.stdout

    def test_a_pipe_gets_neither_colours_nor_trailing_blanks_nor_wide_lines(self, call) -> None:
        lines = call(*QUICK).stdout.splitlines()
        assert not [line for line in lines if "\x1b" in line or line != line.rstrip()]
        assert max(map(len, lines)) <= 80

    def test_a_packaged_checklist_is_known_by_its_name(self, call) -> None:
        result = call("run", "customwebshop-customerp", "--edits", "0")
        assert result.exit_code == 0, result.output
        assert "the property table is empty" in result.stdout
        assert "unspecified" in result.stdout


@pytest.mark.usefixtures("folder")
class TestNotConformant:
    def test_a_missing_property_is_told_once_and_ends_with_1(self, call) -> None:
        result = call(*QUICK, "--connector", "python:cli_connectors:without_city")
        assert result.exit_code == 1
        assert last_line(result.stdout) == "Not conformant (exit status 1)"
        assert "club.toml:15" in result.stdout
        assert "city ↔ Town (string)" in result.stdout
        assert "more scenario" in result.stdout
        assert "tallystick explain in-sync" in result.stdout
        assert result.stdout.count("The Town of Member") <= 3

    def test_failures_are_saved_replayed_and_judged(self, call, folder: Path) -> None:
        arguments = (*QUICK, "--connector", "python:cli_connectors:without_city", "--save", "out")
        assert "saved in out" in call(*arguments).stdout
        script = min((folder / "out").glob("*.json"))
        assert json.loads(script.read_text(encoding="utf-8"))[0]["do"] == "use-checklist"
        journal = script.with_suffix(".jsonl")
        assert load(journal).header.connector == "python:cli_connectors:without_city"
        again = call("replay", str(script), "--connector", "python:cli_connectors:without_city")
        assert (again.exit_code, "STILL FAILS" in again.stdout) == (1, True)
        mended = call("replay", str(script))
        assert (mended.exit_code, "FIXED" in mended.stdout) == (0, True)
        assert "on the connector reference" in " ".join(mended.stdout.split())
        moody = ("--connector", "python:cli_connectors:moody", "--times", "5")
        flaky = call("replay", str(script), *moody)
        assert (flaky.exit_code, "FLAKY 3 of 5" in flaky.stdout) == (1, True)
        judged = call("judge", str(journal))
        assert judged.exit_code == 1
        assert "agreed in" in judged.stdout
        both = call("judge", *sorted(str(path) for path in (folder / "out").glob("*.jsonl"))[:2])
        assert (both.exit_code, both.stdout.count("agreed in")) == (1, 2)
        assert both.stdout.count("Club to Ledger") == 1
        feature = script.with_suffix(".feature").read_text(encoding="utf-8")
        assert str(folder / "club.rst") in feature


@pytest.mark.usefixtures("folder")
class TestUnwired:
    @pytest.mark.parametrize(
        ("name", "status", "words"),
        [
            ("Idle", 4, "It made no request to either system."),
            ("GivesUp", 4, "ValueError: no idea what to do \\u001b[31m"),
            ("Elsewhere", 4, "It asked elsewhere instead: http://localhost:8080."),
            ("LockedOut", 1, "401"),
        ],
    )
    def test_one_clear_answer_instead_of_fifty(self, call, name, status, words) -> None:
        result = call(*QUICK, "--connector", f"python:cli_connectors:{name}")
        assert result.exit_code == status
        text = " ".join(result.stdout.split())
        assert "The connector is not wired up" in text
        assert words in text
        advice = result.stdout.partition("Nothing else was tried.")[2].splitlines()
        assert len(advice[1]) > len("once one")  # is broken where the line ends, and nowhere else
        assert f"(exit status {status})" in last_line(result.stdout)
        assert "✓" not in text

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("cannot_start", "RuntimeError: no licence"),
            ("Exits", "it ended the whole process"),
            ("NOT_CALLABLE", "has no callable"),
            ("nothing_of_the_kind", "has no callable"),
        ],
    )
    def test_what_cannot_be_started_ends_with_4(self, call, name, words) -> None:
        result = call(*QUICK, "--connector", f"python:cli_connectors:{name}")
        assert result.exit_code == 4
        assert words in " ".join((result.stderr + result.stdout).split())
        assert "Traceback" not in result.output

    def test_a_module_that_is_not_there_ends_with_4(self, call) -> None:
        result = call(*QUICK, "--connector", "python:no_such_module:connect")
        assert result.exit_code == 4
        assert "cannot be imported" in result.stderr

    def test_a_module_that_breaks_on_import_ends_with_4(self, call, folder: Path) -> None:
        (folder / "broken_on_import.py").write_text("1 / 0\n", encoding="utf-8")
        result = call(*QUICK, "--connector", "python:broken_on_import:connect")
        assert result.exit_code == 4
        assert "ZeroDivisionError" in result.stderr


@pytest.mark.usefixtures("folder")
class TestBadInput:
    def test_an_unknown_address_ends_with_2(self, call) -> None:
        result = call(*QUICK, "--connector", "carrier-pigeon")
        assert result.exit_code == 2
        assert "'carrier-pigeon' is no connector address" in result.stderr

    @pytest.mark.parametrize(
        "arguments", [("nowhere.rst",), ("club.rst", "--agreement", "no.toml")]
    )
    def test_a_wrong_path_ends_with_2(self, call, arguments) -> None:
        result = call("run", *arguments)
        assert result.exit_code == 2
        assert f"{arguments[-1]}: there is no such file" in result.stderr
        assert "customwebshop-customerp" in result.stderr

    def test_a_page_that_cannot_be_written_is_told_before_anything_is_played(self, call) -> None:
        result = call("run", "--html", "no/such/folder.html")
        assert result.exit_code == 2
        assert "no/such/folder.html: cannot be written" in result.stderr
        assert result.stdout == ""

    def test_a_folder_without_checklists_ends_with_2(self, call, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        result = call("run", str(tmp_path / "empty"))
        assert result.exit_code == 2
        assert "no checklist is in this folder" in result.stderr

    @pytest.mark.parametrize(
        "content", [b"Dear Sir,\n\nhow are you?\n", b"", b"\x89PNG\r\n\x00\xff"]
    )
    def test_a_document_that_is_none_ends_with_2(self, call, folder: Path, content) -> None:
        (folder / "letter.rst").write_bytes(content)
        result = call("run", "letter.rst")
        assert result.exit_code == 2, result.output
        assert "letter.rst" in result.stderr
        assert "is no checklist" in result.stderr
        assert "Traceback" not in result.output

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ('source = "city"', 'source = "town"', "town"),
            ('checklist = "Club', "checklist = Club", "is no TOML"),
            ("properties = [", "propertys = [", "propertys"),
            ('[[pairs]]\nsource = "Member"', '[[pairs]]\nsource = "Person"', "Person"),
            ('path = "members"', "path = 7", "path"),
        ],
    )
    def test_problems_of_the_agreement_have_file_and_line(
        self, call, folder, old, new, words
    ) -> None:
        text = (folder / "club.toml").read_text(encoding="utf-8")
        line = text[: text.index(old)].count("\n") + 1
        (folder / "club.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        result = call(*QUICK)
        assert result.exit_code == 2, result.output
        assert f"club.toml:{line}: " in result.stderr
        assert words in result.stderr
        assert "Traceback" not in result.output

    @pytest.mark.parametrize("arguments", [("--edits", "many"), ("--edits", "-1"), ("--wat",)])
    def test_wrong_options_end_with_2(self, call, arguments) -> None:
        assert call("run", *arguments).exit_code == 2


def test_it_is_said_that_a_checklist_has_no_section(call, tmp_path: Path) -> None:
    title = "=====================\n"
    file = tmp_path / "none.rst"
    file.write_text(f"{title}Shop to Book Dataflow\n{title}\nGenerated: 2025-10-01 03:15:00\n")
    result = call("run", str(file))
    assert result.exit_code == 3
    assert "The checklist has no section about two record types" in result.stdout
