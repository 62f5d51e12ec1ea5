"""A container of which nothing is seen but its background, and that only between its children.

Textual draws each of its lines by itself, behind what covers them, whenever it paints the screen.
"""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class PlainGround(Widget):
    """Draws one line for all. Stands behind the class it is mixed into."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines without anything on them."""
        if self.styles.gutter.totals != (0, 0) or self.opacity != 1.0:
            return super().render_lines(crop)
        background = self.background_colors[1]
        strip = Strip.blank(crop.width, Style(bgcolor=background.rich_color))
        for each in self.get_line_filters():
            strip = strip.apply_filter(each, background)
        return [strip] * crop.height
