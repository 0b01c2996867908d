"""What the harness itself costs, against the bare exchanges that a run makes; all in one run.

    python benchmarks/overhead.py [--edits 600] [--rounds 3]

The same random scripts are run with clocks around the connector, the systems and the laws. Then the
same requests, with answers of the same sizes, are made through a plain httpx client and plain respx
routes. Printed are ratios and shares; nothing here is asserted.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import respx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "reference" / "src")]

from tallystick.connectors.python import PythonConnector  # noqa: E402
from tallystick.laws.judge import Judge  # noqa: E402
from tallystick.run.actions import perform  # noqa: E402
from tallystick.run.explore import explore_pair  # noqa: E402
from tallystick.run.stage import Effort, Theatre  # noqa: E402
from tallystick.run.world import World  # noqa: E402
from tallystick.systems.inprocess import InProcess  # noqa: E402
from tallystick.vocabulary.events import Request, Response  # noqa: E402
from tallystick.vocabulary.script import Create, Edit, Ref, Settle  # noqa: E402

NAME = "customwebshop-customerp"
Call = tuple[str, str, bytes, int, bytes]


@dataclass
class Meter:
    """Seconds spent in each part, and the exchanges that were made."""

    seconds: dict[str, float] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give `function` with a clock around it."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.perf_counter() - began
                self.seconds[name] = self.seconds.get(name, 0.0) + spent

        return timed


class MeteredNetwork(InProcess):
    """A network that keeps what was exchanged and how long the systems took."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.meter = meter

    def connect(self, exchange: Any, *, strayed: Any = None, **urls: str) -> None:
        """Put systems behind the network, with a clock around them."""
        timed = self.meter.around("behind the client", exchange)

        def kept(name: str, request: Request) -> Any:
            answer = timed(name, request)
            if isinstance(answer, Response):
                call = (request.method, request.target, request.body, answer.status, answer.body)
                self.meter.calls.append(call)
            return answer

        super().connect(kept, strayed=strayed, **urls)


def measured_run(edits: int, seed: int) -> tuple[float, Meter]:
    """Explore one pair; give its seconds and what the meter says."""
    meter = Meter()
    feed, sync, start = Judge.feed, PythonConnector.sync, PythonConnector.start
    Judge.feed = meter.around("laws and journal", feed)  # type: ignore[method-assign]
    PythonConnector.sync = meter.around("sync", sync)  # type: ignore[method-assign]
    PythonConnector.start = meter.around("start", start)  # type: ignore[method-assign]
    try:
        with MeteredNetwork(meter) as network:
            theatre = Theatre(network)
            dataflow = theatre.dataflow(NAME, NAME, None)
            began = time.perf_counter()
            explore_pair(theatre, dataflow, dataflow.pairs[0], Effort(edits=edits, seed=seed))
            total = time.perf_counter() - began
            theatre.close()
    finally:
        Judge.feed = feed  # type: ignore[method-assign]
        PythonConnector.sync = sync  # type: ignore[method-assign]
        PythonConnector.start = start  # type: ignore[method-assign]
    return total, meter


def bare_seconds(calls: list[Call]) -> float:
    """Make the same exchanges through a plain client and plain routes; give the seconds."""
    answers = iter(calls)

    def answer(_: httpx.Request) -> httpx.Response:
        _, _, _, status, body = next(answers)
        return httpx.Response(status, content=body, headers={"content-type": "application/json"})

    headers = {"authorization": "Bearer token", "content-type": "application/json"}
    with respx.mock(assert_all_called=False) as router, httpx.Client() as client:
        router.route(host="source.test").mock(side_effect=answer)
        began = time.perf_counter()
        for at, (method, target, body, _, _) in enumerate(calls):
            url = f"http://source.test{target}"
            client.request(method, url, content=body or None, headers=headers).read()
            if at % 20 == 0:
                router.calls.clear()
        return time.perf_counter() - began


def flatness(edits: int) -> float:
    """Give the milliseconds for one edit and its settle, in a script of `edits` edits."""
    with InProcess() as network:
        theatre = Theatre(network)
        dataflow = theatre.dataflow(NAME, NAME, None)
        world: World = theatre.world(dataflow)
        ann = Ref("Ann", "Customer")
        perform(world, Create(side="source", record=ann))
        perform(world, Settle())
        began = time.perf_counter()
        for number in range(edits):
            values = (("firstName", f"name {number}"),)
            perform(world, Edit(side="source", record=ann, values=values))
            perform(world, Settle())
        spent = time.perf_counter() - began
        world.close()
        theatre.close()
    return spent / edits * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    measured_run(50, 1)
    rows = []
    for seed in range(asked.rounds):
        total, meter = measured_run(asked.edits, seed + 1)
        spent = meter.seconds
        connector = spent["sync"] + spent["start"] - spent["behind the client"]
        bare = bare_seconds(meter.calls)
        own = total - connector
        rows.append((own / bare, connector / total, spent["laws and journal"] / total))
        print(
            f"{len(meter.calls):6} exchanges in {total:6.2f} s: the harness {own:6.2f} s,"
            f" the connector {connector:6.2f} s; the same exchanges bare {bare:6.2f} s"
        )
    names = ("harness / bare exchanges", "connector / run", "laws and journal / run")
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        print(f"{name:26} median {statistics.median(column):.2f}")
    costs = {}
    for edits in (10, 100, 1000):
        gc.collect()  # of what the runs above have left
        costs[edits] = statistics.median(flatness(edits) for _ in range(3))
    print("ms an edit, by length:    ", {n: round(ms, 2) for n, ms in costs.items()})
    print(f"1,000 edits / 10 edits:    {costs[1000] / costs[10]:.2f}")


if __name__ == "__main__":
    main()
