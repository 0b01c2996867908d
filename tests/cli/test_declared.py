"""connector.toml and expected.toml under `tallystick run`, and the commands that write them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tallystick.connectors.declaration import load_declaration
from tallystick.results.files import load_verdict

QUICK = ("run", "club.rst", "--agreement", "club.toml", "--seed", "1", "--edits", "0")
CONNECTOR = ("--connector", "connector.toml")
TOWN = "in-sync/Member=Contact/city=Town"
WITHOUT_CITY = 'name = "Bridge"\nversion = "2"\naddress = "python:cli_connectors:without_city"\n'
DECLINED = f'\n[[declines]]\ncapability = "{TOWN}"\nreason = "Towns are out of scope."\n'
DECLINED += '\n[[declines]]\ncapability = "in-sync/Member=Contact"\nreason = "Too."\n'


def declare(text: str, name: str = "connector.toml") -> None:
    Path(name).write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("folder")
class TestRun:
    def test_what_is_declined_is_reported_and_does_not_count(self, call) -> None:
        declare(WITHOUT_CITY + DECLINED)
        result = call(*QUICK, *CONNECTOR, "--results", "out")
        assert result.exit_code == 0, result.output
        assert "declined" in result.stdout
        verdict = load_verdict(Path("out"))
        assert verdict.about.connector.name == "Bridge"
        row = next(row for row in verdict.sections[0].rows if row.source == "city")
        assert row.to_target.note == "declined: Towns are out of scope."

    @pytest.mark.slow
    def test_known_failures_are_recorded_and_excused_until_they_are_mended(self, call) -> None:
        declare(WITHOUT_CITY)
        assert call(*QUICK, *CONNECTOR, "--results", "out").exit_code == 1
        refused = call("expect", "update", "out")
        assert refused.exit_code == 2
        assert f"{TOWN}/to-target" in refused.stderr
        recorded = call("expect", "update", "out", "--reason", "issue 7")
        assert recorded.exit_code == 0, recorded.output
        assert f"+ {TOWN}/to-target" in recorded.stdout
        excused = call(*QUICK, *CONNECTOR, "--results", "out")
        assert excused.exit_code == 0, excused.output
        assert "fail as expected" in " ".join(excused.stdout.split())
        assert "should be" not in excused.stdout  # no story is told of it
        again = call("expect", "update", "out", "--until", "2199-12-31")
        assert again.exit_code == 0
        assert "until = 2199-12-31" in Path("expected.toml").read_text(encoding="utf-8")

        declare(WITHOUT_CITY.replace("python:cli_connectors:without_city", "reference"))
        mended = call(*QUICK, *CONNECTOR, "--results", "new")
        assert mended.exit_code == 1
        assert "no longer fails" in " ".join(mended.stdout.split())
        cleared = call("expect", "update", "new")
        assert f"- {TOWN}/to-target" in cleared.stdout
        assert call(*QUICK, *CONNECTOR).exit_code == 0

        compared = call("compare", "new", "out")
        assert compared.exit_code == 1  # what fails as expected is no regression; the level is
        assert compared.stdout.startswith("Level: core → none")
        assert f"  {TOWN}/to-target\n    holds → expected" in compared.stdout

    @pytest.mark.parametrize(
        ("declaration", "expected", "place", "words"),
        [
            ('name = "B"\n', "", "connector.toml:1", "nothing says how to reach"),
            (
                f'{WITHOUT_CITY}[[declines]]\ncapability = "deletion-s"\nreason = "x"\n',
                "",
                "connector.toml:5",
                "no law, check or situation is called 'deletion-s'",
            ),
            (
                WITHOUT_CITY,
                '[[expected]]\ncheck = "in-sync/Membr"\nreason = "x"\nuntil = 2027-01-01\n',
                "expected.toml:2",
                "no check is called 'in-sync/Membr'",
            ),
            (
                WITHOUT_CITY,
                '[[expected]]\ncheck = "polite"\nreason = "x"\nuntil = "tomorrow"\n',
                "expected.toml:4",
                "'tomorrow' is no date",
            ),
            (
                WITHOUT_CITY,
                '[[expected]]\ncheck = "polite"\nreason = "x"\nuntil = 2027-01-01\n' * 2,
                "expected.toml:6",
                "is expected in line 2 already",
            ),
            (WITHOUT_CITY, "[[expect]]\n", "expected.toml:1", "unknown key 'expect'"),
        ],
    )
    def test_what_is_wrong_there_is_told_before_anything_runs(
        self, call, declaration, expected, place, words
    ) -> None:
        declare(declaration)
        if expected:
            declare(expected, "expected.toml")
        result = call(*QUICK, *CONNECTOR)
        assert result.exit_code == 2, result.output
        assert f"{place}: " in result.stderr
        assert words in result.stderr
        assert "Traceback" not in result.output

    def test_a_declared_process_is_started_in_its_folder(self, call, folder: Path) -> None:
        (folder / "bridge").mkdir()
        script = folder / "bridge" / "started.py"
        script.write_text(
            "import os, pathlib, sys\n"
            "pathlib.Path('seen.txt').write_text(os.environ['COLOUR'])\n"
            "sys.exit(3)\n",
            encoding="utf-8",
        )
        declare(
            f'name = "B"\ncommand = [{json.dumps(sys.executable)}, "started.py"]\n'
            '[environment]\nCOLOUR = "blue"\n',
            "bridge/connector.toml",
        )
        result = call(*QUICK, "--connector", "bridge/connector.toml")
        assert result.exit_code == 4, result.output
        assert (folder / "bridge" / "seen.txt").read_text(encoding="utf-8") == "blue"

    @pytest.mark.slow
    def test_declared_policies_take_the_place_of_defaults_only(self, call) -> None:
        declare('name = "R"\naddress = "reference"\n[policies]\ndeletions = "detach"\n')
        result = call(*QUICK, *CONNECTOR, "--results", "out")
        assert result.exit_code == 0, result.output
        policies = {each.name: each for each in load_verdict(Path("out")).policies}
        assert (policies["deletions"].choice, policies["deletions"].by) == ("detach", "default")
        assert policies["deletions"].tick.status == "holds"
        declare('name = "R"\naddress = "reference"\n[policies]\nconflicts = "source-wins"\n')
        text = Path("club.toml").read_text(encoding="utf-8")
        agreed = '[policies]\nconflicts = "target-wins"\n\n[types.source'
        Path("club.toml").write_text(text.replace("[types.source", agreed, 1), encoding="utf-8")
        call(*QUICK, *CONNECTOR, "--results", "out")
        policies = {each.name: each for each in load_verdict(Path("out")).policies}
        assert (policies["conflicts"].choice, policies["conflicts"].by) == (
            "target-wins",
            "agreement",
        )


@pytest.mark.usefixtures("folder")
class TestExpect:
    def test_half_a_run_is_refused(self, call) -> None:
        declare(WITHOUT_CITY.replace("without_city", "cannot_start"))
        call(*QUICK, *CONNECTOR, "--results", "out")
        for arguments in (("expect", "update", "out", "--reason", "x"), ("compare", "out", "out")):
            result = call(*arguments)
            assert result.exit_code == 2
            assert "out: the run is incomplete" in result.stderr
        assert not Path("expected.toml").exists()

    def test_without_a_declaration_a_file_must_be_named(self, call) -> None:
        call(*QUICK, "--results", "out")
        result = call("expect", "update", "out")
        assert (result.exit_code, "has no connector.toml" in result.stderr) == (2, True)
        assert call("expect", "update", "out", "--file", "known.toml").exit_code == 0
        assert (
            "0 expected failures" in call("expect", "update", "out", "--file", "known.toml").stderr
        )


@pytest.mark.usefixtures("folder")
class TestInit:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("--command", "node 'my bridge.js'", "--mode", "poll"),
            ("--python", "cli_connectors:without_city", "--name", 'The "Bridge"'),
        ],
    )
    def test_what_it_writes_can_be_read(self, call, arguments) -> None:
        result = call("init", "deep/er", *arguments)
        assert result.exit_code == 0, result.output
        given = load_declaration("deep/er/connector.toml")
        if "--mode" in arguments:
            assert (given.command, given.mode) == (("node", "my bridge.js"), "poll")
        if "--name" in arguments:
            assert (given.name, given.mode) == ('The "Bridge"', "python")

    def test_it_never_overwrites(self, call) -> None:
        declare("mine")
        result = call("init")
        assert result.exit_code == 2
        assert "connector.toml: is there already; nothing was changed" in result.stderr
        assert Path("connector.toml").read_text(encoding="utf-8") == "mine"

    @pytest.mark.parametrize(
        "arguments", [("--command", "a 'b"), ("--command", "a", "--python", "b:c")]
    )
    def test_wrong_options_end_with_2(self, call, arguments) -> None:
        assert call("init", *arguments).exit_code == 2
        assert not Path("connector.toml").exists()
