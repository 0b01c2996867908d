"""Scenes about which records get a counterpart. Rule: one function for each kind of sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tallystick.canonical import Json, same
from tallystick.dataflow.model import Pair, Row
from tallystick.derive.crossing import atlas_of
from tallystick.derive.drafts import Draft
from tallystick.derive.kit import SYNC, Kit
from tallystick.derive.samples import sample_value
from tallystick.derive.settings import Terms, linking_rows, on_first
from tallystick.vocabulary.script import Create, KeyOf, Ref, Start, Step
from tallystick.vocabulary.weather import Many

__all__ = ["always_scenes", "condition_scenes", "connected_scenes", "link_scenes"]
__all__ += ["merge_scenes", "no_match_scenes"]

_TRIES = 8
_CROWD = 105  # a page of either API holds at most 100


def _alone(ref: Ref) -> Create:
    return Create(side="source", record=ref)


def always_scenes(kit: Kit) -> Iterator[Draft]:
    """Every A will be synchronized with a B."""
    setting = kit.setting()
    first, second = setting.linked(), setting.linked()
    if first is None or second is None:
        return
    both = (*first.steps, *second.steps)
    one_each = (kit.counts(first.ref, 1), kit.counts(second.ref, 1))
    yield kit.scene(
        f"Every {kit.one} gets exactly one counterpart",
        "one-to-one",
        given=both,
        when=(SYNC,),
        then=(*one_each, *kit.numbers("target", 2)),
    )
    yield kit.scene(
        f"Every {kit.one} that was there before the connector's first start gets a counterpart",
        "linked",
        given=(*both, Start()),
        when=(SYNC,),
        then=one_each,
    )
    yield kit.scene(
        f"{kit.a_one} that is created while the connector runs gets a counterpart",
        "linked",
        given=(Start(), SYNC),
        when=(*first.steps, SYNC),
        then=(kit.counts(first.ref, 1),),
    )
    yield kit.scene(
        f"{kit.a_one} that is created later gets a counterpart, too",
        "linked",
        given=(*first.steps, SYNC),
        when=(*second.steps, SYNC),
        then=one_each,
    )
    bare = all(isinstance(step, Create) and not step.values for step in first.steps)
    unasked = [pair for pair in kit.dataflow.pairs if pair.create.when in ("always", "no-match")]
    if bare and kit.pair in unasked[:1]:
        yield _crowd_scene(kit)


def _crowd_scene(kit: Kit) -> Draft:
    """More records than a page can hold, all of one second: for one pair only, as it takes long."""
    many = Many(side="source", type=kit.pair.source, number=_CROWD, label="M")
    scene = kit.scene(
        f"None of {_CROWD} {kit.one} records is left out, however many pages they fill",
        "linked",
        given=(Start(), SYNC),
        when=(many, SYNC),
        then=kit.numbers("target", _CROWD),
    )
    return replace(scene, tags=("@slow",))


def condition_scenes(kit: Kit) -> Iterator[Draft]:
    """<Condition>, it will be synchronized with a B."""
    if kit.main is None or not kit.pair.create.condition:
        yield _unknown_condition(kit)
        return
    ref = kit.main.ref
    path, fulfilled, failing = _condition(kit, ref)
    inside = kit.main.steps
    yield kit.scene(
        f"{kit.a_one} that fulfils the condition gets a counterpart",
        "linked",
        given=inside,
        when=(SYNC,),
        then=(kit.counts(ref, 1),),
    )
    if failing is None:
        return
    outside = Create(side="source", record=ref, values=((path, failing),))
    yield kit.scene(
        f"{kit.a_one} that does not fulfil the condition gets none",
        "linked",
        given=(outside,),
        when=(SYNC,),
        then=(kit.counts(ref, 0), *kit.numbers("target", 0)),
    )
    yield kit.scene(
        f"{kit.a_one} gets a counterpart as soon as it fulfils the condition",
        "linked",
        given=(outside, SYNC),
        when=(kit.edit(ref, "source", (path, fulfilled)), SYNC),
        then=(kit.counts(ref, 1),),
    )
    yield kit.scene(
        "A link outlives its condition",
        "for-life",
        given=(*inside, SYNC),
        when=(kit.edit(ref, "source", (path, failing)), SYNC),
        then=(kit.counts(ref, 1), *kit.numbers("target", 1)),
    )


def _unknown_condition(kit: Kit) -> Draft:
    ref = kit.setting().ref(kit.pair)
    values = _any_edit(kit, ref)
    return kit.scene(
        f"No {kit.one} gets a second counterpart",
        "one-to-one",
        given=(_alone(ref), SYNC),
        when=(kit.edit(ref, "source", *values), SYNC) if values else (SYNC,),
    )


def _any_edit(kit: Kit, ref: Ref) -> tuple[tuple[str, Json], ...]:
    for row in kit.pair.rows:
        if not (row.source.in_list or row.source.is_key or row.reference):
            value = sample_value(kit.dataflow, "source", ref.type, row.source, ref.label, 1)
            return ((row.source.text, value),)
    return ()


def _condition(kit: Kit, ref: Ref) -> tuple[str, Json, Json]:
    """Give a term's path, the value that fulfils it, and one that does not (None: none is)."""
    part = kit.pair.create.condition[0]
    place = atlas_of(kit.dataflow).place("source", ref.type, part.path)
    for n in range(_TRIES):
        value = sample_value(kit.dataflow, "source", ref.type, part.path, ref.label, n)
        if not same(value, part.equals) and place.accepts(value):
            return part.path.text, part.equals, value
    return part.path.text, part.equals, None


def link_scenes(kit: Kit) -> Iterator[Draft]:
    """Before any synchronization can take place, a link must be established."""
    setting = kit.setting()
    ref = setting.ref(kit.pair)
    other = Ref(f"somebody in {kit.names.target}", kit.pair.target)
    terms = [term for alternative in kit.pair.merge for term in alternative]
    apart = tuple(setting.differing(kit.pair, terms, ref, other))
    there = Create(side="target", record=other, values=apart)
    yield kit.scene(
        f"Without a link, {kit.a_one} stays where it is",
        "linked",
        given=(_alone(ref), there),
        when=(SYNC,),
        then=(kit.counts(ref, 0), *kit.numbers("source", 1), *kit.numbers("target", 1)),
    )
    made = kit.main
    if made is not None:
        yield kit.scene(
            f"Once linked, {kit.a_one} keeps its one counterpart",
            "one-to-one",
            given=(*made.steps, SYNC),
            when=(SYNC,),
            then=(kit.counts(made.ref, 1),),
        )


def connected_scenes(kit: Kit) -> Iterator[Draft]:
    """A new B will be created from a A if it is connected to a C that is synchronized."""
    ref = kit.setting().ref(kit.pair)
    yield kit.scene(
        f"{kit.a_one} that nothing refers to gets no counterpart",
        "linked",
        given=(_alone(ref),),
        when=(SYNC,),
        then=(kit.counts(ref, 0), *kit.numbers("target", 0)),
    )
    for other, row in linking_rows(kit.dataflow, kit.pair):
        yield from _connected_by(kit, other, row)


def _connected_by(kit: Kit, other: Pair, row: Row) -> Iterator[Draft]:
    made = kit.setting().connected_by(other, row)
    if made is None:
        return
    yield kit.scene(
        f"{kit.a_one} gets a counterpart when {other.source} refer to it",
        "linked",
        given=made.steps,
        when=(SYNC,),
        then=(kit.counts(made.ref, 1),),
    )
    setting = kit.setting()
    ref, referrer = setting.ref(kit.pair), setting.linked(other)
    if referrer is None or row.source.in_list:
        return
    key = (on_first(row.source), KeyOf(ref.label))
    yield kit.scene(
        f"{kit.a_one} gets a counterpart once {other.source} refer to it",
        "linked",
        given=(_alone(ref), *referrer.steps, SYNC),
        when=(kit.edit(referrer.ref, "source", key), SYNC),
        then=(kit.counts(ref, 1),),
    )


def no_match_scenes(kit: Kit) -> Iterator[Draft]:
    """If a matching B already exists, it is merged; if none is found, a new one is created."""
    for terms in kit.pair.merge[:1]:
        made = kit.setting().matched(terms)
        if made is not None:
            yield kit.scene(
                f"A matching {kit.pair.target} is used and none is created",
                "merged",
                given=made.steps,
                when=(SYNC,),
                then=(kit.counts(made.ref, 1), *kit.numbers("target", 1)),
            )
    if kit.pair.create.when in ("always", "no-match"):
        yield _unmatched(kit, f"Without a matching {kit.pair.target}, a new one is created")


def _unmatched(kit: Kit, name: str) -> Draft:
    setting = kit.setting()
    ref = setting.ref(kit.pair)
    other = Ref(f"somebody in {kit.names.target}", kit.pair.target)
    terms = [term for alternative in kit.pair.merge for term in alternative]
    apart = tuple(setting.differing(kit.pair, terms, ref, other))
    steps: tuple[Step, ...] = (
        _alone(ref),
        Create(side="target", record=other, values=apart),
    )
    return kit.scene(
        name,
        "linked",
        given=steps,
        when=(SYNC,),
        then=(kit.counts(ref, 1), *kit.numbers("target", 2)),
    )


def merge_scenes(kit: Kit) -> Iterator[Draft]:
    """A A will merge with a B if one of the following property combinations match."""
    for terms in kit.pair.merge:
        yield from _merging(kit, terms)


def _merging(kit: Kit, terms: Terms) -> Iterator[Draft]:
    made = kit.setting().matched(terms)
    if made is None:
        return
    by = " and ".join(f"{term.source.plain} = {term.target.plain}" for term in terms)
    merged: tuple[Step, ...] = (kit.counts(made.ref, 1), *kit.numbers("target", 1))
    yield kit.scene(
        f"{kit.a_one} and {kit.a_other} that match by {by} are merged",
        "merged",
        given=made.steps,
        when=(SYNC,),
        then=merged,
    )
    if kit.creates_both:
        return  # what is there first would get a counterpart at once
    here, there = made.steps
    yield kit.scene(
        f"{kit.a_one} merges with the {kit.pair.target} that was there first, by {by}",
        "merged",
        given=(there, SYNC),
        when=(here, SYNC),
        then=merged,
    )
