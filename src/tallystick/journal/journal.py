"""The journal of one world. Rule: no footer, no verdict.

In memory it is a header and a growing list of events; on disk JSON lines (schema `journal`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tallystick import __version__
from tallystick.canonical import Json, compact
from tallystick.dataflow.json import from_json, to_json
from tallystick.dataflow.model import Dataflow, Side
from tallystick.dataflow.schemas import compile_schema
from tallystick.errors import BadInput, Problem
from tallystick.journal.lines import event_from_json, event_to_json
from tallystick.resources import schema
from tallystick.vocabulary.events import Event
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.script_json import script_from_json, script_to_json

__all__ = ["FORMAT", "Header", "Journal", "load", "save", "to_lines"]

FORMAT = "tallystick-journal/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a journal is about; `script` may be () where steps are fed one by one.

    `own_pace`: the connector works unasked, or looks after the records of other journals as well,
    so that nobody can say how much an idle sync of it may cost.
    """

    dataflow: Dataflow
    script: Script = ()
    seed: int | None = None
    connector: str = ""
    skew_ms: Mapping[Side, int] = field(default_factory=dict)
    title: str = ""
    own_pace: bool = False
    tallystick: str = __version__


@dataclass(slots=True)
class Journal:
    """A header and its events; `complete` once the world was closed in order."""

    header: Header
    events: list[Event] = field(default_factory=list)
    complete: bool = False


def _header_json(header: Header) -> dict[str, Json]:
    return {
        "journal": FORMAT,
        "tallystick": header.tallystick,
        "title": header.title,
        "connector": header.connector,
        "seed": header.seed,
        "dataflow": to_json(header.dataflow),
        "skew_ms": dict(header.skew_ms),
        "own_pace": header.own_pace,
        "script": script_to_json(header.script),
    }


def to_lines(journal: Journal) -> Iterable[str]:
    """Give the journal's lines, without line ends; the footer only where it is complete."""
    yield compact(_header_json(journal.header))
    for event in journal.events:
        yield compact(event_to_json(event))
    if journal.complete:
        yield compact({"end": True, "events": len(journal.events)})


def save(journal: Journal, path: Path) -> None:
    """Write a journal so that a half-written one never stands under its name.

    Half a surrogate pair, which a connector may well print, stands there as its JSON escape.
    """
    part = path.with_name(path.name + ".part")
    text = "".join(f"{line}\n" for line in to_lines(journal))
    part.write_text(text, encoding="utf-8", errors="backslashreplace")
    part.replace(path)


_SAVED: Final = "Journals (.jsonl) are saved by `tallystick run --save DIR`."


def load(path: Path) -> Journal:
    """Read a journal; BadInput with file and line where it is none, or not complete."""
    name = str(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # other line ends stand in values
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        text = f"the journal cannot be read: {why}"
        raise BadInput(Problem(file=name, text=text, remedy="Check the path.")) from error
    if not lines[-1]:
        lines.pop()
    documents = [_parse(line, name, at) for at, line in enumerate(lines, 1)]
    if not documents or documents[0].get("journal") != FORMAT:
        text = f"this is no journal ({FORMAT})"
        raise BadInput(Problem(file=name, line=1, text=text, remedy=_SAVED))
    footer = documents[-1]
    if "end" not in footer or footer.get("events") != len(documents) - 2:
        raise BadInput(
            Problem(
                file=name,
                line=len(lines),
                text="the journal has no footer, or lines are missing: its run was cut short",
                remedy="run it again; half a journal gives no verdict",
            )
        )
    return Journal(
        header=_header(documents[0], name),
        events=[_event(d, name, at) for at, d in enumerate(documents[1:-1], 2)],
        complete=True,
    )


def _parse(line: str, file: str, at: int) -> dict[str, Json]:
    try:
        document = json.loads(line)
    except ValueError as error:
        text = f"not JSON: {error}"
        raise BadInput(Problem(file=file, line=at, text=text, remedy=_SAVED)) from error
    problems = compile_schema(schema("journal")).violations(document)
    if problems:
        path, message = problems[0]
        text = f"{path or 'the line'}: {message}"
        raise BadInput(Problem(file=file, line=at, text=text, remedy=_SAVED))
    checked: dict[str, Json] = document
    return checked


def _header(document: dict[str, Json], file: str) -> Header:
    return Header(
        dataflow=from_json(document["dataflow"], file=file),
        script=script_from_json(document["script"], file=file),
        seed=document["seed"],
        connector=document["connector"],
        skew_ms=document.get("skew_ms", {}),
        title=document["title"],
        own_pace=document.get("own_pace", False),
        tallystick=document["tallystick"],
    )


def _event(document: dict[str, Json], file: str, at: int) -> Event:
    try:
        return event_from_json(document)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(Problem(file=file, line=at, text=f"no such event: {error}")) from error
