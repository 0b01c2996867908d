"""The two mock systems: what is pure here answers requests; `inprocess` is their thin skin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from tallystick.dataflow.model import Api
from tallystick.systems.answers import problem, refusal
from tallystick.systems.ledger import Ledger, counted_key
from tallystick.systems.store import EditRefused, KeyMaker, Store, opaque_key
from tallystick.systems.storefront import Storefront
from tallystick.systems.wire import Purpose, System

__all__ = [
    "EditRefused",
    "Ledger",
    "Purpose",
    "Store",
    "Storefront",
    "System",
    "build",
    "problem",
    "refusal",
]

_DIALECTS: Final[Mapping[Api, tuple[type[Storefront | Ledger], KeyMaker]]] = {
    "storefront/1": (Storefront, opaque_key),
    "ledger/1": (Ledger, counted_key),
}


def build(
    api: Api, store: Store, *, token: str, base_url: str, numbers: Literal["", "exact"] = ""
) -> System:
    """Give a system that speaks `api` over `store`, under `base_url`, to whoever has `token`.

    Build it before the store's first record: the dialect says what keys look like.
    """
    dialect, new_key = _DIALECTS[api]
    store.use(new_key, exact_numbers=numbers == "exact")
    return dialect(store, token=token, base_url=base_url)
