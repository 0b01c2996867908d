"""Random scripts. Rule: draws collide on purpose, and nothing is ever filtered away.

A script has a prelude (records, some there before the connector's first start), and rounds of
people's acts, each ended by a settle. Independent draws never meet, so acts come in correlated
kinds: the same property on both sides, an edit back to the old value, the same value twice. Which
kinds occur at all is drawn first (swarm testing), so that rare combinations are not rare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from hypothesis import strategies as st

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Row, Side, other_side
from tallystick.derive.crossing import Place, atlas_of
from tallystick.derive.pools import pool_of
from tallystick.derive.samples import sample_value
from tallystick.derive.unlisted import unlisted_paths
from tallystick.derive.values import drawn_from
from tallystick.vocabulary.script import (
    ONLY,
    AddElement,
    Clear,
    Create,
    Delete,
    Edit,
    KeyOf,
    MoveElement,
    Ref,
    RemoveElement,
    Script,
    Settle,
    Step,
    Value,
    Values,
    Wait,
)
from tallystick.vocabulary.weather import FAULT_WORDS, LIST_FAULTS, During, Fault, Kill, Many, Skew

__all__ = ["ACT_KINDS", "WEATHER", "Weather", "scripts"]

Draw = Callable[[st.SearchStrategy[Any]], Any]
_MOST_ROUNDS: Final = 6
_MOST_ACTS: Final = 4
_MOST_FILLED: Final = 8
_ALL: Final = -1
_ALL_SHARE: Final = 3  # of forms with all properties, to each number of few
_LONGEST_CHAIN: Final = 4
_PAUSES_MS: Final = (0, 2_500, 300, 1_000)


WEATHER: Final = frozenset({"faults", "kills", "races", "crowds", "clocks"})
Weather = frozenset[str]
"""Kinds of weather: `faults`, `kills`, `races` (edits made meanwhile); `crowds`, more records than
a page holds; and `clocks`, systems whose clocks differ, and hours in which nothing happens."""


@dataclass(slots=True)
class _Cast:
    """The records that a script has made so far; `labels` by side and type of their birth."""

    dataflow: Dataflow
    pair: Pair
    draw: Draw
    waits: tuple[int, ...]
    labels: dict[tuple[Side, str], list[str]] = field(default_factory=dict)
    born: dict[str, Side] = field(default_factory=dict)
    drawn: dict[tuple[str, Side, str], list[Value]] = field(default_factory=dict)

    def new_label(self, side: Side, type_name: str) -> str:
        """Give a label that no record has: short, and of its type's letter."""
        label = f"{type_name[:1].upper()}{len(self.born) + 1}"
        self.labels.setdefault((side, type_name), []).append(label)
        self.born[label] = side
        return label

    def one_of(self, side: Side, type_name: str) -> str | None:
        """Give the label of some record that was born on `side`."""
        known = self.labels.get((side, type_name))
        return self.draw(st.sampled_from(known)) if known else None

    def one_of_pair(self) -> str:
        """Give the label of some record of the pair, wherever it was born."""
        known = [label for side in SIDES for label in self.labels.get(self._kind(side), ())]
        return str(self.draw(st.sampled_from(known)))

    def _kind(self, side: Side) -> tuple[Side, str]:
        return side, self.pair.type_on(side)

    def ref(self, label: str, side: Side) -> Ref:
        """Give how the pair's record labelled `label` is named on `side`."""
        born = self.born[label]
        kind = self.pair.type_on(born)
        if side == born:
            return Ref(label, kind)
        several = len(self.dataflow.pairs_of(born, kind)) > 1
        return Ref(label, kind, self.pair.type_on(side) if several else ONLY)

    def place(self, side: Side, path: str) -> Place:
        """Give the place of a property of the pair's type."""
        return atlas_of(self.dataflow).place(side, self.pair.type_on(side), path)


@lru_cache(maxsize=1024)
def _values(place: Place) -> st.SearchStrategy[Any]:
    """Give the values of a property, made once for each place."""
    return drawn_from(place, refusals=True, uncastable=True)


@lru_cache(maxsize=1024)
def _crossing(place: Place) -> st.SearchStrategy[Any]:
    """Give values that the other system takes: mostly ones that hurt, where there are any."""
    pool = pool_of(place)
    return st.sampled_from([*pool.ordinary, *pool.empty * 3, *pool.hurtful] or [MISSING])


def _rows(pair: Pair) -> list[Row]:
    return [row for row in pair.rows if not row.source.is_key and not row.target.is_key]


def _row(cast: _Cast) -> Row:
    """Draw a row; those with references count three times, for few values go with them."""
    rows = _rows(cast.pair)
    row: Row = cast.draw(st.sampled_from(rows + [row for row in rows if row.reference] * 2))
    return row


def _place(cast: _Cast, row: Row, side: Side) -> str:
    """Give the row's path on `side` as scripts write it: in a list, of one of its elements."""
    text = row.path(side).text
    return text.replace("[]", f"[{cast.draw(st.sampled_from((1, 2)))}]") if "[]" in text else text


def _value(cast: _Cast, row: Row, side: Side) -> Value:
    """Draw a value for a row: a key of a record that is there, or one of the property's values."""
    if row.reference is not None:
        label = cast.one_of("source", row.reference.source)
        return KeyOf(label) if label is not None else MISSING
    drawn: Value = cast.draw(_values(cast.place(side, row.path(side).text)))
    return drawn


def _edit_of(cast: _Cast, label: str, side: Side, row: Row) -> Edit:
    path = _place(cast, row, side)
    value = _value(cast, row, side)
    cast.drawn.setdefault((label, side, path), []).append(value)
    return Edit(side=side, record=cast.ref(label, side), values=((path, value),))


def _side(cast: _Cast) -> Side:
    side: Side = cast.draw(st.sampled_from(("source", "target")))
    return side


def _edit(cast: _Cast) -> list[Step]:
    """One edit of one or two listed properties, on either side."""
    side, label = _side(cast), cast.one_of_pair()
    first = _edit_of(cast, label, side, _row(cast))
    if not cast.draw(st.booleans()):
        return [first]
    second = _edit_of(cast, label, side, _row(cast))
    values: Values = tuple(dict((*first.values, *second.values)).items())
    return [Edit(side=side, record=first.record, values=values)]


def _conflict(cast: _Cast) -> list[Step]:
    """The same property on both sides, sooner or later."""
    label = cast.one_of_pair()
    row = _row(cast)
    first = _side(cast)
    pause = cast.draw(st.sampled_from(_PAUSES_MS))
    between: list[Step] = [Wait(ms=pause)] if pause else []
    return [
        _edit_of(cast, label, first, row),
        *between,
        _edit_of(cast, label, other_side(first), row),
    ]


def _edit_back(cast: _Cast) -> list[Step]:
    """A value that a property had before, once more."""
    if not cast.drawn:
        return _edit(cast)
    label, side, path = cast.draw(st.sampled_from(sorted(cast.drawn)))
    value = cast.draw(st.sampled_from(cast.drawn[label, side, path]))
    return [Edit(side=side, record=cast.ref(label, side), values=((path, value),))]


def _there_and_back(cast: _Cast) -> list[Step]:
    """One value, another one, and the first one again, with a settle after each."""
    label, side = cast.one_of_pair(), _side(cast)
    row = _row(cast)
    edit = _edit_of(cast, label, side, row)
    ((path, _),) = edit.values
    other = replace(edit, values=((path, _value(cast, row, side)),))
    return [edit, Settle(), other, Settle(), edit, Settle()]


def _mend(cast: _Cast) -> list[Step]:
    """A value that the other system refuses, with an edit of another property, and then mended."""
    label, side = cast.one_of_pair(), _side(cast)
    rows = [r for r in _rows(cast.pair) if not r.path(side).in_list and r.reference is None]
    pools = {r.path(side).text: pool_of(cast.place(side, r.path(side).text)) for r in rows}
    refusing = sorted(path for path, pool in pools.items() if pool.refused)
    if not refusing:
        return _edit(cast)
    path = cast.draw(st.sampled_from(refusing))
    bad = cast.draw(st.sampled_from(pools[path].refused))
    good = cast.draw(st.sampled_from(pools[path].ordinary))
    record = cast.ref(label, side)
    return [
        Edit(side=side, record=record, values=((path, bad),)),
        *_edit(cast),
        Settle(),
        Edit(side=side, record=record, values=((path, good),)),
    ]


def _lapse(cast: _Cast) -> list[Step]:
    """A record's condition met, or no longer, and then an edit; a link outlives its condition."""
    terms = cast.pair.create.condition
    if not terms:
        return _edit(cast)
    term, label = cast.draw(st.sampled_from(terms)), cast.one_of_pair()
    values = [term.equals, *pool_of(cast.place("source", term.path.text)).ordinary]
    value = cast.draw(st.sampled_from(values))
    record = cast.ref(label, "source")
    changed = Edit(side="source", record=record, values=((term.path.text, value),))
    side = _side(cast)
    return [changed, Settle(), _edit_of(cast, label, side, _row(cast))]


def _form(cast: _Cast) -> list[Step]:
    """A form saved: many properties at once or all, of values that the other system takes."""
    side, label = _side(cast), cast.one_of_pair()
    count = cast.draw(st.sampled_from((*range(3, _MOST_FILLED + 1), *(_ALL,) * _ALL_SHARE)))
    values = _filled(cast, side, count)
    return [Edit(side=side, record=cast.ref(label, side), values=values)] if values else []


def _filled(cast: _Cast, side: Side, count: int) -> Values:
    """Draw values for some plain properties outside of lists, or for `_ALL` of them."""
    rows = [r for r in _rows(cast.pair) if r.reference is None and not r.path(side).in_list]
    if count != _ALL:
        rows = [cast.draw(st.sampled_from(rows)) for _ in range(count if rows else 0)]
    paths = [row.path(side).text for row in rows]
    return tuple({path: cast.draw(_crossing(cast.place(side, path))) for path in paths}.items())


def _clear(cast: _Cast) -> list[Step]:
    side, label = _side(cast), cast.one_of_pair()
    row = _row(cast)
    return [Clear(side=side, record=cast.ref(label, side), path=_head(row, side))]


def _head(row: Row, side: Side) -> str:
    return row.path(side).text if not row.path(side).in_list else row.path(side).list_text


def _delete(cast: _Cast) -> list[Step]:
    """A record of the pair, on either side, or as often one that others refer to."""
    names = _referred(cast)
    if names and cast.draw(st.booleans()):
        name = cast.draw(st.sampled_from(names))
        referred = cast.one_of("source", name)
        if referred is not None:
            return [Delete(side="source", record=Ref(referred, name))]
    side, label = _side(cast), cast.one_of_pair()
    return [Delete(side=side, record=cast.ref(label, side))]


def _create(cast: _Cast) -> list[Step]:
    return [_creation(cast, "source", cast.pair), *_referrers(cast)]


def _create_there(cast: _Cast) -> list[Step]:
    """A record on the other side, where nobody may ask for a counterpart."""
    return [_creation(cast, "target", cast.pair)]


def _referrers(cast: _Cast) -> list[Step]:
    """Records that refer to the pair's newest, directly or not, where its rule asks for them."""
    known = cast.labels.get(("source", cast.pair.source))
    if not known or cast.draw(st.integers(0, 3)) == 3:
        return []
    steps: list[Step] = []
    name, label = cast.pair.source, known[-1]
    for _ in range(_LONGEST_CHAIN):
        ways = _ways_to_refer(cast.dataflow, name)
        if not ways:
            break
        name, path = cast.draw(st.sampled_from(ways))
        referred, label = label, cast.new_label("source", name)
        record = Ref(label, name)
        steps.append(Create(side="source", record=record, values=((path, KeyOf(referred)),)))
    return steps


def _ways_to_refer(dataflow: Dataflow, type_name: str) -> list[tuple[str, str]]:
    """Give type and path of every property that connects a record, as its type's rules want it."""
    wanted = {name for pair in dataflow.pairs_of("source", type_name) for name in pair.create.by}
    return [
        (other.source, row.source.text.replace("[]", "[1]"))
        for other in dataflow.pairs
        if other.source in wanted
        for row in other.rows
        if row.reference is not None and row.reference.source == type_name
    ]


def _unlisted(cast: _Cast) -> list[Step]:
    """An edit of a property in nobody's mapping; now and then the record has to be written, too."""
    side, label = _side(cast), cast.one_of_pair()
    kind = cast.pair.type_on(side)
    paths = unlisted_paths(cast.dataflow, side, kind)
    if not paths:
        return []
    path = cast.draw(st.sampled_from(paths))
    value = cast.draw(_values(cast.place(side, path)))
    edit = Edit(side=side, record=cast.ref(label, side), values=((path, value),))
    if not _rows(cast.pair) or not cast.draw(st.booleans()):
        return [edit]
    return [edit, _edit_of(cast, label, other_side(side), _row(cast))]


def _lists(pair: Pair, side: Side) -> list[str]:
    return sorted({row.path(side).list_text for row in pair.rows if row.path(side).in_list})


def _reshape(cast: _Cast) -> list[Step]:
    """An element added to, taken out of, or moved within a list."""
    side, label = _side(cast), cast.one_of_pair()
    lists = _lists(cast.pair, side)
    if not lists:
        return _edit(cast)
    path, record = cast.draw(st.sampled_from(lists)), cast.ref(label, side)
    kind = cast.draw(st.sampled_from(("add", "remove", "move")))
    if kind == "add":
        return [AddElement(side=side, record=record, path=path)]
    if kind == "remove":
        return [RemoveElement(side=side, record=record, path=path, position=1)]
    return [MoveElement(side=side, record=record, path=path, position=1, to=2)]


def _pause(cast: _Cast) -> list[Step]:
    return [Wait(ms=cast.draw(st.sampled_from(_PAUSES_MS[1:])))]


ACT_KINDS: Final[Mapping[str, Callable[[_Cast], list[Step]]]] = {
    "edit": _edit,
    "conflict": _conflict,
    "edit-back": _edit_back,
    "there-and-back": _there_and_back,
    "form": _form,
    "mend": _mend,
    "lapse": _lapse,
    "clear": _clear,
    "delete": _delete,
    "create": _create,
    "create-there": _create_there,
    "unlisted": _unlisted,
    "reshape": _reshape,
    "pause": _pause,
}
_ALWAYS: Final = ("edit", "conflict")
_WITHOUT_ROWS: Final = ("delete", "create", "create-there", "unlisted", "pause")


def _creation(cast: _Cast, side: Side, pair: Pair) -> Create:
    """Create a record of the pair's type; some properties may get drawn values."""
    kind = pair.type_on(side)
    values: dict[str, Value] = {}
    for row in _rows(pair):
        if row.reference is not None:
            known = cast.one_of("source", row.reference.source)
            if known is not None and side == "source" and cast.draw(st.booleans()):
                values[_place(cast, row, side)] = KeyOf(known)
    plain = (row for row in _rows(pair) if row.reference is None)
    rows = [row for row in plain if not row.path(side).in_list]
    if rows and cast.draw(st.integers(0, 3)) == 3:
        row = cast.draw(st.sampled_from(rows))
        path = row.path(side).text
        values[path] = cast.draw(_values(cast.place(side, path)))
    elif pair is cast.pair:
        for term in pair.create.condition if side == "source" else ():
            if cast.draw(st.integers(0, 2)) == 2:
                values[term.path.text] = cast.draw(_values(cast.place(side, term.path.text)))
        values |= dict(_filled(cast, side, cast.draw(st.integers(0, _MOST_FILLED))))
    label = cast.new_label(side, kind)
    return Create(side=side, record=Ref(label, kind), values=tuple(values.items()))


def _companions(cast: _Cast) -> list[Step]:
    """Records that the pair's own may refer to: one or two of each type."""
    steps: list[Step] = []
    for name in _referred(cast):
        for _ in range(cast.draw(st.integers(1, 2))):
            label = cast.new_label("source", name)
            steps.append(Create(side="source", record=Ref(label, name)))
    return steps


def _referred(cast: _Cast) -> list[str]:
    """Give the other types that the pair's records may refer to."""
    references = (row.reference for row in cast.pair.rows)
    names = dict.fromkeys(ref.source for ref in references if ref is not None)
    return [
        name
        for name in names
        if name != cast.pair.source and cast.dataflow.pairs_of("source", name)
    ]


def _onboarding(cast: _Cast) -> list[Step]:
    """A record on either side that the merge rule matches, before the connector's first start."""
    if not cast.pair.merge or not cast.draw(st.booleans()):
        return []
    label = cast.new_label("source", cast.pair.source)
    twin = f"{label}x"
    values: dict[Side, dict[str, Value]] = {
        side: dict(_filled(cast, side, cast.draw(st.integers(0, _MOST_FILLED)))) for side in SIDES
    }
    bare = _side(cast)  # lacks something that the other one may have
    lacking = (_row(cast), _row(cast)) if _rows(cast.pair) else ()
    values[bare] |= {_head(row, bare): MISSING for row in lacking}
    for term in cast.draw(st.sampled_from(cast.pair.merge)):
        if term.source.is_key or term.target.is_key or term.source.in_list or term.target.in_list:
            return [Create(side="source", record=Ref(label, cast.pair.source))]
        value = sample_value(cast.dataflow, "source", cast.pair.source, term.source.text, label)
        how = cast.draw(st.sampled_from(_TWINS))
        values["source"][term.source.text] = MISSING if how == "nothing" else value
        values["target"][term.target.text] = _NEARLY[how](
            image(_type_of(cast.pair, term.source.text), value)
        )
    born: list[tuple[Side, Ref]] = [
        ("target", Ref(twin, cast.pair.target)),
        ("source", Ref(label, cast.pair.source)),
    ]
    if cast.draw(st.booleans()):
        born.reverse()
    more = cast.draw(st.sampled_from((None, None, "source", "target")))
    if more is not None:  # a second one that matches
        kind = cast.pair.type_on(more)
        born.append((more, Ref(f"{label}y", kind)))
    return [Create(side=side, record=ref, values=tuple(values[side].items())) for side, ref in born]


def _as_text(change: Callable[[str], Json]) -> Callable[[Json], Json]:
    return lambda value: change(value) if isinstance(value, str) else value


_NEARLY: Final[Mapping[str, Callable[[Json], Value]]] = {
    "same": lambda value: value,
    "other case": _as_text(str.swapcase),
    "a blank more": _as_text(lambda text: f"{text} "),
    "nothing": lambda _: MISSING,
}
_TWINS: Final = ("same", "same", "same", *_NEARLY)
"""How the merge property of a record on the other side compares: mostly it is the same."""


def _type_of(pair: Pair, path: str) -> Any:
    return next((row.type for row in pair.rows if row.source.text == path), None)


@st.composite
def _script(
    draw: Draw, dataflow: Dataflow, pair: Pair, weather: Weather, waits: tuple[int, ...]
) -> Script:
    cast = _Cast(dataflow, pair, draw, waits)
    steps: list[Step] = [*_clocks(cast, weather), *_companions(cast), *_onboarding(cast)]
    for _ in range(draw(st.integers(1, 3))):
        steps += _create(cast)
    steps += _crowd(cast, weather)
    steps += _maybe_foretell(cast, weather)
    steps.append(Settle())
    kinds = _enabled(pair, draw)
    for _ in range(draw(st.integers(1, _MOST_ROUNDS))):
        for _ in range(draw(st.integers(1, _MOST_ACTS))):
            steps += ACT_KINDS[draw(st.sampled_from(kinds))](cast)
        steps += _maybe_foretell(cast, weather)
        steps.append(Settle())
        steps += _hours(cast, weather)
    if draw(st.booleans()):
        steps.append(Settle())
    return tuple(steps)


def _clocks(cast: _Cast, weather: Weather) -> list[Step]:
    """A clock that is ahead of the other system's, for as long as the world lasts."""
    if "clocks" not in weather or not cast.draw(st.booleans()):
        return []
    return [Skew(side=_side(cast), ms=cast.draw(st.sampled_from(_SKEWS_MS)))]


def _hours(cast: _Cast, weather: Weather) -> list[Step]:
    """A while in which nothing happens."""
    if "clocks" not in weather or cast.draw(st.integers(0, 3)) < 3:
        return []
    return [Wait(ms=cast.draw(st.sampled_from(_WHILES_MS)))]


def _crowd(cast: _Cast, weather: Weather) -> list[Step]:
    """More records than a page holds, all of one second: rarely, because they cost time."""
    if "crowds" not in weather or cast.draw(st.integers(0, _CROWD_SHARE)) != _CROWD_SHARE:
        return []
    side: Side = cast.draw(st.sampled_from(SIDES)) if cast.pair.merge else "source"
    kind = cast.pair.type_on(side)
    return [Many(side=side, type=kind, number=_CROWD, label="M")]


def _maybe_foretell(cast: _Cast, weather: Weather) -> list[Step]:
    if not weather - _ABOUT_WORLDS or not cast.draw(st.booleans()):
        return []
    steps = _foretell(cast, weather)
    return steps + _foretell(cast, weather) if cast.draw(st.booleans()) else steps


def _foretell(cast: _Cast, weather: Weather) -> list[Step]:
    """What befalls the connector at some request of the sync that follows."""
    counting = cast.draw(st.sampled_from(("write", "request")))
    last = _LAST_WRITE if counting == "write" else _LAST_REQUEST
    request = cast.draw(st.integers(1, last))
    kind = cast.draw(st.sampled_from(sorted(weather - _ABOUT_WORLDS)))
    if kind == "kills":
        moment = cast.draw(st.sampled_from(_MOMENTS))
        return [Kill(counting=counting, request=request, moment=moment)]
    if kind == "races":
        acts = (_edit, _edit, _unlisted, _clear) if _rows(cast.pair) else (_unlisted,)
        act = cast.draw(st.sampled_from(acts))
        return [During(counting=counting, request=request, step=step) for step in act(cast)]
    fault = cast.draw(st.sampled_from(_FAULTS if counting == "request" else _WRITE_FAULTS))
    seconds = cast.draw(st.sampled_from(cast.waits)) if fault in _TURNED_AWAY else 0
    return [Fault(counting=counting, request=request, fault=fault, seconds=seconds)]


_ABOUT_WORLDS: Final = frozenset({"crowds", "clocks"})  # rather than about single requests
_SKEWS_MS: Final = (2_000, 500, 30_000, 120_000)
_WHILES_MS: Final = (3_600_000, 86_400_000)
_CROWD: Final = 105  # more than a page of either API holds
_CROWD_SHARE: Final = 15
_LAST_REQUEST: Final = 16
_MOMENTS: Final = ("before", "during", "after")
_LAST_WRITE: Final = 4
_LAST_WEBHOOK: Final = 3
_FAULTS: Final = tuple(FAULT_WORDS)
_WRITE_FAULTS: Final = tuple(
    fault for fault in FAULT_WORDS if fault not in LIST_FAULTS and fault != "delta-expired"
)
_TURNED_AWAY: Final = frozenset({"unavailable", "throttled"})


def _enabled(pair: Pair, draw: Draw) -> list[str]:
    """Draw which kinds of acts occur at all."""
    possible = list(ACT_KINDS) if _rows(pair) else list(_WITHOUT_ROWS)
    chosen = [kind for kind in possible if kind not in _ALWAYS and draw(st.booleans())]
    always: list[str] = [kind for kind in _ALWAYS if kind in possible]
    if _lists(pair, "source"):
        always.append("reshape")
    return [*always, *chosen] or possible


def scripts(
    dataflow: Dataflow,
    pair: Pair,
    *,
    weather: Weather = frozenset(),
    waits: tuple[int, ...] = (1, 0, 5),
) -> st.SearchStrategy[Script]:
    """Give scripts of people's random edits on either side of one pair's records.

    `weather` names what else may happen, as `Weather` says. `waits` are the seconds that a
    `Retry-After` may ask for, the simplest first.
    """
    return _script(dataflow, pair, weather, waits)
