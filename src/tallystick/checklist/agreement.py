"""The agreement file: what the checklist leaves open, as values. Rule: it never guesses a line.

The format is TOML, checked against the published schema `agreement`. All problems are reported at
once, each with its line: what breaks the schema is cut out, and the rest is looked at all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from tallystick.canonical import Json
from tallystick.checklist.datatypes import expression_problem
from tallystick.dataflow.model import (
    SIDES,
    Api,
    Condition,
    Creation,
    Expression,
    FieldEquals,
    MergeTerm,
    Reference,
    Side,
)
from tallystick.dataflow.paths import KEY, Path, parse_path
from tallystick.dataflow.schemas import check_schema
from tallystick.dataflow.toml import parse_toml, read_toml_text
from tallystick.dataflow.toml_shape import Items, Table, without_violations
from tallystick.errors import BadInput, Problem
from tallystick.toml_lines import Place, line_of, toml_lines

__all__ = [
    "AgreedPair",
    "AgreedRow",
    "AgreedType",
    "Agreement",
    "gather_agreement",
    "read_agreement",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedType:
    """A record type: its slug in URLs ("" if not agreed), its JSON Schema (None if not given)."""

    path: str
    schema: Mapping[str, Json] | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRow:
    """A row that is added, or amended; None: nothing is said about that.

    `printed` is how the checklist prints the two properties, which finds the row to amend. A
    `reference` without a target means the pair of that source type.
    """

    source: Path
    target: Path
    printed: tuple[str, str]
    type: Expression | None
    when: tuple[Condition, ...] | None
    reference: Reference | None
    line: int

    def path(self, side: Side) -> Path:
        """Give the row's path on `side`."""
        return self.source if side == "source" else self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPair:
    """What is agreed about one entity pair; `number` 0 means every section of these types."""

    source: str
    target: str
    number: int
    line: int
    create: Creation | None = None
    create_line: int = 0
    merge: tuple[tuple[MergeTerm, ...], ...] = ()
    merge_lines: tuple[int, ...] = ()
    rows: tuple[AgreedRow, ...] = ()
    amendments: tuple[AgreedRow, ...] = ()

    def type_on(self, side: Side) -> str:
        """Give the name of the pair's type on `side`."""
        return self.source if side == "source" else self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A whole agreement file. `policies` gives value and line of those that are agreed on."""

    file: str
    checklist: str = ""
    checklist_line: int = 1
    numbers: str = ""
    names: Mapping[Side, tuple[str, int]] = field(default_factory=dict)
    apis: Mapping[Side, Api] = field(default_factory=dict)
    policies: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    meanings: Mapping[str, Json] = field(default_factory=dict)
    types: Mapping[tuple[Side, str], AgreedType] = field(default_factory=dict)
    pairs: tuple[AgreedPair, ...] = ()

    def schema_of(self, side: Side, name: str) -> Mapping[str, Json]:
        """Give the JSON Schema of a type; {} where none is agreed."""
        entry = self.types.get((side, name))
        return entry.schema or {} if entry else {}

    def pair_of(self, source: str, target: str, number: int) -> AgreedPair | None:
        """Give what is agreed about section `number`; its own block goes before a general one."""
        about = [pair for pair in self.pairs if (pair.source, pair.target) == (source, target)]
        fitting = [pair for pair in about if pair.number in (number, 0)]
        return max(fitting, key=lambda pair: pair.number, default=None)


def read_agreement(path: str | FilePath) -> Agreement:
    """Read the agreement at `path`; BadInput with all the problems that the file has by itself."""
    agreement, problems = gather_agreement(path)
    if problems:
        raise BadInput(problems)
    return agreement


def gather_agreement(path: str | FilePath) -> tuple[Agreement, list[Problem]]:
    """Read what can be read of the agreement at `path`, and give the problems beside it.

    Raises BadInput where there is nothing to read: no file, no UTF-8, no TOML.
    """
    file = str(path)
    text = read_toml_text(FilePath(path))
    given = parse_toml(text, file)
    reading = _Reading(file, toml_lines(text))
    shape = without_violations(given, "agreement")
    for place, message, remedy in shape.violations:
        reading.problem(place, message, remedy)
    return reading.agreement(shape.rest), reading.problems


class _Reading:
    """Turns the checked TOML into values, and collects the problems that no schema sees."""

    def __init__(self, file: str, lines: Mapping[Place, int]) -> None:
        self._file = file
        self._lines = lines
        self.problems: list[Problem] = []

    def problem(self, place: Place, text: str, remedy: str) -> None:
        line = line_of(self._lines, place)
        self.problems.append(Problem(file=self._file, line=line, text=text, remedy=remedy))

    def _line(self, *place: str | int) -> int:
        return line_of(self._lines, place)

    def agreement(self, given: Table) -> Agreement:
        systems = given.get("systems", {})
        named = {side: systems.get(side, {}) for side in SIDES}
        policies = given.get("policies", {}).items()
        return Agreement(
            file=self._file,
            checklist=given.get("checklist", ""),
            checklist_line=self._line("checklist"),
            numbers=given.get("numbers", ""),
            names={
                side: (named[side]["name"], self._line("systems", side, "name"))
                for side in SIDES
                if "name" in named[side]
            },
            apis={side: named[side]["api"] for side in SIDES if "api" in named[side]},
            policies={name: (value, self._line("policies", name)) for name, value in policies},
            meanings=given.get("meanings", {}),
            types={
                (side, name): self._type(entry)
                for side in SIDES
                for name, entry in given.get("types", {}).get(side, {}).items()
            },
            pairs=tuple(self._pair(entry) for entry in given.get("pairs", ())),
        )

    # -- types

    def _type(self, entry: Table) -> AgreedType:
        given = entry.get("schema")
        place = (*entry.place, "schema")
        schema = self._schema_file(place, given) if isinstance(given, str) else given
        wrong = check_schema(schema) if isinstance(schema, Mapping) else ""
        if wrong:
            text = f"the schema can't be used: {wrong}"
            self.problem(place, text, "Give a JSON Schema (2020-12) that needs no other file.")
            schema = None
        return AgreedType(path=entry.get("path", ""), schema=schema, line=self._line(*entry.place))

    def _schema_file(self, place: Place, name: str) -> Mapping[str, Json] | None:
        path = FilePath(self._file).parent / name
        remedy = "Give the path of a JSON file, relative to the agreement."
        try:
            schema = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            self.problem(place, f"{name}: cannot be read: {error.strerror or error}", remedy)
            return None
        except (ValueError, RecursionError) as error:
            self.problem(place, f"{name}: is no JSON: {error}", remedy)
            return None
        if not isinstance(schema, dict):
            self.problem(place, f"{name}: holds no JSON object", remedy)
            return None
        return schema

    # -- pairs

    def _pair(self, entry: Table) -> AgreedPair:
        merge = entry.get("merge", ())
        return AgreedPair(
            source=entry["source"],
            target=entry["target"],
            number=entry.get("number", 0),
            line=self._line(*entry.place),
            create=self._creation(entry["create"]) if "create" in entry else None,
            create_line=self._line(*entry.place, "create"),
            merge=tuple(self._alternative(item) for item in merge),
            merge_lines=tuple(self._line(*item.place) for item in merge),
            rows=tuple(self._row(row) for row in entry.get("properties", ())),
            amendments=tuple(self._row(row) for row in entry.get("amend", ())),
        )

    def _creation(self, entry: Table) -> Creation:
        return Creation(
            when=entry["when"],
            condition=tuple(
                FieldEquals(path=self._path(term, "path"), equals=term["equals"])
                for term in entry.get("condition", ())
            ),
            by=tuple(entry.get("by", ())),
        )

    def _alternative(self, item: Table | Items) -> tuple[MergeTerm, ...]:
        terms = item if isinstance(item, Items) else [item]
        return tuple(
            MergeTerm(source=self._path(term, "source"), target=self._path(term, "target"))
            for term in terms
        )

    def _row(self, entry: Table) -> AgreedRow:
        source = self._side(entry, "source")
        target = self._side(entry, "target")
        return AgreedRow(
            source=source[0],
            target=target[0],
            printed=(source[1], target[1]),
            type=self._data_type(entry),
            when=tuple(map(self._condition, entry["when"])) if "when" in entry else None,
            reference=self._reference(entry),
            line=self._line(*entry.place),
        )

    def _side(self, entry: Table, side: Side) -> tuple[Path, str]:
        """Give the path, and how the checklist prints it."""
        given = entry[side]
        if isinstance(given, Mapping):
            return KEY, given.get("as", "")
        path = self._path(entry, side)
        return path, path.plain

    def _path(self, entry: Table, name: str) -> Path:
        text = entry[name]
        try:
            return parse_path(text)
        except ValueError as error:
            remedy = "Write a dotted path; `[]` marks at most one list."
            self.problem((*entry.place, name), str(error), remedy)
            return Path(text, (text,))

    def _data_type(self, entry: Table) -> Expression | None:
        given = entry.get("type")
        wrong = expression_problem(given) if isinstance(given, list) else ""
        if not wrong:
            return _plain(given)
        text = f"the data type can't be executed: {wrong}"
        remedy = 'Write a cast\'s name, or such as ["datetime-format", "%Y-%m-%d", "_."].'
        self.problem((*entry.place, "type"), text, remedy)
        return "unknown"

    def _condition(self, term: Table) -> Condition:
        return Condition(side=term["side"], path=self._path(term, "path"), equals=term["equals"])

    def _reference(self, entry: Table) -> Reference | None:
        given = entry.get("reference")
        if given is None:
            return None
        if "type" in entry:
            text = "a row with a reference has no type: it holds the key of the other record"
            self.problem((*entry.place, "type"), text, "Take one of the two out.")
        if isinstance(given, str):
            return Reference(source=given, target="")
        return Reference(source=given["source"], target=given["target"])


def _plain(given: Expression | None) -> Expression | None:
    return [_plain(item) for item in given] if isinstance(given, list) else given
