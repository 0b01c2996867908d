"""The composition point: which parts make a connector, and how they are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .casts import Casts
from .connector import Connector
from .dataflow import Dataflow, read_dataflow
from .ledger import Ledger
from .merge import Merge
from .records import SIDES
from .store import Store
from .storefront import Storefront
from .transport import Transport


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a connector is made of: put in classes of your own where your systems differ."""

    read_dataflow: Callable[[str], Dataflow] = read_dataflow
    transport: type[Transport] = Transport
    storefront: type[Storefront] = Storefront
    ledger: type[Ledger] = Ledger
    store: type[Store] = Store
    casts: type[Casts] = Casts
    merge: type[Merge] = Merge
    connector: type[Connector] = Connector


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
    dialects = {"storefront/1": parts.storefront, "ledger/1": parts.ledger}
    systems = {}
    for side in SIDES:
        url, token = (env[f"TALLYSTICK_{side.upper()}_{what}"] for what in ("URL", "TOKEN"))
        transport = parts.transport(url, token, now=now, sleep=sleep)
        systems[side] = dialects[dataflow.dialects[side]](transport, dataflow.paths[side])
    store = parts.store(env["TALLYSTICK_STATE"])
    merge = parts.merge(dataflow, parts.casts(), store.link)
    return parts.connector(dataflow, systems, store, merge)
