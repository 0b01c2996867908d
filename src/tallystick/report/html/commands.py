"""What a person can copy from a story: the replay, the requests. Rule: it quotes, and runs nothing.

Everything is ASCII, so that what is copied is what is seen.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence

from tallystick.canonical import Json
from tallystick.vocabulary.events import Event, Exchange, Settled
from tallystick.vocabulary.script import Script
from tallystick.vocabulary.script_json import script_to_json

__all__ = ["curl_lines", "replay_command"]

_MOST_REQUESTS = 60


def replay_command(script: Script, connector: str) -> str:
    """Give commands that write the script to a file and play it again."""
    file = "tallystick-failure.json"
    document = json.dumps(script_to_json(script))
    address = shlex.quote(_ascii(connector))
    return (
        f"cat >{file} <<'SCRIPT'\n{document}\nSCRIPT\n"
        f"tallystick replay {file} --connector {address}\n"
    )


def curl_lines(events: Sequence[Event], at: int) -> str:
    """Give the connector's requests up to event `at`, in its last sync, as curl commands."""
    begin = _sync_of(events, at)
    asked = [event for event in events[begin : at + 1] if isinstance(event, Exchange)]
    lines = [
        "# The connector's requests in the sync that the violation belongs to.",
        "# `tallystick sandbox` prints the four variables.",
        *(_curl(exchange) for exchange in asked[-_MOST_REQUESTS:]),
    ]
    return "\n".join(lines) + "\n"


def _sync_of(events: Sequence[Event], at: int) -> int:
    """Give the first event after the settle before the one that `at` belongs to."""
    return next(
        (i + 1 for i in range(min(at, len(events)) - 1, -1, -1) if isinstance(events[i], Settled)),
        0,
    )


def _curl(exchange: Exchange) -> str:
    side = exchange.side.upper()
    words = ["curl -sS"]
    if exchange.method != "GET":
        words.append(f"-X {shlex.quote(_ascii(exchange.method))}")
    words.append(f'"$TALLYSTICK_{side}_URL"{shlex.quote(_ascii(exchange.target))}')
    words.append(f'-H "Authorization: Bearer $TALLYSTICK_{side}_TOKEN"')
    words += list(_headers(exchange))
    if exchange.body is not None:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"--data-raw {shlex.quote(_json(exchange.body))}")
    return " ".join(words)


def _headers(exchange: Exchange) -> Iterator[str]:
    for name, value in exchange.headers.items():
        yield f"-H {shlex.quote(_ascii(f'{name}: {value}'))}"


def _json(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"))


def _ascii(text: str) -> str:
    """Give a text without line ends or characters that a terminal might not show."""
    return json.dumps(text)[1:-1].replace('\\"', '"').replace("\\\\", "\\")
