"""What can fail, each with an id that stays the same from run to run. Rule: names, no verdicts.

A check is one law for one pair of record types (`linked/Customer`), one law for the connector as
a whole (`polite`), or one property in one direction (`in-sync/Customer/email=Email/to-target`). A
scenario about another checklist or other policies is one check (`scenario/conflicts/…`). Ids depend
on what the checklist says, not on the order in which it says it. Each violation belongs to exactly
one check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from tallystick.dataflow.casts import is_judged
from tallystick.dataflow.model import SIDES, Dataflow, Pair, Row, Side, other_side
from tallystick.laws.ticks import GENERAL_LAWS
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.laws import LAWS

__all__ = ["Check", "Checks", "scenario_check"]

_UNSAFE: Final = re.compile(r"[^\w.\[\]-]+")
_NEED_ROWS: Final = frozenset(
    {"in-sync", "latest-wins", "no-lost-edit", "no-invention", "economical"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that can fail: `pair` is the pair's number (0: none), `row` its index (-1: none).

    `title` says it in words; `file` and `line` say where it was agreed.
    """

    id: str
    law: str
    title: str
    pair: int = 0
    row: int = -1
    direction: Side | None = None
    file: str = ""
    line: int = 0


def scenario_check(feature: str, scenario: str) -> str:
    """Give the id of a scenario that is about another checklist than the run's."""
    return f"scenario/{_part(PurePath(feature).stem)}/{_part(scenario.lower())}"


class Checks:
    """All checks of a dataflow, in its order, and which of them a violation belongs to."""

    def __init__(self, dataflow: Dataflow) -> None:
        names = _numbered(_pair_part(pair) for pair in dataflow.pairs)
        self._of_pair = dict(zip((pair.number for pair in dataflow.pairs), names, strict=True))
        self.all: tuple[Check, ...] = (
            *(
                check
                for pair in dataflow.pairs
                for check in _pair_checks(pair, self._of_pair[pair.number])
            ),
            *(Check(id=law, law=law, title=_capital(LAWS[law])) for law in GENERAL_LAWS),
        )
        self._ids = {
            (check.law, check.pair, check.row, check.direction): check.id for check in self.all
        }

    def of(self, violation: Violation) -> str:
        """Give the id of the check that a violation belongs to."""
        law, pair = violation.law, violation.pair
        if law in GENERAL_LAWS:
            return law
        exact = self._ids.get((law, pair, violation.row, violation.direction))
        of_pair = f"{law}/{self._of_pair[pair]}" if pair in self._of_pair else law
        return exact or of_pair


def _pair_checks(pair: Pair, name: str) -> Iterator[Check]:
    for law in LAWS:
        if law in GENERAL_LAWS or not _applies(law, pair):
            continue
        yield Check(
            id=f"{law}/{name}",
            law=law,
            title=f"{pair.name}: {LAWS[law]}",
            pair=pair.number,
            file=pair.origin.file,
            line=pair.origin.line,
        )
    rows = _numbered(_row_part(row) for row in pair.rows)
    for at, (row, row_name) in enumerate(zip(pair.rows, rows, strict=True)):
        for side in SIDES:
            if _is_carried(row, side):
                yield _row_check(pair, name, at, row_name, side)


def _row_check(pair: Pair, name: str, at: int, row_name: str, side: Side) -> Check:
    row = pair.rows[at]
    first, last = (row.path(other_side(side)).plain, row.path(side).plain)
    return Check(
        id=f"in-sync/{name}/{row_name}/to-{side}",
        law="in-sync",
        title=f"{pair.name}: {first} reaches {last} ({side})",
        pair=pair.number,
        row=at,
        direction=side,
        file=row.origin.file,
        line=row.origin.line,
    )


def _applies(law: str, pair: Pair) -> bool:
    """Tell whether a law can say anything of a pair at all."""
    if law == "merged":
        return bool(pair.merge)
    if law == "references":
        return any(row.reference is not None for row in pair.rows)
    return bool(pair.rows) or law not in _NEED_ROWS


def _is_carried(row: Row, side: Side) -> bool:
    keys = row.path(side).is_key or row.path(other_side(side)).is_key
    return not keys and not row.unspecified and is_judged(row.type)


def _pair_part(pair: Pair) -> str:
    same = pair.source == pair.target
    return _part(pair.source) if same else f"{_part(pair.source)}={_part(pair.target)}"


def _row_part(row: Row) -> str:
    return f"{_part(row.source.text)}={_part(row.target.text)}"


def _part(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-") or "-"


def _numbered(names: Iterable[str]) -> list[str]:
    """Give names of which no two are equal: the second of one name ends in `~2`."""
    seen: dict[str, int] = {}
    given = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        given.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return given


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
