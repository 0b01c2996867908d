"""What a faulty connector is: a small named change to the reference, and the law that must see it.

Rule: a fault is a subclass or two put into the reference's parts; nothing is patched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from tallystick_reference import Parts, connect

FAULTS = frozenset({"faults"})
KILLS = frozenset({"kills"})
RACES = frozenset({"races"})
CLOCKS = frozenset({"clocks"})


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


def changing(name: str, law: str, kind: type, failure: str, story: str, **rest: Any) -> Faulty:
    """Give a fault that is one class, put in the place of the class of the reference it extends."""
    part = next(
        p.name for p in fields(Parts) if isinstance(p.default, type) and issubclass(kind, p.default)
    )
    parts: Any = {part: kind}
    return Faulty(name=name, law=law, story=story, failure=failure, parts=Parts(**parts), **rest)


def troubled(
    name: str, law: str, weather: frozenset[str], parts: Parts, failure: str, story: str
) -> Faulty:
    """Give a fault that shows in some weather."""
    return Faulty(name=name, law=law, weather=weather, parts=parts, failure=failure, story=story)
