"""`tallystick`, and `python -m tallystick`. Rule: who interrupts it while it is loaded sees no
traceback either.
"""

from __future__ import annotations

import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from tallystick.cli import main as command  # noqa: PLC0415  (it takes a second or two)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    command()


if __name__ == "__main__":
    main()
