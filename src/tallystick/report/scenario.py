"""A script as Gherkin: numbered for people, or as a feature that runs as it stands. Rule: the
sentences are the vocabulary's; here they only get keywords, numbers and indents.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tallystick.dataflow.model import Dataflow
from tallystick.report.plain import WIDTH, wrapped
from tallystick.vocabulary.gherkin import table_lines
from tallystick.vocabulary.script import Script, Step, step_kind
from tallystick.vocabulary.sentences import Names, render_step

__all__ = ["SAVED", "SETUP_KINDS", "feature_text", "keyword_of", "numbered_steps", "split_setup"]

SAVED: Final = "@counterexample"
"""The tag of a scenario that was saved because it failed."""

SETUP_KINDS: Final = frozenset({"use-checklist", "set-policy", "speak", "skew"})
_CHECK_KINDS: Final = frozenset(
    {"holds", "has-counterparts", "has", "holds-records", "arrived", "agree", "wrote"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A step with its keyword."""

    keyword: str
    text: str
    table: tuple[tuple[str, str], ...]


def split_setup(script: Script) -> tuple[Script, Script]:
    """Give the set-up steps of a script, and the others."""
    setup = tuple(step for step in script if step_kind(step) in SETUP_KINDS)
    return setup, tuple(step for step in script if step_kind(step) not in SETUP_KINDS)


def keyword_of(step: Step) -> str:
    """Give the keyword that a step has in a scenario: Given, When or Then."""
    kind = step_kind(step)
    if kind in SETUP_KINDS:
        return "Given"
    return "Then" if kind in _CHECK_KINDS else "When"


def said_steps(script: Script, names: Names) -> Iterator[Said]:
    """Give the steps of a script in words, `And` where a keyword is repeated."""
    last = ""
    for step in script:
        keyword = keyword_of(step)
        story = render_step(step, names)
        yield Said(
            keyword="And" if keyword == last else keyword, text=story.text, table=story.table
        )
        last = keyword


def numbered_steps(script: Script, dataflow: Dataflow, *, width: int = WIDTH) -> list[str]:
    """Give the lines of a story: set-up without numbers, then steps from 1, tables below them."""
    setup, steps = split_setup(script)
    names = Names.of(dataflow)
    lines: list[str] = []
    for at, said in enumerate(said_steps((*setup, *steps), names), 1 - len(setup)):
        number = f"{at:>3}. " if at > 0 else " " * 5
        text = wrapped(f"{said.keyword} {said.text}", width, indent=" " * 7, first=number)
        lines += text.split("\n")
        lines += _table(said.table, " " * 7)
    return lines


def _table(rows: Sequence[tuple[str, str]], indent: str) -> list[str]:
    return table_lines(rows, indent) if rows else []


def feature_text(
    script: Script, dataflow: Dataflow, *, feature: str, scenario: str, comments: Sequence[str] = ()
) -> str:
    """Give a feature with one scenario, which plays `script` and runs as it stands."""
    lines = [f"# {one}" for comment in comments for one in textwrap.wrap(comment, 96)]
    lines += ["@tallystick", f"Feature: {_line(feature)}", ""]
    lines += [f"  {SAVED}", f"  Scenario: {_line(scenario)}"]
    for said in said_steps(script, Names.of(dataflow)):
        lines.append(f"    {said.keyword} {said.text}")
        lines += _table(said.table, " " * 6)
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
