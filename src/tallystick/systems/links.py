"""The ledger's links. Rule: a token says all that is needed to go on, and whose it is.

Tokens are opaque to a client and the same in every run; one that was tampered with is not taken.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final, Literal
from zlib import crc32

from tallystick.systems.orders import Key

__all__ = ["Cursor", "read_token", "write_token"]

_CHECK_BYTES: Final = 4
_ENCODE: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a read stands. Positions count the states in the log of the type with slug `path`.

    `start` is the position at the read's first request (None: this is it), `since` the position
    after which changes are listed (None: a full read), `after` the last key listed so far.
    `where` and `equals`, or `reference`, are what a look-up asks for. `age` counts how often
    delta links had been let expire when this one was served.
    """

    path: str
    kind: Literal["full", "delta", "look-up"]
    top: int
    start: int | None = None
    since: int | None = None
    after: Key | None = None
    where: str | None = None
    equals: str | None = None
    reference: str | None = None
    age: int = 0


_NAMES: Final = tuple(part.name for part in fields(Cursor))
_PARTS: Final = attrgetter(*_NAMES)


def write_token(cursor: Cursor) -> str:
    """Give the token of a cursor."""
    said = _ENCODE(_PARTS(cursor)).encode()
    return urlsafe_b64encode(crc32(said).to_bytes(_CHECK_BYTES, "big") + said).decode().rstrip("=")


def read_token(token: str) -> Cursor:
    """Give the cursor that a token stands for; ValueError if it was never served."""
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    said = raw[_CHECK_BYTES:]
    if crc32(said) != int.from_bytes(raw[:_CHECK_BYTES], "big") or not said:
        raise ValueError("no link of this system")
    return Cursor(**dict(zip(_NAMES, json.loads(said), strict=True)))
