"""Two results side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from run_events import EMAIL, ended, failure, figures, scenario, tally, violation

from tallystick.cli import main
from tallystick.results.compare import compare_results
from tallystick.results.events import Expected
from tallystick.results.files import verdict_json

WELL = tally(scenario(), ended()).result()
BROKEN = tally(scenario(violation()), failure(), ended()).result()
KNOWN = tally(
    scenario(violation()),
    failure(),
    ended(),
    expected=(Expected(check=EMAIL, reason="x", until="2030-01-01"),),
).result()
LOWER = tally(scenario(figures=figures(kill=0)), ended()).result()


@pytest.mark.parametrize(
    ("before", "after", "kind", "worse"),
    [
        (WELL, BROKEN, "regression", True),
        (BROKEN, WELL, "fixed", False),
        (WELL, KNOWN, "other", True),  # the level fell
        (KNOWN, BROKEN, "regression", True),
        (BROKEN, KNOWN, "other", False),
    ],
)
def test_a_changed_check_is_of_one_kind(before, after, kind, worse) -> None:
    compared = compare_results(before, after)
    (change,) = compared.changes
    assert (change.check, change.kind, compared.is_worse) == (EMAIL, kind, worse)
    assert compared.same == len(before.checks) - 1


def test_a_level_can_fall_by_itself() -> None:
    compared = compare_results(WELL, LOWER)
    assert (compared.level_was, compared.level_now) == ("full", "steady")
    assert (compared.changes, compared.is_worse) == ((), True)
    assert not compare_results(LOWER, WELL).is_worse
    assert not compare_results(WELL, WELL).is_worse


def test_a_check_that_came_new_and_fails_is_a_regression() -> None:
    fewer = replace(WELL, checks=tuple(check for check in WELL.checks if check.id != EMAIL))
    assert compare_results(fewer, BROKEN).changes[0].was == "absent"
    assert compare_results(fewer, BROKEN).is_worse
    assert compare_results(WELL, fewer).of("other")[0].now == "absent"


def test_regressions_come_first(tmp_path) -> None:
    fixed = replace(BROKEN.checks[0], id="linked/Customer", status="violated")
    before = replace(WELL, checks=(fixed, *WELL.checks[1:]))
    for name, result in (("a", before), ("b", replace(BROKEN, checks=BROKEN.checks))):
        (tmp_path / f"{name}.json").write_text(verdict_json(result), encoding="utf-8")
    paths = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    result = CliRunner().invoke(main, ["compare", *paths], prog_name="tallystick")
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Level: full → none"
    assert lines.index("Regressions") < lines.index("Fixed")
    assert (
        lines[-1]
        == f"1 regression, 1 fixed, 0 otherwise changed, {len(WELL.checks) - 2} as before."
    )
