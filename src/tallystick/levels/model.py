"""What a level asks for, and what a run has to show. Rule: values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Evidence", "Level", "LevelResult", "LevelSet", "Levels", "Stumble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level: the laws that must have been put to the test and hold, the situations to meet."""

    name: str
    about: str
    laws: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSet:
    """A dated set of levels, each including those before it.

    `breaches` are the ways of breaking a law ("law/anomaly") that were known when the set was
    frozen; others are unscored. None: the set is a draft, and all that there are are scored.
    """

    date: str
    levels: tuple[Level, ...]
    breaches: frozenset[str] | None = None

    @property
    def draft(self) -> bool:
        """Whether the set may still change."""
        return self.breaches is None

    def is_scored(self, law: str, anomaly: str) -> bool:
        """Tell whether a way of breaking a law counts under this set."""
        return self.breaches is None or f"{law}/{anomaly}" in self.breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """Something that stands in the way of a level: in words, and the laws and situations it is
    about.
    """

    said: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a run has to show.

    `tested` says how often each law was put to the test, with 0 for those that apply and were not;
    `reach` how often each situation occurred, with 0 for those that can occur and did not. What is
    in neither does not apply. `incomplete` says why the run is not whole ("" for a whole one).
    """

    tested: Mapping[str, int] = field(default_factory=dict)
    reach: Mapping[str, int] = field(default_factory=dict)
    stumbles: Sequence[Stumble] = ()
    incomplete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """One level: whether it is reached, and if not, what stands in the way."""

    name: str
    about: str
    reached: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The levels of one dated set; `reached` is the highest one ("" for none)."""

    set: str
    draft: bool
    reached: str
    levels: tuple[LevelResult, ...] = ()
