"""Small connectors for the tests of the command line, addressed as `python:cli_connectors:NAME`."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

NOT_CALLABLE = 1


class Idle:
    """It starts, and does nothing."""

    def __init__(self, env: dict[str, str], **_: Any) -> None:
        self.env = env

    def sync(self) -> None: ...

    def close(self) -> None: ...


class GivesUp(Idle):
    """It raises whenever it is asked."""

    def sync(self) -> None:
        raise ValueError("no idea what to do \x1b[31m")


class Exits(Idle):
    """It ends the process in which it runs."""

    def sync(self) -> None:
        raise SystemExit(0)


class Elsewhere(Idle):
    """It asks the system that its author has at home."""

    def sync(self) -> None:
        httpx.get("http://localhost:8080/customers")


class LockedOut(Idle):
    """It uses a token of its own."""

    def sync(self) -> None:
        print("::error::hello")  # noqa: T201
        url = f"{self.env['TALLYSTICK_SOURCE_URL']}/members"
        httpx.get(url, headers={"Authorization": "Bearer mine"}).raise_for_status()


def tells_its_token(env: dict[str, str], **_: Any) -> Any:
    raise RuntimeError(f"no licence for {env['TALLYSTICK_TARGET_TOKEN']}")


def leaky(env: dict[str, str], **more: Any) -> Any:
    """Give the reference, which says its tokens at each start."""
    print("::error::", env["TALLYSTICK_SOURCE_TOKEN"], "\x1b[31m")  # noqa: T201
    return importlib.import_module("tallystick_reference").connect(env, **more)


STARTS: dict[str, int] = {}


def seldom(name: str, error: BaseException) -> Callable[..., Any]:
    """Give the reference three times (for the smoke test and two scenarios); then an error."""

    def connect(env: dict[str, str], **more: Any) -> Any:
        STARTS[name] = STARTS.get(name, 0) + 1
        if STARTS[name] > 3:
            STARTS.clear()
            raise error
        return importlib.import_module("tallystick_reference").connect(env, **more)

    return connect


StartsSeldom = seldom("StartsSeldom", RuntimeError("no second licence"))
Interrupts = seldom("Interrupts", KeyboardInterrupt())


def cannot_start(_env: dict[str, str], **_: Any) -> Any:
    raise RuntimeError("no licence")


def without_city(env: dict[str, str], **more: Any) -> Any:
    """Give the reference, but it was never told of one property."""
    given = json.loads(Path(env["TALLYSTICK_DATAFLOW"]).read_text(encoding="utf-8"))
    for pair in given["pairs"]:
        pair["properties"] = [row for row in pair["properties"] if row["source"] != "city"]
    path = Path(env["TALLYSTICK_STATE"]) / "told.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    reference = importlib.import_module("tallystick_reference")
    return reference.connect({**env, "TALLYSTICK_DATAFLOW": os.fspath(path)}, **more)


class Moody:
    """It was never told of one property in every second world, and of all in the others."""

    worlds = 0

    @classmethod
    def connect(cls, env: dict[str, str], **more: Any) -> Any:
        cls.worlds += 1
        known = (
            without_city
            if cls.worlds % 2
            else importlib.import_module("tallystick_reference").connect
        )
        return known(env, **more)


moody = Moody.connect
