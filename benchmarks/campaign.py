"""A campaign of random edits in all weather: does the suite accuse a correct connector?

    python benchmarks/campaign.py --edits 1000000 --processes 2
    python benchmarks/campaign.py --connector python:tests.correct.one_file:connect --narrow
    python benchmarks/campaign.py --connector "command:node reference/javascript/main.js"

Seeds are done in blocks, each noted in a file when it is finished, so that a campaign can be broken
off at any time and goes on where it was. Blocks go round the dialects and the policies. A block in
which a law was broken is noted with its counterexample; `--retry` does only those again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice, product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "reference" / "src")]

from tallystick.dataflow.dialects import speaking  # noqa: E402
from tallystick.dataflow.model import SIDES, Dataflow  # noqa: E402
from tallystick.run.explore import explore_pair  # noqa: E402
from tallystick.run.stage import Effort, Theatre  # noqa: E402
from tallystick.systems.inprocess import InProcess  # noqa: E402
from tallystick.vocabulary.script_json import script_to_json  # noqa: E402

WEATHER = frozenset({"faults", "kills", "races", "crowds", "clocks"})
APIS = tuple(product(("storefront/1", "ledger/1"), repeat=2))
POLICIES: tuple[dict[str, str], ...] = (
    {},
    {"conflicts": "source-wins"},
    {"conflicts": "target-wins", "empty": "keep"},
    {"deletions": "detach"},
    {"create": "both"},
)
NARROW_POLICIES = tuple(p for p in POLICIES if not {"empty", "create"} & p.keys())
NAMES = ("customwebshop-customerp", "connected", "no-match", "onboarding", "conditional")
EDITS_A_BLOCK = 300


@dataclass(frozen=True)
class Block:
    """One block of work, told by its number: what runs, and from which seed."""

    number: int
    connector: str
    narrow: bool = False

    def settings(self) -> tuple[str, tuple[str, str], dict[str, str]]:
        """Give checklist, dialects and policies; the first block is the agreed pair as it is."""
        turn = self.number
        name = NAMES[0] if turn % 5 or self.narrow else NAMES[turn // 5 % len(NAMES)]
        apis = APIS[1] if turn % 2 == 0 else APIS[turn // 2 % len(APIS)]
        policies = NARROW_POLICIES if self.narrow else POLICIES
        return name, apis, policies[turn // 3 % len(policies)]


def altered(dataflow: Dataflow, apis: tuple[str, str], policies: dict[str, Any]) -> Dataflow:
    """Give a dataflow whose systems speak other dialects, under other policies."""
    changed: Any = replace
    spoken: Any = dataflow
    for side, api in zip(SIDES, apis, strict=True):
        spoken = speaking(spoken, side, api)
    return changed(spoken, policies=changed(dataflow.policies, **policies))


def run_block(block: Block) -> dict[str, Any]:
    """Do one block and give the line for the file."""
    name, apis, policies = block.settings()
    began = time.monotonic()
    done: dict[str, Any] = {"block": block.number, "edits": 0, "exchanges": 0, "failures": []}
    with InProcess() as network:
        theatre = Theatre(network, connector=block.connector)
        dataflow = altered(theatre.dataflow(name, name, None), apis, policies)
        for pair in dataflow.pairs:
            effort = Effort(
                edits=EDITS_A_BLOCK // len(dataflow.pairs), seed=block.number, weather=WEATHER
            )
            judgement, found = explore_pair(theatre, dataflow, pair, effort)
            done["edits"] += judgement.edits
            done["exchanges"] += judgement.exchanges
            if found is not None:
                first = found.violations[0]
                done["failures"].append(
                    {
                        "checklist": name,
                        "apis": apis,
                        "policies": policies,
                        "pair": pair.name,
                        "law": first.law,
                        "anomaly": first.anomaly,
                        "script": script_to_json(found.script),
                    }
                )
        theatre.close()
    done["seconds"] = round(time.monotonic() - began, 2)
    return done


def read_notes(path: Path) -> dict[int, dict[str, Any]]:
    """Give what is noted already, by block; the last line for a block counts."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = (json.loads(line) for line in lines if line.endswith("}"))
    return {note["block"]: note for note in notes}


def blocks_to_do(
    notes: dict[int, dict[str, Any]], first: Block, edits: int, *, retry: bool
) -> Iterator[Block]:
    """Give blocks until the edits that are noted by then add up to `edits`."""
    if retry:
        failed = [number for number, note in sorted(notes.items()) if note["failures"]]
        yield from (replace(first, number=number) for number in failed)
        return
    number = 0
    while sum(note["edits"] for note in notes.values()) < edits:
        if number not in notes:
            yield replace(first, number=number)
        number += 1


def results(todo: Iterator[Block], processes: int) -> Iterator[dict[str, Any]]:
    """Do blocks, some at a time; the next is asked for once there is a hand free."""
    with ProcessPoolExecutor(processes, max_tasks_per_child=20) as pool:
        waiting = {pool.submit(run_block, block) for block in islice(todo, processes)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for each in done:
                yield each.result()
            waiting |= {pool.submit(run_block, block) for block in islice(todo, len(done))}


def main() -> int:
    """Run, or go on with, a campaign."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--connector", default="reference")
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--notes", type=Path, default=Path(".tallystick") / "campaign.jsonl")
    parser.add_argument(
        "--narrow",
        action="store_true",
        help="only the packaged pair, and no policy that one_file leaves out",
    )
    parser.add_argument("--retry", action="store_true", help="do the failed blocks again")
    asked = parser.parse_args()
    asked.notes.parent.mkdir(parents=True, exist_ok=True)
    notes = read_notes(asked.notes)
    first = Block(0, asked.connector, narrow=asked.narrow)
    todo = blocks_to_do(notes, first, asked.edits, retry=asked.retry)
    with asked.notes.open("a", encoding="utf-8") as file:
        for done in results(todo, asked.processes):
            notes[done["block"]] = done
            file.write(json.dumps(done) + "\n")
            file.flush()
            tell(notes, done)
    failures = sum(bool(note["failures"]) for note in notes.values())
    return 1 if failures else 0


def tell(notes: dict[int, dict[str, Any]], done: dict[str, Any]) -> None:
    """Print where the campaign stands."""
    edits = sum(note["edits"] for note in notes.values())
    failed = sorted(n for n, note in notes.items() if note["failures"])
    print(f"{edits:,} edits in {len(notes)} blocks; {len(failed)} failed {failed[:8]}", flush=True)
    for failure in done["failures"]:
        print("   ", failure["law"], failure["anomaly"], failure["checklist"], failure["pair"])


if __name__ == "__main__":
    sys.exit(main())
