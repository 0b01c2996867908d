"""Packaged files. Rule: a file of ours is found the same way in a checkout and in a wheel."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["checkout", "data_root", "packaged", "schema"]

_PACKAGE = Path(__file__).resolve().parent


def checkout() -> Path | None:
    """Give the root of the checkout that this package runs from, or None when it is installed."""
    root = _PACKAGE.parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "fixtures").is_dir() else None


def data_root() -> Path:
    """Give the folder that holds `features/` and `fixtures/`."""
    installed = _PACKAGE / "_data"
    if installed.is_dir():
        return installed
    root = checkout()
    if root is None:
        raise FileNotFoundError("the packaged features and fixtures are missing; install again")
    return root


def packaged(*parts: str) -> Path:
    """Give the path of a packaged feature or fixture, e.g. `packaged("fixtures", "casts.json")`."""
    return data_root().joinpath(*parts)


@cache
def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema `name` (dataflow, agreement, journal, …) that the package carries."""
    text = (_PACKAGE / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
