"""The records of both systems as the journal tells them. Rule: it remembers, and judges nothing.

`History` is a fold over events. For each record it keeps the newest snapshot, who made it, and what
people and the connector did to it since its link was last judged; never more, so that its cost
does not grow with the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import unquote

from tallystick.canonical import Json, same
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.laws.verdict import RecordName
from tallystick.vocabulary.events import (
    Change,
    Edited,
    Event,
    Exchange,
    Killed,
    Settled,
    Snapshot,
    Started,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.weather import FAULT_WORDS, LIST_FAULTS

__all__ = ["Act", "History", "Record"]

Actor = Literal["person", "connector"]


@dataclass(frozen=True, slots=True)
class Act:
    """One change of one record: by whom, when, and at which event of the journal.

    Of the connector's: `acknowledged` tells whether it was told so, `blind` whether it wrote over
    an edit by people that no answer had shown it yet.
    """

    by: Actor
    event: int
    at_ms: int
    before: Snapshot | None
    after: Snapshot
    acknowledged: bool = True
    blind: bool = False


@dataclass(slots=True, eq=False)
class Record:
    """A record and what happened to it lately. `acts` reaches back to its last judgement."""

    side: Side
    type: str
    key: str | int
    now: Snapshot
    birth: Act
    label: str = ""
    acts: list[Act] = field(default_factory=list)
    deletion: Act | None = None
    unsure: bool = False  # whether some pair may have merged it, nobody can tell with what
    withheld: bool = False  # its newest state was kept from the connector by a faulty listing
    edited_event: int = -1  # the last event at which people edited it
    first_seen: int = 1 << 62  # the first event at which an answer showed it
    seen_event: int = -1  # the last one
    seen_gone: bool = False  # whether an answer showed that it was deleted
    seen: Mapping[str, Json] | None = None  # the data that an answer last showed the connector

    @property
    def live(self) -> bool:
        """Whether it is still there."""
        return self.now.live

    @property
    def data(self) -> Mapping[str, Json]:
        """What it holds, or held when it was deleted."""
        if self.deletion is not None and self.deletion.before is not None:
            return self.deletion.before.data
        return self.now.data

    @property
    def name(self) -> RecordName:
        """How people name it."""
        return RecordName(side=self.side, type=self.type, key=self.key, label=self.label)

    @property
    def shown(self) -> bool:
        """Whether some answer has shown the connector its newest state."""
        if not self.live:
            return self.seen_gone
        return self.seen is not None and same(self.seen, self.now.data)

    @property
    def has_unseen_edit(self) -> bool:
        """Whether people have edited it since an answer last showed it."""
        return self.edited_event > self.seen_event

    def acts_by(self, actor: Actor, since: int = -1) -> list[Act]:
        """Give what one actor did after the event `since`."""
        return [act for act in self.acts if act.by == actor and act.event > since]


GONE: Final = 410


class History:
    """All records of a world, and where in its syncs the journal stands."""

    def __init__(self, dataflow: Dataflow, *, skew_ms: int = 0, own_pace: bool = False) -> None:
        self.dataflow = dataflow
        self.skew_ms = skew_ms
        self.own_pace = own_pace
        self.records: dict[Side, dict[str, dict[str | int, Record]]] = {
            "source": {name: {} for name in dataflow.source_types},
            "target": {name: {} for name in dataflow.target_types},
        }
        self.event = -1
        self.now_ms = 0
        self.sync_number = 0
        self.sync_began = -1  # event index; edits after it are not due at the settle that follows
        self.settled = -1  # event index of the last settle
        self.process = 0
        self.writes: dict[Side, int] = {"source": 0, "target": 0}  # in the last sync, answered 2xx
        self._writes: dict[Side, int] = {"source": 0, "target": 0}  # in the one that goes on
        self.first_sync = 1 << 62  # event of the first sync since the last judged settle
        self.syncs: list[int] = []  # the events of all syncs since then
        self.at_work = False  # between a sync's begin and its end
        self.disturbed = False  # a listing was not to be believed, since the last judged settle
        self.situations: dict[str, None] = {}  # what weather there was since then, in order
        self.changed: dict[int, Record] = {}  # by identity; since the last settle
        self._type_at: dict[Side, dict[str, str]] = {
            side: {kind.path: name for name, kind in dataflow.types(side).items()} for side in SIDES
        }

    def feed(self, event: Event) -> None:
        """Take the next event in."""
        self.event += 1
        self.now_ms = event.at_ms
        match event:
            case Exchange():
                self._writes[event.side] += bool(event.changes)
                if event.fault:
                    self._note_fault(event)
                known = event.answered and 200 <= event.status < 300
                for change in event.changes:
                    self._change(change, "connector", event.at_ms, acknowledged=known)
            case Edited():
                self._change(event.change, "person", event.at_ms, label=event.label)
            case SyncBegan():
                self.sync_number = event.number
                self.sync_began = self.event
                self.at_work = True
                self.first_sync = min(self.first_sync, self.event)
                self.syncs.append(self.event)
                if not self.own_pace:
                    self._count_writes_anew()
            case SyncEnded():
                self.at_work = False
                if not self.own_pace:
                    self.writes = self._writes
            case Settled() if self.own_pace:  # nobody asks it to sync: what counts ends here
                self.writes = self._writes
                self._count_writes_anew()
            case Killed():
                self.at_work = False
                self.situations["after a kill"] = None
            case Started():
                self.process = event.process
            case _:
                return

    def _count_writes_anew(self) -> None:
        self._writes = {"source": 0, "target": 0}

    def close_settle(self) -> None:
        """Forget what belonged to the settle that was just judged."""
        self.settled = self.event
        self.changed.clear()
        self.first_sync = 1 << 62
        self.syncs.clear()
        self.disturbed = False
        self.situations.clear()

    def _note_fault(self, exchange: Exchange) -> None:
        self.situations[f"after: a request {FAULT_WORDS[exchange.fault].split(' for ')[0]}"] = None
        if exchange.fault not in LIST_FAULTS:
            return
        self.disturbed = True
        type_name = self.type_at(exchange.side, exchange.target)
        for record in self.records[exchange.side].get(type_name, {}).values():
            if not record.shown:
                record.withheld = True

    def note_seen(self, exchange: Exchange) -> None:
        """Remember what an answer showed the connector. Call it once the laws have looked."""
        type_name = self.type_at(exchange.side, exchange.target)
        if not exchange.answered or not type_name or not isinstance(exchange.answer, dict):
            return
        answer = exchange.answer
        if exchange.status == GONE:
            answer = {"id": self._key_at(exchange), "removed": True}
        envelopes = answer.get("items") or answer.get("value") or (answer,)
        known = self.records[exchange.side][type_name]
        for envelope in envelopes:
            record = known.get(envelope["id"]) if "id" in envelope else None
            if record is not None:
                self._show(record, envelope)

    def _show(self, record: Record, envelope: Mapping[str, Json]) -> None:
        record.seen_event = self.event
        record.first_seen = min(record.first_seen, self.event)
        if "deleted_at" in envelope or "removed" in envelope:
            record.seen_gone = True
        elif "data" in envelope:
            record.seen = envelope["data"]
        if record.withheld and record.shown:
            record.withheld = False

    def _key_at(self, exchange: Exchange) -> str | int:
        """Give the key that a request's path ends in."""
        text = exchange.target.split("?", 1)[0].rsplit("/", 1)[-1]
        is_ledger = self.dataflow.system(exchange.side).api == "ledger/1"
        return int(text) if is_ledger and text.isdecimal() else unquote(text)

    def type_at(self, side: Side, target: str) -> str:
        """Give the name of the type that a request's path leads to, or ""."""
        slug = target.split("?", 1)[0].strip("/").split("/", 1)[0]
        return self._type_at[side].get(slug, "")

    def _change(
        self,
        change: Change,
        by: Actor,
        at_ms: int,
        *,
        label: str = "",
        acknowledged: bool = True,
    ) -> None:
        of_type = self.records[change.side].setdefault(change.type, {})
        record = of_type.get(change.key)
        blind = by == "connector" and record is not None and self._is_unseen(record)
        act = Act(by, self.event, at_ms, change.before, change.after, acknowledged, blind)
        if by == "person" and record is not None:
            record.withheld = False
        if record is None:
            record = Record(change.side, change.type, change.key, change.after, act, label)
            of_type[change.key] = record
        record.now = change.after
        record.acts.append(act)
        if by == "person":
            record.edited_event = self.event
        if not change.after.live and record.deletion is None:
            record.deletion = act
            record.seen_gone = by == "connector" and acknowledged
        self.changed[id(record)] = record

    def _is_unseen(self, record: Record) -> bool:
        """Tell whether people edited a record, and no answer could show it to the connector yet.

        What they did before the sync began it ought to have looked for, in fine weather.
        """
        late = record.edited_event > self.sync_began or record.withheld or bool(self.situations)
        return late and record.has_unseen_edit

    def record(self, side: Side, type_name: str, key: Json) -> Record | None:
        """Give a record, deleted ones included."""
        if not isinstance(key, (str, int)):
            return None  # what people wrote where a key belongs
        return self.records[side].get(type_name, {}).get(key)

    def all_of(self, side: Side, type_name: str) -> list[Record]:
        """Give the records of a type in order of their making, deleted ones included."""
        return list(self.records[side].get(type_name, {}).values())

    def sync_of(self, act: Act) -> int:
        """Give the event at which the sync began in which the connector did something."""
        return max((began for began in self.syncs if began < act.event), default=self.sync_began)

    def states(self, record: Record, since: int) -> list[Mapping[str, Json]]:
        """Give what a record held after event `since`, what it held at that moment included."""
        acts = [act for act in record.acts if act.event > since]
        held = [act.after.data for act in acts if act.after.live]
        if acts and acts[0].before is not None:
            held.insert(0, acts[0].before.data)
        return held or [record.data]

    @staticmethod
    def leaves_data(act: Act) -> bool:
        """Tell whether an act changed nothing of the data."""
        return act.before is not None and act.after.live and same(act.before.data, act.after.data)
