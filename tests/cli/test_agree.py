"""`tallystick agree`: where the skeleton goes, and that nobody's work is lost."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.usefixtures("folder")
class TestAgree:
    def test_it_is_written_beside_the_checklist_and_can_be_given(self, call, folder: Path) -> None:
        (folder / "club.toml").unlink()
        result = call("agree", "club.rst")
        assert result.exit_code == 0, result.output
        assert "--agreement club.toml" in result.stderr
        plain = call("compile", "club.rst", "-o", "-")
        agreed = call("compile", "club.rst", "--agreement", "club.toml", "-o", "-")
        assert agreed.stdout == plain.stdout

    def test_a_file_that_is_there_stays(self, call, folder: Path) -> None:
        before = (folder / "club.toml").read_text()
        result = call("agree", "club.rst")
        assert result.exit_code == 2
        assert "club.toml: is there already" in result.stderr
        assert (folder / "club.toml").read_text() == before
        assert call("agree", "club.rst", "--replace").exit_code == 0
        assert (folder / "club.toml").read_text() != before

    def test_a_dash_is_standard_output(self, call) -> None:
        result = call("agree", "club.rst", "-o", "-")
        assert 'checklist = "Club to Ledger"' in result.stdout
        assert '#{ source = "name", target = "FullName", type = "string" },' in result.stdout

    def test_an_older_checklist_is_read_beside_it(self, call, folder: Path) -> None:
        text = (folder / "club.rst").read_text()
        (folder / "old.rst").write_text(text.replace("- string", '- "integer"'))
        said = call("agree", "club.rst", "--older", "old.rst", "-o", "-").stdout
        assert '#{ source = "name", target = "FullName", type = "integer" },' in said

    def test_a_packaged_checklist_can_be_named(self, call) -> None:
        assert "#create = {" in call("agree", "conditional", "-o", "-").stdout
        assert "1 document" in call("lint", "conditional").stdout

    def test_a_folder_that_is_not_there_ends_with_2(self, call) -> None:
        assert call("agree", "club.rst", "-o", "no/such/a.toml").exit_code == 2

    def test_what_is_no_checklist_ends_with_2(self, call, folder: Path) -> None:
        (folder / "notes.rst").write_text("Notes.\n")
        assert call("agree", "notes.rst").exit_code == 2
        assert not (folder / "notes.toml").exists()
