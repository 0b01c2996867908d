"""The measure of reading still runs, and prints what it is about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "reading.py"


@pytest.mark.slow
def test_reading_is_measured_beside_docutils() -> None:
    command = [sys.executable, BENCHMARK, "--documents", "6", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ratio:" in done.stdout
    assert "after half of them" in done.stdout
