"""`tallystick run` of many checklists: one line each, then one table, and the worst status."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SECONDS = re.compile(r"; [0-9.]+ s\b")
CREATING = """\
Shop to Book Dataflow
=====================

Shop {one} to Book {one}
------------------------

Every Shop {one} will be synchronized with a Book {one}.

Once a link between a Shop {one} and a Book {one} is established, it will keep in sync between the two systems, regardless of where it is edited.

The following properties are synchronized between a Shop {one} and a Book {one}:

.. list-table::
   :header-rows: 1

   * - Shop {one} Property
     - Book {one} Property
     - Book Data Type
"""
ROWS = """\
   * - name
     - Title
     - "string"
   * - count
     - Number
     - "integer"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a checklist with rows, one without, and one that is none."""
    title = "=====================\n"
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "rows.rst").write_text(title + CREATING.format(one="Order") + ROWS, encoding="utf-8")
    (inner / "bare.rst").write_text(title + CREATING.format(one="Item"), encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "on_all_cores" not in request.node.name:
        monkeypatch.setattr("tallystick.cli.many.cores", lambda: 1)


def lines(result) -> list[str]:
    return result.stdout.rstrip().splitlines()


def line_of(result, name: str) -> str:
    return next(line for line in lines(result) if name in line)


@pytest.mark.parametrize("edits", ["0", "3"])
def test_each_document_has_a_line_and_all_have_a_table(call, folder: Path, edits: str) -> None:
    result = call("run", str(folder), "--seed", "1", "--edits", edits)
    assert "1 pair, 1 edited on both sides, 0 counted" in line_of(result, "rows.rst")
    assert "1 pair, 0 edited on both sides, 1 counted" in line_of(result, "bare.rst")
    assert "2 documents, 2 pairs" in result.stdout
    assert "violated" not in result.stdout
    assert result.exit_code in {0, 3}
    assert lines(result)[-1].endswith(f"(exit status {result.exit_code})")


def test_what_leaves_a_document_undecided_is_said(call, tmp_path: Path) -> None:
    line = "=====================\n"
    paper = f"{line}Shop to Book Dataflow\n{line}\nGenerated: 2025-10-01 03:15:00\n"
    (tmp_path / "empty.rst").write_text(paper, encoding="utf-8")
    result = call("run", str(tmp_path))
    assert line_of(result, "empty.rst").endswith("; nothing was judged")
    assert "could not be put to the test" in line_of(result, "empty.rst")
    assert result.exit_code == 3


@pytest.mark.slow
def test_documents_are_run_on_all_cores(call, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr("tallystick.cli.many.cores", lambda: 2)
    alone, together = (call("run", str(folder), "--seed", "1", "--edits", "3") for _ in range(2))
    assert [SECONDS.sub("", line) for line in lines(alone)] == [
        SECONDS.sub("", line) for line in lines(together)
    ]


def test_several_files_and_patterns_are_many(call, folder: Path) -> None:
    result = call("run", str(folder / "*" / "*.rst"), "--edits", "0")
    assert "2 documents" in result.stdout


def test_what_is_no_checklist_stops_no_other(call, folder: Path) -> None:
    (folder / "a" / "odd.rst").write_text("nothing of ours\n", encoding="utf-8")
    result = call("run", str(folder), "--edits", "0")
    assert result.exit_code == 2
    assert "Not run: the input cannot be used" in line_of(result, "odd.rst")
    assert "1 edited on both sides" in line_of(result, "rows.rst")


def test_an_agreement_beside_a_checklist_is_heeded(call, folder: Path) -> None:
    assert call("agree", str(folder / "a" / "rows.rst")).exit_code == 0
    result = call("run", str(folder), "--seed", "1", "--edits", "0")
    assert "; agreed in rows.toml" in line_of(result, "rows.rst")
    assert "agreed" not in line_of(result, "bare.rst")
    (folder / "a" / "rows.toml").write_text("format = 5\n", encoding="utf-8")
    result = call("run", str(folder), "--seed", "1", "--edits", "0")
    assert line_of(result, "rows.rst").startswith("! ")
    assert line_of(result, "bare.rst").endswith(" s")
    assert result.exit_code == 2


def test_it_is_said_what_was_assumed(call, folder: Path) -> None:
    result = call("run", str(folder), "--seed", "1", "--edits", "0")
    told = "Lists and JSON types of records were assumed, from the rows alone, in 2 documents"
    assert told in result.stdout


def test_a_connector_that_cannot_start_is_told_of_each_document(call, folder: Path) -> None:
    connector = "python:cli_connectors:cannot_start"
    result = call("run", str(folder), "--edits", "0", "--connector", connector)
    assert result.exit_code == 4
    assert "cannot be started" in line_of(result, "rows.rst")
    assert "cannot be started" in line_of(result, "bare.rst")


def test_a_fault_of_ours_is_told_and_stops_no_other(
    call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: str, _agreement: object, **_: object) -> None:
        raise ZeroDivisionError(file)

    monkeypatch.setattr("tallystick.cli.many.read_documents", fail)
    result = call("run", str(folder), "--edits", "0")
    assert result.exit_code == 5
    assert "ZeroDivisionError" in line_of(result, "rows.rst")
    assert "ZeroDivisionError" in line_of(result, "bare.rst")


def test_options_for_one_checklist_are_refused(call, folder: Path) -> None:
    result = call("run", str(folder), "--agreement", "a.toml")
    assert result.exit_code == 2
    assert "is for one checklist" in result.stderr


@pytest.mark.slow
def test_two_directions_are_run_as_one(call, tmp_path: Path) -> None:
    title = "=====================\n"
    forth = title + CREATING.format(one="Order") + ROWS
    back = forth.replace("Shop", "@").replace("Book", "Shop").replace("@", "Book")
    back = back.replace("- name\n     - Title", "- Title\n     - name")
    back = back.replace("- count\n     - Number", "- Number\n     - count")
    (tmp_path / "forth.rst").write_text(forth, encoding="utf-8")
    (tmp_path / "back.rst").write_text(back, encoding="utf-8")
    both = [str(tmp_path / name) for name in ("forth.rst", "back.rst")]
    result = call("run", *both, "--seed", "1", "--edits", "8")
    assert "a record is created in Book: it gets a counterpart, too" in result.stdout
    assert "✗" not in result.stdout.replace("✗ violated", "")
    assert result.exit_code in {0, 3}
    agreement = tmp_path / "forth.toml"
    agreement.write_text('[policies]\ncreate = "source"\n', encoding="utf-8")
    agreed = call("run", *both, "--agreement", str(agreement), "--seed", "1", "--edits", "0")
    assert "a record is created in Book: it gets a counterpart, too" not in agreed.stdout
    assert call("run", both[0], both[0]).exit_code == 2
