"""Tallystick beside a test written by hand, on the same faulty connectors, in one run.

    python benchmarks/by_hand.py [--seconds 10] [--seed 1] [--names NAME ... | --all]

`hand_written.py` is what a good tester writes in an afternoon: a Hypothesis state machine, two
stubbed systems on sockets, a comparison of both sides after each sync. Each connector gets the same
number of the processor's seconds from both; the first complaint ends a search, and nothing is
shortened. For the hand-written test any failed comparison counts, and a sync that breaks or does
not end; for Tallystick any broken law, the declared one counted apart. Both first search the
reference connector for as long as every faulty one: a complaint is a false alarm, and is told.

The sample is about thirty of the catalogue, spread evenly, all of the checklist that the
hand-written test knows. It knows no trouble, kills or races, so fine weather is counted apart too.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "reference" / "src")]
sys.path.append(str(ROOT / "benchmarks"))

import hand_written  # noqa: E402

from tallystick.connectors.address import REFERENCE, resolve_factory  # noqa: E402
from tallystick.dataflow.json import save  # noqa: E402
from tallystick.run.proof import Budget, Searches, Suspect, search  # noqa: E402
from tallystick.run.stage import Theatre  # noqa: E402
from tallystick.run.wiring import state_root  # noqa: E402
from tallystick.systems.inprocess import InProcess  # noqa: E402
from tests.faulty.catalogue import suspects  # noqa: E402

CHECKLIST = "customwebshop-customerp"
SAMPLE = 30
HANGS_S = 4.0  # a search may take so many times its seconds by the clock on the wall


@dataclass(frozen=True)
class Side:
    """What one of the two made of a connector."""

    edits: int
    seconds: float
    complaint: str
    declared: bool = False


def is_known_by_hand(suspect: Suspect) -> bool:
    """Tell whether the hand-written test is about what this connector gets wrong."""
    return suspect.checklist == CHECKLIST and not suspect.policies


def chosen(names: Sequence[str], *, everything: bool) -> list[Suspect]:
    """Give those named, or all, or a sample spread evenly over the catalogue."""
    if names:
        return suspects(names)
    known = [suspect for suspect in suspects() if is_known_by_hand(suspect)]
    return known if everything else known[:: max(1, round(len(known) / SAMPLE))]


def tallystick(suspect: Suspect, seconds: float, number: int) -> Side:
    """Search with Tallystick."""
    budget = Budget(scripts=1_000_000, seconds=seconds)
    with InProcess() as network:
        theatre = Theatre(network, connector=suspect.address)
        suspect.dataflow(theatre)
        try:
            with hand_written.at_most(HANGS_S * seconds + 5):
                row, _ = search(theatre, suspect, number, budget, Searches())
        except hand_written.TooLong:
            return Side(0, seconds, "")
        finally:
            theatre.close()
    return Side(row.edits, row.seconds, ", ".join(row.caught_by), row.outcome == "caught")


def by_hand(suspect: Suspect, seconds: float, number: int) -> Side:
    """Search with the hand-written test; what the connector prints is nobody's business."""
    with tempfile.TemporaryDirectory(dir=state_root()) as folder:
        file = Path(folder) / "dataflow.json"
        _write_dataflow(suspect, file)
        factory, output = resolve_factory(suspect.address), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            outcome = hand_written.run(factory, file, seconds, number)
    return Side(outcome.edits, outcome.seconds, outcome.failure)


def _write_dataflow(suspect: Suspect, file: Path) -> None:
    with InProcess() as network:
        theatre = Theatre(network)
        save(suspect.dataflow(theatre), file)
        theatre.close()


SEARCHES: dict[str, Callable[[Suspect, float, int], Side]] = {
    "by hand": by_hand,
    "Tallystick": tallystick,
}


def compared(suspect: Suspect, seconds: float, number: int) -> dict[str, Side]:
    """Search one connector with both, and print the line."""
    sides = {name: look(suspect, seconds, number) for name, look in SEARCHES.items()}
    weather = "+".join(sorted(suspect.weather)) or "fine"
    print(f"{suspect.name:28} {weather:7}" + "".join(f" {told(s):50}" for s in sides.values()))
    return sides


def told(side: Side) -> str:
    """Say what came of a search, and when."""
    if not side.complaint:
        return "     -"
    return f"{side.seconds:6.2f} s  {ascii(side.complaint)[1:-1][:38]}"


def summary(rows: Sequence[tuple[Suspect, dict[str, Side]]]) -> Iterator[str]:
    """Give the closing table."""
    fine = [sides for suspect, sides in rows if not suspect.weather]
    yield f"{'':34}" + "".join(f"{name:>14}" for name in SEARCHES)
    for title, chosen_rows in (
        ("faults caught", [sides for _, sides in rows]),
        ("of those of fine weather", fine),
    ):
        caught = (sum(bool(sides[name].complaint) for sides in chosen_rows) for name in SEARCHES)
        yield f"{title:34}" + "".join(f"{f'{n} of {len(chosen_rows)}':>14}" for n in caught)
    declared = sum(sides["Tallystick"].declared for _, sides in rows)
    yield f"{'by the law that they declare':34}{'':14}{f'{declared} of {len(rows)}':>14}"
    yield f"{'median seconds to catch':34}" + "".join(
        f"{_median([s[name].seconds for _, s in rows if s[name].complaint]):>14}"
        for name in SEARCHES
    )


def _median(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f}" if values else "-"


def main() -> int:
    """Measure and print; 1 if either of the two accused the reference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each search")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--names", nargs="+", default=(), help="of faulty connectors")
    parser.add_argument("--all", action="store_true", help="all that the hand-written test knows")
    asked = parser.parse_args()
    accused = chosen(asked.names, everything=asked.all)
    innocent = Suspect(
        name="reference", address=REFERENCE, law="", checklist=CHECKLIST, agreement=CHECKLIST
    )
    print(f"{'connector':28} {'weather':7}" + "".join(f" {name:50}" for name in SEARCHES))
    alarms = compared(innocent, asked.seconds, asked.seed)
    rows = [(suspect, compared(suspect, asked.seconds, asked.seed)) for suspect in accused]
    print()
    for line in summary(rows):
        print(line)
    speeds = (f"{alarms[name].edits / alarms[name].seconds:.0f}" for name in SEARCHES)
    print(f"{'edits a second, the reference':34}" + "".join(f"{speed:>14}" for speed in speeds))
    false = ("yes" if alarms[name].complaint else "none" for name in SEARCHES)
    print(f"{'false alarms, the reference':34}" + "".join(f"{word:>14}" for word in false))
    return int(any(side.complaint for side in alarms.values()))


if __name__ == "__main__":
    sys.exit(main())
