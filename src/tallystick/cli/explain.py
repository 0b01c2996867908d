"""`tallystick explain`: what a law, one of its breaches, or a finding means."""

from __future__ import annotations

import difflib
from typing import Final

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tallystick.checklist import CODES
from tallystick.cli.page import show
from tallystick.cli.shell import out
from tallystick.errors import BadInput, Problem
from tallystick.laws.words import LAW_WORDS, WORDS
from tallystick.vocabulary.laws import LAWS

__all__ = ["explain"]

_EXAMPLE: Final = {
    "elsewhere": "CustomERP",
    "expected": "…",
    "first": 'Customer "Ann" in CustomWebshop',
    "found": "…",
    "note": "…",
    "opposite": "email",
    "other_system": "CustomWebshop",
    "owner": 'Customer "Ann" in CustomERP',
    "policy": "",
    "property": "EmailAddress",
    "second": "Customer 1001 in CustomERP",
    "source": 'Customer "Ann" in CustomWebshop',
    "system": "CustomERP",
    "target": "Customer 1001 in CustomERP",
}
"""What the sentences about breaches are filled with where they are only listed."""


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a law, or a finding in a checklist, means.

    CODE is a law's name or a finding's code; without one, all of them are listed.
    """
    console = out()
    if code is None:
        _list(console)
    elif code in LAWS:
        _law(console, code)
    elif code in CODES:
        _finding(console, code)
    else:
        raise BadInput(_unknown(code))


def _finding(console: Console, code: str) -> None:
    entry = CODES[code]
    console.print(Text.assemble((code, "bold"), f": a finding in a checklist ({entry.severity})."))
    for title, text in (("What it means", entry.means), ("What to do", entry.remedy)):
        console.print()
        console.print(Text(title, style="bold"))
        show(console, Padding.indent(text, 2))


def _unknown(code: str) -> Problem:
    near = difflib.get_close_matches(code, [*LAWS, *CODES], n=3)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "`tallystick explain` lists them."
    return Problem(text=f"no law and no finding is called {code!r}", remedy=remedy)


def _list(console: Console) -> None:
    console.print(Text("Laws", style="bold"))
    show(console, _table([(law, f"{words}.") for law, words in LAWS.items()]))
    console.print()
    console.print(Text("Findings in a checklist", style="bold"))
    show(console, _table([(code, f"{c.severity}: {c.means}") for code, c in CODES.items()]))


def _table(rows: list[tuple[str, str]]) -> Padding:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, words in rows:
        table.add_row(name, words)
    return Padding.indent(table, 2)


def _law(console: Console, law: str) -> None:
    words = LAW_WORDS[law]
    console.print(Text.assemble((law, "bold"), f": {LAWS[law]}."))
    for title, text in (
        ("What it means", words.means),
        ("Why it matters", words.matters),
        ("What usually breaks it", words.causes),
        ("What to look at", words.look),
    ):
        console.print()
        console.print(Text(title, style="bold"))
        show(console, Padding.indent(text, 2))
    console.print()
    console.print(Text("How a breach is told", style="bold"))
    for (of_law, anomaly), sentence in WORDS.items():
        if of_law == law:
            said = Text.assemble((f"{anomaly}: ", "dim"), sentence.format_map(_EXAMPLE))
            show(console, Padding.indent(said, 2))
