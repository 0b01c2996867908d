"""Edits that change something on both sides. Rule: a value that would not arrive is not chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tallystick.canonical import MISSING, Json, is_empty, same
from tallystick.dataflow.casts import image, is_judged
from tallystick.dataflow.model import Condition, Dataflow, Pair, Row, Side, other_side
from tallystick.dataflow.paths import Path, elements, read
from tallystick.derive.crossing import atlas_of
from tallystick.derive.samples import sample_value
from tallystick.derive.settings import Linked, standing

__all__ = ["Choice", "changes", "indexed", "is_judgeable", "is_plain", "showcase"]

_TRIES = 10


def is_judgeable(row: Row) -> bool:
    """Tell whether the row's value is judged and people can write it on both sides."""
    return not row.unspecified and is_judged(row.type)


def is_plain(row: Row) -> bool:
    """Tell whether a row is a simple copy: no list, no condition, no key, no reference."""
    paths = (row.source, row.target)
    return not (
        row.when or row.reference or any(path.in_list or path.is_key for path in paths)
    ) and is_judgeable(row)


def indexed(pair: Pair, row: Row, side: Side, data: Json) -> str:
    """Give the row's path on `side` as a script writes it, in the element that it is about."""
    path = row.path(side)
    return path.text.replace("[]", f"[{_position(pair, row, side, data)}]")


def _position(pair: Pair, row: Row, side: Side, data: Json) -> int:
    """Give the place (from 1) of the element that a row is about; the first one by default."""
    mine = _cases(row, side)
    if not mine:
        return 1
    if side == "source":
        found = elements(data, row.source) or []
        fulfilling = (at for at, item in enumerate(found, 1) if _fulfils(item, mine))
        return next(fulfilling, 1)
    cases = [_cases(other, side) for other in pair.rows if other.path(side).head == row.target.head]
    return list(dict.fromkeys(case for case in cases if case)).index(mine) + 1


def _cases(row: Row, side: Side) -> tuple[Condition, ...]:
    return tuple(
        term
        for term in row.when
        if term.side == side and term.path.in_list and term.path.head == row.path(side).head
    )


def _fulfils(item: Json, cases: tuple[Condition, ...]) -> bool:
    return all(same(read(item, case.path.tail or ()), case.equals) for case in cases)


def changes(dataflow: Dataflow, pair: Pair, made: Linked, row: Row, side: Side) -> Iterator[Json]:
    """Give values that people on `side` can write there; each changes the other side, too."""
    path = row.path(side)
    type_name = pair.type_on(side)
    place = atlas_of(dataflow).place(side, type_name, path)
    seen = list(_standing_there(pair, made, row))
    for n in range(_TRIES):
        value = sample_value(dataflow, side, type_name, path, made.ref.label, n)
        view = image(row.type, value) if side == "source" else value
        fresh = not any(same(view, other) for other in seen)
        if fresh and not is_empty(view) and place.fate(value) == "crosses":
            seen.append(view)
            yield value


def _standing_there(pair: Pair, made: Linked, row: Row) -> Iterator[Json]:
    """Give what the target may show before the edit: its sources' images, or what it was."""
    if row.source.in_list and row.target.in_list and not row.when:
        yield image(row.type, standing(made.data, row.source))
        return
    for other in pair.rows:
        if other.target == row.target:
            yield from (image(other.type, value) for value in _all(made.data, other.source))
    if made.there is not MISSING:
        yield from _all(made.there, row.target)


def _all(data: Json, path: Path) -> list[Json]:
    if path.is_key:
        return []
    if not path.in_list:
        return [read(data, path.head)]
    return [standing(data, path, at) for at in range(1, len(elements(data, path) or ()) + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A row that shows well, with values that people may write on either side."""

    row: Row
    values: dict[Side, tuple[Json, ...]]

    def path(self, side: Side) -> str:
        """Give the row's path on `side`."""
        return self.row.path(side).text

    def crossed(self, side: Side, n: int = 0) -> Json | None:
        """Give what the `n`-th value of `side` becomes on the other; None where that is open."""
        value = self.values[side][n]
        return image(self.row.type, value) if side == "source" else None


def showcase(dataflow: Dataflow, pair: Pair, made: Linked) -> list[Choice]:
    """Give the plain rows that scenarios can be told with, those of the merge rule last."""
    merging = {term.source.text for terms in pair.merge for term in terms}
    merging |= {part.path.text for part in pair.create.condition}
    found = [
        Choice(
            row=row, values={s: _some(dataflow, pair, made, row, s) for s in ("source", "target")}
        )
        for row in pair.rows
        if is_plain(row) and _stands_alone(pair, row)
    ]
    good = [choice for choice in found if all(len(v) > 1 for v in choice.values.values())]
    return sorted(good, key=lambda c: (c.path("source") in merging, not _is_text(c)))


def _some(dataflow: Dataflow, pair: Pair, made: Linked, row: Row, side: Side) -> tuple[Json, ...]:
    return tuple(changes(dataflow, pair, made, row, side))


def _stands_alone(pair: Pair, row: Row) -> bool:
    others = [other for other in pair.rows if other is not row]
    return not any(
        other.path(side).head == row.path(side).head
        for other in others
        for side in ("source", other_side("source"))
    )


def _is_text(choice: Choice) -> bool:
    return all(isinstance(v, str) for values in choice.values.values() for v in values)
