"""The ids of what can fail: stable, distinct, and one for each violation."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tallystick.checklist import compile_checklist
from tallystick.laws.ticks import GENERAL_LAWS
from tallystick.laws.verdict import Violation
from tallystick.resources import packaged
from tallystick.results.checks import Checks, scenario_check

NAME = "customwebshop-customerp"


@pytest.fixture(scope="module")
def dataflow():
    checklist = packaged("fixtures", "checklists", f"{NAME}.rst")
    return compile_checklist(checklist, packaged("fixtures", "agreements", f"{NAME}.toml")).dataflow


def test_ids_are_distinct_and_can_be_typed(dataflow) -> None:
    ids = [check.id for check in Checks(dataflow).all]
    assert len(ids) == len(set(ids)) > 100
    assert all(re.fullmatch(r"[\w./=\[\]~-]+", each) for each in ids)
    assert {"polite", "linked/Customer", "in-sync/Customer/email=EmailAddress/to-source"} <= {*ids}


def test_ids_do_not_depend_on_the_order_of_rows_and_pairs(dataflow) -> None:
    turned = replace(
        dataflow,
        pairs=tuple(
            replace(pair, rows=tuple(reversed(pair.rows))) for pair in reversed(dataflow.pairs)
        ),
    )
    assert {c.id for c in Checks(turned).all} == {c.id for c in Checks(dataflow).all}


def test_twins_are_numbered(dataflow) -> None:
    first = dataflow.pairs[0]
    twice = replace(dataflow, pairs=(first, replace(first, number=2)))
    ids = [check.id for check in Checks(twice).all]
    assert len(ids) == len(set(ids))
    assert "linked/Customer~2" in ids
    other = replace(first, rows=(first.rows[0], first.rows[0]))
    assert len({c.id for c in Checks(replace(dataflow, pairs=(other,))).all}) == len(
        Checks(replace(dataflow, pairs=(other,))).all
    )


def test_each_violation_belongs_to_one_check(dataflow) -> None:
    checks = Checks(dataflow)
    known = {check.id for check in checks.all}
    for check in checks.all:
        same = Violation(
            law=check.law,
            anomaly="any",
            event=0,
            pair=check.pair,
            row=check.row,
            direction=check.direction,
        )
        assert checks.of(same) == check.id
    email = next(c for c in checks.all if c.id == "in-sync/Customer/email=EmailAddress/to-source")
    won = Violation(
        law="latest-wins", anomaly="x", event=0, pair=1, row=email.row, direction="source"
    )
    assert checks.of(won) == "latest-wins/Customer"
    for law in GENERAL_LAWS:
        assert checks.of(Violation(law=law, anomaly="x", event=0, pair=2)) == law
    unlisted = checks.of(Violation(law="merged", anomaly="x", event=0, pair=3))
    assert (unlisted, unlisted in known) == ("merged/Order", False)


def test_a_row_that_is_not_judged_is_no_check(dataflow) -> None:
    row = replace(dataflow.pairs[0].rows[0], unspecified="nobody knows")
    pair = replace(dataflow.pairs[0], rows=(row,))
    ids = [c.id for c in Checks(replace(dataflow, pairs=(pair,))).all]
    assert not [each for each in ids if each.count("/") > 1]


def test_a_scenario_of_another_checklist_is_a_check() -> None:
    assert (
        scenario_check("features/link-rules.feature", "A Customer's  \x1b link, twice")
        == "scenario/link-rules/a-customer-s-link-twice"
    )
