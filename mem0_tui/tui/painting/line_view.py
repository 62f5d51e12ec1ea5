"""A scrolled view that draws its own lines, and gives each to Textual as it is.

Textual wraps every line of a widget anew, in border and padding, whenever it is touched, and with
that loses what it knows of the line's colours and cuts. A view without either skips all that, so
that a line which is seen again costs next to nothing.
"""

from __future__ import annotations

from abc import abstractmethod
from math import ceil

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from mem0_tui.tui.painting.line_count import CountedLines


class LineView(CountedLines):
    """Subclasses draw in :meth:`draw_line`, and cache what they draw."""

    @abstractmethod
    def draw_line(self, index: int, width: int) -> Strip:
        """Line *index* of all, counted from 0, in *width* cells."""

    def render_line(self, y: int) -> Strip:
        """The line at *y* of those in sight."""
        return self.draw_line(y + self.scroll_offset.y, self.scrollable_content_region.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that are in sight."""
        if self.styles.gutter.totals != (0, 0) or self.opacity != 1.0:
            return super().render_lines(crop)
        background = self.background_colors[1]
        width, content = self.size.width, self.scrollable_content_region.width
        left, right = crop.column_span
        top = self.scroll_offset.y
        strips = [self.draw_line(top + y, content) for y in crop.line_range]
        if right <= content:  # what the scroll bar is in is not asked for
            width = content
        else:
            rest = Style(bgcolor=background.rich_color)
            strips = [strip.adjust_cell_length(width, rest) for strip in strips]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        if (left, right) == (0, width):
            return strips
        return [strip.crop(left, right) for strip in strips]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the lines at another place; the scroll bar only where its thumb moves."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self._thumb_position(new_value)
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def _thumb_position(self, scroll_y: float) -> float:
        """The first position at which the thumb looks as it does at *scroll_y*.

        It moves by eighths of a cell; a bar that is told of each row is drawn for each.
        """
        hidden, height = self.max_scroll_y, self.size.height
        cells = height - max(1.0, height * height / (height + hidden)) if height else 0.0
        if cells <= 0 or scroll_y >= hidden:
            return scroll_y
        eighth = hidden / (cells * 8)
        return ceil(int(scroll_y / eighth) * eighth * 8) / 8  # the bar itself cuts after eighths
