"""What all scenarios of a pytest session share. Rule: nothing is made before it is needed.

The network stands in for httpx's transports only while one of our scenarios is played, so that
other people's tests in the same session keep theirs.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tallystick.connectors.address import REFERENCE
from tallystick.run.explore import explore
from tallystick.run.stage import Effort, Theatre
from tallystick.systems.inprocess import InProcess

__all__ = ["CI_SEED", "Company"]

CI_SEED: Final = 1  # a gate gives the same answer for the same commit; campaigns look further


@dataclass(slots=True)
class Company:
    """One session's theatre."""

    connector: str = REFERENCE
    edits: int = 200
    seed: int | None = None
    _theatre: Theatre | None = None

    @contextmanager
    def theatre(self) -> Iterator[Theatre]:
        """Give the theatre, with its network in place."""
        if self._theatre is None:
            if self.seed is None:
                self.seed = (
                    CI_SEED if "CI" in os.environ else random.SystemRandom().randrange(1 << 32)
                )
            self._theatre = Theatre(
                InProcess(),
                connector=self.connector,
                effort=Effort(edits=self.edits, seed=self.seed),
                explorer=explore,
            )
        with self._theatre.network:
            yield self._theatre

    def close(self) -> None:
        """Take away what the theatre left."""
        if self._theatre is not None:
            self._theatre.close()
            self._theatre = None
