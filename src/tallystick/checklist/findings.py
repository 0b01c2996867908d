"""What is wrong with a document, as values. Rule: `codes` says what a code means; here is where.

The reader, the builder and lint only say where and what.
"""

from __future__ import annotations

from dataclasses import dataclass

from tallystick.checklist.codes import CODES, Code, Severity

__all__ = ["Finding", "finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect of a document: lines `line` to `last_line` (1-based) of `file`."""

    code: str
    file: str
    line: int
    last_line: int
    text: str

    @property
    def kind(self) -> Code:
        """What the code says: severity, explanation, and remedy."""
        return CODES[self.code]

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.kind.severity

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return self.kind.remedy

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.text} [{self.code}]"


def finding(code: str, file: str, line: int, text: str, *, last_line: int = 0) -> Finding:
    """Make a finding on one line, or on several."""
    if code not in CODES:
        raise ValueError(f"no finding is called {code!r}")
    return Finding(code=code, file=file, line=line, last_line=max(line, last_line), text=text)
