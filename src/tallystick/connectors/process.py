"""One process of a connector: started, listened to, ended. Rule: nothing of it is left behind.

It runs in a session, and so in a process group, of its own. One thread reads both its outputs:
lines on stdout are kept for whoever asks (`lines`), lines on stderr as evidence. Who waits for
either waits on `turn`, which is notified.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from tallystick.errors import ConnectorUnavailable

__all__ = ["Evidence", "Process"]

_CHUNK: Final = 65_536
_LONGEST_LINE: Final = 1_048_576  # of stdout: more is no answer
_MOST_LINES: Final = 1000  # of stdout, unread
_LOOK_S: Final = 0.1  # between two looks where nothing tells of a process's end
_LAST_LINES: Final = 100  # of stderr, where the cause is looked for
_CAUSE: Final = re.compile(r"(Uncaught |Caused by: )?[\w.$]*(Error|Exception|Throwable)\b.*")
_KILL_S: Final = 5.0  # for a killed group to be gone
_PROC: Final = Path("/proc")


class Evidence:
    """What a connector wrote to stderr: the first lines of it, since they were last taken, and the
    very last ones.
    """

    most_lines: Final = 2000
    longest_line: Final = 4096  # characters

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._dropped = 0

    def add(self, line: str) -> None:
        """Keep a line, in pieces if it is long, while there is room."""
        if line.strip():
            self._last.append(line[: self.longest_line])
        pieces = range(0, max(1, len(line)), self.longest_line)
        for at in pieces:
            if len(self._lines) >= self.most_lines:
                self._dropped += 1
                return
            self._lines.append(line[at : at + self.longest_line])

    def take(self) -> list[str]:
        """Give the lines, and forget them."""
        lines, self._lines = self._lines, []
        self._last.clear()
        if self._dropped:
            lines.append(f"({self._dropped} more lines were not kept)")
            self._dropped = 0
        return lines

    def last(self, count: int) -> list[str]:
        """Give the last lines that are not empty, without forgetting them.

        Of an error that is told before a long list of calls, as JavaScript and Java do, the lines
        from the error on.
        """
        lines = list(self._last)
        causes = [at for at, line in enumerate(lines) if _CAUSE.match(line)]
        start = min(causes[-1] if causes else len(lines), len(lines) - count)
        return lines[max(start, 0) :][:count]


class _Splitter:
    """Bytes to lines; a line that is too long ends where it is cut."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self._longest:
            lines.append(self._rest)
            self._rest = b""
        return [_text(line) for line in lines]

    def end(self) -> list[str]:
        rest, self._rest = self._rest, b""
        return [_text(rest)] if rest else []


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", errors="replace")


class Process:
    """A started process; ConnectorUnavailable where it cannot be started."""

    def __init__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        *,
        folder: Path | None,
        turn: threading.Condition,
        evidence: Evidence,
    ) -> None:
        self.lines: deque[str] = deque()
        self.flooded = False
        self.ended = False
        self._is_gone = False
        self._turn = turn
        self._evidence = evidence
        self._environment = dict(environment)
        try:
            self._popen = subprocess.Popen(  # noqa: S603  (split by us, and given to no shell)
                list(argv),
                env=self._environment,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConnectorUnavailable(
                f"{argv[0]!r} cannot be started: {why}", remedy=_remedy(error, argv[0], folder)
            ) from error
        self._pump = threading.Thread(target=self._listen, name="tallystick connector", daemon=True)
        self._pump.start()

    @property
    def pid(self) -> int:
        """Its number, and that of its process group."""
        return self._popen.pid

    @property
    def status(self) -> str:
        """How it ended, in words."""
        code = self._popen.poll()
        if code is None:
            return "it closed its output"
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"it was ended by {signal.Signals(-code).name}"
        return f"it ended with exit status {code}"

    def write(self, line: str) -> bool:
        """Write a line to its stdin; tell whether that could be done."""
        try:
            _stream(self._popen.stdin).write(line.encode() + b"\n")
        except (OSError, ValueError):
            return False
        return True

    def kill(self) -> None:
        """Kill it and its group, and wait until they are gone."""
        if self._is_gone:
            return  # its number may be another's by now
        self._signal(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(_KILL_S)
        until, killed = time.monotonic() + _KILL_S, set[int]()
        while time.monotonic() < until:
            killed.update(self._kill_rest())
            if not any(map(_group_of, killed)):  # one that ends has no environment any more
                break
            time.sleep(0.001)
        self._is_gone = True

    def finish(self, seconds: float, *, terminate: bool = False) -> bool:
        """End its input and give it so long to exit; then kill whatever is left of it.

        With `terminate` it is sent SIGTERM, too. Tells whether it went by itself. Not to be called
        by who holds the turn.
        """
        with contextlib.suppress(OSError):
            _stream(self._popen.stdin).close()
        if terminate and not self._is_gone:
            self._signal(signal.SIGTERM)
        try:
            self._popen.wait(seconds)
            went = True
        except subprocess.TimeoutExpired:
            went = False
        self.kill()
        self._pump.join(_KILL_S)
        for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(OSError):
                _stream(stream).close()
        return went

    def _kill_rest(self) -> list[int]:
        """Kill who is left of its group, and who left it; give their numbers."""
        left = [*_members(self.pid), *_strays(self._environment)]
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        return left

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    # Listening, in a thread of its own.

    def _listen(self) -> None:
        out, err = _stream(self._popen.stdout).fileno(), _stream(self._popen.stderr).fileno()
        answers, logs = _Splitter(_LONGEST_LINE), _Splitter(_LONGEST_LINE)
        with selectors.DefaultSelector() as selector:
            for number in (out, err):
                os.set_blocking(number, False)
                selector.register(number, selectors.EVENT_READ)
            end = _watch_end(self.pid, selector)
            while True:
                ready = {key.fd for key, _ in selector.select(None if end is not None else _LOOK_S)}
                is_over = end in ready if end is not None else self._popen.poll() is not None
                said = _read(out, selector) if out in ready or is_over else b""
                self._take(answers.feed(said), logs.feed(_read(err, selector)))
                if is_over or len(selector.get_map()) == (end is not None):
                    break
            if end is not None:
                os.close(end)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(_LOOK_S)
        self._take(answers.end(), logs.end(), ended=True)

    def _take(self, answers: list[str], logs: list[str], *, ended: bool = False) -> None:
        """Keep what was read. Logs first: what was logged before an answer is there with it."""
        with self._turn:
            for line in logs:
                self._evidence.add(line)
            for line in answers:
                if len(self.lines) < _MOST_LINES:
                    self.lines.append(line)
                else:
                    self.flooded = True
            self.ended = ended
            if answers or ended:
                self._turn.notify_all()


def _remedy(error: Exception, program: str, folder: Path | None) -> str:
    here = f"in {(folder or Path()).absolute()}"
    if isinstance(error, FileNotFoundError):
        return (
            f"Check its spelling: a name is looked for on PATH, a path {here}; a script's first"
            " line has to name a program that is there, too."
        )
    if isinstance(error, PermissionError):
        return (
            f"Begin the command with the program that runs it (node, python3, sh, …), or make the"
            f" file executable: chmod +x {program}"
        )
    return f"Check the command: it is started {here}, and no shell reads it."


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None, "all three are pipes"  # noqa: S101
    return stream


def _read(number: int, selector: selectors.BaseSelector) -> bytes:
    """Read what is there, up to a bound; at its end it is watched no longer."""
    parts: list[bytes] = []
    while number in selector.get_map() and len(parts) < 16:
        try:
            part = os.read(number, _CHUNK)
        except BlockingIOError:
            break
        except OSError:
            part = b""
        if not part:
            selector.unregister(number)
            break
        parts.append(part)
    return b"".join(parts)


def _watch_end(pid: int, selector: selectors.BaseSelector) -> int | None:
    """Have the selector tell of a process's end, where the machine can; else give None."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        number = os.pidfd_open(pid)
    except OSError:
        return None
    selector.register(number, selectors.EVENT_READ)
    return number


def _numbers() -> list[int]:
    """Give the numbers of all processes, where the machine tells."""
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _members(group: int) -> list[int]:
    """Give who of a group still runs, and does not merely wait to be reaped."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return []
    if not _PROC.is_dir():
        return []  # its leader was reaped, and the others were sent the same signal
    return [pid for pid in _numbers() if _group_of(pid) == group]


def _group_of(pid: int) -> int:
    """Give the process group of a process that runs, else 0."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] in "ZX" else int(fields[2])


def _strays(environment: Mapping[str, str]) -> list[int]:
    """Give who has left the group and still runs: the environment tells whose they are."""
    state = environment.get("TALLYSTICK_STATE")
    if not state or not _PROC.is_dir():
        return []
    mark = f"TALLYSTICK_STATE={state}".encode()
    return [pid for pid in _numbers() if mark in _environment_of(pid) and _group_of(pid)]


def _environment_of(pid: int) -> list[bytes]:
    try:
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
