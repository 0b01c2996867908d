"""discreet: each token goes to its own system only, a body holds only what is listed, technical
keys hold nobody's data, and neither tokens nor people's data stand in the connector's output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tallystick.canonical import Json, is_empty
from tallystick.dataflow.model import SIDES, Dataflow, Side, other_side
from tallystick.laws.law import Law, Scene
from tallystick.laws.once import once
from tallystick.laws.unlisted import listed
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Change, Edited, Event, Exchange, Printed, Strayed

__all__ = ["Discreet"]

_TELLING: Final = 6  # characters that a text must have to give a person's data away
_TECHNICAL: Final = re.compile(r"[0-9a-fA-F-]*")


class Discreet(Law):
    """Nothing is told to whom it does not concern."""

    name = "discreet"
    hears = frozenset({Edited, Exchange, Strayed, Printed})

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._listed = once(listed, scene.dataflow)
        self._words = once(_technical_words, scene.dataflow)
        self._unread: list[Change] = []  # people's edits since something was printed
        self._told: dict[str, set[str]] = {}  # what they wrote before, by its first characters

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Look at what is sent, where to, and what is printed."""
        match event:
            case Edited(change=change):
                self._unread.append(change)
            case Exchange():
                yield from self._exchange(event)
            case Strayed(tokens=tokens, origin=origin) if tokens:
                yield self._violation("token-to-stranger", note=origin)
            case Printed():
                yield from self._printed(event)
            case _:
                return

    def _violation(self, anomaly: str, note: str = "", side: Side | None = None) -> Violation:
        return self.scene.violation(self.name, anomaly, None, note=note, direction=side)

    def _exchange(self, exchange: Exchange) -> Iterator[Violation]:
        self.scene.test(self.name)
        if exchange.token == other_side(exchange.side):
            yield self._violation("token-to-other-system", side=exchange.side)
        if exchange.method == "GET":
            if "where=" in exchange.target:
                yield from self._look_up(exchange)
        elif exchange.method == "POST" and isinstance(exchange.body, dict):
            yield from self._creation(exchange, exchange.body)

    def _look_up(self, exchange: Exchange) -> Iterator[Violation]:
        type_name = self.scene.history.type_at(exchange.side, exchange.target)
        if not type_name:
            return
        query = parse_qs(urlsplit(exchange.target).query, keep_blank_values=True)
        path, value = query.get("where", [""])[0], query.get("equals", [""])[0]
        merge = {
            (term.source if exchange.side == "source" else term.target).text
            for pair in self.scene.book.pairs.get((exchange.side, type_name), ())
            for terms in pair.merge
            for term in terms
        }
        if path not in merge and value and not self._is_key(value):
            yield self._violation("data-in-look-up", note=path, side=exchange.side)

    def _creation(self, exchange: Exchange, body: Mapping[str, Json]) -> Iterator[Violation]:
        type_name = self.scene.history.type_at(exchange.side, exchange.target)
        data = body.get("data")
        if not type_name or not isinstance(data, dict):
            return
        for path, value in self._listed[exchange.side, type_name].unlisted_paths(data):
            if not is_empty(value) and value != {}:
                yield self._violation("unlisted-sent", note=path, side=exchange.side)
                break
        for reference in (body.get("external_reference"), exchange.headers.get("idempotency-key")):
            told = isinstance(reference, str) and any(
                self._gives_away(text, reference) for text in _texts(data)
            )
            if told:
                yield self._violation("data-in-reference", note=str(reference), side=exchange.side)

    def _gives_away(self, text: str, place: str) -> bool:
        if len(text) < _TELLING or text not in place or self._is_key(text):
            return False
        return text.casefold() not in self._words and not _TECHNICAL.fullmatch(text)

    def _is_key(self, text: str) -> bool:
        return any(
            text in records or (text.isdecimal() and int(text) in records)
            for side in SIDES
            for records in self.scene.history.records[side].values()
        )

    def _printed(self, event: Printed) -> Iterator[Violation]:
        if event.tokens:
            yield self._violation("token-printed", note=event.text)
            return
        while self._unread:
            self._remember(self._unread.pop())
        if any(self._gives_away(text, event.text) for text in self._texts_in(event.text)):
            yield self._violation("data-printed", note=event.text)

    def _remember(self, change: Change) -> None:
        """Remember what people wrote that is telling: addresses, and whatever has a blank in it."""
        data = change.after.data
        if change.before is not None:
            names = self.scene.book.sight.touched(change.before.data, data)
            data = {name: data[name] for name in names if name in data}
        for text in _texts(data):
            if len(text) >= _TELLING and ("@" in text or " " in text):
                self._told.setdefault(text[:_TELLING], set()).add(text)

    def _texts_in(self, line: str) -> Iterator[str]:
        """Give what people wrote and stands in a line."""
        for at in range(len(line) - _TELLING + 1):
            for text in self._told.get(line[at : at + _TELLING], ()):
                if line.startswith(text, at):
                    yield text


def _technical_words(dataflow: Dataflow) -> str:
    """Give all names that are the systems' own and nobody's data, in one text."""
    names = [
        name
        for side in SIDES
        for kind in dataflow.types(side).values()
        for name in (kind.name, kind.path)
    ]
    systems = [dataflow.system(side).system for side in SIDES]
    return " ".join((*names, *systems)).casefold()


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
