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
from tallystick.dataflow.model import Dataflow
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
        theatre = self._its_theatre()
        with theatre.network:
            yield theatre

    def _its_theatre(self) -> Theatre:
        if self._theatre is None:
            self._theatre = Theatre(
                InProcess(),
                connector=self.connector,
                effort=Effort(edits=self.edits, seed=self.choose_seed()),
                explorer=explore,
            )
        return self._theatre

    def choose_seed(self) -> int:
        """Give where random edits begin, chosen now if nobody has."""
        if self.seed is None:
            drawn = random.SystemRandom().randrange(1 << 32)
            self.seed = CI_SEED if "CI" in os.environ else drawn
        return self.seed

    def use(self, checklist: str, agreement: str, dataflow: Dataflow) -> None:
        """Let scenarios that name these documents mean this dataflow."""
        self._its_theatre().dataflows[checklist, agreement] = dataflow

    def close(self) -> None:
        """Take away what the theatre left."""
        if self._theatre is not None:
            self._theatre.close()
            self._theatre = None
