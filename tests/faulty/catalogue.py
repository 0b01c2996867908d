"""The catalogue of faulty connectors: each must be caught by the law that it declares.

`faulty:NAME` is the address of one; each theme has a module of its own.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tallystick.run.proof import Suspect
from tests.faulty import (
    casting,
    converting,
    creating,
    deleting,
    keying,
    listing,
    meeting,
    merging,
    paging,
    reading,
    referring,
    replacing,
    surviving,
    talking,
    timing,
    weathering,
    writing,
)
from tests.faulty.failures import KNOWN, LEFT_OUT, OVER_SOCKETS
from tests.faulty.fault import Faulty

THEMES = (
    reading,
    paging,
    writing,
    casting,
    converting,
    timing,
    merging,
    listing,
    creating,
    keying,
    deleting,
    replacing,
    referring,
    meeting,
    talking,
    weathering,
    surviving,
)


def _by_name(faults: Iterable[Faulty]) -> dict[str, Faulty]:
    found: dict[str, Faulty] = {}
    for fault in faults:
        if fault.name in found:
            raise ValueError(f"two faulty connectors are called {fault.name!r}")
        found[fault.name] = fault
    return found


CATALOGUE = _by_name(fault for theme in THEMES for fault in theme.FAULTY)


def factory_of(name: str) -> Callable[..., Any]:
    """Give the factory of a faulty connector; KeyError if there is none of that name."""
    return CATALOGUE[name]


def command_of(name: str) -> str:
    """Give the address at which a faulty connector is a process of its own."""
    program = Path(__file__).with_name("__main__.py")
    return f"command:{shlex.join([sys.executable, str(program), name])}"


def suspect(fault: Faulty) -> Suspect:
    """Give what the proof of the suite has to know of a faulty connector."""
    return Suspect(
        name=fault.name,
        address=fault.address,
        law=fault.law,
        weather=fault.weather,
        checklist=fault.checklist,
        agreement=fault.checklist,
        policies=fault.policies,
        alone=fault.alone,
    )


def names() -> list[str]:
    """Give all names, in the catalogue's order."""
    return list(CATALOGUE)


def suspects(chosen: Iterable[str] = ()) -> list[Suspect]:
    """Give what the proof has to know of those chosen, or of all; KeyError for an unknown name."""
    return [suspect(CATALOGUE[name]) for name in chosen or CATALOGUE]


def stories() -> dict[str, str]:
    """Give what each of them does wrong, in one sentence."""
    return {name: fault.story for name, fault in CATALOGUE.items()}


def classes() -> dict[str, list[str]]:
    """Give for each known class of failure the faulty connectors that stand for it."""
    by_failure: dict[str, list[str]] = {}
    for name, fault in CATALOGUE.items():
        by_failure.setdefault(fault.failure, []).append(name)
    found = {
        name: [fault for failure in failures for fault in by_failure.get(failure, ())]
        for name, failures in KNOWN.items()
    }
    found |= {name: list(told) for name, told in OVER_SOCKETS.items()}
    placed = {failure for failures in KNOWN.values() for failure in failures}
    return found | {name: faults for name, faults in by_failure.items() if name not in placed}


def left_out() -> dict[str, str]:
    """Give the classes of failure that cannot occur here, and what rules them out."""
    return dict(LEFT_OUT)
