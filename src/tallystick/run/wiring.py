"""What connects a world with a connector: a network, a clock and a driver. Rule: it moves, and
judges nothing.

`InProcessWiring` is for a Python connector in this process, on a clock that only steps move;
`SocketWiring` for a connector as a process, or one attached by hand, in real time.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from tallystick.clock import SECOND_MS, Clock, RunningClock
from tallystick.connectors.address import Factory
from tallystick.connectors.command import Command, StdioConnector
from tallystick.connectors.driver import ConnectorKilled, Driver
from tallystick.connectors.environment import TOKENS, contract_variables, is_own_token, own_tokens
from tallystick.connectors.polling import AttachedConnector, Attachment, PollingConnector, Rest
from tallystick.connectors.python import PythonConnector
from tallystick.connectors.quiet import Feed
from tallystick.dataflow.model import SIDES, Dataflow, Side
from tallystick.systems.deliveries import Deliverer
from tallystick.systems.inprocess import InProcess
from tallystick.systems.mishaps import Mishap
from tallystick.systems.server import Sockets
from tallystick.systems.webhooks import Delivery
from tallystick.vocabulary.events import Request, Response, WebhookFate

__all__ = ["InProcessWiring", "Patience", "SocketWiring", "Wiring", "state_root"]

Exchange = Callable[[str, Request], Response | Mishap]
Strayed = Callable[[str, Request], None]

_LONG_STALL_S: Final = 10.0
_STALL_S: Final = 1.0


def state_root() -> Path:
    """Give where worlds keep their files: in memory, where the machine offers that."""
    memory = Path("/dev/shm")  # noqa: S108  (a folder of its own is made in it)
    return memory if memory.is_dir() else Path(tempfile.gettempdir())


def _new_state() -> Path:
    return Path(tempfile.mkdtemp(prefix="tallystick-", dir=state_root()))


class Wiring(Protocol):
    """Where one world meets one connector.

    `urls` are the systems' base URLs, `tokens` what opens them.
    """

    clock: Clock
    driver: Driver
    urls: Mapping[Side, str]
    tokens: Mapping[Side, str]

    @property
    def turn(self) -> AbstractContextManager[object]:
        """What is held by whoever changes anything in the world."""
        ...

    def open(self, exchange: Exchange, strayed: Strayed) -> None:
        """Put the world's systems behind the network, if they are not."""
        ...

    def stall_s(self) -> float | None:
        """Give how long the next stall lasts; None where the clock is moved instead."""
        ...

    @property
    def delivers(self) -> bool:
        """Whether webhooks can be delivered."""
        ...

    def deliver(self, delivery: Delivery, fate: WebhookFate) -> None:
        """Have a webhook delivered, whatever befalls it."""
        ...

    def check(self) -> None:
        """Raise what went wrong in a thread of the network's own."""
        ...

    def close(self) -> None:
        """Let the connector go, and take everything away. Not to be called with the turn."""
        ...


class InProcessWiring:
    """A Python connector in this process; its `httpx` traffic goes through `network`."""

    urls: Mapping[Side, str] = {side: f"http://{side}.tallystick.test" for side in SIDES}
    tokens: Mapping[Side, str] = TOKENS

    def __init__(self, network: InProcess, factory: Factory, dataflow_file: Path) -> None:
        self.clock = Clock()
        self.turn: AbstractContextManager[object] = threading.RLock()
        self.state = _new_state()
        self._network = network
        self.driver: Driver = PythonConnector(
            factory,
            contract_variables(dataflow_file=dataflow_file, state=self.state, urls=self.urls),
            now=lambda: self.clock.now_ms / SECOND_MS,
            sleep=self._sleep,
        )

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(max(0, round(seconds * SECOND_MS)))

    def open(self, exchange: Exchange, strayed: Strayed) -> None:
        """Take the network, which worlds share."""
        urls = {str(side): url for side, url in self.urls.items()}
        self._network.connect(exchange, strayed=strayed, **urls)

    def stall_s(self) -> float | None:
        """Move the clock instead."""
        return None

    @property
    def delivers(self) -> bool:
        """There are no webhooks in process."""
        return False

    def deliver(self, delivery: Delivery, fate: WebhookFate) -> None:
        """Nobody registers here."""

    def check(self) -> None:
        """Nothing happens in other threads."""

    def close(self) -> None:
        """Close the connector and take its state away."""
        self.driver.close()
        shutil.rmtree(self.state, ignore_errors=True)


class Patience:
    """How long things last in one run: the first stall as long as can be, the others briefly.

    `unheeded` are the types that nobody waits for any more to be read.
    """

    def __init__(self) -> None:
        self._next_s = _LONG_STALL_S
        self.unheeded: set[Feed] = set()

    def stall_s(self) -> float:
        """Give how long the next stall lasts."""
        seconds, self._next_s = self._next_s, _STALL_S
        return seconds


class SocketWiring:
    """A connector over sockets, each system at a port that is bound before it starts.

    `executor`, where there is one, ends connectors in the background. While it is `kept`, it stays
    when its world is closed.
    """

    def __init__(
        self,
        dataflow: Dataflow,
        dataflow_file: Path,
        *,
        launch: Command | Attachment,
        patience: Patience,
        executor: Executor | None = None,
    ) -> None:
        self.clock: Clock = RunningClock()
        self.state = _new_state()
        self.kept = self.is_closed = False
        self._deliverer = Deliverer()
        self._patience = patience
        self._executor = executor
        self._fault: BaseException | None = None
        ports = launch.ports if isinstance(launch, Attachment) else None
        try:
            self._sockets = Sockets(SIDES, ports=ports)
        except BaseException:
            shutil.rmtree(self.state, ignore_errors=True)
            raise
        self.turn = self._sockets.turn
        self.urls: Mapping[Side, str] = {side: self._sockets.urls[side] for side in SIDES}
        self.tokens: Mapping[Side, str] = TOKENS if isinstance(launch, Attachment) else own_tokens()
        self.driver: Driver = self._driver(dataflow, dataflow_file, launch)

    def _driver(
        self, dataflow: Dataflow, dataflow_file: Path, launch: Command | Attachment
    ) -> Driver:
        sockets = self._sockets
        rest = Rest(dataflow, self.turn, lambda: sockets.in_progress, self._patience.unheeded)
        if isinstance(launch, Attachment):
            return AttachedConnector(launch, rest)
        variables = contract_variables(
            dataflow_file=dataflow_file,
            state=self.state,
            urls=self.urls,
            mode=launch.mode,
            tokens=self.tokens,
        )
        if launch.mode == "poll":
            return PollingConnector(launch, variables, rest)
        return StdioConnector(launch, variables, self.turn)

    def launch(self) -> None:
        """Start the process ahead of time: it waits at its ports until a world is opened."""
        if isinstance(self.driver, (StdioConnector, PollingConnector)):
            self.driver.launch()

    def open(self, exchange: Exchange, strayed: Strayed) -> None:  # noqa: ARG002  (not seen here)
        """Put the systems behind the ports."""

        def guarded(name: str, request: Request) -> Response | Mishap:
            if self._is_stray(request):
                return Mishap(kind="reset")
            try:
                return exchange(name, request)
            except ConnectorKilled:
                return Mishap(kind="reset")
            except BaseException as error:  # noqa: BLE001  (raised again where it is waited for)
                self._fault = self._fault or error
                return Mishap(kind="reset")

        self._sockets.connect(guarded)

    def _is_stray(self, request: Request) -> bool:
        """Tell whether a request is another run's connector's, which had this port before."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return is_own_token(given) and given not in self.tokens.values()

    def stall_s(self) -> float | None:
        """Give how long the next stall lasts."""
        return self._patience.stall_s()

    @property
    def delivers(self) -> bool:
        """Whoever listens on this machine can be told."""
        return True

    def deliver(self, delivery: Delivery, fate: WebhookFate) -> None:
        """Have a webhook delivered, whatever befalls it."""
        self._deliverer.send(delivery, fate)

    def check(self) -> None:
        """Raise what went wrong while a request was answered: that is our own mistake."""
        if self._fault is not None:
            error, self._fault = self._fault, None
            raise error

    def close(self) -> None:
        """End the connector, then close the ports; in the background where there is an executor."""
        if self.kept or self.is_closed:
            return
        self.is_closed = True
        if self._executor is not None:
            self._executor.submit(self._close)
        else:
            self._close()

    def _close(self) -> None:
        try:
            self.driver.close()
        finally:
            self._deliverer.close()
            self._sockets.close()
            shutil.rmtree(self.state, ignore_errors=True)
