"""Ends the screen when its terminal goes away.

As a rule SIGHUP does that; but it does not reach a program that was started with it ignored, as
``nohup`` does, or outside of the terminal's session. Such a one would read the end of its input
for ever.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from threading import Thread


def end_with_terminal() -> None:
    """From now on, end the process at once when the terminal that it reads from is gone.

    What it was at is in the journal, as after a crash.
    """
    if sys.platform == "win32" or not sys.stdin.isatty():
        return
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    terminal = select.poll()
    terminal.register(sys.stdin.fileno(), 0)  # that it was hung up is told also when not asked for
    Thread(target=_end, args=(terminal,), name="hang-up", daemon=True).start()


def _end(terminal: select.poll) -> None:
    for _, event in terminal.poll():
        if event & select.POLLHUP:
            os._exit(128 + signal.SIGHUP)
