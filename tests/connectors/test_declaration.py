"""connector.toml: what it says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.connectors.declaration import Decline, load_declaration
from tallystick.errors import BadInput

WHOLE = """\
name = "Bridge"
version = "2.1"
command = ["node", "bridge.js", "--quiet"]
mode = "poll"
reuse = true

[environment]
NODE_ENV = "test"

[timeouts]
start = 20
deadline = 2.5

[policies]
conflicts = "source-wins"

[[declines]]
capability = "deletions"
reason = "The shop keeps everything."
link = "https://bridge.example/deletions"

[[declines]]
capability = "kill"
reason = "It is never killed."
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "connector.toml"
    path.write_text(text, encoding="utf-8")
    return load_declaration(path)


def test_a_whole_declaration(tmp_path: Path) -> None:
    given = load(tmp_path, WHOLE)
    assert (given.name, given.version, given.mode, given.reuse) == ("Bridge", "2.1", "poll", True)
    assert given.command == ("node", "bridge.js", "--quiet")
    assert given.environment == {"NODE_ENV": "test"}
    assert (given.start_s, given.sync_s, given.deadline_s) == (20, None, 2.5)
    assert (given.policies, given.policy_lines) == (
        {"conflicts": "source-wins"},
        {"conflicts": 15},
    )
    assert given.declines[0] == Decline(
        capability="deletions",
        reason="The shop keeps everything.",
        link="https://bridge.example/deletions",
        line=18,
    )
    assert given.folder == tmp_path


def test_three_ways_to_a_connector(tmp_path: Path) -> None:
    assert load(tmp_path, 'name = "A"\ncommand = ["a"]\n').mode == "stdio"
    python = load(tmp_path, 'name = "A"\naddress = "python:a.b:c"\n')
    assert (python.mode, python.address) == ("python", "python:a.b:c")
    ports = "[ports]\nsource = 8001\ntarget = 8002\n"
    attached = load(tmp_path, f'name = "A"\nmode = "attach"\n{ports}')
    assert attached.ports == {"source": 8001, "target": 8002}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('name = "A"\ncomand = ["a"]\n', 2, "unknown key 'comand'"),
        ('command = ["a"]\n', 1, "'name' is missing"),
        ('name = "A"\ncommand = "a b"\n', 2, "'a b' is not of type 'array'"),
        ('name = "A"\ncommand = []\n', 2, "command"),
        ('name = "A"\n', 1, "nothing says how to reach the connector"),
        ('name = "A"\naddress = "x:y"\ncommand = ["a"]\n', 3, "'command' can't stand here"),
        ('name = "A"\nmode = "attach"\n', 2, "needs two ports"),
        ('name = "A"\nmode = "magic"\ncommand = ["a"]\n', 2, "'magic' is not one of"),
        ('name = "A"\ncommand = ["a"]\n[ports]\nsource = 1\ntarget = 2\n', 3, "'ports' can't"),
        ('name = "A"\ncommand = ["a"]\n[environment]\nTALLYSTICK_MODE = "x"\n', 3, "TALLYSTICK_MODE"),
        ('name = "A"\ncommand = ["a"]\n[environment]\nPORT = 8\n', 4, "8 is not of type 'string'"),
        ('name = "A"\ncommand = ["a"]\n[timeouts]\nstart = 0\n', 4, "start"),
        ('name = "A"\ncommand = ["a"]\n\n[[declines]]\ncapability = "x"\n', 4, "'reason' is missing"),
        ('name = "A"\ncommand = ["a"]\n\nversion = 2\n', 4, "2 is not of type 'string'"),
        ('name = "A"\nname = "B"\n', 2, "is no TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text, line, words) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, text)
    problem = caught.value.problems[0]
    assert problem.line == line, problem
    assert problem.file.endswith("connector.toml")
    assert words in problem.text
    assert problem.remedy


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, 'name = 1\nmode = "x"\nversion = 2\n')
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3]


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"\xff", "UTF-8")])
def test_what_cannot_be_read_is_refused(tmp_path: Path, content, words) -> None:
    if content is not None:
        (tmp_path / "connector.toml").write_bytes(content)
    with pytest.raises(BadInput, match=words):
        load_declaration(tmp_path / "connector.toml")
