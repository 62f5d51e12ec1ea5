"""A scrolled view that may come to have other lines without a layout of the whole screen.

Textual lays out every pane anew when the ``virtual_size`` of one changes, and draws twice for it.
All that is wanted of it here is that the scroll bar comes and goes.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from mem0_tui.tui.painting.pane import Framed
from mem0_tui.tui.painting.scroll_thumb import ScrollThumb

ScrollBar.renderer = ScrollThumb


class CountedLines(ScrollView, Framed):
    """Scrolls vertically over as many lines as it was last told it has."""

    def has_lines(self, count: int) -> None:
        """Scroll over *count* lines from now on."""
        size = Size(self.size.width, count)
        if not self.is_attached or self.show_vertical_scrollbar != self._needs_bar(count):
            if self.is_attached and self.container_size:
                # At once: Textual finds out after it has laid out and drawn all, and does it again.
                self.show_vertical_scrollbar = self._needs_bar(count)
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = count
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def _needs_bar(self, count: int) -> bool:
        return count > self.container_size.height
