"""Checklists in the dialect with all its defects, and what a reader has to make of them.

`document(random)` draws one, statistically like those that a hub generates every night: `text` is
what stands on paper; everything else is the truth that reading it has to give, line by line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.dialect import words
from tests.dialect.datatypes import printed

IN_SYNC = (
    "Once a link between a {a} and a {b} is established, it will keep in sync between the two"
    " systems, regardless of where it is edited."
)
Truth = tuple[Any, ...]


@dataclass
class Row:
    """A property row: its first and last line, paths, dependencies, and the third cell."""

    line: int
    last_line: int
    source: str
    target: str
    when_source: tuple[tuple[str, str], ...]
    when_target: tuple[tuple[str, str], ...]
    text: str
    state: str
    expression: Any


@dataclass
class Section:
    """One entity pair; `sentences` are (kind, line, last line), `merges` (line, left, right)."""

    line: int
    source_system: str
    source_type: str
    target_system: str
    target_type: str
    sentences: list[tuple[str, int, int]] = field(default_factory=list)
    connections: tuple[str, ...] = ()
    prose: str = ""
    merges: list[tuple[int, str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Paper:
    """A document; `planted` are the findings (code, line) that it has to have."""

    text: str
    source: str
    target: str
    generated: str
    prose: tuple[str, ...]
    sections: list[Section]
    planted: set[tuple[str, int]]


@dataclass
class _Names:
    """Both sides of a heading, and how its systems are spelled."""

    source: str
    source_type: str
    target: str
    target_type: str
    drifts: tuple[str, ...]

    @property
    def a(self) -> str:
        return f"{self.source} {self.source_type}"

    @property
    def b(self) -> str:
        return f"{self.target} {self.target_type}"


def document(random: Random, *, most_sections: int = 101, most_rows: int = 358) -> Paper:
    """Draw a document with at most so many sections, and rows in each."""
    return _Writer(random, most_sections, most_rows).paper()


class _Writer:
    def __init__(self, random: Random, most_sections: int, most_rows: int) -> None:
        self._random = random
        self._most = (most_sections, most_rows)
        self._lines: list[str] = []
        self._sections: list[Section] = []
        self._planted: set[tuple[str, int]] = set()
        self._modern = random.random() < 0.6
        self._column_0 = random.random() < 0.03
        self._source = random.choice(words.SYSTEMS)
        self._target = self._source if self._one_in(30) else random.choice(words.SYSTEMS)
        if random.random() < 0.15:
            self._target = ""

    # -- chances and lines

    def _one_in(self, count: int) -> bool:
        return self._random.randrange(count) == 0

    def _size(self, median: float, spread: float, most: int) -> int:
        """Draw a size: half of them below the median, and a long tail."""
        return min(most, max(1, round(self._random.lognormvariate(0, spread) * median)))

    def _add(self, *lines: str) -> int:
        """Write lines; give the number of the first."""
        self._lines.extend(lines)
        return len(self._lines) - len(lines) + 1

    def _plant(self, code: str, line: int) -> None:
        self._planted.add((code, line))

    # -- the document

    def paper(self) -> Paper:
        title = f"{self._source} to {self._target} Dataflow"
        self._add("=" * len(title), title, "=" * len(title), "")
        if not self._target:
            self._plant("empty-system-name", 1)
        generated = "2024-02-11 03:15:00" if not self._modern else "2025-10-01 03:15:00"
        self._add(f"Generated: {generated}", "")
        prose = self._introduction()
        if self._random.random() >= 0.08:
            for _ in range(self._size(4, 0.9, self._most[0])):
                self._section(self._names())
        if not self._sections:
            self._plant("no-sections", 1)
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return Paper(
            text="\r\n".join(self._lines) + "\r\n",
            source=self._source,
            target=self._target,
            generated=generated,
            prose=(f"Generated: {generated}", *prose),
            sections=self._sections,
            planted=self._planted,
        )

    def _introduction(self) -> list[str]:
        stop = self._one_in(4)
        self._add("Introduction." if stop else "Introduction", "------------", "")
        prose = [
            "This page says what is kept in step between the two systems.",
            "It is generated, so do not edit it. Ask your consultant.",
        ]
        self._add(prose[0], "", prose[1], "")
        return prose

    # -- names

    def _names(self) -> _Names:
        before = [one for one in self._sections if one.source_type]
        if before and self._random.random() < 0.028:
            one = self._random.choice(before)
            return self._spelled(one.source_type, one.target_type)
        kinds = words.TYPES
        source_type, target_type = self._random.choice(kinds), self._random.choice(kinds)
        if self._one_in(20):
            target_type = source_type
        return self._spelled(source_type, target_type)

    def _spelled(self, source_type: str, target_type: str) -> _Names:
        drifts = []
        source, target = self._source, self._target
        if self._one_in(5):
            source = words.spelled(self._random, source)
            drifts.append("spelling-drift")
        elif self._one_in(20):
            source = self._random.choice(words.FOREIGN)
            drifts.append("foreign-system")
        if target and self._one_in(5):
            target = words.spelled(self._random, target)
            drifts.append("spelling-drift")
        return _Names(source, source_type, target, target_type, tuple(drifts))

    # -- sections

    def _section(self, names: _Names) -> None:
        heading = f"{names.a} to {names.b}"
        line = self._add(heading, "-" * len(heading), "")
        for code in names.drifts:
            self._plant(code, line)
        section = Section(line, names.source, names.source_type, names.target, names.target_type)
        lead = self._random.choices(("always", "condition", "link"), (79, 2, 19))[0]
        self._lead(section, names, lead)
        if self._random.random() < (0.5 if lead == "link" else 0.08):
            self._connected(section, names)
        if lead != "link" and self._random.random() < 0.35:
            first = f"If a matching {names.b} already exists, the {names.a} will be merged with"
            second = f"If no matching {names.b} is found, a new {names.b} will be created."
            at = self._add(f"{first} the existing one.", second, "")
            section.sentences.append(("no-match", at, at + 1))
        if self._random.random() < (0.7 if lead == "link" else 0.3):
            self._merge(section, names)
        self._say(section, "in-sync", IN_SYNC, names)
        said = "The following properties are synchronized between a {a} and a {b}:"
        self._say(section, "properties", said, names)
        self._properties(section, names)
        self._sections.append(section)

    def _say(self, section: Section, kind: str, form: str, names: _Names) -> int:
        line = self._add(form.replace("{a}", names.a).replace("{b}", names.b), "")
        section.sentences.append((kind, line, line))
        return line

    def _lead(self, section: Section, names: _Names, lead: str) -> None:
        if lead == "always":
            said = "Every {a} will be synchronized with a {b}."
            self._say(section, "lead-always", said, names)
        elif lead == "link":
            said = "Before any synchronization can take place, a link between a {a} and a {b}"
            self._say(section, "lead-link", f"{said} must be established.", names)
        else:
            section.prose = self._random.choice(words.PROSE)
            said = f"{section.prose}, it  will be synchronized with a {{b}}."
            line = self._say(section, "lead-condition", said, names)
            self._plant("condition-in-prose", line)

    def _connected(self, section: Section, names: _Names) -> None:
        count = min(16, self._size(1.5, 0.8, 16))
        known = [one.source_type for one in self._sections] or [names.source_type]
        spelled = []
        for _ in range(count):
            name = self._random.choice(words.TYPES if self._one_in(3) else known)
            name = name.replace(" ", "-")
            if self._one_in(12):
                name = f"{names.source.split()[0]}-{name}"
            spelled.append(self._random.choice(words.ROLES) if self._one_in(12) else name)
        section.connections = tuple(spelled)
        listed = spelled[0] if count == 1 else f"{', '.join(spelled[:-1])}, or {spelled[-1]}"
        said = "A new {b} will be created from a {a} if it is connected to a"
        said += f" {names.source} {listed} that is synchronized into {names.target}."
        self._say(section, "connected", said, names)

    # -- tables

    def _table(self, *header: str) -> int:
        line = self._add(".. list-table::", "   :header-rows: 1", "")
        for index, cell in enumerate(header):
            self._add(("     - " if index else "   * - ") + cell)
        return line

    def _merge(self, section: Section, names: _Names) -> None:
        said = "A {a} will merge with a {b} if one of the following property combinations match:"
        at = self._say(section, "merge", said, names)
        self._table(f"{names.a} Property", f"{names.b} Property".strip())
        usable = 0
        for _ in range(self._size(1.5, 0.8, 10)):
            left, right = words.path(self._random), words.path(self._random)
            if self._one_in(4):
                left = right = "id"
            left, right = ("" if self._one_in(15) else one for one in (left, right))
            line = self._add(f"   * - {left}".rstrip(), f"     - {right}")
            section.merges.append((line, left, right))
            usable += bool(left and right)
            if not (left and right):
                self._plant("merge-blank-cell", line)
        if not usable:
            self._plant("merge-without-row", at)
        self._add("")

    def _properties(self, section: Section, names: _Names) -> None:
        line = self._table(
            f"{names.a} Property",
            f"{names.b} Property".strip(),
            f"{names.target} Data Type".strip(),
        )
        if self._random.random() < (0.54 if self._modern else 0.3):
            self._plant("empty-property-table", line)
        else:
            trigger = words.path(self._random) if self._one_in(60) else ""
            count = self._random.randrange(100, 359) if self._one_in(400) else 0
            for _ in range(min(count or self._size(5, 1.0, 358), self._most[1])):
                self._row(section, trigger)
        self._add("")

    def _row(self, section: Section, trigger: str) -> None:
        source, target = words.path(self._random), words.path(self._random)
        if section.rows and self._one_in(5):
            source = self._random.choice(section.rows).source
        if section.rows and self._one_in(5):
            target = self._random.choice(section.rows).target
        source = trigger or source
        when = [self._dependencies(one) if self._one_in(60) else [] for one in (source, target)]
        text, state, expression = printed(self._random, modern=self._modern)
        cells = [self._cell(source, when[0]), self._cell(target, when[1])]
        line = self._add(f"   * - {cells[0]}", f"     - {cells[1]}")
        alone = self._column_0 and (text[0] in '"[' or text == "N/A")
        self._add(text if alone else f"     - {text}")
        conditions = [tuple(dict.fromkeys(terms)) for terms in when]
        row = Row(line, line + 2, source, target, *conditions, text, state, expression)
        section.rows.append(row)
        self._plant_row(row)

    def _cell(self, path: str, when: list[tuple[str, str]]) -> str:
        """Print a cell; one in twenty with blanks or tabs around it."""
        text = path
        if when:
            terms = "a".join(f"Dependant on having {value} in {at}" for value, at in when)
            terms = terms.replace("aDependant", "Dependant")
            text = f"{path} ({terms})"
        if self._one_in(20):
            text = self._random.choice((" ", "\t", "  ")) + text + self._random.choice((" ", "\t"))
        return text

    def _dependencies(self, path: str) -> list[tuple[str, str]]:
        parent = path.rpartition(".")[0]
        place = f"{parent}.kind" if parent else "kind"
        terms = []
        for _ in range(self._random.choices((1, 2, 3), (6, 3, 1))[0]):
            chance = self._random.random()
            if chance < 0.1:
                terms.append(("", place))
            elif chance < 0.6:
                terms.append((self._random.choice(words.HUB_IDS), place))
            elif chance < 0.7:
                terms.append((self._random.choice(words.VALUES), ""))
            else:
                terms.append((self._random.choice(words.VALUES), place))
        return terms + terms[:1] if self._one_in(2) else terms

    def _plant_row(self, row: Row) -> None:
        if row.state != "printed":
            codes = {
                "hidden": "hidden-conversion",
                "opaque": "opaque-data-type",
                "repaired": "repaired-data-type",
            }
            self._plant(codes[row.state], row.line)
        if ".." in row.source or ".." in row.target:
            self._plant("empty-path-segment", row.line)
        for terms in (row.when_source, row.when_target):
            for value, place in terms:
                if not value or not place:
                    self._plant("dependency-blank", row.line)
                elif value in words.HUB_IDS:
                    self._plant("dependency-hub-id", row.line)
