"""When a connector that runs by itself is quiet. Rule: told from its traffic, and nothing else.

Since the last change on either system it has read every type of both systems again, and then once
more (so that whatever the first reading led to is done), it has written nothing for the quiet
period, and no `Retry-After` that reached it still runs. The period is three times the longest gap
between two of its requests, leaving out gaps into which a `Retry-After`, a stall or a kill fell.

Times are seconds of a clock that nobody moves, given with each event.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.vocabulary.events import Edited, Event, Exchange, Killed, Started

__all__ = ["Feed", "QuietWatch"]

SHORTEST_S: Final = 0.1
_GAPS: Final = 3  # in the quiet period
_ROUNDS: Final = 2  # readings of everything, since the last change
_NO_READING: Final = frozenset({"where", "external_reference", "skiptoken"})

Feed = tuple[Side, str]
"""Side and path of a type that is read."""


def _feeds(dataflow: Dataflow) -> frozenset[Feed]:
    """Give side and path of what has to be read: every type that some pair is about."""
    return frozenset(
        (side, dataflow.types(side)[pair.type_on(side)].path)
        for pair in dataflow.pairs
        for side in SIDES
    )


class QuietWatch:
    """Follows a connector's traffic.

    `unheeded` are types that it has been found never to read: nobody waits for that again. Worlds
    of one run share it.
    """

    def __init__(self, dataflow: Dataflow, unheeded: set[Feed]) -> None:
        self._feeds = _feeds(dataflow)
        self._unheeded = unheeded
        self._ever_read: set[Feed] = set()
        self._unread = self._wanted()
        self._changed_s = 0.0
        self._last_s: float | None = None  # of its last request; None: the gap since does not count
        self._open_at: dict[Side, float] = {}
        self.rounds = 0
        self.longest_gap_s = 0.0

    @property
    def period_s(self) -> float:
        """The quiet period."""
        return max(SHORTEST_S, _GAPS * self.longest_gap_s)

    def feed(self, event: Event, now_s: float) -> None:
        """Take in what happens."""
        match event:
            case Exchange():
                self._exchange(event, now_s)
            case Edited():
                self._stirred(now_s)
            case Killed() | Started():
                self._last_s = None
                self._open_at.clear()
                self._stirred(now_s)
            case _:
                return

    def begin(self) -> None:
        """Count readings afresh: those from now on."""
        self.rounds = 0
        self._unread = self._wanted()

    def left_s(self, now_s: float) -> float | None:
        """Give in how many seconds it will have been quiet (0: it is), if nothing happens.

        None while it has not read everything since the last change.
        """
        if self.rounds < _ROUNDS:
            return None
        until = max(self._changed_s + self.period_s, *(0.0, *self._open_at.values()))
        return max(0.0, until - now_s)

    def is_still(self, now_s: float) -> bool:
        """Tell whether it has written nothing for the quiet period, whatever it has read."""
        return now_s >= self._changed_s + self.period_s

    def give_up(self) -> None:
        """Wait no more for what it has never read."""
        self._unheeded |= self._feeds - self._ever_read
        self._unread &= self._ever_read

    def _wanted(self) -> set[Feed]:
        return set(self._feeds - self._unheeded)

    def _stirred(self, now_s: float) -> None:
        self._changed_s = now_s
        self.begin()

    def _exchange(self, exchange: Exchange, now_s: float) -> None:
        if self._last_s is not None:
            self.longest_gap_s = max(self.longest_gap_s, now_s - self._last_s)
        self._last_s = now_s
        if exchange.answered and exchange.retry_after_s is not None:
            self._open_at[exchange.side] = now_s + exchange.retry_after_s
            self._last_s = None
        if exchange.fault == "stall":
            self._last_s = None
        if exchange.changes or exchange.fault:
            self._stirred(now_s)
        elif exchange.answered and exchange.status == 200 and exchange.method == "GET":
            self._read(exchange)

    def _read(self, exchange: Exchange) -> None:
        """Note that a type is read, from the first page on; look-ups are no readings."""
        path, _, text = exchange.target.partition("?")
        query = parse_qs(text)
        if query.keys() & _NO_READING or query.get("page", ["1"]) != ["1"]:
            return
        self._ever_read.add((exchange.side, path.strip("/")))
        self._unread.discard((exchange.side, path.strip("/")))
        if not self._unread:
            self.rounds += 1
            self._unread = self._wanted()
