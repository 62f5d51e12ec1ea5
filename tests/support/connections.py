"""SQLite connections that nobody closes, told of on every Python, and where they were opened.

Python itself warns since 3.13. The warning is an error in these tests.
"""

from __future__ import annotations

import sqlite3
import sys
import traceback
import warnings
from contextlib import suppress
from functools import partial
from typing import Any

_FRAMES = 12


class _Watched(sqlite3.Connection):
    def __init__(self, *args: Any, **options: Any) -> None:
        frames = traceback.walk_stack(sys._getframe(1))
        self._opened = traceback.StackSummary.extract(frames, limit=_FRAMES, lookup_lines=False)
        super().__init__(*args, **options)

    def __del__(self) -> None:
        try:
            self.total_changes  # noqa: B018
        except sqlite3.ProgrammingError:  # it is closed, or was never opened
            return
        with suppress(sqlite3.ProgrammingError):  # it belongs to another thread
            self.close()
        opened = "".join(reversed(self._opened.format()))
        warnings.warn(f"a database was never closed; opened at\n{opened}", ResourceWarning, 1)


def warn_of_unclosed() -> None:
    """Have every connection of this process warn if it is collected without having been closed."""
    sqlite3.connect = partial(sqlite3.connect, factory=_Watched)  # type: ignore[assignment]
