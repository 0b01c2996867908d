"""Sandboxes for tests, and what can be asked of their page's server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from tallystick.checklist import compile_checklist
from tallystick.dataflow.model import Dataflow
from tallystick.resources import packaged
from tallystick.sandbox import PageServer, Sandbox
from tallystick.vocabulary.events import Settled

NAME = "customwebshop-customerp"
PATIENCE_S = 60


def dataflow() -> Dataflow:
    checklist = packaged("fixtures", "checklists", f"{NAME}.rst")
    return compile_checklist(checklist, packaged("fixtures", "agreements", f"{NAME}.toml")).dataflow


@contextmanager
def playing(connector: str = "") -> Iterator[Sandbox]:
    sandbox = Sandbox(dataflow(), connector=connector, checklist=NAME, agreement=NAME)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.close()


@contextmanager
def served(connector: str = "") -> Iterator[PageServer]:
    with playing(connector) as sandbox:
        server = PageServer(sandbox)
        server.start()
        try:
            yield server
        finally:
            server.close()


def until(sandbox: Sandbox, what: Callable[[], object]) -> None:
    """Wait until something is so; the sandbox tells its turn of everything that happens."""
    with sandbox.wiring.turn:
        assert sandbox.wiring.turn.wait_for(what, PATIENCE_S), sandbox.state


def settles(sandbox: Sandbox) -> int:
    return sum(isinstance(event, Settled) for event in sandbox.world.journal.events)


def settled(sandbox: Sandbox, more_than: int = 0) -> None:
    until(sandbox, lambda: settles(sandbox) > more_than and not sandbox.state.working)


def ask(
    server: PageServer, path: str, method: str = "GET", body: Any = None, **headers: str | None
) -> tuple[HTTPResponse, bytes]:
    """Ask as the page does; `headers` (with _ for -) are changed, or left out where None."""
    own = f"127.0.0.1:{server.port}"
    given: dict[str, str | None] = {"Host": own, "Authorization": f"Bearer {server.token}"}
    if method == "POST":
        given |= {"Origin": f"http://{own}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    try:
        connection.request(
            method,
            path,
            body=body
            if isinstance(body, bytes)
            else json.dumps(body)
            if body is not None
            else None,
            headers={name: value for name, value in given.items() if value is not None},
        )
        answer = connection.getresponse()
        return answer, answer.read() if "event-stream" not in answer.headers[
            "Content-Type"
        ] else b""
    finally:
        connection.close()


def do(server: PageServer, deed: str, **body: Any) -> Any:
    answer, text = ask(server, f"/do/{deed}", "POST", body)
    assert answer.status == 200, text
    return json.loads(text)
