"""Features as text. Rule: it knows Gherkin and no step: sentences are read elsewhere.

Reading goes through the official parser and its pickles, so that backgrounds and outlines are laid
out as every Gherkin tool lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gherkin.errors import CompositeParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.stream.gherkin_events import GherkinEvents

from tallystick.errors import BadInput, Problem

__all__ = [
    "Feature",
    "FeatureMessages",
    "Line",
    "Scenario",
    "escape_cell",
    "read_feature",
    "table_lines",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step as it stands in a feature: keyword, text, table, line (from 1)."""

    keyword: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario, its background and example laid out. `rule` is "" outside any Rule."""

    name: str
    tags: tuple[str, ...]
    steps: tuple[Line, ...]
    rule: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature file, with its text. `ours` tells whether its first tag is `@tallystick`."""

    file: str
    name: str
    tags: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    text: str = field(default="", repr=False)

    @property
    def ours(self) -> bool:
        """Whether the feature is one of Tallystick's."""
        return self.tags[:1] == ("@tallystick",)


def read_feature(text: str, *, file: str) -> Feature:
    """Parse a feature; BadInput with file and line where it is none, or names are used twice."""
    try:
        document: Any = Parser().parse(text)
    except CompositeParserException as error:
        raise BadInput(list(_problems(error, file))) from error
    feature = document.get("feature")
    if not feature:
        raise BadInput(Problem(file=file, line=1, text="the file holds no feature"))
    document["uri"] = file
    lines = dict(_lines(feature))
    rules = dict(_rules(feature))
    scenarios = tuple(_scenario(pickle, lines, rules) for pickle in Compiler().compile(document))
    _refuse_twins(scenarios, file)
    return Feature(
        file=file,
        name=feature["name"],
        tags=tuple(tag["name"] for tag in feature["tags"]),
        scenarios=scenarios,
        text=text,
    )


def _problems(error: CompositeParserException, file: str) -> Iterator[Problem]:
    for each in error.errors:
        text = str(each).split(": ", 1)[-1]
        line = each.location.get("line", 0)
        yield Problem(file=file, line=line, text=f"not Gherkin: {text}")


def _lines(node: Any) -> Iterator[tuple[str, tuple[str, int]]]:
    """Give keyword and line for every step and example row, by its id."""
    if isinstance(node, dict):
        if "id" in node and "location" in node:
            yield node["id"], (node.get("keyword", ""), node["location"]["line"])
        for value in node.values():
            yield from _lines(value)
    elif isinstance(node, list):
        for item in node:
            yield from _lines(item)


def _rules(feature: Any) -> Iterator[tuple[str, str]]:
    for child in feature["children"]:
        for inner in child.get("rule", {}).get("children", ()):
            if "scenario" in inner:
                yield inner["scenario"]["id"], child["rule"]["name"]


def _scenario(pickle: Any, lines: dict[str, tuple[str, int]], rules: dict[str, str]) -> Scenario:
    return Scenario(
        name=pickle["name"],
        tags=tuple(tag["name"] for tag in pickle["tags"]),
        rule=rules.get(pickle["astNodeIds"][0], ""),
        line=lines[pickle["astNodeIds"][-1]][1],
        steps=tuple(
            Line(
                keyword=lines[step["astNodeIds"][0]][0].strip(),
                text=step["text"],
                table=_table(step),
                line=lines[step["astNodeIds"][0]][1],
            )
            for step in pickle["steps"]
        ),
    )


def _table(step: Any) -> tuple[tuple[str, ...], ...]:
    rows = step.get("argument", {}).get("dataTable", {}).get("rows", ())
    return tuple(tuple(cell["value"] for cell in row["cells"]) for row in rows)


def _refuse_twins(scenarios: Iterable[Scenario], file: str) -> None:
    seen: dict[str, int] = {}
    problems = []
    for scenario in scenarios:
        if scenario.name in seen:
            problems.append(
                Problem(
                    file=file,
                    line=scenario.line,
                    text=f"two scenarios are called {scenario.name!r}"
                    f" (the other one in line {seen[scenario.name]})",
                    remedy="pytest-bdd would run only one of them: give each a name of its own",
                )
            )
        seen[scenario.name] = scenario.line
    if problems:
        raise BadInput(problems)


class FeatureMessages:
    """Features as Cucumber Messages, each a JSON object; ids are distinct over all of them."""

    def __init__(self) -> None:
        everything = GherkinEvents.Options(print_source=True, print_ast=True, print_pickles=True)
        self._events = GherkinEvents(everything)

    def of(self, text: str, *, file: str) -> list[dict[str, Any]]:
        """Give a feature's source, its document, and a pickle for each scenario."""
        source = {"uri": file, "data": text, "mediaType": "text/x.cucumber.gherkin+plain"}
        event: Any = {"source": source}
        found: Any = self._events.enum(event)
        return list(found)

    def new_id(self) -> str:
        """Give an id that nothing else has."""
        made: str = self._events.id_generator.get_next_id()
        return made


def escape_cell(text: str) -> str:
    """Give a text as it must stand in a Gherkin table cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def table_lines(rows: Iterable[Iterable[str]], indent: str) -> list[str]:
    """Give the lines of a table, its columns aligned."""
    cells = [[escape_cell(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        indent + "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
