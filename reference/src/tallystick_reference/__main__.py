"""The connector as a process: JSON lines on stdin and stdout, logs on stderr.

A thread does the work, so that the end of input is noticed in the middle of a sync; a sync that is
abandoned then is no harm, for a kill at any moment is none.
"""

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
    except Exception as fault:  # noqa: BLE001 - say what and where, but no message: it may hold data
        place = traceback.extract_tb(fault.__traceback__)[-1]
        print(f"{type(fault).__name__} at {place.filename}:{place.lineno}", file=sys.stderr)
        return {"id": request["id"], "failed": "a fault of the connector's own, see its log"}
    return {"id": request["id"], "did": "sync"}


def work(lines: SimpleQueue[str]) -> None:
    """Answer one line after the other; an empty one ends it."""
    connector = connect(os.environ, now=time.time, sleep=time.sleep)
    print('{"ready": true}', flush=True)
    while line := lines.get():
        print(json.dumps(answer(connector, line)), flush=True)
    connector.close()


def main() -> int:
    """Run in the mode that the environment asks for."""
    mode = os.environ.get("TALLYSTICK_MODE", "stdio")
    if mode != "stdio":
        print(f"this connector has no mode {mode!r}, only 'stdio'", file=sys.stderr)
        return 2
    lines: SimpleQueue[str] = SimpleQueue()
    worker = threading.Thread(target=work, args=(lines,), daemon=True)
    worker.start()
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
    worker.join(STOP_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
