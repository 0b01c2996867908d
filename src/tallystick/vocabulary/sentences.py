"""Each kind of step as one Gherkin sentence, rendered and parsed. Rule: one table, no branches.

A sentence is a template with placeholders in braces; each placeholder knows how its part of a step
is written and read. A sentence whose step has values is followed by a table. Parsing needs no
dataflow: systems are resolved by the `Names` that the caller gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.vocabulary.cells import parse_table, render_table
from tallystick.vocabulary.laws import LAW_SENTENCES
from tallystick.vocabulary.script import ONLY, STEP_KINDS, Ref, Step, step_kind
from tallystick.vocabulary.weather import FAULT_WORDS, WEBHOOK_WORDS, During, counted

__all__ = [
    "SENTENCES",
    "Names",
    "Sentence",
    "Story",
    "parse_step",
    "render_ref",
    "render_step",
    "split_during",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people call the two systems; never equal and never empty."""

    source: str = "the source system"
    target: str = "the target system"

    @classmethod
    def of(cls, dataflow: Dataflow) -> Names:
        """Give the names for a dataflow whose systems may have one name, or none."""
        source = dataflow.source.system or "the source system"
        target = dataflow.target.system or "the target system"
        if source == target:
            return cls(source=f"{source} (source)", target=f"{target} (target)")
        return cls(source=source, target=target)

    def on(self, side: Side) -> str:
        """Give the name of the system on `side`."""
        return self.source if side == "source" else self.target

    def side(self, name: str) -> Side:
        """Give the side of the system called `name`; ValueError where there is none."""
        for side in SIDES:
            if self.on(side) == name:
                return side
        raise ValueError(f"no system is called {name!r}; there are {self.source} and {self.target}")


@dataclass(frozen=True, slots=True)
class _Part:
    """How one part of a step is written: its pattern, and both ways of conversion."""

    pattern: str
    read: Callable[[str, Names], Any]
    write: Callable[[Any, Names], str]


_RECORD: Final = re.compile(
    r'(?:the (?:(?P<counterpart>[^"]+?) )?counterpart of )?(?P<type>[^"]+?) "(?P<label>[^"]*)"'
    r"(?: by section (?P<section>\d+))?"
)
_COUNTS: Final = {0: "no", 1: "one"}


def _read_record(text: str, _: Names) -> Ref:
    found = _RECORD.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} names no record; write e.g. Customer "Ann"')
    is_counterpart = text.startswith("the ") and " counterpart of " in f" {text[4:]}"
    counterpart = (found["counterpart"] or ONLY) if is_counterpart else ""
    return Ref(found["label"], found["type"], counterpart, int(found["section"] or 0))


def render_ref(ref: Ref) -> str:
    """Give `Customer "Ann"`, `the counterpart of Customer "Ann"`, or that `by section 3`."""
    record = f'{ref.type} "{ref.label}"' + (f" by section {ref.section}" if ref.section else "")
    if not ref.counterpart:
        return record
    which = "" if ref.counterpart == ONLY else f"{ref.counterpart} "
    return f"the {which}counterpart of {record}"


def _read_ms(text: str, _: Names) -> int:
    number, unit = text.split()
    return round(float(number) * (1 if unit.startswith("milli") else 1000))


def _write_ms(ms: int, _: Names) -> str:
    return counted(ms, "millisecond") if ms % 1000 else counted(ms // 1000, "second")


def _read_count(text: str, _: Names) -> int:
    return next(count for count, word in _COUNTS.items() if word == text)


def _read_law(text: str, _: Names) -> str:
    return next(law for law, sentence in LAW_SENTENCES.items() if sentence == text)


def _plain(pattern: str) -> _Part:
    return _Part(pattern, lambda text, _: text, lambda value, _: str(value))


def _number(pattern: str) -> _Part:
    return _Part(pattern, lambda text, _: int(text), lambda value, _: str(value))


_PARTS: Final[Mapping[str, _Part]] = {
    "side": _Part(r".+?", lambda text, names: names.side(text), lambda side, names: names.on(side)),
    "record": _Part(
        r'(?:the [^"]*?counterpart of )?[^"]+? "[^"]*"(?: by section \d+)?',
        _read_record,
        lambda ref, _: render_ref(ref),
    ),
    "ms": _Part(r"\d+(?:\.\d+)? (?:milli)?seconds?", _read_ms, _write_ms),
    "count": _Part(r"no|one", _read_count, lambda count, _: _COUNTS[count]),
    "law": _Part(
        "|".join(re.escape(sentence) for sentence in LAW_SENTENCES.values()),
        _read_law,
        lambda law, _: LAW_SENTENCES[law],
    ),
    "position": _number(r"\d+"),
    "number": _number(r"\d+"),
    "to": _number(r"\d+"),
    "type": _plain(r'[^"]+?'),
    "path": _plain(r'[^"]+?'),
    "checklist": _plain(r'[^"]+?'),
    "agreement": _plain(r'[^"]*?'),
    "back": _plain(r'[^"]+?'),
    "policy": _plain(r"[a-z-]+"),
    "choice": _plain(r"[a-z-]+"),
    "api": _plain(r"[a-z]+/\d+"),
    "request": _number(r"\d+"),
    "counting": _plain("request|write"),
    "seconds": _Part(
        r"\d+ seconds?",
        lambda text, _: int(text.split()[0]),
        lambda seconds, _: counted(seconds, "second"),
    ),
    "label": _plain(r'[^"]*'),
    "moment": _plain("before|during|after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One form in which a kind of step is said. `fixed` are the fields that the form implies."""

    kind: str
    template: str
    table: bool = False
    fixed: tuple[tuple[str, Any], ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The fields of the step that stand in the sentence, in order."""
        return tuple(re.findall(r"{(\w+)}", self.template))

    @property
    def pattern(self) -> str:
        """The regular expression of the sentence, one named group for each part."""
        pieces = re.split(r"{(\w+)}", self.template)
        return "".join(
            f"(?P<{piece}>{_PARTS[piece].pattern})" if at % 2 else re.escape(piece)
            for at, piece in enumerate(pieces)
        )

    def says(self, step: Step) -> bool:
        """Tell whether this form can say `step`."""
        has_values = bool(getattr(step, "values", ()))
        return (
            step_kind(step) == self.kind
            and has_values == self.table
            and all(getattr(step, name) == value for name, value in self.fixed)
        )


SENTENCES: Final[tuple[Sentence, ...]] = (
    Sentence(
        kind="use-checklist",
        template='the checklist "{checklist}" without an agreement',
        fixed=(("agreement", ""), ("back", "")),
    ),
    Sentence(
        kind="use-checklist",
        template='the checklist "{checklist}" with the agreement "{agreement}"',
        fixed=(("back", ""),),
    ),
    Sentence(
        kind="use-checklist",
        template='the checklists "{checklist}" and "{back}" without an agreement',
        fixed=(("agreement", ""),),
    ),
    Sentence(
        kind="use-checklist",
        template='the checklists "{checklist}" and "{back}" with the agreement "{agreement}"',
    ),
    Sentence(kind="set-policy", template='the agreed policy for {policy} is "{choice}"'),
    Sentence(kind="speak", template='{side} speaks "{api}"'),
    Sentence(kind="create", template="{record} is created in {side}"),
    Sentence(kind="create", template="{record} is created in {side} with:", table=True),
    Sentence(kind="edit", template="{record} is edited in {side}:", table=True),
    Sentence(kind="clear", template='"{path}" of {record} is emptied in {side}'),
    Sentence(kind="add-element", template='an element is added to "{path}" of {record} in {side}'),
    Sentence(
        kind="add-element",
        template='an element is added to "{path}" of {record} in {side} with:',
        table=True,
    ),
    Sentence(
        kind="remove-element",
        template='element {position} of "{path}" of {record} is removed in {side}',
    ),
    Sentence(
        kind="move-element",
        template='element {position} of "{path}" of {record} is moved to place {to} in {side}',
    ),
    Sentence(kind="delete", template="{record} is deleted in {side}"),
    Sentence(kind="wait", template="1 second passes", fixed=(("ms", 1000),)),
    Sentence(kind="wait", template="1 millisecond passes", fixed=(("ms", 1),)),
    Sentence(kind="wait", template="{ms} pass"),
    Sentence(kind="kill", template="the connector is killed {moment} its {counting} {request}"),
    *(
        Sentence(
            kind="fault",
            template=f"{{counting}} {{request}} of the connector {words}",
            fixed=(("fault", kind),) if "{seconds}" in words else (("fault", kind), ("seconds", 0)),
        )
        for kind, words in FAULT_WORDS.items()
    ),
    *(
        Sentence(kind="webhook", template=f"webhook {{number}} {words}", fixed=(("fate", fate),))
        for fate, words in WEBHOOK_WORDS.items()
    ),
    Sentence(kind="skew", template="the clock of {side} is ahead by {ms}"),
    Sentence(
        kind="many",
        template='{number} {type} records "{label}" are created in {side} within one second',
    ),
    Sentence(kind="start", template="the connector is started"),
    Sentence(kind="settle", template="the connector synchronizes"),
    Sentence(kind="explore", template="people make random edits to {type} records on either side"),
    Sentence(kind="holds", template="{law}"),
    Sentence(
        kind="has-counterparts",
        template="{record} has {count} counterpart in {side}",
        fixed=(("type", ""),),
    ),
    Sentence(kind="has-counterparts", template="{record} has {count} {type} counterpart in {side}"),
    Sentence(kind="has", template="{record} in {side} has:", table=True),
    Sentence(kind="holds-records", template="the number of {type} records in {side} is {number}"),
    Sentence(kind="arrived", template='the edit has arrived as "{path}" of {record} in {side}'),
    Sentence(kind="agree", template='"{path}" of {record} in {side} agrees with the other side'),
    Sentence(
        kind="wrote",
        template="the last synchronization wrote nothing to {side}",
        fixed=(("number", 0),),
    ),
    Sentence(
        kind="wrote",
        template="the last synchronization wrote to {side} once",
        fixed=(("number", 1),),
    ),
    Sentence(kind="wrote", template="the last synchronization wrote to {side} {number} times"),
)


@cache
def _compiled() -> tuple[tuple[Sentence, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(sentence.pattern)) for sentence in SENTENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A step in words: its sentence, and the rows of its table (none, or with a header)."""

    text: str
    table: tuple[tuple[str, str], ...] = ()


_DURING: Final = "while the connector is at its {counting} {request}, "
_DURING_PATTERN: Final = re.compile(r"while the connector is at its (request|write) (\d+), (.+)")


def split_during(text: str) -> tuple[str, int, str] | None:
    """Take a sentence about a moment of the connector's work apart; None where it is another.

    Gives what is counted, its number, and the sentence that says what people do then.
    """
    during = _DURING_PATTERN.fullmatch(text.strip())
    return (during[1], int(during[2]), during[3]) if during else None


def render_step(step: Step, names: Names) -> Story:
    """Give a step in words."""
    if isinstance(step, During):
        inner = render_step(step.step, names)
        place = _DURING.format(request=step.request, counting=step.counting)
        return Story(text=place + inner.text, table=inner.table)
    sentence = next(form for form in SENTENCES if form.says(step))
    words = {part: _PARTS[part].write(getattr(step, part), names) for part in sentence.parts}
    values = getattr(step, "values", ())
    return Story(
        text=sentence.template.format(**words), table=render_table(values) if values else ()
    )


def parse_step(text: str, table: Sequence[Sequence[str]] | None, names: Names) -> Step:
    """Read a step from its words; ValueError, for the author of a feature, when it is none."""
    during = split_during(text)
    if during:
        counting, request, rest = during
        return _during(counting, request, parse_step(rest, table, names))
    for sentence, pattern in _compiled():
        found = pattern.fullmatch(text.strip())
        if found and sentence.table == bool(table):
            return _build(sentence, found, table, names)
    raise ValueError(_unknown(text, has_table=bool(table)))


def _during(counting: Any, request: int, step: Step) -> During:
    return During(request=request, step=step, counting=counting)


def _build(
    sentence: Sentence,
    found: re.Match[str],
    table: Sequence[Sequence[str]] | None,
    names: Names,
) -> Step:
    values: dict[str, Any] = dict(sentence.fixed)
    for part in sentence.parts:
        values[part] = _PARTS[part].read(found[part], names)
    if table:
        values["values"] = parse_table([list(row) for row in table])
    made: Step = STEP_KINDS[sentence.kind](**values)
    return made


def _unknown(text: str, *, has_table: bool) -> str:
    for sentence, pattern in _compiled():
        if pattern.fullmatch(text.strip()):
            wants = "a table" if sentence.table else "no table"
            return f"the step {text!r} needs {wants} after it"
    kind = "with a table" if has_table else "without a table"
    return f"no step {kind} is called {text!r}; `tallystick steps` lists all of them"
