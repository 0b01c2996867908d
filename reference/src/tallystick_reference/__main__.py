"""The connector as a process: JSON lines on stdin and stdout, logs on stderr."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from queue import SimpleQueue

from . import Connector, GaveUp, connect

STOP_S = 1.0


def answer(connector: Connector, line: str) -> dict[str, object]:
    """Do what one line asks for, and say what came of it."""
    request = json.loads(line)
    if request.get("do") != "sync":
        return {"id": request.get("id"), "failed": "only sync can be done here"}
    try:
        connector.sync()
    except GaveUp as reason:
        return {"id": request["id"], "failed": str(reason)}
    except Exception as fault:  # noqa: BLE001 - say where, but not its message: it may hold data
        place = traceback.extract_tb(fault.__traceback__)[-1]
        print(f"{type(fault).__name__} at {place.filename}:{place.lineno}", file=sys.stderr)
        return {"id": request["id"], "failed": "a fault of the connector's own, see its log"}
    return {"id": request["id"], "did": "sync"}


def listen(lines: SimpleQueue[str]) -> None:
    """Hand the input on; at its end a sync is abandoned, which does no more harm than a kill."""
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
    time.sleep(STOP_S)
    os._exit(0)


def main() -> int:
    """Run in the mode that the environment asks for."""
    mode = os.environ.get("TALLYSTICK_MODE", "stdio")
    if mode != "stdio":
        print(f"this connector has no mode {mode!r}, only 'stdio'", file=sys.stderr)
        return 2
    connector = connect(os.environ, now=time.time, sleep=time.sleep)
    lines: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=listen, args=(lines,), daemon=True).start()
    print('{"ready": true}', flush=True)
    while line := lines.get():
        print(json.dumps(answer(connector, line)), flush=True)
    connector.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
