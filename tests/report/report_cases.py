"""A dataflow, violations and a journal made by hand, for the tests of reports."""

from __future__ import annotations

from functools import cache
from typing import Any

from tallystick.checklist import compile_checklist
from tallystick.dataflow.model import Dataflow, Side
from tallystick.journal.journal import Header, Journal
from tallystick.laws.verdict import RecordName, Violation
from tallystick.resources import packaged
from tallystick.vocabulary.events import (
    Change,
    Edited,
    Exchange,
    Printed,
    Settled,
    Snapshot,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.script import Create, Edit, Ref, Settle, UseChecklist

NAME = "customwebshop-customerp"
ANN = RecordName(side="source", type="Customer", key="cus-1", label="Ann")
ANNS = RecordName(side="target", type="Customer", key=1001)
SCRIPT = (
    UseChecklist(checklist=NAME, agreement=NAME),
    Create(side="source", record=Ref("Ann", "Customer")),
    Settle(),
    Edit(side="source", record=Ref("Ann", "Customer"), values=(("email", "a@x.example"),)),
    Settle(),
)


@cache
def dataflow() -> Dataflow:
    checklist = packaged("fixtures", "checklists", f"{NAME}.rst")
    return compile_checklist(checklist, packaged("fixtures", "agreements", f"{NAME}.toml")).dataflow


def row(source: str, pair: int = 1) -> int:
    rows = dataflow().pairs[pair - 1].rows
    return next(at for at, each in enumerate(rows) if each.source.text == source)


def violation(law: str = "in-sync", anomaly: str = "not-arrived", **facts: Any) -> Violation:
    number = facts.get("row", row("email"))
    given: dict[str, Any] = {
        "event": 7,
        "pair": 1,
        "row": number,
        "direction": "target",
        "records": (ANN, ANNS),
        "expected": "a@x.example",
        "found": "b@x.example",
        "origin": dataflow().pairs[facts.get("pair", 1) - 1].rows[number].origin,
        **facts,
    }
    return Violation(law=law, anomaly=anomaly, **given)


def snapshot(**data: Any) -> Snapshot:
    return Snapshot(data=data, modified_ms=1, version=1)


def change(side: Side, key: str | int, before: Any, after: Any) -> Change:
    return Change(side=side, type="Customer", key=key, before=before, after=after)


def exchange(side: Side, method: str, target: str, status: int = 200, **more: Any) -> Exchange:
    return Exchange(
        at_ms=1, number=1, process=1, side=side, method=method, target=target, status=status, **more
    )


def journal(**more: Any) -> Journal:
    """Two syncs; the second one carries an edit over badly, and its settle is event 7."""
    old, new = snapshot(email="b@x.example"), snapshot(email="a@x.example")
    events = [
        Edited(at_ms=1, step=1, label="Ann", change=change("source", "cus-1", None, old)),
        SyncBegan(at_ms=1, number=1),
        Settled(at_ms=1, number=1, sync=1),
        Edited(at_ms=1, step=3, label="Ann", change=change("source", "cus-1", old, new)),
        SyncBegan(at_ms=1, number=2),
        exchange("target", "PUT", "/customers/1001?x=1", 412, answer={"detail": "stale"}),
        SyncEnded(at_ms=1, number=2, outcome="did"),
        Settled(at_ms=1, number=2, sync=2),
    ]
    header = Header(dataflow=dataflow(), script=SCRIPT)
    return Journal(header, events=list(more.get("events", events)), complete=True)


def printed(text: str) -> Printed:
    return Printed(at_ms=1, text=text)
