"""One event in a line, and in full. Rule: it shows what the journal holds; no token is in there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tallystick.report.html.changes import changed_paths, lines_of, verb_of
from tallystick.report.html.text import pretty, shown
from tallystick.vocabulary.events import (
    CALM,
    Change,
    Edited,
    Event,
    Exchange,
    Killed,
    Notified,
    Printed,
    Settled,
    Skipped,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.sentences import Names
from tallystick.vocabulary.weather import fault_words

__all__ = ["Detail", "detail_of", "headline", "is_bad", "outcome"]

_COUNTED: Final = ("items", "value")
_ENDS: Final = {"did": "ends", "failed": "asks to be called again", "crashed": "breaks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is shown of one event when somebody looks at it."""

    title: str
    asked: str = ""
    answered: str = ""


def headline(event: Event) -> str:  # noqa: PLR0911  (a table of kinds, read downwards)
    """Give an event in one line, without its system's name: `edits Customer "Ann": email`."""
    match event:
        case Edited(change=change):
            paths = changed_paths(change) if verb_of(change) == "edits" else []
            what = f": {', '.join(paths)}" if paths else ""
            return f"{verb_of(change)} {_named(change, event.label)}{what}"
        case Exchange(method=method, target=target):
            return f"{method} {target}"
        case SyncBegan(number=number):
            return f"sync {number} begins"
        case SyncEnded(number=number, outcome=ending, why=why):
            return f"sync {number} {_ENDS[ending]}{': ' if why else ''}{why}"
        case Killed():
            return "✕ killed"
        case Started(process=process):
            return "started" if process == 1 else "started again"
        case Settled(number=number, calm=calm):
            judged = "the laws are judged" if calm >= CALM else "not calm yet"
            return f"settle {number}: {judged}"
        case Strayed(origin=origin):
            return f"asks a stranger: {origin}"
        case Printed(text=text):
            return f"says: {text}"
        case Skipped(why=why):
            return f"skipped: {why}"
        case Notified(number=number, fate=fate):
            return f"webhook {number}{' ' if fate else ''}{fate}"


def outcome(event: Event) -> str:
    """Give what came of a request in a word or two, "" for other events."""
    if not isinstance(event, Exchange):
        return ""
    fault = event.fault.replace("-", " ")
    if not event.answered:
        return fault or "no answer"
    if fault:
        return f"{fault} {event.status}"
    answer = event.answer if isinstance(event.answer, Mapping) else {}
    counted = next((answer[name] for name in _COUNTED if isinstance(answer.get(name), list)), None)
    if counted is not None and event.method == "GET":
        return f"{event.status} · {len(counted)}"
    return str(event.status)


def is_bad(event: Event) -> bool:
    """Tell whether something failed, or was made to fail."""
    match event:
        case Exchange(answered=answered, fault=fault, status=status):
            return not answered or bool(fault) or status >= 400
        case SyncEnded(outcome=ending):
            return ending == "crashed"
        case Killed() | Strayed():
            return True
        case _:
            return False


def detail_of(event: Event, names: Names, most: int) -> Detail:
    """Give an event in full; bodies are cut after `most` characters."""
    match event:
        case Edited(change=change):
            said = f"{verb_of(change)} {_named(change, event.label)} in {names.on(change.side)}"
            return Detail(title=shown(f"People: {said}"), asked="\n".join(lines_of(change)))
        case Exchange():
            return Detail(
                title=shown(f"Request {event.number}: {event.method} {event.target}", 400),
                asked="\n".join(_asked(event, most)),
                answered="\n".join(_answered(event, most)),
            )
        case Printed(text=text):
            return Detail(title="The connector printed", asked=shown(text, most))
        case _:
            said = headline(event)
            return Detail(title=shown(f"{said[:1].upper()}{said[1:]}", 600))


def _named(change: Change, label: str) -> str:
    return f'{change.type} "{label}"' if label else f"{change.type} {change.key}"


def _asked(event: Exchange, most: int) -> Iterator[str]:
    if event.token != "none":  # noqa: S105  (whose it is)
        yield f"authorization: Bearer <{event.token}-token>"
    for name, value in event.headers.items():
        yield f"{shown(name)}: {shown(value)}"
    if event.body is not None:
        yield pretty(event.body, most)


def _answered(event: Exchange, most: int) -> Iterator[str]:
    if event.fault:
        yield f"Fault: the request {fault_words(event.fault, event.retry_after_s or 0)}."
    yield str(event.status) if event.answered else "No answer arrived."
    if event.retry_after_s is not None:
        yield f"retry-after: {event.retry_after_s}"
    if event.answer is not None:
        yield pretty(event.answer, most)
    for change in event.changes:
        yield ""
        yield shown(f"{verb_of(change)} {change.type} {change.key}")
        yield from lines_of(change)
