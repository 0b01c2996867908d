"""Work in this process that never ends. Rule: it counts the processor's time, and no clock's.

Where the system has a timer of the processor's time (POSIX), and only in the main thread, what
neither returns nor shows a sign of life is ended by an exception out of its own code. What waits
without working (`time.sleep`) or catches even that exception for ever cannot be ended.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Final

__all__ = ["Endless", "Watch"]

_LOOKS: Final = 20  # until patience ends
_OURS: Final = f"{__name__.partition('.')[0]}."


class Endless(BaseException):
    """Raised into what never ends. It is no `Exception`, so that nothing there takes it for one."""


class Watch:
    """Watches work that is done in the main thread; `alive` is its sign of life.

    `patience_s` are the seconds of the processor that may go by without one.
    """

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self._signs = self._known = 0
        self._since_s = 0.0

    def alive(self) -> None:
        """Note a sign of life."""
        self._signs += 1

    @contextlib.contextmanager
    def over(self) -> Iterator[None]:
        """Watch over what is done inside; Endless where it does not end."""
        if not _can_watch():
            yield
            return
        self._known, self._since_s = self._signs, time.thread_time()
        before = signal.signal(signal.SIGPROF, self._look)
        look_s = self.patience_s / _LOOKS
        signal.setitimer(signal.ITIMER_PROF, look_s, look_s)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        """End what is at work if it has shown no sign of life for too long, unless that is us."""
        now_s = time.thread_time()
        if self._signs != self._known:
            self._known, self._since_s = self._signs, now_s
        elif now_s - self._since_s > self.patience_s and not _is_ours(frame):
            raise Endless


def _can_watch() -> bool:
    """Tell whether there is such a timer here, and nobody else has need of it."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return False
    unused = signal.getsignal(signal.SIGPROF) in (signal.SIG_DFL, signal.SIG_IGN)
    return unused and signal.getitimer(signal.ITIMER_PROF)[0] == 0


def _is_ours(frame: FrameType | None) -> bool:
    """Tell whether a request is being answered: what a connector does then is our own work."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(_OURS):
            return not name.startswith(f"{_OURS}connectors.python")
        frame = frame.f_back
    return True
