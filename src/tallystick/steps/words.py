"""All steps at once. Rule: there is one step function, and the vocabulary's table is its parser.

pytest-bdd asks a parser whether it knows a step; ours knows exactly the sentences of the
vocabulary, as Given, When and Then alike. Nothing else is a step here, and none can be async.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pytest_bdd.parsers import StepParser

from tallystick.errors import Problem
from tallystick.vocabulary.gherkin import Feature, Line, Scenario
from tallystick.vocabulary.sentences import SENTENCES, Sentence, split_during

__all__ = ["AnySentence", "mistakes", "says"]


@cache
def _forms() -> tuple[tuple[Sentence, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(sentence.pattern)) for sentence in SENTENCES)


def _meant(text: str) -> list[Sentence]:
    during = split_during(text)
    said = during[2] if during else text.strip()
    return [sentence for sentence, pattern in _forms() if pattern.fullmatch(said)]


class AnySentence(StepParser):
    """Knows every sentence of the vocabulary; the step function reads the words itself."""

    def __init__(self) -> None:
        super().__init__("a sentence of the vocabulary")

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """Give the whole sentence as the only argument."""
        return {"sentence": name}

    def is_matching(self, name: str) -> bool:
        """Tell whether some sentence of the vocabulary reads so."""
        return bool(_meant(name))


def says(scenario: Scenario, kind: str) -> bool:
    """Tell whether some line of a scenario is a step of this kind."""
    return any(sentence.kind == kind for line in scenario.steps for sentence in _meant(line.text))


def mistakes(feature: Feature) -> Iterator[Problem]:
    """Give a problem for every line that is no step, and every scenario without a checklist."""
    for scenario in feature.scenarios:
        if not says(scenario, "use-checklist"):
            yield Problem(
                file=feature.file,
                line=scenario.line,
                text=f"the scenario {scenario.name!r} never says which checklist it is about",
                remedy='begin with: Given the checklist "NAME" with the agreement "NAME"',
            )
    lines = {line.line: line for scenario in feature.scenarios for line in scenario.steps}
    for number in sorted(lines):
        text = _unknown(lines[number])
        if text:
            yield Problem(
                file=feature.file,
                line=number,
                text=text,
                remedy="`tallystick steps` lists every step that there is",
            )


def _unknown(line: Line) -> str:
    meant = _meant(line.text)
    if not meant:
        return f"no step is called {line.text!r}"
    if not any(sentence.table == bool(line.table) for sentence in meant):
        wants = "a table" if meant[0].table else "no table"
        return f"the step {line.text!r} needs {wants} after it"
    return ""
