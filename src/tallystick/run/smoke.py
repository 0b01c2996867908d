"""Smoke first: one record, one sync, one look. Rule: it asks whether anything works, not whether it
works well; that is for the laws.

A connector is wired up when the record has a counterpart after the sync, or when the connector at
least sent the other system a write that was understood there (even if it was refused).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tallystick.dataflow.model import Dataflow, Pair
from tallystick.journal.journal import Journal
from tallystick.run.actions import StepImpossible, perform
from tallystick.run.stage import Theatre
from tallystick.run.world import World
from tallystick.vocabulary.events import Event, Exchange, Strayed, SyncEnded
from tallystick.vocabulary.script import Create, Ref, Script, Settle

__all__ = ["Smoke", "creating_pair", "smoke"]

_UNDERSTOOD: Final = frozenset({200, 201, 202, 204, 409, 412, 422})
_LABEL: Final = "Smoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoke:
    """What one record showed. `pair` is None where no rule creates records, so nothing was tried.

    `reached`: some request of the connector reached one of the two systems; `why`: what the
    connector said when it did not come to rest ("" if it did); `strayed`: where else it asked.
    """

    wired: bool
    pair: Pair | None = None
    script: Script = ()
    journal: Journal | None = None
    requests: int = 0
    why: str = ""
    strayed: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether the connector reached at least one of the two systems."""
        return self.requests > 0


def smoke(theatre: Theatre, dataflow: Dataflow) -> Smoke:
    """Create a record of the first pair that creates, let the connector sync once, and look.

    ConnectorUnavailable, as from any world, where the connector cannot be started.
    """
    pair = creating_pair(dataflow)
    if pair is None:
        return Smoke(wired=True)
    script: Script = (
        Create(
            side="source",
            record=Ref(_LABEL, pair.source),
            values=tuple((term.path.text, term.equals) for term in pair.create.condition),
        ),
        Settle(),
    )
    world = theatre.world(dataflow, script=script, title="smoke")
    try:
        for step in script:
            perform(world, step)
    except StepImpossible:
        return Smoke(wired=True)
    finally:
        journal = world.close()
    return _seen(world, pair, script, journal)


def creating_pair(dataflow: Dataflow) -> Pair | None:
    """Give the first pair that creates counterparts, of any record or of one with known values."""
    for rules in (("always", "no-match"), ("condition",)):
        for pair in dataflow.pairs:
            known = pair.create.when != "condition" or pair.create.condition
            if pair.create.when in rules and known:
                return pair
    return None


def _seen(world: World, pair: Pair, script: Script, journal: Journal) -> Smoke:
    events = journal.events
    record = world.labels.get(_LABEL)
    linked = record is not None and bool(world.judge.book.links_of(record))
    failures = [one.why for one in events if isinstance(one, SyncEnded) and one.outcome != "did"]
    return Smoke(
        wired=linked or any(map(_is_understood_write, events)),
        pair=pair,
        script=script,
        journal=journal,
        requests=sum(isinstance(event, Exchange) for event in events),
        why=failures[-1] if failures else "",
        strayed=tuple(dict.fromkeys(e.origin for e in events if isinstance(e, Strayed))),
    )


def _is_understood_write(event: Event) -> bool:
    if not isinstance(event, Exchange) or event.method == "GET":
        return False
    return event.side == "target" and event.status in _UNDERSTOOD
