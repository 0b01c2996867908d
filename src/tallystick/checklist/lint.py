"""Everything that is wrong with documents. Rule: one file, or the two directions of one pair.

Reading, compiling and the checks made only here are put together; nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tallystick.checklist.agreed_checks import agreement_problems
from tallystick.checklist.agreement import Agreement, gather_agreement
from tallystick.checklist.build import build_dataflow
from tallystick.checklist.document import Document
from tallystick.checklist.findings import Finding, finding
from tallystick.checklist.lint_loss import lint_loss
from tallystick.checklist.lint_mirror import are_mirrored, lint_mirror
from tallystick.checklist.lint_rows import lint_rows
from tallystick.checklist.names import read_title, same_name
from tallystick.checklist.reader import read_checklist
from tallystick.dataflow.model import Dataflow
from tallystick.errors import BadInput

__all__ = ["Linted", "lint_document", "lint_files", "title_of"]


_TITLE_WITHIN: Final = 2000
_NOTHING: Final = Agreement(file="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """One file's findings, by line, and how much there is in it; 0 lines where it is unreadable."""

    file: str
    findings: tuple[Finding, ...]
    lines: int = 0
    sections: int = 0
    rows: int = 0

    @property
    def is_checklist(self) -> bool:
        """Whether the file could be read as a checklist."""
        return self.lines > 0


def lint_files(
    files: Sequence[str], agreement_path: str | Path | None = None
) -> tuple[Linted, ...]:
    """Lint one file, or two; two are compared where they are two directions of one pair.

    A file that is no checklist is a finding. BadInput with all problems of the agreement.
    """
    read = [_read(file) for file in files]
    documents = [one for one in read if isinstance(one, Document)]
    agreements = _agreements(agreement_path, documents)
    mirrored = len(documents) == 2 and are_mirrored(*documents)
    linted = []
    for one in read:
        if isinstance(one, Linted):
            linted.append(one)
            continue
        found = lint_document(one, agreements.get(one.file, _NOTHING))
        if mirrored:
            opposite = documents[1] if one is documents[0] else documents[0]
            found = _sorted([*found, *lint_mirror(one, opposite)])
        linted.append(_linted(one, found))
    return tuple(linted)


def title_of(file: str) -> tuple[str, str] | None:
    """Give the two systems that a checklist's title names, without reading the rest; or None."""
    try:
        with Path(file).open("rb") as stream:
            text = stream.read(_TITLE_WITHIN).decode("utf-8", errors="replace")
    except OSError:
        return None
    lines = text.splitlines()[:3]
    return next(filter(None, map(read_title, lines)), None)


def lint_document(document: Document, agreement: Agreement) -> tuple[Finding, ...]:
    """Give every finding about one document, with what was agreed about it."""
    dataflow, compiled = build_dataflow(document, agreement)
    found = [
        *(one for one in document.findings if not _is_named(one, document, agreement)),
        *compiled,
        *lint_rows(document, agreement),
        *lint_loss(document, agreement),
    ]
    return _sorted([*found, *_unused(document, dataflow, {one.line for one in found})])


def _is_named(one: Finding, document: Document, agreement: Agreement) -> bool:
    """Tell whether a system's name is missing that was agreed."""
    names = {"source": document.source, "target": document.target}
    missing = {side for side, name in names.items() if not name}
    return one.code == "empty-system-name" and missing <= set(agreement.names)


def _unused(document: Document, dataflow: Dataflow, told: Container[int]) -> Iterator[Finding]:
    """Give what the compiler left out or open, where no other finding (on lines `told`) says so."""
    for pair, section in zip(dataflow.pairs, document.sections, strict=True):
        for row in (*pair.left_out, *pair.rows):
            line = row.origin.line
            if row.unspecified and row.origin.by == "checklist" and line not in told:
                yield finding("row-not-judged", document.file, line, row.unspecified)
        terms = {(one.source.plain, one.target.plain) for terms in pair.merge for one in terms}
        for merge in section.merges:
            used = (merge.source.path, merge.target.path) in terms
            if merge.usable and not used and merge.line not in told:
                text = "one side of the combination is no value: other rows lead through it"
                yield finding("merge-not-used", document.file, merge.line, text)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: (one.line, one.code)))


def _read(file: str) -> Document | Linted:
    try:
        return read_checklist(file)
    except BadInput as error:
        problem = error.problems[0]
        found = finding("no-checklist", file, problem.line or 1, problem.text)
        return Linted(file=file, findings=(found,))


def _agreements(path: str | Path | None, documents: Sequence[Document]) -> dict[str, Agreement]:
    """Give the agreement by the file that it is about; of two the one that it names."""
    if path is None:
        return {}
    agreement, problems = gather_agreement(path)
    about = [one for one in documents if len(documents) == 1 or _is_about(agreement, one)]
    for document in about:
        problems += agreement_problems(agreement, document)
    if problems:
        raise BadInput(dict.fromkeys(problems))
    return {one.file: agreement for one in about}


def _is_about(agreement: Agreement, document: Document) -> bool:
    return same_name(agreement.checklist, f"{document.source} to {document.target}")


def _linted(document: Document, findings: tuple[Finding, ...]) -> Linted:
    return Linted(
        file=document.file,
        findings=findings,
        lines=len(document.lines),
        sections=len(document.sections),
        rows=sum(len(section.properties) for section in document.sections),
    )
