"""Many checklists run for one connector, briefly each. Rule: one line a document, then one table;
whatever is wrong with one document stops no other.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tallystick.cli.documents import read_documents
from tallystick.cli.parallel import cores, mapped
from tallystick.cli.suite import planned
from tallystick.cli.theatre import theatre_for
from tallystick.errors import BadInput, ConnectorUnavailable
from tallystick.laws.ticks import tick_checklist
from tallystick.report.plain import harmless, many
from tallystick.results.status import STATUS_WORDS, ExitStatus, worst
from tallystick.results.verdict import verdict_of
from tallystick.run.brief import is_exercised, play_briefly
from tallystick.run.smoke import smoke
from tallystick.run.stage import Effort

__all__ = ["BRIEF_EDITS", "Brief", "Outcome", "run_many"]

SECONDS: Final = 1.8
"""What a pair of types may cost of the processor, on the average of its document: what was begun by
then is still ended, and shall be so within 2 s.
"""

BRIEF_EDITS: Final = 5
"""Random edits for each pair, unless others are asked for."""

_MARKS: Final[Mapping[ExitStatus, str]] = {
    ExitStatus.CONFORMANT: "✓",
    ExitStatus.NOT_CONFORMANT: "✗",
    ExitStatus.UNDECIDED: "?",
    ExitStatus.BAD_INPUT: "!",
    ExitStatus.UNAVAILABLE: "!",
    ExitStatus.FAULT: "!",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What each document is run with."""

    connector: str
    edits: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one document. Of its pairs, `exercised` were edited on both sides and `counted`
    had their links counted only, for they have no row that could be edited so. `open` says what
    leaves it undecided, `why` what stopped it.
    """

    file: str
    status: ExitStatus
    pairs: int = 0
    exercised: int = 0
    counted: int = 0
    edits: int = 0
    seconds: float = 0.0
    laws: Mapping[str, int] = field(default_factory=dict)
    agreement: str = ""
    assumed: bool = False
    open: tuple[str, ...] = ()
    why: str = ""


def run_many(files: Sequence[str], brief: Brief, console: Console) -> ExitStatus:
    """Run each document, on all cores; print a line for each as it comes, then what it all means.

    The status is the worst of all documents'.
    """
    began = time.monotonic()
    outcomes = []
    for outcome in mapped(partial(run_briefly, brief=brief), files, jobs=cores(), batch=1):
        console.print(harmless(_line(outcome)), soft_wrap=True)
        outcomes.append(outcome)
    _tell(outcomes, console, brief, time.monotonic() - began)
    return worst(outcome.status for outcome in outcomes)


def run_briefly(file: str, *, brief: Brief) -> Outcome:
    """Run one document; what goes wrong with it is its outcome."""
    began = time.monotonic()
    try:
        return _run(file, brief, began)
    except BadInput as error:
        return _stopped(file, ExitStatus.BAD_INPUT, str(error.problems[0].text), began)
    except ConnectorUnavailable as error:
        return _stopped(file, ExitStatus.UNAVAILABLE, str(error), began)
    except Exception as error:  # noqa: BLE001  (it must not stop the others)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}, line {frame.lineno}"
        why = f"{type(error).__name__}: {error} in {where}".replace("\n", " ")
        return _stopped(file, ExitStatus.FAULT, why[-_LONGEST:], began)


_LONGEST: Final = 300


def _stopped(file: str, status: ExitStatus, why: str, began: float) -> Outcome:
    return Outcome(file=file, status=status, why=why, seconds=time.monotonic() - began)


def _run(file: str, brief: Brief, began: float) -> Outcome:
    beginning = time.process_time()
    agreement = _agreement_beside(file)
    documents = read_documents(file, agreement, may_be_empty=True)
    dataflow = documents.dataflow
    features = planned(documents, by_hand=False, edits=brief.edits).features
    until = beginning + SECONDS * len(dataflow.pairs)

    def out_of_time() -> bool:
        return time.process_time() > until

    effort = Effort(edits=brief.edits, seed=brief.seed, out_of_time=out_of_time)
    with theatre_for(documents, brief.connector, effort) as theatre:
        if not smoke(theatre, dataflow).wired:
            why = "one record did not get over"
            return _stopped(file, ExitStatus.NOT_CONFORMANT, why, began)
        judgement = play_briefly(theatre, dataflow, features, out_of_time=out_of_time)
    verdict = verdict_of(tick_checklist(dataflow, judgement), judgement)
    exercised = [pair for pair in dataflow.pairs if is_exercised(pair, judgement)]
    linked = [pair for pair in dataflow.pairs if judgement.tested["linked", pair.number]]
    return Outcome(
        file=file,
        status=verdict.status,
        pairs=len(dataflow.pairs),
        exercised=len(exercised),
        counted=len(linked) - len(exercised),
        edits=judgement.edits,
        seconds=time.monotonic() - began,
        laws=Counter(violation.law for violation in judgement.violations),
        agreement=agreement or "",
        assumed=bool(documents.compiled.assumed),
        open=verdict.reasons if verdict.status is ExitStatus.UNDECIDED else (),
    )


def _agreement_beside(file: str) -> str | None:
    """Give the agreement that stands where `tallystick agree` puts it, if there is one."""
    path = Path(file).with_suffix(".toml")
    return str(path) if path.is_file() else None


def _line(outcome: Outcome) -> str:
    start = f"{_MARKS[outcome.status]} {outcome.file}:"
    if outcome.why:
        return f"{start} {STATUS_WORDS[outcome.status]}: {outcome.why}"
    broken = "".join(f"; {law} violated {n} times" for law, n in sorted(outcome.laws.items()))
    agreed = f"; agreed in {Path(outcome.agreement).name}" if outcome.agreement else ""
    return (
        f"{start} {many(outcome.pairs, 'pair')}, {outcome.exercised} edited on both sides,"
        f" {outcome.counted} counted{agreed}; {outcome.seconds:.1f} s{broken}"
        + "".join(f"; {reason}" for reason in outcome.open)
    )


def _tell(outcomes: Sequence[Outcome], console: Console, brief: Brief, seconds: float) -> None:
    console.print()
    console.print(_table(outcomes))
    pairs = sum(outcome.pairs for outcome in outcomes)
    console.print(
        f"{many(len(outcomes), 'document')}, {many(pairs, 'pair')};"
        f" {many(sum(outcome.edits for outcome in outcomes), 'edit')}; seed {brief.seed};"
        f" {seconds:.0f} s.",
        soft_wrap=True,
    )
    if assumed := sum(outcome.assumed for outcome in outcomes):
        console.print(
            "Lists and JSON types of records were assumed, from the rows alone, in"
            f" {many(assumed, 'document')}; an agreement beside it (NAME.toml) settles them.",
            soft_wrap=True,
        )
    status = worst(outcome.status for outcome in outcomes)
    console.print(f"{STATUS_WORDS[status]} (exit status {int(status)})", style="bold")


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("", "documents", "pairs", "edited on both sides", "counted"):
        table.add_column(name, justify="right" if name else "left")
    for status in ExitStatus:
        mine = [outcome for outcome in outcomes if outcome.status is status]
        if mine:
            sums = (len(mine), *(sum(getattr(o, name) for o in mine) for name in _SUMMED))
            table.add_row(STATUS_WORDS[status], *(f"{n:,}" for n in sums))
    broken: Counter[str] = Counter()
    for outcome in outcomes:
        broken.update(outcome.laws.keys())
    for law, count in broken.most_common():
        table.add_row(f"  {law} violated", f"{count:,}")
    return table


_SUMMED: Final = ("pairs", "exercised", "counted")
