"""A connector that ignores one property in one direction: exactly that row and direction is ✗."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tallystick.derive.features import derive_features
from tallystick.laws.ticks import tick_checklist
from tallystick.run.stage import Theatre
from tallystick.run.suite import play_features
from tallystick.systems.inprocess import InProcess
from tallystick.vocabulary.gherkin import read_feature

pytestmark = pytest.mark.slow

MAIN = "customwebshop-customerp"


@pytest.mark.parametrize(
    ("name", "pair", "path", "side"),
    [
        ("city-ignored-to-shop", 1, "billing.city", "source"),
        ("surname-ignored-to-erp", 1, "lastName", "target"),
        ("line-price-ignored-to-erp", 3, "lines[].price", "target"),
    ],
)
def test_exactly_that_row_and_direction_is_violated(name, pair, path, side) -> None:
    with InProcess() as network:
        theatre = Theatre(network, connector=f"faulty:{name}")
        dataflow = theatre.dataflow(MAIN, MAIN, None)
        derived = derive_features(dataflow, checklist=MAIN, agreement=MAIN)[pair - 1]
        feature = read_feature(derived.text, file=derived.file_name)
        played = [s for s in feature.scenarios if "@random" not in s.tags]
        assert played
        result = play_features(theatre, [replace(feature, scenarios=tuple(played))])
        theatre.close()
    ticked = tick_checklist(dataflow, result.judgement)
    wrong = [
        (row.row.source.text, at)
        for row in ticked.pairs[pair - 1].rows
        for at, tick in row.ticks.items()
        if tick.status == "violated"
    ]
    assert wrong == [(path, side)]
    others = [t.ticks["target"].status for t in ticked.pairs[pair - 1].rows]
    assert others.count("holds") >= len(others) - 1
