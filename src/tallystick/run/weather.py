"""Faults, applied to a system from outside. Rule: the system's own work is never changed, only
whether it is done, and what of its answer arrives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tallystick.clock import SECOND_MS, Clock
from tallystick.systems import System, problem, refusal
from tallystick.systems.mishaps import Mishap, MishapKind
from tallystick.vocabulary.events import Request, Response
from tallystick.vocabulary.weather import Fault

__all__ = ["Struck", "strike"]

STALL_MS: Final = 10 * SECOND_MS
_NOTHING: Final = Response(status=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """What a fault made of a request: what was done, and what the connector gets to see."""

    done: Response
    seen: Response | Mishap

    @property
    def answered(self) -> bool:
        """Whether a whole answer reached the connector."""
        return isinstance(self.seen, Response) and not _is_cut(self.seen)


def _is_cut(response: Response) -> bool:
    return response.headers.get("content-length", "") not in {"", str(len(response.body))}


def strike(
    fault: Fault, system: System, request: Request, clock: Clock, *, stall_s: float | None = None
) -> Struck:
    """Let a fault befall one request.

    Where nobody knows how long the client waits, `stall_s` says how long a stall lasts: then the
    connection is reset, and no answer ever comes.
    """
    if fault.fault == "stall" and stall_s is not None:
        return _stall_for(stall_s, fault, system, request)
    return _STRIKES[fault.fault](fault, system, request, clock)


def _turned_away(fault: Fault, system: System, request: Request, clock: Clock) -> Struck:
    if fault.seconds == 0:
        answer = refusal(429 if fault.fault == "throttled" else 503, 0)
        return Struck(done=answer, seen=answer)
    close = system.throttle if fault.fault == "throttled" else system.unavailable
    close(clock.now_ms + fault.seconds * SECOND_MS)
    answer = system.handle(request)
    return Struck(done=answer, seen=answer)


def _error(_: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    done = system.handle(request)
    answer = replace(problem(500, "error", "something went wrong"), changes=done.changes)
    return Struck(done=answer, seen=answer)


def _broken(fault: Fault) -> Mishap:
    """A connection breaks in one of two ways: it is reset, or merely closed."""
    return Mishap(kind="closed" if fault.request % 2 == 0 else "reset")


def _reset_before(fault: Fault, *_: Any) -> Struck:
    return Struck(done=_NOTHING, seen=_broken(fault))


def _reset_after(fault: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    return Struck(done=system.handle(request), seen=_broken(fault))


def _stall(_: Fault, system: System, request: Request, clock: Clock) -> Struck:
    done = system.handle(request)
    limit = request.read_timeout_ms
    if limit is None or limit > STALL_MS:
        clock.advance(STALL_MS)
        return Struck(done=done, seen=done)
    clock.advance(limit)
    return Struck(done=done, seen=Mishap(kind="stall"))


def _stall_for(seconds: float, fault: Fault, system: System, request: Request) -> Struck:
    """Answer nothing, or so slowly that it never ends."""
    done = system.handle(request)
    kind: MishapKind = "drip" if fault.request % 2 == 0 else "stall"
    return Struck(done=done, seen=Mishap(kind=kind, answer=done, seconds=seconds))


def _cut(_: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    done = system.handle(request)
    if not done.body:
        return Struck(done=done, seen=Mishap(kind="closed"))
    headers = {**done.headers, "content-length": str(len(done.body))}
    part = done.body[: len(done.body) // 2]
    return Struck(done=done, seen=replace(done, body=part, headers=headers, answer=None))


def _relisted(response: Response, keep: Callable[[list[Any]], list[Any]]) -> Struck:
    answer = response.answer
    if response.status != 200 or not isinstance(answer, Mapping):
        return Struck(done=response, seen=response)
    name = "items" if "items" in answer else "value"
    if name not in answer:
        return Struck(done=response, seen=response)
    shown = {**answer, name: keep(list(answer[name]))}
    body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    changed = replace(response, body=body, answer=shown)
    return Struck(done=changed, seen=changed)


def _empty_list(_: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    return _relisted(system.handle(request), lambda _items: [])


def _short_list(_: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    return _relisted(system.handle(request), lambda items: items[: len(items) // 2])


def _stale_list(fault: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    mark = max(0, system.store.mark - 1 - fault.request % 3)
    answer = system.as_of(mark).handle(request)
    return Struck(done=answer, seen=answer)


def _delta_expired(_: Fault, system: System, request: Request, _clock: Clock) -> Struck:
    system.expire_deltas()
    answer = system.handle(request)
    return Struck(done=answer, seen=answer)


_STRIKES: Final[Mapping[str, Callable[[Fault, System, Request, Clock], Struck]]] = {
    "unavailable": _turned_away,
    "throttled": _turned_away,
    "error": _error,
    "reset-before": _reset_before,
    "reset-after": _reset_after,
    "stall": _stall,
    "cut": _cut,
    "empty-list": _empty_list,
    "short-list": _short_list,
    "stale-list": _stale_list,
    "delta-expired": _delta_expired,
}
