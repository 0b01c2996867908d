"""What reaches a client in place of a whole answer. Rule: it names what happens, for every network.

The in-process network raises what httpx raises then; sockets do it on the wire. An answer that is
cut short is none of these: it is a response whose body is shorter than its `content-length`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tallystick.vocabulary.events import Response

__all__ = ["Mishap", "MishapKind"]

MishapKind = Literal["reset", "closed", "stall", "drip"]
"""`reset`: the connection is reset; `closed`: it ends, and nothing came; `stall`: nothing comes for
`seconds`; `drip`: the answer comes, so slowly that it is never complete."""

_NOTHING: Final = Response(status=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """A request that gets no whole answer; `answer` is the one that drips."""

    kind: MishapKind
    answer: Response = _NOTHING
    seconds: float = 0.0
