"""The files of a failure: journal, feature and script. Rule: each can be used as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tallystick.errors import BadInput, Problem
from tallystick.journal.journal import save
from tallystick.report.failure import rooted_script, told_gherkin
from tallystick.run.suite import Played
from tallystick.vocabulary.script_json import script_to_json

__all__ = ["save_failure", "save_failures", "saved_failures"]

_OURS: Final = re.compile(r"\d{2,}-[a-z0-9-]+\.(?:feature|jsonl?)")


def save_failures(folder: Path, failed: Sequence[Played]) -> list[Path]:
    """Save journal, feature and script of each failure; give the features' paths.

    BadInput where the folder cannot be written. Files of other names are left alone.
    """
    return [save_failure(folder, at, played)["feature"] for at, played in enumerate(failed, 1)]


def save_failure(folder: Path, number: int, played: Played) -> dict[str, Path]:
    """Save one failure in files whose names begin with its number; give their paths by kind.

    BadInput where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _save(folder, f"{number:02}-{_slug(played.scenario.name)}", played)
    except OSError as error:
        text = f"cannot be written: {error.strerror or error}"
        raise BadInput(
            Problem(file=str(folder), text=text, remedy="Choose another folder.")
        ) from error


def saved_failures(folder: Path) -> list[Path]:
    """Give the files in a folder that are named as ours are."""
    return [path for path in folder.glob("*") if _OURS.fullmatch(path.name)]


def _save(folder: Path, name: str, played: Played) -> dict[str, Path]:
    script = rooted_script(played)
    paths = {
        "feature": folder / f"{name}.feature",
        "script": folder / f"{name}.json",
    }
    paths["feature"].write_text(told_gherkin(played, script), encoding="utf-8")
    paths["script"].write_text(json.dumps(script_to_json(script)) + "\n", encoding="utf-8")
    journal = played.journal if played.failure is None else played.failure.journal
    if journal is not None:
        paths["journal"] = folder / f"{name}.jsonl"
        journal.header = replace(journal.header, script=script, title=played.scenario.name)
        save(journal, paths["journal"])
    return paths


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "scenario"
