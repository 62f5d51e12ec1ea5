"""Keeps the screen as it is for a moment, so that a key and the rows it asks for come as one.

Textual paints what a key does to the input at once, and whatever comes after that no sooner than a
sixtieth of a second later. Rows are read faster than that.
"""

from __future__ import annotations

from contextlib import ExitStack

from textual.screen import Screen

_LONGEST = 0.045
"""Seconds after which what there is so far is painted: a person does not see a shorter wait."""


class HeldPaint:
    """Holds back what is painted of one screen."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._batch = ExitStack()
        self._held = False

    def hold(self) -> None:
        """Paint nothing until :meth:`release`, or until it takes too long."""
        if not self._held and self._screen.is_current:
            self._held = True
            self._batch.enter_context(self._screen.app.batch_update())
            self._screen.set_timer(_LONGEST, self.release)

    def release(self) -> None:
        """Paint what has changed."""
        if self._held:
            self._held = False
            self._batch.close()
            self._screen.check_idle()
