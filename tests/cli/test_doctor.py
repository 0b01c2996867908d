"""The doctor: what works, what does not, and what to mend."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tallystick.cli.documents import read_documents
from tallystick.cli.theatre import theatre_for
from tallystick.run.checkup import check_up, hurried
from tallystick.run.stage import Effort

BAD = Path(__file__).parents[1] / "connectors" / "misbehaving.py"


def asked(habit: str) -> str:
    return f"command:{sys.executable} -IS {BAD} {habit}"


CONNECTOR = """
import httpx

class Connector:
    def __init__(self, env):
        self.env = env
    def ask(self, method, side, path, token=None, **more):
        token = token or self.env[f"TALLYSTICK_{side.upper()}_TOKEN"]
        url = self.env[f"TALLYSTICK_{side.upper()}_URL"] + path
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        return httpx.request(method, url, headers=headers, **more)
    def sync(self):
        WHAT
    def close(self):
        pass

def connect(env, *, now, sleep):
    return Connector(env)
"""


@pytest.fixture
def made_of(folder, monkeypatch):
    """Give a function that makes an address of a connector whose sync is one line."""

    def make(line: str) -> str:
        name = f"connector_{abs(hash(line))}"
        (folder / f"{name}.py").write_text(CONNECTOR.replace("WHAT", line), encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        return f"python:{name}:connect"

    return make


def test_one_that_works(call, folder):
    result = call("doctor", "club.rst", "--agreement", "club.toml", "--connector", "reference")
    assert result.exit_code == 0, result.output
    assert result.output.count("✓") == 7
    assert "✓ a new Member becomes a Contact" in result.output
    assert "✓ an edit of Town comes back as city" in result.output


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("pass", 4, ("✗ it reaches Club", "it never asked")),
        ("raise ValueError('no cursor')", 4, ("✗ it synchronizes", "ValueError: no cursor")),
        (
            "self.ask('GET', 'source', '/members', token='x')",
            1,
            ("was answered 401: a token was sent that is nobody's", "TALLYSTICK_SOURCE_TOKEN"),
        ),
        (
            "self.ask('GET', 'source', '/members', token=self.env['TALLYSTICK_TARGET_TOKEN'])",
            1,
            ("the target system's token was sent",),
        ),
        (
            "self.ask('GET', 'source', '/Member')",
            1,
            ("GET /Member was answered 404", "The source system has /members"),
        ),
        (
            "[self.ask('GET', 'source', '/members'), self.ask('GET', 'target', '/contacts')]",
            1,
            ("✓ it reaches Ledger", "✗ a new Member becomes a Contact", "no Contact was created"),
        ),
        (
            (
                "[self.ask('GET', 'source', '/members'),"
                " self.ask('POST', 'target', '/contacts', content=b'{}')]"
            ),
            1,
            ("✗ it reaches Ledger", "POST /contacts was answered 415", "application/json"),
        ),
        (
            (
                "[self.ask('GET', 'source', '/members'), self.ask('GET', 'target', '/contacts'),"
                " self.ask('POST', 'target', '/contacts', json={'data': {'FullName': 7}})]"
            ),
            1,
            ("POST /contacts was answered 422", "FullName: "),
        ),
        (
            "httpx.get('http://home.test/members')",
            4,
            ("it asked http://home.test, which is neither system",),
        ),
    ],
)
def test_what_is_wired_wrongly(call, folder, made_of, line, status, said):
    result = call("doctor", "club.rst", "--agreement", "club.toml", "--connector", made_of(line))
    assert result.exit_code == status, result.output
    words = " ".join(result.output.split())
    for part in said:
        assert part in words
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("command:no-such-program", "'no-such-program' cannot be started: No such file"),
        ("command:no-such-program", "a name is looked for on PATH"),
        ("command:./club.rst", "make the file executable: chmod +x ./club.rst"),
        (asked("crashes-at-start"), "no licence found"),
        (asked("crashes-at-start"), "`tallystick sandbox` prints the variables that it needs"),
        (asked("greets"), 'Print {"ready": true} as the first line on standard output'),
        (asked("crashes"), "it ended with exit status 7"),
        (asked("speaks-nonsense"), "which is no answer to sync 1"),
        (asked("speaks-nonsense"), 'by {"id": 1, "did": "sync"} on standard output'),
        (asked("gives-up"), "No request of it has reached either system. Take both base URLs"),
        (asked("honest"), "it never asked Take both base URLs from TALLYSTICK_SOURCE_URL"),
    ],
)
def test_processes(call, folder, address, said):
    result = call("doctor", "club.rst", "--agreement", "club.toml", "--connector", address)
    assert result.exit_code == 4, result.output
    assert said in " ".join(result.output.split())


def test_one_that_never_asks_is_told_of_once(folder):
    documents = read_documents("club.rst", "club.toml")
    address = asked("never-ready").replace("command:", "poll:")
    with theatre_for(documents, address, Effort()) as theatre:
        theatre.launch = replace(hurried(theatre.launch), start_s=0.2)
        checkup = check_up(theatre, documents.dataflow)
    [look] = checkup.looks
    assert (look.name, look.works) == ("it can be started", False)
    assert "it made no request within 0.2 s" in look.seen
    assert "Take both base URLs" in look.remedy
