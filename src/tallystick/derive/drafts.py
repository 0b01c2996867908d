"""Features while they are being written, and their text. Rule: it lays out and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tallystick.vocabulary.gherkin import table_lines
from tallystick.vocabulary.script import Holds, Step, UseChecklist
from tallystick.vocabulary.sentences import Names, Story, render_step

__all__ = ["Draft", "FeatureDraft", "Part", "RuleDraft", "scene"]

Part = tuple[str, Story]
"""A keyword (Given, When, Then) and what it says; the same keyword again is written And."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One scenario; with `columns` it is an outline, and `examples` are its rows."""

    name: str
    law: str
    parts: tuple[Part, ...]
    tags: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    examples: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """One sentence of the checklist, or one policy, with the scenarios that put it to the test."""

    title: str
    origin: str
    tags: tuple[str, ...]
    drafts: tuple[Draft, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDraft:
    """One entity pair."""

    title: str
    about: tuple[str, ...]
    tags: tuple[str, ...]
    background: UseChecklist
    names: Names
    rules: tuple[RuleDraft, ...]

    def text(self) -> str:
        """Give the feature as it stands in its file."""
        return "\n".join(_feature_lines(self)) + "\n"


def scene(
    names: Names,
    name: str,
    law: str,
    *,
    given: Sequence[Step] = (),
    when: Sequence[Step] = (),
    then: Sequence[Step] = (),
    tags: Sequence[str] = (),
) -> Draft:
    """Make a scenario out of steps; its last words are that its law holds."""
    said = (("Given", given), ("When", when), ("Then", (*then, Holds(law=law))))
    return Draft(
        name=name,
        law=law,
        tags=tuple(tags),
        parts=tuple(
            (keyword, render_step(step, names)) for keyword, steps in said for step in steps
        ),
    )


def _feature_lines(feature: FeatureDraft) -> Iterator[str]:
    yield " ".join(feature.tags)
    yield f"Feature: {feature.title}"
    yield from (f"  {line}" for line in feature.about)
    yield ""
    yield "  Background:"
    yield f"    Given {render_step(feature.background, feature.names).text}"
    for rule in _unique(feature.rules):
        yield ""
        yield from _rule_lines(rule)


def _unique(rules: Iterable[RuleDraft]) -> Iterator[RuleDraft]:
    """Number scenarios whose names were used before: a feature's names differ."""
    used: dict[str, int] = {}
    for rule in rules:
        drafts = []
        for draft in rule.drafts:
            used[draft.name] = used.get(draft.name, 0) + 1
            again = used[draft.name] > 1
            name = f"{draft.name} ({used[draft.name]})" if again else draft.name
            drafts.append(replace(draft, name=name))
        yield replace(rule, drafts=tuple(drafts))


def _rule_lines(rule: RuleDraft) -> Iterator[str]:
    yield f"  # {rule.origin}"
    if rule.tags:
        yield f"  {' '.join(rule.tags)}"
    yield f"  Rule: {rule.title}"
    if rule.notes:
        yield ""
        yield from (f"    # {note}" for note in rule.notes)
    for draft in rule.drafts:
        yield ""
        yield from _scenario_lines(draft)


def _scenario_lines(draft: Draft) -> Iterator[str]:
    law = (f"@law-{draft.law}",) if draft.law else ()
    tags = (*law, *draft.tags)
    if tags:
        yield f"    {' '.join(tags)}"
    yield f"    {'Scenario Outline' if draft.columns else 'Scenario'}: {draft.name}"
    before = ""
    for keyword, story in draft.parts:
        yield f"      {'And' if keyword == before else keyword} {story.text}"
        before = keyword
        if story.table:
            yield from table_lines(story.table, " " * 8)
    if draft.columns:
        yield ""
        yield "      Examples:"
        yield from table_lines((draft.columns, *draft.examples), " " * 8)
