"""Two checklists of one pair of systems, one for each direction, as one dataflow.

Rule: the first one's direction is the dataflow's. What only the second one says holds as far as it
can be said the other way round; where the two contradict each other, findings say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path as FilePath

from tallystick.checklist.build import Compiled, agreement_for, completed, unassumed_dataflow
from tallystick.checklist.document import Document
from tallystick.checklist.lint_mirror import are_mirrored, lint_mirror
from tallystick.checklist.names import bare_name
from tallystick.checklist.reader import read_checklist
from tallystick.dataflow.model import (
    Creation,
    Dataflow,
    MergeTerm,
    Origin,
    Pair,
    RecordType,
    Row,
    other_side,
)
from tallystick.errors import BadInput, Problem

__all__ = ["join_checklists"]

_CREATES = ("always", "no-match")


def join_checklists(
    forth: str | FilePath, back: str | FilePath, agreement_path: str | FilePath | None = None
) -> Compiled:
    """Read two checklists and give the dataflow that they describe together.

    Where both create records of a pair, records are created from both sides, unless the agreement
    says otherwise; it is about the first one's direction. Raises BadInput where a file can't be
    read, where the agreement does not fit, or where the two are not the two directions of one pair
    of systems.
    """
    first, second = read_checklist(forth), read_checklist(back)
    if not are_mirrored(first, second):
        text = f"its systems are not those of {forth} in the opposite order"
        remedy = "Give the two directions of one pair of systems, or a folder, to run each alone."
        raise BadInput(Problem(file=str(back), line=1, text=text, remedy=remedy))
    here, found = unassumed_dataflow(first, agreement_for(first, agreement_path))
    there, more = unassumed_dataflow(second, agreement_for(second, None))
    findings = [*first.findings, *found, *lint_mirror(first, second)]
    findings += [*second.findings, *more, *lint_mirror(second, first)]
    return completed(_joined(here, there, second), findings, first)


def _joined(here: Dataflow, there: Dataflow, second: Document) -> Dataflow:
    named = _names(here)
    waiting = [_turned(pair, named) for pair in there.pairs]
    pairs = []
    for pair in here.pairs:
        mirror = next((one for one in waiting if _types(one) == _types(pair)), None)
        if mirror is not None:
            waiting.remove(mirror)
        pairs.append(_both(pair, mirror, second.file))
    pairs += [_only_back(pair, second.file) for pair in waiting]
    numbered = tuple(replace(pair, number=n) for n, pair in enumerate(pairs, 1))
    policies = here.policies
    if "create" not in policies.agreed and any(_creates_both(pair) for pair in numbered):
        agreed = {**policies.agreed, "create": Origin(file=second.file)}
        policies = replace(policies, create="both", agreed=agreed)
    return replace(
        here,
        source=replace(here.source, system=here.source.system or there.target.system),
        target=replace(here.target, system=here.target.system or there.source.system),
        source_types=_all_types(here.source_types, there.target_types, named),
        target_types=_all_types(here.target_types, there.source_types, named),
        pairs=numbered,
        policies=policies,
    )


def _names(here: Dataflow) -> Callable[[str], str]:
    """Give a function that spells a type of the second checklist as the first one does."""
    known = {bare_name(name): name for name in (*here.source_types, *here.target_types)}
    return lambda name: known.get(bare_name(name), name)


def _types(pair: Pair) -> tuple[str, str]:
    return pair.source, pair.target


def _turned(pair: Pair, named: Callable[[str], str]) -> Pair:
    """Give a pair of the second checklist in the first one's direction."""
    return replace(
        pair,
        source=named(pair.target),
        target=named(pair.source),
        merge=tuple(
            tuple(MergeTerm(source=term.target, target=term.source) for term in terms)
            for terms in pair.merge
        ),
        rows=tuple(_turned_row(row) for row in pair.rows),
    )


def _turned_row(row: Row) -> Row:
    """Give a row the other way round: of its conversion no more is known than that texts stay."""
    why = row.unspecified
    if row.type not in (None, "string", "unknown"):
        why = f"only {row.origin.file} has it, and that converts the other way"
    return replace(
        row,
        source=row.target,
        target=row.source,
        type="unknown" if why else row.type,
        when=tuple(replace(one, side=other_side(one.side)) for one in row.when),
        unspecified=why,
    )


def _both(pair: Pair, mirror: Pair | None, file: str) -> Pair:
    """Give a pair with what the second checklist adds to it."""
    create = pair.create
    if create.when in _CREATES and (mirror is None or mirror.create.when not in _CREATES):
        create = replace(create, unspecified=f"{file} creates none of these the other way")
    if mirror is None:
        return replace(pair, create=create)
    rows = {(row.source.plain, row.target.plain) for row in pair.rows}
    more = [row for row in mirror.rows if (row.source.plain, row.target.plain) not in rows]
    merge = [terms for terms in mirror.merge if terms not in pair.merge]
    return replace(
        pair,
        create=create,
        merge=(*pair.merge, *merge),
        rows=(*pair.rows, *more),
        statements=(*pair.statements, *mirror.statements),
    )


def _creates_both(pair: Pair) -> bool:
    return pair.create.when in _CREATES and not pair.create.unspecified


def _only_back(pair: Pair, file: str) -> Pair:
    """Give a pair of which only the second checklist speaks: nobody can say who creates there."""
    why = pair.create.unspecified or f"only {file} says who creates them, the other way"
    plain = pair.create.when == "never" and not pair.create.unspecified
    return replace(pair, create=pair.create if plain else Creation(when="never", unspecified=why))


def _all_types(
    here: Mapping[str, RecordType], there: Mapping[str, RecordType], named: Callable[[str], str]
) -> dict[str, RecordType]:
    """Give the types of one side by name, those of the second checklist with paths of their own."""
    types = dict(here)
    taken = {entry.path for entry in here.values()}
    for name, entry in there.items():
        if named(name) not in types:
            path = entry.path if entry.path not in taken else f"{entry.path}-back"
            types[named(name)] = replace(entry, name=named(name), path=path)
    return types
