"""What the page shows of a sandbox, as JSON. Rule: it reads under the turn, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tallystick.canonical import MISSING, Json, is_empty
from tallystick.clock import time_text
from tallystick.dataflow.model import SIDES, Pair, Row, Side, other_side
from tallystick.dataflow.paths import read
from tallystick.laws.explain import violation_words
from tallystick.laws.history import Record
from tallystick.laws.links import Link
from tallystick.report.html.changes import flattened
from tallystick.report.html.details import Detail, detail_of, headline, is_bad, outcome
from tallystick.report.html.text import short, shown
from tallystick.sandbox.play import Sandbox
from tallystick.vocabulary.cells import render_cell
from tallystick.vocabulary.events import Edited, Event, Exchange, Settled
from tallystick.vocabulary.sentences import Names
from tallystick.vocabulary.weather import FAULT_WORDS, fault_words

__all__ = ["WAIT_S", "SandboxView", "record_id"]

WAIT_S: Final = 2
"""What a system that turns the connector away asks it to wait, in seconds."""

_LONGEST_LINE: Final = 220
_LONGEST_BODY: Final = 20_000
_MOST_VIOLATIONS: Final = 50


def record_id(record: Record) -> str:
    """Give what the page calls a record."""
    return f"{record.side}/{record.type}/{record.key}"


class SandboxView:
    """Shows one sandbox; all of it asks for the world's turn to be held."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._names = Names.of(sandbox.dataflow)
        self._book = sandbox.world.judge.book

    def about(self) -> dict[str, Json]:
        """Give what never changes: systems, types, faults."""
        sandbox = self._sandbox
        dataflow = sandbox.dataflow
        return {
            "systems": {
                side: {
                    "name": shown(self._names.on(side)),
                    "api": dataflow.system(side).api,
                    "url": sandbox.wiring.urls[side],
                    "types": [shown(name) for name in dataflow.types(side)],
                }
                for side in SIDES
            },
            "connector": shown(sandbox.state.connector),
            "attached": sandbox.attached,
            "faults": [{"kind": kind, "words": fault_words(kind, WAIT_S)} for kind in FAULT_WORDS],
        }

    def state(self) -> dict[str, Json]:
        """Give how things stand."""
        sandbox = self._sandbox
        state = sandbox.state
        found = sandbox.world.violations
        return {
            "working": state.working,
            "automatic": state.automatic,
            "running": sandbox.wiring.driver.running,
            "why": shown(state.why, 600),
            "planned": sandbox.world.planned,
            "steps": len(sandbox.steps) - 1,
            "violated": len(found),
            "violations": [
                {
                    "law": violation.law,
                    "text": violation_words(violation, sandbox.dataflow).sentence,
                    "records": [f"{r.side}/{r.type}/{r.key}" for r in violation.records],
                }
                for violation in found[-_MOST_VIOLATIONS:]
            ],
        }

    def records(self) -> list[dict[str, Json]]:
        """Give all records in short, in the order of their creation."""
        records = sorted(self._sandbox.records(), key=lambda record: record.birth.event)
        return [self.record(record) for record in records]

    def record(self, record: Record) -> dict[str, Json]:
        """Give one record in short: what it is called, with whom it is linked, what differs."""
        return {
            "id": record_id(record),
            "side": record.side,
            "type": shown(record.type),
            "key": shown(str(record.key)),
            "label": shown(self._label(record)),
            "live": record.live,
            "said": _summary(record),
            "bad": sorted(self._differing(record)),
        }

    def _label(self, record: Record) -> str:
        """Give a record's label, or its counterpart's."""
        links = self._book.links_of(record)
        both = (record, *(one for link in links for one in (link.source, link.target)))
        return next((label for one in both if (label := self._sandbox.labels.of(one))), "")

    def _differing(self, record: Record) -> set[str]:
        return {
            shown(row.path(record.side).plain)
            for link in self._book.links_of(record)
            for row in _differing_rows(link, self._sandbox)
        }

    def links(self) -> list[list[Json]]:
        """Give all links: the two records, and whether the link is over."""
        return [
            [record_id(link.source), record_id(link.target), link.ended]
            for link in self._book.all()
        ]

    def line(self, number: int, event: Event) -> dict[str, Json]:
        """Give a line of the log."""
        return {
            "n": number,
            "at": time_text(event.at_ms)[11:23],
            "kind": _kind(event),
            "side": _side(event),
            "text": short(headline(event), _LONGEST_LINE),
            "note": outcome(event),
            "bad": is_bad(event),
        }

    def detail(self, number: int) -> Detail | None:
        """Give a line of the log in full."""
        events = self._sandbox.world.journal.events
        if not 0 <= number < len(events):
            return None
        return detail_of(events[number], self._names, _LONGEST_BODY)

    def pair(self, record: Record) -> dict[str, Json]:
        """Give a record beside its counterpart, property by property."""
        link = next(iter(self._book.links_of(record)), None)
        pairs = self._sandbox.dataflow.pairs_of(record.side, record.type)
        pair = link.pair if link is not None else pairs[0] if pairs else None
        sides: dict[Side, Record | None] = {record.side: record}
        if link is not None:
            sides = {side: link.record(side) for side in SIDES}
        differing = _differing_rows(link, self._sandbox) if link is not None else []
        return {
            "id": record_id(record),
            "records": {side: self._head(sides.get(side)) for side in SIDES},
            "rows": [
                *(_listed(pair, sides, differing) if pair is not None else ()),
                *_unlisted(pair, sides),
            ],
        }

    def _head(self, record: Record | None) -> Json:
        return None if record is None else self.record(record)


def _kind(event: Event) -> str:
    if isinstance(event, Exchange):
        return "read" if event.method == "GET" else "write"
    if isinstance(event, Edited):
        return "edit"
    return "settle" if isinstance(event, Settled) else "mark"


def _side(event: Event) -> str:
    if isinstance(event, Exchange):
        return event.side
    return event.change.side if isinstance(event, Edited) else ""


def _summary(record: Record) -> str:
    """Give the first values of a record, to tell it from others."""
    values = [
        value
        for value in flattened(record.data).values()
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != ""
    ]
    return short(" · ".join(str(value) for value in values[:3]), 80)


def _differing_rows(link: Link, sandbox: Sandbox) -> list[Row]:
    """Give the rows in which the two records of a living link disagree at this moment."""
    if link.ended or not (link.source.live and link.target.live):
        return []
    book = sandbox.world.judge.book
    return [
        link.pair.rows[difference.row]
        for unit in link.units
        for difference in unit.differences(
            *link.views(unit, link.source.data, link.target.data), book
        )
    ]


def _listed(
    pair: Pair, sides: Mapping[Side, Record | None], differing: list[Row]
) -> Iterator[dict[str, Json]]:
    """Give the pair's rows; those of one list are shown once, as the whole list."""
    given: set[tuple[str, str]] = set()
    for row in pair.rows:
        paths = row.source.list_text, row.target.list_text
        if paths in given:
            continue
        given.add(paths)
        same_place = [one for one in pair.rows if _lists(one) == paths]
        yield {
            **{side: _cell(row, side, sides.get(side)) for side in SIDES},
            "bad": any(one in same_place for one in differing),
        }


def _lists(row: Row) -> tuple[str, str]:
    return row.source.list_text, row.target.list_text


def _cell(row: Row, side: Side, record: Record | None) -> dict[str, Json]:
    path = row.path(side)
    if path.is_key:
        key = "" if record is None else shown(str(record.key))
        return {"path": "(key)", "value": key, "fixed": True}
    return _value(path.list_text, record)


def _value(path: str, record: Record | None) -> dict[str, Json]:
    value = MISSING if record is None else read(record.data, tuple(path.split(".")))
    said = "" if value is MISSING else render_cell(value)
    return {"path": path, "value": said, "fixed": record is None or not record.live}


def _unlisted(pair: Pair | None, sides: Mapping[Side, Record | None]) -> Iterator[dict[str, Json]]:
    """Give the properties that no row names."""
    for side in SIDES:
        record = sides.get(side)
        if record is None:
            continue
        rows = pair.rows if pair is not None else ()
        listed = {row.path(side).list_text for row in rows}
        for path, value in flattened(record.data).items():
            if any(_within(path, name) for name in listed) or not path or is_empty(value):
                continue
            yield {side: _value(path, record), other_side(side): None, "bad": False}


def _within(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")
