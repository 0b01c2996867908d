"""A whole run made by hand, for the tests of the HTML report, and what can be read of a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from report_cases import SCRIPT, dataflow, journal, violation

from tallystick.dataflow.json import to_json
from tallystick.dataflow.model import Dataflow
from tallystick.journal.journal import Journal
from tallystick.laws.verdict import Judgement, Violation
from tallystick.report.html import report_html
from tallystick.results.events import About, Connector, Expected, RunEnded, RunStarted
from tallystick.results.taking import scenario_ended
from tallystick.results.tally import Tally
from tallystick.run.suite import Played
from tallystick.vocabulary.gherkin import Feature, Line, Scenario
from tallystick.vocabulary.script import Script

VOID = {"meta", "link", "input", "br", "rect", "line", "circle", "path"}


def played(
    *violations: Violation,
    name: str = "An edit",
    script: Script = SCRIPT,
    story: Journal | None = None,
    tested: dict[tuple[str, int], int] | None = None,
    flow: Dataflow | None = None,
) -> Played:
    steps = (Line(keyword="When ", text="the connector synchronizes", line=7),)
    scenario = Scenario(name=name, tags=(), steps=steps, line=5)
    judgement = Judgement(violations=list(violations), settles=2, edits=3, exchanges=4, journals=1)
    judgement.tested = Counter(tested or {("linked", 1): 2, ("in-sync", 1): 9})
    judgement.arrived = Counter({(1, 0, "target"): 4})
    judgement.reach = Counter({"conflict": 2, "fault": 1, "fault: cut, PATCH": 1})
    return Played(
        feature=Feature(file="features/some.feature", name="Some", tags=(), scenarios=(scenario,)),
        scenario=scenario,
        violations=violations,
        judgement=judgement,
        dataflow=flow or dataflow(),
        script=script,
        journal=story or journal(),
        line=steps[0] if violations else None,
    )


def tally_of(
    *scenes: Played,
    flow: Dataflow | None = None,
    connector: str = "reference",
    expected: tuple[Expected, ...] = (),
) -> Tally:
    about = About(
        connector=Connector(address=connector),
        seed=7,
        edits=200,
        date="2026-11-23T07:00:00+00:00",
        tallystick="0.1.0",
    )
    flow = flow or dataflow()
    started = RunStarted(
        about=about, dataflow=to_json(flow), scenarios=len(scenes), expected=expected
    )
    tally = Tally(started, flow)
    for scene in scenes:
        tally.add(scenario_ended(scene, flow, weather=()))
    tally.add(RunEnded(complete=True, duration_ms=1500))
    return tally


def page(*scenes: Played, flow: Dataflow | None = None, connector: str = "reference") -> str:
    tally = tally_of(*scenes, flow=flow, connector=connector)
    return report_html(tally, tally.result(), [one for one in scenes if one.violations])


def bad_page(**facts: Any) -> str:
    return page(played(violation(**facts)))


def with_value(value: Any) -> Journal:
    """Give the journal of the failure with `value` in place of what people wrote."""
    given = journal()
    events = list(given.events)
    edited = events[3]
    after = replace(edited.change.after, data={"email": value, str(value): value})
    events[3] = replace(edited, label=str(value), change=replace(edited.change, after=after))
    events[5] = replace(events[5], target=f"/customers/{value}", body={"data": {"email": value}})
    return replace(given, events=events)


class Outline(HTMLParser):
    """The elements and attributes of a page, and the text of what is read as text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes[name] += 1
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text.append(data)
