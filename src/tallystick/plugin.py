"""The pytest plugin: plays our feature files. Rule: it only registers; the work is in `steps`.

Without our features and options it does nothing, and loads nothing: it collects `.feature` files
whose first tag is `@tallystick`, and no others, and has no fixture and no step for anybody else.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Final

import pytest

from tallystick.steps.ours import is_ours

__all__ = ["pytest_addoption", "pytest_collect_file", "pytest_configure"]

_EDITS: Final = 200
_SESSION: Final = "tallystick-session"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("tallystick", "tallystick: features that a connector must fulfil")
    group.addoption(
        "--connector",
        metavar="ADDRESS",
        help="the connector under test, e.g. python:package.module:factory (default: the"
        " reference); the session's last line then says whether it is conformant",
    )
    group.addoption(
        "--edits",
        metavar="N",
        type=int,
        default=_EDITS,
        help=f"random edits for each pair of record types (default: {_EDITS})",
    )
    group.addoption(
        "--edits-seed",
        metavar="N",
        type=int,
        help="where random edits begin: the same seed makes the same edits (default: a new one)",
    )
    group.addoption(
        "--tallystick-results",
        metavar="DIR",
        help="write the results there, as `tallystick run --results` does",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin at once where a connector is named, so that a wrong address is told at once."""
    if config.getoption("--connector") or config.getoption("--tallystick-results"):
        _session(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a feature file that is ours."""
    if file_path.suffix != ".feature" or not is_ours(file_path):
        return None
    collector: pytest.Collector = _session(parent.config).collect(file_path, parent)
    return collector


def _session(config: pytest.Config) -> Any:
    """Give what plays features in this session; it is loaded when it is first needed."""
    session = config.pluginmanager.get_plugin(_SESSION)
    if session is None:
        session = importlib.import_module("tallystick.steps.session").Session(config)
        config.pluginmanager.register(session, _SESSION)
    return session
