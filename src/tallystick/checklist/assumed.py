"""What a document alone leaves to be assumed of records: their lists and objects. Rule: certain or
strong evidence only; a row that no record could hold beside the others is left out, and says why.

Only types without an agreed JSON Schema are looked at: where there is one, nothing is assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import replace

from tallystick.dataflow.model import (
    SIDES,
    Dataflow,
    MergeTerm,
    Pair,
    Row,
    Side,
)
from tallystick.dataflow.paths import LIST_MARK, Path, parse_path

__all__ = ["Kind", "assume_rows"]

Kind = tuple[Side, str]
"""A record type: its side and its name."""

Segments = tuple[str, ...]

_Objects = dict[Kind, set[Segments]]


def assume_rows(dataflow: Dataflow, agreed: Container[Kind]) -> Dataflow:
    """Give the dataflow with lists marked throughout, and without rows that nobody could carry.

    `agreed` are the types whose schemas were agreed. What is left out stays in its pair, as
    `left_out`.
    """
    marked = replace(dataflow, pairs=_Lists(dataflow, agreed).pairs())
    objects = _objects(marked, agreed)
    return replace(marked, pairs=tuple(_without_clashes(pair, objects) for pair in marked.pairs))


class _Lists:
    """Marks the lists of each type in every path that passes them: the outermost one of each."""

    def __init__(self, dataflow: Dataflow, agreed: Container[Kind]) -> None:
        self._pairs = dataflow.pairs
        self._heads: dict[Kind, set[Segments]] = {}
        for pair in dataflow.pairs:
            for side in SIDES:
                kind = (side, pair.type_on(side))
                if kind not in agreed:
                    self._heads.setdefault(kind, set()).update(_list_heads(pair, side))

    def pairs(self) -> tuple[Pair, ...]:
        """Give the pairs, with every path marked."""
        return tuple(map(self._pair, self._pairs)) if any(self._heads.values()) else self._pairs

    def _pair(self, pair: Pair) -> Pair:
        rows = tuple(
            replace(
                row,
                source=self._marked(pair, "source", row.source),
                target=self._marked(pair, "target", row.target),
                when=tuple(
                    replace(one, path=self._marked(pair, one.side, one.path)) for one in row.when
                ),
            )
            for row in pair.rows
        )
        merge = tuple(
            tuple(
                MergeTerm(
                    source=self._marked(pair, "source", term.source),
                    target=self._marked(pair, "target", term.target),
                )
                for term in terms
            )
            for terms in pair.merge
        )
        return replace(pair, rows=rows, merge=merge)

    def _marked(self, pair: Pair, side: Side, path: Path) -> Path:
        heads = self._heads.get((side, pair.type_on(side)))
        segments = _segments(path)
        for length in range(1, len(segments)) if heads else ():
            if segments[:length] in (heads or ()):
                tail = ".".join(segments[length:])
                return parse_path(f"{'.'.join(segments[:length])}{LIST_MARK}.{tail}")
        return path


def _list_heads(pair: Pair, side: Side) -> Iterator[Segments]:
    """Give the paths of what is certainly, or in all probability, a list."""
    certain = "list" if side == "target" else "first"
    for row in pair.rows:
        if row.type == certain and not row.path(side).is_key:
            yield _segments(row.path(side))
    for path in _paths(pair, side):
        if path.in_list:
            yield path.head


def _paths(pair: Pair, side: Side) -> Iterator[Path]:
    """Give every path of a side that the pair speaks of."""
    for row in pair.rows:
        yield row.path(side)
        yield from (one.path for one in row.when if one.side == side)
    for terms in pair.merge:
        yield from (term.source if side == "source" else term.target for term in terms)
    if side == "source":
        yield from (one.path for one in pair.create.condition)


def _segments(path: Path) -> Segments:
    return (*path.head, *(path.tail or ()))


def _objects(dataflow: Dataflow, agreed: Container[Kind]) -> _Objects:
    """Give, by type, the paths inside which other paths lead: what stands there is no value."""
    found: _Objects = {}
    for pair in dataflow.pairs:
        for side in SIDES:
            kind = (side, pair.type_on(side))
            if kind in agreed:
                continue
            inside = found.setdefault(kind, set())
            for path in _paths(pair, side):
                segments = _segments(path)
                inside.update(segments[:length] for length in range(1, len(segments)))
    return found


def _without_clashes(pair: Pair, objects: _Objects) -> Pair:
    conditions = [one for row in pair.rows for one in row.when]
    picked = {(one.side, one.path.head) for one in conditions if one.path.in_list}
    crowded = _crowded(pair)
    rows, left_out = [], []
    for row in pair.rows:
        why = _clash(pair, row, objects) or _mixed(row, picked)
        if why:
            left_out.append(_open(row, why))
        elif crowded & _sole_lists(row):
            rows.append(_open(row, "other rows share the elements of its list, and none is picked"))
        else:
            rows.append(_with_fit_conditions(pair, row, objects))
    merge = tuple(
        terms
        for terms in pair.merge
        if not any(_is_object(pair, side, path, objects) for side, path in _matched(terms))
    )
    return replace(pair, rows=tuple(rows), left_out=tuple(left_out), merge=merge)


def _crowded(pair: Pair) -> set[tuple[Side, str]]:
    """Give the properties of elements that several rows share that pass no list opposite."""
    found = Counter(place for row in pair.rows for place in _sole_lists(row))
    return {place for place, count in found.items() if count > 1}


def _sole_lists(row: Row) -> set[tuple[Side, str]]:
    """Give the list's property, with its side, of a row that passes a list on one side only."""
    lists = {(side, row.path(side).text) for side in SIDES if row.path(side).in_list}
    return lists if len(lists) == 1 and not row.when else set()


def _matched(terms: tuple[MergeTerm, ...]) -> Iterator[tuple[Side, Path]]:
    for term in terms:
        yield "source", term.source
        yield "target", term.target


def _is_object(pair: Pair, side: Side, path: Path, objects: _Objects) -> bool:
    return _segments(path) in objects.get((side, pair.type_on(side)), ())


def _clash(pair: Pair, row: Row, objects: _Objects) -> str:
    """Say why a row has no value to carry; "" if it has."""
    for side in SIDES:
        path = row.path(side)
        if _is_object(pair, side, path, objects):
            return f"{path.plain!r} can't hold a value: other rows speak of properties inside it"
    return ""


def _mixed(row: Row, picked: Container[tuple[Side, Segments]]) -> str:
    """Say why a row over whole lists can't stand beside rows that pick an element of one."""
    positional = row.source.in_list and row.target.in_list and not row.when
    for side in SIDES if positional else ():
        if (side, row.path(side).head) in picked:
            return f"other rows pick single elements of {row.path(side).list_text!r}"
    return ""


def _with_fit_conditions(pair: Pair, row: Row, objects: _Objects) -> Row:
    """Give the row, open where a dependency asks something of no value that it could ask."""
    for one in row.when:
        elsewhere = one.path.in_list and one.path.head != row.path(one.side).head
        if elsewhere or _is_object(pair, one.side, one.path, objects):
            why = f"the dependency on {one.path.plain!r} asks something of no value of the row"
            return replace(_open(row, why), when=())
    return row


def _open(row: Row, why: str) -> Row:
    reasons = "; ".join(dict.fromkeys(filter(None, (row.unspecified, why))))
    return replace(row, type="unknown", unspecified=reasons)
