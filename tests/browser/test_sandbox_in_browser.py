"""The sandbox's whole tour, in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tallystick.vocabulary.gherkin import read_feature

pytestmark = pytest.mark.slow

HURT = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Run the command itself, with a connector that forgets one property."""
    command = [sys.executable, "-c", "from tallystick.cli import main; main()", "sandbox"]
    root = Path(__file__).resolve().parents[2]
    running = subprocess.Popen(
        [*command, "--connector", "faulty:city-ignored-to-shop"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    assert running.stdout is not None
    first = running.stdout.readline()
    yield first.split()[-1]
    running.terminate()
    running.wait(20)
    running.stdout.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_tour(
    url: str,
    visit: Callable[..., Any],
    shoot: Callable[..., None],
    is_accessible: Callable[[Any], None],
    tmp_path: Path,
    scheme: str,
) -> None:
    page = visit(url, width=1360, scheme=scheme)
    page.get_by_role("button", name="Create a Customer in CustomWebshop").click()
    newest = page.locator(".row").first
    newest.locator(".tie .good").wait_for(state="attached")
    newest.locator('.rec[data-id^="source/Customer"]').click()
    city = page.get_by_label("Address.City in CustomERP")
    city.fill(HURT)
    city.press("Enter")
    page.locator("#laws .newest").wait_for()
    page.locator(".rec.bad").first.wait_for()
    page.locator("#inspector tr.bad").first.wait_for()  # asked for after the list of records came
    assert page.locator("#inspector tr.bad").count() == 1
    page.locator(".line.write").last.click()
    page.locator("#detail h3").wait_for()
    shoot(page, f"sandbox-{scheme}")
    is_accessible(page)

    page.locator("#reads").uncheck()
    page.locator("#fault-menu summary").click()
    page.get_by_role("button", name="its answer is lost").click()
    page.locator("#kill-menu summary").click()
    page.get_by_role("button", name="now, and start it again").click()
    page.get_by_text("✕ killed").first.wait_for()
    page.locator("#burst").click()
    page.locator(".line.edit").nth(3).wait_for()
    page.locator("#records").get_by_role("button").first.wait_for()

    page.reload()
    page.locator(".rec").first.wait_for()
    page.locator(".line").nth(3).wait_for()
    assert page.locator("#unchoose").is_hidden()

    page.locator("#save").click()
    page.locator("dialog pre", has_text="@tallystick").wait_for()
    with page.expect_download() as download:
        page.locator("#download").click()
    file = tmp_path / "sandbox.feature"
    shutil.copy(download.value.path(), file)
    feature = read_feature(file.read_text(encoding="utf-8"), file=str(file))
    assert len(feature.scenarios[0].steps) > 5
    assert page.locator("img").count() == 0


def test_without_its_token_the_page_shows_nothing(
    url: str, browser: Any, visit: Callable[..., Any]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url.partition("#")[0])
    page.get_by_text("lacks its token").wait_for()
    assert page.locator(".rec").count() == 0
    context.close()


def test_another_page_cannot_reach_it(url: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto("about:blank")
    origin, _, token = url.partition("#")
    answered = page.evaluate(
        """async ([url, token]) => {
            const outcomes = [];
            for (const how of [{}, { mode: "no-cors" }, { headers: { Authorization: `Bearer ${token}` } }])
                outcomes.push(await fetch(url + "scenario", how).then((a) => a.type === "opaque" ? "opaque" : a.status, () => "failed"));
            return outcomes;
        }""",
        [origin, token],
    )
    assert answered == ["failed", "failed", "failed"], json.dumps(answered)
    context.close()


def test_a_thousand_records_and_ten_thousand_lines_stay_quick(
    url: str, visit: Callable[..., Any]
) -> None:
    """Not timed: what is in the document is bounded, however much there is to show."""
    page = visit(url)
    page.locator("#records").wait_for()
    page.evaluate(
        """async () => {
            const headers = { Authorization: `Bearer ${location.hash.slice(1)}`, "Content-Type": "application/json" };
            const act = (deed, body) => fetch(`/do/${deed}`, { method: "POST", headers, body: JSON.stringify(body) });
            await act("automatic", { on: false });
            for (const side of ["source", "target"]) await act("create", { side, type: "Customer", count: 500 });
        }"""
    )
    page.wait_for_function(
        "() => parseInt(document.querySelector('#records .inner').style.height) > 900 * 48",
        timeout=60_000,
    )
    assert page.locator(".row").count() < 60
    assert page.locator(".line").count() < 120
    page.evaluate("document.querySelector('#records').scrollTop = 20_000")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.row')].some((row) => row.style.transform.includes('20016px'))"
    )
    page.locator("#find").fill("nobody is called so")
    page.get_by_text("Nothing here fits.").wait_for()
