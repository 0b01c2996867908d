"""A violation in a QA person's words. Rule: it fills the sentences of `tallystick.laws.words`.

It says what the violation holds and no more: no journal is read, nothing is judged. Whatever came
from a record or from the connector is escaped where it could not be seen.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tallystick.canonical import Json
from tallystick.dataflow.model import Dataflow, Pair, Row, Side, other_side
from tallystick.dataflow.units import NOT_APPLICABLE
from tallystick.laws.verdict import RecordName, Violation
from tallystick.laws.words import REFERENCE_WORDS, WORDS
from tallystick.vocabulary.cells import render_cell, visible
from tallystick.vocabulary.sentences import Names

__all__ = ["Words", "name_record", "say_value", "violation_words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A violation for people: one sentence, and what was expected and found ("" where none)."""

    sentence: str
    expected: str = ""
    found: str = ""


_POLICY_WORDS: Final[Mapping[str, str]] = {
    "latest-wins": "The later edit wins.",
    "source-wins": "In a conflict {source_system} wins.",
    "target-wins": "In a conflict {target_system} wins.",
}

_LONGEST_VALUE: Final = 120


def name_record(record: RecordName, names: Names) -> str:
    """Give `Customer "Ann" in CustomWebshop`, or the key where nobody gave it a name."""
    called = f'"{visible(record.label)}"' if record.label else visible(str(record.key))
    return f"{visible(record.type)} {called} in {visible(names.on(record.side))}"


def say_value(value: Json) -> str:
    """Give a value as a sentence says it: JSON in one line, `nothing` for null, cut if long."""
    if value is None or value is NOT_APPLICABLE:
        return "nothing"
    text = render_cell(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def violation_words(violation: Violation, dataflow: Dataflow) -> Words:
    """Give a violation in a QA person's words."""
    row = _row(violation, dataflow)
    facts = _facts(violation, dataflow, row)
    template = WORDS.get((violation.law, violation.anomaly))
    if row is not None and row.reference is not None:
        template = REFERENCE_WORDS.get(violation.anomaly, template)
    if template is None:
        template = f"The law {violation.law!r} is broken ({violation.anomaly}): {{first}}."
    used = {part for _, part, _, _ in string.Formatter().parse(template) if part}
    return Words(
        sentence=_capital(template.format_map(facts).strip()),
        expected=facts["expected"] if "expected" in used else "",
        found=facts["found"] if "found" in used else "",
    )


def _capital(sentence: str) -> str:
    """A system without a name is "the source system"; other first words stay as they are."""
    return f"T{sentence[1:]}" if sentence.startswith("the ") else sentence


def _pair(violation: Violation, dataflow: Dataflow) -> Pair | None:
    return next((pair for pair in dataflow.pairs if pair.number == violation.pair), None)


def _row(violation: Violation, dataflow: Dataflow) -> Row | None:
    pair = _pair(violation, dataflow)
    if pair is None or not 0 <= violation.row < len(pair.rows):
        return None
    return pair.rows[violation.row]


def _facts(violation: Violation, dataflow: Dataflow, row: Row | None) -> dict[str, str]:
    names = Names.of(dataflow)
    records = violation.records
    at: Side = violation.direction or ("target" if row or not records else records[0].side)
    elsewhere = other_side(records[0].side) if records else other_side(at)
    expected, found = _values(violation, dataflow, row)
    policy = _POLICY_WORDS[dataflow.policies.conflicts]
    systems = {"source_system": names.source, "target_system": names.target}
    return {
        "system": visible(names.on(at)),
        "other_system": visible(names.on(other_side(at))),
        "elsewhere": visible(names.on(elsewhere)),
        "owner": _owner(records, at, names),
        "property": _property(row, at, violation),
        "opposite": _property(row, other_side(at), violation),
        "expected": expected,
        "found": found,
        "note": visible(violation.note),
        "policy": policy.format_map(systems),
        **_record_facts(records, names),
    }


def _record_facts(records: Sequence[RecordName], names: Names) -> dict[str, str]:
    said = [name_record(record, names) for record in records[:2]]
    said += ["a record"] * (2 - len(said))
    by_side = {record.side: name_record(record, names) for record in reversed(records)}
    return {
        "first": said[0],
        "second": said[1],
        "source": by_side.get("source", "a record"),
        "target": by_side.get("target", "a record"),
    }


def _owner(records: Sequence[RecordName], at: Side, names: Names) -> str:
    """Name the record on side `at`, by its counterpart's label where it has none itself."""
    own = next((record for record in records if record.side == at), None)
    if own is None:
        return name_record(records[0], names) if records else "a record"
    named = next((record for record in records if record.label), own)
    if own.label or named is own:
        return name_record(own, names)
    kind, other, label = visible(own.type), visible(named.type), visible(named.label)
    said = f'{kind} "{label}"' if kind == other else f'the {kind} of {other} "{label}"'
    return f"{said} in {visible(names.on(at))}"


def _property(row: Row | None, at: Side, violation: Violation) -> str:
    """Give a property as people say it: with its element's place (from 1), or the list as such."""
    if row is None:
        return "property"
    path = row.path(at)
    if path.is_key:
        return "key"
    if path.in_list and violation.place:
        return visible(".".join((f"{path.list_text}[{violation.place}]", *(path.tail or ()))))
    if path.in_list and (_is_list(violation.expected) or _is_list(violation.found)):
        return visible(path.list_text)
    return visible(path.plain)


def _values(violation: Violation, dataflow: Dataflow, row: Row | None) -> tuple[str, str]:
    """Say the two values; lists of different lengths by their lengths."""
    expected, found = violation.expected, violation.found
    if row is not None and row.source.in_list and row.target.in_list and not violation.place:
        if _is_list(expected) and _is_list(found) and len(expected) != len(found):
            return _elements(expected), _elements(found)
    elif row is not None and _is_fan_in(violation, dataflow, row):
        return _one_of(expected), _one_of(found)
    return say_value(expected), say_value(found)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _elements(value: Sequence[Json]) -> str:
    if not value:
        return "an empty list"
    return f"a list of {len(value)} element{'' if len(value) == 1 else 's'}"


def _is_fan_in(violation: Violation, dataflow: Dataflow, row: Row) -> bool:
    pair = _pair(violation, dataflow)
    rows = pair.rows if pair is not None else ()
    return sum(1 for other in rows if other.target == row.target) > 1


def _one_of(value: Json) -> str:
    if not _is_list(value):
        return say_value(value)
    return " or ".join(dict.fromkeys(map(say_value, value))) or "nothing"
