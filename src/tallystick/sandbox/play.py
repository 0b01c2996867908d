"""The sandbox: one world that people and a connector play in. Rule: what is done is a step, so that
it can be saved as a scenario.

A thread of its own lets the connector synchronize: when it is asked to, and, where that is wanted,
after every change. Whoever reads or changes anything holds the world's turn.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tallystick.connectors.address import resolve
from tallystick.dataflow.json import save
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.derive.labels import by_section
from tallystick.errors import TallystickError
from tallystick.journal.journal import Header
from tallystick.laws.history import Record
from tallystick.report.scenario import feature_text
from tallystick.run.actions import StepImpossible, perform
from tallystick.sandbox.burst import random_step
from tallystick.sandbox.by_hand import ByHand
from tallystick.sandbox.labels import Labels
from tallystick.sandbox.wiring import wired
from tallystick.sandbox.world import SandboxWorld
from tallystick.vocabulary.events import Edited, Event, Exchange, Settled, SyncEnded
from tallystick.vocabulary.script import Create, Ref, Settle, Start, Step, UseChecklist
from tallystick.vocabulary.weather import Kill

__all__ = ["Listener", "Sandbox", "State"]

_REST_S: Final = 0.4  # after the last change, before the connector is asked by itself
_LOOK_S: Final = 0.2
_MOST_REQUESTS: Final = 2000  # of a connector that runs by itself, between two settles

Listener = Callable[[Event | None], None]
"""Is told of every event (None: only the state has changed), under the world's turn."""


@dataclass(slots=True)
class State:
    """What the connector is about: `why` says what went wrong, if it did."""

    connector: str = ""
    working: bool = False
    automatic: bool = True
    why: str = ""


@dataclass(slots=True)
class _Wish:
    """What has happened since the last settle, and whether one is asked for.

    `requests` counts those since people's last edit: before the first, nobody can have seen it.
    """

    asked: bool = False
    stirred_s: float = 0.0
    stirred: bool = False
    requests: int = 0


class Sandbox:
    """Two systems at ports, perhaps a connector, and what people do.

    `connector` is an address, "" for one that somebody runs by hand. `checklist` and `agreement`
    are what a saved scenario names. ConnectorUnavailable where the connector cannot be started.
    """

    def __init__(
        self,
        dataflow: Dataflow,
        *,
        connector: str = "",
        checklist: str = "",
        agreement: str = "",
        ports: dict[Side, int] | None = None,
    ) -> None:
        launch = resolve(connector) if connector else None
        self.dataflow = dataflow
        self.state = State(connector=connector)
        self.listeners: list[Listener] = []
        self.steps: list[Step] = [UseChecklist(checklist=checklist, agreement=agreement)]
        self._wish = _Wish()
        self._over = False
        self._opened = threading.Event()
        self._unopened: BaseException | None = None
        self._chance = random.Random(0)  # noqa: S311  (a burst, not a secret)
        self._folder = tempfile.TemporaryDirectory(prefix="tallystick-sandbox-")
        self.dataflow_file = Path(self._folder.name) / "dataflow.json"
        save(dataflow, self.dataflow_file)
        try:
            self.wiring = wired(dataflow, self.dataflow_file, launch, ports or {})
        except BaseException:
            self._folder.cleanup()
            raise
        header = Header(dataflow=dataflow, connector=connector, title="sandbox")
        self.world = SandboxWorld(dataflow, self.wiring, header=header, listener=self._heard)
        self.labels = Labels(dataflow, self.world.labels)
        self._worker = threading.Thread(target=self._work, name="tallystick sandbox", daemon=True)

    def start(self) -> None:
        """Open the ports, start the connector, and begin to let it synchronize."""
        self._worker.start()
        self._opened.wait()
        if self._unopened is not None:
            self._let_go()
            raise self._unopened

    def close(self) -> None:
        """End the connector, and close the ports."""
        with self.turn:
            self._over = True
            self.wiring.turn.notify_all()
        self._worker.join(10)
        self._let_go()

    def _let_go(self) -> None:
        self.world.close()
        self._folder.cleanup()

    @property
    def turn(self) -> AbstractContextManager[object]:
        """What is held by whoever reads or changes anything."""
        return self.wiring.turn

    @property
    def attached(self) -> bool:
        """Whether the connector, if any, is run by somebody else."""
        return isinstance(self.wiring.driver, ByHand)

    # What people do.

    def act(self, step: Step) -> None:
        """Carry out a step and keep it; StepImpossible says why it cannot be done."""
        with self.turn:
            perform(self.world, step)
            self.steps.append(step)

    def create(self, side: Side, type_name: str, count: int = 1) -> None:
        """Create sample records."""
        with self.turn:
            for _ in range(count):
                label = self.labels.new(type_name)
                self.act(Create(side=side, record=Ref(label, type_name)))

    def burst(self, count: int) -> int:
        """Make random edits; give how many of them the systems took."""
        done = 0
        with self.turn:
            for _ in range(count):
                step = random_step(self.dataflow, self._known(), self._chance)
                if step is None:
                    self.create("source", next(iter(self.dataflow.source_types)))
                else:
                    try:
                        self.act(step)
                    except StepImpossible:
                        continue
                done += 1
        return done

    def _known(self) -> dict[tuple[Side, str], list[Ref]]:
        known: dict[tuple[Side, str], list[Ref]] = {}
        for record in self.records():
            if record.live:
                known.setdefault((record.side, record.type), []).append(self.ref(record))
        return known

    def records(self) -> Iterator[Record]:
        """Give every record, deleted ones too."""
        for side in SIDES:
            for name in self.dataflow.types(side):
                yield from self.world.judge.history.all_of(side, name)

    def ref(self, record: Record) -> Ref:
        """Give how a step names a record: by its label, or by its counterpart's."""
        own = self.labels.of(record)
        if own:
            return Ref(own, record.type)
        for link in self.world.judge.book.links_of(record):
            other = link.target if record is link.source else link.source
            label = self.labels.of(other)
            if label:
                named = Ref(label, other.type, record.type)
                return by_section(self.dataflow, link.pair, named)
        label = self.labels.new(record.type)
        self.world.labels[label] = record
        return Ref(label, record.type)

    def kill(self) -> None:
        """Kill the connector, and have it started again; a scenario says so of its next request."""
        self.world.kill()
        with self.turn:
            self.steps.append(Kill(request=1, moment="before"))
        self.ask()

    def ask(self) -> None:
        """Have the connector synchronize soon."""
        with self.turn:
            self._wish.asked = True
            self.wiring.turn.notify_all()

    def scenario(self, name: str) -> str:
        """Give what was done so far as a feature with one scenario."""
        with self.turn:
            steps = tuple(self.steps)
        return feature_text(steps, self.dataflow, feature="Played in the sandbox", scenario=name)

    # What the connector does.

    def _heard(self, event: Event) -> None:
        wish = self._wish
        if isinstance(event, SyncEnded):
            self.state.why = event.why
        elif isinstance(event, Settled) and self.attached:
            wish.stirred, wish.requests = False, 0
        elif isinstance(event, Exchange):
            wish.requests += 1
            if self.attached and (event.changes or event.fault):
                wish.stirred, wish.stirred_s = True, time.monotonic()
        elif isinstance(event, Edited):
            wish.stirred, wish.stirred_s, wish.requests = True, time.monotonic(), 0
        self._tell(event)

    def _work(self) -> None:
        """Start the connector and let it synchronize, again and again, until all is over.

        A connector in this process lives in one thread: it may well rely on that.
        """
        with self.turn:
            try:
                perform(self.world, Start())
            except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
                self._unopened, self._over = error, True
            self._opened.set()
            while not self._over:
                if self._is_time():
                    self._settle()
                else:
                    self.wiring.turn.wait(_LOOK_S)

    def _is_time(self) -> bool:
        wish = self._wish
        if wish.asked:
            return True
        rested = wish.stirred and time.monotonic() - wish.stirred_s > _REST_S
        if self.attached:
            return bool(wish.requests) and (rested or wish.requests > _MOST_REQUESTS)
        return self.state.automatic and rested

    def _settle(self) -> None:
        self._wish.asked = self._wish.stirred = False
        self.state.working, self.state.why = True, ""
        self.steps.append(Settle())
        self.tell()
        try:
            perform(self.world, Settle())
        except TallystickError as error:
            self.state.why = str(error)
        except Exception as error:  # noqa: BLE001  (the page says so, and goes on)
            self.state.why = f"a fault of Tallystick itself: {type(error).__name__}: {error}"
        self.state.working = False
        self.tell()

    def tell(self) -> None:
        """Tell listeners that the state has changed, and nothing has happened."""
        self._tell(None)

    def _tell(self, event: Event | None) -> None:
        for listener in self.listeners:
            listener(event)
        self.wiring.turn.notify_all()
