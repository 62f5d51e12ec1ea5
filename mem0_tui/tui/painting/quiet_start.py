"""A screen that does nothing twice while it opens.

Textual styles all of a screen when it comes to the front, though each widget was styled as it was
mounted; and it draws what nobody sees while updates are held back. If a later Textual no longer
calls the private method, it draws as usual.
"""

from __future__ import annotations

import asyncio
from typing import Any

from textual.events import ScreenResume
from textual.screen import Screen


class QuietStart(Screen[Any]):
    """Stands behind the class it is mixed into."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.laid_out = asyncio.Event()
        """Set once each widget has its place."""

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Leave styles as they are the first time."""
        event.refresh_styles = event.refresh_styles and self.laid_out.is_set()
        self.laid_out.set()  # it is before anybody who waits for it can go on

    def paint_at_once(self) -> None:
        """Lay out and paint what is due now, not with the next of Textual's sixty frames a second.

        Not in the middle of a batch, whose end paints.
        """
        self._on_timer_update()

    def _compositor_refresh(self) -> None:
        if self.app._batch_count:
            return
        is_whole = self.size.region in self._compositor._dirty_regions
        super()._compositor_refresh()
        if is_whole:
            self._repaint_required = False  # else it is all painted again at once
