"""What people do in a random script, by kind. Rule: kinds are correlated, so that edits meet.

Independent draws never meet: the same property on both sides, an edit back to the old value, a
value that is refused and mended, each is a kind of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from tallystick.dataflow.model import Dataflow, Side, other_side
from tallystick.dataflow.paths import read
from tallystick.derive.cast import (
    ALL,
    Cast,
    draw_place,
    draw_row,
    draw_side,
    draw_value,
    edit_of,
    filled,
    head_of,
    lists_of,
    plain_rows,
    values_of,
)
from tallystick.derive.crossing import atlas_of
from tallystick.derive.onboarding import MOST_FILLED, creation, referred_types
from tallystick.derive.pools import Pool, pool_of
from tallystick.derive.samples import sample_record, sample_value
from tallystick.derive.unlisted import unlisted_paths
from tallystick.vocabulary.script import (
    AddElement,
    Clear,
    Create,
    Delete,
    Edit,
    KeyOf,
    MoveElement,
    Ref,
    RemoveElement,
    Settle,
    Step,
    Value,
    Values,
    Wait,
)

__all__ = ["ACT_KINDS", "enabled_kinds"]

_ALL_SHARE: Final = 18  # of forms with all properties, to each number of few
_LONGEST_CHAIN: Final = 4
_PAUSES_MS: Final = (0, 2_500, 300, 1_000)


def edit(cast: Cast) -> list[Step]:
    """One edit of one or two listed properties, on either side."""
    side, label = draw_side(cast), cast.one_of_pair()
    first = edit_of(cast, label, side, draw_row(cast))
    if not cast.toss():
        return [first]
    second = edit_of(cast, label, side, draw_row(cast))
    values: Values = tuple(dict((*first.values, *second.values)).items())
    return [Edit(side=side, record=first.record, values=values)]


def _conflict(cast: Cast) -> list[Step]:
    """The same property on both sides, sooner or later."""
    label = cast.one_of_pair()
    row = draw_row(cast)
    first = draw_side(cast)
    pause = cast.pick(_PAUSES_MS)
    between: list[Step] = [Wait(ms=pause)] if pause else []
    return [
        edit_of(cast, label, first, row),
        *between,
        edit_of(cast, label, other_side(first), row),
    ]


def _edit_back(cast: Cast) -> list[Step]:
    """A value that a property had before, once more."""
    if not cast.drawn:
        return edit(cast)
    label, side, path = cast.pick(sorted(cast.drawn))
    value = cast.pick(cast.drawn[label, side, path])
    return [Edit(side=side, record=cast.ref(label, side), values=((path, value),))]


def _there_and_back(cast: Cast) -> list[Step]:
    """One value, another one, and the first one again, with a settle after each."""
    label, side = cast.one_of_pair(), draw_side(cast)
    row = draw_row(cast)
    edit = edit_of(cast, label, side, row)
    ((path, _),) = edit.values
    other = replace(edit, values=((path, draw_value(cast, row, side)),))
    return [edit, Settle(), other, Settle(), edit, Settle()]


def _mend(cast: Cast) -> list[Step]:
    """A value that the other system refuses, with an edit of another property, and then mended."""
    label, side = cast.one_of_pair(), draw_side(cast)
    rows = [r for r in plain_rows(cast.pair) if not r.path(side).in_list and r.reference is None]
    pools = {r.path(side).text: pool_of(cast.place(side, r.path(side).text)) for r in rows}
    refusing = sorted(path for path, pool in pools.items() if pool.refused)
    if not refusing:
        return edit(cast)
    path = cast.pick(refusing)
    bad = cast.pick(pools[path].refused)
    good = cast.pick(pools[path].ordinary)
    record = cast.ref(label, side)
    return [
        Edit(side=side, record=record, values=((path, bad),)),
        *edit(cast),
        Settle(),
        Edit(side=side, record=record, values=((path, good),)),
    ]


def _stillborn(cast: Cast) -> list[Step]:
    """A new record that the other system refuses, of the pair or one that a new record of the pair
    refers to; and then it is mended.
    """
    names = [cast.pair.source, *referred_types(cast)]
    name = cast.pick(names)
    refusing = _refusing(cast, name)
    if not refusing:
        return _create(cast)
    path = cast.pick(sorted(refusing))
    bad, good = cast.pick(refusing[path].refused), cast.pick(refusing[path].ordinary)
    record = Ref(cast.new_label("source", name), name)
    steps: list[Step] = [Create(side="source", record=record, values=((path, bad),))]
    places = [
        draw_place(cast, row, "source")
        for row in plain_rows(cast.pair)
        if row.reference is not None and row.reference.source == name
    ]
    if places:
        child = Ref(cast.new_label("source", cast.pair.source), cast.pair.source)
        values: Values = ((cast.pick(places), KeyOf(record.label)),)
        steps.append(Create(side="source", record=child, values=values))
    mended = Edit(side="source", record=record, values=((path, good),))
    return [*steps, Settle(), Wait(ms=_PAUSES_MS[1]), mended]


def _refusing(cast: Cast, name: str) -> dict[str, Pool]:
    """Give the pools of a source type's properties that have values which the target refuses."""
    atlas = atlas_of(cast.dataflow)
    rows = [row for pair in cast.dataflow.pairs_of("source", name) for row in plain_rows(pair)]
    paths = [r.source.text for r in rows if not r.source.in_list and r.reference is None]
    pools = {path: pool_of(atlas.place("source", name, path)) for path in paths}
    return {path: pool for path, pool in pools.items() if pool.refused}


def _lapse(cast: Cast) -> list[Step]:
    """A record's condition met, or no longer, and then an edit; a link outlives its condition."""
    terms = cast.pair.create.condition
    if not terms:
        return edit(cast)
    term, label = cast.pick(terms), cast.one_of_pair()
    values = [term.equals, *pool_of(cast.place("source", term.path.text)).ordinary]
    value = cast.pick(values)
    record = cast.ref(label, "source")
    changed = Edit(side="source", record=record, values=((term.path.text, value),))
    side = draw_side(cast)
    return [changed, Settle(), edit_of(cast, label, side, draw_row(cast))]


def _form(cast: Cast) -> list[Step]:
    """A form saved: many properties at once or all, of values that the other system takes."""
    side, label = draw_side(cast), cast.one_of_pair()
    count = cast.pick((*range(3, MOST_FILLED + 1), *(ALL,) * _ALL_SHARE))
    values = filled(cast, side, count)
    return [Edit(side=side, record=cast.ref(label, side), values=values)] if values else []


def clear(cast: Cast) -> list[Step]:
    side, label = draw_side(cast), cast.one_of_pair()
    row = draw_row(cast)
    return [Clear(side=side, record=cast.ref(label, side), path=head_of(row, side))]


def delete(cast: Cast) -> list[Step]:
    """A record of the pair, on either side or now and then on both, or one that others refer to."""
    names = referred_types(cast)
    if names and cast.toss():
        name = cast.pick(names)
        referred = cast.one_of("source", name)
        if referred is not None:
            return [Delete(side="source", record=Ref(referred, name))]
    side, label = draw_side(cast), cast.one_of_pair()
    sides = (side, other_side(side)) if cast.number(0, 3) == 3 else (side,)
    return [Delete(side=on, record=cast.ref(label, on)) for on in sides]


def _replace(cast: Cast) -> list[Step]:
    """A record deleted, and another one made like it: for a matching rule it is the same."""
    side = draw_side(cast)
    kind = cast.pair.type_on(side)
    gone = cast.one_of(side, kind)
    terms = [term for terms in cast.pair.merge for term in terms]
    paths = [term.source if side == "source" else term.target for term in terms]
    plain = [path.text for path in paths if not path.is_key and not path.in_list]
    if gone is None or not plain:
        return delete(cast)
    values = {path: sample_value(cast.dataflow, side, kind, path, gone) for path in plain}
    made = Ref(cast.new_label(side, kind), kind)
    deletion = Delete(side=side, record=Ref(gone, kind))
    return [deletion, Create(side=side, record=made, values=tuple(values.items()))]


def _match_late(cast: Cast) -> list[Step]:
    """What a matching rule joins comes late: a record made, or edited, so that another matches."""
    label = cast.one_of_pair()
    here = cast.born[label]
    there = other_side(here)
    kind, known = cast.pair.type_on(there), cast.one_of(there, cast.pair.type_on(there))
    values = _matching(cast, label) if cast.pair.merge else ()
    if not values:
        return _create_there(cast)
    if known is not None and cast.toss():
        return [Edit(side=there, record=Ref(known, kind), values=values)]
    made = Ref(cast.new_label(there, kind), kind)
    return [Create(side=there, record=made, values=values)]


def _matching(cast: Cast, label: str) -> Values:
    """Give the values by which a record of the other side matches one as it was made; nothing where
    none can have them.
    """
    here = cast.born[label]
    there, kind = other_side(here), cast.pair.type_on(here)
    found: dict[str, Value] = {}
    for term in cast.pick(cast.pair.merge):
        paths = {"source": term.source, "target": term.target}
        if any(path.is_key or path.in_list for path in paths.values()):
            return ()
        value = sample_value(cast.dataflow, here, kind, paths[here], label)
        if not cast.place(there, paths[there].text).accepts(value):
            return ()
        found[paths[there].text] = value
    return tuple(found.items())


def _create(cast: Cast) -> list[Step]:
    return [creation(cast, "source", cast.pair), *_referrers(cast)]


def _twin(cast: Cast) -> list[Step]:
    """A record that says the same as another one said at first: a second order of the same."""
    kind = cast.pair.source
    like = cast.one_of("source", kind)
    if like is None:
        return _create(cast)
    said = sample_record(cast.dataflow, "source", kind, like)
    rows = [row for row in plain_rows(cast.pair) if row.reference is None]
    heads = dict.fromkeys(row.source.head for row in rows)
    values = {".".join(head): read(said, head) for head in heads}
    record = Ref(cast.new_label("source", kind), kind)
    return [Create(side="source", record=record, values=tuple(values.items()))]


def _create_there(cast: Cast) -> list[Step]:
    """A record on the other side, where nobody may ask for a counterpart."""
    return [creation(cast, "target", cast.pair)]


def _referrers(cast: Cast) -> list[Step]:
    """Records that refer to the pair's newest, directly or not, where its rule asks for them."""
    known = cast.labels.get(("source", cast.pair.source))
    if not known or cast.number(0, 3) == 3:
        return []
    steps: list[Step] = []
    name, label = cast.pair.source, known[-1]
    for _ in range(_LONGEST_CHAIN):
        ways = _ways_to_refer(cast.dataflow, name)
        if not ways:
            break
        name, path = cast.pick(ways)
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


def unlisted(cast: Cast) -> list[Step]:
    """An edit of a property in nobody's mapping; now and then the record has to be written, too."""
    side, label = draw_side(cast), cast.one_of_pair()
    edits: list[Step] = [*unlisted_edit(cast, label, side)]
    if not edits or not plain_rows(cast.pair) or not cast.toss():
        return edits
    return [*edits, edit_of(cast, label, other_side(side), draw_row(cast))]


def unlisted_edit(cast: Cast, label: str, side: Side) -> list[Edit]:
    """An edit of a property of a record in nobody's mapping, if there is such a one."""
    paths = unlisted_paths(cast.dataflow, side, cast.pair.type_on(side))
    if not paths:
        return []
    path = cast.pick(paths)
    value = cast.draw(values_of(cast.place(side, path)))
    return [Edit(side=side, record=cast.ref(label, side), values=((path, value),))]


def _reshape(cast: Cast) -> list[Step]:
    """An element added to, taken out of, or moved within a list."""
    side, label = draw_side(cast), cast.one_of_pair()
    lists = lists_of(cast.pair, side)
    if not lists:
        return edit(cast)
    path, record = cast.pick(lists), cast.ref(label, side)
    kind = cast.pick(("add", "remove", "move"))
    if kind == "add":
        return [AddElement(side=side, record=record, path=path)]
    if kind == "remove":
        return [RemoveElement(side=side, record=record, path=path, position=1)]
    return [MoveElement(side=side, record=record, path=path, position=1, to=2)]


def _pause(cast: Cast) -> list[Step]:
    return [Wait(ms=cast.pick(_PAUSES_MS[1:]))]


ACT_KINDS: Final[Mapping[str, Callable[[Cast], list[Step]]]] = {
    "edit": edit,
    "conflict": _conflict,
    "edit-back": _edit_back,
    "there-and-back": _there_and_back,
    "form": _form,
    "mend": _mend,
    "stillborn": _stillborn,
    "lapse": _lapse,
    "clear": clear,
    "delete": delete,
    "replace": _replace,
    "create": _create,
    "twin": _twin,
    "match-late": _match_late,
    "create-there": _create_there,
    "unlisted": unlisted,
    "reshape": _reshape,
    "pause": _pause,
}


_ALWAYS: Final = ("edit", "conflict", "form")
_MEETS: Final = {"conflict": "conflict", "delete": "deletion", "edit-back": "repeat-edit"}
"""The situation that a kind of act is there for."""
_WITHOUT_ROWS: Final = (
    "delete",
    "replace",
    "create",
    "create-there",
    "match-late",
    "unlisted",
    "pause",
)


def enabled_kinds(cast: Cast) -> list[str]:
    """Draw which kinds of acts occur at all."""
    pair = cast.pair
    possible = list(ACT_KINDS) if plain_rows(pair) else list(_WITHOUT_ROWS)
    chosen = [kind for kind in possible if kind not in _ALWAYS and cast.toss()]
    always: list[str] = [kind for kind in _ALWAYS if kind in possible]
    if lists_of(pair, "source"):
        always.append("reshape")
    wanted = [kind for kind in possible if _MEETS.get(kind) in cast.wanted] * len(possible)
    return [*always, *chosen, *wanted] or possible
