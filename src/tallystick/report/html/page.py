"""The whole page, from facts, ticks and scenarios to one text. Rule: nothing is fetched, ever.

A Content-Security-Policy names the hashes of our own style and script; nothing else is let run.
Every value is escaped by the templates, and made visible before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tallystick.dataflow.model import Dataflow
from tallystick.report.html.checks import checklist_view
from tallystick.report.html.diagram import Diagram
from tallystick.report.html.evidence import Evidence
from tallystick.report.html.excuses import excuse_of
from tallystick.report.html.scenarios import scenario_views
from tallystick.report.html.stories import story_view
from tallystick.report.html.text import fragments, shown
from tallystick.report.html.weather import WEATHERS, matrix, reach_lines
from tallystick.report.likeness import grouped
from tallystick.report.plain import many, short_file
from tallystick.results.result import RunResult
from tallystick.results.status import STATUS_WORDS
from tallystick.results.taking import PlayedScenario
from tallystick.results.tally import Tally

__all__ = ["asset", "content_security_policy", "environment", "report_html"]

_ROOM: Final = 1_100_000
_MOST_ROOM: Final = 300_000
_MOST_STORIES: Final = 40


def report_html(tally: Tally, result: RunResult, failed: Iterable[PlayedScenario]) -> str:
    """Give the report of a run: its result, what it was counted from, and what failed in it."""
    name = fragments()
    groups = grouped(failed, tally.dataflow)
    told = groups[:_MOST_STORIES]
    room = min(_MOST_ROOM, _ROOM // max(len(told), 1))
    connector = result.about.connector.address
    stories = [
        story_view(group, number, connector, name, excuse=excuse_of(group[0], tally), room=room)
        for number, group in enumerate(told, 1)
    ]
    scenarios = tally.scenarios
    style, script = asset("base.css") + asset("report.css"), asset("report.js")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            result=result,
            about=result.about,
            verdict=status_words(result),
            levels=result.levels,
            style=Markup(style),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704
            policy=content_security_policy(style, script),
            checklist=checklist_view(tally.ticked, Evidence(scenarios, groups), name),
            stories=stories,
            stories_left_out=len(groups) - len(told),
            scenarios=scenario_views(scenarios),
            names={number: shown(one.name) for number, one in enumerate(scenarios, 1)},
            matrix=matrix(result),
            weathers=WEATHERS,
            reach=reach_lines(result.reach),
            files=_files(tally.dataflow),
            details={story.number: _details(story.diagram) for story in stories if story.diagram},
        )
    )


def status_words(result: RunResult) -> str:
    """Give the verdict in words; a run that was cut short says so."""
    known = {int(status): words for status, words in STATUS_WORDS.items()}
    words = known.get(result.exit_status, "Cut short")
    return words if result.complete else f"Incomplete: {result.why or words}"


def _files(dataflow: Dataflow) -> list[str]:
    origins = [pair.origin for pair in dataflow.pairs]
    origins += [row.origin for pair in dataflow.pairs for row in pair.rows]
    origins += list(dataflow.policies.agreed.values())
    return [shown(short_file(file)) for file in dict.fromkeys(o.file for o in origins) if file]


def _details(drawn: Diagram) -> Markup:
    """Give what the lines' details hold as JSON that no HTML parser can take for an end tag."""
    lines = [[d.title, d.asked, d.answered] for d in (line.detail for line in drawn.lines)]
    text = json.dumps(lines, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  (no character of markup is left in it)


@cache
def environment() -> Environment:
    """Give the environment of our templates: everything escaped, nothing silently missing."""
    made = Environment(
        loader=PackageLoader("tallystick.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["many"] = many
    made.filters["shown"] = shown
    made.filters["figure"] = lambda number: f"{number:,}"
    return made


@cache
def asset(name: str) -> str:
    """Give the text of one of our static files."""
    file = resources.files("tallystick.report.html") / "static" / name
    return file.read_text(encoding="utf-8")


def content_security_policy(style: str, script: str, **more: Any) -> str:
    """Give a policy that lets only this style and this script be used; `more` adds directives."""
    rules = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
