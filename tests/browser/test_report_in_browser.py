"""The report, seen in a real browser: of a good connector, of a bad one, and of a hostile one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallystick.checklist import compile_checklist
from tallystick.dataflow.json import to_json
from tallystick.report.html import report_html
from tallystick.resources import packaged
from tallystick.results.events import About, Connector, RunEnded, RunStarted
from tallystick.results.taking import scenario_ended
from tallystick.results.tally import Tally
from tallystick.run.stage import Theatre
from tallystick.run.suite import play_features
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.gherkin import read_feature

pytestmark = pytest.mark.slow

NAME = "customwebshop-customerp"
HURT = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
LONG = "x" * 10_000
STORY = f"""
@tallystick
Feature: What hurts
  Scenario: A city {HURT} is entered {LONG}
    Given the checklist "{NAME}" with the agreement "{NAME}"
    When Customer "{HURT}" is created in CustomWebshop
    And the connector synchronizes
    And Customer "{HURT}" is edited in CustomERP:
      | property     | value |
      | Address.City | "{HURT}" |
      | Address.PostCode | "\\u202eabc \\u0007 \u05d0\u05d1" |
    And the connector synchronizes
"""


def report(connector: str, file: Path, features: list[Any]) -> str:
    """Play some features for a connector, write its report, and give the page's address."""
    documents = (
        packaged("fixtures", "checklists", f"{NAME}.rst"),
        packaged("fixtures", "agreements", f"{NAME}.toml"),
    )
    dataflow = compile_checklist(*documents).dataflow
    about = About(
        connector=Connector(address=connector),
        seed=1,
        date="2026-11-23T07:00:00+00:00",
        tallystick="0.1.0",
    )
    tally = Tally(RunStarted(about=about, dataflow=to_json(dataflow)), dataflow)
    with InProcess() as network:
        theatre = Theatre(network=network, connector=connector)
        theatre.dataflows[NAME, NAME] = dataflow
        try:
            result = play_features(theatre, features)
        finally:
            theatre.close()
    for played in result.played:
        tally.add(scenario_ended(played, dataflow, weather=()))
    tally.add(RunEnded(complete=True))
    file.write_text(report_html(tally, tally.result(), result.failed), encoding="utf-8")
    return file.resolve().as_uri()


def packaged_feature(name: str) -> Any:
    path = packaged("features", name)
    return read_feature(path.read_text(encoding="utf-8"), file=str(path))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("good") / "report.html"
    return report("reference", file, [packaged_feature("conflicts.feature")])


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("bad") / "report.html"
    return report("faulty:city-ignored-to-shop", file, [packaged_feature("conflicts.feature")])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("hostile") / "report.html"
    feature = read_feature(STORY, file="hostile.feature")
    return report("faulty:city-ignored-to-shop", file, [feature])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_good_report(
    good: str,
    visit: Callable[..., Any],
    shoot: Callable[..., None],
    is_accessible: Callable[[Any], None],
    scheme: str,
) -> None:
    page = visit(good, scheme=scheme)
    assert page.locator(".wrong").count() == 0
    page.locator(".sentences summary").first.click()
    assert page.locator(".behind").first.is_visible()
    shoot(page, f"report-good-{scheme}")
    is_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_bad_report(
    bad: str,
    visit: Callable[..., Any],
    shoot: Callable[..., None],
    is_accessible: Callable[[Any], None],
    scheme: str,
) -> None:
    page = visit(bad, scheme=scheme)
    assert page.locator(".verdict strong").inner_text() == "Not conformant"
    shoot(page, f"report-bad-{scheme}")
    page.locator(".wrong a").first.click()
    assert "billing.city" in page.locator(".records .differs").first.inner_text()
    assert page.locator(".diagram .violated").first.is_visible()
    page.locator("g.line.write").first.click()
    assert '"data"' in page.locator(".panel pre").first.inner_text()
    page.locator("details.story").first.scroll_into_view_if_needed()
    shoot(page.locator("details.story").first, f"report-story-{scheme}")
    is_accessible(page)


def test_filters_search_and_keys(bad: str, visit: Callable[..., Any]) -> None:
    page = visit(bad)
    page.keyboard.press("/")
    page.keyboard.type("address.city")
    shown = page.locator("tbody.check:visible")
    assert shown.count() == 1
    page.keyboard.press("Escape")
    assert shown.count() > 50
    page.locator("input[value=holds]").uncheck()
    page.locator("input[value=undecided]").uncheck()
    page.locator("input[value=unspecified]").uncheck()
    assert shown.count() == 1
    assert page.locator("li.check:visible").count() == 2
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText").startswith("✗")
    page.locator("g.line").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator("g.line.chosen").wait_for()
    assert page.locator(".panel .title").first.inner_text()


def test_a_permalink_opens_what_it_leads_to(bad: str, visit: Callable[..., Any]) -> None:
    check = "check.Customer.billing.city.Address.City.to-CustomWebshop"
    page = visit(f"{bad}#{check}")
    more = page.locator(f'[id="behind.{check}"]')
    more.wait_for()
    more.locator("a").first.click()
    page.locator("details.story[open]").first.wait_for()


def test_copy_buttons_copy(bad: str, visit: Callable[..., Any]) -> None:
    page = visit(bad)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    for at, beginning in enumerate(("cat >", "@tallystick", "# The connector")):
        page.locator("button.copy").nth(at).click()
        page.wait_for_function("window.copied !== undefined")
        assert page.evaluate("window.copied").startswith(beginning)
        page.evaluate("delete window.copied")


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_values_neither_run_nor_break_the_layout(
    hostile: str, visit: Callable[..., Any], shoot: Callable[..., None], width: int
) -> None:
    page = visit(hostile, width=width)
    for details in page.locator("details:not([open])").all():
        if details.is_visible():
            details.locator("> summary").first.click()
    for line in page.locator("g.line").all()[:12]:
        line.click()
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shoot(page, f"report-hostile-{width}", full_page=True)


def test_it_prints(bad: str, visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit(bad)
    page.pdf(path=str(tmp_path / "report.pdf"))
    assert (tmp_path / "report.pdf").stat().st_size > 20_000
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert not page.locator("button.copy").first.is_visible()
