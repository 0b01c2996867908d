"""`verdict.json` in and out. Rule: it is checked by its schema at both ends."""

from __future__ import annotations

import json
from pathlib import Path

from tallystick import resources
from tallystick.dataflow.schemas import compile_schema
from tallystick.errors import BadInput, HarnessFault, Problem
from tallystick.results.result import RunResult
from tallystick.results.shape import build, plain

__all__ = ["load_verdict", "refuse_incomplete", "verdict_json"]

_REMEDY = "It is written by `tallystick run --results DIR`."


def verdict_json(result: RunResult) -> str:
    """Give the text of a result's `verdict.json`, in ASCII; HarnessFault if it would be invalid."""
    document = plain(result)
    wrong = compile_schema(resources.schema("verdict")).violations(document)
    if wrong:
        raise HarnessFault(f"verdict.json would be invalid: {wrong[0].path}: {wrong[0].message}")
    return json.dumps(document, indent=1) + "\n"


def load_verdict(path: Path) -> RunResult:
    """Read a `verdict.json`, or the one in a folder of results; BadInput where it is none."""
    file = path / "verdict.json" if path.is_dir() else path
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise BadInput(Problem(file=str(file), text=text, remedy=_REMEDY)) from error
    except ValueError as error:
        text = f"is no JSON: {error}"
        raise BadInput(Problem(file=str(file), text=text, remedy=_REMEDY)) from error
    wrong = compile_schema(resources.schema("verdict")).violations(document)
    if wrong:
        text = f"is no verdict: {wrong[0].path or 'the document'}: {wrong[0].message}"
        raise BadInput(Problem(file=str(file), text=text, remedy=_REMEDY))
    return build(RunResult, document)


def refuse_incomplete(result: RunResult, path: Path) -> None:
    """Raise BadInput where a result is that of half a run: it hides what was never reached."""
    if result.complete:
        return
    why = f" ({result.why})" if result.why else ""
    remedy = "Run it again, to its end: half a run says nothing about what it did not reach."
    problem = Problem(file=str(path), text=f"the run is incomplete{why}", remedy=remedy)
    raise BadInput(problem)
