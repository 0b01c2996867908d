"""Scenes about property rows. Rule: each row gets an edit in each direction that must arrive.

One scenario outline for each direction, one example for each row. Rows that cannot be judged by
their value are left out, and a note says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tallystick.canonical import MISSING, Json, Missing, is_empty
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import SIDES, Pair, Row, Side, other_side
from tallystick.dataflow.units import units_of
from tallystick.derive.changes import changes, indexed, is_judgeable
from tallystick.derive.crossing import atlas_of
from tallystick.derive.drafts import Draft
from tallystick.derive.kit import SYNC, Kit
from tallystick.derive.samples import sample_value
from tallystick.derive.settings import Linked, on_first, standing
from tallystick.derive.shapes import json_types, properties_of
from tallystick.vocabulary.cells import render_cell
from tallystick.vocabulary.script import (
    AddElement,
    Agree,
    Arrived,
    Edit,
    KeyOf,
    MoveElement,
    RemoveElement,
    Step,
    Value,
)
from tallystick.vocabulary.sentences import Story, render_step

__all__ = ["property_scenes"]

_COLUMNS = ("property", "counterpart property", "value")


@dataclass(slots=True)
class _Outline:
    """One direction's outline being filled."""

    side: Side
    examples: list[tuple[str, str, str]] = field(default_factory=list)
    supplies: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def property_scenes(kit: Kit) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Give the scenes for the pair's rows, and notes on what they leave out."""
    made = kit.main
    if made is None or not kit.pair.rows:
        return (), ()
    drafts: list[Draft] = []
    notes: dict[str, None] = {}
    for side in SIDES:
        outline = _filled(kit, side)
        notes |= dict.fromkeys(outline.notes)
        if outline.examples:
            drafts.append(_outlined(kit, outline))
    drafts += [*_references(kit), *_keys(kit, made), *_lists(kit, made), *_unlisted(kit, made)]
    return tuple(drafts), tuple(notes)


def _filled(kit: Kit, side: Side) -> _Outline:
    outline = _Outline(side)
    setting = kit.setting()
    made = setting.linked()
    if made is None:
        return outline
    others: dict[str, Linked | None] = {}
    for row in kit.pair.rows:
        if row.reference is not None and row.reference.source not in others:
            others[row.reference.source] = setting.linked(_referred(kit, row))
    for row in kit.pair.rows:
        value = _value(kit, made, row, side, others)
        if isinstance(value, str) and value.startswith("not judged"):
            outline.notes.append(f"{row}: {value}")
        else:
            _add(kit, outline, made, row, value)
    used = {cell for _, _, cell in outline.examples}
    for other in others.values():
        if other is not None and render_cell(KeyOf(other.ref.label)) in used:
            outline.supplies += other.steps
    outline.supplies += made.steps
    return outline


def _add(kit: Kit, outline: _Outline, made: Linked, row: Row, value: Value) -> None:
    here = indexed(kit.pair, row, outline.side, made.data)
    there = indexed(kit.pair, row, other_side(outline.side), made.data)
    if (here, there) not in {example[:2] for example in outline.examples}:
        outline.examples.append((here, there, render_cell(value)))


def _referred(kit: Kit, row: Row) -> Pair | None:
    """Give the pair in which the records are linked that a reference row refers to."""
    reference = row.reference
    if reference is None:
        return None
    pairs = kit.dataflow.pairs_of("source", reference.source)
    return next((pair for pair in pairs if pair.target == reference.target), None)


def _value(kit: Kit, made: Linked, row: Row, side: Side, others: dict[str, Linked | None]) -> Value:
    """Give a value whose edit must arrive, or a note that begins with `not judged`."""
    if row.unspecified:
        return f"not judged by value, {row.unspecified}"
    if not is_judgeable(row):
        return "not judged by value, its conversion is not known"
    if row.source.is_key or row.target.is_key:
        return "not judged as an edit, a key is its own system's"
    if row.reference is not None:
        other = others.get(row.reference.source)
        return KeyOf(other.ref.label) if other else "not judged, nothing it refers to can be linked"
    if side == "target" and not _stands(made, row):
        return f"not judged from {kit.names.on(side)}, there is no element that could be edited"
    found = changes(kit.dataflow, kit.pair, made, row, side)
    return next(found, f"not judged from {kit.names.on(side)}, no other value can cross")


def _stands(made: Linked, row: Row) -> bool:
    """Tell whether the target has something of the row that people can edit."""
    if not row.target.in_list or made.there is not MISSING:
        return True
    if row.source.in_list and not row.when:
        return True
    return not is_empty(image(row.type, standing(made.data, row.source)))


def _outlined(kit: Kit, outline: _Outline) -> Draft:
    side, there = outline.side, other_side(outline.side)
    made = kit.main
    if made is None:  # pragma: no cover - whoever fills an outline has one
        raise ValueError("no record can be linked")
    edit = Edit(side=side, record=kit.on(made.ref, side), values=(("<property>", None),))
    arrived = Arrived(side=there, record=kit.on(made.ref, there), path="<counterpart property>")
    draft = kit.scene(
        f"An edit of <property> in {kit.names.on(side)}"
        f" arrives as <counterpart property> in {kit.names.on(there)}",
        "in-sync",
        given=(*outline.supplies, SYNC),
        when=(edit, SYNC),
        then=(arrived,),
    )
    wanted = render_step(edit, kit.names)
    shown = Story(text=wanted.text, table=(wanted.table[0], ("<property>", "<value>")))
    parts = tuple((word, shown if story == wanted else story) for word, story in draft.parts)
    return replace(draft, parts=parts, columns=_COLUMNS, examples=tuple(outline.examples))


def _references(kit: Kit) -> Iterator[Draft]:
    for row in kit.pair.rows:
        if row.reference is None or row.source.is_key:
            continue
        setting = kit.setting()
        other = setting.linked(_referred(kit, row))
        if other is None:
            continue
        key = ((on_first(row.source), KeyOf(other.ref.label)),)
        made = setting.linked(values=key)
        if made is not None:
            yield kit.scene(
                f"What {row.source.plain} refers to, {row.target.plain} refers to over there",
                "references",
                given=(*other.steps, *made.steps),
                when=(SYNC,),
                then=(_agree(kit, made, "target", on_first(row.target)),),
            )


def _agree(kit: Kit, made: Linked, side: Side, path: str) -> Agree:
    return Agree(side=side, record=kit.on(made.ref, side), path=path)


def _keys(kit: Kit, made: Linked) -> Iterator[Draft]:
    for row in kit.pair.rows:
        for side in SIDES:
            there = other_side(side)
            if row.path(side).is_key and not row.path(there).is_key:
                yield kit.scene(
                    f"The property {row.path(there).plain} shows the key of the record"
                    f" in {kit.names.on(side)}",
                    "in-sync",
                    given=made.steps,
                    when=(SYNC,),
                    then=(_agree(kit, made, there, row.path(there).text),),
                )


def _lists(kit: Kit, made: Linked) -> Iterator[Draft]:
    """Elements come, go and change places, once for each pair of lists."""
    for unit in units_of(kit.pair):
        if not unit.is_list:
            continue
        paths = {side: unit.row.path(side).list_text for side in SIDES}
        for side in SIDES:
            there = other_side(side)
            ref, path = kit.on(made.ref, side), paths[side]
            deeds: dict[str, Step] = {
                "added": AddElement(side=side, record=ref, path=path),
                "taken out": RemoveElement(side=side, record=ref, path=path, position=1),
                "moved": MoveElement(side=side, record=ref, path=path, position=2, to=1),
            }
            for deed, step in deeds.items():
                yield kit.scene(
                    f"An element of {path} is {deed} in {kit.names.on(side)}",
                    "in-sync",
                    given=(*made.steps, SYNC),
                    when=(step, SYNC),
                    then=(_agree(kit, made, there, paths[there]),),
                )


def _unlisted(kit: Kit, made: Linked) -> Iterator[Draft]:
    for side in SIDES:
        found = _unlisted_value(kit, made, side)
        if found is None:
            continue
        path, value = found
        there = other_side(side)
        here = kit.names.on(side)
        edit = kit.edit(made.ref, side, (path, value))
        yield kit.scene(
            f"The unlisted {path} stays in {here}",
            "untouched",
            given=(*made.steps, SYNC),
            when=(edit, SYNC),
            then=(kit.wrote(there, 0), kit.has(made.ref, side, path, value)),
        )
        if kit.choices:
            shown = kit.choices[0]
            arriving = (shown.path(there), shown.values[there][0])
            yield kit.scene(
                f"The unlisted {path} in {here} survives an edit in {kit.names.on(there)}",
                "untouched",
                given=(*made.steps, SYNC, edit, SYNC),
                when=(kit.edit(made.ref, there, arriving), SYNC),
                then=(
                    kit.arrived(made.ref, side, shown.path(side)),
                    kit.has(made.ref, side, path, value),
                ),
            )


def _unlisted_value(kit: Kit, made: Linked, side: Side) -> tuple[str, Json] | None:
    """Give a property that no row lists, and a value for it that people can write."""
    type_name = kit.pair.type_on(side)
    atlas = atlas_of(kit.dataflow)
    listed = {row.path(side).plain.split(".")[0] for _, row in atlas.rows(side, type_name)}
    listed |= {part.path.head[0] for part in kit.pair.create.condition if part.path.head}
    for name, schema in properties_of(atlas.schema(side, type_name)).items():
        if name in listed or "string" not in json_types(schema) or "." in name:
            continue
        value: Json | Missing = sample_value(kit.dataflow, side, type_name, name, made.ref.label, 1)
        if isinstance(value, str) and atlas.place(side, type_name, name).accepts(value):
            return name, value
    return None
