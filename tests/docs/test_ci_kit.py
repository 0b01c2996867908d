"""What vendors copy into their pipelines is well-formed and calls what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from tallystick.cli import main as cli
from tallystick.recording.files import REPORT

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "ci" / "github" / "action.yml"
GITLAB = ROOT / "ci" / "gitlab" / "tallystick.yml"
BASH = shutil.which("bash")


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def options(command):
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("path", [ACTION, GITLAB], ids=lambda path: path.name)
def test_its_options_exist(path):
    run = cli.get_command(click.Context(cli), "run")
    used = set(
        re.findall(r"(?<![\w-])--(?:connector|edits|results|agreement|seed)\b", path.read_text())
    )
    assert {"--connector", "--results"} <= used <= options(run)


def test_the_action_hands_inputs_over_as_values_only():
    steps = read(ACTION)["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_the_action_s_scripts_are_bash(tmp_path):
    for number, step in enumerate(read(ACTION)["runs"]["steps"]):
        if "run" in step:
            script = tmp_path / f"{number}.sh"
            script.write_text(step["run"])
            subprocess.run([BASH, "-n", str(script)], check=True)


@pytest.mark.skipif(BASH is None, reason="there is no bash")
@pytest.mark.parametrize("status", [0, 1])
def test_the_action_passes_the_exit_status_on(tmp_path, status):
    bin_folder = tmp_path / "tallystick" / "bin"
    bin_folder.mkdir(parents=True)
    program = bin_folder / "tallystick"
    program.write_text(
        f'#!{BASH}\nprintf "%s\\n" "$@" > "{tmp_path}/words"\nmkdir -p "$7"\n'
        f'echo summary > "$7/summary.md"; echo "::error::told" > "$7/annotations.txt"; exit {status}\n'
    )
    program.chmod(0o755)
    script = next(step for step in read(ACTION)["runs"]["steps"] if step.get("id") == "run")["run"]
    variables = {
        "PATH": "/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "step"),
        "CONNECTOR": "a b.toml",
        "CHECKLIST": "my.rst",
        "AGREEMENT": "",
        "EDITS": "5",
        "SEED": "",
        "RESULTS": str(tmp_path / "results"),
    }
    done = subprocess.run(  # noqa: PLW1510  (its status is what is looked at)
        [BASH, "-eo", "pipefail", "-c", script], env=variables, capture_output=True, text=True
    )
    assert done.returncode == status, done.stderr
    words = (tmp_path / "words").read_text().splitlines()
    assert words[:4] == ["run", "--connector", "a b.toml", "--edits"]
    assert words[-2:] == ["--", "my.rst"]
    assert (tmp_path / "output").read_text() == f"status={status}\n"
    assert (tmp_path / "step").read_text() == "summary\n"
    assert done.stdout.splitlines()[-1] == "::error::told"


def test_the_pages_name_the_files_that_there_are():
    text = (ROOT / "docs" / "ci.md").read_text()
    from tallystick.recording import files  # noqa: PLC0415 - its table is no one's to import

    for name in (*files._FILES, files.EVENTS, REPORT):
        assert f"`{name}`" in text
    assert f"`{files.FAILURES}/`" in text


def test_the_image_is_made_of_the_checkout():
    text = (ROOT / "ci" / "Dockerfile").read_text()
    assert "COPY . ." in text
    assert 'ENTRYPOINT ["tallystick"]' in text
