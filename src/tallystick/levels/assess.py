"""Which level a run has reached. Rule: what was not put to the test is not reached."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.levels.model import Evidence, Level, LevelResult, Levels, LevelSet

__all__ = ["assess", "level_of"]


def level_of(level_set: LevelSet, *about: str) -> str:
    """Give the first level that asks for all of these laws and situations; "" where none does."""
    needed = set(about)
    found = [each.name for each in level_set.levels if needed & {*each.laws, *each.situations}]
    return found[-1] if found else ""


def assess(level_set: LevelSet, evidence: Evidence) -> Levels:
    """Say for each level whether it is reached, and what stands in the way; none without those
    before it.
    """
    results: list[LevelResult] = []
    reached = ""
    for level in level_set.levels:
        missing = tuple(_missing(level_set, level, evidence))
        if results and not results[-1].reached:
            missing = (f"the level {results[-1].name} is not reached", *missing)
        results.append(
            LevelResult(name=level.name, about=level.about, reached=not missing, missing=missing)
        )
        reached = reached if missing else level.name
    return Levels(set=level_set.date, draft=level_set.draft, reached=reached, levels=tuple(results))


def _missing(level_set: LevelSet, level: Level, evidence: Evidence) -> Iterator[str]:
    if evidence.incomplete:
        yield f"the run is incomplete: {evidence.incomplete}"
    yield from dict.fromkeys(
        each.said for each in evidence.stumbles if level_of(level_set, *each.about) == level.name
    )
    for law in level.laws:
        if evidence.tested.get(law) == 0:
            yield f"{law} was never put to the test"
    for situation in level.situations:
        if evidence.reach.get(situation) == 0:
            yield f"the situation {situation} never occurred"
