"""A program in a real pseudo-terminal: when it paints, how long a key takes, how large it is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

_GO_TO = re.compile(rb"\x1b\[(\d+);(\d+)H")
QUIET = 0.04
"""Seconds without output after which a paint counts as complete."""
PATIENCE = 300.0
"""Seconds after which what is waited for does not come any more, on the busiest machine either."""


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns of a terminal, counted from 1; the ends belong to it."""

    top: int
    bottom: int
    left: int
    right: int

    def is_touched(self, data: bytes) -> bool:
        """Whether *data* puts the cursor into it."""
        return any(
            self.top <= int(row) <= self.bottom and self.left <= int(column) <= self.right
            for row, column in _GO_TO.findall(data)
        )


@dataclass(slots=True)
class Terminal:
    """Runs *command* at *columns* by *rows*; use it as a context manager."""

    command: Sequence[str]
    columns: int = 120
    rows: int = 40
    environ: Mapping[str, str] = field(default_factory=dict)
    pid: int = 0
    _fd: int = -1
    _began: float = 0.0

    def __enter__(self) -> Terminal:
        self._began = time.perf_counter()
        size = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)  # the program may ask before we go on
            # Not os.execvp: readline puts LINES and COLUMNS into the C environment.
            kind = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(self.command[0], list(self.command), {**os.environ, **kind, **self.environ})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def until(self, wanted: bytes, timeout: float = PATIENCE) -> float:
        """Seconds from the start until *wanted* was written; TimeoutError if it never was."""
        seen = b""
        while time.perf_counter() - self._began < timeout:
            seen = seen[-len(wanted) :] + self._read(0.05)
            if wanted in seen:
                return time.perf_counter() - self._began
        raise TimeoutError(f"{self.command[0]} never wrote {wanted!r}")

    def until_output(self, least: int = 600, timeout: float = PATIENCE) -> float:
        """Seconds from the start until *least* bytes were written: the first frame."""
        written = 0
        while time.perf_counter() - self._began < timeout:
            written += len(self._read(0.05))
            if written >= least:
                return time.perf_counter() - self._began
        raise TimeoutError(f"{self.command[0]} wrote only {written} bytes")

    def settle(self, quiet: float = 0.5, timeout: float = 20.0) -> None:
        """Wait until nothing has been written for *quiet* seconds."""
        end = time.perf_counter() + timeout
        while self._read(quiet) and time.perf_counter() < end:
            pass

    def send(self, keys: bytes, quiet: float = 0.3) -> bytes:
        """All that is written from sending *keys* until the program rests."""
        os.write(self._fd, keys)
        return self.rest(quiet)

    def resize(self, columns: int, rows: int, quiet: float = 0.3) -> bytes:
        """All that is written once the terminal has another size."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)
        return self.rest(quiet)

    def rest(self, quiet: float = 0.3, timeout: float = PATIENCE) -> bytes:
        """All that is written until the program has not written or worked for *quiet* seconds."""
        seen = b""
        now = since = time.perf_counter()
        end = now + timeout
        while now - since < quiet and now < end:
            data = self._read(0.02)
            seen += data
            now = time.perf_counter()
            if data or self._works():
                since = now
        return seen

    def _works(self) -> bool:
        """Whether a thread runs or waits for its turn; False where the system does not tell."""
        for thread in Path(f"/proc/{self.pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                if thread.read_text().rpartition(")")[2].split()[0] in "RD":
                    return True
        return False

    def press(self, keys: bytes, timeout: float = 2.0, *, area: Area | None = None) -> float:
        """Seconds from sending *keys* until the last byte of the paint that follows.

        With *area*, of a paint of something in it: what is painted elsewhere does not count.
        """
        sent = time.perf_counter()
        os.write(self._fd, keys)
        painted: float | None = None
        while (now := time.perf_counter()) - sent < timeout:
            if painted is not None and now - painted >= QUIET:
                return painted - sent
            data = self._read(QUIET)
            if data and (area is None or area.is_touched(data)):
                painted = time.perf_counter()
        raise TimeoutError(f"{keys!r} painted nothing")

    def resident(self) -> int:
        """Bytes of memory in use (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def processor(self) -> float:
        """Seconds of the processor that the program's threads have used (Linux)."""
        used = 0
        for thread in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                used += int(thread.read_text().split()[0])
        return used / 1e9

    def _read(self, wait: float) -> bytes:
        ready, _, _ = select.select([self._fd], [], [], wait)
        if not ready:
            return b""
        try:
            return os.read(self._fd, 65536)
        except OSError:
            return b""
