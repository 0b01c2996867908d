"""`tallystick steps`: every sentence that a scenario can be made of, each with an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from tallystick.cli.shell import out
from tallystick.report.scenario import keyword_of
from tallystick.vocabulary.gherkin import table_lines
from tallystick.vocabulary.laws import LAW_SENTENCES
from tallystick.vocabulary.sentences import SENTENCES, Names, Sentence, parse_step

__all__ = ["example_of", "steps"]

_NAMES: Final = Names(source="CustomWebshop", target="CustomERP")
_TITLES: Final = {
    "Given": "What a scenario is about (Given)",
    "When": "What happens (When)",
    "Then": "What is checked (Then)",
}
_WORDS: Final[Mapping[str, str]] = {
    "agreement": "customwebshop-customerp",
    "api": "ledger/1",
    "back": "customerp-customwebshop",
    "checklist": "customwebshop-customerp",
    "choice": "source-wins",
    "count": "one",
    "counting": "request",
    "label": "Guest",
    "law": "no edit is lost",
    "moment": "during",
    "ms": "90 seconds",
    "number": "3",
    "path": "billing.city",
    "policy": "conflicts",
    "position": "2",
    "record": 'Customer "Ann"',
    "request": "4",
    "seconds": "5 seconds",
    "side": "CustomWebshop",
    "to": "1",
    "type": "Customer",
}
"""What the parts of a sentence are filled with in its example."""

_OTHER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "add-element": {"path": "lines", "record": 'Order "A-1"'},
    "remove-element": {"path": "lines", "record": 'Order "A-1"'},
    "move-element": {"path": "lines", "record": 'Order "A-1"'},
    "has": {"record": 'the counterpart of Customer "Ann"', "side": "CustomERP"},
    "has-counterparts": {"side": "CustomERP"},
    "arrived": {
        "record": 'the counterpart of Customer "Ann"',
        "path": "Address.City",
        "side": "CustomERP",
    },
    "wrote": {"side": "CustomERP"},
}
_TABLE: Final = (("property", "value"), ("billing.city", '"Utrecht"'), ("loyaltyPoints", "12"))
_LINE_TABLE: Final = (("property", "value"), ("title", '"Gift card"'), ("price", "25"))
_THERE_TABLE: Final = (("property", "value"), ("Address.City", '"Utrecht"'))
_TABLES: Final = {"add-element": _LINE_TABLE, "has": _THERE_TABLE}


def example_of(sentence: Sentence) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give an example: its text, and the rows of its table (none, or with a header)."""
    words = {**_WORDS, **_OTHER_WORDS.get(sentence.kind, {})}
    table = _TABLES.get(sentence.kind, _TABLE) if sentence.table else ()
    return sentence.template.format_map(words), table


@click.command()
def steps() -> None:
    """List all sentences of scenarios, each with an example.

    Parts in braces are filled in; CustomWebshop and CustomERP stand for your two systems' names.
    """
    console = out()
    shown = ""
    for sentence in SENTENCES:
        text, table = example_of(sentence)
        keyword = keyword_of(parse_step(text, table, _NAMES))
        if keyword != shown:
            console.print(Text(f"{chr(10) if shown else ''}{_TITLES[keyword]}", style="bold"))
            shown = keyword
        console.print()
        _tell(console, sentence, f"{keyword} {text}", table)
    console.print()
    _tell_rest(console)


def _tell(
    console: Console, sentence: Sentence, example: str, table: tuple[tuple[str, str], ...]
) -> None:
    form = Text(sentence.template, style="bold")
    form.append("  with a table" if sentence.table else "", style="dim not bold")
    console.print(Padding.indent(form, 2))
    console.print(Padding.indent(Text(example), 6))
    for line in table_lines(table, "") if table else ():
        console.print(Padding.indent(Text(line), 8))


def _tell_rest(console: Console) -> None:
    console.print(Text("While the connector is at work", style="bold"))
    console.print(
        '  while the connector is at its request 4, Customer "Ann" is deleted in CustomERP'
    )
    console.print("  Any sentence about what people do can follow the comma. Where the connector")
    console.print("  needs fewer requests, they do it once it has settled.")
    console.print()
    console.print(Text("{law} is one of", style="bold"))
    for law, clause in LAW_SENTENCES.items():
        name = f"   ({law})" if law else ""
        console.print(Padding.indent(Text.assemble(clause, (name, "dim")), 2))
