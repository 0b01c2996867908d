"""expected.toml: checks that may fail for a while. Rule: each says why, and until when."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Final

from tallystick.dataflow.toml import TomlFile
from tallystick.errors import BadInput, Problem
from tallystick.results.events import Expected

__all__ = ["expectations_text", "load_expectations", "unknown_checks"]

_HEAD: Final = """\
# Checks that are known to fail. One that no longer fails, or whose last day has passed, makes the
# run fail. `tallystick expect update` records what fails in a complete run.
"""


def load_expectations(path: Path) -> tuple[Expected, ...]:
    """Read the file at `path`; BadInput with file and line for all that is wrong with it."""
    file = TomlFile(path, "expected")
    entries = file.given.get("expected", [])
    wrong = []
    seen: dict[str, int] = {}
    for at, entry in enumerate(entries):
        line = file.line("expected", at, "check")
        if not _is_date(entry["until"]):
            text = f"{entry['until']!r} is no date"
            remedy = "Write the last day on which it may fail, as 2027-01-31."
            wrong.append(file.problem(("expected", at, "until"), text, remedy))
        if entry["check"] in seen:
            text = f"{entry['check']} is expected in line {seen[entry['check']]} already"
            wrong.append(file.problem(("expected", at, "check"), text, "Keep one of the two."))
        seen[entry["check"]] = line
    if wrong:
        raise BadInput(wrong)
    return tuple(
        Expected(
            check=entry["check"],
            reason=entry["reason"],
            until=entry["until"],
            file=str(path),
            line=file.line("expected", at, "check"),
        )
        for at, entry in enumerate(entries)
    )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def unknown_checks(expected: Iterable[Expected], known: Collection[str]) -> list[Problem]:
    """Give a problem for each entry whose check does not exist; scenarios are not asked about."""
    problems = []
    for entry in expected:
        if entry.check in known or entry.check.startswith("scenario/"):
            continue
        near = difflib.get_close_matches(entry.check, known, n=1)
        problems.append(
            Problem(
                file=entry.file,
                line=entry.line,
                text=f"no check is called {entry.check!r}",
                remedy=f"Was {near[0]} meant?" if near else "verdict.json lists all checks.",
            )
        )
    return problems


def expectations_text(entries: Iterable[Expected]) -> str:
    """Give the file for entries, in the order of their checks."""
    tables = [
        f"[[expected]]\ncheck = {_text(entry.check)}\nreason = {_text(entry.reason)}\n"
        f"until = {entry.until}\n"
        for entry in sorted(entries, key=lambda entry: entry.check)
    ]
    return "\n".join((_HEAD, *tables))


def _text(text: str) -> str:
    """Give a TOML string: JSON's escapes are TOML's, but for DEL and half a surrogate pair."""
    kept = text.encode("utf-8", "replace").decode().replace("\x7f", "?")
    return json.dumps(kept, ensure_ascii=False)
