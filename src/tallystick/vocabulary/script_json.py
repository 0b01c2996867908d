"""A script as JSON, and back. Rule: what was written is read again as the same steps; what cannot
be read says which step it is.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tallystick.canonical import MISSING, Json
from tallystick.errors import BadInput, Problem
from tallystick.vocabulary.script import STEP_KINDS, KeyOf, Ref, Script, Step, Value, step_kind

__all__ = ["script_from_json", "script_to_json"]


def script_to_json(script: Script) -> Json:
    """Give a script as JSON: a list of `{"do": kind, …}`."""
    return [_step_to_json(step) for step in script]


def _step_to_json(step: Step) -> Json:
    out: dict[str, Json] = {"do": step_kind(step)}
    for field in fields(step):
        value = getattr(step, field.name)
        if field.name == "step":
            out["step"] = _step_to_json(value)
        elif field.name == "values":
            out["values"] = [[path, _encode(item)] for path, item in value]
        else:
            out[field.name] = _encode(value)
    return out


def _encode(value: Any) -> Json:
    if isinstance(value, Ref):
        bare: dict[str, Json] = {"label": value.label, "type": value.type}
        bare |= {"counterpart": value.counterpart} if value.counterpart else {}
        return bare | ({"section": value.section} if value.section else {})
    if isinstance(value, KeyOf):
        return {"$key": value.label}
    if value is MISSING:
        return {"$missing": True}
    return value


def script_from_json(document: Json, *, file: str = "") -> Script:
    """Read what `script_to_json` wrote; BadInput says which step cannot be read."""
    if not isinstance(document, list):
        raise BadInput(Problem(file=file, text="a script is a list of steps"))
    return tuple(_step_from_json(step, f"step {at}", file) for at, step in enumerate(document, 1))


def _step_from_json(document: Json, place: str, file: str) -> Step:
    kind = document.get("do") if isinstance(document, dict) else None
    step_type = STEP_KINDS.get(str(kind))
    if step_type is None:
        known = ", ".join(STEP_KINDS)
        raise BadInput(
            Problem(file=file, text=f"{place}: no step is called {kind!r}; known: {known}")
        )
    try:
        made: Step = step_type(**{k: _decode(k, v) for k, v in document.items() if k != "do"})
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadInput(Problem(file=file, text=f"{place} ({kind}): {error}")) from error
    return made


def _decode(name: str, value: Json) -> Any:
    if name == "step":
        return _step_from_json(value, "the step inside", "")
    if name == "record":
        section = value.get("section", 0)
        return Ref(value["label"], value["type"], value.get("counterpart", ""), section)
    if name == "values":
        return tuple((path, _decode_value(item)) for path, item in value)
    return value


def _decode_value(value: Json) -> Value:
    if isinstance(value, dict) and value.keys() == {"$key"}:
        return KeyOf(value["$key"])
    if isinstance(value, dict) and value.keys() == {"$missing"}:
        return MISSING
    return value
