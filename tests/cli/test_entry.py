"""The command as it is called from a shell."""

from __future__ import annotations

import subprocess
import sys

LOADING = """
import sys


class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "tallystick.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())

from tallystick.__main__ import main
main()
"""


def test_an_interrupt_while_it_is_loaded_shows_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_it_can_be_called_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", "--version"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "tallystick" in done.stdout
