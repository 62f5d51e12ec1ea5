"""A line of text under whose footer no key is offered that would be typed into it."""

from __future__ import annotations

from textual.widgets import Input

_LONGEST = 100
"""Lines that are remembered."""

_UNNAMED = {
    "slash": "/",
    "minus": "-",
    "plus": "+",
    "at": "@",
    "underscore": "_",
    "backslash": "\\",
}
"""The keys whose character Textual does not know by their name."""


class LineInput(Input):
    """An input that takes every printable key, whatever it is called."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether *key* is typed here and so means nothing else."""
        return super().check_consume_key(key, character or _UNNAMED.get(key))


class LineHistory:
    """The lines that were entered in this session, for ↑ and ↓. None is written to disk: a search
    can hold a secret."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._at = 0
        self._draft = ""

    @property
    def browsing(self) -> bool:
        """Whether an earlier line is shown."""
        return self._at > 0

    def keep(self, line: str) -> None:
        """Remember *line* as the last that was entered, and go back to it."""
        self._at = 0
        if line.strip():
            self._lines = [each for each in self._lines if each != line][1 - _LONGEST :]
            self._lines.append(line)

    def go(self, by: int, typed: str) -> str:
        """The line *by* steps before the one that is shown, with a negative number after it; the
        latest of all is what was *typed* before the first step."""
        if not self._at:
            self._draft = typed
        earlier = [line for line in self._lines if line != self._draft]
        self._at = max(0, min(self._at + by, len(earlier)))
        return earlier[-self._at] if self._at else self._draft
