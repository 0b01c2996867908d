"""Findings as text, JSON or SARIF. Rule: each document is written when it comes, and forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import IO, Final, Protocol

from rich.console import Console, RenderableType

from tallystick.canonical import Json
from tallystick.checklist import Linted
from tallystick.report.lint import Tally, document_json, finding_text, meaning_lines
from tallystick.report.sarif import sarif_frame, sarif_result

__all__ = ["SUMMARIES", "WRITERS", "Writer"]

_FORMAT: Final = "tallystick-lint/1"
_WIDTH: Final = 100


class Writer(Protocol):
    """Writes one document after the other, and then how many there were."""

    def document(self, linted: Linted) -> None:
        """Write one document's findings."""

    def finish(self, tally: Tally) -> None:
        """Write what comes after all documents."""


class _Text:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def document(self, linted: Linted) -> None:
        for one in linted.findings:
            self._stream.write(f"{finding_text(one)}\n")

    def finish(self, tally: Tally) -> None:
        if tally.findings:
            self._stream.write("\nWhat they mean:\n\n")
            self._stream.writelines(f"{line}\n" for line in meaning_lines(tally.codes()))
            self._stream.write("\n")
        self._stream.write(f"{tally.sentence()}\n")


class _TextSummary:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def document(self, linted: Linted) -> None:
        """Write nothing: the tally has counted it."""

    def finish(self, tally: Tally) -> None:
        self._stream.write(f"{tally.sentence()}\n")
        clean = f"{tally.clean:,} without a finding, {tally.unreadable:,} no checklists"
        size = f"{tally.sections:,} sections, {tally.rows:,} rows, {tally.lines:,} lines"
        self._stream.write(f"{clean}; {size}.\n")
        if tally.findings:
            self._show("What is wrong, and how often", tally.table())
            self._show("The worst documents", tally.worst_table())

    def _show(self, title: str, table: RenderableType) -> None:
        console = Console(file=self._stream, width=_WIDTH, highlight=False, markup=False)
        with console.capture() as captured:
            console.print(table)
        lines = (line.rstrip() for line in captured.get().splitlines())
        self._stream.write("\n".join(["", title, "", *lines, ""]))


class _Json:
    def __init__(self, stream: IO[str]) -> None:
        self._list = _JsonList(stream, '{"format": ' + json.dumps(_FORMAT) + ', "documents": [')

    def document(self, linted: Linted) -> None:
        self._list.add(document_json(linted))

    def finish(self, tally: Tally) -> None:
        self._list.end(f'], "summary": {json.dumps(tally.json())}}}\n')


class _JsonSummary:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def document(self, linted: Linted) -> None:
        """Write nothing: the tally has counted it."""

    def finish(self, tally: Tally) -> None:
        given = {"format": _FORMAT, "documents": [], "summary": tally.json()}
        self._stream.write(f"{json.dumps(given, indent=1)}\n")


class _Sarif:
    def __init__(self, stream: IO[str]) -> None:
        self._frame = json.dumps(sarif_frame()).rpartition('"results": [')
        self._list = _JsonList(stream, "".join(self._frame[:2]))

    def document(self, linted: Linted) -> None:
        for one in linted.findings:
            self._list.add(sarif_result(one))

    def finish(self, _: Tally) -> None:
        self._list.end(f"{self._frame[2]}\n")


class _JsonList:
    """A list inside a JSON text, one item a line."""

    def __init__(self, stream: IO[str], head: str) -> None:
        self._stream = stream
        self._between = f"{head}\n"

    def add(self, item: Json) -> None:
        self._stream.write(self._between + json.dumps(item))
        self._between = ",\n"

    def end(self, tail: str) -> None:
        head = "" if self._between == ",\n" else self._between
        self._stream.write(f"{head}\n{tail}")


WRITERS: Final[Mapping[str, Callable[[IO[str]], Writer]]] = {
    "text": _Text,
    "json": _Json,
    "sarif": _Sarif,
}
"""How findings can be written."""

SUMMARIES: Final[Mapping[str, Callable[[IO[str]], Writer]]] = {
    "text": _TextSummary,
    "json": _JsonSummary,
}
"""How a summary can be written."""
