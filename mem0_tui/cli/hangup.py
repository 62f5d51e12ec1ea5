"""Ends the screen when its terminal goes away.

As a rule SIGHUP says so; but it does not reach a program that was started with it ignored, as
``nohup`` does, or outside of the terminal's session. Such a one would read the end of its input
for ever.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
from collections.abc import Callable
from threading import RLock, Thread


def end_with_terminal(before: Callable[[], None], *, piped: bool = False) -> None:
    """From now on, call *before* and end the process when the terminal that it reads from is gone,
    or the program at the other end of the pipe that stands for one where it is *piped*.

    What it was at is in the journal, as after a crash.
    """
    if sys.platform == "win32" or not (piped or sys.stdin.isatty()):
        return
    ending = _Ending(before)
    signal.signal(signal.SIGHUP, lambda *_: ending.end())
    terminal = select.poll()
    terminal.register(sys.stdin.fileno(), 0)  # that it was hung up is told also when not asked for
    Thread(target=_end, args=(terminal, ending), name="hang-up", daemon=True).start()


class _Ending:
    """The end of the process, which both the signal and the terminal may bring."""

    def __init__(self, before: Callable[[], None]) -> None:
        self._before, self._lock = before, RLock()

    def end(self) -> None:
        """Whoever comes first does it; the other waits for the end."""
        with self._lock:
            with contextlib.suppress(Exception):  # there is nobody left to be told
                self._before()
            os._exit(128 + signal.SIGHUP)


def _end(terminal: select.poll, ending: _Ending) -> None:
    for _, event in terminal.poll():
        if event & select.POLLHUP:
            ending.end()
