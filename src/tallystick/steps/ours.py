"""Which feature files are ours. Rule: their first tag decides; it costs no import to ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

__all__ = ["is_ours"]

_HEAD: Final = 4096
_FIRST_TAG: Final = re.compile(r"@tallystick(?:[\s@#]|$)")


def is_ours(path: Path) -> bool:
    """Tell whether the first tag of a feature file is `@tallystick`."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    lines = (line.strip() for line in head.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return _FIRST_TAG.match(first) is not None
