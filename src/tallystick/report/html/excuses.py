"""What excuses a failure, if anything does. Rule: it asks what was declared before the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tallystick.report.plain import short_file
from tallystick.report.story import told_script
from tallystick.results.checks import scenario_check
from tallystick.results.situations import situations_of
from tallystick.results.standing import Stand
from tallystick.results.taking import PlayedScenario, is_about
from tallystick.results.tally import Tally

__all__ = ["excuse_of"]

_WORDS: Final[Mapping[Stand, str]] = {
    "expected": "expected to fail",
    "declined": "declined",
    "unscored": "not scored yet",
}


def excuse_of(told: PlayedScenario, tally: Tally) -> str:
    """Give why a failure does not count against the connector, "" where it does."""
    own = is_about(told.dataflow, tally.dataflow)
    whole = scenario_check(short_file(told.feature.file), told.scenario.name)
    situations = situations_of(told_script(told))
    stands = {
        tally.standing.of(one, tally.checks.of(one) if own else whole, situations)
        for one in told.violations
    }
    if "counts" in stands:
        return ""
    return next((words for stand, words in _WORDS.items() if stand in stands), "")
