"""The comparison with a hand-written test still runs, and accuses no correct connector."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "by_hand.py"


@pytest.mark.slow
def test_both_are_run_on_the_same_connectors() -> None:
    command = [sys.executable, BENCHMARK, "--seconds", "1", "--names", "creates-twice"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = {line[:28].strip(): line[28:] for line in done.stdout.splitlines()}
    assert {"connector", "reference", "creates-twice", "faults caught"} <= lines.keys()
    assert lines["false alarms, the reference"].split() == ["none", "none"]
