"""The known classes of failure and the faulty connectors that stand for them agree."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.faulty.catalogue import CATALOGUE, classes, left_out
from tests.faulty.failures import KNOWN, OVER_SOCKETS
from tests.faulty.test_told import STORIES


def test_each_failure_that_a_class_names_is_some_fault_s() -> None:
    named = Counter(failure for failures in KNOWN.values() for failure in failures)
    assert set(named) <= {fault.failure for fault in CATALOGUE.values()}
    assert max(named.values()) == 1


def test_every_fault_stands_for_exactly_one_class() -> None:
    told = [name for names in OVER_SOCKETS.values() for name in names]
    assert Counter(name for names in classes().values() for name in names) == Counter(
        [*CATALOGUE, *told]
    )
    assert {name.split(" ")[0] for name in told} == {fault for fault, *_ in STORIES}


def test_what_is_left_out_is_no_class_with_faults() -> None:
    assert not left_out().keys() & classes().keys()
    assert all(reason.endswith(".") for reason in left_out().values())
