"""What the app is told when it runs in a tab of a browser; standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MODE: Final = "MEM0_TUI_WEB"
"""The environment variable that says so: ``read-only`` or ``write``."""
WORDS: Final = "MEM0_TUI_WEB_WORDS"
"""The environment variable with the command line of the app as JSON: a process list shows the
words of a command to everybody on the machine, and some of these may be secret."""
WRITE: Final = "write"
READ_ONLY: Final = "read-only"


def in_browser(environ: Mapping[str, str]) -> bool:
    """Whether this process is the app of a tab."""
    return bool(environ.get(MODE))


def is_locked(environ: Mapping[str, str]) -> bool:
    """Whether this process is the app of a tab that must not change anything."""
    return in_browser(environ) and environ[MODE] != WRITE
