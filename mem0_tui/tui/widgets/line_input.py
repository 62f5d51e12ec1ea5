"""A line of text under whose footer no key is offered that would be typed into it."""

from __future__ import annotations

from textual.widgets import Input

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
