"""A screen that does nothing twice while it opens.

Textual styles all of a screen when it comes to the front, though each widget was styled as it was
mounted; and it draws what nobody sees while updates are held back. If a later Textual no longer
calls the private method, it draws as usual.
"""

from __future__ import annotations

from typing import Any

from textual.events import ScreenResume
from textual.screen import Screen


class QuietStart(Screen[Any]):
    """Stands behind the class it is mixed into."""

    _has_been_in_front = False

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Leave styles as they are the first time."""
        event.refresh_styles = event.refresh_styles and self._has_been_in_front
        self._has_been_in_front = True

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count:
            super()._compositor_refresh()
