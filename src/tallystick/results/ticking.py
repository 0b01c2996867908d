"""A checklist ticked with what was declared in mind. Rule: a tick is declined where declining is
what keeps it from being violated, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tallystick.dataflow.model import Dataflow
from tallystick.laws.ticks import Tick, TickedChecklist, TickedPair, tick_checklist
from tallystick.laws.verdict import Judgement, Violation

__all__ = ["tick_declared"]


def tick_declared(
    dataflow: Dataflow, judgement: Judgement, excused: Mapping[int, str]
) -> TickedChecklist:
    """Tick a checklist; `excused` says, by its identity, why a violation does not count."""
    whole = tick_checklist(dataflow, judgement)
    if not excused:
        return whole
    kept = replace(
        judgement, violations=[one for one in judgement.violations if id(one) not in excused]
    )
    left = tick_checklist(dataflow, kept)
    return TickedChecklist(
        dataflow=dataflow,
        pairs=tuple(_pair(*both, excused) for both in zip(whole.pairs, left.pairs, strict=True)),
        policies=tuple(
            replace(now, tick=_tick(before.tick, now.tick, excused))
            for before, now in zip(whole.policies, left.policies, strict=True)
        ),
        general={
            law: _tick(tick, left.general[law], excused) for law, tick in whole.general.items()
        },
    )


def _pair(whole: TickedPair, left: TickedPair, excused: Mapping[int, str]) -> TickedPair:
    return TickedPair(
        pair=whole.pair,
        sentences=tuple(
            replace(now, tick=_tick(before.tick, now.tick, excused))
            for before, now in zip(whole.sentences, left.sentences, strict=True)
        ),
        rows=tuple(
            replace(
                now,
                ticks={
                    side: _tick(before.ticks[side], tick, excused)
                    for side, tick in now.ticks.items()
                },
            )
            for before, now in zip(whole.rows, left.rows, strict=True)
        ),
    )


def _tick(whole: Tick, left: Tick, excused: Mapping[int, str]) -> Tick:
    if whole.status != "violated" or left.status == "violated":
        return left
    return Tick(status="declined", note=_why(whole.violations, excused))


def _why(violations: tuple[Violation, ...], excused: Mapping[int, str]) -> str:
    return "; ".join(dict.fromkeys(excused[id(one)] for one in violations))
