"""The report as one HTML file: complete, in order, and deaf to whatever stands in records."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html import unescape

import pytest
from html_cases import Outline, bad_page, page, played, tally_of, with_value
from report_cases import SCRIPT, dataflow, exchange, journal, row, violation

from tallystick.dataflow.model import Statement
from tallystick.laws.verdict import Violation
from tallystick.report.html import report_html
from tallystick.report.html.commands import curl_lines, replay_command
from tallystick.report.html.diagram import diagram
from tallystick.report.html.text import fragments, shown
from tallystick.results.events import Expected
from tallystick.vocabulary.events import Exchange, Killed, Settled, Started
from tallystick.vocabulary.gherkin import Line
from tallystick.vocabulary.script import Create, Ref, Settle, UseChecklist

HOSTILE = {
    "markup": '<script>alert(1)</script></script><img src=x onerror=alert(1)>"><svg onload=alert(1)>'
    "' onmouseover='alert(1)</style></pre></title><h1>x{{ 7 * 7 }}{% raw %}&lt;b&gt;",
    "long": "a" * 10_000,
    "unseen": "\x00\x07\x1b[31m\r\n\t\u202egnp.exe\u202c \u05d0\u05d1 \u0627\u0644 \u2066x\u2069 \u200b\u0301",
}


def test_every_statement_of_the_checklist_stands_there_in_its_order() -> None:
    text = "".join(Outline(page(played())).text)
    at = 0
    for pair in dataflow().pairs:
        for said in [one.text for one in pair.statements]:
            at = text.index(said, at)
        for each in pair.rows:
            at = text.index(each.source.plain, at)
            at = text.index(each.target.plain, at)


def test_a_tick_tells_what_stood_behind_it() -> None:
    text = re.sub(r"\s+", " ", "".join(Outline(page(played(name="Anns edit"))).text))
    assert "Put to the test 4 times in 1 scenario, with 3 edits by people in all." in text
    assert "Anns edit" in text
    assert "conflict 2" in text
    assert "No scenario put it to the test." in text, "an undecided one says so"


def test_what_the_agreement_says_looks_different() -> None:
    text = page(played())
    merged = next(s for s in dataflow().pairs[0].statements if s.kind == "merge")
    assert merged.origin.by == "agreement"
    item = text[: text.index(merged.text.partition("email")[0])].rpartition("<li")[2]
    assert "by-agreed" in item
    lead = text[: text.index(dataflow().pairs[0].statements[0].text)].rpartition("<li")[2]
    assert "by-" not in lead.partition('"')[2].partition('"')[0]


def test_every_check_has_a_link_of_its_own_that_leads_somewhere() -> None:
    outline = Outline(page(played(violation())))
    assert len(outline.ids) == len(set(outline.ids))
    leading = [link[1:] for link in outline.links if link.startswith("#")]
    assert set(leading) <= set(outline.ids)
    assert "check.Customer.email.EmailAddress.to-CustomERP" in leading
    assert len(leading) > 2 * len(dataflow().pairs[0].rows)


def test_nothing_is_fetched_and_only_our_style_and_script_may_run() -> None:
    text = bad_page()
    outline = Outline(text)
    assert not [link for link in outline.links if not link.startswith(("#", "data:,"))]
    assert not outline.attributes["src"]
    assert not outline.attributes["style"]
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        inner = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_values_cannot_escape_their_place(value: str) -> None:
    tame, wild = (
        page(
            played(
                violation(expected=said, found=said, note=said),
                name=said,
                script=(
                    UseChecklist(checklist="c", agreement="a"),
                    Create(side="source", record=Ref(said, "Customer"), values=(("email", said),)),
                    Settle(),
                ),
                story=with_value(said),
            ),
            connector=f"python:{said}",
        )
        for said in ("tame", value)
    )
    before, after = Outline(tame), Outline(wild)
    assert after.tags == before.tags
    assert after.attributes == before.attributes
    assert not after.open
    hidden = [c for c in "".join(after.text) if c in "\x00\x07\x1b\r\u202e\u202c\u2066\u2069\u200b"]
    assert not hidden


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_names_in_the_checklist_cannot_escape_either(value: str) -> None:
    flow = dataflow()
    pair = flow.pairs[0]
    hurt = replace(
        flow,
        source=replace(flow.source, system=value),
        pairs=(
            replace(pair, statements=(replace(pair.statements[0], text=value),)),
            *flow.pairs[1:],
        ),
    )
    tame = replace(hurt, source=flow.source)
    assert isinstance(hurt.pairs[0].statements[0], Statement)
    before, after = (Outline(page(played(flow=each), flow=each)) for each in (tame, hurt))
    assert after.tags == before.tags
    assert after.attributes == before.attributes
    assert not after.open


def test_a_long_story_says_what_it_leaves_out_and_stays_small() -> None:
    reads = [
        exchange("source", "GET", f"/customers?page={n}", answer={"items": []}) for n in range(4000)
    ]
    story = replace(
        journal(), events=[*journal().events[:7], *reads, Settled(at_ms=1, number=2, sync=2)]
    )
    text = page(played(violation(event=4007), story=story))
    assert len(text) < 900_000
    assert "events left out" in text
    drawn = diagram(story.events, 4007, dataflow())
    assert drawn.lines[-1].violated
    assert drawn.lines[0].kind == "gap"


def test_each_event_has_its_line_in_order_and_the_violation_is_marked() -> None:
    events = [
        *journal().events[:5],
        exchange("source", "GET", "/customers", answer={"items": [1, 2]}),
        Killed(at_ms=1, process=1),
        Started(at_ms=1, process=2),
        exchange("target", "POST", "/customers", 0, answered=False, fault="reset-after"),
        *journal().events[5:],
    ]
    drawn = diagram(events, len(events) - 1, dataflow())
    assert len(drawn.lines) == len(events)
    assert [line.y for line in drawn.lines] == sorted({line.y for line in drawn.lines})
    labels = [line.label for line in drawn.lines]
    assert labels[0] == 'creates Customer "Ann"'
    assert labels[3] == 'edits Customer "Ann": email'
    assert "✕ killed" in labels
    lost = next(line for line in drawn.lines if line.lost)
    assert (lost.note, lost.bad) == ("reset after", True)
    assert next(line.note for line in drawn.lines if line.kind == "read") == "200 · 2"
    assert [line.violated for line in drawn.lines] == [False] * (len(events) - 1) + [True]


def test_no_token_and_no_secret_header_is_shown() -> None:
    lines = diagram([exchange("target", "GET", "/x", token="target")], 0, dataflow()).lines
    assert lines[0].detail.asked == "authorization: Bearer <target-token>"


def test_the_differing_property_is_marked_in_the_records() -> None:
    text = bad_page(row=row("email"))
    marked = re.findall(r'<tr class="differs">(.*?)</tr>', text, re.DOTALL)
    assert len(marked) == 1
    assert "EmailAddress" in marked[0]
    assert "a@x.example" in unescape(marked[0])


def test_a_missing_counterpart_is_said() -> None:
    ann = violation().records[0]
    text = page(
        played(
            violation(
                law="linked",
                anomaly="not-created",
                row=-1,
                direction=None,
                records=(ann,),
                origin=dataflow().pairs[0].origin,
            )
        )
    )
    assert "Customer in CustomERP" in text
    assert "none is named" in text


def test_the_replay_command_holds_the_script_and_quotes_the_address() -> None:
    command = replay_command(SCRIPT, "python:a b;c:d")
    lines = command.splitlines()
    assert lines[0].startswith("cat >")
    assert json.loads(lines[1])[0]["do"] == "use-checklist"
    assert lines[-1].endswith("--connector 'python:a b;c:d'")


def test_curl_lines_carry_no_token_and_cannot_break_out() -> None:
    asked = exchange(
        "target",
        "PUT",
        "/x'; rm -rf ~ #",
        body={"data": {"a": "'$(id)\n`id`"}},
        headers={"if-match": '"1"'},
        token="target",
    )
    text = curl_lines([asked], 0)
    assert isinstance(asked, Exchange)
    line = text.splitlines()[-1]
    assert line.startswith('curl -sS -X PUT "$TALLYSTICK_TARGET_URL"')
    assert "'/x'\"'\"'; rm -rf ~ #'" in line
    assert '"Authorization: Bearer $TALLYSTICK_TARGET_TOKEN"' in line
    assert "'if-match: \"1\"'" in line
    assert "'\"'\"'$(id)\\n`id`" in line


def test_failures_that_are_alike_are_told_once() -> None:
    first, second = (played(violation(), name=name) for name in ("First", "Second"))
    text = page(first, second)
    assert text.count('class="story"') == 1
    assert "The same goes wrong in" in text


def test_what_is_about_no_pair_is_told_too() -> None:
    lone = Violation(law="runs", anomaly="crashed", event=2, note="it broke")
    text = page(played(lone))
    assert text.count('class="story"') == 1


def test_a_failure_that_was_expected_says_so() -> None:
    failed = played(violation(row=row("email")))
    check = tally_of(failed).checks.of(failed.violations[0])
    expected = Expected(check=check, reason="a known bug", until="2027-01-01")
    told, untold = (tally_of(failed, expected=given) for given in ((expected,), ()))
    assert "expected to fail" in report_html(told, told.result(), [failed])
    assert "expected to fail" not in report_html(untold, untold.result(), [failed])


def test_fragments_are_never_given_twice() -> None:
    name = fragments()
    given = [name(part) for part in ("a b", "a-b", "", "", "\u0627", "a" * 500, "a" * 501)]
    assert len(set(given)) == len(given)
    assert all(re.fullmatch(r"[\w.-]+", each) for each in given)


@pytest.mark.slow
def test_thousands_of_scenarios_stay_below_two_megabytes() -> None:
    steps = tuple(Line(keyword="When ", text="x" * 70, line=at) for at in range(12))
    one = played()
    many = [
        replace(one, scenario=replace(one.scenario, name=f"An edit, number {n}", steps=steps))
        for n in range(3000)
    ]
    assert len(page(*many).encode()) < 2_000_000
    assert "x" * 70 in page(*many[:3])


def test_long_values_say_how_much_is_missing() -> None:
    assert shown("x" * 400).endswith("… (100 more characters)")
