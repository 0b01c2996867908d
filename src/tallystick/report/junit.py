"""A result as JUnit XML: one case for each check, and one for the verdict. Rule: whatever a record
or a connector held can only be read, and an incomplete run never looks green.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tallystick.report.plain import harmless
from tallystick.results.events import Failure
from tallystick.results.result import CheckResult, RunResult
from tallystick.results.status import STATUS_WORDS, ExitStatus

__all__ = ["junit_xml"]

_SKIPPED: Mapping[str, str] = {
    "undecided": "was never put to the test",
    "declined": "declined",
    "expected": "fails as expected",
    "unscored": "fails, but is newer than the levels and unscored",
}


def junit_xml(result: RunResult) -> str:
    """Give the XML of a result's report."""
    seconds = f"{result.duration_ms / 1000:.3f}"
    cases = [_case(check, result) for check in result.checks]
    cases.append(_verdict(result))
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    figures = {name: str(count) for name, count in counts.items()}
    root = Element("testsuites", {"name": "tallystick", **figures, "time": seconds})
    suite = SubElement(root, "testsuite", {"name": "tallystick", **figures, "time": seconds})
    if result.about.date:
        suite.set("timestamp", result.about.date)
    _properties(suite, _facts(result))
    suite.extend(cases)
    indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{tostring(root, encoding='unicode')}\n"


def _facts(result: RunResult) -> dict[str, str]:
    about = result.about
    return {
        "connector": about.connector.name or about.connector.address,
        "connector.version": about.connector.version,
        "connector.address": about.connector.address,
        "checklist": about.checklist,
        "agreement": about.agreement,
        "seed": str(about.seed),
        "edits": str(about.edits),
        "reproduce": about.command,
        "level": result.levels.reached if result.levels else "",
        "status": result.status,
        "complete": "true" if result.complete else "false",
        "tallystick": about.tallystick,
    }


def _properties(parent: Element, facts: Mapping[str, str]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in facts.items():
        if value:
            SubElement(properties, "property", {"name": name, "value": harmless(value)})


def _case(check: CheckResult, result: RunResult) -> Element:
    case = Element(
        "testcase",
        {"classname": f"tallystick.{check.law}", "name": harmless(check.id), "time": "0"},
    )
    if check.file:
        case.set("file", harmless(check.file))
        case.set("line", str(check.line))
    if check.status == "violated":
        _failed(case, check, result.failures_of(check.id))
    elif check.status in _SKIPPED:
        why = check.expected or check.declined
        words = f"{_SKIPPED[check.status]}: {why}" if why else _SKIPPED[check.status]
        SubElement(case, "skipped", {"message": harmless(words)})
    return case


def _failed(case: Element, check: CheckResult, failures: list[Failure]) -> None:
    """Tell the first failure of a check, and name the others."""
    if not failures:
        SubElement(case, "failure", {"message": harmless(check.title), "type": check.law})
        return
    told, *others = failures
    seed = {"seed": str(told.seed)} if told.seed is not None else {}
    _properties(case, {**seed, "reproduce": told.reproduce, "scenario": told.scenario})
    text = [told.story, "", f"Seed: {told.seed}", f"Reproduce: {told.reproduce}"]
    text += [f"The same: {each.feature}:{each.line} {each.scenario}" for each in others]
    failure = SubElement(
        case,
        "failure",
        {"message": harmless(told.sentence), "type": f"{told.law}/{told.anomaly}"},
    )
    failure.text = harmless("\n".join(text))


def _verdict(result: RunResult) -> Element:
    """Give the case that is red unless the whole run was complete and conformant."""
    case = Element("testcase", {"classname": "tallystick", "name": "verdict", "time": "0"})
    if not result.complete:
        message = harmless(f"incomplete, there is no verdict: {result.why}")
        SubElement(case, "error", {"message": message, "type": result.status})
    elif result.exit_status:
        kind = "failure" if result.exit_status == ExitStatus.NOT_CONFORMANT else "error"
        words = STATUS_WORDS[ExitStatus(result.exit_status)]
        message = "; ".join((words, *result.reasons))
        SubElement(case, kind, {"message": harmless(message), "type": result.status})
    return case
