"""One pytest session with features of ours. Rule: it listens to pytest, and decides one thing.

That is the exit status where a connector was named: a session in which nothing failed, but which
did not meet what it should have met, is undecided and not green.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest

from tallystick.connectors.address import REFERENCE, resolve
from tallystick.errors import TallystickError
from tallystick.steps.collecting import FeatureFile
from tallystick.steps.company import Company
from tallystick.steps.scene import COMPANY, REPLAYED, SCENARIO, UNDECIDED
from tallystick.steps.telling import tell

__all__ = ["Session"]

_TAGS: Final = "tallystick_tags"


class Session:
    """Collects our features, and hears how their scenarios ended."""

    def __init__(self, config: pytest.Config) -> None:
        named = config.getoption("--connector")
        self.named: str = named or ""
        self.played = 0
        self.failed = 0
        self.undecided: dict[str, None] = {}
        self.replayed: dict[str, str] = {}
        company = Company(
            connector=named or REFERENCE,
            edits=config.getoption("--edits"),
            seed=config.getoption("--edits-seed"),
        )
        try:
            resolve(company.connector)
        except TallystickError as error:
            raise pytest.UsageError(f"--connector: {error}") from error
        config.stash[COMPANY] = company

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

    @staticmethod
    @pytest.hookimpl(optionalhook=True)
    def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Any) -> None:
        """Remember which scenario is played: of an outline, the example's name."""
        request.node.stash[SCENARIO] = scenario.name

    @staticmethod
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Tell failures of ours as stories."""
        report = yield
        if isinstance(item.parent, FeatureFile) and call.excinfo is not None:
            tell(report, call.excinfo.value)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count scenarios; with several processes, reports come from all of them."""
        properties = dict(report.user_properties)
        if _TAGS in properties:
            self.played += report.when == "call"
            self.failed += report.failed
            self.undecided |= dict.fromkeys(
                str(text) for name, text in report.user_properties if name == UNDECIDED
            )
            if REPLAYED in properties:
                self.replayed[report.nodeid] = str(properties[REPLAYED])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what became of scenarios that were saved because they failed."""
        if self.replayed:
            terminalreporter.section("saved failures, played again")
            for name, what in self.replayed.items():
                terminalreporter.line(f"{what}  {name}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let a session that is undecided about a named connector fail."""
        if self.named and session.exitstatus == pytest.ExitCode.OK and self._open():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _open(self) -> str:
        return "; ".join(self.undecided) if self.played else "no scenario was played"

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Say how a named connector did, in the last line; take our files away."""
        config.stash[COMPANY].close()
        if self.named and not hasattr(config, "workerinput"):
            config.get_terminal_writer().line(f"{self.named} {self._verdict()}")

    def _verdict(self) -> str:
        if self.failed:
            return f"is not conformant: {self.failed} of {self.played} scenarios failed"
        if self._open():
            return f"is undecided: {self._open()}"
        return f"is conformant in the {self.played} scenarios that were played"
