"""What reading and lint cost, against docutils' own parse of the same documents, side by side.

    python benchmarks/reading.py [--documents 400] [--rounds 3] [--seed 0]

The documents are made up, in the sizes and with the defects of real ones. Printed are CPU seconds,
the ratio that counts, and how memory grows; nothing here is asserted.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from docutils.core import publish_doctree

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tallystick.checklist import lint_files  # noqa: E402
from tests.dialect.documents import document  # noqa: E402

_QUIET = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = _written(Path(folder), options.documents, options.seed)
        size = sum(Path(file).stat().st_size for file in files)
        print(f"{len(files)} documents, {size / 1e6:.1f} MB")
        half = len(files) // 2
        peaks = [_peak_after(part) for part in (files[:half], files[half:])]
        theirs, ours = [], []
        for _ in range(options.rounds):
            theirs.append(_seconds(_docutils, files))
            ours.append(_seconds(_ours, files))
    ratio = statistics.median(mine / their for mine, their in zip(ours, theirs, strict=True))
    print(
        f"peak memory:         {peaks[0]:7.1f} MB after half of them, {peaks[1]:.1f} MB after all"
    )
    print(f"docutils' own parse: {min(theirs):7.2f} s")
    print(f"reading and lint:    {min(ours):7.2f} s")
    print(f"ratio:               {ratio:7.2f}   (at most 1.4)")
    return 0


def _written(folder: Path, count: int, seed: int) -> Sequence[str]:
    files = []
    for number in range(count):
        path = folder / f"{number:05}.rst"
        path.write_bytes(document(Random(seed * 1_000_003 + number)).text.encode())  # noqa: S311
        files.append(str(path))
    return files


def _seconds(function: Callable[[str], object], files: Sequence[str]) -> float:
    began = time.process_time()
    for file in files:
        function(file)
    return time.process_time() - began


def _peak_after(files: Sequence[str]) -> float:
    _seconds(_ours, files)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _docutils(file: str) -> object:
    return publish_doctree(Path(file).read_bytes(), settings_overrides=_QUIET)


def _ours(file: str) -> object:
    return lint_files((file,))


if __name__ == "__main__":
    raise SystemExit(main())
