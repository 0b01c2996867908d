"""untouched: unlisted properties keep their values, as do records of types in no pair.

Judged at every write. Unlisted properties of list elements are judged only while the number and
the order of the elements stay as they were on both sides and no two elements are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tallystick.canonical import MISSING, Json, fingerprint, same
from tallystick.dataflow.paths import read
from tallystick.laws.history import Record
from tallystick.laws.law import Law, Scene
from tallystick.laws.once import once
from tallystick.laws.unlisted import Listed, listed
from tallystick.laws.verdict import Violation
from tallystick.vocabulary.events import Change, Event, Exchange

__all__ = ["Untouched"]


class Untouched(Law):
    """The connector changes only what is listed."""

    name = "untouched"
    hears = frozenset({Exchange})

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._listed = once(listed, scene.dataflow)

    def on_event(self, event: Event) -> Iterable[Violation]:
        """Look at what the connector's writes did to what is not listed."""
        if isinstance(event, Exchange):
            for change in event.changes:
                yield from self._judge(change)

    def _judge(self, change: Change) -> Iterator[Violation]:
        pairs = self.scene.book.pairs.get((change.side, change.type), ())
        record = self.scene.history.record(change.side, change.type, change.key)
        if not pairs:
            records = [record] if record else []
            yield self.scene.violation(self.name, "unlisted-type", None, *records)
            return
        if change.before is None or not change.after.live or record is None:
            return
        self.scene.test(self.name, pairs[0])
        listed = self._listed[change.side, change.type]
        before, after = listed.strip(change.before.data), listed.strip(change.after.data)
        if not same(before, after):
            path, was, now = _difference(before, after, "")
            yield self._violation(change, record, path, was, now)
            return
        yield from self._judge_elements(change, record, listed)

    def _violation(
        self, change: Change, record: Record, path: str, was: Json, now: Json
    ) -> Violation:
        pair = self.scene.book.pairs[change.side, change.type][0]
        return self.scene.violation(
            self.name,
            "unlisted-property",
            pair,
            *self.scene.named(record),
            direction=change.side,
            expected=None if was is MISSING else was,
            found=None if now is MISSING else now,
            note=path,
        )

    def _judge_elements(
        self, change: Change, record: Record, listed: Listed
    ) -> Iterator[Violation]:
        if record.acts and record.acts[-1].blind:
            return  # the list was replaced whole over an edit that nobody could notice
        assert change.before is not None  # noqa: S101  (asked by the caller)
        for head in listed.lists:
            before, after = read(change.before.data, head), read(change.after.data, head)
            if not isinstance(before, list) or not isinstance(after, list):
                continue
            if len(before) != len(after) or self._is_reshaped(record, head, listed, before):
                continue
            for at, (was, now) in enumerate(zip(before, after, strict=True), 1):
                left = listed.unlisted_of_element(head, was)
                right = listed.unlisted_of_element(head, now)
                if not same(left, right):
                    path, one, two = _difference(left, right, f"{'.'.join(head)}[{at}]")
                    yield self._violation(change, record, path, one, two)
                    return

    def _is_reshaped(
        self, record: Record, head: tuple[str, ...], listed: Listed, elements: list[Json]
    ) -> bool:
        """Tell whether elements may have come, gone, moved, or cannot be told from each other."""
        prints = [_listed_print(listed, head, element) for element in elements]
        if len(set(prints)) != len(prints):
            return True
        for linked in (record, *self._counterparts(record)):
            for act in linked.acts:
                if act.by != "person" or act.before is None:
                    continue
                own = self._listed[linked.side, linked.type]
                if any(
                    _moved(act.before.data, act.after.data, own, own_head) for own_head in own.lists
                ):
                    return True
        return False

    def _counterparts(self, record: Record) -> list[Record]:
        return [
            link.target if link.source is record else link.source
            for link in self.scene.book.links_of(record)
        ]


def _listed_print(listed: Listed, head: tuple[str, ...], element: Json) -> str:
    return fingerprint([read(element, tail) for tail in listed.lists[head]])


def _moved(before: Json, after: Json, listed: Listed, head: tuple[str, ...]) -> bool:
    was, now = read(before, head), read(after, head)
    if not isinstance(was, list) or not isinstance(now, list):
        return was is not now and (bool(was) or bool(now))
    if len(was) != len(now):
        return True
    old = [_listed_print(listed, head, element) for element in was]
    new = [_listed_print(listed, head, element) for element in now]
    return any(one != two and two in old for one, two in zip(old, new, strict=True))


def _difference(before: Any, after: Any, place: str) -> tuple[str, Any, Any]:
    """Give the path, the old and the new value of the first difference."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            was, now = before.get(name, MISSING), after.get(name, MISSING)
            if fingerprint([was]) != fingerprint([now]) or (was is MISSING) != (now is MISSING):
                return _difference(was, now, f"{place}.{name}".lstrip("."))
    return place, before, after
