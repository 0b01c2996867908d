"""What the page may ask for and have done. Rule: what does not fit is refused, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tallystick.canonical import MISSING, Json
from tallystick.dataflow.model import SIDES, Side
from tallystick.laws.history import Record
from tallystick.run.actions import StepImpossible
from tallystick.sandbox.play import Sandbox
from tallystick.sandbox.view import WAIT_S, SandboxView, record_id
from tallystick.vocabulary.cells import parse_cell
from tallystick.vocabulary.script import Clear, Delete, Edit
from tallystick.vocabulary.weather import FAULT_WORDS, Fault, Kill

__all__ = ["Refused", "asked", "done"]

_MOST_CREATED: Final = 500
_MOST_EDITS: Final = 500
_MOMENTS: Final = ("before", "during", "after")


class Refused(Exception):
    """What was asked for cannot be done; the message says why."""


def asked(view: SandboxView, sandbox: Sandbox, path: str, query: Mapping[str, str]) -> Json:
    """Answer a question of the page; Refused where nobody knows what it means."""
    with sandbox.turn:
        if path == "/pair":
            return view.pair(_record(sandbox, query.get("id", "")))
        if path == "/line":
            number = query.get("n", "")
            detail = view.detail(int(number)) if number.isdecimal() else None
            if detail is None:
                raise Refused("there is no such line")
            return {"title": detail.title, "asked": detail.asked, "answered": detail.answered}
    if path == "/scenario":
        return {"feature": sandbox.scenario("Played by hand")}
    raise Refused(f"nothing is known of {path}")


def done(sandbox: Sandbox, path: str, body: Any) -> Json:
    """Do what the page asks for; Refused where that cannot be."""
    deed = _DEEDS.get(path.removeprefix("/do/"))
    if deed is None or not isinstance(body, dict):
        raise Refused(f"nothing is known of {path}")
    try:
        return deed(sandbox, body) or {}
    except StepImpossible as error:
        raise Refused(str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"that is not understood: {error}") from error


def _record(sandbox: Sandbox, identity: str) -> Record:
    for record in sandbox.records():
        if record_id(record) == identity:
            return record
    raise Refused("there is no such record")


def _side(body: Mapping[str, Any]) -> Side:
    return SIDES[("source", "target").index(body["side"])]


def _number(body: Mapping[str, Any], most: int) -> int:
    return max(1, min(most, int(body.get("count", 1))))


def _create(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    sandbox.create(_side(body), str(body["type"]), _number(body, _MOST_CREATED))
    return None


def _edit(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    with sandbox.turn:
        record = _record(sandbox, body["id"])
        value, path = _value(str(body["value"])), str(body["path"])
        ref = sandbox.ref(record)
        if value is MISSING:
            sandbox.act(Clear(side=record.side, record=ref, path=path))
        else:
            sandbox.act(Edit(side=record.side, record=ref, values=((path, value),)))
    return None


def _value(text: str) -> Any:
    """Read what a person typed: a value as a scenario writes it, otherwise the text as it is."""
    if not text.strip():
        return MISSING
    try:
        return parse_cell(text)
    except ValueError:
        return text


def _delete(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    with sandbox.turn:
        record = _record(sandbox, body["id"])
        sandbox.act(Delete(side=record.side, record=sandbox.ref(record)))
    return None


def _burst(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    return {"done": sandbox.burst(_number(body, _MOST_EDITS))}


def _fault(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    kind = next((kind for kind in FAULT_WORDS if kind == body["fault"]), None)
    if kind is None:
        raise Refused("there is no such fault")
    seconds = WAIT_S if "{seconds}" in FAULT_WORDS[kind] else 0
    sandbox.act(Fault(request=1, fault=kind, seconds=seconds))
    return None


def _kill(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    if sandbox.attached:
        raise Refused("the connector is yours: nobody here can kill it")
    moment = body.get("moment", "now")
    if moment in _MOMENTS:
        sandbox.act(Kill(request=1, moment=moment))
    else:
        sandbox.kill()
    return None


def _sync(sandbox: Sandbox, _: Mapping[str, Any]) -> Json:
    sandbox.ask()
    return None


def _automatic(sandbox: Sandbox, body: Mapping[str, Any]) -> Json:
    with sandbox.turn:
        sandbox.state.automatic = bool(body["on"])
        sandbox.tell()
    return None


_DEEDS: Final[Mapping[str, Callable[[Sandbox, Mapping[str, Any]], Json]]] = {
    "create": _create,
    "edit": _edit,
    "delete": _delete,
    "burst": _burst,
    "fault": _fault,
    "kill": _kill,
    "sync": _sync,
    "automatic": _automatic,
}
