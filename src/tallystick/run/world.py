"""A world: two systems, one connector, one clock, one journal. Rule: everything that happens in it
becomes an event, and the judge is fed as it happens.

Steps move the clock by 1 ms for each edit and each request, and as the connector sleeps. Over
sockets requests come in other threads: whoever changes anything here holds the wiring's turn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar, Final, Literal, NoReturn

from tallystick.canonical import Json
from tallystick.clock import SECOND_MS
from tallystick.connectors.driver import ConnectorKilled
from tallystick.connectors.environment import masked
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.errors import ConnectorCrashed, ConnectorUnavailable
from tallystick.journal.journal import Header, Journal
from tallystick.laws.history import Record
from tallystick.laws.judge import Judge
from tallystick.laws.verdict import Violation
from tallystick.run.ground import Ground
from tallystick.run.weather import strike
from tallystick.run.wiring import Wiring
from tallystick.systems.mishaps import Mishap
from tallystick.vocabulary.events import (
    CALM,
    Change,
    Edited,
    Event,
    Exchange,
    FaultKind,
    Killed,
    Notified,
    Printed,
    Request,
    Response,
    Settled,
    Skipped,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
    SyncOutcome,
    WebhookFate,
)
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.weather import LIST_FAULTS, Counting, Fault, Kill, Webhook

__all__ = ["World"]

MOST_ASKS: Final = 5  # times that a connector may ask to be called again, the weather being fine
SYNC_LIMIT_MS: Final = 60 * SECOND_MS
Plan = Fault | Kill | Callable[[], None]
"""What can be planned for a request: weather, or something that people do at that moment."""


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
        self._plans: list[tuple[Counting, int, Plan]] = []
        self._made: dict[Counting, int] = {"request": 0, "write": 0}
        self._struck = self._doomed = self._broke = self._is_dead = False
        self.labels: dict[str, Record] = {}
        self.step = 0
        self._requests = self._in_sync = self._syncs = self._settles = 0
        self._fate = ""  # why it was stopped, where nobody planned that
        self._driver = wiring.driver
        self._is_over = False
        self._notified = 0
        self._fates: dict[int, WebhookFate] = {}
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
            self._notified += 1
            fate = self._fates.pop(self._notified, "")
            self.wiring.deliver(delivery, fate)
            self.emit(
                Notified(
                    at_ms=self.clock.now_ms,
                    number=self._notified,
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

    # the weather

    def plan(self, counting: Counting, request: int, plan: Plan) -> None:
        """Have something happen at the connector's `request`-th request, or write, from now on."""
        self._plans.append((counting, self._made[counting] + request, plan))

    def plan_webhook(self, step: Webhook) -> None:
        """Have something befall the `number`-th webhook from now on."""
        self._fates[self._notified + step.number] = step.fate

    def _is_due(self, counting: Counting, at: int, request: Request) -> bool:
        return at <= self._made[counting] and (counting == "request" or request.method != "GET")

    def _take_plans(self, request: Request, kind: type[Any] | None) -> list[Any]:
        """Give and forget the plans of a kind (None: people's acts) that are due."""
        due = [
            entry
            for entry in self._plans
            if self._is_due(entry[0], entry[1], request)
            and (callable(entry[2]) if kind is None else isinstance(entry[2], kind))
        ]
        self._plans = [entry for entry in self._plans if entry not in due]
        return [plan for _, _, plan in due]

    def _fault(self, side: Side, request: Request) -> Fault | None:
        """Give and forget the first planned fault that can befall this request."""
        system = self.systems[side]
        for entry in self._plans:
            counting, at, plan = entry
            if isinstance(plan, Fault) and self._is_due(counting, at, request):
                if plan.fault in LIST_FAULTS and system.purpose(request) != "list":
                    continue
                if plan.fault == "delta-expired" and "deltatoken=" not in request.target:
                    continue  # only who follows a delta link can find it expired
                self._plans.remove(entry)
                return plan
        return None

    # the connector's traffic

    def _exchange(self, name: str, request: Request) -> Response | Mishap:
        side: Side = "source" if name == "source" else "target"
        if self._doomed:
            self._die()
        self._requests += 1
        self._in_sync += 1
        most = self.most_requests * (10 if self._driver.by_itself else 1)
        if self._in_sync > most:
            self._fate = f"it made more than {most} requests in one sync"
            self._die()
        self.clock.advance(1)
        self._made["request"] += 1
        self._made["write"] += request.method != "GET"
        for act in self._take_plans(request, None):
            self._struck = True
            act()
        moments = {kill.moment for kill in self._take_plans(request, Kill)}
        if "before" in moments:
            self._die()
        fault = self._fault(side, request)
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
            self.emit(self._exchange_event(at_ms, side, request, done, answered=not lost))
            return done
        self._struck = True
        stall_s = self.wiring.stall_s() if fault.fault == "stall" else None
        struck = strike(fault, self.systems[side], request, self.clock, stall_s=stall_s)
        shown = struck.seen if isinstance(struck.seen, Response) else struck.done
        event = self._exchange_event(
            at_ms, side, request, shown, answered=struck.answered and not lost, fault=fault.fault
        )
        self.emit(event)
        return struck.seen

    def _exchange_event(
        self,
        at_ms: int,
        side: Side,
        request: Request,
        response: Response,
        *,
        answered: bool,
        fault: FaultKind = "",
    ) -> Exchange:
        retry_after = response.headers.get("retry-after")
        kept = {
            name: request.headers[name]
            for name in ("idempotency-key", "if-match")
            if name in request.headers
        }
        return Exchange(
            at_ms=at_ms,
            number=self._requests,
            process=self._driver.processes,
            side=side,
            method=request.method,
            target=request.target,
            status=response.status if answered else 0,
            answered=answered,
            fault=fault,
            body=_parsed(request.body),
            answer=response.answer if answered else None,
            token=_token(request, self.wiring.tokens),
            headers=kept,
            retry_after_s=int(retry_after) if retry_after else None,
            changes=self.ground.own(response.changes),
        )

    def _strayed(self, origin: str, request: Request) -> None:
        authorization = request.headers.get("authorization", "")
        tokens = tuple(side for side in SIDES if self.wiring.tokens[side] in authorization)
        self.emit(
            Strayed(
                at_ms=self.clock.now_ms,
                process=self._driver.processes,
                origin=origin,
                tokens=tokens,
            )
        )

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

        After weather it is asked until it has settled `CALM` times in fine weather.
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
                return

    def _settled(self) -> bool:
        """Note a settle; tell whether all is calm."""
        self._plans.clear()
        self._fates.clear()
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
            tokens = tuple(side for side in SIDES if self.wiring.tokens[side] in line)
            self.emit(Printed(at_ms=self.clock.now_ms, text=masked(line), tokens=tokens))

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
        self._plans.clear()
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


def _parsed(body: bytes) -> Json:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def _token(
    request: Request, tokens: Mapping[Side, str]
) -> Literal["source", "target", "none", "unknown"]:
    authorization = request.headers.get("authorization", "")
    if not authorization:
        return "none"
    for side in SIDES:
        if authorization == f"Bearer {tokens[side]}":
            return side
    return "unknown"
