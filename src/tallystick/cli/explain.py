"""`tallystick explain`: what a law, a check, a situation, a level or a finding means."""

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
from tallystick.laws.reach import SITUATIONS
from tallystick.laws.words import LAW_WORDS, WORDS
from tallystick.levels.assess import level_of
from tallystick.levels.model import Level
from tallystick.levels.sets import CURRENT
from tallystick.vocabulary.laws import LAWS

__all__ = ["explain"]

_LEVELS: Final = {level.name: level for level in CURRENT.levels}
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
    """Say what a law, a check, a situation, a level, or a finding in a checklist means.

    CODE is the name of one of them, as a report or verdict.json gives it; without one, all that
    have a name of their own are listed.
    """
    console = out()
    if code is None:
        _list(console)
        return
    law, _, rest = code.partition("/")
    if law in LAWS:
        if rest:
            _check(console, law, rest)
        _law(console, law)
    elif law == "scenario" and rest:
        _scenario(console, code)
    elif code in SITUATIONS:
        _situation(console, code)
    elif code in _LEVELS:
        _level(console, _LEVELS[code])
    elif code in CODES:
        _finding(console, code)
    else:
        raise BadInput(_unknown(code))


def _check(console: Console, law: str, rest: str) -> None:
    """Say what the rest of a check's id, or of a breach's name, stands for."""
    pair, _, row = rest.partition("/")
    properties, _, direction = row.partition("/")
    if (law, rest) in WORDS:
        said = f"{law}/{rest} is one way of breaking the law {law}."
    elif direction:
        way = direction.replace("-", " the ")
        said = f"A check: edits of the property {properties} of {pair} arrive, {way}."
    else:
        said = f"A check: the law {law} for {pair}."
    show(console, Text(said))
    console.print()


def _scenario(console: Console, code: str) -> None:
    said = "a scenario about another checklist, or under other policies, than the run's own."
    show(console, Text.assemble((code, "bold"), f": {said}"))
    show(console, "It is one check, whatever laws it puts to the test.")


def _situation(console: Console, code: str) -> None:
    show(console, Text.assemble((code, "bold"), f": a situation: {SITUATIONS[code]}."))
    level = level_of(CURRENT, code)
    asked = f"The level {level} asks for it." if level else "No level asks for it."
    show(console, f"A run counts how often it occurs. {asked}")


def _level(console: Console, level: Level) -> None:
    draft = ", a draft" if CURRENT.draft else ""
    show(console, Text.assemble((level.name, "bold"), f": {level.about}."))
    show(console, f"A level of the set {CURRENT.date}{draft}; it includes those before it.")
    for title, names in (
        ("Laws that must have been put to the test, and hold", level.laws),
        ("Situations that must have occurred", level.situations),
    ):
        console.print()
        console.print(Text(title, style="bold"))
        show(console, Padding.indent(", ".join(names) or "no more", 2))


def _finding(console: Console, code: str) -> None:
    entry = CODES[code]
    console.print(Text.assemble((code, "bold"), f": a finding in a checklist ({entry.severity})."))
    for title, text in (("What it means", entry.means), ("What to do", entry.remedy)):
        console.print()
        console.print(Text(title, style="bold"))
        show(console, Padding.indent(text, 2))


def _unknown(code: str) -> Problem:
    near = difflib.get_close_matches(code, [*LAWS, *SITUATIONS, *_LEVELS, *CODES], n=3)
    remedy = f"Did you mean {' or '.join(near)}?" if near else "`tallystick explain` lists them."
    text = f"no law, check, situation, level or finding is called {code!r}"
    return Problem(text=text, remedy=remedy)


def _list(console: Console) -> None:
    console.print(Text("Laws", style="bold"))
    show(console, _table([(law, f"{words}.") for law, words in LAWS.items()]))
    console.print()
    console.print(Text("Situations", style="bold"))
    show(console, _table([(name, f"{words}.") for name, words in SITUATIONS.items()]))
    console.print()
    console.print(Text("Levels", style="bold"))
    show(console, _table([(level.name, f"{level.about}.") for level in _LEVELS.values()]))
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
