"""A faulty connector as a process: `python tests/faulty/__main__.py NAME`, in any folder.

It loads the reference and the faults, and nothing of the harness.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "reference" / "src")]

from tallystick_reference.__main__ import main  # noqa: E402

SUPPORT = ("__main__", "catalogue", "fault", "lenses", "told")


def found(name: str):
    """Give the faulty connector of a name."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        if path.stem in SUPPORT or path.stem.startswith("test_"):
            continue
        if f'"{name}"' not in path.read_text(encoding="utf-8"):
            continue  # one module less to load
        theme = importlib.import_module(f"tests.faulty.{path.stem}")
        for fault in getattr(theme, "FAULTY", ()):
            if fault.name == name:
                return fault
    sys.exit(f"no faulty connector is called {name!r}")


if __name__ == "__main__":
    sys.exit(main(found(sys.argv[1])))
