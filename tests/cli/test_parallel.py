"""Tasks on several processes: Ctrl-C is for the command, which ends them."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, signal
from tallystick.cli.parallel import mapped

if __name__ == "__mp_main__":  # a process that is only just starting
    os.kill(os.getpid(), signal.SIGINT)

def doubled(number):
    os.kill(os.getpid(), signal.SIGINT)
    return 2 * number

if __name__ == "__main__":
    print(list(mapped(doubled, range(4), jobs=2, batch=1)))
    print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


def test_processes_heed_no_interrupt_not_even_while_they_start(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("[0, 2, 4, 6]\nFalse\n", "")
