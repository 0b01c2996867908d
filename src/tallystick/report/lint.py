"""Findings for people: one by one, what their codes mean, and a summary of many documents.

Rule: what grows with the number of documents is counted, never kept.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rich.table import Table

from tallystick.canonical import Json
from tallystick.checklist import CODES, SEVERITIES, Finding, Linted, Severity
from tallystick.report.plain import harmless, many, wrapped

__all__ = ["WORST", "Tally", "document_json", "finding_text", "meaning_lines"]

WORST: Final = 10
"""How many of the worst documents a summary names."""

_Weight = tuple[int, ...]


@dataclass(slots=True)
class Tally:
    """What was found so far, by code, and the worst documents."""

    documents: int = 0
    unreadable: int = 0
    lines: int = 0
    sections: int = 0
    rows: int = 0
    clean: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    affected: Counter[str] = field(default_factory=Counter)
    _worst: list[tuple[_Weight, int, str]] = field(default_factory=list)

    def add(self, linted: Linted) -> None:
        """Count one more document."""
        counts = Counter(one.code for one in linted.findings)
        self.documents += 1
        self.unreadable += not linted.is_checklist
        self.clean += not counts
        self.lines += linted.lines
        self.sections += linted.sections
        self.rows += linted.rows
        self.findings.update(counts)
        self.affected.update(counts.keys())
        if counts:
            entry = (_weight(counts), -self.documents, linted.file)
            keep = heapq.heappush if len(self._worst) < WORST else heapq.heappushpop
            keep(self._worst, entry)

    def count(self, severity: Severity) -> int:
        """Give how many findings of a severity there are."""
        return sum(n for code, n in self.findings.items() if CODES[code].severity == severity)

    def worst(self) -> list[tuple[str, _Weight]]:
        """Give the worst documents, each with its findings by severity."""
        return [(file, weight) for weight, _, file in sorted(self._worst, reverse=True)]

    def sentence(self) -> str:
        """Give what was found in one line."""
        found = [many(self.count(one), one) for one in SEVERITIES if self.count(one)]
        return f"{many(self.documents, 'document')}: {', '.join(found) or 'nothing to report'}."

    def table(self) -> Table:
        """Give what is wrong, and how often, the worst first."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        table.add_column("severity")
        table.add_column("finding", no_wrap=True)
        for name in ("times", "documents", "share"):
            table.add_column(name, justify="right")
        for code in self.codes():
            table.add_row(
                CODES[code].severity,
                code,
                f"{self.findings[code]:,}",
                f"{self.affected[code]:,}",
                f"{self.affected[code] / self.documents:.1%}",
            )
        return table

    def codes(self) -> list[str]:
        """Give the codes that were found, the worst and most frequent first."""
        return sorted(
            self.findings,
            key=lambda code: (
                SEVERITIES.index(CODES[code].severity),
                -self.affected[code],
                -self.findings[code],
                code,
            ),
        )

    def worst_table(self) -> Table:
        """Give the worst documents."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        for name in SEVERITIES:
            table.add_column(f"{name}s", justify="right")
        table.add_column("document", overflow="fold")
        for file, weight in self.worst():
            table.add_row(*map(str, weight), harmless(file))
        return table

    def json(self) -> dict[str, Json]:
        """Give the same as JSON."""
        return {
            "documents": self.documents,
            "unreadable": self.unreadable,
            "clean": self.clean,
            "lines": self.lines,
            "sections": self.sections,
            "rows": self.rows,
            "findings": [
                {
                    "code": code,
                    "severity": CODES[code].severity,
                    "count": self.findings[code],
                    "documents": self.affected[code],
                    "explanation": CODES[code].means,
                    "remedy": CODES[code].remedy,
                }
                for code in self.codes()
            ],
            "worst": [
                {
                    "file": file,
                    **{f"{name}s": n for name, n in zip(SEVERITIES, weight, strict=True)},
                }
                for file, weight in self.worst()
            ],
        }


def _weight(counts: Mapping[str, int]) -> _Weight:
    found: Counter[str] = Counter()
    for code, count in counts.items():
        found[CODES[code].severity] += count
    return tuple(found[severity] for severity in SEVERITIES)


def finding_text(one: Finding) -> str:
    """Give a finding in two lines: where and what, and what to do about it."""
    return harmless(f"{one}\n    {one.remedy}")


def meaning_lines(codes: list[str]) -> Iterator[str]:
    """Give what each code means, for below a list of findings."""
    for code in codes:
        yield code
        yield wrapped(CODES[code].means, indent="    ")


def document_json(linted: Linted) -> dict[str, Json]:
    """Give one document with its findings as JSON."""
    return {
        "file": linted.file,
        "lines": linted.lines,
        "sections": linted.sections,
        "rows": linted.rows,
        "findings": [
            {
                "code": one.code,
                "severity": one.severity,
                "line": one.line,
                "last_line": one.last_line,
                "text": one.text,
                "explanation": one.kind.means,
                "remedy": one.remedy,
            }
            for one in linted.findings
        ],
    }
