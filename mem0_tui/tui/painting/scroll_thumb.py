"""How scroll bars are drawn: as Textual draws them, at a fraction of the work.

Every letter that is typed changes the length of lists. Textual makes a segment for each cell of a
bar and takes each through Rich; but most cells of a bar are alike.
"""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.css.styles import RulesMap
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import RenderOptions, Visual

_BACK = Color.parse("#555555")
_THUMB = Color.parse("bright_magenta")
"""Textual's own, for a style that has none."""


class ScrollThumb(ScrollBarRender, Visual):
    """What ``ScrollBar.renderer`` makes of a bar."""

    def render_strips(
        self, width: int, height: int | None, style: VisualStyle, _options: RenderOptions
    ) -> list[Strip]:
        """One strip for each line; lines that look alike are the same strip."""
        colours = self.style if isinstance(self.style, Style) else Style.parse(self.style)
        base = style.rich_style
        size = (height or 1) if self.vertical else width
        drawn = self.render_bar(
            size=size,
            virtual_size=self.virtual_size,
            window_size=self.window_size,
            position=self.position,
            thickness=width if self.vertical else height or 1,
            vertical=self.vertical,
            back_color=colours.bgcolor or _BACK,
            bar_color=colours.color or _THUMB,
        )
        if not self.vertical:
            return [Strip(Segment.apply_style(drawn.segments[:size], base), width)] * (height or 1)
        strips = {
            id(segment): Strip(Segment.apply_style([segment], base), width)
            for segment in drawn.segments
        }
        return [strips[id(segment)] for segment in drawn.segments]

    def get_optimal_width(self, _rules: RulesMap, container_width: int) -> int:
        return self.thickness if self.vertical else container_width

    def get_minimal_width(self, _rules: RulesMap) -> int:
        return self.thickness if self.vertical else 1

    def get_height(self, _rules: RulesMap, _width: int) -> int:
        return 1 if self.vertical else self.thickness
