"""The composition point: which parts make a connector, and how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tallystick_reference.casts import Casts
from tallystick_reference.dataflow import Dataflow, read_dataflow
from tallystick_reference.dialect import Dialect
from tallystick_reference.engine import Engine
from tallystick_reference.ledger import Ledger
from tallystick_reference.merge import Merge
from tallystick_reference.records import SIDES
from tallystick_reference.store import Store
from tallystick_reference.storefront import Storefront
from tallystick_reference.transport import Transport


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The classes that a connector is made of: put in your own where your systems differ."""

    read_dataflow: Callable[[str], Dataflow] = read_dataflow
    transport: type[Transport] = Transport
    dialects: Mapping[str, type[Dialect]] = field(
        default_factory=lambda: {"storefront/1": Storefront, "ledger/1": Ledger}
    )
    store: type[Store] = Store
    casts: type[Casts] = Casts
    merge: type[Merge] = Merge
    engine: type[Engine] = Engine


class Connector:
    """A connector for one world: call `sync` as often as you like."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sync(self) -> None:
        """Bring both systems in sync; raises GaveUp when something has to wait."""
        self._engine.sync()

    def close(self) -> None:
        """Let go of connections and files; nothing is lost if this is never called."""
        self._engine.store.close()
        for system in self._engine.systems.values():
            system.transport.close()


def connect(
    env: Mapping[str, str],
    *,
    now: Callable[[], float],
    sleep: Callable[[float], None],
    parts: Parts | None = None,
) -> Connector:
    """Make a connector from the contract's variables, a clock (Unix seconds) and a way to wait."""
    parts = parts or Parts()
    dataflow = parts.read_dataflow(env["TALLYSTICK_DATAFLOW"])
    systems = {}
    for side in SIDES:
        url, token = (env[f"TALLYSTICK_{side.upper()}_{what}"] for what in ("URL", "TOKEN"))
        transport = parts.transport(url, token, now=now, sleep=sleep)
        systems[side] = parts.dialects[dataflow.dialects[side]](transport, dataflow.paths[side])
    store = parts.store(env["TALLYSTICK_STATE"])
    merge = parts.merge(dataflow, parts.casts(), store.keys)
    return Connector(parts.engine(dataflow, systems, store, merge))
