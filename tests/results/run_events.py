"""Runs told by hand, for the tests of results: no connector is started."""

from __future__ import annotations

from functools import cache
from typing import Any

from tallystick.checklist import compile_checklist
from tallystick.dataflow.json import to_json
from tallystick.dataflow.model import Dataflow
from tallystick.laws.reach import SITUATIONS
from tallystick.laws.verdict import Violation
from tallystick.resources import packaged
from tallystick.results.checks import Checks
from tallystick.results.events import (
    About,
    Connector,
    Failure,
    FailureFound,
    Figures,
    RunEnded,
    RunEvent,
    RunStarted,
    ScenarioEnded,
)
from tallystick.results.tally import Tally
from tallystick.vocabulary.laws import LAWS

NAME = "customwebshop-customerp"
EMAIL = "in-sync/Customer/email=EmailAddress/to-target"
FEATURE = "derived/01-customer.feature"


@cache
def dataflow() -> Dataflow:
    checklist = packaged("fixtures", "checklists", f"{NAME}.rst")
    return compile_checklist(checklist, packaged("fixtures", "agreements", f"{NAME}.toml")).dataflow


@cache
def document() -> dict[str, Any]:
    return to_json(dataflow())


def started(**more: Any) -> RunStarted:
    about = About(
        connector=Connector(address="reference", name="Bridge", version="2.1"),
        checklist=NAME,
        agreement=NAME,
        seed=7,
        edits=50,
        command="tallystick run",
        date="2026-11-23T07:00:00+00:00",
        tallystick="0.1.0",
    )
    return RunStarted(about=about, dataflow=document(), scenarios=1, **more)


def violation(check: str = EMAIL, anomaly: str = "not-arrived") -> Violation:
    """Give a violation that belongs to a check."""
    found = next(each for each in Checks(dataflow()).all if each.id == check)
    return Violation(
        law=found.law,
        anomaly=anomaly,
        event=3,
        pair=found.pair,
        row=found.row,
        direction=found.direction,
        expected="a@x.example",
        found="b@x.example",
        origin=dataflow().pairs[found.pair - 1].origin,
    )


def figures(**less: int) -> Figures:
    """Give figures in which everything was put to the test ten times, but for what is named."""
    checks = Checks(dataflow()).all
    return Figures(
        tested=tuple((c.law, c.pair, 10) for c in checks if c.row < 0),
        arrived=tuple((c.pair, c.row, c.direction, 10) for c in checks if c.row >= 0),
        reach=dict.fromkeys(SITUATIONS, 5) | {k.replace("_", "-"): n for k, n in less.items()},
        settles=10,
        edits=20,
        exchanges=100,
        journals=5,
    )


def scenario(*violations: Violation, name: str = "All is well", **more: Any) -> ScenarioEnded:
    given: dict[str, Any] = {
        "feature": FEATURE,
        "line": 12,
        "own": True,
        "weather": "fine",
        "figures": figures(),
        "failed_line": 14 if violations else 0,
        "tags": ("@tallystick",),
        "duration_ms": 12,
        **more,
    }
    return ScenarioEnded(name=name, violations=violations, **given)


def failure(check: str = EMAIL, **more: Any) -> FailureFound:
    law = check.partition("/")[0]
    given: dict[str, Any] = {
        "checks": (check,),
        "scenario": "All is well",
        "feature": FEATURE,
        "line": 14,
        "law": law if law in LAWS else "linked",
        "anomaly": "not-arrived",
        "sentence": "The EmailAddress should be a@x.example, but is b@x.example.",
        "story": "✗ All is well\n\n  1. When Customer is edited",
        "script": ({"do": "settle"},),
        "gherkin": "Feature: x",
        "agreed_file": f"{NAME}.rst",
        "agreed_line": 19,
        "seed": 7,
        "reproduce": "tallystick replay out/failures/01.json --connector reference",
        **more,
    }
    return FailureFound(failure=Failure(check=check, **given))


def ended(**more: Any) -> RunEnded:
    return RunEnded(**{"complete": True, "duration_ms": 1500, **more})


def tally(*events: RunEvent, **declared: Any) -> Tally:
    made = Tally(started(**declared), dataflow())
    for event in events:
        made.add(event)
    return made
