"""What a session is told of its scenarios, by whichever process played them. Rule: it gathers, and
has the result of it written; a session that was cut short, or plays only a part, gives no verdict.
"""

from __future__ import annotations

import json
import pickle
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path

from tallystick.recording.recorder import Recording
from tallystick.results.events import FeatureRead, RunStarted, event_from_json
from tallystick.results.result import RunResult
from tallystick.results.status import INTERRUPTED, PRECEDENCE
from tallystick.run.suite import Played

__all__ = ["Hearing", "packed"]


def packed(played: Played) -> str:
    """Give a scenario, its journal and all, as text for `Hearing.hear_of_failure`."""
    return b64encode(zlib.compress(pickle.dumps(played))).decode()


class Hearing:
    """One session's scenarios, as they were told; results go to `folder`, if there is one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._recording: Recording | None = None
        self._started: RunStarted | None = None
        self._broken: list[tuple[int, str]] = []
        self.failed: list[Played] = []
        self.result: RunResult | None = None

    def hear(self, lines: Iterable[str]) -> None:
        """Take in what one scenario came to; the first one tells what the run is about."""
        for line in lines:
            event = event_from_json(json.loads(line))
            if isinstance(event, RunStarted):
                if self._recording is None:
                    self._started = event
                    self._recording = Recording(event, folder=self._folder)
            elif self._recording is not None and not self._is_known(event):
                self._recording.add(event)

    def _is_known(self, event: object) -> bool:
        """Tell whether another process has told the text of a feature already."""
        known = self._recording.tally.features if self._recording is not None else {}
        return isinstance(event, FeatureRead) and event.file in known

    def hear_of_failure(self, played: str) -> None:
        """Take in a scenario that failed in another process of this session, for the report."""
        unpacked: Played = pickle.loads(zlib.decompress(b64decode(played)))  # noqa: S301  (it is ours)
        self.failed.append(unpacked)

    def hear_of_trouble(self, exit_status: int, why: str) -> None:
        """Take in that a scenario could not be played, and what that comes to."""
        self._broken.append((exit_status, why))

    def end(self, *, interrupted: bool, exit_status: int) -> RunResult | None:
        """End the recording; give its result, None where nothing was told.

        `exit_status` is what a session comes to that is no whole run.
        """
        if self._recording is None or self._started is None:
            return None
        with self._recording as recording:
            recording.failed.extend(self.failed)
            played, planned = len(recording.tally.scenarios), self._started.scenarios
            if self._broken:
                status, why = min(self._broken, key=lambda each: PRECEDENCE.index(each[0]))
                recording.cut_short(why, status)
            elif interrupted:
                recording.cut_short("it was interrupted", INTERRUPTED)
            elif played < planned:
                why = f"only {played} of {planned} scenarios were played"
                recording.cut_short(why, exit_status)
            elif self._started.partial:
                recording.cut_short(self._started.partial, exit_status)
        self.result = self._recording.result
        return self.result
