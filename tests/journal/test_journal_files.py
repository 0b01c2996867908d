"""Journals on disk: what is read is what was written, and half a journal is none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest

from tallystick.canonical import same
from tallystick.connectors.environment import TOKENS
from tallystick.dataflow.schemas import compile_schema
from tallystick.errors import BadInput
from tallystick.journal.journal import FORMAT, Header, Journal, load, save, to_lines
from tallystick.journal.lines import event_from_json, event_kind, event_to_json
from tallystick.resources import schema
from tallystick.run.explore import try_script
from tallystick.run.stage import Theatre
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.events import (
    Change,
    Edited,
    Event,
    Exchange,
    Killed,
    Notified,
    Printed,
    Settled,
    Skipped,
    Snapshot,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.script import Create, Delete, Edit, Ref, Settle
from tallystick.vocabulary.weather import Fault, Kill

ODD = 'a"\\|\n\r\t\x00\x7f\x85\u2028\u2029\x1c\u202e\U0001f9feZoe\u0308'
BEFORE = Snapshot(data={"name": ODD, "n": 1.5, "list": [{}, None]}, modified_ms=1, version=1)
AFTER = Snapshot(data={}, modified_ms=2, version=2, deleted_ms=2, reference="ref-1")
MADE = Change(side="source", type="Order", key="ord-1", before=None, after=BEFORE)
GONE = Change(side="target", type="SalesOrder", key=1001, before=BEFORE, after=AFTER)
EVENTS = (
    Edited(at_ms=1, step=1, label=f"Ann {ODD}", change=MADE),
    Edited(at_ms=2, step=2, label="Ann", change=GONE),
    Skipped(at_ms=2, step=3, why=ODD),
    Exchange(
        at_ms=3, number=1, process=1, side="source", method="GET", target="/orders", status=200
    ),
    Exchange(
        at_ms=4,
        number=2,
        process=2,
        side="target",
        method="PUT",
        target="/orders/1?x=%C3%AB",
        status=0,
        answered=False,
        body={"data": {"name": ODD}},
        answer=[None, False, 0, ""],
        token="unknown",
        headers={"if-match": 'W/"1"'},
        retry_after_s=0,
        fault="reset-after",
        changes=(MADE, GONE),
    ),
    Exchange(
        at_ms=5,
        number=3,
        process=1,
        side="target",
        method="POST",
        target="/",
        status=500,
        body=0,
        answer=False,
        token="target",
    ),
    Strayed(at_ms=6, process=1, origin="https://elsewhere.test"),
    Strayed(at_ms=6, process=1, origin="https://elsewhere.test:444", tokens=("source", "target")),
    Started(at_ms=7, process=1),
    Killed(at_ms=8, process=1),
    Notified(at_ms=8, number=1, side="source", type="Customer", key="cus-1"),
    Notified(at_ms=8, number=2, side="source", type="Customer", key=7, fate="overtaken"),
    SyncBegan(at_ms=9, number=1),
    SyncEnded(at_ms=10, number=1, outcome="did"),
    SyncEnded(at_ms=10, number=2, outcome="failed", why=ODD),
    SyncEnded(at_ms=10, number=3, outcome="crashed", why="it hammers"),
    Settled(at_ms=11, number=1, sync=1),
    Settled(at_ms=11, number=2, sync=3, calm=0),
    Printed(at_ms=12, text=ODD),
    Printed(at_ms=12, text="<source-token>", tokens=("source",)),
)
SCRIPT = (
    Create(side="source", record=Ref("Ann", "Customer"), values=(("firstName", ODD[:3]),)),
    Fault(request=2, fault="unavailable", seconds=2),
    Kill(request=1, moment="after", counting="write"),
    Settle(),
    Edit(side="source", record=Ref("Ann", "Customer"), values=(("firstName", "\u2028\x85 "),)),
    Settle(),
    Delete(side="source", record=Ref("Ann", "Customer")),
    Delete(side="source", record=Ref("Ann", "Customer")),
    Settle(),
)


@pytest.fixture(scope="module")
def real():
    """The journal of a world with the reference."""
    with InProcess() as network:
        theatre = Theatre(network)
        agreed = theatre.dataflow("customwebshop-customerp", "customwebshop-customerp", None)
        trial = try_script(theatre, agreed, SCRIPT)
        theatre.close()
    assert not trial.violations
    return trial.journal


@pytest.fixture
def written(real):
    """A journal with every kind of event, under the real one's header."""
    return Journal(real.header, list(EVENTS), complete=True)


@pytest.fixture
def path(written, tmp_path):
    save(written, tmp_path / "one.journal")
    return tmp_path / "one.journal"


def lines_of(path):
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def test_the_list_has_every_kind():
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    assert {event_kind(event) for event in EVENTS} == set(
        schema("journal")["properties"]["event"]["enum"]
    )


@pytest.mark.parametrize("event", EVENTS, ids=event_kind)
def test_an_event_is_read_as_it_was_written(event):
    document = json.loads(json.dumps(event_to_json(event)))
    assert next(iter(document)) == "event"
    assert event_from_json(document) == event
    assert compile_schema(schema("journal")).violations(document) == []


def test_what_is_by_default_is_left_out():
    document = event_to_json(EVENTS[3])
    assert set(document) == {
        *("event", "at_ms", "number", "process", "side", "method", "target", "status")
    }
    assert event_to_json(Printed(at_ms=1, text="")) == {"event": "printed", "at_ms": 1, "text": ""}


def test_false_and_nothing_are_told_apart():
    exchange = replace(EVENTS[3], body=False, answer="")
    assert event_from_json(event_to_json(exchange)) == exchange
    assert event_from_json(event_to_json(exchange)).body is False


def test_a_journal_is_read_as_it_was_written(written, path):
    again = load(path)
    assert again == written
    assert again.complete


def test_a_real_journal_is_read_as_it_was_written(real, tmp_path):
    save(real, tmp_path / "real.journal")
    again = load(tmp_path / "real.journal")
    assert again.events == real.events
    assert again.header == real.header
    save(again, tmp_path / "again.journal")
    assert (tmp_path / "again.journal").read_bytes() == (tmp_path / "real.journal").read_bytes()


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x1c", "\r", "\n", "\x0b", "\ud83e", "\ufeff"])
def test_no_character_tears_a_line(real, tmp_path, odd):
    script = (Create(side="source", record=Ref(odd, "Customer"), values=(("firstName", odd),)),)
    header = replace(real.header, title=odd, script=script)
    written = Journal(header, [Printed(at_ms=1, text=f"a{odd}b")], complete=True)
    save(written, tmp_path / "odd.journal")
    assert load(tmp_path / "odd.journal") == written
    assert len((tmp_path / "odd.journal").read_bytes().splitlines()) == 3


def test_a_header_alone(real, tmp_path):
    header = Header(dataflow=real.header.dataflow, seed=7, skew_ms={"target": 1500}, title="t")
    save(Journal(header, complete=True), tmp_path / "empty.journal")
    assert load(tmp_path / "empty.journal") == Journal(header, complete=True)
    assert len(lines_of(tmp_path / "empty.journal")) == 2


def test_the_footer_only_where_the_world_was_closed(real):
    open_ = Journal(real.header, list(EVENTS))
    assert len(list(to_lines(open_))) == 1 + len(EVENTS)
    *_, footer = to_lines(replace(open_, complete=True))
    assert json.loads(footer) == {"end": True, "events": len(EVENTS)}


def test_a_half_written_one_never_stands_under_its_name(path, written, monkeypatch):
    before = path.read_bytes()

    def torn(*_):
        raise OSError("disk full")

    monkeypatch.setattr("tallystick.journal.journal.event_to_json", torn)
    with pytest.raises(OSError, match="disk full"):
        save(written, path)
    with pytest.raises(OSError, match="disk full"):
        save(written, path.with_name("other.journal"))
    assert path.read_bytes() == before
    assert not path.with_name("other.journal").exists()


def test_nothing_is_left_beside_it(path):
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def cut(lines):
    return lines[:-1]


def without_an_event(lines):
    return lines[:4] + lines[5:]


def one_too_many(lines):
    return [*lines[:4], lines[3], *lines[4:]]


def footer_in_the_middle(lines):
    return [*lines[:3], lines[-1], *lines[3:]]


def altered(at, change):
    def alter(lines):
        document = json.loads(lines[at])
        change(document)
        rest = lines[at:][1:]
        return [*lines[:at], json.dumps(document), *rest]

    return alter


BROKEN = [
    (cut, len(EVENTS) + 1, "no footer, or lines are missing"),
    (without_an_event, len(EVENTS) + 1, "lines are missing"),
    (one_too_many, len(EVENTS) + 3, "lines are missing"),
    (footer_in_the_middle, len(EVENTS) + 3, "lines are missing"),
    (lambda lines: lines[:1], 1, "no footer"),
    (lambda _: [], 1, "this is no journal"),
    (lambda lines: lines[1:], 1, "this is no journal"),
    (lambda lines: [*lines[:5], lines[5][:-3], *lines[6:]], 6, "not JSON"),
    (lambda lines: [*lines[:5], "", *lines[5:]], 6, "not JSON"),
    (lambda lines: [*lines[:2], "[]", *lines[3:]], 3, "the line"),
    (lambda lines: [*lines[:2], "{}", *lines[3:]], 3, "the line"),
    (altered(0, lambda d: d.update(journal="tallystick-journal/9")), 1, "journal"),
    (altered(0, lambda d: d.pop("script")), 1, "script"),
    (altered(2, lambda d: d.update(event="danced")), 3, "event"),
    (altered(2, lambda d: d.pop("event")), 3, "the line"),
    (altered(2, lambda d: d.update(at_ms="soon")), 3, "at_ms"),
    (altered(2, lambda d: d["change"].update(side="left")), 3, "change"),
    (altered(2, lambda d: d["change"]["after"].update(version=0)), 3, "version"),
    (altered(2, lambda d: d["change"].pop("before")), 3, "before"),
    (altered(4, lambda d: d.update(more=1)), 5, "no such event"),
    (altered(9, lambda d: d.update(more=1)), 10, "no such event"),
    (altered(-1, lambda d: d.update(events=1)), len(EVENTS) + 2, "lines are missing"),
    (altered(-1, lambda d: d.update(end=False)), len(EVENTS) + 2, "end"),
]


@pytest.mark.parametrize(("break_it", "line", "message"), BROKEN)
def test_what_is_broken_says_where(path, break_it, line, message):
    lines = break_it(lines_of(path))
    path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load(path)
    [problem] = caught.value.problems
    assert str(problem).startswith(f"{path}:{line}: ")
    assert message in problem.text


def test_a_dataflow_or_script_that_is_none(path):
    lines = lines_of(path)
    for change, message in (
        (lambda d: d.update(script=[{"do": "dance"}]), "dance"),
        (lambda d: d.update(dataflow={}), "."),
    ):
        path.write_text("\n".join(altered(0, change)(lines)), encoding="utf-8")
        with pytest.raises(BadInput, match=message) as caught:
            load(path)
        assert str(caught.value).startswith(str(path))


def test_what_is_no_text(tmp_path):
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00")
    for name in ("nobody", "picture", "."):
        with pytest.raises(BadInput, match="cannot be read"):
            load(tmp_path / name)


def test_the_schema_takes_every_line_of_a_real_journal(real):
    check = compile_schema(schema("journal"))
    documents = [json.loads(line) for line in to_lines(real)]
    assert {document.get("event") for document in documents} >= {
        *("edited", "exchange", "killed", "settled", "skipped", "started", "syncbegan", "syncended")
    }
    assert [
        check.violations(document) for document in documents if check.violations(document)
    ] == []
    for document in documents:
        for wrong in (
            {**document, "event": "danced"},
            {**document, "journal": FORMAT, "end": True},
        ):
            assert check.violations(wrong)


def test_every_needed_field_is_needed(real):
    check = compile_schema(schema("journal"))
    for event in EVENTS:
        document = event_to_json(event)
        for name in document:
            rest = {each: value for each, value in document.items() if each != name}
            try:
                kept = same(event_to_json(event_from_json(rest)), rest)
            except (KeyError, TypeError):
                kept = False
            assert kept == (check.violations(rest) == []), (event_kind(event), name)


def test_no_token_stands_in_a_journal(tmp_path):
    with InProcess() as network:
        theatre = Theatre(network, connector="python:journal_connectors:telltale")
        agreed = theatre.dataflow("customwebshop-customerp", "customwebshop-customerp", None)
        world = theatre.world(agreed, script=SCRIPT)
        world.start()
        world.settle()
        save(world.close(), tmp_path / "telltale.journal")
        theatre.close()
    text = (tmp_path / "telltale.journal").read_text(encoding="utf-8")
    assert not [token for token in TOKENS.values() if token in text]
    events = load(tmp_path / "telltale.journal").events
    assert {side for e in events if isinstance(e, Printed) for side in e.tokens} == set(TOKENS)
    assert [e.tokens for e in events if isinstance(e, Strayed)] == [("source",)]
    assert {e.token for e in events if isinstance(e, Exchange)} == {"source", "target", "unknown"}
    assert any(isinstance(e, SyncEnded) and "<target-token>" in e.why for e in events)
