"""A run as Cucumber Messages, for the ecosystem's viewers. Rule: the shapes are the library's.

A run that was cut short ends without success, and says why. Times are those of the run's beginning
and of its scenarios; steps are not timed.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cucumber_messages import (
    Duration,
    Envelope,
    Meta,
    Product,
    TestCase,
    TestCaseFinished,
    TestCaseStarted,
    TestRunFinished,
    TestRunStarted,
    TestStep,
    TestStepFinished,
    TestStepResult,
    TestStepResultStatus,
    TestStepStarted,
    Timestamp,
    message_converter,
)

from tallystick.report.plain import harmless
from tallystick.results.events import ScenarioEnded
from tallystick.results.result import RunResult
from tallystick.results.tally import Tally
from tallystick.vocabulary.gherkin import FeatureMessages

__all__ = ["messages"]

_PROTOCOL: Final = "30.0.0"
_UNTIMED: Final = Duration(seconds=0, nanos=0)
_SECOND_MS: Final = 1000
_NANOS: Final = 1_000_000


def messages(tally: Tally, result: RunResult) -> str:
    """Give the lines of a run: newline-delimited JSON."""
    documents = _Messages(tally, result).all()
    return "".join(f"{json.dumps(document)}\n" for document in documents)


class _Messages:
    def __init__(self, tally: Tally, result: RunResult) -> None:
        self._tally = tally
        self._result = result
        self._features = FeatureMessages()
        self._ids: dict[tuple[str, int], Mapping[str, Any]] = {}
        self._lines: dict[str, int] = {}
        self._stories = {
            (each.feature, each.scenario): harmless(each.story) for each in result.failures
        }
        began = datetime.fromisoformat(result.about.date) if result.about.date else None
        self._now_ms = round(began.astimezone(UTC).timestamp() * _SECOND_MS) if began else 0

    def all(self) -> Iterator[Mapping[str, Any]]:
        """Give every message, in the order in which a runner would give them."""
        yield _plain(Envelope(meta=self._meta()))
        pickles: dict[tuple[str, str], Mapping[str, Any]] = {}
        for file, text in self._tally.features.items():
            for document in self._features.of(text, file=file):
                yield document
                self._lines.update(_lines(document.get("gherkinDocument", {})))
                if "pickle" in document:
                    pickles[file, document["pickle"]["name"]] = document["pickle"]
        run = self._features.new_id()
        yield _plain(Envelope(test_run_started=TestRunStarted(id=run, timestamp=self._now())))
        for scenario in self._tally.scenarios:
            pickle = pickles.get((scenario.feature, scenario.name))
            if pickle is not None:
                yield from map(_plain, self._scenario(scenario, pickle, run))
        yield _plain(Envelope(test_run_finished=self._finished(run)))

    def _meta(self) -> Meta:
        return Meta(
            protocol_version=_PROTOCOL,
            implementation=Product(name="tallystick", version=self._result.about.tallystick),
            runtime=Product(name=platform.python_implementation()),
            os=Product(name=platform.system()),
            cpu=Product(name=platform.machine()),
        )

    def _finished(self, run: str) -> TestRunFinished:
        result = self._result
        return TestRunFinished(
            success=result.complete and not result.exit_status,
            message=None if result.complete else harmless(f"incomplete: {result.why}"),
            timestamp=self._now(),
            test_run_started_id=run,
        )

    def _now(self) -> Timestamp:
        seconds, ms = divmod(self._now_ms, _SECOND_MS)
        return Timestamp(seconds=seconds, nanos=ms * _NANOS)

    def _scenario(
        self, scenario: ScenarioEnded, pickle: Mapping[str, Any], run: str
    ) -> Iterator[Envelope]:
        new_id = self._features.new_id
        steps = [TestStep(id=new_id(), pickle_step_id=step["id"]) for step in pickle["steps"]]
        case = TestCase(
            id=new_id(), pickle_id=pickle["id"], test_steps=steps, test_run_started_id=run
        )
        yield Envelope(test_case=case)
        attempt = new_id()
        yield Envelope(
            test_case_started=TestCaseStarted(
                id=attempt, test_case_id=case.id, attempt=0, timestamp=self._now()
            )
        )
        results = self._results(scenario, pickle["steps"])
        for step, outcome in zip(steps, results, strict=True):
            now = self._now()
            yield Envelope(
                test_step_started=TestStepStarted(
                    test_case_started_id=attempt, test_step_id=step.id, timestamp=now
                )
            )
            yield Envelope(
                test_step_finished=TestStepFinished(
                    test_case_started_id=attempt,
                    test_step_id=step.id,
                    test_step_result=outcome,
                    timestamp=now,
                )
            )
        self._now_ms += scenario.duration_ms
        yield Envelope(
            test_case_finished=TestCaseFinished(
                test_case_started_id=attempt, timestamp=self._now(), will_be_retried=False
            )
        )

    def _results(
        self, scenario: ScenarioEnded, steps: Iterable[Mapping[str, Any]]
    ) -> Iterator[TestStepResult]:
        """Give what came of each step: those after the one that failed tell nothing more."""
        failed = False
        for step in steps:
            fails = bool(scenario.violations) and not failed and self._is_at(step, scenario)
            if fails:
                story = self._stories.get((scenario.feature, scenario.name), "")
                yield _outcome(TestStepResultStatus.failed, story)
            else:
                status = TestStepResultStatus.skipped if failed else TestStepResultStatus.passed
                yield _outcome(status)
            failed |= fails

    def _is_at(self, step: Mapping[str, Any], scenario: ScenarioEnded) -> bool:
        return self._lines.get(step["astNodeIds"][0]) == scenario.failed_line


def _outcome(status: TestStepResultStatus, message: str = "") -> TestStepResult:
    return TestStepResult(status=status, duration=_UNTIMED, message=message or None)


def _plain(envelope: Envelope) -> Mapping[str, Any]:
    document: Mapping[str, Any] = message_converter.to_dict(envelope)
    return document


def _lines(node: Any) -> Iterator[tuple[str, int]]:
    """Give the line of every step in a document, by its id."""
    if isinstance(node, Mapping):
        if "id" in node and "location" in node:
            yield node["id"], node["location"]["line"]
        for value in node.values():
            yield from _lines(value)
    elif isinstance(node, list):
        for item in node:
            yield from _lines(item)
