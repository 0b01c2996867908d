"""Findings as SARIF 2.1.0, for code hosts and editors. Rule: every code is a rule of the tool."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote

from tallystick import __version__
from tallystick.canonical import Json
from tallystick.checklist import CODES, Finding

__all__ = ["VERSION", "sarif_frame", "sarif_result"]

VERSION: Final = "2.1.0"
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_NUMBERS: Final = {code: number for number, code in enumerate(CODES)}


def sarif_frame() -> dict[str, Json]:
    """Give a log of one run without results."""
    driver = {
        "name": "tallystick",
        "version": __version__,
        "rules": [
            {
                "id": code,
                "name": "".join(map(str.capitalize, code.split("-"))),
                "shortDescription": {"text": entry.means},
                "fullDescription": {"text": entry.means},
                "help": {"text": entry.remedy},
                "defaultConfiguration": {"level": entry.severity},
            }
            for code, entry in CODES.items()
        ],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [],
    }
    return {"$schema": _SCHEMA, "version": VERSION, "runs": [run]}


def sarif_result(one: Finding) -> dict[str, Json]:
    """Give one finding; its severity is the level of the same name."""
    return {
        "ruleId": one.code,
        "ruleIndex": _NUMBERS[one.code],
        "level": one.severity,
        "message": {"text": f"{one.text}. {one.remedy}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(one.file)},
                    "region": {"startLine": one.line, "endLine": one.last_line},
                }
            }
        ],
    }


def _uri(file: str) -> str:
    """Give a relative path as a relative URI, an absolute one as a `file:` URI."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
