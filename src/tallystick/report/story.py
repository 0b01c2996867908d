"""A failure as a story: what people did, what went wrong, where that was agreed, what was seen.

Rule: it renders what it is given. It knows nothing of runs: whoever played a scenario hands over
a `PlayedScenario`, or the fields themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tallystick.dataflow.model import SIDES, Dataflow, Pair, Row, Side
from tallystick.journal.journal import Journal
from tallystick.laws.explain import Words, violation_words
from tallystick.laws.verdict import Violation
from tallystick.report.columns import sync_columns
from tallystick.report.plain import WIDTH, harmless, many, place_text, short_file, wrapped
from tallystick.report.scenario import numbered_steps, split_setup
from tallystick.results.taking import PlayedScenario
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.rows import row_type
from tallystick.vocabulary.script import Script

__all__ = ["failure_story", "how_it_was_found", "line_text", "story", "told_script"]

_MOST_OTHERS: Final = 3
_LABEL: Final = 11
_INDENT: Final = "  "


def told_script(told: PlayedScenario) -> Script:
    """Give the script that reproduces a failure: the shortened one where random edits found it."""
    if told.failure is None:
        return told.script
    setup, _ = split_setup(told.script)
    return (*setup, *told.failure.script)


def failure_story(told: PlayedScenario, *, width: int = WIDTH) -> str:
    """Give the story of a scenario that failed, "" where nothing came to light."""
    if not told.violations:
        return ""
    found = told.failure
    file = short_file(told.feature.file)
    line = told.line.line if told.line is not None else told.scenario.line
    notes = [] if found is None else [how_it_was_found(found)]
    return story(
        title=told.scenario.name,
        place=f"{file}:{line}" if file else "",
        script=told_script(told),
        violations=told.violations if found is None else found.violations,
        dataflow=told.dataflow,
        journal=told.journal if found is None else found.journal,
        notes=notes,
        width=width,
    )


def how_it_was_found(found: Any) -> str:
    """Give a sentence about a counterexample: what drew it, and whether it is flaky."""
    length = many(getattr(found, "first_length", 0), "step")
    text = f"Found by random edits (seed {found.seed}); shortened from {length}."
    failures, plays = getattr(found, "failures", 1), getattr(found, "plays", 1)
    if failures < plays:
        text += f" FLAKY: played again in fresh worlds, it failed {failures} times of {plays}."
    return text


def story(
    *,
    title: str,
    script: Script,
    violations: Sequence[Violation],
    dataflow: Dataflow,
    journal: Journal | None = None,
    place: str = "",
    notes: Sequence[str] = (),
    width: int = WIDTH,
) -> str:
    """Tell a failure: its first violation in full, the others of the moment in a sentence each."""
    violation, *others = violations
    words = violation_words(violation, dataflow)
    blocks = [
        [wrapped(f"✗ {title}", width, indent=_INDENT, first=""), *_indented(place)],
        [*_indented(note for note in notes), *numbered_steps(script, dataflow, width=width)],
        [wrapped(words.sentence, width, indent=_INDENT)],
        _labelled(_evidence(violation, words, dataflow), width),
        _others(others, violation, dataflow, width),
        _columns(violation, dataflow, journal, width),
    ]
    return harmless("\n\n".join("\n".join(block) for block in blocks if block))


def _indented(lines: str | Any) -> list[str]:
    given = [lines] if isinstance(lines, str) else lines
    return [f"{_INDENT}{line}" for line in given if line]


def _evidence(violation: Violation, words: Words, dataflow: Dataflow) -> list[tuple[str, str]]:
    law = LAWS.get(violation.law, "")
    situation = f" ({violation.situation})" if violation.situation else ""
    return [
        ("law", f"{violation.law}{situation}: {law}"),
        ("agreed in", place_text(violation.origin)),
        ("", line_text(violation, dataflow)),
        ("expected", words.expected),
        ("found", words.found),
    ]


def _labelled(entries: Sequence[tuple[str, str]], width: int) -> list[str]:
    indent = " " * (len(_INDENT) + _LABEL)
    return [
        wrapped(text, width, indent=indent, first=f"{_INDENT}{label.ljust(_LABEL)}")
        for label, text in entries
        if text
    ]


def _pair(violation: Violation, dataflow: Dataflow) -> Pair | None:
    return next((pair for pair in dataflow.pairs if pair.number == violation.pair), None)


def _row(violation: Violation, dataflow: Dataflow) -> Row | None:
    pair = _pair(violation, dataflow)
    within = pair is not None and 0 <= violation.row < len(pair.rows)
    return pair.rows[violation.row] if pair is not None and within else None


def line_text(violation: Violation, dataflow: Dataflow) -> str:
    """Give the text of the line that a violation rests on: a sentence, or a row of a table."""
    pair, row = _pair(violation, dataflow), _row(violation, dataflow)
    if row is not None:
        return f"{row} ({row_type(row)})"
    statements = pair.statements if pair is not None else ()
    return next((one.text for one in statements if one.origin == violation.origin), "")


def _others(
    others: Sequence[Violation], first: Violation, dataflow: Dataflow, width: int
) -> list[str]:
    seen = {violation_words(first, dataflow).sentence}
    said = [violation_words(other, dataflow).sentence for other in others]
    new = [sentence for sentence in dict.fromkeys(said) if sentence not in seen]
    if not new:
        return []
    lines = [wrapped(s, width, indent="    ", first="  • ") for s in new[:_MOST_OTHERS]]
    more = len(new) - _MOST_OTHERS
    return ["  Also:", *lines, *([f"  • and {more} more"] if more > 0 else [])]


def _columns(
    violation: Violation, dataflow: Dataflow, journal: Journal | None, width: int
) -> list[str]:
    if journal is None:
        return []
    pair, row = _pair(violation, dataflow), _row(violation, dataflow)
    first: Mapping[tuple[Side, str], str] = {}
    if pair is not None and row is not None:
        first = {(at, pair.type_on(at)): row.path(at).text.partition("[")[0] for at in SIDES}
    lines = sync_columns(
        journal.events, violation.event, dataflow, first=first, width=width - len(_INDENT)
    )
    return [f"{_INDENT}{line}".rstrip() for line in lines]
