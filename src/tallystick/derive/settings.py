"""What must be there before a scenario can begin. Rule: it makes steps out of rules, no scenarios.

A `Setting` is one scenario's cast of records. `linked` tells what people have to do so that a
record gets its counterpart at the next synchronization, whatever the pair's rule asks for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tallystick.canonical import MISSING, Json, is_empty, same
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import Dataflow, MergeTerm, Pair, Row, Side
from tallystick.dataflow.paths import Path, elements, parse_path, read, write
from tallystick.derive.crossing import atlas_of
from tallystick.derive.labels import counterpart_of, namers
from tallystick.derive.samples import sample_record, sample_value
from tallystick.vocabulary.script import Create, KeyOf, Ref, Step, Values

__all__ = ["Linked", "Setting", "linking_rows", "on_first", "standing"]

Terms = tuple[MergeTerm, ...]
_TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A source record that will be linked: who it is, what it holds, and what people do for it.

    `there` is what the target record holds that it will be merged with, if it will be.
    """

    ref: Ref
    data: Json
    there: Json = MISSING
    steps: tuple[Step, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it takes no more than that the record is created."""
        return len(self.steps) == 1


def on_first(path: Path) -> str:
    """Give a path as a script writes it: `lines[1].price` for a property of each line."""
    return path.text.replace("[]", "[1]")


def standing(data: Json, path: Path, position: int = 1) -> Json:
    """Give what stands at a path; of a list, in its `position`-th element (from 1)."""
    if not path.in_list:
        return read(data, path.head)
    found = elements(data, path) or []
    return read(found[position - 1], path.tail or ()) if len(found) >= position else MISSING


def linking_rows(dataflow: Dataflow, pair: Pair) -> Iterator[tuple[Pair, Row]]:
    """Give the rows by which a record of another type can connect a record of `pair`."""
    for name in pair.create.by:
        for other in dataflow.pairs_of("source", name):
            for row in other.rows:
                if row.reference is not None and row.reference.source == pair.source:
                    yield other, row


@dataclass(slots=True)
class Setting:
    """One scenario's records; every `linked` and `alone` adds one more."""

    dataflow: Dataflow
    pair: Pair
    _counts: Counter[str] = field(default_factory=Counter)

    def label(self, type_name: str) -> str:
        """Give the name of the next record of a source type."""
        at = self._counts[type_name]
        self._counts[type_name] += 1
        return namers(self.dataflow)[type_name](at)

    def ref(self, pair: Pair) -> Ref:
        """Name the next record of a pair's source type."""
        return Ref(self.label(pair.source), pair.source)

    def across(self, ref: Ref) -> Ref:
        """Name the counterpart of a source record in this scenario's pair."""
        return counterpart_of(self.dataflow, self.pair, ref)

    def sample(self, ref: Ref, values: Values = (), side: Side = "source") -> Json:
        """Give the data of a record that is created with `values`; keys of others as null."""
        data = sample_record(self.dataflow, side, ref.type, ref.label)
        for path, value in values:
            plain = None if isinstance(value, KeyOf) else value
            data = _put(data, path, plain)
        return data

    def linked(
        self, pair: Pair | None = None, values: Values = (), above: tuple[int, ...] = ()
    ) -> Linked | None:
        """Give a record that will be linked; None where nothing that people do would link it."""
        pair = pair or self.pair
        if pair.number in above:
            return None
        values = (*_condition_values(pair), *values)
        if pair.create.when == "connected":
            return self._connected(pair, values, (*above, pair.number))
        if pair.create.when == "never":
            return self._merging(pair, values)
        ref = self.ref(pair)
        create = Create(side="source", record=ref, values=values)
        return Linked(ref=ref, data=self.sample(ref, values), steps=(create,))

    def _connected(self, pair: Pair, values: Values, above: tuple[int, ...]) -> Linked | None:
        for other, row in linking_rows(self.dataflow, pair):
            made = self.connected_by(other, row, values, above)
            if made is not None:
                return made
        return None

    def connected_by(
        self, other: Pair, row: Row, values: Values = (), above: tuple[int, ...] = ()
    ) -> Linked | None:
        """Give a record that is linked because a record of `other` refers to it through `row`."""
        reference = row.reference
        if reference is None:
            return None
        pair = self.dataflow.pairs_of("source", reference.source)[0]
        ref = self.ref(pair)
        create = Create(side="source", record=ref, values=values)
        key = ((on_first(row.source), KeyOf(ref.label)),)
        referrer = self.linked(other, key, above)
        if referrer is None:
            return None
        steps = (create, *referrer.steps)
        return Linked(ref=ref, data=self.sample(ref, values), steps=steps)

    def _merging(self, pair: Pair, values: Values) -> Linked | None:
        for terms in pair.merge:
            made = self.matched(terms, pair, values)
            if made is not None:
                return made
        return None

    def matched(self, terms: Terms, pair: Pair | None = None, values: Values = ()) -> Linked | None:
        """Give a record and a target record that match by this alternative of the merge rule."""
        pair = pair or self.pair
        if any(set(other) <= set(terms) for twin in self._twins(pair) for other in twin.merge):
            return None  # which of the sections links the two, nobody can tell
        ref = self.ref(pair)
        system = self.dataflow.target.system or "the target system"
        other = Ref(f"{ref.label} in {system}", pair.target)
        found = self._meeting(pair, terms, ref, self.sample(ref, values))
        if found is None:
            return None
        left, right = found
        right = (*right, *self._apart(pair, terms, ref, other))
        values = (*values, *(item for item in left if item[0] not in dict(values)))
        steps = (
            Create(side="source", record=ref, values=values),
            Create(side="target", record=other, values=right),
        )
        there = self.sample(other, right, side="target")
        return Linked(ref=ref, data=self.sample(ref, values), there=there, steps=steps)

    def _twins(self, pair: Pair) -> list[Pair]:
        """Give the other pairs of the same two types."""
        pairs = self.dataflow.pairs_of("source", pair.source)
        return [one for one in pairs if one is not pair and one.target == pair.target]

    def _meeting(
        self, pair: Pair, terms: Terms, ref: Ref, data: Json
    ) -> tuple[Values, Values] | None:
        """Give what both records hold where they meet; None where no value fits both systems."""
        left, right = [], []
        for term in terms:
            found = self._common(pair, term, ref, standing(data, term.source))
            if found is None:
                return None
            left.append((on_first(term.source), found[0]))
            right.append((on_first(term.target), found[1]))
        return tuple(left), tuple(right)

    def _common(
        self, pair: Pair, term: MergeTerm, ref: Ref, held: Json
    ) -> tuple[Json, Json] | None:
        if term.source.is_key or term.target.is_key:
            return None
        place = atlas_of(self.dataflow).place("target", pair.target, term.target)
        made = (self._value(ref, term.source, n) for n in range(_TRIES))
        for value in (held, *made):
            there = image(type_of(pair, term), value)
            if not is_empty(value) and not is_empty(there) and place.accepts(there):
                return value, there
        return None

    def _value(self, ref: Ref, path: Path, n: int) -> Json:
        return sample_value(self.dataflow, "source", ref.type, path, ref.label, n)

    def _apart(self, pair: Pair, terms: Terms, ref: Ref, other: Ref) -> Values:
        """Give values that keep the two from matching by another alternative as well."""
        meant = {term.target.text for term in terms}
        rules = (pair, *self._twins(pair))
        terms = tuple(t for each in rules for alternative in each.merge for t in alternative)
        rest = [term for term in terms if term.target.text not in meant]
        return tuple(self.differing(pair, rest, ref, other))

    def differing(
        self, pair: Pair, terms: Iterable[MergeTerm], ref: Ref, other: Ref
    ) -> Iterator[tuple[str, Json]]:
        """Give, for terms in which two samples happen to agree, values that do not."""
        left, right = self.sample(ref), self.sample(other, side="target")
        for term in terms:
            mine = image(type_of(pair, term), standing(left, term.source))
            if not same(mine, standing(right, term.target)):
                continue
            for n in range(1, _TRIES):
                value = sample_value(
                    self.dataflow, "target", other.type, term.target, other.label, n
                )
                if not same(mine, value):
                    yield on_first(term.target), value
                    break


def type_of(pair: Pair, term: MergeTerm) -> Json:
    """Give the data type by which a merge term's values are compared."""
    for row in pair.rows:
        if (row.source.plain, row.target.plain) == (term.source.plain, term.target.plain):
            return row.type
    return None


def _condition_values(pair: Pair) -> Values:
    return tuple((on_first(part.path), part.equals) for part in pair.create.condition)


def _put(data: Json, path: str, value: Json) -> Json:
    """Give data with a value put where a script's path leads; elements stay as they are."""
    parsed = parse_path(path.replace("[1]", "[]"))
    return data if parsed.in_list else write(data, parsed.head, value)
