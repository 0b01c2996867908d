"""Connectors of the tests: made of one function, or the reference with one bad habit."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

import httpx

from tallystick_reference import connect


@dataclass
class Asks:
    """What a sync may use: `get` and `post` with the right token, the time, and its turn."""

    env: dict
    now: object
    sleep: object
    process: int
    turn: int = 0
    client: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False))  # noqa: S501

    def ask(self, side, method, target, **more):
        headers = {"authorization": f"Bearer {self.env[f'TALLYSTICK_{side.upper()}_TOKEN']}"}
        url = self.env[f"TALLYSTICK_{side.upper()}_URL"] + target
        return self.client.request(method, url, headers=headers | more.pop("headers", {}), **more)

    def get(self, side="source", target="/things", **more):
        return self.ask(side, "GET", target, **more)

    def post(self, side="target", target="/items", data=None):
        return self.ask(side, "POST", target, json={"data": data or {"name": "made"}})


def made_of(sync, *, on_close=lambda: None):
    """Give a factory of connectors whose every sync is `sync(asks)`."""
    processes = []

    def factory(env, *, now, sleep):
        processes.append(env)
        asks = Asks(env, now, sleep, len(processes))

        class Connector:
            def sync(self):
                asks.turn += 1
                sync(asks)

            def close(self):
                asks.client.close()
                on_close()

        return Connector()

    return factory


idle = made_of(lambda _: None)


def forgetful(env, *, now, sleep):
    """The reference, which does nothing any more after its third sync."""

    class Thrice:
        def __init__(self):
            self.honest = connect(env, now=now, sleep=sleep)
            self.left = 3

        def sync(self):
            if self.left:
                self.honest.sync()
                self.left -= 1

        def close(self):
            self.honest.close()

    return Thrice()


def unstartable(env, *, now, sleep):
    raise ValueError("no licence")


def breaks(env, *, now, sleep):
    """Fails whenever it is asked."""

    def fail(_):
        raise ValueError("I give up")

    return made_of(fail)(env, now=now, sleep=sleep)


def lost(env, *, now, sleep):
    """Asks somewhere else."""

    def ask(asks):
        with contextlib.suppress(httpx.TransportError):
            asks.client.get("http://home.test/things")

    return made_of(ask)(env, now=now, sleep=sleep)
