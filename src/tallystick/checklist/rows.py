"""Property rows: what the checklist prints, with what was agreed about it, as model rows.

Rule: a row that may translate, or may apply to some records only, is never judged as a plain copy;
it is `unspecified`, and its type "unknown", until the agreement says more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tallystick.canonical import Json
from tallystick.checklist.agreement import AgreedPair, AgreedRow, Agreement
from tallystick.checklist.cells import is_hub_id, looks_like_reference
from tallystick.checklist.document import Cell, Dependency, PropertyRow, Section
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.patterns import triggers
from tallystick.checklist.properties import mark_lists
from tallystick.dataflow.model import Condition, Expression, Origin, Reference, Row, Side
from tallystick.dataflow.paths import LIST_MARK, Path, parse_path

__all__ = ["Counterparts", "agreed_rows", "checklist_rows"]

_LEFT_OPEN: Final = "the agreement leaves the conversion open"

Counterparts = Mapping[str, str]
"""The target type of each source type, by the first pair that the source type has."""


def agreed_rows(agreed: AgreedPair, agreement: Agreement, counterparts: Counterparts) -> list[Row]:
    """Give the rows that the agreement adds."""
    return [
        Row(
            source=row.source,
            target=row.target,
            type=row.type,
            when=row.when or (),
            reference=_whole(row.reference, counterparts),
            origin=Origin(file=agreement.file, line=row.line, by="agreement"),
            unspecified=_LEFT_OPEN if row.type == "unknown" else "",
        )
        for row in agreed.rows
    ]


def checklist_rows(
    section: Section, file: str, agreement: Agreement, counterparts: Counterparts
) -> tuple[list[Row], list[Finding]]:
    """Give the rows of the section's property table, amended, and what is wrong with them.

    A row that names no property on one side has no place in the model: it is a finding only.
    """
    agreed = agreement.pair_of(section.source_type, section.target_type, section.number)
    amendments = {row.printed: row for row in agreed.amendments} if agreed else {}
    rows: list[Row] = []
    findings: list[Finding] = []
    many = triggers(section.properties)
    for printed in section.properties:
        amended = amendments.get((printed.source.path, printed.target.path))
        draft = _Draft(file, printed, amended, is_trigger=printed.source.path in many)
        if draft.is_readable():
            rows.append(draft.row(section, agreement, counterparts))
        findings.extend(draft.findings)
    return rows, findings


def _whole(reference: Reference | None, counterparts: Counterparts) -> Reference | None:
    """Give a reference its target type where the agreement names the source type only."""
    if reference is None or reference.target:
        return reference
    return Reference(source=reference.source, target=counterparts.get(reference.source, ""))


@dataclass(slots=True)
class _Draft:
    """A row being made; `reasons` are those for which its value can't be judged."""

    file: str
    printed: PropertyRow
    amended: AgreedRow | None
    is_trigger: bool = False
    reasons: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def _find(self, code: str, text: str) -> None:
        line, last = self.printed.line, self.printed.last_line
        self.findings.append(finding(code, self.file, line, text, last_line=last))

    def is_readable(self) -> bool:
        """Whether both cells hold a path."""
        for cell in (self.printed.source, self.printed.target):
            if not cell.path:
                self._find("blank-cell", "the row names no property on one side")
                return False
            try:
                parse_path(cell.path)
            except ValueError as error:
                self._find("unreadable-path", str(error))
                return False
        return True

    def row(self, section: Section, agreement: Agreement, counterparts: Counterparts) -> Row:
        source_schema = agreement.schema_of("source", section.source_type)
        target_schema = agreement.schema_of("target", section.target_type)
        source, when_source = self._side("source", source_schema, agreement.meanings)
        target, when_target = self._side("target", target_schema, agreement.meanings)
        expression = self._type()
        self._references()
        self._segments()
        agreed_when = self.amended.when if self.amended else None
        return Row(
            source=source,
            target=target,
            type="unknown" if self.reasons else expression,
            when=(*when_source, *when_target) if agreed_when is None else agreed_when,
            reference=_whole(self.amended.reference if self.amended else None, counterparts),
            origin=Origin(file=self.file, line=self.printed.line),
            unspecified="; ".join(dict.fromkeys(self.reasons)),
        )

    def _type(self) -> Expression | None:
        if self.amended and (self.amended.type is not None or self.amended.reference):
            self.reasons += [_LEFT_OPEN] if self.amended.type == "unknown" else []
            return self.amended.type
        printed = self.printed.type
        if printed.state == "hidden":
            self._find("hidden-conversion", printed.reason)
        elif printed.state == "opaque":
            self._find("opaque-data-type", f"{printed.reason}: {printed.text[:80]}")
        elif printed.state == "repaired":
            restored = json.dumps(printed.expression, ensure_ascii=False)
            self._find("repaired-data-type", f"{printed.text[:80]} is taken for {restored}")
        if printed.reason:
            self.reasons.append(printed.reason)
        return printed.expression

    def _references(self) -> None:
        """Take a row that looks like a key for translated, unless the agreement knows better."""
        if self.amended and (self.amended.type is not None or self.amended.reference):
            return
        paths = (self.printed.source.path, self.printed.target.path)
        keys = [path for path in paths if looks_like_reference(path)]
        if keys:
            text = f"{' and '.join(map(repr, keys))} may hold a record's key, which is translated"
            self._find("mapped-key" if len(keys) > 1 else "reference-to-value", text)
            self.reasons.append(text)
        if self.is_trigger:
            self.reasons.append(f"{paths[0]!r} sets off so many rows that it isn't copied by them")

    def _segments(self) -> None:
        for path in (self.printed.source.path, self.printed.target.path):
            if "" in path.split("."):
                text = f"the path {path!r} has an empty segment"
                self._find("empty-path-segment", text)
                self.reasons.append(text)

    def _side(
        self, side: Side, schema: Mapping[str, Json], meanings: Mapping[str, Json]
    ) -> tuple[Path, tuple[Condition, ...]]:
        """Give the path on `side`, its lists marked, and its dependencies as conditions."""
        cell = self.printed.source if side == "source" else self.printed.target
        path = self.amended.path(side) if self.amended else self._marked(cell, schema)
        if self.amended and self.amended.when is not None:
            return path, ()
        return path, self._conditions(side, cell.dependencies, path, schema, meanings)

    def _marked(self, cell: Cell, schema: Mapping[str, Json]) -> Path:
        if schema:
            return _parsed(mark_lists(schema, cell.path))
        for dependency in cell.dependencies:
            parent = dependency.path.rpartition(".")[0]
            if parent and cell.path.startswith(f"{parent}."):
                text = f"{parent!r} is taken for a list, because {dependency.path!r} picks from it"
                self._find("assumed-list", text)
                return _parsed(_mark(cell.path, parent))
        return parse_path(cell.path)

    def _conditions(
        self,
        side: Side,
        dependencies: Iterable[Dependency],
        path: Path,
        schema: Mapping[str, Json],
        meanings: Mapping[str, Json],
    ) -> tuple[Condition, ...]:
        found: list[Condition] = []
        values: dict[str, str] = {}
        for one in dependencies:
            code, wrong = _unexecutable(one, meanings)
            if wrong:
                self._find(code, wrong)
                self.reasons.append(wrong)
            elif values.setdefault(one.path, one.value) != one.value:
                wrong = f"{one.path!r} can't be {values[one.path]!r} and {one.value!r} at once"
                self._find("dependency-contradictory", wrong)
                self.reasons.append(wrong)
            else:
                equals = meanings.get(one.value, one.value)
                at = _beside(one.path, path, schema)
                found.append(Condition(side=side, path=at, equals=equals))
        return () if self.reasons else tuple(found)


def _unexecutable(dependency: Dependency, meanings: Mapping[str, Json]) -> tuple[str, str]:
    """Give the code and the words for what keeps a dependency from being executed."""
    if not dependency.path:
        return "dependency-blank", "the dependency names no property"
    if dependency.value in meanings:
        return "", ""
    if not dependency.value:
        return "dependency-blank", f"the dependency on {dependency.path!r} names no value"
    if is_hub_id(dependency.value):
        text = f"{dependency.value!r} is an id of the hub; what it means isn't said"
        return "dependency-hub-id", text
    return "", ""


def _beside(text: str, path: Path, schema: Mapping[str, Json]) -> Path:
    """Give a dependency's path, with the list marked that the row's own path passes."""
    if path.in_list and text.startswith(f"{path.list_text}."):
        return _parsed(_mark(text, path.list_text))
    return _parsed(mark_lists(schema, text) if schema else text)


def _mark(text: str, head: str) -> str:
    return head + LIST_MARK + text[len(head) :]


def _parsed(text: str) -> Path:
    """Parse a path; where it would pass two lists, only the outer one is marked."""
    if text.count(LIST_MARK) > 1:
        head, mark, rest = text.partition(LIST_MARK)
        text = head + mark + rest.replace(LIST_MARK, "")
    return parse_path(text)
