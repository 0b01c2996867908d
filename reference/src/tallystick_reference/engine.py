"""The sync: read what changed, look at each record freshly, and act.

A listing is only ever a hint of what to look at. Every decision rests on a record's own GET, so
that listings that are empty, short or old can do no harm beyond a delay.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import product
from urllib.parse import quote

from tallystick_reference.dataflow import Dataflow, Pair
from tallystick_reference.dialect import Batch, Dialect
from tallystick_reference.errors import DecideAgain, GaveUp, Refused, Unavailable
from tallystick_reference.merge import Base, Merge, Merged, landed
from tallystick_reference.records import SIDES, Record, Side, opposite
from tallystick_reference.store import Intent, Link, Store
from tallystick_reference.values import Data, Json, NoValue, canonical, digest, empty, same


class Engine:
    """Brings all pairs in sync, once for each call of `sync`."""

    rounds = 8
    tries = 6

    def __init__(
        self, dataflow: Dataflow, systems: dict[Side, Dialect], store: Store, merge: Merge
    ) -> None:
        self.dataflow = dataflow
        self.systems = systems
        self.store = store
        self.merge = merge
        self._visited: dict[tuple[Side, str, str], bool] = {}

    def sync(self) -> None:
        """Work until nothing is left to do; raise GaveUp when something had to be left."""
        for system in self.systems.values():
            system.transport.begin()
        for _ in range(self.rounds):
            self.read()
            work = self.store.todo()
            if not work:
                return
            self._visited.clear()
            troubles = [*self.resume(), *self.work(work)]
            if troubles:
                raise GaveUp(f"{len(troubles)} records have to wait: {troubles[0]}")

    # Reading

    def read(self) -> None:
        """Note every record that is not as it was when it was last dealt with."""
        for side in SIDES:
            for type_ in self.dataflow.types(side):
                older, newer = self.store.cursor(side, type_)
                batch = self.systems[side].changes(type_, older)
                news = [record.id for record in batch.records if self.is_news(side, type_, record)]
                news += self.missing(side, type_, batch)
                for record in batch.records:
                    if record.id in news:
                        self.note_hopes(side, type_, record)
                self.store.received(side, type_, self.cursors(newer, batch), news)

    def cursors(self, newer: Json, batch: Batch) -> tuple[Json, Json]:
        """Lag one reading behind: what one answer withheld, the next one shows."""
        return newer, batch.cursor

    def is_news(self, side: Side, type_: str, record: Record) -> bool:
        """Tell whether a record has to be looked at."""
        seen = self.store.seen(side, type_, record.id)
        if record.gone and seen is None:  # gone before it was ever of interest
            return any(self.links(side, type_, record.id))
        return seen != record.mark

    def missing(self, side: Side, type_: str, batch: Batch) -> set[Json]:
        """Give the linked records that a full reading left out: deleted perhaps, but who knows."""
        if not batch.complete:
            return set()
        pairs = self.dataflow.pairs_of(side, type_)
        known = {key for pair in pairs for key in self.store.linked(pair.number, side)}
        return known - {record.id for record in batch.records}

    # Working

    def resume(self) -> list[Unavailable]:
        """Bring creates to an end whose outcome an earlier run did not live to see."""
        troubles = []
        for intent in self.store.intents():
            try:
                self.finish(intent)
            except Unavailable as trouble:
                troubles.append(trouble)
        return troubles

    def work(self, items: Iterable[tuple[Side, str, Json]]) -> list[Unavailable]:
        """Look at each record; one in trouble holds up no other."""
        troubles = []
        for item in items:
            try:
                self.visit(*item)
            except Unavailable as trouble:
                troubles.append(trouble)
        return troubles

    def visit(self, side: Side, type_: str, key: Json) -> None:
        """Look at one record, once a round, and do for it what is to be done."""
        name = (side, type_, canonical(key))
        pairs = self.dataflow.pairs_of(side, type_)
        if name in self._visited or not pairs:
            return
        self._visited[name] = False
        record = self.systems[side].get(type_, key)
        if record is not None and record.gone:
            self.store.refer(side, type_, key, set())
            for link in self.links(side, type_, key):
                self.end(link, side)
        elif record is not None:
            for pair in pairs:
                if self.store.link(pair.number, side, key) is None:
                    self.match(pair, side, record)
            self.follow(side, type_, record)
            for pair in pairs:
                self.settle(pair, side, record)
        alone = len(pairs) == 1 and any(self.links(side, type_, key))
        self.store.done(side, type_, key, record.mark if record and not alone else None)
        self._visited[name] = True

    def settle(self, pair: Pair, side: Side, record: Record) -> None:
        """Bring a record in line with its counterpart, which is made if the pair's rule says so."""
        link = self.store.link(pair.number, side, record.id)
        if link is None and self.covers(pair, side, record):
            self.create(pair, side, record)
        elif link is None:
            self.note_hopes(side, pair.types[side], record)
        elif link.state == "live":
            self.reconcile(pair, link, {side: record})

    def links(self, side: Side, type_: str, key: Json) -> list[Link]:
        """Give a record's live links."""
        pairs = self.dataflow.pairs_of(side, type_)
        links = [self.store.link(pair.number, side, key) for pair in pairs]
        return [link for link in links if link and link.state == "live"]

    # Who gets a counterpart

    def covers(self, pair: Pair, side: Side, record: Record) -> bool:
        """Tell whether a record without counterpart shall be given one."""
        if side == "target":
            free = not any(
                self.store.link(other.number, side, record.id)
                for other in self.dataflow.pairs_of(side, pair.types[side])
            )
            wanted = self.dataflow.policies.create == "both" and pair.create in ("always", "no-match")
            if wanted and free and self.in_doubt(side, pair.types[side]):
                raise Unavailable("a create of this type is in doubt")
            return wanted and free
        if pair.create == "condition":
            return all(condition.holds(record.data) for condition in pair.condition)
        if pair.create == "connected":
            referrers = self.store.referrers(side, pair.types[side], record.id)
            return any(type_ in pair.by for type_, _ in referrers)
        return pair.create in ("always", "no-match")

    def follow(self, side: Side, type_: str, record: Record) -> None:
        """Note what a record refers to, and look at that first: it may have to be created."""
        pairs = self.dataflow.pairs_of(side, type_)
        found = [
            reference
            for pair in pairs
            for row in pair.rows
            for reference in row.references(side, record)
            if not empty(reference[1])
        ]
        counts = any(self.links(side, type_, record.id)) or any(
            self.store.link(pair.number, side, record.id) is None and self.covers(pair, side, record)
            for pair in pairs
        )
        to = {(name, canonical(key)) for name, key in found} if counts else set()
        for to_type, to_text in self.store.refer(side, type_, record.id, to):
            if self._visited.get((side, to_type, to_text)):  # once more: now it is referred to
                del self._visited[side, to_type, to_text]
        for to_type, to_key in sorted(to):
            if not any(self.links(side, to_type, json.loads(to_key))):
                self.visit(side, to_type, json.loads(to_key))

    def in_doubt(self, side: Side, type_: str) -> bool:
        """Tell whether a record may have appeared here of which the link is not known yet."""
        return any(
            intent.side != side and self.dataflow.pairs[intent.pair].types[side] == type_
            for intent in self.store.intents()
        )

    # Matching

    def match(self, pair: Pair, side: Side, record: Record) -> None:
        """Link a record with one that is there already, by the pair's merge rule."""
        keys = self.match_keys(pair, side, record)
        if side == "target":
            for key in sorted({key for match in keys for key in self.store.hoping(pair.number, match)}):
                self.visit("source", pair.types["source"], key)
            return
        for other in sorted(self.candidates(pair, record), key=lambda other: other.id):
            matches = self.match_keys(pair, "target", other) & keys
            if not matches or self.taken(pair, other):
                continue
            for rival in sorted({k for match in matches for k in self.store.hoping(pair.number, match)}):
                if rival < record.id:
                    self.visit("source", pair.types["source"], rival)
            if not self.taken(pair, other):
                self.join(pair, {"source": record.id, "target": other.id}, {})
                return

    def candidates(self, pair: Pair, record: Record) -> list[Record]:
        """Find the target records that may match: the system looks up, we compare."""
        if pair.merge and self.in_doubt("target", pair.types["target"]):
            raise Unavailable("a create of this type is in doubt")
        found: dict[Json, Record] = {}
        for rows in pair.merge:
            row = rows[0]
            for value in row.lenses["source"].values(record):
                image = self.merge.image(row, value)
                if not empty(image) and not isinstance(image, NoValue):
                    text = image if isinstance(image, str) else json.dumps(image)
                    path = ".".join(row.lenses["target"].steps)
                    for other in self.systems["target"].find(pair.types["target"], path, text):
                        found[other.id] = other
        return list(found.values())

    def match_keys(self, pair: Pair, side: Side, record: Record) -> set[str]:
        """Give one text for each alternative of the merge rule: equal texts make a match."""
        keys = set()
        for number, rows in enumerate(pair.merge):
            columns = []
            for row in rows:
                values = row.lenses[side].values(record)
                if side == "source":
                    values = [self.merge.image(row, value) for value in values]
                columns.append([v for v in values if not empty(v) and not isinstance(v, NoValue)])
            keys |= {digest([number, *values]) for values in product(*columns)}
        return keys

    def taken(self, pair: Pair, target: Record) -> bool:
        """Tell whether a target record is some source record's counterpart already."""
        ended = self.store.link(pair.number, "target", target.id)
        return bool(ended) or any(self.links("target", pair.types["target"], target.id))

    def note_hopes(self, side: Side, type_: str, record: Record) -> None:
        """Note what an unlinked source record would match, should that appear later."""
        for pair in self.dataflow.pairs_of(side, type_) if side == "source" else ():
            if pair.merge and not self.store.link(pair.number, side, record.id):
                self.store.hope(pair.number, record.id, self.match_keys(pair, side, record))

    def join(self, pair: Pair, ids: dict[Side, Json], base: Base) -> None:
        """Link two records, and wake those that refer to them."""
        wake = [
            (side, *referrer)
            for side in SIDES
            for referrer in self.store.referrers(side, pair.types[side], ids[side])
        ]
        self.store.join(pair.number, ids, base, wake)

    # Creating

    def create(self, pair: Pair, side: Side, record: Record) -> None:
        """Create a record's counterpart, with all its properties, in one write."""
        other = opposite(side)
        merged = self.merge(pair.rows, {side: record, other: Record()}, {})
        data = merged.records[other].data
        mark = digest([data, record.mark])
        if self.store.parked(pair.number, other, {side: record.id}) == mark:
            return
        base = {
            name: agreed
            for name, agreed in merged.base.items()
            if name not in merged.wrote[side].values()
        }
        intent = Intent(pair=pair.number, side=side, id=record.id, data=data, base=base, mark=mark)
        self.store.intend(intent)
        self.finish(intent)
        link = self.store.link(pair.number, side, record.id)
        keyed = any(row.key_side == other for row in pair.rows)
        if link and link.state == "live" and (keyed or merged.wrote[side]):
            self.reconcile(pair, link, {})

    def finish(self, intent: Intent) -> None:
        """Send a create, again if need be: its token makes the same record of both."""
        pair, other = self.dataflow.pairs[intent.pair], opposite(intent.side)
        try:
            made = self.systems[other].create(pair.types[other], intent.data, self.token(intent))
        except Refused:
            self.store.park(intent.pair, other, {intent.side: intent.id}, intent.mark)
            return
        ids = {intent.side: intent.id, other: made.id}
        self.join(pair, ids, intent.base)
        link = self.store.link(intent.pair, intent.side, intent.id)
        if link and made.gone:
            self.end(link, other)
        elif link and self.alone(pair, other) and same(made.data, intent.data):
            self.store.agree(link, intent.base, [(other, pair.types[other], made.mark)])

    def token(self, intent: Intent) -> str:
        """Derive a create's token from the record's key: the same in every life of the process."""
        return f"tallystick-{intent.pair}-{intent.side}-{quote(str(intent.id), safe='')}"

    # Reconciling

    def reconcile(self, pair: Pair, link: Link, known: dict[Side, Record]) -> None:
        """Merge two linked records until the outcome stands."""
        for _ in range(self.tries):
            records = {side: known.get(side) or self.read_again(pair, link, side) for side in SIDES}
            gone = [side for side in SIDES if records[side].gone]
            if gone:
                self.end(link, gone[0])
                return
            base = landed(pair.rows, link.base, link.sent, records)
            merged = self.merge(pair.rows, records, base)
            try:
                self.write(pair, link, records, merged, base)
            except DecideAgain:
                link, known = self.store.link(pair.number, "source", link.ids["source"]) or link, {}
            else:
                return
        raise Unavailable("a record keeps changing under our hands")

    def read_again(self, pair: Pair, link: Link, side: Side) -> Record:
        """Read one record of a link."""
        record = self.systems[side].get(pair.types[side], link.ids[side])
        if record is None:
            raise Unavailable("a linked record is not to be found")
        return record

    def write(
        self, pair: Pair, link: Link, before: dict[Side, Record], merged: Merged, base: Base
    ) -> None:
        """Write what has to be written, then note what is agreed: all but what was refused."""
        sent = {
            side: {name: merged.base[name] for name in merged.wrote[side].values()}
            for side in SIDES
            if not same(before[side].data, merged.records[side].data)
        }
        if sent:
            self.store.sending(link, base, sent)
        agreed, after = dict(merged.base), dict(before)
        for side in sent:
            mark = digest([merged.records[side].data, *(before[s].mark for s in SIDES)])
            try:
                if self.store.parked(pair.number, side, link.ids) == mark:
                    raise Refused("it was refused before")
                data = merged.records[side].data
                after[side] = self.systems[side].update(pair.types[side], before[side], data)
            except Refused:
                self.store.park(pair.number, side, link.ids, mark)
                agreed = {k: v for k, v in agreed.items() if k not in sent[side]}
                agreed |= {name: base[name] for name in sent[side] if name in base}
        marks = [
            (side, pair.types[side], after[side].mark)
            for side in SIDES
            if self.alone(pair, side)
            and (after[side] is before[side] or same(after[side].data, merged.records[side].data))
        ]
        self.store.agree(link, agreed, marks)

    def alone(self, pair: Pair, side: Side) -> bool:
        """Tell whether no other pair has to look at this type's records, too."""
        return len(self.dataflow.pairs_of(side, pair.types[side])) == 1

    # Deletions

    def end(self, link: Link, side: Side) -> None:
        """End a link, one record of which is gone, as the policy says."""
        pair, other = self.dataflow.pairs[link.pair], opposite(side)
        if self.dataflow.policies.deletions == "detach":
            self.store.end(link, "detached")
        elif self.remove(pair, link, other):
            self.store.end(link, "dead")

    def remove(self, pair: Pair, link: Link, side: Side) -> bool:
        """Delete the record whose counterpart is gone, whatever was edited on it meanwhile."""
        for _ in range(self.tries):
            record = self.read_again(pair, link, side)
            if record.gone:
                return True
            if self.store.parked(pair.number, side, link.ids) == record.mark:
                return False
            try:
                self.systems[side].delete(pair.types[side], record)
            except DecideAgain:
                continue
            except Refused:
                self.store.park(pair.number, side, link.ids, record.mark)
                return False
            return True
        raise Unavailable("a record keeps changing under our hands")
