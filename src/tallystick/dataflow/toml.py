"""Users' TOML files. Rule: whatever is wrong with one is said with its line, all of it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from tallystick.canonical import Json
from tallystick.dataflow.toml_shape import without_violations
from tallystick.errors import BadInput, Problem
from tallystick.toml_lines import Place, line_of, toml_lines

__all__ = ["TomlFile", "parse_toml", "read_toml_text"]

_TOML: Final = "Mend the TOML there; texts stand in quotes, and a key stands once in a table."


def read_toml_text(path: Path) -> str:
    """Give the text of a file; BadInput where it cannot be read, or is no UTF-8."""
    file = str(path)
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=file, text=text, remedy="Check the path.")) from error
    except UnicodeDecodeError as error:
        remedy = "Save the file as UTF-8."
        raise BadInput(Problem(file=file, text="is not in UTF-8", remedy=remedy)) from error


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Give what a TOML text holds; BadInput with the line where it is none."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _error_line(str(error), text)
        problem = Problem(file=file, line=line, text=f"is no TOML: {error}", remedy=_TOML)
        raise BadInput(problem) from error


def _error_line(message: str, text: str) -> int:
    """Find the line that tomllib names: `… (at line 3, column 7)`, or `(at end of document)`."""
    _, found, rest = message.rpartition("(at line ")
    number = rest.partition(",")[0]
    return int(number) if found and number.isdigit() else max(1, text.rstrip().count("\n") + 1)


class TomlFile:
    """A file that keeps a published schema; `given` is what it holds, dates as texts."""

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        text = read_toml_text(path)
        self.given: Mapping[str, Json] = _dates_as_texts(parse_toml(text, str(path)))
        self._lines = toml_lines(text)
        wrong = without_violations(self.given, schema).violations
        if wrong:
            problems = [self.problem(place, said, remedy) for place, said, remedy in wrong]
            raise BadInput(sorted(problems, key=lambda problem: problem.line))

    def line(self, *place: str | int) -> int:
        """Give the line (from 1) of a place, as `("declines", 0, "reason")`."""
        return line_of(self._lines, place)

    def problem(self, place: Place, text: str, remedy: str = "") -> Problem:
        """Give a problem at a place of this file."""
        line = line_of(self._lines, place)
        return Problem(file=str(self.path), line=line, text=text, remedy=remedy)


def _dates_as_texts(given: Any) -> Any:
    if isinstance(given, dict):
        return {name: _dates_as_texts(item) for name, item in given.items()}
    if isinstance(given, list):
        return [_dates_as_texts(item) for item in given]
    return given.isoformat() if isinstance(given, date) else given
