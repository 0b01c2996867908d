"""What a scenario's Then asks for, checked on the journal so far. Rule: a failed check is a
violation like any other: data, with a law and a line of the checklist behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tallystick.canonical import MISSING, Json, same
from tallystick.dataflow.model import Side
from tallystick.dataflow.paths import Path, read
from tallystick.laws.cases import agrees_with_another
from tallystick.laws.history import Record
from tallystick.laws.judge import Judge
from tallystick.laws.links import Link
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.script import (
    Agree,
    Arrived,
    Has,
    HasCounterparts,
    Holds,
    HoldsRecords,
    Wrote,
)

__all__ = ["CHECKS", "CheckImpossible"]

Resolved = tuple[tuple[str, Json], ...]
_ELEMENT: Final = re.compile(r"\[(\d*)\]")


class CheckImpossible(Exception):
    """What a Then asks for makes no sense for this dataflow; the message says why."""


def _holds(judge: Judge, step: Holds, _record: Record | None, _values: Resolved) -> list[Violation]:
    """Whatever broke the law was reported when it came to light; nothing is said twice."""
    judge.scene.test(step.law or "in-sync")
    return []


def _has_counterparts(
    judge: Judge, step: HasCounterparts, record: Record | None, _values: Resolved
) -> list[Violation]:
    found = 1 if record is not None and record.live else 0
    if found == step.count:
        return []
    return [_failed(judge, "linked", "then-counterparts", record, step.count, found)]


def _has(judge: Judge, step: Has, record: Record | None, values: Resolved) -> list[Violation]:
    if record is None or not record.live:
        return [_failed(judge, "linked", "then-gone", record, step.record.label, None)]
    return [
        _failed(judge, "in-sync", "then-value", record, _plain(wanted), _plain(found), note=path)
        for path, wanted in values
        if not same(found := _at(record.now.data, path), wanted)
    ]


def _plain(value: Json) -> Json:
    return None if value is MISSING else value


def _at(data: Json, path: str) -> Json:
    for part in path.replace("]", "").replace("[", ".#").split("."):
        if part.startswith("#"):
            at = int(part[1:]) - 1
            data = data[at] if isinstance(data, list) and 0 <= at < len(data) else MISSING
        else:
            data = read(data, (part,))
    return data


def _holds_records(
    judge: Judge, step: HoldsRecords, _record: Record | None, _values: Resolved
) -> list[Violation]:
    records = judge.history.all_of(step.side, step.type)
    found = sum(1 for record in records if record.live)
    if found == step.number:
        return []
    violation = _failed(
        judge, "one-to-one", "then-records", None, step.number, found, note=step.type
    )
    return [violation]


def _agrees(
    judge: Judge, step: Arrived | Agree, record: Record | None, _values: Resolved
) -> list[Violation]:
    links = judge.book.links_of(record) if record is not None else []
    if not links:
        return [_failed(judge, "linked", "then-gone", record, step.record.label, None)]
    named = [
        (link, index, number)
        for link in links
        for index, unit in enumerate(link.units)
        for number, row in unit.rows
        if _names(step.path, row.path(step.side))
    ]
    if not named:
        raise CheckImpossible(f"{step.path} of {step.record.type} is no listed property there")
    for link, index, number in named:
        unit = link.units[index]
        for wrong in unit.differences(
            *link.views(unit, link.source.data, link.target.data), judge.book
        ):
            here = wrong.row == number and wrong.place in {0, _place(step.path) or wrong.place}
            if here and agrees_with_another(link, index, judge.book, judge.book) is False:
                return [_disagreement(judge, link, step.side, wrong)]
    return []


def _names(path: str, listed: Path) -> bool:
    """Tell whether a script's path means a listed one: itself, in one element, or its list."""
    return _ELEMENT.sub("[]", path) == listed.text or (listed.in_list and path == listed.list_text)


def _place(path: str) -> int:
    found = _ELEMENT.search(path)
    return int(found[1] or 0) if found else 0


def _disagreement(judge: Judge, link: Link, side: Side, wrong: Any) -> Violation:
    row = link.pair.rows[wrong.row]
    law = "references" if row.reference is not None else "in-sync"
    expected, found = wrong.expected, wrong.found
    if side == "source":
        expected, found = found, expected
    return judge.scene.violation(
        law,
        "not-arrived",
        link.pair,
        link.source,
        link.target,
        row=wrong.row,
        direction=side,
        expected=expected,
        found=found,
        place=wrong.place,
    )


def _wrote(judge: Judge, step: Wrote, _record: Record | None, _values: Resolved) -> list[Violation]:
    found = judge.history.writes[step.side]
    if found == step.number:
        return []
    return [_failed(judge, "economical", "then-writes", None, step.number, found)]


def _failed(
    judge: Judge,
    law: str,
    anomaly: str,
    record: Record | None,
    expected: Json,
    found: Json,
    *,
    note: str = "",
) -> Violation:
    links = judge.book.links_of(record) if record is not None else []
    pairs = judge.book.pairs.get((record.side, record.type), ()) if record is not None else ()
    pair = links[0].pair if links else pairs[0] if pairs else None
    return judge.scene.violation(
        law,
        anomaly,
        pair,
        *judge.scene.named(record),
        expected=expected,
        found=found,
        note=note,
    )


CHECKS: Final[Mapping[str, Callable[[Judge, Any, Record | None, Resolved], list[Violation]]]] = {
    "holds": _holds,
    "has-counterparts": _has_counterparts,
    "has": _has,
    "holds-records": _holds_records,
    "arrived": _agrees,
    "agree": _agrees,
    "wrote": _wrote,
}
