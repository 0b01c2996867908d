"""Signals, where one command has several processes. Rule: a person's Ctrl-C is for the command,
which ends its processes.
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType
from typing import Final

__all__ = ["ended_in_order", "interrupt", "leave_interrupts", "no_interrupt"]

_DEAF: Final = "gc_callback"  # Hypothesis's: what is raised in there is printed, and lost
_SOON_S: Final = 0.02
_PEACE_S: Final = 3.0
_last: dict[int, float] = {}


def interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, as a handler of a signal; a moment later where it would be lost.

    A second signal soon after the first is not heeded: what is ended then is ended in peace.
    """
    if time.monotonic() - _last.get(number, -math.inf) < _PEACE_S:
        return
    while frame is not None:
        if frame.f_code.co_name == _DEAF:
            threading.Timer(_SOON_S, os.kill, (os.getpid(), number)).start()
            return
        frame = frame.f_back
    _last[number] = time.monotonic()
    raise KeyboardInterrupt


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Have SIGTERM do what Ctrl-C does (in the main thread: nowhere else can it be had)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Have Ctrl-C wait: a process that is started now inherits that, until it ignores it itself."""
    resource_tracker.ensure_running()  # it would let interrupts through again when it is started
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def leave_interrupts() -> None:
    """Let Ctrl-C end the command, which ends its processes: they have nothing to say about it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
