"""Two results of the same connector, or of two. Rule: it says what differs, and what that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tallystick.results.result import CheckResult, RunResult

__all__ = ["Change", "Comparison", "compare_results"]

Kind = Literal["regression", "fixed", "other"]
_GOOD: Final = ("holds",)
_BAD: Final = ("violated",)
_ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A check that came out differently; `was` or `now` is `absent` where a run has no such one."""

    check: str
    was: str
    now: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What became of the checks, and of the level ("" for none)."""

    changes: tuple[Change, ...]
    same: int
    level_was: str
    level_now: str
    level_fell: bool

    def of(self, kind: Kind) -> list[Change]:
        """Give the changes of one kind."""
        return [change for change in self.changes if change.kind == kind]

    @property
    def is_worse(self) -> bool:
        """Whether anything became worse."""
        return self.level_fell or bool(self.of("regression"))


def compare_results(before: RunResult, after: RunResult) -> Comparison:
    """Compare two complete results, the earlier one first."""
    was = {check.id: check for check in before.checks}
    now = {check.id: check for check in after.checks}
    ids = dict.fromkeys((*was, *now))
    pairs = [(id_, _status(was.get(id_)), _status(now.get(id_))) for id_ in ids]
    changes = tuple(
        Change(check=id_, was=one, now=two, kind=_kind(one, two))
        for id_, one, two in pairs
        if one != two
    )
    levels = [result.levels.reached if result.levels else "" for result in (before, after)]
    return Comparison(
        changes=changes,
        same=len(ids) - len(changes),
        level_was=levels[0],
        level_now=levels[1],
        level_fell=_rank(before, levels[0]) > _rank(after, levels[1]),
    )


def _status(check: CheckResult | None) -> str:
    return _ABSENT if check is None else check.status


def _kind(was: str, now: str) -> Kind:
    if now in _BAD:
        return "regression"
    return "fixed" if was in _BAD and now in _GOOD else "other"


def _rank(result: RunResult, level: str) -> int:
    names = [each.name for each in result.levels.levels] if result.levels else []
    return names.index(level) if level in names else -1
