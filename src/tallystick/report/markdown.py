"""A result as Markdown, for a pull request or a step's summary. Rule: what a record or a connector
held stands in code, where it is neither markup nor a link, and calls nobody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from tallystick.laws.reach import SITUATIONS
from tallystick.report.plain import cut, harmless, many
from tallystick.results.events import Failure
from tallystick.results.result import CheckResult, RunResult, TickResult
from tallystick.results.status import STATUS_WORDS, ExitStatus
from tallystick.vocabulary.cells import visible

__all__ = ["markdown"]

_MOST_CHECKS: Final = 30
_MOST_STORIES: Final = 10
_LONGEST_STORY: Final = 4000
_MARKS: Final = {"holds": "✓", "violated": "✗", "undecided": "?"}
_SPECIAL: Final = re.compile(r"[`*_~\[\]|\\#@:!$]")


def markdown(result: RunResult) -> str:
    """Give the whole page, at most about 60,000 characters long."""
    blocks = [
        f"## {_mark(result)} Tallystick: {_title(result)}",
        _about(result),
        "\n".join(f"- {_code(text)}" for text in (*result.reasons, *result.notes)),
        *_levels(result),
        *_failed_checks(result),
        *_stories(result),
        *_checklist(result),
        *_reach(result),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _mark(result: RunResult) -> str:
    return "✓" if result.complete and not result.exit_status else "✗"


def _title(result: RunResult) -> str:
    if not result.complete:
        return f"incomplete, there is no verdict: {_code(result.why)}"
    level = result.levels.reached if result.levels else ""
    reached = f", level {level}" if level else ""
    return f"{STATUS_WORDS[ExitStatus(result.exit_status)].lower()}{reached}"


def _about(result: RunResult) -> str:
    about, counts = result.about, result.counts
    name = " ".join(filter(None, (about.connector.name, about.connector.version)))
    failed = f", {counts.failed} failed" if counts.failed else ""
    return (
        f"{_code(name or about.connector.address)} on {_code(about.checklist)}:"
        f" {many(counts.scenarios, 'scenario')} of {counts.planned:,}{failed},"
        f" {many(counts.edits, 'edit')}, {many(counts.exchanges, 'request')},"
        f" {many(counts.settles, 'settle')} judged; seed {about.seed}."
    )


def _levels(result: RunResult) -> Iterator[str]:
    if result.levels is None:
        return
    yield f"### Levels ({result.levels.set}{', draft' if result.levels.draft else ''})"
    rows = [
        (
            "✓" if level.reached else "✗",
            level.name,
            _code(cut("; ".join(level.missing), 300)) if level.missing else "",
        )
        for level in result.levels.levels
    ]
    yield _table(("", "level", "what stands in the way"), rows)


def _failed_checks(result: RunResult) -> Iterator[str]:
    failed = [check for check in result.checks if check.status == "violated"]
    if not failed:
        return
    yield "### Failed checks"
    rows = [
        (_code(check.id), _code(_sentence(check, result)), _place(check))
        for check in failed[:_MOST_CHECKS]
    ]
    yield _table(("check", "what went wrong", "agreed in"), rows)
    if len(failed) > _MOST_CHECKS:
        yield f"… and {len(failed) - _MOST_CHECKS} more."


def _sentence(check: CheckResult, result: RunResult) -> str:
    told = next(iter(result.failures_of(check.id)), None)
    return cut(told.sentence if told is not None else check.title, 300)


def _place(check: CheckResult) -> str:
    return _code(f"{check.file}:{check.line}") if check.file else ""


def _stories(result: RunResult) -> Iterator[str]:
    told: dict[tuple[str, str], Failure] = {}
    for failure in sorted(result.failures, key=lambda each: len(each.script)):
        told.setdefault((failure.check, failure.anomaly), failure)
    for failure in list(told.values())[:_MOST_STORIES]:
        again = f"\n\nSeed {failure.seed}; {failure.reproduce}"
        yield (
            f"<details><summary>{_code(failure.check)}: {_code(failure.scenario)}</summary>\n\n"
            f"{_fenced(cut(failure.story, _LONGEST_STORY) + again)}\n\n</details>"
        )


def _fenced(text: str) -> str:
    """Give text in a code block whose fence no line of it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{harmless(text)}\n{fence}"


def _checklist(result: RunResult) -> Iterator[str]:
    if not result.sections:
        return
    yield "### The checklist"
    rows = [
        (
            _code(section.name),
            _ticks([sentence.tick for sentence in section.sentences]),
            _ticks([row.to_target for row in section.rows]),
            _ticks([row.to_source for row in section.rows]),
        )
        for section in result.sections
    ]
    yield _table(("pair", "sentences", "properties →", "properties ←"), rows)


def _ticks(ticks: Sequence[TickResult]) -> str:
    marks = [_MARKS.get(tick.status, "\N{EN DASH}") for tick in ticks]
    return " ".join(f"{mark} {marks.count(mark)}" for mark in dict.fromkeys(sorted(marks)))


def _reach(result: RunResult) -> Iterator[str]:
    met = [(name, f"{result.reach[name]:,}") for name in SITUATIONS if name in result.reach]
    if met:
        table = _table(("situation", "how often it occurred"), met)
        yield f"<details><summary>Reach</summary>\n\n{table}\n\n</details>"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str) -> str:
    """Give text in one line of code that is nothing but text."""
    escaped = html.escape(visible(" ".join(text.split())), quote=False)
    return f"<code>{_SPECIAL.sub(lambda found: f'&#{ord(found[0])};', escaped)}</code>"
