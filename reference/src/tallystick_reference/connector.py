"""The sync: read what has changed, look at each of these records afresh, and act.

A listing is only ever a hint where to look. Every decision rests on GETs of the records themselves,
so that listings that are empty, short or old do no harm beyond a delay.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias
from urllib.parse import quote

from .dataflow import Dataflow, Pair, Row
from .dialect import Batch, Dialect
from .errors import DecideAgain, GaveUp, Refused, Unavailable
from .merge import Merge, Records, Rows
from .records import SIDES, KeyLens, Lens, Record, Side, opposite
from .store import Intent, Item, Link, Store
from .values import Json, NoValue, canonical, digest, empty, same

Systems: TypeAlias = dict[Side, Dialect]


class Connector:
    """Keeps all pairs in sync: call `sync` as often as you like."""

    rounds = 8
    tries = 6

    def __init__(self, dataflow: Dataflow, systems: Systems, store: Store, merge: Merge) -> None:
        self.dataflow, self.systems, self.store, self.merge = dataflow, systems, store, merge
        self._visited: dict[Item, bool] = {}  # in this round, and whether the visit is over

    def close(self) -> None:
        """Let go of connections and files; nothing is lost if this is never called."""
        self.store.close()
        for system in self.systems.values():
            system.transport.close()

    def sync(self) -> None:
        """Work until nothing is left to do; raise GaveUp if something has to wait."""
        for system in self.systems.values():
            system.transport.begin()
        self.read()
        for _ in range(self.rounds):
            tasks = [partial(self.finish, intent) for intent in self.store.intents()]
            tasks += [partial(self.visit, item) for item in self.store.todo()]
            if not tasks:
                return
            waiting = []
            self._visited.clear()
            for task in tasks:
                try:
                    task()
                except Unavailable as trouble:  # which holds up nothing else
                    waiting.append(trouble)
            if waiting:
                raise GaveUp(f"{len(waiting)} records have to wait: {waiting[0]}")

    # Reading

    def read(self) -> None:
        """Note every record that is not as it was when it was dealt with last."""
        for side in SIDES:
            for type_ in self.dataflow.types(side):
                older, newer = self.store.cursors(side, type_)
                batch = self.systems[side].changes(type_, older)
                news = [r.id for r in batch.records if self.is_news(Item(side, type_, r.id), r)]
                news += self.missing(side, type_, batch)
                moved = self.next_cursors(newer, batch.cursor) if batch.records else (older, newer)
                self.store.received(side, type_, moved, news)

    def next_cursors(self, newer: str | None, newest: str) -> tuple[str | None, str]:
        """Stay one reading behind: what one answer withholds, the next one shows.

        One that shows nothing at all moves no cursor in the first place.
        """
        return newer, newest

    def is_news(self, item: Item, record: Record) -> bool:
        """Tell whether a record is in a state that has not been dealt with."""
        seen = self.store.seen(item)
        if record.gone and seen is None:  # gone before it was of interest, unless it is linked
            return any(self.links(item))
        return seen != record.mark

    def missing(self, side: Side, type_: str, batch: Batch) -> set[Json]:
        """Give the linked records that a full reading left out: deleted perhaps, but who knows."""
        pairs = self.dataflow.pairs_of(side, type_) if batch.complete else []
        known = {link.ids[side] for pair in pairs for link in self.store.linked(pair.number)}
        return known - {record.id for record in batch.records}

    # Looking at one record

    def visit(self, item: Item) -> None:
        """Look at one record, once in a round, and do what is to be done for it."""
        pairs = self.dataflow.pairs_of(item.side, item.type)
        if item in self._visited or not pairs:
            return
        self._visited[item] = False
        record = self.systems[item.side].get(item.type, item.id)
        if record is not None and record.gone:
            self.store.refer(item, set())
            for link in self.links(item):
                self.reconcile(link)
        elif record is not None:
            for pair in pairs:
                if not self.is_linked(pair, item):
                    self.match(pair, item, record)
            self.follow(item, record)
            for pair in sorted(pairs, key=lambda pair: not self.is_linked(pair, item)):
                if item in self._visited:  # else a link has changed it: creates wait for that
                    self.settle(pair, item, record)
        marked = any(self.links(item)) and not self.is_shared(item)  # then `reconcile` has done it
        if item in self._visited:  # else it has to be looked at again
            self.store.done(item, None if marked or not record else record.mark)
            self._visited[item] = True

    def follow(self, item: Item, record: Record) -> None:
        """Look first at what a record refers to: it may have to be created first."""
        pairs = self.dataflow.pairs_of(item.side, item.type)
        free = (pair for pair in pairs if not self.is_linked(pair, item))
        counts = any(self.links(item)) or any(self.covers(pair, item, record) for pair in free)
        to = self.references(item, record) if counts else set()
        for other in self.store.refer(item, to):
            if self._visited.get(other):
                del self._visited[other]  # look once more, now that something refers to it
        for other in sorted(to, key=canonical):
            if not any(self.links(other)):
                self.visit(other)

    def references(self, item: Item, record: Record) -> set[Item]:
        """Give the records that one refers to, in any of its pairs."""
        rows = [row for pair in self.dataflow.pairs_of(item.side, item.type) for row in pair.rows]
        return {Item(item.side, *to) for row in rows for to in row.references(item.side, record)}

    def settle(self, pair: Pair, item: Item, record: Record) -> None:
        """Bring a record in line with its counterpart, which is made if the pair's rule says so."""
        link = self.store.link(pair.number, item.side, item.id)
        if link and link.state == "live":
            self.reconcile(link)
        elif not link and self.covers(pair, item, record):
            self.create(pair, item.side, record)

    def covers(self, pair: Pair, item: Item, record: Record) -> bool:
        """Tell whether a record without counterpart shall be given one."""
        plain = pair.create in ("always", "no-match")
        if item.side == "target":
            both = self.dataflow.policies["create"] == "both" and plain
            if both and not self.is_taken(item):
                self.wait_for_creates("target", item.type)
                return True
            return False
        if pair.create == "condition":
            return all(condition.holds(record.data) for condition in pair.condition)
        if pair.create == "connected":
            return any(referrer.type in pair.by for referrer in self.store.referrers(item))
        return plain

    def links(self, item: Item) -> list[Link]:
        """Give a record's live links."""
        pairs = self.dataflow.pairs_of(item.side, item.type)
        found = [self.store.link(pair.number, item.side, item.id) for pair in pairs]
        return [link for link in found if link and link.state == "live"]

    def is_linked(self, pair: Pair, item: Item) -> bool:
        """Tell whether a record has, or had, a counterpart in a pair."""
        return self.store.link(pair.number, item.side, item.id) is not None

    def is_shared(self, item: Item) -> bool:
        """Tell whether several pairs have to look at a record."""
        return len(self.dataflow.pairs_of(item.side, item.type)) > 1

    # Matching

    def match(self, pair: Pair, item: Item, record: Record) -> None:
        """Link a record with one that is there already, by the pair's merge rule."""
        for other, found in self.candidates(pair, item, record):
            if item.side == "target":
                self.visit(other)
            elif not self.is_taken(other):
                for rival, _ in self.candidates(pair, other, found):
                    if rival.id < item.id:  # of several sources the lowest key has the match
                        self.visit(rival)
                if not self.is_taken(other):
                    self.join(Link(pair=pair.number, source=item.id, target=other.id), item.side)
                    return

    def candidates(self, pair: Pair, item: Item, record: Record) -> list[tuple[Item, Record]]:
        """Find the records of the other side that match, in the order of their keys."""
        side, found = opposite(item.side), {}
        for rows in pair.merge:
            if wanted := self.match_key(rows, item.side, record):
                self.wait_for_creates("target", pair.types["target"])
                for other in self.look_up(pair, rows[0], item.side, record):
                    if self.match_key(rows, side, other) == wanted:
                        found[other.id] = other
        return [(Item(side, pair.types[side], key), found[key]) for key in sorted(found)]

    def match_key(self, rows: Rows, side: Side, record: Record) -> str:
        """Give a text for what has to match: those with the same do. Nothing empty ever does."""
        values = [row.lenses[side].read(record, None) for row in rows]
        if side == "source":
            values = list(map(self.merge.image, rows, values))
        unfit = any(empty(value) or isinstance(value, NoValue) for value in values)
        return "" if unfit else canonical(values)

    def look_up(self, pair: Pair, row: Row, side: Side, record: Record) -> list[Record]:
        """Ask the other system for the records that hold this one's value of a property."""
        other = opposite(side)
        translate = self.merge.image if side == "source" else self.merge.preimage
        wanted = translate(row, row.lenses[side].read(record, None))
        if empty(wanted) or isinstance(wanted, NoValue):
            return []
        if isinstance(row.lenses[other], KeyLens):
            found = self.systems[other].get(pair.types[other], wanted)
            return [found] if found and not found.gone else []
        if type(row.lenses[other]) is not Lens:  # no system looks into its lists
            return self.systems[other].changes(pair.types[other], None).records
        text = wanted if isinstance(wanted, str) else json.dumps(wanted)
        return self.systems[other].find(pair.types[other], row.lenses[other].node, text)

    def is_taken(self, target: Item) -> bool:
        """Tell whether a target record is, or was, some source record's counterpart."""
        pairs = self.dataflow.pairs_of("target", target.type)
        return any(self.store.link(pair.number, "target", target.id) for pair in pairs)

    def wait_for_creates(self, side: Side, type_: str, origin: Json = None) -> None:
        """Wait while a create, or that of one origin, is in doubt: it may be there, unlinked."""
        for intent in self.store.intents():
            here = intent.side != side and self.dataflow.pairs[intent.pair].types[side] == type_
            if here and origin in (None, intent.id):
                raise Unavailable("a create is in doubt")

    def join(self, link: Link, origin: Side) -> None:
        """Link two records; look again at the one it was done for, and at what refers to them."""
        items = [self.item(link, side) for side in SIDES]
        wake = [referrer for item in items for referrer in self.store.referrers(item)]
        self.store.save(link, wake=[self.item(link, origin), *wake])

    # Creating

    def create(self, pair: Pair, side: Side, record: Record) -> None:
        """Create a record's counterpart with all its properties in one write."""
        other, origin = opposite(side), {side: record.id}
        self.wait_for_creates(other, pair.types[other], record.id)
        merged = self.merge(pair.rows, {side: record, other: Record()}, {})
        data = merged.records[other].data
        mark = digest([data, record.mark])
        if self.store.parked(pair.number, other, origin) == mark:
            return
        later = self.merge.written(pair.rows, merged, side)
        base = {name: agreed for name, agreed in merged.base.items() if name not in later}
        intent = Intent(pair=pair.number, side=side, id=record.id, data=data, base=base, mark=mark)
        self.store.intend(intent)
        self.finish(intent)
        link = self.store.link(pair.number, side, record.id)
        if link and link.state == "live" and (later or any(r.key_side == other for r in pair.rows)):
            self.reconcile(link)

    def finish(self, intent: Intent) -> None:
        """Send a create, the first time or again: its token makes the same record of both."""
        pair, side, other = self.dataflow.pairs[intent.pair], intent.side, opposite(intent.side)
        try:
            made = self.systems[other].create(pair.types[other], intent.data, self.token(intent))
        except Refused:
            self.store.park(pair.number, other, {side: intent.id}, intent.mark)
            return
        link = Link(pair=pair.number, **{side: intent.id, other: made.id}, base=intent.base)
        self.join(link, side)
        item = self.item(link, other)
        if made.gone:
            self.reconcile(link)
        elif not self.is_shared(item) and same(made.data, intent.data):
            self.store.save(link, seen=[(item, made.mark)])

    def token(self, intent: Intent) -> str:
        """Derive a create's token from the record's key: the same in every life of the process."""
        return f"tallystick-{intent.pair}-{intent.side}-{quote(str(intent.id), safe='')}"

    # Keeping in sync

    def reconcile(self, link: Link) -> None:
        """Bring two linked records in line, read afresh each time that is tried."""
        for _ in range(self.tries):
            records = {side: self.reread(link, side) for side in SIDES}
            gone = any(record.gone for record in records.values())
            try:
                self.end(link, records) if gone else self.write(link, records)
            except DecideAgain:
                link = self.store.link(link.pair, "source", link.source) or link
            else:
                return
        raise Unavailable("a record keeps changing under our hands")

    def reread(self, link: Link, side: Side) -> Record:
        """Read one record of a link."""
        item = self.item(link, side)
        if record := self.systems[side].get(item.type, item.id):
            return record
        raise Unavailable("a linked record is not to be found")

    def write(self, link: Link, before: Records) -> None:
        """Merge, write what that changes, and note what is agreed: all but what was refused."""
        rows = self.dataflow.pairs[link.pair].rows
        base = self.merge.landed(rows, before, link.base, link.sent)
        merged = self.merge(rows, before, base)
        sent = {side: self.merge.written(rows, merged, side) for side in SIDES}
        link = replace(link, base=base, sent=sent)
        if any(sent.values()):
            self.store.save(link)
        agreed, seen, wake = merged.base, [], []
        for side in SIDES:
            item, wanted = self.item(link, side), merged.records[side].data
            after = self.update(link, side, before, wanted)
            if after is None:
                agreed = {name: old for name, old in agreed.items() if name not in sent[side]}
                agreed |= {name: base[name] for name in sent[side] if name in base}
                after, wanted = before[side], before[side].data
            shared = after is not before[side] and self.is_shared(item)
            news = self.store.refer(item, self.references(item, before[side]))
            new = any(not self.links(other) for other in news)
            if new or shared or not same(after.data, wanted):
                wake.append(item)  # others have a stake, or have edited it meanwhile
                self._visited.pop(item, None)
            elif not self.is_shared(item):
                seen.append((item, after.mark))
        self.store.save(replace(link, base=agreed, sent={}), seen=seen, wake=wake)

    def update(self, link: Link, side: Side, before: Records, data: Json) -> Record | None:
        """Write one record, if there is anything new to write; None if that is refused."""
        if same(data, before[side].data):
            return before[side]
        mark = digest([data, *(before[side].mark for side in SIDES)])
        update = partial(self.systems[side].update, self.item(link, side).type, before[side], data)
        return self.attempt(link, side, mark, update)

    def end(self, link: Link, records: Records) -> None:
        """End a link, a record of which is gone: a deletion wins over any edit of the other."""
        propagate = self.dataflow.policies["deletions"] == "propagate"
        wake = []
        for side, record in records.items():
            if propagate and not record.gone:
                wake.append(self.item(link, side))
                delete = partial(self.systems[side].delete, wake[-1].type, record)
                if self.attempt(link, side, record.mark, delete) is None:
                    return
                self._visited.pop(wake[-1], None)  # its other counterparts are to go, too
        self.store.save(replace(link, state="dead" if propagate else "detached"), wake=wake)

    def attempt(
        self, link: Link, side: Side, mark: str, write: Callable[[], Record]
    ) -> Record | None:
        """Send a write, unless the same was refused before; None if it is refused."""
        if self.store.parked(link.pair, side, link.ids) == mark:
            return None
        try:
            return write()
        except Refused:
            self.store.park(link.pair, side, link.ids, mark)
            return None

    def item(self, link: Link, side: Side) -> Item:
        """Give one record of a link."""
        return Item(side, self.dataflow.pairs[link.pair].types[side], link.ids[side])
