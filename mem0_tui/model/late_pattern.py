"""Expressions that are compiled when they are first needed: most texts need few of them, and to
compile them all takes longer than to start the rest of the program."""

from __future__ import annotations

import re
from typing import Any, cast


class _LatePattern:
    def __init__(self, expression: str) -> None:
        self._expression = expression

    def __getattr__(self, name: str) -> Any:
        """What the compiled expression has of that *name*; it is found at once the next time."""
        value = getattr(re.compile(self._expression), name)
        setattr(self, name, value)
        return value


def late(expression: str) -> re.Pattern[str]:
    """*expression* to be searched, matched or iterated with, not to be handed to :mod:`re`."""
    return cast("re.Pattern[str]", _LatePattern(expression))
