"""The connector as a process: asked by JSON lines (stdio), or at work by itself (poll)."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from queue import SimpleQueue

from . import Connector, GaveUp, connect
from .errors import Unauthorized

STOP_S = 1.0
POLL_S = 0.1


def log(fault: Exception) -> None:
    """Say where something broke, but not its message: it may hold data."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    print(f"{type(fault).__name__} at {place.filename}:{place.lineno}", file=sys.stderr)


def answer(connector: Connector, line: str) -> dict[str, object]:
    """Do what one line asks for, and say what came of it."""
    request = json.loads(line)
    if request.get("do") != "sync":
        return {"id": request.get("id"), "failed": "only sync can be done here"}
    try:
        connector.sync()
    except GaveUp as reason:
        return {"id": request["id"], "failed": str(reason)}
    except Exception as fault:  # noqa: BLE001 - nothing may end the process but its end of input
        log(fault)
        return {"id": request["id"], "failed": "a fault of the connector's own, see its log"}
    return {"id": request["id"], "did": "sync"}


def listen(lines: SimpleQueue[str]) -> None:
    """Hand the input on; at its end a sync is abandoned, which does no more harm than a kill."""
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
    time.sleep(STOP_S)
    os._exit(0)


def poll(connector: Connector) -> int:
    """Sync for ever, with a pause after each; a token that is refused ends it."""
    while True:
        try:
            connector.sync()
        except Unauthorized:
            return 1
        except GaveUp:
            pass  # what has to wait is tried again the next time
        except Exception as fault:  # noqa: BLE001 - so is this
            log(fault)
        time.sleep(POLL_S)


def main(make: Callable[..., Connector] = connect) -> int:
    """Run in the mode that the environment asks for."""
    mode = os.environ.get("TALLYSTICK_MODE", "stdio")
    if mode not in ("stdio", "poll"):
        print(f"this connector has no mode {mode!r}, only 'stdio' and 'poll'", file=sys.stderr)
        return 2
    connector = make(os.environ, now=time.time, sleep=time.sleep)
    if mode == "poll":
        return poll(connector)
    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=listen, args=(lines,), daemon=True).start()
    print('{"ready": true}', flush=True)
    while line := lines.get():
        print(json.dumps(answer(connector, line)), flush=True)
    connector.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
