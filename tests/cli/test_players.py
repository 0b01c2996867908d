"""Scenarios played by several processes: the same run, and nothing of them is left behind."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from string import ascii_uppercase

import pytest
from cli_documents import CHECKLIST

from tallystick.cli.documents import read_documents
from tallystick.cli.players import play_together
from tallystick.cli.suite import planned
from tallystick.cli.theatre import theatre_for
from tallystick.errors import HarnessFault
from tallystick.run.stage import Effort
from tallystick.run.suite import is_search

ROOT = Path(__file__).resolve().parents[2]
RUN = ("run", "club.rst", "--agreement", "club.toml", "--seed", "1", "--edits", "20")
CITY = ("--connector", "python:cli_connectors:without_city")


def told(text: str) -> list[str]:
    """Give what a run told, without how long it took."""
    return [line for line in text.splitlines() if not line.rstrip().endswith(" s.")]


@pytest.mark.usefixtures("folder")
class TestTogether:
    def test_a_run_tells_and_saves_the_same_on_any_number_of_processes(
        self, call, folder: Path
    ) -> None:
        heard, saved = {}, {}
        for number in ("1", "2"):
            result = call(*RUN, *CITY, "--processes", number, "--save", "failures")
            assert result.exit_code == 1
            heard[number] = told(result.stdout)
            files = {path.name: path.read_bytes() for path in (folder / "failures").iterdir()}
            saved[number] = {n: text for n, text in files.items() if not n.endswith(".jsonl")}
            assert len(files) == 3 * len([name for name in files if name.endswith(".jsonl")])
        assert heard["1"] == heard["2"]
        assert saved["1"] == saved["2"]

    def test_who_serves_the_whole_run_is_one(self, call) -> None:
        result = call(*RUN, "--connector", "attach:7011,7012", "--processes", "2")
        assert result.exit_code == 2
        assert "--processes is for connectors that can be started many times" in result.stderr

    def test_what_a_process_raises_is_raised_here(self) -> None:
        documents = read_documents("club.rst", "club.toml")
        features = planned(documents, by_hand=False, edits=0).features
        opened = partial(
            theatre_for, documents, "python:cli_connectors:that_is_not_there", Effort(edits=0)
        )
        with pytest.raises(Exception, match="that_is_not_there"):
            play_together(
                features, opened, processes=2, progress=lambda *_: None, listener=lambda *_: None
            )

    def test_a_process_that_ends_before_its_time_is_a_fault_of_ours(self) -> None:
        documents = read_documents("club.rst", "club.toml")
        features = planned(documents, by_hand=False, edits=0).features
        with pytest.raises(HarnessFault, match="before its time"):
            play_together(
                features,
                os.abort,  # type: ignore[arg-type]  (what takes the process away)
                processes=2,
                progress=lambda *_: None,
                listener=lambda *_: None,
            )

    def test_searches_are_known(self) -> None:
        documents = read_documents("club.rst", "club.toml")
        features = planned(documents, by_hand=False, edits=20).features
        found = {s.name for f in features for s in f.scenarios if is_search(s)}
        assert found == {s.name for f in features for s in f.scenarios if "@random" in s.tags}
        assert found


REFERENCE = f"""
import sys
sys.path.insert(0, {str(ROOT / "reference" / "src")!r})
from tallystick_reference.__main__ import main
sys.exit(main())
"""


HEEDED = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""What shells put in the background, and all that it starts, ignores it."""


ONE = ("club.rst", "--agreement", "club.toml", "--thorough", "--processes", "2")
MANY = ("many",)
PROMPTLY_S = 20.0  # on the busiest machine; to play one of `many` to its end takes longer


@pytest.fixture
def many(folder: Path) -> None:
    """Write a folder of long checklists."""
    front, section = CHECKLIST.split("\n\n", 1)
    sections = [
        section.replace("Member", f"Member{letter}").replace("Contact", f"Contact{letter}")
        for letter in ascii_uppercase
    ]
    text = "\n".join([front, "", *sections])
    for number in range(8):
        file = folder / "many" / f"{number}.rst"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="it looks at processes as Linux shows them")
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("what", "sign"),
    [
        pytest.param(ONE, signal.SIGINT, id="one"),
        pytest.param(ONE, signal.SIGTERM, id="one, by SIGTERM"),
        pytest.param(MANY, signal.SIGINT, id="many"),
        pytest.param(MANY, signal.SIGTERM, id="many, by SIGTERM", marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_run_leaves_no_process_behind(
    folder: Path, what: tuple[str, ...], sign: signal.Signals
) -> None:
    command = f"command:{shlex.join((sys.executable, '-c', REFERENCE, folder.name))}"
    script = f"{HEEDED}; from tallystick.cli import main; main()"
    run = subprocess.Popen(
        [sys.executable, "-c", script, "run", *what, "--connector", command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )

    def starters() -> set[int]:
        """Give who has started a connector."""
        return {by for by, line in processes() if folder.name in line} - {os.getpid()}

    try:
        wait_until(lambda: len(starters() - {run.pid}) == 2)  # both have begun to play
        os.killpg(run.pid, sign)
        output = "".join(run.communicate(timeout=PROMPTLY_S))
    finally:
        run.kill()
    assert "Traceback" not in output
    assert run.returncode == 130
    assert not starters()


def processes() -> list[tuple[int, str]]:
    """Give, of all processes, who started them and their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            owner = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        found.append((owner, line))
    return found


def wait_until(is_so) -> None:
    """Wait until something is so; fail where it takes too long."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass within 30 s")
