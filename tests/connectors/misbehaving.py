"""A connector as a process, in one bad habit or none: `python misbehaving.py HABIT`."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit


def say(said):
    sys.stdout.write((said if isinstance(said, str) else json.dumps(said)) + "\n")
    sys.stdout.flush()


def log(line):
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def asked():
    return (json.loads(line)["id"] for line in sys.stdin)


def answering(number, **said):
    say({"id": number, **said})


def ask(side, method="GET", target="/things", body=None):
    place = urlsplit(os.environ[f"TALLYSTICK_{side.upper()}_URL"])
    link = http.client.HTTPConnection(place.netloc, timeout=30)
    token = os.environ[f"TALLYSTICK_{side.upper()}_TOKEN"]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    link.request(method, target, body=body, headers=headers)
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer.status


def sleeper(*, away=False):
    """Start a child that sleeps; `away`: in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-ISc", "import time; time.sleep(600)"], start_new_session=away
    )


def noted(name, text):
    with open(os.path.join(os.environ["TALLYSTICK_STATE"], name), "a") as file:  # noqa: PTH118, PTH123
        file.write(f"{text}\n")


def main(habit):
    if habit == "crashes-at-start":
        log("no licence found")
        sys.exit(3)
    if habit == "crashes-as-node-does":
        log(NODE_CRASH)
        sys.exit(1)
    if habit == "floods-stderr-and-crashes":
        for at in range(20_000):
            sys.stderr.write(f"line {at} " + "x" * 50 + "\n")
        log("a fault of mine")
        sys.exit(1)
    if habit == "never-ready":
        time.sleep(600)
    if habit == "greets":
        say("hello, world")
        time.sleep(600)
    if habit == "has-children":
        noted("pids", sleeper().pid)
        noted("pids", sleeper(away=True).pid)
    if habit == "ignores-everything":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if habit == "wants-its-systems-first":
        ask("source")
    noted("starts", os.getpid())
    say({"ready": True})
    if habit == "speaks-unasked":
        say({"id": 0, "did": "sync"})
    for number in asked():
        if habit == "crashes":
            log("a fault of mine")
            os._exit(7)
        if habit == "is-ended":
            os.kill(os.getpid(), signal.SIGSEGV)
        if habit == "hangs":
            time.sleep(600)
        if habit == "floods":
            while True:
                say("x" * 100)
        if habit == "floods-without-end":
            while True:
                sys.stdout.write("x" * 65536)
        if habit == "floods-stderr":
            for at in range(20_000):
                sys.stderr.write(f"line {at} " + "x" * 50 + "\n")
        if habit == "hammers":
            while True:
                ask("source")
        if habit == "tells":
            log(f"token {os.environ['TALLYSTICK_TARGET_TOKEN']}")
            log("Ann Example-Person was here")
        if habit == "posts":
            ask("target", "POST", "/items", b'{"data": {"name": "made"}}')
            ask("source")
        if habit == "gives-up":
            answering(number, failed="not today")
        elif habit in ANSWERS:
            say(ANSWERS[habit])
        else:
            answering(number, did="sync")
    if habit == "ignores-everything":
        time.sleep(600)


NODE_CRASH = """\
/home/ann/bridge.js:1
throw new Error('no config');
^

Error: no config
    at Object.<anonymous> (/home/ann/bridge.js:1:7)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)
    at Module.load (node:internal/modules/cjs/loader:1266:32)
    at Module._load (node:internal/modules/cjs/loader:1091:12)
    at node:internal/main/run_main_module:28:49

Node.js v20.20.2"""

ANSWERS = {
    "speaks-nonsense": "ok",
    "answers-another": {"id": 99, "did": "sync"},
    "answers-a-list": [],
    "answers-both": {"id": 1, "did": "sync", "failed": "no"},
    "fails-without-a-reason": {"id": 1, "failed": ""},
    "nests-deeply": "[" * 100_000,
}


if __name__ == "__main__":
    main(sys.argv[1])
