"""The signs that stand for something in every list, on the screen and on the command line."""

from __future__ import annotations

from typing import Final

PINNED: Final = "⚑"
STALE: Final = "†"
"""It names something that is gone from its repository, or was moved there."""
MISSING: Final = "–"
"""A value that is not there, or not known."""
NEVER: Final = "never"
"""When something expires that has no such day."""
