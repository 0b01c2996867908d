"""A small checklist with its agreement, and a way to call the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tallystick.cli import main

CHECKLIST = """\
=======================
Club to Ledger Dataflow
=======================

Club Member to Ledger Contact
-----------------------------

Every Club Member will be synchronized with a Ledger Contact.

Once a link between a Club Member and a Ledger Contact is established, it will keep in sync between the two systems, regardless of where it is edited.

The following properties are synchronized between a Club Member and a Ledger Contact:

.. list-table::
   :header-rows: 1

   * - Club Member Property
     - Ledger Contact Property
     - Ledger Data Type
   * - name
     - FullName
     - string
"""
AGREEMENT = """\
checklist = "Club to Ledger"

[types.source.Member]
path = "members"
schema = { type = "object", properties = { name = { type = "string" }, city = { type = "string" }, note = { type = "string" } } }

[types.target.Contact]
path = "contacts"
schema = { type = "object", properties = { FullName = { type = "string" }, Town = { type = "string" }, Memo = { type = "string" } } }

[[pairs]]
source = "Member"
target = "Contact"
properties = [
  { source = "city", target = "Town", type = "string" },
]
"""

Call = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working folder with `club.rst` and `club.toml`."""
    (tmp_path / "club.rst").write_text(CHECKLIST, encoding="utf-8")
    (tmp_path / "club.toml").write_text(AGREEMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call() -> Call:
    """Give a function that calls the command line."""

    def called(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), prog_name="tallystick")

    return called
