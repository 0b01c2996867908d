"""Played scenarios told as events. Rule: who listens may do so in another process."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from tallystick.dataflow.model import Dataflow
from tallystick.recording.files import FAILURES
from tallystick.recording.saving import save_failure
from tallystick.report.failure import failure_of, told_violations
from tallystick.report.plain import short_file
from tallystick.results.checks import Checks, scenario_check
from tallystick.results.events import (
    Failure,
    FailureFound,
    FeatureRead,
    RunEvent,
    RunStarted,
    ScenarioEnded,
)
from tallystick.results.taking import scenario_ended
from tallystick.run.suite import Played, weather_of

__all__ = ["Teller"]


class Teller:
    """Tells of the scenarios of one run; failures are saved below `folder`, if there is one."""

    def __init__(self, started: RunStarted, dataflow: Dataflow, *, folder: Path | None) -> None:
        self._about = started.about
        self._dataflow = dataflow
        self._checks = Checks(dataflow)
        self._folder = folder
        self._read: set[str] = set()

    def told(self, played: Played, *, number: int, duration_ms: int) -> Iterator[RunEvent]:
        """Give the events of a scenario; `number` names the files of its failure."""
        event = scenario_ended(
            played,
            self._dataflow,
            weather=weather_of(played.scenario.tags),
            duration_ms=duration_ms,
        )
        event = replace(event, feature=short_file(event.feature))
        if event.feature not in self._read:
            self._read.add(event.feature)
            yield FeatureRead(file=event.feature, text=played.feature.text)
        yield event
        if played.violations:
            yield FailureFound(failure=self._failure(played, event, number))

    def _failure(self, played: Played, event: ScenarioEnded, number: int) -> Failure:
        files: dict[str, str] = {}
        if self._folder is not None:
            saved = save_failure(self._folder / FAILURES, number, played)
            files = {kind: str(path.relative_to(self._folder)) for kind, path in saved.items()}
        return failure_of(
            played,
            self._broken(played, event),
            seed=self._about.seed,
            reproduce=self._reproduce(files),
            files=files,
        )

    def _broken(self, played: Played, event: ScenarioEnded) -> tuple[str, ...]:
        """Give the checks that failed, each once, the one that the story tells of first."""
        if not event.own:
            return (scenario_check(event.feature, event.name),)
        violations = (*told_violations(played)[:1], *event.violations)
        return tuple(dict.fromkeys(map(self._checks.of, violations)))

    def _reproduce(self, files: Mapping[str, str]) -> str:
        if self._folder is None or "script" not in files:
            return self._about.command
        script = self._folder / files["script"]
        return shlex.join(
            ("tallystick", "replay", str(script), "--connector", self._about.connector.address)
        )
