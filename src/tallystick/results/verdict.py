"""What a run comes to: one status, and why. Rule: ticks and violations decide, not we.

Anything violated: 1. Otherwise anything undecided, or nothing judged at all: 3. Unspecified and
declined alone leave 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallystick.laws.ticks import TickedChecklist
from tallystick.laws.verdict import Judgement, Status
from tallystick.results.status import ExitStatus, worst

__all__ = ["Verdict", "count_ticks", "verdict_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The status, and the reasons for which it is not the best one."""

    status: ExitStatus
    reasons: tuple[str, ...] = ()


def count_ticks(ticked: TickedChecklist) -> Counter[Status]:
    """Count the ticks of what the checklist and the agreement say, and of the general laws.

    What rests on a default is no statement of anybody's and is left out, unless it is violated.
    """
    counts: Counter[Status] = Counter()
    for pair in ticked.pairs:
        counts.update(sentence.tick.status for sentence in pair.sentences)
        for row in pair.rows:
            counts.update(tick.status for tick in row.ticks.values())
    counts.update(tick.status for tick in ticked.general.values())
    counts.update(
        policy.tick.status
        for policy in ticked.policies
        if policy.by != "default" or policy.tick.status == "violated"
    )
    return counts


def verdict_of(
    ticked: TickedChecklist,
    judgement: Judgement,
    *,
    wrong: Sequence[str] = (),
    untested: Sequence[str] = (),
) -> Verdict:
    """Give what ticks and a judgement come to: of everything that was played, all that counts.

    `wrong` says what else makes a run fail, `untested` what else leaves it undecided.
    """
    found: dict[ExitStatus, list[str]] = {}
    if judgement.violations or wrong:
        found[ExitStatus.NOT_CONFORMANT] = list(wrong)
    open_questions = list(_open_questions(ticked, judgement)) + list(untested)
    if open_questions:
        found[ExitStatus.UNDECIDED] = open_questions
    status = worst(found)
    return Verdict(status=status, reasons=tuple(found.get(status, ())))


def _open_questions(ticked: TickedChecklist, judgement: Judgement) -> Iterator[str]:
    undecided = [tick.status for tick in ticked.all_ticks()].count("undecided")
    if undecided:
        noun = "statement" if undecided == 1 else "statements"
        yield f"{undecided:,} {noun} could not be put to the test"
    if not judgement.settles:
        yield "nothing was judged"
    yield from dict.fromkeys(judgement.unreached)
