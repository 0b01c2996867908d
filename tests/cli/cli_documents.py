"""A small checklist with its agreement."""

from __future__ import annotations

from pathlib import Path

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


def write_documents(folder: Path) -> None:
    """Write `club.rst` and `club.toml`."""
    (folder / "club.rst").write_text(CHECKLIST, encoding="utf-8")
    (folder / "club.toml").write_text(AGREEMENT, encoding="utf-8")
