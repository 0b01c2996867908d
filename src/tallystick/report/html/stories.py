"""Each failure's story as the page tells it. Rule: one story for failures that are alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tallystick.laws.explain import violation_words
from tallystick.laws.verdict import Violation
from tallystick.report.html.commands import curl_lines, replay_command
from tallystick.report.html.diagram import Diagram, diagram
from tallystick.report.html.records import SideBySide, side_by_side
from tallystick.report.html.text import shown
from tallystick.report.plain import harmless, place_text, short_file
from tallystick.report.scenario import feature_text, said_steps, split_setup
from tallystick.report.story import how_it_was_found, line_text, told_script
from tallystick.results.taking import PlayedScenario
from tallystick.vocabulary.laws import LAWS
from tallystick.vocabulary.sentences import Names

__all__ = ["Step", "Story", "story_view"]

_MOST_ALSO = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the scenario; `number` is 0 for the set-up."""

    number: int
    keyword: str
    text: str
    table: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A failure: what was done, what went wrong, and how to see it again.

    `excuse` says why it does not count against the connector, "" where it does. `likes` are the
    other scenarios in which the same goes wrong; `also` what else came to light.
    """

    id: str
    number: int
    excuse: str
    sentence: str
    law: str
    meaning: str
    situation: str
    agreed_in: str
    agreed: str
    expected: str
    found: str
    scenario: str
    place: str
    how: str
    steps: tuple[Step, ...]
    also: tuple[str, ...]
    likes: tuple[tuple[str, str], ...]
    records: SideBySide | None
    diagram: Diagram | None
    replay: str
    feature: str
    curl: str


def story_view(
    group: Sequence[PlayedScenario],
    number: int,
    connector: str,
    name: Callable[..., str],
    *,
    excuse: str = "",
    room: int,
) -> Story:
    """Tell a group of failures by its first; `room` is about how many characters there are."""
    told, *others = group
    found = told.failure
    violations: Sequence[Violation] = told.violations if found is None else found.violations
    journal = told.journal if found is None else found.journal
    events = journal.events if journal is not None else []
    script, dataflow, first = told_script(told), told.dataflow, violations[0]
    words = violation_words(first, dataflow)
    said = dict.fromkeys(violation_words(v, dataflow).sentence for v in violations[1:])
    said.pop(words.sentence, None)
    return Story(
        id=name("story", f"{number}", first.law),
        number=number,
        excuse=excuse,
        sentence=words.sentence,
        law=first.law,
        meaning=LAWS.get(first.law, ""),
        situation=shown(first.situation),
        agreed_in=place_text(first.origin),
        agreed=shown(line_text(first, dataflow), 600),
        expected=words.expected,
        found=words.found,
        scenario=shown(told.scenario.name),
        place=_place(told),
        how="" if found is None else how_it_was_found(found),
        steps=_steps(told),
        also=tuple(said)[:_MOST_ALSO],
        likes=tuple((shown(one.scenario.name), _place(one)) for one in others),
        records=side_by_side(violations, events, dataflow),
        diagram=diagram(events, first.event, dataflow, room=room) if events else None,
        replay=replay_command(script, connector),
        feature=harmless(
            feature_text(
                script,
                dataflow,
                feature=f"A failure of the law {first.law!r}",
                scenario=told.scenario.name,
            )
        ),
        curl=curl_lines(events, first.event),
    )


def _place(told: PlayedScenario) -> str:
    file = short_file(told.feature.file)
    line = told.line.line if told.line is not None else told.scenario.line
    return shown(f"{file}:{line}") if file else ""


def _steps(told: PlayedScenario) -> tuple[Step, ...]:
    setup, steps = split_setup(told_script(told))
    said = said_steps((*setup, *steps), Names.of(told.dataflow))
    return tuple(
        Step(
            number=max(at, 0),
            keyword=one.keyword,
            text=shown(one.text, 600),
            table=tuple((shown(left), shown(right)) for left, right in one.table[1:]),
        )
        for at, one in enumerate(said, 1 - len(setup))
    )
