"""An ideal connector, on the level of journals: it keeps every law, and is free wherever they leave
it free. `choose` decides there: which winner where nobody can tell, what to read again, in what
order to write, whether to write all listed properties or the changed ones.

It knows only what answers have shown it (`read_states`).
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from histories import Chronicle, Name, chance

from tallystick.canonical import MISSING, Json, fingerprint, is_empty, same
from tallystick.clock import SECOND_MS
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import SIDES, Pair, Reference, Row, Side, other_side
from tallystick.dataflow.paths import elements, read
from tallystick.dataflow.projection import projected
from tallystick.dataflow.schemas import compile_schema
from tallystick.dataflow.units import NOT_APPLICABLE, Unit, units_of
from tallystick.laws.polite import MOST_REFUSALS
from tallystick.vocabulary.events import Snapshot


class GaveUp(Exception):
    """The sync is given up for now."""


@dataclass(eq=False)
class Tie:
    """A link as the connector keeps it."""

    pair: Pair
    source: Name
    target: Name
    how: str
    bases: dict[int, tuple[Json, Json]] = field(default_factory=dict)
    unresolved: set[int] = field(default_factory=set)
    ended: bool = False

    def on(self, side: Side) -> Name:
        return self.source if side == "source" else self.target


class Ideal:
    """See the module."""

    def __init__(self, world: Chronicle, choose: random.Random | None = None) -> None:
        self.world = world
        self.flow = world.dataflow
        self.choose = choose or chance(0)
        self.units = {pair.number: units_of(pair) for pair in self.flow.pairs}
        self.ties: list[Tie] = []
        self.parked: dict[tuple[int, Name], Snapshot] = {}
        self.refused: Counter[str] = Counter()  # writes, in this sync
        self.odds = 0.3
        self.number = 0
        self.busy = True  # something has changed since the last sync

    # what it knows

    def seen(self, name: Name) -> Snapshot:
        return self.world.read_states[name]

    def alive(self, name: Name) -> bool:
        return name in self.world.read_states and self.seen(name).live

    def known(self, side: Side, kind: str) -> list[Name]:
        return [n for n in self.world.all(side, kind) if n in self.world.read_states]

    def tie_of(self, pair: Pair, name: Name) -> Tie | None:
        side = self.world.side(name)
        return next((t for t in self.ties if t.pair is pair and t.on(side) == name), None)

    def ties_of(self, name: Name) -> list[Tie]:
        side = self.world.side(name)
        found = [t for t in self.ties if t.on(side) == name]
        return sorted(found, key=lambda t: t.pair.number)

    def maybe(self, odds: float | None = None) -> bool:
        return self.choose.random() < (self.odds if odds is None else odds)

    # keys of other records

    def agree(self, reference: Reference, source_key: Json, target_key: Json) -> bool | None:
        expected = self.resolve("target", reference, source_key)
        if expected is not None:
            return same(expected, target_key)
        if source_key is not None and source_key is not MISSING:
            return None
        if target_key is None or target_key is MISSING:
            return True
        return False if self.resolve("source", reference, target_key) is not None else None

    def resolve(self, to: Side, reference: Reference, key: Json) -> Json:
        side = other_side(to)
        kinds = {"source": reference.source, "target": reference.target}
        if not isinstance(key, (str, int)):
            return None
        name = self.world.names.get((side, kinds[side], key))
        for tie in self.ties_of(name) if name else ():
            if tie.pair.type_on(to) == kinds[to]:
                return self.world.keys[tie.on(to)]
        return None

    # a sync

    def sync(self) -> bool:
        self.world.begin()
        self.refused.clear()
        try:
            self._work()
        except GaveUp:
            self.world.end("failed", "later")
            return False
        self.world.end()
        return True

    def _work(self) -> None:
        before = dict(self.world.read_states)
        self._read_all()
        self.busy = before != self.world.read_states
        for at in range(8):
            wrote = self._round(first=at == 0)
            if not wrote:
                return
            if at == 0 and self.maybe():
                self._read_all()

    def _read_all(self) -> None:
        for side in SIDES:
            for kind in self.flow.types(side):
                self.world.list(side, kind)

    def _round(self, *, first: bool) -> bool:
        wrote = self._deletions()
        if first:
            self._merges()
        order = self._order()
        for pair in order:
            wrote |= self._creations(pair)
        ties = list(self.ties)
        if self.maybe():
            self.choose.shuffle(ties)
        for tie in ties:
            wrote |= self._bring_together(tie)
        return wrote

    def _order(self) -> list[Pair]:
        waiting, order = list(self.flow.pairs), []
        while waiting:
            free = [p for p in waiting if not any(self._needs(p, o) for o in waiting if o is not p)]
            chosen = self.choose.choice(free or waiting[:1])
            waiting.remove(chosen)
            order.append(chosen)
        return order

    @staticmethod
    def _needs(pair: Pair, other: Pair) -> bool:
        return any(r.reference and r.reference.source == other.source for r in pair.rows)

    # deletions

    def _deletions(self) -> bool:
        wrote = False
        for tie in self.ties:
            gone = [s for s in SIDES if not self.alive(tie.on(s))]
            if tie.ended or not gone:
                continue
            other = tie.on(other_side(gone[0]))
            if self.flow.policies.deletions == "propagate" and self.alive(other):
                wrote = True
                self.world.interrupted()
                if self.world.live(other):
                    self.world.remove(other)
                else:
                    self.world.get(other)
            tie.ended = True
        return wrote

    # merges

    def _merges(self) -> None:
        for pair in self._order():
            for source in self._by_key(self._untied(pair, "source")):
                fitting = [
                    t
                    for t in self._by_key(self._untied(pair, "target"))
                    if self._matches(pair, self.seen(source).data, self.seen(t).data)
                ]
                if fitting:
                    self.ties.append(Tie(pair, source, fitting[0], "merged"))

    def _by_key(self, names: list[Name]) -> list[Name]:
        return sorted(names, key=lambda name: self.world.keys[name])

    def _untied(self, pair: Pair, side: Side) -> list[Name]:
        return [
            name
            for name in self.known(side, pair.type_on(side))
            if self.alive(name)
            and (self.tie_of(pair, name) is None if side == "source" else not self.ties_of(name))
        ]

    @staticmethod
    def _matches(pair: Pair, source: Json, target: Json) -> bool:
        types = {(r.source.plain, r.target.plain): r.type for r in pair.rows}

        def fits(term: Any) -> bool:
            left = image(
                types.get((term.source.plain, term.target.plain)), read(source, term.source.head)
            )
            return not is_empty(left) and same(left, read(target, term.target.head))

        return any(all(fits(term) for term in terms) for terms in pair.merge)

    # creations

    def _creations(self, pair: Pair) -> bool:
        wrote = False
        for source in self._untied(pair, "source"):
            if self._covered(pair, source, set()):
                wrote |= self._create(pair, source)
        mutual = pair.create.when in ("always", "no-match")
        if self.flow.policies.create == "both" and mutual:
            for target in self._untied(pair, "target"):
                wrote |= self._create(pair, target)
        return wrote

    def _covered(self, pair: Pair, source: Name, asked: set[Any]) -> bool:
        rule, data = pair.create, self.seen(source).data
        if rule.when in ("always", "no-match"):
            return True
        if rule.when == "condition":
            return all(same(read(data, t.path.head), t.equals) for t in rule.condition)
        if rule.when == "never" or (pair.number, source) in asked:
            return False
        asked.add((pair.number, source))
        return any(
            self._refers(referrer, source)
            and (
                any(not tie.ended for tie in self.ties_of(referrer))
                or any(
                    self._covered(p, referrer, asked) for p in self.flow.pairs_of("source", kind)
                )
            )
            for kind in rule.by
            for referrer in self.known("source", kind)
            if self.alive(referrer)
        )

    def _refers(self, referrer: Name, name: Name) -> bool:
        data = self.seen(referrer).data
        kind = self.world.type(name)
        for pair in self.flow.pairs_of("source", self.world.type(referrer)):
            for row in pair.rows:
                if row.reference and row.reference.source == kind:
                    keys = (
                        [read(e, row.source.tail or ()) for e in elements(data, row.source) or []]
                        if row.source.in_list
                        else [read(data, row.source.head)]
                    )
                    if any(same(key, self.world.keys[name]) for key in keys):
                        return True
        return False

    def _create(self, pair: Pair, origin: Name) -> bool:
        to = other_side(self.world.side(origin))
        if self.parked.get((pair.number, origin)) is self.seen(origin):
            return False
        data = self._projected(pair, to, self.seen(origin).data, {}, self.world.keys[origin])
        if not compile_schema(self.flow.types(to)[pair.type_on(to)].schema).accepts(data):
            self.parked[pair.number, origin] = self.seen(origin)
            self.world.refuse(self._name(pair, origin, to), data)
            return False
        self.world.interrupted()
        made = self._name(pair, origin, to)
        self._write(made, data)
        names = (origin, made) if to == "target" else (made, origin)
        tie = Tie(pair, *names, "created")
        self.ties.append(tie)
        for index, unit in enumerate(self.units[pair.number]):
            views = self._views(tie, unit)
            agrees = None if NOT_APPLICABLE in views else unit.agrees(*views, self)
            if agrees or (unit.may_lack_place and all(map(is_empty, views))):
                tie.bases[index] = views
            elif agrees is None and NOT_APPLICABLE not in views:
                tie.bases[index] = views
                tie.unresolved.add(index)
        return True

    def _name(self, pair: Pair, origin: Name, to: Side) -> Name:
        """Name the counterpart of s1 t1, unless that name is taken."""
        mate = self.world.mate(origin)
        if self.world.pair_of(mate) is pair and mate not in self.world.states:
            return mate
        self.number += 1
        letter = "abcdef"[self.flow.pairs.index(pair)]
        return f"{to[0]}{'' if letter == 'a' else letter}{900 + self.number}"

    def _projected(self, pair: Pair, to: Side, origin: Json, onto: Json, key: Json) -> Json:
        return projected(
            pair,
            to,
            origin,
            onto,
            schema=self.flow.types(to)[pair.type_on(to)].schema,
            resolve=lambda row, k: self.resolve(to, row.reference, k),  # type: ignore[arg-type]
            key=key,
        ).data

    # keeping together

    def _views(
        self, tie: Tie, unit: Unit, data: dict[Side, Json] | None = None
    ) -> tuple[Json, Json]:
        data = data or {side: self.seen(tie.on(side)).data for side in SIDES}
        return (
            unit.view("source", data["source"], self.world.keys[tie.source]),
            unit.view("target", data["target"], self.world.keys[tie.target]),
        )

    def _bring_together(self, tie: Tie) -> bool:
        if tie.ended or not all(self.alive(tie.on(side)) for side in SIDES):
            return False
        if self.busy and self.maybe():
            for side in SIDES:
                self.world.get(tie.on(side))
            if not all(self.alive(tie.on(side)) for side in SIDES):
                return True
        data = {side: self.seen(tie.on(side)).data for side in SIDES}
        reached: dict[int, Side] = {}
        work = dict(tie.bases)
        for turn in range(6):
            carried = False
            for index, unit in enumerate(self.units[tie.pair.number]):
                winner = self._settle(tie, index, unit, data, work, stubborn=turn > 2)
                if winner is not None:
                    reached[index] = other_side(winner)
                    carried = True
            if not carried:
                break
        return self._save_all(tie, data, reached, work)

    def _settle(
        self, tie: Tie, index: int, unit: Unit, data: Any, work: Any, *, stubborn: bool
    ) -> Side | None:
        """Make one unit agree in `data`; give the side whose value won, if anything was carried."""
        views = self._views(tie, unit, data)
        agrees = None if NOT_APPLICABLE in views else unit.agrees(*views, self)
        if agrees is not False:
            (tie.unresolved.discard if agrees else tie.unresolved.add)(index)
            if agrees or NOT_APPLICABLE not in views:
                work[index] = views
            else:
                work.pop(index, None)
            return None
        winner = self._winner(tie, index, unit, views, work.get(index))
        if stubborn and not (self.flow.policies.empty == "keep" and is_empty(views[0])):
            winner = "source"  # where one property has several counterparts that all were edited
        if winner is None:
            work[index] = views
            return None
        to = other_side(winner)
        rows = Pair(
            number=0,
            source=tie.pair.source,
            target=tie.pair.target,
            create=tie.pair.create,
            rows=tuple(row for _, row in unit.rows),
        )
        made = self._projected(rows, to, data[winner], data[to], self.world.keys[tie.on(winner)])
        if not compile_schema(self.flow.types(to)[tie.pair.type_on(to)].schema).accepts(made):
            self._be_refused(tie.on(to), made)
            return None
        now = self._views(tie, unit, {**data, to: made})
        work[index] = now
        if unit.agrees(*now, self) is False:
            return None
        data[to] = made
        return winner

    def _be_refused(self, name: Name, data: Json) -> None:
        """Send what will be refused: twice in a sync at most, as the terms say."""
        write = f"{name} {fingerprint(data)}"
        self.refused[write] += 1
        if self.refused[write] <= MOST_REFUSALS:
            self.world.refuse(name, data)

    def _winner(self, tie: Tie, index: int, unit: Unit, views: Any, base: Any) -> Side | None:
        for side in SIDES:
            if unit.row.path(side).is_key:
                return side
        values = dict(zip(SIDES, views, strict=True))
        changed: list[Side] = [
            s for s, b in zip(SIDES, base or (), strict=False) if not same(values[s], b)
        ]
        filled = [s for s in SIDES if not is_empty(values[s])]
        keep = self.flow.policies.empty == "keep"
        if base is None:
            changed = list(SIDES)
        if not changed:
            resolvable = [s for s in SIDES if self._is_resolvable(unit.row, s, values[s])]
            return resolvable[0] if index in tie.unresolved and resolvable else None
        if len(changed) == 1:
            return None if keep and changed[0] not in filled else changed[0]
        if len(filled) == 1 and (keep or base is None):
            return filled[0]
        return self._conflict_winner(tie, unit)

    def _is_resolvable(self, row: Row, side: Side, key: Json) -> bool:
        return (
            row.reference is not None
            and self.resolve(other_side(side), row.reference, key) is not None
        )

    def _conflict_winner(self, tie: Tie, unit: Unit) -> Side:
        policy = self.flow.policies.conflicts
        if unit.is_list:
            return self.choose.choice(SIDES)
        if policy != "latest-wins":
            return "source" if policy == "source-wins" else "target"
        times = {side: self._served_ms(tie.on(side)) for side in SIDES}
        if times["source"] == times["target"]:
            return self.choose.choice(SIDES)
        return max(SIDES, key=times.__getitem__)

    def _served_ms(self, name: Name) -> int:
        coarse = self.flow.system(self.world.side(name)).api == "storefront/1"
        ms = self.seen(name).modified_ms
        return ms // SECOND_MS * SECOND_MS if coarse else ms

    # writing

    def _save_all(self, tie: Tie, data: Any, reached: dict[int, Side], work: Any) -> bool:
        sides: list[Side] = [s for s in SIDES if not same(data[s], self.seen(tie.on(s)).data)]
        if self.maybe():
            sides.reverse()
        for index, base in work.items():
            if index not in reached:
                tie.bases[index] = base
        for index in [i for i in tie.bases if i not in work]:
            del tie.bases[index]
        for side in sides:
            saved = self._save(tie, side, data[side])
            if not saved:
                return True
            for index, to in reached.items():
                if to == side or to not in sides:
                    tie.bases[index] = work[index]
        return bool(sides)

    def _save(self, tie: Tie, side: Side, wanted: Json) -> bool:
        name = tie.on(side)
        known = self.seen(name)
        if self.flow.system(side).api == "storefront/1":
            patch = self._patch(known.data, wanted, tie.pair, side)
            self.world.interrupted()
            if not self.world.live(name):
                self.world.get(name)
                return False
            self._write(name, _merged(self.world.data(name), patch), body={"data": patch})
            return True
        self.world.interrupted()
        if self.world.states[name] is not known:
            status = 412 if self.world.live(name) else 410
            self.world.exchange(side, "PUT", self.world.url(name), status, body={"data": wanted})
            self.world.get(name)
            return False
        self._write(name, wanted)
        return True

    def _write(self, name: Name, data: Json, **facts: Any) -> None:
        """Write without being interrupted once more."""
        meddle, self.world.meddle = self.world.meddle, None
        self.world.write(name, data, **facts)
        self.world.meddle = meddle

    def _patch(self, before: Json, after: Json, pair: Pair, side: Side) -> Json:
        patch = _difference(before, after)
        if self.maybe(0.2):  # all listed properties, whether they changed or not
            for row in pair.rows:
                head = row.path(side).head
                if head and head[0] in after and head[0] not in patch and len(head) == 1:
                    patch[head[0]] = after[head[0]]
        return patch


def _difference(before: Json, after: Json) -> Json:
    patch: dict[str, Json] = {}
    for name in {**before, **after}:
        was, now = before.get(name, MISSING), after.get(name, MISSING)
        if now is MISSING:
            patch[name] = None
        elif isinstance(was, dict) and isinstance(now, dict):
            inner = _difference(was, now)
            if inner:
                patch[name] = inner
        elif was is MISSING or not (same(was, now) and type(was) is type(now)):
            patch[name] = now
    return patch


def _merged(data: Json, patch: Json) -> Json:
    out = dict(data)
    for name, value in patch.items():
        if value is None:
            out.pop(name, None)
        elif isinstance(value, dict) and isinstance(out.get(name), dict):
            out[name] = _merged(out[name], value)
        else:
            out[name] = value
    return out
