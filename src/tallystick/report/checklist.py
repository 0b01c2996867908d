"""The checklist, ticked, for a terminal. Rule: it shows ticks and counts them; it gives none.

✓ holds, ✗ is violated, ? was not put to the test, a dash: is not specified. What the agreement or a
default says, and not the checklist, is dim and says so. Without a terminal there are no colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tallystick.dataflow.model import Authority, Dataflow, Pair, Side
from tallystick.laws.ticks import (
    PolicyTick,
    RowTick,
    SentenceTick,
    Tick,
    TickedChecklist,
    TickedPair,
)
from tallystick.laws.verdict import Status
from tallystick.report.plain import short_file
from tallystick.vocabulary.cells import visible
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.rows import row_type
from tallystick.vocabulary.sentences import Names

__all__ = ["MARKS", "POLICY_WORDS", "SAID_BY", "TickedReport", "mark"]

_DASH: Final = "\N{EN DASH}"
MARKS: Final[Mapping[Status, tuple[str, str]]] = {
    "holds": ("✓", "green"),
    "violated": ("✗", "bold red"),
    "undecided": ("?", "yellow"),
    "unspecified": (_DASH, "dim"),
    "declined": (_DASH, "dim"),
}
"""Each status's mark and its style."""

_LEGEND: Final = f"✓ holds   ✗ violated   ? not put to the test   {_DASH} not specified"
SAID_BY: Final[Mapping[Authority, str]] = {
    "checklist": "",
    "agreement": "agreed",
    "default": "default",
    "assumed": "assumed",
}
"""How a statement is marked that the checklist does not make itself."""
POLICY_WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("conflicts", "latest-wins"): "both sides edit one property: the later edit wins",
    ("conflicts", "source-wins"): "both sides edit one property: {source} wins",
    ("conflicts", "target-wins"): "both sides edit one property: {target} wins",
    ("deletions", "propagate"): "a record is deleted: its counterpart is deleted, too",
    ("deletions", "detach"): "a record is deleted: its counterpart stays, and is left alone",
    ("empty", "propagate"): "a property is emptied: it is emptied on the other side, too",
    ("empty", "keep"): "a property is emptied: the other side keeps its value",
    ("create", "source"): "a record is created in {target}: it gets no counterpart",
    ("create", "both"): "a record is created in {target}: it gets a counterpart, too",
}
"""What each choice of a policy means, by policy and choice."""


def mark(tick: Tick, *, count: bool = False) -> Text:
    """Give a tick's mark, with how often it was put to the test where that is asked for."""
    symbol, style = MARKS[tick.status]
    text = Text(symbol, style=style)
    if count and tick.count and tick.status == "holds":
        text.append(f" {_short(tick.count):>4}", style="dim")
    return text


def _short(count: int) -> str:
    return str(count) if count < 10_000 else f"{count // 1000}k"


class TickedReport:
    """The whole checklist as something that rich can print."""

    def __init__(self, ticked: TickedChecklist) -> None:
        self._ticked = ticked
        self._names = Names.of(ticked.dataflow)

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        """Give section by section, then the policies and what concerns the whole connector."""
        yield from self._title()
        for pair in self._ticked.pairs:
            yield from self._section(pair)
        yield from self._policies()
        yield from self._general()
        yield from self._legend()

    def _title(self) -> Iterator[Text]:
        source, target = visible(self._names.source), visible(self._names.target)
        yield Text(f"{source} to {target}", style="bold")
        yield Text("  ".join(_files(self._ticked.dataflow)), style="dim")

    def _section(self, ticked: TickedPair) -> RenderResult:
        yield Text()
        yield _heading(ticked.pair)
        yield Padding(_sentences(ticked), (0, 0, 0, 1))
        if ticked.rows:
            yield Text()
            yield Padding(self._rows(ticked), (0, 0, 0, 1))

    def _rows(self, ticked: TickedPair) -> Table:
        table = Table(
            box=None, padding=(0, 1, 0, 0), show_edge=False, expand=True, header_style="dim"
        )
        table.add_column(visible(self._names.source), ratio=5, overflow="fold")
        table.add_column(visible(self._names.target), ratio=5, overflow="fold")
        table.add_column("type", width=15, overflow="ellipsis", no_wrap=True)
        for arrow in ("→", "←"):
            table.add_column(arrow, width=6, no_wrap=True)
        table.add_column("", width=7, no_wrap=True)
        for row in ticked.rows:
            table.add_row(*_row_cells(row))
            for note in _row_notes(row):
                table.add_row(Text(f"  {note}", style="dim italic"))
        return table

    def _policies(self) -> RenderResult:
        yield Text()
        yield Text("What happens when …", style="bold")
        table = _grid(7, 9)
        for policy in self._ticked.policies:
            table.add_row(*_policy_cells(policy, self._names))
        yield Padding(table, (0, 0, 0, 1))

    def _general(self) -> RenderResult:
        yield Text()
        yield Text("The connector as a whole", style="bold")
        table = _grid(7, 9)
        for law, tick in self._ticked.general.items():
            said = Text(LAWS.get(law, law)[:1].upper() + LAWS.get(law, law)[1:])
            table.add_row(mark(tick), said, _count(tick), Text())
        yield Padding(table, (0, 0, 0, 1))

    def _legend(self) -> RenderResult:
        source, target = visible(self._names.source), visible(self._names.target)
        yield Text()
        yield Text(_LEGEND, style="dim")
        numbers = "Numbers say how often something was put to the test"
        if any(pair.rows for pair in self._ticked.pairs):
            numbers += f"; → ← how many edits arrived in {target} and in {source}"
        yield Text(f"{numbers}.", style="dim")


def _files(dataflow: Dataflow) -> list[str]:
    """Give the files that were said something by, the checklist first."""
    origins = [pair.origin for pair in dataflow.pairs]
    origins += [row.origin for pair in dataflow.pairs for row in pair.rows]
    origins += list(dataflow.policies.agreed.values())
    return [visible(short_file(file)) for file in dict.fromkeys(o.file for o in origins) if file]


def _heading(pair: Pair) -> Text:
    source, target = visible(pair.source), visible(pair.target)
    text = Text(f"{source} ↔ {target}" if source != target else source, style="bold")
    text.append(f"   line {pair.origin.line}" if pair.origin.line else "", style="dim not bold")
    return text


def _grid(*widths: int) -> Table:
    """Give a table without lines: a mark, a text that takes the room, and narrow columns."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(ratio=1, overflow="fold")
    for width in widths:
        table.add_column(width=width, no_wrap=True, justify="left")
    return table


def _sentences(ticked: TickedPair) -> Table:
    table = _grid(7, 9)
    for sentence in ticked.sentences:
        table.add_row(*_sentence_cells(sentence))
    return table


def _sentence_cells(sentence: SentenceTick) -> tuple[Text, Text, Text, Text]:
    statement, tick = sentence.statement, sentence.tick
    by = SAID_BY[statement.origin.by]
    text = Text(visible(statement.text), style="dim" if by else "")
    note = statement.unspecified or tick.note
    if note and tick.status not in ("holds", "violated"):
        text.append(f"\n{note}", style="dim italic")
    place = by or (f"line {statement.origin.line}" if statement.origin.line else "")
    return mark(tick), text, _count(tick), Text(place, style="dim")


def _count(tick: Tick) -> Text:
    shown = tick.status == "holds" and tick.count
    return Text(f"{tick.count:>7,}" if shown else "", style="dim")


def _row_cells(ticked: RowTick) -> tuple[Text, ...]:
    row = ticked.row
    by = SAID_BY[row.origin.by]
    style = "dim" if by else ""
    to: tuple[Side, Side] = ("target", "source")
    return (
        Text(visible(row.source.plain if not row.source.is_key else "(key)"), style=style),
        Text(visible(row.target.plain if not row.target.is_key else "(key)"), style=style),
        Text(visible(row_type(row)), style="dim"),
        *(mark(ticked.ticks[side], count=True) for side in to),
        Text(by, style="dim"),
    )


def _row_notes(ticked: RowTick) -> list[str]:
    notes = (tick.note for tick in ticked.ticks.values() if tick.status == "unspecified")
    return [visible(note) for note in dict.fromkeys(notes) if note]


def _policy_cells(policy: PolicyTick, names: Names) -> tuple[Text, Text, Text, Text]:
    by = SAID_BY[policy.by]
    words = POLICY_WORDS[policy.name, policy.choice]
    said = words.format(source=visible(names.source), target=visible(names.target))
    text = Text(said, style="dim" if by else "")
    return mark(policy.tick), text, _count(policy.tick), Text(by, style="dim")
