"""The contract's variables, and the environment of a process. Rule: no more than the contract says.

A process gets `PATH` and `HOME`, the contract's variables, and what its vendor has declared.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from tallystick.dataflow.model import SIDES, Side

__all__ = [
    "TAKE_URLS",
    "TOKENS",
    "Mode",
    "contract_variables",
    "is_own_token",
    "masked",
    "own_tokens",
    "process_environment",
]

Mode = Literal["stdio", "poll"]

TOKENS: Final[Mapping[Side, str]] = {
    "source": "source-token-5d1f0c7a",
    "target": "target-token-e94b2a38",
}
"""What an attached connector, or one in this process, is given. Own tokens begin with them."""

TAKE_URLS: Final = (
    "Take both base URLs from TALLYSTICK_SOURCE_URL and TALLYSTICK_TARGET_URL, ports included."
)
"""What to do where no request comes."""

_TOKEN: Final = re.compile("(source|target)-token-[0-9a-f]{8}(?:-[0-9a-f]{8})?")
_OWN_TOKEN: Final = re.compile("(?:source|target)-token-[0-9a-f]{8}-[0-9a-f]{8}")
_KEPT: Final = ("PATH", "HOME")


def own_tokens() -> dict[Side, str]:
    """Give tokens that no other connector has.

    A process whose own run was cut off may go on asking at a port that is somebody else's by then.
    """
    return {side: f"{token}-{secrets.token_hex(4)}" for side, token in TOKENS.items()}


def is_own_token(text: str) -> bool:
    """Tell whether a text is a token that some run's connector was given for itself."""
    return _OWN_TOKEN.fullmatch(text) is not None


def masked(text: str) -> str:
    """Give a text without the tokens of any run: `<source-token>` stands for each."""
    return _TOKEN.sub(r"<\1-token>", text)


def contract_variables(
    *,
    dataflow_file: Path,
    state: Path,
    urls: Mapping[Side, str],
    mode: Mode = "stdio",
    tokens: Mapping[Side, str] = TOKENS,
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
        variables[f"TALLYSTICK_{side.upper()}_TOKEN"] = tokens[side]
    return variables


def process_environment(
    variables: Mapping[str, str], declared: Mapping[str, str]
) -> dict[str, str]:
    """Give the whole environment of a connector's process; the contract's variables win."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **declared, **variables}
