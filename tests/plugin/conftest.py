"""What the tests of the plugin share."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest


@pytest.fixture
def plugin_arguments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What loads our plugin in an inner pytest: nothing where it is installed."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p))
    installed = any(entry.name == "tallystick" for entry in entry_points(group="pytest11"))
    own = [] if installed else ["-p", "tallystick.plugin"]
    return [*own, "-p", "no:cacheprovider"]
