"""What a session plays, and what is told of it. Rule: any process can tell, and one listens.

What is told travels with pytest's own reports, as text, so that it gets from xdist's workers to the
process that counts.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallystick import __version__
from tallystick.dataflow.json import to_json
from tallystick.dataflow.model import Dataflow
from tallystick.recording.declared import declared, with_declared_policies
from tallystick.recording.teller import Teller
from tallystick.results.events import About, RunEvent, RunStarted, event_to_json
from tallystick.results.tally import Tally
from tallystick.run.suite import Played
from tallystick.steps.collecting import FeatureFile
from tallystick.steps.company import Company
from tallystick.vocabulary.gherkin import Feature
from tallystick.vocabulary.script import UseChecklist
from tallystick.vocabulary.sentences import Names, parse_step

__all__ = ["Playbill", "Told"]

_DERIVED = "@derived"


@dataclass(frozen=True, slots=True)
class Told:
    """What one scenario came to: lines of events, and why its failure does not count, if so."""

    lines: tuple[str, ...]
    excused: str = ""


class Playbill:
    """What one process is to play, for the run's own checklist: that of the derived features.

    BadInput for what is wrong with the connector's declaration.
    """

    def __init__(self, company: Company, items: Sequence[pytest.Item], folder: Path | None) -> None:
        self._company = company
        ours = [item for item in items if isinstance(item.parent, FeatureFile)]
        self._numbers = {item.nodeid: at for at, item in enumerate(ours, 1)}
        features = _features(ours)
        derived = [feature for feature in features if _DERIVED in feature.tags]
        checklist, dataflow = _agreed(company, (derived or features)[0])
        known = declared(company.connector, dataflow)
        self.dataflow = with_declared_policies(dataflow, known.declaration)
        company.use(checklist.checklist, checklist.agreement, self.dataflow)
        about = About(
            connector=known.connector,
            checklist=checklist.checklist,
            agreement=checklist.agreement,
            seed=company.seed,
            edits=company.edits,
            command=_command(company),
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            tallystick=__version__,
        )
        self.started = RunStarted(
            about=about,
            dataflow=to_json(self.dataflow),
            scenarios=len(ours),
            partial=_partial(derived, ours, self.dataflow),
            declines=known.declines,
            expected=known.expected,
        )
        self._tally = Tally(self.started, self.dataflow)
        self._teller = Teller(self.started, self.dataflow, folder=folder)
        self._begun = False

    def invitation(self) -> tuple[str, ...]:
        """Say what an attached connector has to know, before anything is played."""
        with self._company.theatre() as theatre:
            return theatre.invitation(self.dataflow)

    def told(self, item: pytest.Item, played: Played, duration_ms: int) -> Told:
        """Tell of a scenario; the first time, that the run has begun, too."""
        number = self._numbers[item.nodeid]
        events = list(self._teller.told(played, number=number, duration_ms=duration_ms))
        counts = any(map(self._tally.counts, events))
        excused = "expected to fail, or declined" if played.violations and not counts else ""
        return Told((*self.begun(), *map(_line, events)), excused)

    def begun(self) -> tuple[str, ...]:
        """Tell that the run has begun, the first time that this is asked for."""
        if self._begun:
            return ()
        self._begun = True
        return (_line(self.started),)


def _line(event: RunEvent) -> str:
    return json.dumps(event_to_json(event))


def _features(items: Iterable[pytest.Item]) -> list[Feature]:
    found = {
        item.parent.feature.file: item.parent.feature
        for item in items
        if isinstance(item.parent, FeatureFile)
    }
    return list(found.values())


def _agreed(company: Company, feature: Feature) -> tuple[UseChecklist, Dataflow]:
    """Give the checklist that a feature's first scenario is about."""
    lines = feature.scenarios[0].steps
    steps = (parse_step(line.text, line.table, Names()) for line in lines)
    checklist = next(step for step in steps if isinstance(step, UseChecklist))
    with company.theatre() as theatre:
        beside = Path(feature.file).parent
        named = checklist.checklist, checklist.agreement
        return checklist, theatre.dataflow(*named, beside, checklist.back)


def _command(company: Company) -> str:
    edits, seed = str(company.edits), str(company.seed)
    return shlex.join(
        ("pytest", "--connector", company.connector, "--edits", edits, "--edits-seed", seed)
    )


def _partial(derived: Sequence[Feature], items: Sequence[pytest.Item], flow: Dataflow) -> str:
    """Say why this cannot be the whole of what a checklist asks for; "" where it can."""
    tags = {tag for feature in derived for tag in feature.tags}
    left_out = [pair.name for pair in flow.pairs if f"@pair-{pair.number}" not in tags]
    if left_out:
        return f"what is derived for {', '.join(left_out)} was not selected"
    all_of_them = sum(len(feature.scenarios) for feature in derived)
    files = {feature.file for feature in derived}
    selected = sum(
        isinstance(item.parent, FeatureFile) and item.parent.feature.file in files for item in items
    )
    if selected < all_of_them:
        return f"only {selected} of {all_of_them} derived scenarios were selected"
    return ""
