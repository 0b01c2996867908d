"""A world: two systems, one connector, one clock, one journal. Rule: everything that happens in it
becomes an event, and the judge is fed as it happens.

Steps move the clock by 1 ms for each edit and each request, and as the connector sleeps.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from tallystick.canonical import Json
from tallystick.clock import EPOCH_MS, SECOND_MS, Clock
from tallystick.connectors.address import Factory
from tallystick.connectors.python import ConnectorKilled, PythonConnector
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.journal.journal import Header, Journal
from tallystick.laws.history import Record
from tallystick.laws.judge import Judge
from tallystick.laws.verdict import Violation
from tallystick.run.weather import strike
from tallystick.systems import Store, System, build
from tallystick.systems.inprocess import Answer, InProcess
from tallystick.vocabulary.events import (
    CALM,
    Change,
    Edited,
    Event,
    Exchange,
    FaultKind,
    Killed,
    Printed,
    Request,
    Response,
    Settled,
    Skipped,
    Started,
    Strayed,
    SyncBegan,
    SyncEnded,
)
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.weather import LIST_FAULTS, Counting, Fault, Kill

__all__ = ["World", "state_root"]

MOST_ASKS: Final = 5  # times that a connector may ask to be called again, the weather being fine
MOST_REQUESTS: Final = 3000  # in one sync: more is hammering, and is stopped
SYNC_LIMIT_MS: Final = 60 * SECOND_MS
TOKENS: Final[Mapping[Side, str]] = {
    "source": "source-token-5d1f0c7a",
    "target": "target-token-e94b2a38",
}


Plan = Fault | Kill | Callable[[], None]
"""What can be planned for a request: weather, or something that people do at that moment."""


class ConnectorHammers(ConnectorKilled):
    """The connector was stopped because it would not stop by itself."""


def state_root() -> Path:
    """Give where worlds keep their files: in memory, where the machine offers that."""
    memory = Path("/dev/shm")  # noqa: S108  (a folder of its own is made in it)
    return memory if memory.is_dir() else Path(tempfile.gettempdir())


def base_url(side: Side) -> str:
    """Give the base URL of an in-process system."""
    return f"http://{side}.tallystick.test"


class World:
    """One world, from its first record to its journal's footer."""

    def __init__(
        self,
        dataflow: Dataflow,
        factory: Factory,
        network: InProcess,
        *,
        dataflow_file: Path,
        header: Header,
        without: Collection[str] = (),
    ) -> None:
        skew_ms = header.skew_ms
        self.dataflow = dataflow
        self.clock = Clock(EPOCH_MS)
        self.journal = Journal(header)
        self.judge = Judge(dataflow, without=without, skew_ms=skew_ms)
        self.stores = {
            side: Store(side, dataflow.types(side), self.clock, skew_ms=skew_ms.get(side, 0))
            for side in SIDES
        }
        self.systems: dict[Side, System] = {
            side: build(
                dataflow.system(side).api,
                self.stores[side],
                token=TOKENS[side],
                base_url=base_url(side),
                numbers=dataflow.numbers,
            )
            for side in SIDES
        }
        self.violations: list[Violation] = []
        self.calm = CALM
        self._plans: list[tuple[Counting, int, Plan]] = []
        self._made: dict[Counting, int] = {"request": 0, "write": 0}
        self._struck = self._doomed = self._broke = False
        self.labels: dict[str, Record] = {}
        self.step = 0
        self._requests = self._in_sync = self._syncs = self._settles = 0
        self._state = Path(tempfile.mkdtemp(prefix="tallystick-", dir=state_root()))
        self._network = network
        self._connector = PythonConnector(
            factory,
            self._env(dataflow_file),
            now=lambda: self.clock.now_ms / SECOND_MS,
            sleep=self._sleep,
        )

    def _env(self, dataflow_file: Path) -> dict[str, str]:
        env = {
            "TALLYSTICK_CONTRACT": "1",
            "TALLYSTICK_DATAFLOW": str(dataflow_file),
            "TALLYSTICK_STATE": str(self._state),
            "TALLYSTICK_MODE": "stdio",
        }
        for side in SIDES:
            env[f"TALLYSTICK_{side.upper()}_URL"] = base_url(side)
            env[f"TALLYSTICK_{side.upper()}_TOKEN"] = TOKENS[side]
        return env

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(max(0, round(seconds * SECOND_MS)))

    def emit(self, event: Event) -> None:
        """Put an event into the journal and have it judged."""
        self.journal.events.append(event)
        self.violations += self.judge.feed(event)

    # people

    def edited(self, change: Change, label: str) -> None:
        """Note what a person did."""
        self.emit(Edited(at_ms=self.clock.now_ms, step=self.step, label=label, change=change))

    def skipped(self, why: str) -> None:
        """Note that a step could not be carried out."""
        self.emit(Skipped(at_ms=self.clock.now_ms, step=self.step, why=why))

    # the weather

    def plan(self, counting: Counting, request: int, plan: Plan) -> None:
        """Have something happen at the connector's `request`-th request, or write, from now on."""
        self._plans.append((counting, self._made[counting] + request, plan))

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

    def _exchange(self, name: str, request: Request) -> Answer:
        side: Side = "source" if name == "source" else "target"
        if self._doomed:
            self._die()
        self._requests += 1
        self._in_sync += 1
        if self._in_sync > MOST_REQUESTS:
            raise ConnectorHammers(f"it made more than {MOST_REQUESTS} requests in one sync")
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
        self._struck, self._doomed = True, False
        raise ConnectorKilled

    def _carry(self, side: Side, request: Request, fault: Fault | None, *, lost: bool) -> Answer:
        """Have a system answer one request, in whatever weather, and note what came of it."""
        at_ms = self.clock.now_ms
        if fault is None:
            done = self.systems[side].handle(request)
            self.emit(self._exchange_event(at_ms, side, request, done, answered=not lost))
            return done
        self._struck = True
        struck = strike(fault, self.systems[side], request, self.clock)
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
            process=self._connector.processes,
            side=side,
            method=request.method,
            target=request.target,
            status=response.status if answered else 0,
            answered=answered,
            fault=fault,
            body=_parsed(request.body),
            answer=response.answer if answered else None,
            token=_token(request),
            headers=kept,
            retry_after_s=int(retry_after) if retry_after else None,
            changes=response.changes,
        )

    def _strayed(self, origin: str, request: Request) -> None:
        authorization = request.headers.get("authorization", "")
        tokens = tuple(side for side in SIDES if TOKENS[side] in authorization)
        self.emit(
            Strayed(
                at_ms=self.clock.now_ms,
                process=self._connector.processes,
                origin=origin,
                tokens=tokens,
            )
        )

    # the connector's life

    def start(self) -> None:
        """Start the connector unless it runs."""
        if self._connector.running:
            return
        self._connect()
        self._connector.start()
        self.emit(Started(at_ms=self.clock.now_ms, process=self._connector.processes))
        self._note_printed()

    def _connect(self) -> None:
        urls: dict[str, str] = {side: base_url(side) for side in SIDES}
        self._network.connect(self._exchange, strayed=self._strayed, **urls)

    def settle(self) -> None:
        """Let the connector work until it is quiet; ask again while it gives up for now.

        After weather it is asked until it has settled `CALM` times in fine weather.
        """
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
        self._settles += 1
        if not self._struck:
            self.calm = min(CALM, self.calm + 1)
        self.emit(
            Settled(at_ms=self.clock.now_ms, number=self._settles, sync=self._syncs, calm=self.calm)
        )
        return self.calm >= CALM

    def _sync(self) -> bool:
        self._syncs += 1
        self._in_sync = 0
        began = self.clock.now_ms
        self.emit(SyncBegan(at_ms=began, number=self._syncs))
        outcome: Literal["did", "failed", "crashed"]
        try:
            why = self._connector.sync()
            outcome = "failed" if why else "did"
            if self._doomed:
                self._die()
        except ConnectorHammers as error:
            outcome, why = "crashed", str(error)
        except ConnectorKilled:
            self._killed()
            return False
        if outcome == "did" and self.clock.now_ms - began > SYNC_LIMIT_MS:
            outcome, why = "crashed", "one sync took more than 60 seconds"
        now = self.clock.now_ms
        self._note_printed()
        self.emit(SyncEnded(at_ms=now, number=self._syncs, outcome=outcome, why=_masked(why)))
        self._broke = outcome == "crashed"
        return outcome == "did"

    def _killed(self) -> None:
        """Note a planned kill and start one new process."""
        self._connector.abandon()
        self._note_printed()
        self.emit(Killed(at_ms=self.clock.now_ms, process=self._connector.processes))
        self.start()

    def _note_printed(self) -> None:
        for line in self._connector.printed:
            tokens = tuple(side for side in SIDES if TOKENS[side] in line)
            self.emit(Printed(at_ms=self.clock.now_ms, text=_masked(line), tokens=tokens))
        self._connector.printed.clear()

    def close(self) -> Journal:
        """End the world in order and give its journal, complete."""
        self._connector.close()
        shutil.rmtree(self._state, ignore_errors=True)
        self.journal.complete = True
        return self.journal

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


def _token(request: Request) -> Literal["source", "target", "none", "unknown"]:
    authorization = request.headers.get("authorization", "")
    if not authorization:
        return "none"
    for side in SIDES:
        if authorization == f"Bearer {TOKENS[side]}":
            return side
    return "unknown"


def _masked(text: str) -> str:
    for side in SIDES:
        text = text.replace(TOKENS[side], f"<{side}-token>")
    return text
