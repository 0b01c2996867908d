"""Which records a pair's rule covers, and which must be let off. Rule: three answers, never two.

True: must have a counterpart. False: must have none. None: nobody could tell for sure, because
something that decides it changed while the connector was at work, or the rule is not executable.
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.canonical import Json, is_empty, same
from tallystick.dataflow.casts import image
from tallystick.dataflow.model import MergeTerm, Pair, Row, Side
from tallystick.dataflow.paths import Path, elements, read
from tallystick.laws.history import Record
from tallystick.laws.links import LinkBook

__all__ = ["Coverage", "referred_keys", "term_values"]


class Coverage:
    """Evaluates creation rules over the records that a `LinkBook` knows."""

    def __init__(self, book: LinkBook) -> None:
        self.book = book
        self.history = book.history
        self._asked: set[tuple[int, int]] = set()

    def of(self, pair: Pair, record: Record, since: int | None = None) -> bool | None:
        """Tell whether `pair`'s rule covers a source record, all through since event `since`.

        By default since the last sync began: what it saw at first must still be true.
        """
        if pair.create.unspecified:
            return None  # the checklist's rule can't be executed: nobody can tell
        rule = pair.create.when
        if rule in ("always", "no-match"):
            return True
        if rule == "never":
            return False
        if rule == "condition":
            return self._condition(pair, record, since)
        return self._connected(pair, record, since)

    def _condition(self, pair: Pair, record: Record, since: int | None) -> bool | None:
        if not pair.create.condition:
            return None  # prose that nobody made executable
        answers = {
            all(same(read(data, term.path.head), term.equals) for term in pair.create.condition)
            for data in self.recent(record, since)
        }
        return answers.pop() if len(answers) == 1 else None

    def recent(self, record: Record, since: int | None = None) -> list[Mapping[str, Json]]:
        """Give the states of a record since event `since` (default: since the sync began)."""
        return self.history.states(record, self.history.sync_began if since is None else since)

    def _connected(self, pair: Pair, record: Record, since: int | None) -> bool | None:
        if (pair.number, id(record)) in self._asked:
            return False
        self._asked.add((pair.number, id(record)))
        try:
            answers = [
                self._referrer_counts(referrer, record, since)
                for name in pair.create.by
                for referrer in self.history.all_of("source", name)
            ]
        finally:
            self._asked.discard((pair.number, id(record)))
        if True in answers:
            return True
        return None if None in answers else False

    def _referrer_counts(self, referrer: Record, record: Record, since: int | None) -> bool | None:
        """Tell whether a live and covered record refers to `record`; None where that changed."""
        since = self.history.sync_began if since is None else since
        refers = {self.refers(referrer, record, data) for data in self.recent(referrer, since)}
        if True not in refers:
            return False
        changed = len(refers) > 1 or bool(referrer.acts_by("person", since))
        if not referrer.live and not changed:
            return False
        counts = self._is_linked_or_covered(referrer, since)
        return None if counts and changed else counts

    def _is_linked_or_covered(self, referrer: Record, since: int) -> bool | None:
        links = [link for link in self.book.links_of(referrer) if not link.ended]
        if any(link.made < self.history.event and link.target.live for link in links):
            return True
        pairs = self.book.pairs.get(("source", referrer.type), ())
        answers = {pair.number: self.of(pair, referrer, since) for pair in pairs}
        for link in self.book.links_of(referrer):
            covered = answers[link.pair.number] is True
            if covered == link.ended:  # covered, but its link is over; or linked all the same
                answers[link.pair.number] = None
        if True in answers.values():
            return True
        return None if None in answers.values() else False

    def refers(self, referrer: Record, record: Record, data: Json | None = None) -> bool:
        """Tell whether a record of `record`'s own side refers to it."""
        data = referrer.data if data is None else data
        return any(
            same(key, record.key)
            for pair in self.book.pairs.get((referrer.side, referrer.type), ())
            for row in pair.rows
            if row.reference is not None and _named(row, referrer.side) == record.type
            for key in referred_keys(row, referrer.side, data)
        )


def _named(row: Row, side: Side) -> str:
    if row.reference is None:
        return ""
    return row.reference.source if side == "source" else row.reference.target


def referred_keys(row: Row, side: Side, data: Json) -> list[Json]:
    """Give the keys that a reference row holds on `side` (several in a list; none when empty)."""
    path = row.path(side)
    if not path.in_list:
        found = read(data, path.head)
        return [] if is_empty(found) else [found]
    keys = [read(element, path.tail or ()) for element in elements(data, path) or []]
    return [key for key in keys if not is_empty(key)]


def term_values(pair: Pair, term: MergeTerm, side: Side, data: Json) -> list[Json]:
    """Give the values of a record that a term of the merge rule compares, in the target's terms."""
    if side == "target":
        return _values(term.target, data)
    return [image(_type_of(pair, term), value) for value in _values(term.source, data)]


def _type_of(pair: Pair, term: MergeTerm) -> Json:
    for row in pair.rows:
        if row.source.plain == term.source.plain and row.target.plain == term.target.plain:
            return row.type
    return None


def _values(path: Path, data: Json) -> list[Json]:
    if not path.in_list:
        return [read(data, path.head)]
    return [read(element, path.tail or ()) for element in elements(data, path) or []]
