"""What a record would have to become to agree with its counterpart. Rule: one honest answer.

Used to tell whether the other system could hold what it is asked to hold: a value that has no
image there, or that its schema refuses, can be demanded of nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tallystick.canonical import MISSING, Json, is_empty, same
from tallystick.dataflow.backcasts import NO_PREIMAGE, back
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import Pair, Row, Side, other_side
from tallystick.dataflow.paths import elements, read, write
from tallystick.dataflow.units import fulfils, own_conditions

__all__ = ["NO_IMAGE", "Projection", "projected", "property_schema"]

Resolve = Callable[[Row, Json], Json]


class _NoImage:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_IMAGE"


NO_IMAGE: Final = _NoImage()
"""Given where a value of one side is no image of any value of the other."""


def property_schema(schema: Mapping[str, Json], segments: tuple[str, ...]) -> Mapping[str, Json]:
    """Give the JSON Schema of the property at `segments` ({} where nothing is known)."""
    for segment in segments:
        inner = schema.get("properties", {}).get(segment)
        if not isinstance(inner, Mapping):
            return {}
        schema = inner
    return schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """`data` agrees with the counterpart in every row but those in `without`: indexes of rows
    whose value is no image of any value of this side.
    """

    data: Json
    without: frozenset[int] = frozenset()


def projected(
    pair: Pair,
    to: Side,
    origin: Json,
    onto: Json,
    *,
    schema: Mapping[str, Json],
    resolve: Resolve,
    key: Json = None,
    last: int | None = None,
) -> Projection:
    """Give `onto`, a record of side `to`, changed so that the rows agree with `origin`.

    `onto` is {} where a record would be made; `schema` is the schema of side `to`; `key` is the key
    of `origin`; `resolve` gives the key to which a reference row leads. Of several rows into one
    property the last one's value stands, or that of the row with the index `last`.
    """
    without = set()
    making = not onto
    for number, row in sorted(enumerate(pair.rows), key=lambda item: item[0] == last):
        if row.path(to).is_key or row.unspecified or not _applies(row, other_side(to), origin):
            continue
        step = _carry_list if _is_positional(row) else _carry_value
        if making:
            onto = _given_conditions(row, to, origin, onto, key)
        carried = step(row, to, origin, onto, schema=schema, resolve=resolve, key=key)
        if carried is NO_IMAGE:
            without.add(number)
        else:
            onto = carried
    return Projection(data=onto, without=frozenset(without))


def _applies(row: Row, side: Side, data: Json) -> bool:
    """Tell whether a record fulfils a row's conditions on the record itself."""
    return all(
        same(read(data, c.path.head), c.equals) for c in own_conditions(row, side) if c.of_record
    )


def _given_conditions(row: Row, to: Side, origin: Json, onto: Json, key: Json) -> Json:
    """Give a record in the making what a row asks of it, if the row has a value to carry."""
    asked = [c for c in own_conditions(row, to) if c.of_record]
    if not asked or is_empty(_origin_value(row, other_side(to), origin, key)):
        return onto
    for condition in asked:
        if is_empty(read(onto, condition.path.head)):
            onto = write(onto, condition.path.head, condition.equals)
    return onto


def _is_positional(row: Row) -> bool:
    return row.source.in_list and row.target.in_list and not row.when


def _converted(
    row: Row, to: Side, value: Any, old: Any, schema: Mapping[str, Json], resolve: Resolve
) -> Any:
    if row.reference is not None:
        return None if value is MISSING or value is None else resolve(row, value)
    if to == "target":
        return image(row.type, value)
    if same(image(row.type, old), value):
        return old
    if value is MISSING or value is None:  # a type may make something of nothing
        return MISSING if image(row.type, None) is None else NO_IMAGE
    found = back(row.type, value, old=old, schema=schema)
    return NO_IMAGE if found is NO_PREIMAGE else found


def _carry_value(
    row: Row,
    to: Side,
    origin: Json,
    onto: Json,
    *,
    schema: Mapping[str, Json],
    resolve: Resolve,
    key: Json,
) -> Json:
    found = _origin_value(row, other_side(to), origin, key)
    path = row.path(to)
    if path.in_list:
        return _into_element(row, to, found, onto, schema, resolve)
    if not _applies(row, to, onto):
        return onto
    inner = property_schema(schema, path.head)
    value = _converted(row, to, found, read(onto, path.head), inner, resolve)
    if value is NO_IMAGE:
        return NO_IMAGE
    return write(onto, path.head, _absent(value))


def _absent(value: Any) -> Any:
    return MISSING if value is None else value


def _origin_value(row: Row, side: Side, origin: Json, key: Json) -> Any:
    path = row.path(side)
    if path.is_key:
        return key
    if not path.in_list:
        return read(origin, path.head)
    for element in elements(origin, path) or []:
        if fulfils(row, side, element):
            return read(element, path.tail or ())
    return MISSING


def _into_element(
    row: Row,
    to: Side,
    value: Any,
    onto: Json,
    schema: Mapping[str, Json],
    resolve: Resolve,
) -> Json:
    path = row.path(to)
    items = list(elements(onto, path) or [])
    at = next((at for at, element in enumerate(items) if fulfils(row, to, element)), None)
    inner = property_schema(property_schema(schema, path.head).get("items", {}), path.tail or ())
    old = MISSING if at is None else read(items[at], path.tail or ())
    new = _converted(row, to, value, old, inner, resolve)
    if new is NO_IMAGE:
        return NO_IMAGE
    if at is None:
        if is_empty(new):
            return onto
        items.append(_conditioned(row, to))
        at = len(items) - 1
    items[at] = write(items[at], path.tail or (), _absent(new))
    return write(onto, path.head, items)


def _conditioned(row: Row, to: Side) -> Json:
    element: Json = {}
    for condition in own_conditions(row, to):
        if not condition.of_record:
            element = write(element, condition.path.tail or (), condition.equals)
    return element


def _carry_list(
    row: Row,
    to: Side,
    origin: Json,
    onto: Json,
    *,
    schema: Mapping[str, Json],
    resolve: Resolve,
    key: Json,  # noqa: ARG001  (a list's elements have no keys; the signature is shared)
) -> Json:
    there, here = row.path(other_side(to)), row.path(to)
    found = elements(origin, there)
    if found is None:
        return write(onto, here.head, MISSING)
    items = (elements(onto, here) or [])[: len(found)]
    items = items + [{}] * (len(found) - len(items))
    inner = property_schema(property_schema(schema, here.head).get("items", {}), here.tail or ())
    for at, element in enumerate(found):
        old = read(items[at], here.tail or ())
        new = _converted(row, to, read(element, there.tail or ()), old, inner, resolve)
        if new is NO_IMAGE:
            return NO_IMAGE
        items[at] = write(items[at], here.tail or (), _absent(new))
    return write(onto, here.head, items)
