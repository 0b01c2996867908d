"""A document, with its agreement, to a `Dataflow`. Rule: every statement keeps its origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Final, Literal, cast

from tallystick.checklist.agreed_checks import agreement_problems, section_type
from tallystick.checklist.agreement import AgreedPair, Agreement, gather_agreement
from tallystick.checklist.assumed import Kind, assume_rows
from tallystick.checklist.assumed_schemas import assume_schemas
from tallystick.checklist.assumptions import assumptions
from tallystick.checklist.document import Document, Section, Sentence
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.reader import read_checklist
from tallystick.checklist.rows import Counterparts, agreed_rows, checklist_rows
from tallystick.checklist.rules import NO_SECTION, Rule, creation_of
from tallystick.dataflow.model import (
    SIDES,
    Api,
    CreateWhen,
    Creation,
    Dataflow,
    MergeTerm,
    Origin,
    Pair,
    Policies,
    RecordType,
    Side,
    Statement,
    StatementKind,
    System,
)
from tallystick.dataflow.paths import parse_path
from tallystick.errors import BadInput

__all__ = [
    "Compiled",
    "build_dataflow",
    "compile_checklist",
    "completed",
    "unassumed_dataflow",
]

_APIS: Final[dict[Side, Api]] = {"source": "storefront/1", "target": "ledger/1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What a checklist, with its agreement, comes to; `assumed` says what nobody has said."""

    dataflow: Dataflow
    findings: tuple[Finding, ...]
    document: Document
    assumed: tuple[str, ...] = ()


def compile_checklist(
    path: str | FilePath, agreement_path: str | FilePath | None = None
) -> Compiled:
    """Read the checklist at `path`, with its agreement, and give the dataflow that they describe.

    The paths stand in origins and findings as they are given. Raises BadInput with all problems of
    the agreement, or where a file can't be read or is none of ours; defects of the checklist are
    findings.
    """
    document = read_checklist(path)
    return _compiled(document, agreement_for(document, agreement_path))


def agreement_for(document: Document, path: str | FilePath | None) -> Agreement:
    """Read the agreement of a checklist, an empty one for None; BadInput with all its problems."""
    if path is None:
        return Agreement(file="")
    agreement, problems = gather_agreement(path)
    problems = sorted([*problems, *agreement_problems(agreement, document)], key=_by_line)
    if problems:
        raise BadInput(dict.fromkeys(problems))
    return agreement


def _by_line(problem: object) -> int:
    return int(getattr(problem, "line", 0))


def _compiled(document: Document, agreement: Agreement) -> Compiled:
    said, found = unassumed_dataflow(document, agreement)
    findings = sorted((*document.findings, *found), key=lambda one: (one.line, one.code))
    return completed(said, findings, document)


def completed(said: Dataflow, findings: Iterable[Finding], document: Document) -> Compiled:
    """Give what was said, completed with what is assumed where nobody has said anything."""
    agreed = _agreed_kinds(said)
    dataflow = _assumed(said, agreed)
    return Compiled(
        dataflow=dataflow,
        findings=tuple(findings),
        document=document,
        assumed=assumptions(dataflow, agreed),
    )


def build_dataflow(document: Document, agreement: Agreement) -> tuple[Dataflow, list[Finding]]:
    """Give the dataflow of a document, and the findings about what it means.

    `agreement` must fit the document (`agreement_problems` gives nothing).
    """
    dataflow, findings = unassumed_dataflow(document, agreement)
    return _assumed(dataflow, _agreed_kinds(dataflow)), findings


def unassumed_dataflow(document: Document, agreement: Agreement) -> tuple[Dataflow, list[Finding]]:
    """Give the dataflow as far as it was said: nothing is assumed of records yet."""
    counterparts: dict[str, str] = {}
    for section in document.sections:
        counterparts.setdefault(section.source_type, section.target_type)
    makers = [_PairMaker(one, document, agreement, counterparts) for one in document.sections]
    referring = _referring(makers)
    pairs = tuple(maker.pair(referring) for maker in makers)
    findings = [one for maker in makers for one in maker.findings]
    dataflow = Dataflow(
        source=_system("source", document, agreement),
        target=_system("target", document, agreement),
        source_types=_types("source", document, agreement),
        target_types=_types("target", document, agreement),
        pairs=pairs,
        policies=_policies(agreement),
        numbers=cast("Literal['', 'exact']", agreement.numbers),
    )
    return dataflow, findings


def _assumed(dataflow: Dataflow, agreed: frozenset[Kind]) -> Dataflow:
    """Give the dataflow with what is assumed of record types that have no schema."""
    return assume_schemas(assume_rows(dataflow, agreed), agreed)


def _agreed_kinds(dataflow: Dataflow) -> frozenset[Kind]:
    """Give the record types that have a schema while nothing is assumed yet."""
    return frozenset(
        (side, name)
        for side in SIDES
        for name, entry in dataflow.types(side).items()
        if entry.schema
    )


def _referring(makers: list[_PairMaker]) -> dict[str, set[str]]:
    """Give, for each source type, the source types that refer to it through a row."""
    referring: dict[str, set[str]] = {}
    for maker in makers:
        for row in maker.rows:
            if row.reference:
                referring.setdefault(row.reference.source, set()).add(maker.section.source_type)
    return referring


def _system(side: Side, document: Document, agreement: Agreement) -> System:
    name = document.source if side == "source" else document.target
    agreed = agreement.names.get(side, ("", 0))[0]
    return System(system=name or agreed, api=agreement.apis.get(side, _APIS[side]))


def _types(side: Side, document: Document, agreement: Agreement) -> dict[str, RecordType]:
    names = list(dict.fromkeys(section_type(one, side) for one in document.sections))
    agreed = {
        name: agreement.types[side, name] for name in names if (side, name) in agreement.types
    }
    taken = {entry.path for entry in agreed.values() if entry.path}
    types: dict[str, RecordType] = {}
    for name in names:
        path = agreed[name].path if name in agreed else ""
        if not path:
            path = _slug(name, taken)
            taken.add(path)
        types[name] = RecordType(name=name, path=path, schema=agreement.schema_of(side, name))
    return types


def _slug(name: str, taken: set[str]) -> str:
    """Give `customers-human-data` for `Customers (human data)`, with a number where it is taken."""
    plain = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-") or "type"
    slug, count = plain, 1
    while slug in taken:
        count += 1
        slug = f"{plain}-{count}"
    return slug


def _policies(agreement: Agreement) -> Policies:
    values = {name: value for name, (value, _) in agreement.policies.items()}
    agreed = {
        name: Origin(file=agreement.file, line=line, by="agreement")
        for name, (_, line) in agreement.policies.items()
    }
    return replace(Policies(agreed=agreed), **values)  # type: ignore[arg-type]


class _PairMaker:
    """Makes one section's pair; `findings` is what it noticed on the way."""

    def __init__(
        self,
        section: Section,
        document: Document,
        agreement: Agreement,
        counterparts: Counterparts,
    ) -> None:
        self.section = section
        self._file = document.file
        self._agreement = agreement
        self._agreed: AgreedPair | None = agreement.pair_of(
            section.source_type, section.target_type, section.number
        )
        self._rule = creation_of(section, document)
        self.rows, self.findings = checklist_rows(section, self._file, agreement, counterparts)
        if self._agreed:
            self.rows.extend(agreed_rows(self._agreed, agreement, counterparts))

    def _find(self, code: str, line: int, text: str) -> None:
        self.findings.append(finding(code, self._file, line, text))

    def pair(self, referring: Mapping[str, set[str]]) -> Pair:
        section = self.section
        create = self._creation(referring.get(section.source_type, set()))
        merge = self._merge()
        tables = [table for table in section.tables if table.is_properties]
        if tables and not self.rows and not section.properties:
            self._find("empty-property-table", tables[0].line, "the property table is empty")
        if create.when == "never" and create.unspecified in ("", NO_SECTION) and not merge:
            text = "no rule can link a record here"
            self._find("nothing-links", self._line_of("lead-link"), text)
        return Pair(
            number=section.number,
            source=section.source_type,
            target=section.target_type,
            create=create,
            merge=merge,
            rows=tuple(self.rows),
            statements=tuple(self._statements(create, merge)),
            origin=Origin(file=self._file, line=section.heading.line),
        )

    # -- creation

    def _creation(self, referring: set[str]) -> Creation:
        """Give the rule of creation; what can't be executed creates nothing, and says so."""
        rule = self._rule
        self._creation_findings(rule)
        create = self._agreed.create if self._agreed else None
        if create is None:
            if rule.missing:
                return Creation(when="never", unspecified=rule.missing)
            create = Creation(when=cast("CreateWhen", rule.rule), by=rule.by)
        if create.when == "connected" and not referring.intersection(create.by):
            text = "no row says by which property they are connected"
            self._find("connected-without-reference", self._line_of("connected"), text)
            return Creation(when="never", unspecified=text)
        return create

    def _line_of(self, kind: StatementKind) -> int:
        sentence = self.section.sentence(kind)
        return sentence.line if sentence else self.section.heading.line

    def _creation_findings(self, rule: Rule) -> None:
        line = self._line_of(rule.kind) if rule.kind else self.section.heading.line
        agreed = self._agreed is not None and self._agreed.create is not None
        if rule.unknown and not agreed:
            names = ", ".join(rule.unknown)
            self._find("connected-without-section", line, f"no section has the source type {names}")
        lead = self.section.sentence("lead-condition")
        if lead and not agreed:
            text = f"the condition is prose, which nothing can execute: {lead.prose[:80]}"
            self._find("condition-in-prose", lead.line, text)
        always = self.section.sentence("lead-always")
        if rule.rule == "connected" and (always or self.section.sentence("no-match")):
            text = "one sentence creates records always, another only if they are connected"
            self._find("contradictory-creation", line, text)

    # -- merging

    def _merge(self) -> tuple[tuple[MergeTerm, ...], ...]:
        terms: list[tuple[MergeTerm, ...]] = []
        for row in self.section.merges:
            if not row.usable:
                blank = not (row.source.path and row.target.path)
                what = "is blank" if blank else "depends on something"
                code = "merge-blank-cell" if blank else "merge-not-used"
                self._find(code, row.line, f"one side of the combination {what}")
                continue
            try:
                source, target = parse_path(row.source.path), parse_path(row.target.path)
            except ValueError as error:
                self._find("unreadable-path", row.line, str(error))
                continue
            terms.append((MergeTerm(source=source, target=target),))
        agreed = self._agreed.merge if self._agreed else ()
        sentence = self.section.sentence("merge")
        if sentence and not terms and not agreed:
            self._find("merge-without-row", sentence.line, "the rule has no usable combination")
        return (*terms, *agreed)

    # -- statements

    def _statements(
        self, create: Creation, merge: tuple[tuple[MergeTerm, ...], ...]
    ) -> Iterator[Statement]:
        for sentence in self.section.sentences:
            unspecified = self._unspecified(sentence, create, merge)
            origin = Origin(file=self._file, line=sentence.line)
            yield Statement(
                kind=sentence.kind, text=sentence.text, origin=origin, unspecified=unspecified
            )
        agreed = self._agreed
        if agreed is None:
            return
        if agreed.merge and not self.section.sentence("merge"):
            yield self._agreed_statement("merge", self._merge_text(), agreed.merge_lines[0])
        if agreed.create and self._rule.rule in ("never", ""):
            text = f"A {self._name('target')} is created: {agreed.create.when}"
            yield self._agreed_statement("policy", text, agreed.create_line)

    def _agreed_statement(
        self, kind: Literal["merge", "policy"], text: str, line: int
    ) -> Statement:
        origin = Origin(file=self._agreement.file, line=line, by="agreement")
        return Statement(kind=kind, text=text, origin=origin)

    def _name(self, side: Side) -> str:
        section = self.section
        if side == "source":
            return f"{section.source_system} {section.source_type}".strip()
        return f"{section.target_system} {section.target_type}".strip()

    def _merge_text(self) -> str:
        """Say the agreed rule as the checklist would."""
        alternatives = [
            " and ".join(f"{term.source.plain} = {term.target.plain}" for term in terms)
            for terms in (self._agreed.merge if self._agreed else ())
        ]
        return (
            f"A {self._name('source')} will merge with a {self._name('target')} if one of the"
            f" following property combinations match: {'; '.join(alternatives)}"
        )

    def _unspecified(
        self, sentence: Sentence, create: Creation, merge: tuple[tuple[MergeTerm, ...], ...]
    ) -> str:
        """Say why nothing can be judged by `sentence`; "" if something can."""
        if sentence.kind in ("lead-condition", "connected"):
            return create.unspecified
        if sentence.kind == "merge" and not merge:
            return "the rule has no usable combination"
        if sentence.kind in ("in-sync", "properties") and not self.rows:
            return "the property table is empty, and no row was agreed"
        return ""
