"""Which checklist and agreement a command is about. Rule: a file first, then a packaged name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from tallystick.checklist import Compiled, Finding, compile_checklist, join_checklists
from tallystick.dataflow.model import Dataflow
from tallystick.errors import BadInput, Problem
from tallystick.report.plain import harmless, many
from tallystick.resources import packaged

__all__ = ["DEFAULT", "Documents", "located", "read_directions", "read_documents", "tell_findings"]

DEFAULT: Final = "customwebshop-customerp"
_KINDS: Final = {"checklists": ".rst", "agreements": ".toml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """A checklist with its agreement, as a scenario names them, and that of the way back.

    `agreement` and `back` are "" for none.
    """

    checklist: str
    agreement: str
    compiled: Compiled
    back: str = ""

    @property
    def dataflow(self) -> Dataflow:
        """What the two describe."""
        return self.compiled.dataflow

    def with_dataflow(self, dataflow: Dataflow) -> Documents:
        """Give the same documents, taken to describe something else."""
        return replace(self, compiled=replace(self.compiled, dataflow=dataflow))


def read_documents(
    checklist: str | None, agreement: str | None, *, may_be_empty: bool = False
) -> Documents:
    """Read and compile what the command line names; alone, the packaged pair.

    BadInput with all problems; a document without a section is one, unless it `may_be_empty`.
    """
    if checklist is None:
        checklist, agreement = DEFAULT, agreement or DEFAULT
    path = located(checklist, "checklists")
    compiled = compile_checklist(path, located(agreement, "agreements") if agreement else None)
    if not compiled.dataflow.pairs and not may_be_empty:
        raise BadInput(_no_checklist(compiled, str(path)))
    return Documents(checklist=checklist, agreement=agreement or "", compiled=compiled)


def read_directions(forth: str, back: str, agreement: str | None) -> Documents:
    """Read two checklists as the two directions of one pair of systems; BadInput with all problems.

    An agreement is about the first one's direction.
    """
    agreed = located(agreement, "agreements") if agreement else None
    compiled = join_checklists(located(forth, "checklists"), located(back, "checklists"), agreed)
    return Documents(checklist=forth, agreement=agreement or "", compiled=compiled, back=back)


def located(name: str, folder: str) -> Path:
    """Give the file that a name means; one that is nowhere stays as it is, to be complained of."""
    own, ours = Path(name), packaged("fixtures", folder, name + _KINDS[folder])
    if own.is_file() or not ours.is_file() or own.suffix:
        return _readable(own, folder)
    return ours


def _readable(path: Path, folder: str) -> Path:
    if path.exists() and not path.is_dir():
        return path
    names = sorted(one.stem for one in packaged("fixtures", folder).glob(f"*{_KINDS[folder]}"))
    what = "is a folder, not a file" if path.is_dir() else "there is no such file"
    remedy = f"Give a path, or the name of a packaged {folder[:-1]}: {', '.join(names)}."
    raise BadInput(Problem(file=str(path), text=what, remedy=remedy))


def _no_checklist(compiled: Compiled, file: str) -> list[Problem]:
    first = Problem(
        file=file,
        text="this is no checklist: it has no section about a pair of record types",
        remedy="A section is headed `<Source> <Type> to <Target> <Type>`.",
    )
    return [first, *(_as_problem(finding) for finding in compiled.findings)]


def _as_problem(finding: Finding) -> Problem:
    text = f"{finding.severity}: {finding.text}"
    return Problem(file=finding.file, line=finding.line, text=text, remedy=finding.remedy)


def tell_findings(documents: Documents, *, in_full: bool) -> None:
    """Say on stderr what is wrong with the checklist: each finding, or how many there are."""
    findings = documents.compiled.findings
    if in_full:
        for finding in findings:
            click.echo(harmless(f"{finding}\n    {finding.remedy}"), err=True)
        return
    serious = [one for one in findings if one.severity != "note"]
    if serious:
        click.echo(
            f"{many(len(serious), 'finding')} in the checklist; `tallystick lint` lists them.",
            err=True,
        )
