"""The smaller commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tallystick.checklist import CODES
from tallystick.cli.documents import read_documents
from tallystick.cli.steps import example_of
from tallystick.dataflow.json import from_json
from tallystick.journal.journal import Header, Journal, save
from tallystick.laws.reach import SITUATIONS
from tallystick.laws.words import WORDS
from tallystick.levels.sets import CURRENT
from tallystick.resources import schema
from tallystick.results.checks import Checks
from tallystick.systems.server import Sockets
from tallystick.vocabulary.gherkin import read_feature
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.script import Create, Ref, Settle, Start, UseChecklist
from tallystick.vocabulary.script_json import script_to_json
from tallystick.vocabulary.sentences import SENTENCES, Names, parse_step, render_step


@pytest.mark.usefixtures("folder")
class TestCompile:
    def test_it_writes_what_a_connector_reads(self, call, folder: Path) -> None:
        result = call("compile", "club.rst", "--agreement", "club.toml", "-o", "d.json")
        assert result.exit_code == 0, result.output
        assert result.stdout == ""
        given = json.loads((folder / "d.json").read_text(encoding="utf-8"))
        assert [row.source.text for row in from_json(given).pairs[0].rows] == ["name", "city"]

    def test_a_document_without_sections_is_a_dataflow_without_pairs(self, call, folder) -> None:
        (folder / "empty.rst").write_text("=" * 17 + "\nA to B Dataflow\n" + "=" * 17 + "\n")
        result = call("compile", "empty.rst", "-o", "-")
        assert json.loads(result.stdout)["pairs"] == []
        assert "[no-sections]" in result.stderr

    def test_a_dash_is_standard_output(self, call) -> None:
        given = json.loads(call("compile", "club.rst", "-o", "-").stdout)
        assert given["format"] == "tallystick-dataflow/1"

    def test_findings_are_listed_with_line_and_remedy(self, call) -> None:
        result = call("compile", "customwebshop-customerp", "-o", "-")
        assert ":21: " in result.stderr or ":23: " in result.stderr
        assert "[empty-property-table]" in result.stderr

    def test_a_folder_that_is_not_there_ends_with_2(self, call) -> None:
        result = call("compile", "club.rst", "-o", "no/such/d.json")
        assert result.exit_code == 2
        assert "cannot be written" in result.stderr


@pytest.mark.usefixtures("folder")
class TestDerive:
    ARGUMENTS = ("derive", "club.rst", "--agreement", "club.toml", "-o", "features")

    def test_it_says_what_changed_and_writes_the_same_again(self, call, folder: Path) -> None:
        first = call(*self.ARGUMENTS)
        assert first.exit_code == 0, first.output
        (path,) = (folder / "features").iterdir()
        assert first.stdout.split() == ["written", str(path.relative_to(folder))]
        feature = read_feature(path.read_text(encoding="utf-8"), file=str(path))
        assert feature.ours
        assert (
            '"../club.rst" with the agreement "../club.toml"' in feature.scenarios[0].steps[0].text
        )
        assert call(*self.ARGUMENTS).stdout.split()[0] == "unchanged"
        (folder / "club.rst").write_text(
            (folder / "club.rst").read_text(encoding="utf-8").replace("Every", "\nEvery"),
            encoding="utf-8",
        )
        assert call(*self.ARGUMENTS).stdout.split()[0] == "changed"

    def test_it_removes_its_own_and_nothing_else(self, call, folder: Path) -> None:
        call(*self.ARGUMENTS)
        (own,) = (folder / "features").iterdir()
        own.rename(own.with_name("77-old.feature"))
        (folder / "features" / "mine.feature").write_text("Feature: mine\n", encoding="utf-8")
        said = call(*self.ARGUMENTS).stdout
        assert "removed    features/77-old.feature" in said
        names = {path.name for path in (folder / "features").iterdir()}
        assert names == {own.name, "mine.feature"}

    def test_it_overwrites_nobody_elses_file(self, call, folder: Path) -> None:
        call(*self.ARGUMENTS)
        (own,) = (folder / "features").iterdir()
        own.write_text("Feature: mine\n", encoding="utf-8")
        result = call(*self.ARGUMENTS)
        assert result.exit_code == 2
        assert "was not written by `tallystick derive`" in result.stderr
        assert own.read_text(encoding="utf-8") == "Feature: mine\n"


class TestJudge:
    def journal(self, call, folder: Path) -> Path:
        call("compile", "club.rst", "--agreement", "club.toml", "-o", "d.json")
        given = json.loads((folder / "d.json").read_text(encoding="utf-8"))
        path = folder / "j.jsonl"
        save(Journal(Header(dataflow=from_json(given)), complete=True), path)
        return path

    def test_a_journal_in_which_nothing_settled_is_undecided(self, call, folder: Path) -> None:
        result = call("judge", str(self.journal(call, folder)))
        assert result.exit_code == 3
        assert "nothing was judged" in result.stdout
        assert result.stdout.rstrip().endswith("Undecided (exit status 3)")

    def test_half_a_journal_gives_no_verdict(self, call, folder: Path) -> None:
        path = self.journal(call, folder)
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
        result = call("judge", str(path))
        assert result.exit_code == 2
        assert "has no footer" in result.stderr

    def test_what_is_no_journal_ends_with_2(self, call, folder: Path) -> None:
        for path in ("club.rst", "nowhere.jsonl"):
            result = call("judge", str(folder / path))
            assert result.exit_code == 2
            assert path in result.stderr
            assert ("Check the path" if path == "nowhere.jsonl" else "--save DIR") in result.stderr


class TestReplay:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "no JSON"),
            ("{}", "a script is a list"),
            ('[{"do": "dance"}]', "no step is called 'dance'"),
            ('[{"do": "settle"}]', "which checklist"),
            ("{}", "`tallystick run --save DIR`"),
            ("[]", "has no step"),
        ],
    )
    def test_what_is_no_script_ends_with_2(self, call, folder: Path, text, words) -> None:
        (folder / "s.json").write_text(text, encoding="utf-8")
        result = call("replay", "s.json")
        assert result.exit_code == 2, result.output
        assert words in result.stderr

    def test_a_path_that_is_not_there_ends_with_2(self, call) -> None:
        assert call("replay", "nowhere.json").exit_code == 2

    def test_a_script_in_which_nothing_settles_is_undecided(self, call, folder: Path) -> None:
        script = [
            {"do": "use-checklist", "checklist": "club.rst", "agreement": "club.toml"},
            {"do": "create", "side": "source", "record": {"label": "A", "type": "Member"}},
        ]
        (folder / "s.json").write_text(json.dumps(script), encoding="utf-8")
        assert call("replay", "s.json").exit_code == 3

    def test_what_a_connector_cannot_be_put_to_is_not_run(self, call, folder: Path) -> None:
        script = (
            UseChecklist(checklist="club.rst", agreement="club.toml"),
            Create(side="source", record=Ref("A", "Member")),
            Start(),
            Settle(),
        )
        (folder / "s.json").write_text(json.dumps(script_to_json(script)), encoding="utf-8")
        kept = 'name = "Kept"\ncommand = ["%s", "-m", "tallystick_reference"]\nreuse = true\n'
        (folder / "connector.toml").write_text(kept % sys.executable, encoding="utf-8")
        result = call("replay", "s.json", "--connector", "connector.toml", "--times", "2")
        assert result.exit_code == 3, result.output
        assert "Not run: one connector serves the whole run" in result.stdout
        assert "fault" not in result.output

    def test_one_that_refuses_to_start_is_unavailable(self, call, folder: Path) -> None:
        script = [
            {"do": "use-checklist", "checklist": "club.rst", "agreement": "club.toml"},
            {"do": "settle"},
        ]
        (folder / "s.json").write_text(json.dumps(script), encoding="utf-8")
        refusing = f"command:{sys.executable} -c 'raise SystemExit(3)'"
        result = call("replay", "s.json", "--connector", refusing)
        assert result.exit_code == 4, result.output
        assert "it ended with exit status 3" in result.stderr

    def test_one_that_is_attached_is_told_where(self, call, folder: Path) -> None:
        (folder / "s.json").write_text(
            '[{"do": "use-checklist", "checklist": "club.rst", "agreement": "club.toml"},'
            ' {"do": "settle"}]',
            encoding="utf-8",
        )
        with Sockets(("source", "target")) as free:
            ports = {name: int(url.rpartition(":")[2]) for name, url in free.urls.items()}
        attached = f'name = "A"\nmode = "attach"\n[ports]\nsource = {ports["source"]}\ntarget = '
        attached += f"{ports['target']}\n[timeouts]\nstart = 0.1\n"
        (folder / "connector.toml").write_text(attached, encoding="utf-8")
        result = call("replay", "s.json", "--connector", "connector.toml", "--times", "1")
        assert result.exit_code == 4, result.output
        assert f"  TALLYSTICK_SOURCE_URL=http://127.0.0.1:{ports['source']}\n" in result.stderr
        assert "no request came within 0.1 s" in result.stderr


class TestExplain:
    @pytest.mark.parametrize("law", LAWS)
    def test_every_law_is_explained(self, call, law: str) -> None:
        text = call("explain", law).stdout
        assert all(title in text for title in ("What it means", "What to look at"))
        assert "{" not in text

    def test_every_finding_is_explained(self, call) -> None:
        listed = call("explain").stdout
        for code, entry in CODES.items():
            assert code in listed
            said = " ".join(call("explain", code).stdout.split())
            assert all(words in said for words in (entry.severity, entry.means, entry.remedy))

    def test_every_check_is_explained(self, call) -> None:
        documents = read_documents(None, None)
        checks = Checks(documents.dataflow).all
        for check in {each.law: each for each in checks}.values():
            assert f"{check.law}: {LAWS[check.law]}"[:70] in call("explain", check.id).stdout
        said = call("explain", "in-sync/Customer/email=EmailAddress/to-target").stdout
        assert "edits of the property email=EmailAddress of Customer" in said
        assert "about another checklist" in call("explain", "scenario/faults/a-kill").stdout

    def test_every_breach_situation_and_level_is_explained(self, call) -> None:
        listed = " ".join(call("explain").stdout.split())
        for law, anomaly in WORDS:
            said = call("explain", f"{law}/{anomaly}").stdout
            assert f"{law}/{anomaly} is one way of breaking" in said
        for name, words in SITUATIONS.items():
            assert f"{name} {words}" in listed
            assert words in " ".join(call("explain", name).stdout.split())
        for level in CURRENT.levels:
            assert level.about in " ".join(call("explain", level.name).stdout.split())

    def test_an_unknown_code_ends_with_2_and_a_guess(self, call) -> None:
        result = call("explain", "in-snyc")
        assert result.exit_code == 2
        assert "Did you mean in-sync?" in result.stderr


class TestSteps:
    NAMES = Names(source="CustomWebshop", target="CustomERP")

    @pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.template)
    def test_every_example_is_read_as_its_sentence(self, sentence) -> None:
        text, table = example_of(sentence)
        step = parse_step(text, table, self.NAMES)
        assert sentence.says(step)
        assert render_step(step, self.NAMES).text == text

    def test_all_sentences_are_listed(self, call) -> None:
        text = " ".join(call("steps").stdout.split())
        for sentence in SENTENCES:
            assert sentence.template in text
        assert all(clause in text for clause in LAWS.values())


class TestSchema:
    def test_a_schema_is_printed_as_it_is(self, call) -> None:
        assert "dataflow" in call("schema").stdout.split()
        assert json.loads(call("schema", "dataflow").stdout) == schema("dataflow")

    def test_an_unknown_name_ends_with_2(self, call) -> None:
        result = call("schema", "../dataflow")
        assert result.exit_code == 2
        assert "There are: agreement" in result.stderr
