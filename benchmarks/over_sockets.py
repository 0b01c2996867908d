"""What verifying over sockets costs, measured against the same exchanges made bare.

    python benchmarks/over_sockets.py

A run of random edits is recorded with the reference as a process. Then a connector that thinks of
nothing sends the same requests once more in each sync: within the same scripts, judged by all laws;
and to the same server with an empty handler, that gives the recorded answers. So connector, client
and server are the same on both sides, and what is left is the harness. Starts of processes are left
out and told beside. Last, what a settle costs in poll mode, in polling intervals.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "reference" / "src")]

from tallystick.connectors.command import Command  # noqa: E402
from tallystick.dataflow.model import SIDES, Dataflow  # noqa: E402
from tallystick.run.actions import StepImpossible, perform  # noqa: E402
from tallystick.run.proof import Searches  # noqa: E402
from tallystick.run.stage import Theatre  # noqa: E402
from tallystick.run.world import World  # noqa: E402
from tallystick.systems.inprocess import InProcess  # noqa: E402
from tallystick.systems.server import Sockets  # noqa: E402
from tallystick.vocabulary.events import Request, Response  # noqa: E402
from tallystick.vocabulary.script import Create, Edit, Ref, Script, Settle  # noqa: E402

NAME = "customwebshop-customerp"
REFERENCE = f"""
import sys
sys.path.insert(0, {str(ROOT / "reference" / "src")!r})
from tallystick_reference.__main__ import main
sys.exit(main())
"""
TAPE = """
import json, os, sys, time
import httpx
def given(what):
    return {side: os.environ[f"TALLYSTICK_{side.upper()}_{what}"] for side in ("source", "target")}
client = httpx.Client(trust_env=False, verify=False)
urls, tokens = given("URL"), given("TOKEN")
syncs = iter(json.load(open(sys.argv[1])))
print('{"ready": true}', flush=True)
began = time.process_time()
for line in sys.stdin:
    for side, method, target, headers, body in next(syncs, []):
        headers["authorization"] = f"Bearer {tokens[side]}"
        client.request(method, urls[side] + target, headers=headers, content=body or None).read()
    with open(sys.argv[1] + ".cost", "w") as file:
        file.write(str(time.process_time() - began))
    print(json.dumps({"id": json.loads(line)["id"], "did": "sync"}), flush=True)
"""

_WARM = 3  # scripts that are not counted: what is made once for a dataflow is made there

Call = tuple[str, str, str, dict[str, str], str]


@dataclass
class Recording:
    """One script, and what was exchanged in each of its syncs."""

    script: Script
    syncs: list[list[Call]] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)


def play(world: World, script: Script) -> None:
    """Play a script to its end, whatever comes to light."""
    for step in script:
        try:
            perform(world, step)
        except StepImpossible:
            continue


def recorded(theatre: Theatre, dataflow: Dataflow, script: Script) -> Recording:
    """Play a script, and keep what the connector asked and was answered."""
    made = Recording(script)
    world = theatre.world(dataflow, script=script)
    exchange, began = world._exchange, world._sync_began  # noqa: SLF001

    def kept(name: str, request: Request) -> Any:
        answer = exchange(name, request)
        names = ("content-type", "if-match", "idempotency-key")
        headers = {name: request.headers[name] for name in names if name in request.headers}
        call = (name, request.method, request.target, headers, request.body.decode())
        made.syncs[-1].append(call)
        made.answers.append(answer)
        return answer

    def noted() -> None:
        made.syncs.append([])
        began()

    world._exchange, world._sync_began = kept, noted  # type: ignore[method-assign]  # noqa: SLF001
    play(world, script)
    world.close()
    return made


@dataclass(frozen=True)
class Cost:
    """What something took: seconds, and seconds of computing in both processes."""

    seconds: float
    cpu: float


class Meter:
    """Measures a piece of work, with what the tape at `path` says of itself."""

    def __init__(self, path: Path) -> None:
        self._cost = path.with_name(path.name + ".cost")
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> Cost:
        """Give the cost since it was made."""
        seconds, cpu = time.perf_counter() - self._began, time.process_time() - self._cpu
        return Cost(seconds, cpu + float(self._cost.read_text()))


def judged(theatre: Theatre, dataflow: Dataflow, made: Recording, tape: Path) -> tuple[Cost, float]:
    """Give the cost of a script with the tape, and the seconds that its start took."""
    world = theatre.world(dataflow, script=made.script)
    began = time.perf_counter()
    with world.wiring.turn:
        world.start()
    start_s = time.perf_counter() - began
    meter = Meter(tape)
    play(world, made.script)
    cost = meter.read()
    world.close()
    return cost, start_s


def bare(made: Recording, tape: Path) -> Cost:
    """Give the cost of the same requests to the same server, answered as they were before."""
    answers = iter(made.answers)
    with Sockets(SIDES) as network:
        network.connect(lambda _name, _request: next(answers))
        given = {f"TALLYSTICK_{side.upper()}_URL": network.urls[side] for side in SIDES}
        given |= {f"TALLYSTICK_{side.upper()}_TOKEN": "x" * 30 for side in SIDES}
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", TAPE, str(tape)],
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None  # noqa: S101
            assert process.stdout is not None  # noqa: S101
            process.stdout.readline()
            meter = Meter(tape)
            for number, _ in enumerate(made.syncs):
                process.stdin.write(json.dumps({"id": number, "do": "sync"}) + "\n")
                process.stdin.flush()
                process.stdout.readline()
            cost = meter.read()
            process.stdin.close()
    return cost


def theatre_for(argv: tuple[str, ...], mode: Any = "stdio") -> Theatre:
    """Give a theatre for a process."""
    launch = Command(argv=argv, mode=mode)
    return Theatre(InProcess(), connector="command:…", launch=launch)


def recordings(count: int, seed: int) -> tuple[Dataflow, list[Recording]]:
    """Record random scripts."""
    theatre = theatre_for((sys.executable, "-c", REFERENCE))
    dataflow = theatre.dataflow(NAME, NAME, None)
    drawn = Searches().interleaved(dataflow, frozenset(), seed, theatre.waits)
    made = [recorded(theatre, dataflow, next(drawn)) for _ in range(count)]
    theatre.close()
    return dataflow, made


def compared(
    dataflow: Dataflow, made: list[Recording], folder: Path
) -> Iterator[tuple[Cost, Cost, float]]:
    """Give, for each recording, its cost judged and bare, and the seconds of the start."""
    for number, each in enumerate(made):
        tape = folder / f"{number}.json"
        tape.write_text(json.dumps(each.syncs), encoding="utf-8")
        theatre = theatre_for((sys.executable, "-c", TAPE, str(tape)))
        cost, start_s = judged(theatre, dataflow, each, tape)
        theatre.close()
        yield cost, bare(each, tape), start_s


def settle_intervals(settles: int) -> tuple[float, float]:
    """Give the longest settle in poll mode in milliseconds, and the polling interval it had."""
    theatre = theatre_for((sys.executable, "-c", REFERENCE), mode="poll")
    dataflow = theatre.dataflow(NAME, NAME, None)
    world = theatre.world(dataflow)
    ann, costs = Ref("Ann", "Customer"), []
    perform(world, Create(side="source", record=ann))
    perform(world, Settle())
    driver: Any = world.wiring.driver
    for number in range(settles):
        perform(world, Edit(side="source", record=ann, values=(("firstName", f"n{number}"),)))
        began = time.perf_counter()
        perform(world, Settle())
        costs.append(time.perf_counter() - began)
    gap = driver._rest._watch.longest_gap_s  # noqa: SLF001
    world.close()
    theatre.close()
    return statistics.median(costs) * 1000, gap * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scripts", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--settles", type=int, default=10)
    asked = parser.parse_args()
    dataflow, made = recordings(asked.scripts + _WARM, asked.seed)
    gc.collect()
    gc.freeze()  # what this benchmark itself holds is nobody's cost
    with tempfile.TemporaryDirectory() as folder:
        rows = list(compared(dataflow, made, Path(folder)))[_WARM:]
    exchanges = sum(len(each.answers) for each in made[_WARM:])
    print(f"{asked.scripts} scripts, {exchanges} exchanges; starts {sum(r[2] for r in rows):.1f} s")
    for name in ("cpu", "seconds"):
        whole, alone = (sum(getattr(row[at], name) for row in rows) for at in (0, 1))
        print(f"{name:8} verified {whole:.2f}, bare {alone:.2f}: ratio {whole / alone:.2f}")
    settle_ms, gap_ms = settle_intervals(asked.settles)
    intervals = (settle_ms - 150) / gap_ms
    print(
        f"poll: a settle takes {settle_ms:.0f} ms (median): {intervals:.1f} polling intervals of"
        f" {gap_ms:.0f} ms, plus 150 ms"
    )


if __name__ == "__main__":
    main()
