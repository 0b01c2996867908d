"""What a faulty connector is: a small named change to the reference, and the law that must see it.

Rule: a fault is a subclass or two put into the reference's parts; nothing is patched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tallystick_reference import Parts, connect

FAULTS = frozenset({"faults"})
KILLS = frozenset({"kills"})
RACES = frozenset({"races"})


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """One faulty connector.

    `story` is what a QA person would say; `failure` the class of real-world failure it stands for.
    `weather` is what it takes to show (nothing: fine weather), `checklist` and `policies` where.
    `alone`: no other law sees it, so that it passes once its law is switched off.
    """

    name: str
    law: str
    story: str
    failure: str
    parts: Parts
    weather: frozenset[str] = frozenset()
    checklist: str = "customwebshop-customerp"
    policies: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False

    @property
    def address(self) -> str:
        """Give the connector's address."""
        return f"faulty:{self.name}"

    def __call__(
        self, env: Mapping[str, str], *, now: Callable[[], float], sleep: Callable[[float], None]
    ) -> Any:
        """Make the connector, as the contract's factories do."""
        return connect(env, now=now, sleep=sleep, parts=self.parts)
