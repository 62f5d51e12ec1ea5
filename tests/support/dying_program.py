"""Run as a program: mem0-tui's command line, which may be killed at a chosen point.

    python -m tests.support.dying_program DESCRIPTOR POINT WORD…

Points are what leaves a trace on the disk: each statement that begins, ends or carries a change of
a database, and each file that is opened for writing, renamed, truncated or removed. Just before
each a byte is written to DESCRIPTOR, and at the POINT-th (0 is never) the process is killed as
``kill -9`` does it. One who reads the bytes can kill it anywhere in between.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from typing import Any

_CHANGES = ("BEGIN", "COMMIT", "INSERT", "UPDATE", "DELETE", "REPLACE", "VACUUM", "CREATE", "DROP")
_CHECKPOINT = "PRAGMA WAL_CHECKPOINT"
_FILES = ("os.rename", "os.remove", "os.truncate", "os.mkdir", "os.link")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Fuse:
    """Tells of every point, and kills the process at one of them."""

    def __init__(self, descriptor: int, point: int) -> None:
        self._descriptor, self._left = descriptor, point

    def burn(self) -> None:
        os.write(self._descriptor, b".")
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    def statement(self, text: str) -> None:
        if text.lstrip().upper().startswith((*_CHANGES, _CHECKPOINT)):
            self.burn()

    def event(self, name: str, details: tuple[Any, ...]) -> None:
        opened = name == "open" and isinstance(details[2], int) and details[2] & _WRITES
        if (opened and ".pyc" not in str(details[0])) or name in _FILES:
            self.burn()


def install(fuse: Fuse) -> None:
    """Have *fuse* told of all that this process does to the disk from now on."""
    connect = sqlite3.connect

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(fuse.statement)
        return connection

    vars(sqlite3)["connect"] = traced
    sys.addaudithook(fuse.event)


if __name__ == "__main__":
    from mem0_tui.cli.main import main

    install(Fuse(int(sys.argv[1]), int(sys.argv[2])))
    sys.exit(main(sys.argv[3:]))
