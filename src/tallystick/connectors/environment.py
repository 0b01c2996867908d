"""The contract's variables, and the environment of a process. Rule: no more than the contract says.

A process gets `PATH` and `HOME`, the contract's variables, and what its vendor has declared.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from tallystick.dataflow.model import SIDES, Side

__all__ = ["TOKENS", "Mode", "contract_variables", "process_environment"]

Mode = Literal["stdio", "poll"]

TOKENS: Final[Mapping[Side, str]] = {
    "source": "source-token-5d1f0c7a",
    "target": "target-token-e94b2a38",
}
_KEPT: Final = ("PATH", "HOME")


def contract_variables(
    *, dataflow_file: Path, state: Path, urls: Mapping[Side, str], mode: Mode = "stdio"
) -> dict[str, str]:
    """Give the variables that tell a connector what it is to do, and where."""
    variables = {
        "TALLYSTICK_CONTRACT": "1",
        "TALLYSTICK_DATAFLOW": str(dataflow_file),
        "TALLYSTICK_STATE": str(state),
        "TALLYSTICK_MODE": mode,
    }
    for side in SIDES:
        variables[f"TALLYSTICK_{side.upper()}_URL"] = urls[side]
        variables[f"TALLYSTICK_{side.upper()}_TOKEN"] = TOKENS[side]
    return variables


def process_environment(
    variables: Mapping[str, str], declared: Mapping[str, str]
) -> dict[str, str]:
    """Give the whole environment of a connector's process; the contract's variables win."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **declared, **variables}
