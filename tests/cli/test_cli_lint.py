"""`tallystick lint`: which files, in which form, and what the exit status says."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from jsonschema import Draft202012Validator

from tallystick.cli.lint_files import tasks_of
from tallystick.cli.parallel import mapped
from tallystick.resources import schema
from tests.dialect.documents import document

FRONT = """\
========================
{0} to {1} Dataflow
========================

"""
BROKEN = (
    FRONT.format("Aa", "Bb") + "Aa Order to Bb Invoice\n----------------------\n\nHello there.\n"
)


def papers(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        text = document(Random(number), most_sections=3, most_rows=4).text
        (folder / f"{number:02}.rst").write_bytes(text.encode())


@pytest.mark.usefixtures("folder")
class TestLint:
    def test_a_finding_has_file_line_severity_remedy_and_explanation(self, call, folder) -> None:
        (folder / "broken.rst").write_text(BROKEN)
        result = call("lint", "broken.rst")
        assert result.exit_code == 1
        assert "broken.rst:8: error: no known sentence: Hello there. [unknown-sentence]" in (
            result.stdout
        )
        assert "    Bring the sentence into one of the forms" in result.stdout
        assert "nobody tests what it says" in " ".join(result.stdout.split())
        assert result.stdout.endswith("1 document: 2 errors, 2 warnings.\n")
        assert result.stderr == ""

    @pytest.mark.parametrize(
        ("severity", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)]
    )
    def test_what_counts_is_chosen(self, call, severity: str, status: int) -> None:
        result = call("lint", "club.rst", "--fail-on", severity)
        assert "opaque-data-type" in result.stdout
        assert result.exit_code == status

    def test_an_agreement_settles_what_is_open(self, call, folder: Path) -> None:
        amended = (folder / "club.toml").read_text() + (
            'amend = [{ source = "name", target = "FullName", type = "string" }]\n'
        )
        (folder / "club.toml").write_text(amended)
        result = call("lint", "club.rst", "--agreement", "club.toml")
        assert result.stdout == "1 document: nothing to report.\n"

    def test_an_agreement_is_for_one_checklist(self, call, folder: Path) -> None:
        papers(folder / "many", 3)
        result = call("lint", "many", "--agreement", "club.toml")
        assert result.exit_code == 2
        assert "about one checklist" in result.stderr

    def test_folders_patterns_and_files_are_each_linted_once(self, call, folder: Path) -> None:
        papers(folder / "a" / "b", 3)
        (folder / "a" / "notes.txt").write_text("no checklist")
        given = call("lint", "a", "a/**/*.rst", "a/b/01.rst", "--format", "json")
        files = [one["file"] for one in json.loads(given.stdout)["documents"]]
        assert files == ["a/b/00.rst", "a/b/01.rst", "a/b/02.rst"]

    @pytest.mark.parametrize("name", ["none.rst", "no/such/*.rst", "empty"])
    def test_what_means_no_file_is_bad_input(self, call, folder: Path, name: str) -> None:
        (folder / "empty").mkdir()
        result = call("lint", "club.rst", name)
        assert result.exit_code == 2
        what = "no checklist is in this folder" if name == "empty" else "no such file is there"
        assert f"{name}: {what}" in result.stderr

    def test_a_file_that_is_no_checklist_ends_with_2_and_the_rest_is_linted(self, call, folder):
        (folder / "notes.rst").write_text("Some notes.\n")
        result = call("lint", "notes.rst", "club.rst", "--fail-on", "never")
        assert result.exit_code == 2
        assert "[no-checklist]" in result.stdout
        assert "[opaque-data-type]" in result.stdout

    def test_json_follows_its_schema(self, call, folder: Path) -> None:
        papers(folder / "many", 4)
        given = json.loads(call("lint", "many", "--format", "json").stdout)
        Draft202012Validator(schema("lint")).validate(given)
        assert len(given["documents"]) == given["summary"]["documents"] == 4
        counted = sum(one["count"] for one in given["summary"]["findings"])
        assert counted == sum(len(one["findings"]) for one in given["documents"]) > 0

    def test_a_summary_counts_and_names_the_worst(self, call, folder: Path) -> None:
        papers(folder / "many", 5)
        (folder / "many" / "zz.rst").write_text(BROKEN)
        result = call("lint", "many", "--summary")
        assert result.exit_code == 1
        assert "unknown-sentence" in result.stdout
        assert "16.7%" in result.stdout
        worst = result.stdout.partition("The worst documents")[2].splitlines()[3]
        assert worst.split()[0] == "2"
        assert worst.endswith("many/zz.rst")
        given = json.loads(call("lint", "many", "--summary", "--format", "json").stdout)
        Draft202012Validator(schema("lint")).validate(given)
        assert given["documents"] == []
        assert given["summary"]["worst"][0]["file"] == "many/zz.rst"

    def test_there_is_no_summary_as_sarif(self, call) -> None:
        result = call("lint", "club.rst", "--summary", "--format", "sarif")
        assert result.exit_code == 2

    def test_findings_go_to_a_file(self, call, folder: Path) -> None:
        result = call("lint", "club.rst", "--format", "sarif", "-o", "found.sarif")
        assert (result.exit_code, result.stdout) == (0, "")
        assert json.loads((folder / "found.sarif").read_text())["version"] == "2.1.0"
        assert call("lint", "club.rst", "-o", "no/such/file").exit_code == 2

    @pytest.mark.slow
    def test_several_processes_find_the_same_in_the_same_order(self, call, folder: Path) -> None:
        papers(folder / "many", 34)
        one = call("lint", "many", "--format", "json", "--jobs", "1")
        two = call("lint", "many", "--format", "json", "--jobs", "2")
        assert two.exit_code == 0, two.output
        assert one.stdout == two.stdout

    def test_two_directions_in_a_folder_are_compared(self, call, folder: Path) -> None:
        head = "Every {0} X will be synchronized with a {1} Y.\n"
        for name, a, b in (("1", "Aa", "Bb"), ("2", "Cc", "Dd"), ("3", "Bb", "Aa")):
            text = FRONT.format(a, b) + f"{a} X to {b} Y\n------------\n\n" + head.format(a, b)
            (folder / f"{name}.rst").write_text(text)
        assert tasks_of(["1.rst", "2.rst", "3.rst"]) == [("1.rst", "3.rst"), ("2.rst",)]
        result = call("lint", "1.rst", "2.rst", "3.rst")
        assert result.stdout.count("[unmirrored-type]") == 2

    def test_directions_that_stand_there_twice_are_not_compared(self, folder: Path) -> None:
        for name, a, b in (("1", "Aa", "Bb"), ("2", "Aa", "Bb"), ("3", "Bb", "Aa")):
            (folder / f"{name}.rst").write_text(FRONT.format(a, b))
        files = ["1.rst", "2.rst", "3.rst"]
        assert tasks_of(files) == [(file,) for file in files]


def doubled(number: int) -> int:
    if number < 0:
        raise ValueError("below zero")
    return number * 2


@pytest.mark.slow
def test_results_come_in_the_order_of_the_tasks_until_one_fails() -> None:
    results = mapped(doubled, [*range(40), -1], jobs=2)
    assert [next(results) for _ in range(32)] == list(range(0, 64, 2))
    with pytest.raises(ValueError, match="below zero"):
        list(results)


def test_few_tasks_need_no_process() -> None:
    results = mapped(lambda number: number + 1, [1, 2], jobs=8)
    assert list(results) == [2, 3]
