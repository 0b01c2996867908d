"""One pytest session with features of ours. Rule: it listens to pytest, and decides one thing.

That is the exit status where a connector was named: a session in which nothing failed, but which
did not meet what it should have met, is undecided and not green. A session that plays all that is
derived from a checklist comes to the same verdict as `tallystick run`.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from tallystick.connectors.address import REFERENCE, resolve
from tallystick.connectors.environment import masked
from tallystick.errors import TallystickError
from tallystick.recording.files import begin_results
from tallystick.results.result import RunResult
from tallystick.results.status import ExitStatus
from tallystick.run.suite import Played
from tallystick.steps.collecting import FeatureFile
from tallystick.steps.company import Company
from tallystick.steps.hearing import Hearing, packed
from tallystick.steps.playbill import Playbill
from tallystick.steps.scene import COMPANY, PLAYED, REPLAYED, SCENARIO, UNDECIDED, ScenarioFailed
from tallystick.steps.telling import tell

__all__ = ["Session"]

_TAGS: Final = "tallystick_tags"
_SEED: Final = "tallystick_seed"
_TOLD: Final = "tallystick_told"
_FAILED: Final = "tallystick_failed"
_TROUBLE: Final = "tallystick_trouble"
"""What reports carry besides, from whichever process made them."""

_SECOND_MS: Final = 1000
_NO_VERDICT: Final = (ExitStatus.BAD_INPUT, ExitStatus.UNAVAILABLE, ExitStatus.FAULT)


class Session:
    """Collects our features, and hears how their scenarios ended."""

    def __init__(self, config: pytest.Config) -> None:
        named = config.getoption("--connector")
        results = config.getoption("--tallystick-results")
        given = getattr(config, "workerinput", {})
        self.named: str = named or ""
        self.played = 0
        self.failed = 0
        self.undecided: dict[str, None] = {}
        self.replayed: dict[str, str] = {}
        self._listens = not hasattr(config, "workerinput")
        self._folder: Path | None = config.invocation_params.dir / results if results else None
        self._company = Company(
            connector=named or REFERENCE,
            edits=config.getoption("--edits"),
            seed=given.get(_SEED, config.getoption("--edits-seed")),
        )
        self._playbill: Playbill | None = None
        self._hearing = Hearing(self._folder)
        self._prepare(config)

    def _prepare(self, config: pytest.Config) -> None:
        try:
            resolve(self._company.connector)
            if self._folder is not None and self._listens:
                begin_results(self._folder)
        except TallystickError as error:
            raise pytest.UsageError(f"--connector: {error}") from error
        config.stash[COMPANY] = self._company

    @staticmethod
    def collect(path: Path, parent: pytest.Collector) -> FeatureFile:
        """Give the collector of one of our files."""
        file: FeatureFile = FeatureFile.from_parent(parent, path=path)
        return file

    @staticmethod
    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        """Let reports carry each scenario's tags: its pair, its law, its line."""
        for item in items:
            if isinstance(item.parent, FeatureFile):
                marks = sorted({mark.name for mark in item.iter_markers()} - {"parametrize"})
                item.user_properties.append((_TAGS, " ".join(marks)))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Find out what this session is to play, where its verdict is asked for."""
        ours = any(isinstance(item.parent, FeatureFile) for item in session.items)
        if not ours or session.config.option.collectonly:
            return
        if not self.named and self._folder is None:
            return
        try:
            self._playbill = Playbill(self._company, session.items, self._folder)
            invitation = self._playbill.invitation()
        except TallystickError as error:
            raise pytest.UsageError(str(error)) from error
        if invitation:
            reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
            reporter.write_line("\n".join(invitation))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Let all of xdist's workers begin their random edits at one place."""
        node.workerinput[_SEED] = self._company.choose_seed()

    @staticmethod
    @pytest.hookimpl(optionalhook=True)
    def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Any) -> None:
        """Remember which scenario is played: of an outline, the example's name."""
        request.node.stash[SCENARIO] = scenario.name

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Tell failures of ours as stories, and what every scenario of ours came to."""
        report = yield
        if isinstance(item.parent, FeatureFile):
            if call.excinfo is not None:
                tell(report, call.excinfo.value)
                self._tell_trouble(report, call.excinfo.value)
            if PLAYED in item.stash:
                self._tell_played(report, item.stash[PLAYED], item)
                del item.stash[PLAYED]  # its journal is long
        return report

    def _tell_trouble(self, report: pytest.TestReport, error: BaseException) -> None:
        """A scenario that could not be played says nothing of the connector's conformance."""
        if isinstance(error, TallystickError):
            setattr(report, _TROUBLE, [error.exit_status, masked(str(error))])
        elif isinstance(error, Exception) and not isinstance(error, ScenarioFailed):
            why = f"a fault of Tallystick itself: {type(error).__name__}: {masked(str(error))}"
            setattr(report, _TROUBLE, [int(ExitStatus.FAULT), why])
        else:
            return
        setattr(report, _TOLD, list(self._playbill.begun() if self._playbill else ()))

    def _tell_played(self, report: pytest.TestReport, played: Played, item: pytest.Item) -> None:
        """Have the report carry the scenario's events; let one that is excused not fail."""
        if self._playbill is None:
            return
        told = self._playbill.told(item, played, round(report.duration * _SECOND_MS))
        setattr(report, _TOLD, list(told.lines))
        if self._listens and played.violations:
            self._hearing.failed.append(played)
        elif played.violations and self._folder is not None:
            setattr(report, _FAILED, packed(played))
        if told.excused and report.failed:
            report.outcome = "skipped"
            report.wasxfail = told.excused

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count scenarios; with several processes, reports come from all of them."""
        properties = dict(report.user_properties)
        if _TAGS not in properties or not self._listens:
            return
        self.played += report.when == "call"
        self.failed += report.failed
        self.undecided |= dict.fromkeys(
            str(text) for name, text in report.user_properties if name == UNDECIDED
        )
        if REPLAYED in properties:
            self.replayed[report.nodeid] = str(properties[REPLAYED])
        self._hearing.hear(getattr(report, _TOLD, ()))
        if hasattr(report, _FAILED):
            self._hearing.hear_of_failure(getattr(report, _FAILED))
        if hasattr(report, _TROUBLE):
            self._hearing.hear_of_trouble(*getattr(report, _TROUBLE))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what became of scenarios that were saved because they failed."""
        if self.replayed:
            terminalreporter.section("saved failures, played again")
            for name, what in self.replayed.items():
                terminalreporter.line(f"{what}  {name}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let a session that is not conformant, or undecided, about a named connector fail."""
        if not self._listens:
            return
        interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
        self._hearing.end(interrupted=interrupted, exit_status=self._part_status())
        if self.named and session.exitstatus == pytest.ExitCode.OK and not self._is_well():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_well(self) -> bool:
        result = self._hearing.result
        whole = result is not None and result.complete
        return result.exit_status == 0 if result is not None and whole else not self._open()

    def _part_status(self) -> ExitStatus:
        """Give what a session comes to that plays only a part of what a checklist asks for."""
        if self.failed:
            return ExitStatus.NOT_CONFORMANT
        return ExitStatus.UNDECIDED if self._open() else ExitStatus.CONFORMANT

    def _open(self) -> str:
        return "; ".join(self.undecided) if self.played else "no scenario was played"

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Say how a named connector did, in the last line; take our files away."""
        config.stash[COMPANY].close()
        if self.named and self._listens:
            config.get_terminal_writer().line(f"{self.named} {self._verdict()}")

    def _verdict(self) -> str:
        result = self._hearing.result
        if result is not None and result.complete:
            return _whole_verdict(result)
        if result is not None and result.exit_status in _NO_VERDICT:
            return f"has no verdict: {result.why} (status {result.exit_status})"
        if self.failed:
            return f"is not conformant: {self.failed} of {self.played} scenarios failed"
        if self._open():
            return f"is undecided: {self._open()}"
        return f"is conformant in the {self.played} scenarios that were played"


def _whole_verdict(result: RunResult) -> str:
    """Say what a whole run came to, as `tallystick run` does."""
    level = result.levels.reached if result.levels else ""
    counts = result.counts
    failed = f"{counts.failed} of {counts.scenarios} scenarios failed"
    said = {
        ExitStatus.CONFORMANT: f"is conformant: {result.ticks.get('holds', 0)} statements hold",
        ExitStatus.NOT_CONFORMANT: f"is not conformant: {failed}",
        ExitStatus.UNDECIDED: "is undecided",
    }[ExitStatus(result.exit_status)]
    reasons = f": {'; '.join(result.reasons)}" if result.reasons else ""
    reached = f", level {level}" if level else ""
    return f"{said}{reasons}{reached} (status {result.exit_status})"
