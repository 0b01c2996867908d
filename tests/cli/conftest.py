"""A small checklist with its agreement, and a way to call the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_documents import write_documents
from click.testing import CliRunner, Result

from tallystick.cli import main

Call = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working folder with `club.rst` and `club.toml`."""
    write_documents(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call() -> Call:
    """Give a function that calls the command line."""

    def called(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), prog_name="tallystick")

    return called
