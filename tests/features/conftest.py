"""What the tests of features share."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest


@pytest.fixture
def plugin_arguments() -> list[str]:
    """What loads our plugin in an inner pytest: nothing where it is installed."""
    installed = any(entry.name == "tallystick" for entry in entry_points(group="pytest11"))
    own = [] if installed else ["-p", "tallystick.plugin"]
    return [*own, "-p", "no:cacheprovider"]
