"""A world: two systems, one connector, one clock, one journal. Rule: everything that happens in it
becomes an event, and the judge is fed as it happens.

Steps move the clock by 1 ms for each edit and each request, and as the connector sleeps. Over
sockets requests come in other threads: whoever changes anything here holds the wiring's turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ClassVar, Final, NoReturn

from tallystick.clock import SECOND_MS
from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.environment import masked
from tallystick.dataflow.model import Dataflow, Side
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.journal.journal import Header, Journal
from tallystick.laws.history import Record
from tallystick.laws.judge import Judge
from tallystick.laws.verdict import Violation
from tallystick.run.forecast import Forecast
from tallystick.run.ground import Ground
from tallystick.run.traffic import Traffic
from tallystick.run.weather import strike
from tallystick.run.wiring import Wiring
from tallystick.systems.mishaps import Mishap
from tallystick.vocabulary.events import (
    CALM,
    Change,
    Edited,
    Event,
    Exchange,
    Killed,
    Notified,
    Request,
    Response,
    Settled,
    Skipped,
    Started,
    SyncBegan,
    SyncEnded,
    SyncOutcome,
)
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.weather import Fault

__all__ = ["World"]

MOST_ASKS: Final = 5  # times that a connector may ask to be called again, the weather being fine
SYNC_LIMIT_MS: Final = 60 * SECOND_MS


class World:
    """One world, from its first record to its journal's footer."""

    most_requests: ClassVar[int] = 3000
    """Of a connector in one sync: more is hammering, and is stopped."""

    def __init__(
        self,
        dataflow: Dataflow,
        wiring: Wiring,
        *,
        header: Header,
        without: Collection[str] = (),
        ground: Ground | None = None,
    ) -> None:
        skew_ms = header.skew_ms
        self.dataflow = dataflow
        self.wiring = wiring
        self.clock = wiring.clock
        self.journal = Journal(header)
        self.judge = Judge(dataflow, without=without, skew_ms=skew_ms, own_pace=header.own_pace)
        self.ground = ground or Ground.new(
            dataflow,
            wiring.clock,
            wiring.urls,
            tokens=wiring.tokens,
            skew_ms=skew_ms,
            webhooks=wiring.delivers,
        )
        self.stores = self.ground.stores
        self.systems = self.ground.systems
        self.violations: list[Violation] = []
        self.calm = CALM
        self.forecast = Forecast()
        self._missed: list[Callable[[], None]] = []
        self._traffic = Traffic(wiring, self.ground)
        self._struck = self._doomed = self._broke = self._is_dead = False
        self.labels: dict[str, Record] = {}
        self.step = 0
        self._in_sync = self._syncs = self._settles = 0
        self._fate = ""  # why it was stopped, where nobody planned that
        self._driver = wiring.driver
        self._is_over = False
        if self._driver.running:  # it served another world before
            self._take_over()

    def _take_over(self) -> None:
        with self.wiring.turn:
            self._connect()
            if self._driver.by_itself:
                self._sync_began()

    def emit(self, event: Event) -> None:
        """Put an event into the journal and have it judged."""
        self._driver.heard(event)
        if self._is_over:
            return  # it is of no interest any more
        self.journal.events.append(event)
        self.violations += self.judge.feed(event)
        if isinstance(event, Edited):
            self._announce(event.change)
        elif isinstance(event, Exchange):
            for change in event.changes:
                self._announce(change)

    def _announce(self, change: Change) -> None:
        """Tell those who registered for it of a change."""
        for delivery in self.ground.deliveries(change, self.clock.now_ms):
            number, fate = self.forecast.webhook()
            self.wiring.deliver(delivery, fate)
            self.emit(
                Notified(
                    at_ms=self.clock.now_ms,
                    number=number,
                    side=change.side,
                    type=change.type,
                    key=change.key,
                    fate=fate,
                )
            )

    # people

    def edited(self, change: Change, label: str) -> None:
        """Note what a person did."""
        self.emit(Edited(at_ms=self.clock.now_ms, step=self.step, label=label, change=change))

    def skipped(self, why: str) -> None:
        """Note that a step could not be carried out."""
        with self.wiring.turn:
            self.emit(Skipped(at_ms=self.clock.now_ms, step=self.step, why=why))

    # the connector's traffic

    def _exchange(self, name: str, request: Request) -> Response | Mishap:
        side: Side = "source" if name == "source" else "target"
        if self._doomed:
            self._die()
        self._traffic.requests += 1
        self._in_sync += 1
        most = self.most_requests * (10 if self._driver.by_itself else 1)
        if self._in_sync > most:
            self._fate = f"it made more than {most} requests in one sync"
            self._die()
        self.clock.advance(1)
        self.forecast.request(request)
        for act in self.forecast.acts(request):
            self._struck = True
            act()
        moments = {kill.moment for kill in self.forecast.kills(request)}
        if "before" in moments:
            self._die()
        fault = self.forecast.fault(request, self.systems[side])
        seen = self._carry(side, request, fault, lost="during" in moments)
        if "during" in moments:
            self._die()
        self._doomed = "after" in moments
        return seen

    def _die(self) -> NoReturn:
        self._struck, self._is_dead, self._doomed = True, True, False
        self._driver.kill()
        raise ConnectorKilled

    def _carry(
        self, side: Side, request: Request, fault: Fault | None, *, lost: bool
    ) -> Response | Mishap:
        """Have a system answer one request, in whatever weather, and note what came of it."""
        at_ms = self.clock.now_ms
        if fault is None:
            done = self.systems[side].handle(request)
            self.emit(self._traffic.exchange(at_ms, side, request, done, answered=not lost))
            return done
        self._struck = True
        stall_s = self.wiring.stall_s() if fault.fault == "stall" else None
        struck = strike(fault, self.systems[side], request, self.clock, stall_s=stall_s)
        shown = struck.seen if isinstance(struck.seen, Response) else struck.done
        event = self._traffic.exchange(
            at_ms, side, request, shown, answered=struck.answered and not lost, fault=fault.fault
        )
        self.emit(event)
        return struck.seen

    def _strayed(self, origin: str, request: Request) -> None:
        self.emit(self._traffic.strayed(origin, request))

    # the connector's life

    def start(self) -> None:
        """Start the connector unless it runs."""
        if self._driver.running or self._fate:
            return
        self._connect()
        self._driver.start()
        self.emit(Started(at_ms=self.clock.now_ms, process=self._driver.processes))
        self._note_printed()
        if self._driver.by_itself:
            self._sync_began()

    def _connect(self) -> None:
        self.wiring.open(self._exchange, self._strayed)

    def settle(self) -> None:
        """Let the connector work until it is quiet; ask again while it gives up for now.

        After weather it is asked until it has settled `CALM` times in fine weather. What people
        were to do at a request that never came they do then.
        """
        if self._is_dead:
            self._revive()
        self.start()
        self._connect()
        asks = 0
        while asks < MOST_ASKS:
            self._struck = False
            did = self._sync()
            if self._struck:
                asks, self.calm = 0, 0
            else:
                asks += not did
            if self._broke or (did and self._settled()):
                break
        missed, self._missed = self._missed, []
        for act in missed:
            act()

    def _settled(self) -> bool:
        """Note a settle; tell whether all is calm."""
        self._missed += self.forecast.clear()
        self._settles += 1
        if not self._struck:
            self.calm = min(CALM, self.calm + 1)
        self.emit(
            Settled(at_ms=self.clock.now_ms, number=self._settles, sync=self._syncs, calm=self.calm)
        )
        if self._driver.by_itself:  # it goes on: what happens from now on belongs to the next one
            self._sync_began()
        return self.calm >= CALM

    def _sync_began(self) -> None:
        self._syncs += 1
        self._in_sync = 0
        self.emit(SyncBegan(at_ms=self.clock.now_ms, number=self._syncs))

    def _sync(self) -> bool:
        began = self.clock.now_ms
        outcome: SyncOutcome
        try:
            self._driver.prepare()
            self._sync_began()
            why = self._driver.sync()
            outcome = "failed" if why else "did"
            if self._doomed:
                self._die()
        except ConnectorCrashed as error:
            outcome, why = "crashed", str(error)
        except ConnectorKilled:
            if not self._fate and self._revive():
                return False
            outcome, why = "crashed", self._fate
        self.wiring.check()
        took_ms = 0 if self._driver.by_itself else self.clock.now_ms - began
        if outcome == "did" and took_ms > SYNC_LIMIT_MS:
            outcome, why = "crashed", "one sync took more than 60 seconds"
        now = self.clock.now_ms
        self._note_printed()
        self.emit(SyncEnded(at_ms=now, number=self._syncs, outcome=outcome, why=masked(why)))
        self._broke = outcome == "crashed"
        return outcome == "did"

    def _revive(self) -> bool:
        """Note a planned kill and start one new process; tell whether it could be started."""
        self._is_dead = False
        self._driver.kill()
        self._note_printed()
        self.emit(Killed(at_ms=self.clock.now_ms, process=self._driver.processes))
        try:
            self.start()
        except ConnectorUnavailable as error:
            self._fate = f"after a kill {error}"
            return False
        return True

    def _note_printed(self) -> None:
        for line in self._driver.take_printed():
            self.emit(self._traffic.printed(line))

    def close(self) -> Journal:
        """End the world in order and give its journal, complete."""
        with self.wiring.turn:
            self._note_printed()
            self.journal.complete = self._is_over = True
            if self.ground.shared:
                self._leave()
        self.wiring.close()
        return self.journal

    def _leave(self) -> None:
        """Have everything deleted and let the connector see it, so that the next world is apart."""
        self.forecast.clear()
        self.ground.clear()
        for _ in range(MOST_ASKS if self._driver.running else 0):
            self._in_sync = 0
            try:
                self._driver.prepare()
                if not self._driver.sync():
                    break
            except (ConnectorCrashed, ConnectorKilled):
                break
        self._note_printed()
        self.ground.retire()

    @property
    def script(self) -> Script:
        """The script that the journal's header names."""
        return self.journal.header.script
